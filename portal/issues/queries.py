"""What a report needs to know: the draft, the place in words, and what was reported nearby."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from portal.dossiers.models import Category, Dossier, Kind, State
from portal.dossiers.queries import Clash, Planned, categories, clashes
from portal.issues import guessing
from portal.issues.models import STEPS, Draft, DraftMeaning
from portal.issues.policy import Do
from portal.kernel.commands import Submission
from portal.kernel.db import db, find
from portal.kernel.errors import Invalid, NotFound
from portal.kernel.tickets import For, read
from portal.places import grid
from portal.places.loading import buildings
from portal.places.models import Neighbourhood, Place
from portal.places.queries import neighbourhood, neighbourhood_at, neighbourhoods, places, plain
from portal.similar import meaning
from portal.similar.features import Sketch
from portal.similar.meaning import Text
from portal.similar.queries import Suggestion, sketch, suggest
from portal.similar.words import DUTCH

OUTSIDE, NO_PLACE = "outside_city", "no_place"
"""Why a place is refused: codes, worded in texts.py."""
BESIDE = 60
"""Within so many metres a point is called by the name of the place beside it."""
PLACE_NAME, AREAS = 120, 4
HERE = "here"
"""The choice "where I chose before"."""


_BY_KEY = db.select(Draft).where(Draft.key == db.bindparam("key"))


def draft(key: str | None) -> Draft | None:
    """The draft with this key."""
    return db.session.scalar(_BY_KEY, {"key": key}) if key else None


def drafts_of(actor: Any) -> list[Draft]:
    """What somebody who is signed in began, on whatever device, the newest first."""
    if not actor.is_authenticated:
        return []
    wanted = db.select(Draft).filter_by(person_id=actor.id)
    return list(db.session.scalars(wanted.order_by(Draft.changed_at.desc(), Draft.id.desc())))


def own_draft(actor: Any, number: int) -> Draft:
    """One of them, or NotFound."""
    found = next((draft for draft in drafts_of(actor) if draft.id == number), None)
    if found is None:
        raise NotFound(f"draft {number}")
    return found


def first_missing(written: Draft | None) -> str:
    """The first step that is to be done still; a photo is nobody's duty."""
    if written is None or not written.placed:
        return "where"
    return "send" if written.described else "what"


def signpost(written: Draft) -> str:
    """The kind of help that these words ask for; nothing once their writer said that they were misread."""
    given = written.values
    kind = guessing.signpost(f"{given.get('title', '')} {given.get('body', '')}", given.get("category", ""))
    return "" if kind == given.get("misread") else kind


def too_early(written: Draft | None, step: str) -> str | None:
    """Where to go on instead of this step; None when its turn has come."""
    missing = first_missing(written)
    return missing if STEPS.index(step) > STEPS.index(missing) else None


