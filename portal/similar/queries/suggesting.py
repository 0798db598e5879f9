"""What is open already and may be the same as what somebody is about to send, with what it has in common."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy.orm import joinedload

from portal.dossiers.models import Category, Dossier, Kind
from portal.dossiers.queries import categories, supporters_of
from portal.kernel.clock import now
from portal.kernel.db import db
from portal.similar import meaning, ranking
from portal.similar.features import GROUPS, Sketch, first_sentences, metres
from portal.similar.models import FACT, THING, Meaning
from portal.similar.queries.nearby import Candidate, candidates
from portal.similar.queries.thresholds import least
from portal.similar.words import GAP, named, parts, stem, tells, tokens

MOST = 5
WITHIN = 500
"""A report that lies further away, in metres, is another one, however much its words are the same."""
ALIKE = 0.3
"""The cosine from which on two mean something like the same; of most that do not it is below 0.2."""
CLOSE_BY, NAMED = 250, 0.25
"""Metres; and how much of the things that either names have to be the same."""
TOLD = 3
DAY = 86_400


@dataclass(frozen=True, eq=False)
class Kept(Sketch):
    """A dossier as the index has it: its stems are there already."""

    stems: tuple[str, str] = ("", "")
    """Of its title, and of its text."""
    marks: tuple[str, ...] = ()
    """Parts of compounds, and things."""

    @cached_property
    def spoken(self) -> str:
        return self.language

    @cached_property
    def head(self) -> Counter[str]:
        names = {stem(word, self.language) for word in self.called}
        return Counter(word for word in self.stems[0].split() if word not in names)

    @cached_property
    def said(self) -> Counter[str]:
        built = [mark for mark in self.marks if mark[0] not in (THING, FACT)]
        return self.head + Counter([*self.stems[1].split(), *built])

    @cached_property
    def sentences(self) -> tuple[frozenset[str], ...]:
        names = {stem(word, self.language) for word in self.called}
        return first_sentences(set(sentence.split()) - names for sentence in self.stems[1].split(GAP))

    @cached_property
    def things(self) -> frozenset[str]:
        return frozenset(f"#{mark[1:]}" for mark in self.marks if mark[0] == THING)


@dataclass(frozen=True)
class Suggestion:
    """An open dossier that may be the same, and why."""

    dossier: Dossier
    likely: float
    metres: int | None
    same_category: bool
    shared: tuple[str, ...]
    """Words of the new one that this one says too, in its own words or in others."""
    meant: bool
    """Whether it says something like the same, in whatever words."""
    opened_at: datetime
    supporters: int = 0


def suggest(new: Sketch, but: Collection[int] = (), area: str | None = None) -> list[Suggestion]:
    """At most five, the likeliest first; always the same few statements.

    `area`: the neighbourhood that the new one is about, whose threshold counts.
    """
    new, ranked = compared(new, but)
    enough = least(ranking.set_of(new.kind), area)
    best = [one for one in ranked if likely_enough(new, one, enough.value, given=enough.given)]
    return _suggestions(new, best[:MOST])


def likely_enough(new: Sketch, found: ranking.Found, value: float, *, given: bool) -> bool:
    """Whether it is shown at this threshold; one that was set by hand (`given`) knows no exception."""
    return found.likely >= value or (not given and one_thing_here(found.features, metres(new, found.sketch)))


def compared(
    new: Sketch,
    but: Collection[int] = (),
    *,
    joinable: bool = True,
    before: int | None = None,
    without: Set[str] = frozenset(),
) -> tuple[Sketch, list[ranking.Found]]:
    """All that it may be the same as, the likeliest first; the new one as it was compared.

    `but`, `joinable` and `before` narrow the candidates; `without`: features that are left out.
    """
    point = (new.lat, new.lon) if new.lat is not None and new.lon is not None else None
    text = " ".join((new.title, new.body, new.place))
    found = candidates(text, point, language=new.language, joinable=joinable, but=but, before=before)
    sketches = _sketches(found, meant=new.vector is not None)
    if point is None:
        beside = [_at_one_spot(one) if _same_name(new, one) else _nowhere(one) for one in sketches]
        new, sketches = _at_one_spot(new), beside
    ranked = ranking.rank(new, sketches, without=without)
    return new, [one for one in ranked if _reasonable(new, one)]


def _same_name(new: Sketch, other: Sketch) -> bool:
    return bool(new.address) and new.address == other.address


def _at_one_spot(one: Sketch) -> Sketch:
    """A building without a point is a point by its name."""
    return replace(one, lat=0.0, lon=0.0)


def _nowhere(one: Sketch) -> Sketch:
    """Nobody knows how far it is from a building without a point; the names of both may tell."""
    return replace(one, lat=None, lon=None)


def sketch(given: Mapping[str, Any], language: str, category: str = "") -> Sketch:
    """Of something that is being written: `given` as a draft keeps it."""
    group = next((one.main for one in categories() if one.slug == category), "")
    return Sketch(
        key="new",
        title=given.get("title") or "",
        body=given.get("body") or "",
        language=language,
        kind=given.get("kind") or Kind.ISSUE,
        category=category,
        group=group,
        lat=given.get("lat"),
        lon=given.get("lon"),
        place=given.get("place_name") or "",
        opened=now().timestamp() / DAY,
    )


def _sketches(found: Sequence[Candidate], *, meant: bool) -> list[Sketch]:
    """With what the index does not keep: how the title is written, the place's name, the main category.

    `meant`: with what they mean, as far as that is known. It is fetched for who is compared by it only.
    """
    means = (Meaning.whole, Meaning.gist) if meant else (db.null().label("whole"), db.null().label("gist"))
    wanted = db.select(Dossier.id, Dossier.title, Dossier.place_name, Category.main, *means)
    wanted = wanted.outerjoin(Category, Category.slug == Dossier.category_slug)
    if meant:
        wanted = wanted.outerjoin(Meaning, Meaning.dossier_id == Dossier.id)
    rows = db.session.execute(wanted.where(Dossier.id.in_([one.dossier_id for one in found])))
    more = {row.id: row for row in rows}
    return [_compared(one, more[one.dossier_id]) for one in found if one.dossier_id in more]


def _compared(one: Candidate, row: Any) -> Sketch:
    found = kept(one.dossier_id, row.title, row.place_name, row.main, facts=one, text=one)
    return meaning.known(found, row.whole, row.gist)


def kept(number: int, title: str, place: str, main: str | None, *, facts: Any, text: Any) -> Kept:
    """A dossier as it is compared. `facts` and `text`: what has its columns, and those of its index."""
    return Kept(
        key=str(number),
        title=title,
        language=text.language,
        kind=facts.kind,
        category=facts.category_slug or "",
        group=main or "",
        lat=facts.lat,
        lon=facts.lon,
        place=place,
        opened=facts.opened_at.timestamp() / DAY,
        stems=(text.title, text.body),
        marks=tuple(text.marks.split()),
    )


def _reasonable(new: Sketch, found: ranking.Found) -> bool:
    """Something is the same beside the place; and of two reports the place is."""
    about = GROUPS["words"] | {"category"}
    if not (any(found.features[name] > 0 for name in about) or _means_it(found)):
        return False
    away = metres(new, found.sketch)
    here = found.features["street"] > 0 if away is None else away <= WITHIN
    return here or {new.kind, found.sketch.kind} != {Kind.ISSUE}


def _means_it(found: ranking.Found) -> bool:
    return found.features[ranking.MEANING] >= ALIKE


def one_thing_here(features: Mapping[str, float], away: float | None) -> bool:
    """Whether both name the same thing close by.

    People choose different subjects for it. How likely that makes it is not learnt: the labelled reports have
    a subject, and hardly a word.
    """
    return features["things"] >= NAMED and away is not None and away <= CLOSE_BY


def _suggestions(new: Sketch, best: Sequence[ranking.Found]) -> list[Suggestion]:
    numbers = [int(one.sketch.key) for one in best]
    wanted = db.select(Dossier).where(Dossier.id.in_(numbers)).options(joinedload(Dossier.category))
    known = {dossier.id: dossier for dossier in db.session.scalars(wanted)} if numbers else {}
    counts = supporters_of(numbers) if numbers else {}
    made = [_suggestion(new, one, known[int(one.sketch.key)]) for one in best]
    return [replace(one, supporters=counts[one.dossier.id]) for one in made]


def _suggestion(new: Sketch, found: ranking.Found, dossier: Dossier) -> Suggestion:
    away = metres(new, found.sketch)
    return Suggestion(
        dossier=dossier,
        likely=found.likely,
        metres=None if away is None else round(away),
        same_category=found.features["category"] > 0,
        shared=shared(new, found.sketch),
        meant=_means_it(found),
        opened_at=dossier.opened_at,
    )


def shared(new: Sketch, other: Sketch) -> tuple[str, ...]:
    """The words of the new one that the other says too, or for which it has another word."""
    found: dict[str, None] = {}
    for word in tokens(f"{new.title} {new.body}"):
        stems = {stem(word, new.spoken), *parts(word)}
        things = {f"#{name}" for name in named([word], new.spoken)}
        if tells(word) and word not in new.called and (stems & other.said.keys() or things & other.things):
            found[word] = None
    return tuple(found)[:TOLD]
