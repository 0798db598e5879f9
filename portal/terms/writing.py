"""A calendar of due dates (RFC 5545), by the library `icalendar`: it folds, escapes and says days as days."""

from datetime import UTC, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from portal.accounts.models import Organisation
from portal.dossiers.cards import title_of
from portal.dossiers.models import Addressee
from portal.dossiers.sums import due_sum
from portal.dossiers.texts import TOLD, when
from portal.kernel.later import Later
from portal.terms.queries import Clock
from portal.web.paths import public_url

icalendar = Later("icalendar")

REFRESH = timedelta(hours=6)
"""How often a calendar program is asked to look again."""


def calendar(organisation: Organisation, clocks: list[Clock], locale: str) -> bytes:
    """One whole-day event for each answer that is awaited. What is answered leaves the calendar."""
    made = icalendar.Calendar()
    with force_locale(locale):
        name = _("Answers due: %(name)s", name=organisation.name)
        made.add("prodid", "-//Rotonde//Due dates//EN")
        made.add("version", "2.0")
        made.add("calscale", "GREGORIAN")
        made.add("method", "PUBLISH")
        made.add("x-wr-calname", name)
        made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        for clock in clocks:
            made.add_component(_event(clock))
    return bytes(made.to_ical())


def _event(clock: Clock) -> Any:
    dossier, event = clock.of.dossier, icalendar.Event()
    changed = dossier.changed_at.astimezone(UTC).replace(microsecond=0)
    event.add("uid", _uid(clock))
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", _sequence(clock))
    event.add("dtstart", clock.due_on)
    event.add("dtend", clock.due_on + timedelta(days=1))
    event.add("summary", f"{dossier.ref}: {title_of(dossier)} ({_who(clock)})")
    event.add("description", f"{_('Answer due before')} {due_sum(clock.term, clock.due_on)}")
    event.add("url", public_url("dossiers.show", ref=dossier.ref, _anchor=_anchor(clock)))
    event.add("transp", "TRANSPARENT")
    return event


def _uid(clock: Clock) -> str:
    """The same for as long as there is this clock: whatever is put off moves, and is not there twice."""
    part = "letter" if clock.letter is not None else "due"
    return f"{part}-{clock.of.id}@{urlsplit(current_app.config['PUBLIC_URL']).hostname}"


def _sequence(clock: Clock) -> int:
    """Higher whenever the day changed: a clock that was put off, or started again later."""
    started = int(clock.term["start"].replace("-", ""))
    return 2 * started + ("extended" in clock.term)


def _who(clock: Clock) -> str:
    """The authority; of a letter what it is and of which day."""
    if isinstance(clock.of, Addressee):
        return clock.of.organisation.name
    what = TOLD.get(clock.of.data.get("what", ""), TOLD["document"])[0]
    return f"{what}, {when(clock.of.on, clock.of.precision)}"


def _anchor(clock: Clock) -> str:
    return f"e{clock.letter.seq}" if clock.letter is not None else "to-whom"
