"""What is said about signatures that came together: marks in facts, conditions, entries of the timeline."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask_babel import format_datetime, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from portal.dossiers.conditions import AT_STAND
from portal.dossiers.models import Held, Way
from portal.dossiers.texts import Fact, Wording, in_a_row, quoted, wording
from portal.dossiers.timeline import Entry
from portal.integrity.marking import Mark
from portal.integrity.queries import HOUR

WAYS: dict[str, Any] = {
    Way.ONLINE: lazy("online"),
    Way.PAPER: lazy("on paper"),
    Way.ASSISTED: lazy("with help"),
    AT_STAND: lazy("at a stand"),
}
WHY: dict[str, Any] = {
    Held.DEVICE: lazy("Many from one device"),
    Held.NETWORK: lazy("Many from one network"),
    Held.STAND: lazy("More than a stand was opened for"),
}
"""Why signatures wait for a look, to the one who looks."""
WHAT: dict[str, Any] = {
    "network": lazy("they came from one network"),
    "domain": lazy("their mail addresses are at one domain"),
    "since": lazy("when they came"),
    "until": lazy("when they came"),
    "way": lazy("how they came"),
    "name": lazy("how the names begin"),
    "disposable": lazy("their mail addresses are made to be thrown away"),
    "stand": lazy("they came from one stand"),
    "held": lazy("more came the same way than one expects"),
}
"""What signatures have in common that were struck out together."""


def between(hour: datetime) -> str:
    """An hour of a day, in the neighbourhood's time."""
    day, begin, end = (
        format_datetime(moment, form)
        for moment, form in ((hour, "d MMMM y"), (hour, "HH:mm"), (hour + HOUR, "HH:mm"))
    )
    return _("on %(day)s between %(begin)s and %(end)s", day=day, begin=begin, end=end)


def span(begin: datetime, end: datetime) -> str:
    """From the first to the last of several moments."""
    first, last = (format_datetime(moment, "d MMMM, HH:mm") for moment in (begin, end))
    return first if first == last else _("%(first)s to %(last)s", first=first, last=last)


def rounded(number: float) -> str:
    return f"{number:.0f}" if number == int(number) else f"{number:.1f}"


def _burst(facts: dict[str, Any]) -> str:
    return _(
        "%(number)s signatures came %(when)s. Another hour has %(usual)s.",
        number=facts["number"],
        when=between(facts["hour"]),
        usual=rounded(facts["usual"]),
    )


def _crowd(facts: dict[str, Any]) -> str:
    return _(
        "%(number)s of the %(all)s signatures that came %(when)s are from one network (%(network)s).",
        number=facts["number"],
        all=facts["all"],
        when=between(facts["hour"]),
        network=facts["network"],
    )


def _network(facts: dict[str, Any]) -> str:
    return _("%(number)s of all %(all)s signatures are from one network (%(network)s).", **facts)


def _numbered(facts: dict[str, Any]) -> str:
    return _("%(number)s names differ only by a number at the end (%(letter)s…).", **facts)


def _same_name(facts: dict[str, Any]) -> str:
    return _("%(number)s signatures have the same name (%(letter)s…).", **facts)


def _rapid(facts: dict[str, Any]) -> str:
    return _(
        "%(number)s names that came %(when)s begin with the same letters (%(letter)s…).",
        number=facts["number"],
        when=between(facts["hour"]),
        letter=facts["letter"],
    )


def _disposable(facts: dict[str, Any]) -> str:
    return _("%(number)s of %(all)s mail addresses are made to be thrown away.", **facts)


SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "burst": _burst,
    "crowd": _crowd,
    "network": _network,
    "numbered": _numbered,
    "same_name": _same_name,
    "rapid": _rapid,
    "disposable": _disposable,
}


def sentence(mark: Mark) -> str:
    return SENTENCES[mark.kind](mark.facts)


def in_common(names: list[str]) -> str:
    """What signatures have in common, in words; each of them once."""
    return in_a_row(dict.fromkeys(str(WHAT[name]) for name in names if name in WHAT))


# --- the entries on the timeline


def _move(entry: Entry) -> list[Fact]:
    before, after = entry.data["before"], entry.data["after"]
    return [(_("Supporters"), _("%(before)s before, %(after)s after", before=before, after=after))]


@wording("struck")
def _struck(entry: Entry) -> Wording:
    number = int(entry.data["number"])
    title = ngettext("%(num)s signature no longer counts", "%(num)s signatures no longer count", number)
    facts = [*_move(entry), (_("In common"), in_common(entry.data.get("by_what", [])))]
    return Wording(title, "close", facts=[*facts, (_("Why"), quoted(entry, entry.data["reason"]))])


@wording("strike_undone")
def _strike_undone(entry: Entry) -> Wording:
    number = int(entry.data["number"])
    title = ngettext("%(num)s signature is put back", "%(num)s signatures are put back", number)
    return Wording(title, "again", facts=[*_move(entry), (_("Why"), quoted(entry, entry.data["reason"]))])


@wording("held_released")
def _held_released(entry: Entry) -> Wording:
    number, counted = int(entry.data["number"]), int(entry.data["counted"])
    title = ngettext(
        "%(num)s signature was looked at, and may count",
        "%(num)s signatures were looked at, and may count",
        number,
    )
    said = ngettext("%(num)s of them counts now", "%(num)s of them count now", counted)
    return Wording(title, "check", facts=[(_("Confirmed by mail"), said)])


@wording("stand_opened")
def _stand_opened(entry: Entry) -> Wording:
    hours = int(entry.data["hours"])
    facts = [(_("Where"), quoted(entry, entry.data["place"]))]
    facts.append((_("How long"), ngettext("%(num)s hour", "%(num)s hours", hours)))
    return Wording(_("Stand opened: one can sign there"), "people", "lit", facts)


@wording("stand_closed")
def _stand_closed(entry: Entry) -> Wording:
    number, counted = int(entry.data["number"]), int(entry.data["counted"])
    said = ngettext("%(num)s signature", "%(num)s signatures", number)
    facts: list[Fact] = [(_("Where"), quoted(entry, entry.data["place"])), (_("Came of it"), said)]
    return Wording(_("Stand closed"), "people", facts=[*facts, (_("Confirmed by mail"), str(counted))])
