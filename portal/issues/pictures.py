"""The photos of a report that somebody is still writing: added, described, put in order, covered, removed."""

from collections.abc import Mapping
from typing import Any

from portal.dossiers import pictures
from portal.dossiers.models import Attachment
from portal.dossiers.pictures import Told
from portal.issues.models import Draft
from portal.issues.policy import Do
from portal.kernel.clock import now
from portal.kernel.commands import command
from portal.kernel.db import db
from portal.kernel.errors import Invalid, NotFound

MOST = 5
TOO_MANY = "too_many_photos"
ALT = 200
"""Most characters of what is said of a photo."""
BEFORE, AFTER = -1, 1
MOST_READ = pictures.MOST_BYTES + 1
"""No more of a file is taken into memory: one byte over is enough to refuse it."""


def begun(actor: Any, key: str) -> Draft:
    """The draft with this key, which may be new, for the actor to go on with. For use inside a command."""
    draft = db.session.scalar(db.select(Draft).filter_by(key=key).with_for_update())
    if draft is None:
        draft = Draft(key=key, values={})
        db.session.add(draft)
    if actor.is_authenticated:
        draft.person_id = actor.id
    draft.changed_at = now()
    db.session.flush()
    return draft


@command(Do.ADD_PHOTO)
def add_photo(actor: Any, _: None, *, key: str, picture: Attachment, told: Told | None = None) -> Draft:
    """Put a photo behind the others. The same one a second time changes nothing.

    `told`: where and when it was made. It stays in the draft, to be offered as the place of the report.
    """
    draft = begun(actor, key)
    if any(photo.large == picture.large for photo in draft.photos):
        return draft
    if len(draft.photos) >= MOST:
        raise Invalid(pictures.FIELD, TOO_MANY)
    picture.position = max((photo.position for photo in draft.photos), default=0) + 1
    draft.photos.append(picture)
    db.session.flush()
    made = told or Told()
    draft.values = {
        **draft.values,
        "photos": {**_made(draft), str(picture.id): [made.lat, made.lon, made.taken]},
    }
    _offer(draft)
    return draft


@command(Do.CHANGE_PHOTOS)
def change_photos(
    actor: Any,
    draft: Draft,
    *,
    alts: Mapping[int, str],
    removed: int | None = None,
    moved: tuple[int, int] | None = None,
) -> Draft:
    """Write down what is said of the photos, take one away, or put one a place further.

    `moved`: which one, and BEFORE or AFTER.
    """
    draft.changed_at = now()
    for photo in draft.photos:
        photo.alt = " ".join(alts.get(photo.id, photo.alt).split())[:ALT]
    if moved is not None:
        _move(draft, *moved)
    gone = next((photo for photo in draft.photos if photo.id == removed), None)
    if gone is not None:
        draft.photos.remove(gone)
        pictures.forget(gone)
    db.session.flush()
    db.session.expire(draft, ["photos"])
    _offer(draft)
    return draft


@command(Do.COVER_PHOTO)
def cover_photo(actor: Any, draft: Draft, *, photo: int, large: str, files: dict[str, str | int]) -> Draft:
    """Put the covered picture in the place of `large`; when that is not there any more nothing changes."""
    draft.changed_at = now()
    picture = photo_of(draft, photo)
    if picture.large == large:
        pictures.replace(picture, files)
    return draft


def photo_of(draft: Draft | None, number: int) -> Attachment:
    """The photo of this draft with this number, or NotFound."""
    found = next((photo for photo in (draft.photos if draft else []) if photo.id == number), None)
    if found is None:
        raise NotFound(f"photo {number}")
    return found


def _move(draft: Draft, number: int, by: int) -> None:
    order = list(draft.photos)
    at = next((index for index, photo in enumerate(order) if photo.id == number), None)
    if at is not None and 0 <= at + by < len(order):
        order.insert(at + by, order.pop(at))
    for position, photo in enumerate(order, 1):
        photo.position = position


def _made(draft: Draft) -> dict[str, Any]:
    """Number of a photo -> latitude, longitude and time; of those that are there still."""
    known = {str(photo.id) for photo in draft.photos}
    return {number: made for number, made in draft.values.get("photos", {}).items() if number in known}


def _offer(draft: Draft) -> None:
    """What the first photo tells that knows its place; the place itself is chosen by who reports."""
    made = _made(draft)
    told = [made[str(photo.id)] for photo in draft.photos if str(photo.id) in made]
    placed = [one for one in told if one[0] is not None]
    lat, lon, taken = next(iter(placed or told), (None, None, ""))
    offer = {"photo_lat": lat, "photo_lon": lon, "photo_taken": taken}
    draft.values = {**draft.values, "photos": made, **offer}
