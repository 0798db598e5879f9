"""The terms of an authority, a later day for one answer, and calendars of due dates."""

from typing import Any

from flask import Blueprint, make_response, request, url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug import Response

from portal.accounts.models import Organisation
from portal.dossiers.queries import dossier as find
from portal.kernel.errors import Invalid
from portal.kernel.policy import require
from portal.kernel.tickets import For, ticket
from portal.terms import commands, panels, queries  # noqa: F401 (panels register themselves)
from portal.terms.cards import rows
from portal.terms.forms import ExtendForm, TermForm
from portal.terms.policy import Do, extendable
from portal.terms.writing import calendar
from portal.web.forms import OnceForm
from portal.web.paths import public_url
from portal.web.responses import done, invalid, page
from portal.web.visitor import locale, me

terms = Blueprint("terms", __name__)


@terms.get("/terms/<key>")
def show(key: str) -> Response:
    organisation = queries.authority(key)
    return page("terms/show.html", organisation=organisation, rows=rows(organisation), Do=Do)


@terms.route("/terms/<key>/change", methods=["GET", "POST"])
@login_required
def change(key: str) -> Response:
    organisation = queries.authority(key)
    require(me(), Do.SET, organisation)
    form = TermForm(about=request.args.get("about")).offer(queries.subjects())
    context: dict[str, Any] = {"organisation": organisation, "form": form}
    if not form.is_submitted():
        return page("terms/change.html", **context)
    if not _done(form, commands.set_term, organisation):
        return invalid("terms/change.html", **context)
    return done(url_for(".show", key=key), _("It holds from now on."))


def _done(form: Any, command: Any, subject: Any) -> bool:
    """Whether the form is right and the command was carried out."""
    if not form.validate():
        return False
    try:
        command(me(), subject, once=form.once.data, **form.given)
    except Invalid as error:
        form.refuse(error)
        return False
    return True


@terms.route("/staff/<ref>/later", methods=["GET", "POST"])
@login_required
def extend(ref: str) -> Response:
    dossier = find(me(), ref)
    require(me(), Do.EXTEND, dossier)
    running = extendable(me(), dossier)
    form = ExtendForm().speak_for([a.organisation for a in running], request.args.get("who", ""))
    context: dict[str, Any] = {"dossier": dossier, "form": form, "running": running}
    context["latest"] = commands.latest
    if not form.is_submitted():
        return page("terms/extend.html", **context)
    if not _done(form, commands.extend, dossier):
        return invalid("terms/extend.html", **context)
    return done(url_for("dossiers.show", ref=ref), _("It is put off. Everybody sees the new day and why."))


@terms.route("/calendar/<key>", methods=["GET", "POST"])
@login_required
def feed(key: str) -> Response:
    organisation, form = queries.subscriber(me(), key), OnceForm()
    if not form.is_submitted():
        address = _address(organisation)
        return page("terms/feed.html", organisation=organisation, form=form, address=address)
    if form.validate():
        commands.renew_feed(me(), organisation, once=form.once.data, locale=locale())
    return done(url_for(".feed", key=key), _("This is the new address. The old one works no more."))


def _address(organisation: Organisation) -> str:
    known = queries.feed_of(organisation)
    return public_url("terms.due", ticket=ticket(For.CALENDAR, known.id)) if known else ""


@terms.get("/calendar/due/<ticket>.ics")
def due(ticket: str) -> Response:
    """For calendar programs: whoever has the address sees what everybody may see."""
    found = queries.feed_by_ticket(ticket)
    made = calendar(found.organisation, queries.due_for(found.organisation), found.locale)
    answer = make_response(made)
    answer.mimetype = "text/calendar"
    answer.headers["Cache-Control"] = "private, max-age=3600"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.add_etag()
    return answer.make_conditional(request)
