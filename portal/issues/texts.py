"""Reporting in words: what is wrong with a field, what can be chosen, why something nearby is alike."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from flask_babel import LazyString, format_timedelta, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from portal.accounts.texts import PROBLEMS as MAIL_PROBLEMS
from portal.dossiers.models import Kind
from portal.dossiers.queries import Clash
from portal.dossiers.texts import PHOTO_PROBLEMS, Fact, Wording, held, when, wording
from portal.dossiers.timeline import Entry
from portal.issues import guessing
from portal.issues.commands import TOO_MANY_WAITING
from portal.issues.pictures import TOO_MANY
from portal.issues.queries import NO_PLACE, OUTSIDE
from portal.kernel.clock import now
from portal.places.models import Place
from portal.similar.queries import Suggestion

Choices = dict[str, list[tuple[str, Any]]]
"""Name of a group -> (value, what it says); the group without a name stands above the others."""

STEPS: dict[str, LazyString] = {
    "photo": lazy("Photo"),
    "where": lazy("Where"),
    "what": lazy("What"),
    "send": lazy("Send"),
}
KINDS: list[tuple[str, Any]] = [
    (Kind.ISSUE, lazy("Something that can be better")),
    (Kind.PLAN, lazy("An idea")),
]
KIND_HINTS: dict[str, LazyString] = {
    Kind.ISSUE: lazy("Broken, dirty, gone or unsafe."),
    Kind.PLAN: lazy("Something to make, to do or to keep together."),
}
PROBLEMS: dict[str, LazyString] = {
    **PHOTO_PROBLEMS,
    TOO_MANY: lazy("You can add 5 photos. Remove one first."),
    OUTSIDE: lazy("This place lies outside Amsterdam. Choose a place in the city."),
    NO_PLACE: lazy("Choose a place from the list, or choose the neighbourhood."),
    TOO_MANY_WAITING: lazy(
        "Five reports of this address wait to be confirmed. Open the links in those mails first."
    ),
    **MAIL_PROBLEMS,
}
"""What is wrong, by the code that the domain gives with Invalid, or by the field when it gives another."""


SIGNPOSTS: dict[str, tuple[LazyString, LazyString]] = {
    guessing.DANGER: (
        lazy("Is somebody in danger now?"),
        lazy("Call 112 first. Nobody reads a report on this page right away."),
    ),
    guessing.CRIME: (
        lazy("Is this about a crime?"),
        lazy("Everybody can read a report on this page. Tell the police, or tell it without your name."),
    ),
}
"""What the page says that leads elsewhere: its heading, and why."""


def choices(pairs: Iterable[tuple[str, str]]) -> Choices:
    """These, under a first line that chooses nothing."""
    return {"": [("", _("Choose …")), *pairs]}


SAME_SPOT = 10
"""Nearer than so many metres it makes no sense to say how far."""
PLACES: dict[str, LazyString] = {
    "metro": lazy("Metro station %(name)s"),
    "tram": lazy("Tram stop %(name)s"),
    "bus": lazy("Bus stop %(name)s"),
    "stop": lazy("Stop %(name)s"),
    "ferry": lazy("Ferry %(name)s"),
}
"""What people put before the name of a place of this kind."""


def called(place: Place) -> str:
    """The place as people call it."""
    return str(PLACES[place.kind]) % {"name": place.name} if place.kind in PLACES else place.name


def reason(found: Suggestion) -> str:
    """Why it may be the same: "120 m away, also about bins, 3 weeks ago, 14 supporters"."""
    parts = []
    if found.metres is not None:
        there = found.metres < SAME_SPOT
        parts.append(_("on the same spot") if there else _("%(number)s m away", number=found.metres))
    if found.same_category and found.dossier.category is not None:
        parts.append(_("also about “%(name)s”", name=found.dossier.category.name(str(get_locale()))))
    elif found.shared:
        parts.append(_("also about “%(name)s”", name=", ".join(found.shared)))
    elif found.meant:
        parts.append(_("much the same in other words"))
    parts.append(format_timedelta(found.opened_at - now(), granularity="day", add_direction=True))
    parts.append(ngettext("%(num)s supporter", "%(num)s supporters", found.supporters))
    return ", ".join(parts)


def clash(found: Clash) -> str:
    """Why another plan is told of: "80 m away, 2 days apart, on Saturday 5 December 2026, 14:00"."""
    spot = _("%(number)s m away", number=found.metres) if found.metres >= SAME_SPOT else _("on the same spot")
    apart = ngettext("%(num)s day apart", "%(num)s days apart", found.days)
    parts = [spot, apart if found.days else _("on the same day"), held(found.dossier.begins_at)]
    return ", ".join(part for part in parts if part)


@wording("planned")
def _planned(entry: Entry) -> Wording:
    written = entry.data["begins_at"]
    if written is None:
        return Wording(_("The day is not known any more"), "calendar")
    facts: list[Fact] = [(_("When"), held(datetime.fromisoformat(written)))]
    return Wording(_("A day is set"), "calendar", "lit", facts)


@wording("confirmed_report")
def _confirmed_report(entry: Entry) -> Wording:
    return Wording(_("Confirmed by mail, and shown to everybody"), "check", "lit")


@wording("imported")
def _imported(entry: Entry) -> Wording:
    data = entry.data
    facts: list[Fact] = [(_("From"), data.get("source", "")), (_("Number there"), data.get("source_id", ""))]
    if data.get("status"):
        facts.append((_("State there"), data["status"]))
    if data.get("closed_on"):
        facts.append((_("Closed there on"), when(date.fromisoformat(data["closed_on"]))))
    return Wording(_("Reported elsewhere and taken over"), "get", "plain", facts, who=data.get("source", ""))
