"""What the signatures of a dossier have in common, what waits for a look, and striking out many at once."""

from datetime import date
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from portal.dossiers import commands, limits
from portal.dossiers.conditions import Conditions
from portal.dossiers.models import Dossier
from portal.dossiers.policy import Do
from portal.dossiers.queries import dossier as readable
from portal.dossiers.queries import stands
from portal.integrity import drawing, panels, queries  # noqa: F401 (the panels register themselves)
from portal.integrity.forms import ConditionsForm, LookForm, StrikeForm, UndoForm, as_query
from portal.integrity.marking import marks
from portal.integrity.texts import WAYS, WHY, in_common, sentence, span
from portal.kernel.errors import Invalid
from portal.kernel.policy import allowed, require
from portal.web.responses import done, invalid, page
from portal.web.visitor import me

integrity = Blueprint("integrity", __name__)
PREVIEW = "integrity/preview.html"


def watched(ref: str, do: Do = Do.WATCH) -> Dossier:
    dossier = readable(me(), ref)
    require(me(), do, dossier)
    return dossier


@integrity.get("/d/<ref>/integrity")
def show(ref: str) -> Response:
    dossier = watched(ref)
    numbers = queries.numbers(dossier)
    context: dict[str, Any] = {
        "dossier": dossier,
        "numbers": numbers,
        "charts": charts(numbers),
        "in_common": in_common,
    }
    context |= {"marks": told(dossier, numbers), "strikes": queries.strikes(dossier)}
    return page("integrity/show.html", day=drawing.day(numbers, asked_day()), Do=Do, **context)


def asked_day() -> date | None:
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None


def told(dossier: Dossier, numbers: queries.Numbers) -> list[tuple[str, str]]:
    """Each mark as a sentence, and where its signatures are; if a name is in that, for moderators alone."""
    may_see_names = allowed(me(), Do.STRIKE, dossier)
    return [
        (sentence(mark), preview_url(dossier, mark.conditions) if may_see_names or not mark.names else "")
        for mark in marks(numbers)
    ]


def preview_url(dossier: Dossier, conditions: Conditions) -> str:
    return url_for(".preview", ref=dossier.ref, **as_query(conditions))


def charts(numbers: queries.Numbers) -> list[dict[str, Any]]:
    """Each with its title, the head of its first column, and its rows."""
    networks = [(_("Network %(letter)s", letter=n.letter), n.number) for n in numbers.networks]
    ways = [(WAYS[way], number) for way, number in numbers.totals.ways.items() if number]
    clock = [(f"{hour}:00", number) for hour, number in enumerate(numbers.by_clock) if number]
    whole = numbers.totals.live
    return [
        {"id": "networks", "title": _("Networks"), "bars": drawing.bars(networks, whole)},
        {"id": "domains", "title": _("Mail domains"), "bars": drawing.bars(numbers.domains, whole)},
        {"id": "ways", "title": _("Ways of signing"), "bars": drawing.bars(ways, whole)},
        {"id": "clock", "title": _("Time of the day"), "bars": drawing.bars(clock, whole)},
    ]


@integrity.get("/d/<ref>/integrity/preview")
def preview(ref: str) -> Response:
    dossier = watched(ref)
    return page(PREVIEW, **previewed(dossier, StrikeForm(formdata=None)))


def asked_for(dossier: Dossier) -> ConditionsForm:
    return ConditionsForm.of(request.values, queries.networks(dossier), [s for s, _ in stands(dossier)])


def previewed(dossier: Dossier, form: StrikeForm) -> dict[str, Any]:
    """What would happen; its form says how many there are now."""
    asked = asked_for(dossier)
    found = queries.preview(dossier, asked.chosen) if asked.chosen.given else None
    form.expected.data = found.number if found else None
    context = {"asked": asked, "found": found, "query": as_query(asked.chosen), "ways": WAYS, "Do": Do}
    return {"dossier": dossier, "form": form, **context}


@integrity.post("/d/<ref>/integrity/strike")
def strike(ref: str) -> Response:
    dossier, form = watched(ref, Do.STRIKE), StrikeForm()
    if form.validate() and struck(dossier, form):
        return done(url_for(".show", ref=dossier.ref), _("They no longer count. It stands on the timeline."))
    return invalid(PREVIEW, **previewed(dossier, form))


def struck(dossier: Dossier, form: StrikeForm) -> bool:
    """Whether it was done; else the form says why not."""
    given: dict[str, Any] = {"conditions": asked_for(dossier).chosen, **form.given}
    try:
        commands.strike(me(), dossier, once=form.once.data, **given)
    except Invalid as error:
        form.refuse(Invalid("", REFUSALS[error.field]()))
        return False
    return True


REFUSALS = {
    "conditions": lambda: _("Choose conditions that fit at least one signature."),
    "expected": lambda: _("It is another number meanwhile. Look again."),
}


@integrity.route("/d/<ref>/integrity/strikes/<int:strike_id>/undo", methods=["GET", "POST"])
def undo(ref: str, strike_id: int) -> Response:
    dossier, form = readable(me(), ref), UndoForm()
    found = queries.strike(dossier, strike_id)
    require(me(), Do.UNDO_STRIKE, found)
    if form.is_submitted() and form.validate():
        commands.undo_strike(me(), found, once=form.once.data, reason=form.reason.data)
        return done(url_for(".show", ref=dossier.ref), _("They are put back."))
    answer = invalid if form.is_submitted() else page
    return answer("integrity/undo.html", dossier=dossier, strike=found, form=form, in_common=in_common)


@integrity.route("/d/<ref>/held", methods=["GET", "POST"])
def held(ref: str) -> Response:
    dossier, form = watched(ref, Do.LOOK), LookForm()
    waiting = limits.waiting(dossier)
    form.offer(waiting, [WHY[group.why] for group in waiting])
    if form.is_submitted() and form.validate() and looked(dossier, form):
        return done(url_for(".held", ref=dossier.ref), _("Done. It stands on the timeline."))
    answer = invalid if form.is_submitted() else page
    return answer("integrity/held.html", dossier=dossier, form=form, hints=hints(waiting), waiting=waiting)


def looked(dossier: Dossier, form: LookForm) -> bool:
    try:
        commands.look(me(), dossier, once=form.once.data, **form.given)
    except Invalid:
        form.refuse(Invalid("", _("Somebody else looked at them meanwhile.")))
        return False
    return True


def hints(waiting: list[limits.Waiting]) -> dict[int, str]:
    """Under each group: how many they are, how many were confirmed by mail, and when they came."""
    found = {}
    for group in waiting:
        said = [ngettext("%(num)s signature", "%(num)s signatures", group.number)]
        said.append(_("%(number)s confirmed by mail", number=group.ready))
        found[group.first] = " · ".join([*said, span(group.begin, group.end)])
    return found
