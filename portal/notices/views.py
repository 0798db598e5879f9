"""Following a dossier on a device: by a script of its page (static/js/push.js), or on one's own page.

And having mails, or not: the weekly digest, those about one dossier, an official's.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, jsonify, request, url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug import Response

from portal.dossiers import queries as dossiers
from portal.dossiers.commands import quieten
from portal.dossiers.policy import Do as DossierDo
from portal.kernel.errors import Invalid
from portal.kernel.policy import NOBODY, allowed, require
from portal.notices import commands, own_data, panels, queries  # noqa: F401 (panels and data register themselves)
from portal.notices.forms import DeviceForm, FollowForm
from portal.notices.policy import Do
from portal.web.errors import refuse
from portal.web.forms import OnceForm
from portal.web.responses import done, page
from portal.web.visitor import locale, me

notices = Blueprint("notices", __name__)


@notices.post("/d/<ref>/follow")
def follow(ref: str) -> Response:
    dossier, form = dossiers.dossier(me(), ref), FollowForm()
    require(me(), Do.FOLLOW, dossier)
    if not form.validate():
        return refuse(422)
    try:
        commands.follow(me(), dossier, once=form.once.data, locale=locale(), **form.given)
    except Invalid:
        return refuse(422)
    return done(url_for("dossiers.show", ref=dossier.ref), _("You follow this on this device."))


@notices.post("/d/<ref>/unfollow")
def unfollow(ref: str) -> Response:
    """Also of what can be seen no more: whoever knows the endpoint may always end it."""
    form = DeviceForm()
    if not form.validate():
        return refuse(422)
    commands.unfollow(me(), None, endpoint=form.endpoint.data, ref=ref)
    return done(url_for("home.index"), _("You do not follow it any more."))


@notices.post("/follows")
def follows() -> Response:
    """What this device follows."""
    form = DeviceForm()
    if not form.validate():
        return refuse(422)
    answer = jsonify(refs=queries.followed(form.endpoint.data))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@notices.post("/follows/<int:follow_id>/stop")
@login_required
def stop(follow_id: int) -> Response:
    found, form = queries.follow(follow_id), OnceForm()
    require(me(), Do.STOP, found)
    if form.validate():
        commands.stop(me(), found)
    return done(url_for("accounts.me", _anchor="own-follows"), _("You do not follow it any more."))


@notices.post("/me/reach")
@login_required
def reach() -> Response:
    """Somebody whose mail came back says that it arrives again."""
    form = OnceForm()
    require(me(), Do.REACH, me())
    if form.validate():
        commands.reach(me(), me(), once=form.once.data)
    return done(url_for("accounts.me"), _("You get our mails again."))


@notices.route("/digest/<ticket>", methods=["GET", "POST"])
def digest(ticket: str) -> Response:
    """The link at the end of a digest."""
    person = queries.digest_owner(ticket)
    choose = partial(commands.choose_digest, person, person)
    return _mails("notices/digest.html", queries.wants_digest(person), choose)


@notices.route("/news/<ticket>", methods=["GET", "POST"])
def news(ticket: str) -> Response:
    """The link at the end of a mail to an official."""
    person = queries.news_owner(ticket)
    return _mails(
        "notices/news.html", queries.wants_news(person), partial(commands.choose_news, person, person)
    )


@notices.route("/quiet/<ticket>", methods=["GET", "POST"])
def quiet(ticket: str) -> Response:
    """Where a mail program ends the mails about one dossier."""
    signed = queries.quiet_signature(ticket)
    person = signed.person or NOBODY

    def choose(*, wanted: bool, once: str | None = None) -> None:
        quieten(person, signed, once=once, quiet=not wanted)

    if not allowed(person, DossierDo.QUIETEN, signed):
        return page("notices/quiet.html", form=None, wanted=False, dossier=signed.dossier)
    return _mails("notices/quiet.html", not signed.quiet, choose, dossier=signed.dossier)


def _mails(template: str, wanted: bool, choose: Callable[..., Any], **shown: Any) -> Response:
    """Mail scanners open the page; its button ends the mails, or has them begin again.

    A mail program presses it by itself, without the form (RFC 8058): then only the address shows that it may.
    """
    form, at_once = OnceForm(), request.form.get("List-Unsubscribe") == "One-Click"
    if at_once:
        choose(wanted=False)
    if at_once or not form.is_submitted():
        return page(template, form=form, wanted=wanted and not at_once, **shown)
    if form.validate():
        choose(wanted=request.form.get("wanted") == "yes", once=form.once.data)
    return done(request.path, _("Noted."))