def said(values: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """What a draft says: title, text, language and kind. Its language shows in its words, if it has any."""
    title, body = (str(values.get(name) or "") for name in ("title", "body"))
    return title, body, DUTCH, values.get("kind") or Kind.ISSUE


def waiting(waits: Any, most: int) -> list[Text]:
    """Drafts whose meaning is to be found out."""
    wanted = db.select(DraftMeaning.draft_id, DraftMeaning.text, Draft.values)
    rows = db.session.execute(wanted.join(Draft, Draft.id == DraftMeaning.draft_id).where(waits).limit(most))
    return [Text(row.draft_id, row.text, *said(row.values)) for row in rows]


def similar(given: Mapping[str, Any], language: str, meant: DraftMeaning | None = None) -> list[Suggestion]:
    """What is open and may be the same as what is being written; none before there are words.

    `meant`: what it means, if the worker knows that by now.
    """
    if not given.get("title"):
        return []
    new = sketched(given, language, meant)
    return suggest(new, given.get("different", ()), given.get("neighbourhood"))


def sketched(given: Mapping[str, Any], language: str, meant: DraftMeaning | None = None) -> Sketch:
    """What is compared of a draft. While no subject is chosen it is the one that its words speak of."""
    likely = guessing.likely(given.get("title") or "", given.get("body") or "", categories())
    new = sketch(given, language, given.get("category") or next(iter(likely), ""))
    return new if meant is None else meaning.known(new, meant.whole, meant.gist)


def meant(draft: Draft) -> DraftMeaning | None:
    """What the worker found out that it means; nothing when it says something else by now."""
    if not meaning.available():
        return None
    known = db.session.get(DraftMeaning, draft.id)
    return known if known is not None and known.text == meaning.fingerprint(*said(draft.values)) else None


def clashing(written: Draft) -> list[Clash]:
    """Plans near this one in time and place."""
    given, begins = written.values, written.begins_at
    if begins is None or given.get("lat") is None:
        return []
    title, place, category = (str(given.get(name) or "") for name in ("title", "place_name", "category"))
    return clashes(Planned(begins, given["lat"], given["lon"], title, place, category))


def matches(words: str, values: Mapping[str, Any]) -> list[tuple[Place, str]]:
    """Places called like this, the closest to the chosen point first, each with its neighbourhood's name."""
    lat, lon = values.get("lat"), values.get("lon")
    found = places(words, near=(lat, lon) if lat is not None and lon is not None else None)
    names = _names(place.neighbourhood_code for place in found)
    return [(place, names.get(place.neighbourhood_code or "", "")) for place in found]


def _names(codes: Iterable[str | None]) -> dict[str, str]:
    wanted = db.select(Neighbourhood.code, Neighbourhood.name)
    rows = db.session.execute(wanted.where(Neighbourhood.code.in_({code for code in codes if code})))
    return {row[0]: row[1] for row in rows}


def areas(words: str) -> list[Neighbourhood]:
    """Neighbourhoods of the whole city called like this, those whose name begins so first."""
    wanted = plain(words).strip()
    if len(wanted) < 2:
        return []
    named = db.session.execute(db.select(Neighbourhood.code, Neighbourhood.name)).all()
    found = [(plain(name).find(wanted), name, code) for code, name in named if wanted in plain(name)]
    codes = [code for _, _, code in sorted(found)[:AREAS]]
    known = db.session.scalars(db.select(Neighbourhood).where(Neighbourhood.code.in_(codes)))
    return sorted(known, key=lambda area: codes.index(area.code))


def around(code: str) -> list[Neighbourhood]:
    """The neighbourhoods of the district of the one that this portal opens with."""
    return neighbourhoods(district_of(code))


def district_of(code: str) -> str:
    """The district of the neighbourhood that this portal opens with."""
    found = neighbourhood(code)
    return found.district if found else ""


def photographed(values: Mapping[str, Any], called: Callable[[Place], str]) -> dict[str, Any]:
    """Where the photo was made, as values for the draft; nothing if it did not say, or outside the city."""
    lat, lon = values.get("photo_lat"), values.get("photo_lon")
    try:
        return _located(str(lat), str(lon), called) if lat is not None and lon is not None else {}
    except Invalid:
        return {}


def place_in_words(values: Mapping[str, Any]) -> str:
    """`Metrostation Kraaiennest, De Kameleon e.o.`; empty when no place was chosen."""
    found = neighbourhood(values["neighbourhood"]) if values.get("neighbourhood") else None
    names = [values.get("place_name") or "", found.name if found else ""]
    return ", ".join(name for name in names if name)


def spot(
    given: Mapping[str, str | None], called: Callable[[Place], str], kept: Mapping[str, Any]
) -> dict[str, Any]:
    """What is chosen with this form, as values for the draft: by the device, from the list, or in words.

    `called` says what people call a place: `Metrostation Kraaiennest`. `kept`: what the draft has already.
    """
    if given.get("lat") and given.get("lon"):
        return _located(str(given["lat"]), str(given["lon"]), called)
    choice, code = given.get("choice") or "", given.get("neighbourhood") or ""
    if (building := given.get("building")) in buildings():
        return _spot(str(building), None, None, buildings()[str(building)])
    if choice == HERE and not code and kept.get("neighbourhood"):
        return {}
    place = db.session.get(Place, int(choice)) if choice.isdecimal() and len(choice) < 10 else None
    if place is not None:
        return _named(place, called(place), code or buildings().get(place.name, ""))
    if choice[:1].isupper() and not code:
        return _spot("", None, None, choice)
    return _spot((given.get("place") or "").strip()[:PLACE_NAME], None, None, code)


def _located(lat: str, lon: str, called: Callable[[Place], str]) -> dict[str, Any]:
    try:
        point = float(lat), float(lon)
    except ValueError as error:
        raise Invalid("place", NO_PLACE) from error
    if not (abs(point[0]) <= 90 and abs(point[1]) <= 180):  # nor is NaN
        raise Invalid("place", NO_PLACE)
    beside = _beside(*point)
    return _spot(called(beside) if beside else "", *point, neighbourhood_at(*point))


def _named(place: Place, name: str, code: str) -> dict[str, Any]:
    """A place with a point lies where it lies; a street has none and needs to be told."""
    if place.lat is None or place.lon is None:
        return _spot(name, None, None, code)
    return _spot(name, place.lat, place.lon, neighbourhood_at(place.lat, place.lon))


def _spot(name: str, lat: float | None, lon: float | None, code: str | None) -> dict[str, Any]:
    if lat is not None and code is None:
        raise Invalid("place", OUTSIDE)
    if not code or neighbourhood(code) is None:
        raise Invalid("neighbourhood", NO_PLACE)
    return {"place_name": name, "lat": lat, "lon": lon, "neighbourhood": code}


def _beside(lat: float, lon: float) -> Place | None:
    """The named place nearest to this point, if it is near enough to stand for it."""
    near = grid.within(BESIDE, (lat, lon)).covers(Place.lat, Place.lon)
    apart = (Place.lat - lat) * (Place.lat - lat) + (Place.lon - lon) * (Place.lon - lon) * 0.37
    return db.session.scalar(db.select(Place).where(near).order_by(apart, Place.id).limit(1))


def category(slug: str) -> Category | None:
    return db.session.get(Category, slug)


def sent(once: str | None) -> Dossier | None:
    """What came of the report that was sent with this key."""
    known = db.session.get(Submission, once) if once else None
    if known is None or known.command != Do.REPORT or known.model_id is None:
        return None
    return db.session.get(Dossier, known.model_id)


def reported(dossier_id: int | None) -> Dossier | None:
    """What this visitor reported last."""
    return db.session.get(Dossier, dossier_id) if dossier_id else None


def report_of(ticket: str) -> Dossier:
    """The report that a link in a mail stands for; who holds the ticket acts as `dossier.opener`."""
    found = find(Dossier, read(For.REPORT, ticket))
    if found.state == State.DRAFT:
        raise NotFound("report")
    return found
