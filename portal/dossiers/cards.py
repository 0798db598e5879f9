"""What pages show of a dossier: as a card, with its clocks, in words; and what is left of a hidden one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from portal.dossiers import queries
from portal.dossiers.facets import Facets
from portal.dossiers.models import Addressee, AddresseeState, Dossier, Kind
from portal.dossiers.sums import due_sum
from portal.dossiers.texts import Shown, when
from portal.kernel.clock import today
from portal.web.languages import Quote

EXCERPT = 140
TABS: dict[str, Any] = {
    "": lazy("All"),
    Kind.ISSUE: lazy("Reports"),
    Kind.PETITION: lazy("Petitions"),
    Kind.PLAN: lazy("Plans"),
}


@dataclass(frozen=True)
class Card:
    """What the card macro needs."""

    ref: str | None
    kind: str
    state: str
    title: str
    supporters: int | None
    """None: not shown."""
    excerpt: str
    place_name: str
    category_name: str
    opened_at: datetime
    url: str
    language: str = ""
    """Of title and excerpt; empty: that of the page."""
    breadth: str = ""
    """In how many of the buildings its supporters live."""
    contested: bool = False


@dataclass(frozen=True)
class Clock:
    """What the clock macro needs."""

    organisation: Any
    handed_over_on: date | None
    due_on: date | None
    days_left: int
    answered_on: date | None
    answered: str
    """When, in words; of a month only the month is known."""
    sum_text: str
    questions: str = ""
    """How long a question to the neighbours was open meanwhile, in words."""


def title_of(dossier: Any) -> str:
    """Its title; of a hidden one nothing that its writer wrote."""
    return dossier.title if dossier.hidden_at is None else _("Hidden by a moderator")


def titled(dossier: Dossier) -> str:
    """The same for between tags, where it says in which language it is."""
    return Quote.of(title_of(dossier), dossier.language if dossier.hidden_at is None else "")


def card(dossier: Any, supporters: int) -> Card:
    """Of a dossier, or of a row that has what a card shows."""
    seen, category = dossier.hidden_at is None, queries.category(dossier.category_slug)
    return Card(
        ref=dossier.ref,
        kind=dossier.kind,
        state=dossier.state if seen else "hidden",
        title=title_of(dossier),
        supporters=supporters if seen else None,
        excerpt=excerpt(dossier.body) if seen else str(dossier.hidden_reason),
        place_name=dossier.place_name,
        category_name=category.name(str(get_locale())) if seen and category else "",
        opened_at=dossier.opened_at,
        url=url_for("dossiers.show", ref=dossier.ref),
        language=dossier.language if seen else dossier.hidden_language or "",
        breadth=in_short(dossier) if seen else "",
        contested=dossier.contested,
    )


def in_short(dossier: Any) -> str:
    """ "14 of 19 flats"; nothing as long as too little is known."""
    if not dossier.buildings_reached:
        return ""
    return str(_("%(lit)s of %(all)s flats", lit=dossier.buildings_reached, all=dossier.buildings_there))


def cards(dossiers: Iterable[Dossier], supporters: Mapping[int, int]) -> list[Card]:
    return [card(dossier, supporters[dossier.id]) for dossier in dossiers]


def excerpt(text: str, longest: int = EXCERPT) -> str:
    """The first words of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[:longest].rsplit(" ", 1)[0].rstrip(",;:.") + " …"


def paragraphs(text: str) -> list[list[str]]:
    """A text as paragraphs of lines, as its writer divided it."""
    found: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip():
            found[-1].append(line.strip())
        elif found[-1]:
            found.append([])
    return [lines for lines in found if lines]


@dataclass(frozen=True)
class Picture:
    """What the timeline needs of a photo."""

    url: str
    thumb_url: str
    alt: Any
    language: str
    width: int
    height: int


def with_titles(entries: list[Shown]) -> list[Shown]:
    """The entries, whose links to other dossiers say the title where everybody may read it."""
    links = {link for entry in entries for link in entry.links}
    titles = queries.titles(ref for ref, url in links if url == f"/d/{ref}")
    return [replace(e, links=[(titles.get(text, text), url) for text, url in e.links]) for e in entries]


def with_pictures(entries: list[Shown], dossier: Dossier) -> list[Shown]:
    """The entries, the first of which shows the photos that came with the report."""
    pictures = [
        Picture(
            url=url_for("dossiers.photo", key=photo.large),
            thumb_url=url_for("dossiers.photo", key=photo.small),
            alt=photo.alt or _("Photo with this dossier"),
            language=dossier.language if photo.alt else "",
            width=photo.small_width,
            height=photo.small_height,
        )
        for photo in dossier.attachments
    ]
    return [replace(entry, photos=pictures) if entry.seq == 1 else entry for entry in entries]


def clocks(dossier: Dossier) -> list[Clock]:
    """To whom a dossier is put, and until when each has to answer."""
    return [clock(addressee) for addressee in dossier.addressees]


def clock(addressee: Addressee) -> Clock:
    passed_on = addressee.state == AddresseeState.TRANSFERRED
    answered_on = addressee.answered_on or (addressee.handed_over_on if passed_on else None)
    the_sum = due_sum(addressee.term, addressee.due_on)
    return Clock(
        organisation=addressee.organisation,
        handed_over_on=addressee.handed_over_on,
        due_on=addressee.due_on,
        days_left=addressee.days_left or 0,
        answered_on=answered_on,
        answered=_answered(answered_on, addressee.term.get("answered", "day")) if answered_on else "",
        sum_text=_("Passed on to another authority") if passed_on else the_sum,
        questions=_questions(addressee),
    )


def _questions(addressee: Addressee) -> str:
    """The days on which one was open stand beside the clock and are not taken off it."""
    last_day = (addressee.answered_on or today()).isoformat()
    asked = [one for one in addressee.term.get("questions", []) if one["from"] <= last_day]
    if not asked:
        return ""
    open_on: set[date] = set()
    for one in asked:
        first, last = (date.fromisoformat(one[end]) if end in one else today() for end in ("from", "until"))
        open_on |= {first + timedelta(days=n) for n in range((last - first).days)}
    if "until" not in asked[-1]:
        since = when(date.fromisoformat(asked[-1]["from"]))
        return _("A question to the neighbours is open since %(day)s. The clock runs on.", day=since)
    if not open_on:
        return ""
    return ngettext(
        "A question to the neighbours was open for %(num)s day. The clock ran on.",
        "A question to the neighbours was open for %(num)s days. The clock ran on.",
        len(open_on),
    )


def _answered(on: date, precision: str) -> str:
    if precision == "month":
        return _("Answered in %(month)s", month=when(on, precision))
    return _("Answered on %(day)s", day=when(on))


@dataclass(frozen=True)
class Tab:
    """A kind of dossier above a list, and how many of it there are."""

    text: Any
    url: str
    number: int
    current: bool


def by_kind(facets: Facets, url: Callable[[str], str]) -> list[Tab]:
    """One for each kind, the other filters staying as they are."""
    kinds = facets.of("kind")
    numbers = kinds | {"": kinds.total()}
    return [
        Tab(text, url(kind), numbers.get(kind, 0), facets.given.kind == kind) for kind, text in TABS.items()
    ]
