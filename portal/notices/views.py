"""Following a dossier on a device: by a script of its page (static/js/push.js), or on one's own page.

And having the weekly digest, or not.
"""

from flask import Blueprint, jsonify, request, url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug import Response

from portal.dossiers import queries as dossiers
from portal.kernel.errors import Invalid
from portal.kernel.policy import require
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


@notices.route("/digest/<ticket>", methods=["GET", "POST"])
def digest(ticket: str) -> Response:
    """The link at the end of a digest. Mail scanners open it; only the button changes something."""
    person, form = queries.digest_owner(ticket), OnceForm()
    if not form.is_submitted():
        return page("notices/digest.html", form=form, ticket=ticket, wanted=queries.wants_digest(person))
    if form.validate():
        wanted = request.form.get("wanted") == "yes"
        commands.choose_digest(person, person, once=form.once.data, wanted=wanted)
    return done(url_for(".digest", ticket=ticket), _("Noted."))
