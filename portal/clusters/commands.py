"""Keeping the groups, which the worker does, and what people decide about them."""

from collections.abc import Collection, Iterable
from typing import Any

from portal.accounts.models import Organisation
from portal.clusters import rules
from portal.clusters.models import Change, Made, Part, Placed, SetAside, SetAsideDossier
from portal.clusters.policy import Do
from portal.clusters.queries import ground_of, known, members, now_said
from portal.clusters.rules import Sketch
from portal.dossiers.models import Dossier
from portal.kernel.commands import command
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.similar.commands import some
from portal.similar.models import RULES, Indexed, Word

ONLY_ROW = 1
BATCH = 200
"""So many changes at a time: between two of them others can write."""
REASON = 1000


class Problem:
    """Why something cannot be done with a group."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NOT_ALL = "not_all"


def note(connection: Any, dossier_ids: Iterable[int]) -> None:
    """Something happened on these timelines: the worker looks at them."""
    rows = [{"dossier_id": number} for number in dict.fromkeys(dossier_ids)]
    if rows:
        connection.execute(db.insert(Change), rows)


def made_by() -> str:
    """The rules of today, those of the index of words among them."""
    of_index = db.session.scalar(db.select(Word.shown).where(Word.stem == RULES))
    return rules.fingerprint(of_index or "")


@command(Do.BEGIN_ANEW)
def begin_anew(actor: Any, _: None) -> int:
    """Have the worker look at every dossier; how many there are. Until then the groups stay what they are."""
    made = _locked()
    made.fingerprint = made_by()
    there = db.select(Indexed.dossier_id).order_by(Indexed.moment)
    gone = db.select(Placed.dossier_id).where(Placed.dossier_id.not_in(db.select(Indexed.dossier_id)))
    for wanted in (gone, there):
        db.session.execute(db.insert(Change).from_select(["dossier_id"], wanted))
    return db.session.scalar(db.select(db.func.count(Change.id))) or 0


def _locked() -> Made:
    """Nobody changes groups while a worker makes them, nor do two workers at the same time."""
    made = db.session.get(Made, ONLY_ROW, with_for_update=True)
    if made is None:
        made = Made(id=ONLY_ROW, fingerprint="")
        db.session.add(made)
        db.session.flush()
    return made


@command(Do.GROW)
def grow(actor: Any, _: None, *, most: int = BATCH) -> int:
    """Bring the groups up to date with the oldest changes; how many there were."""
    _locked()
    wanted = db.select(Change.id, Change.dossier_id).order_by(Change.id).limit(most)
    changes = db.session.execute(wanted).all()
    if changes:
        catch_up({change.dossier_id for change in changes})
        for numbers in some([change.id for change in changes]):
            db.session.execute(db.delete(Change).where(Change.id.in_(numbers)))
    return len(changes)


def catch_up(dossier_ids: Collection[int]) -> None:
    """Make the groups follow these dossiers; in the transaction under way."""
    before = {one.id: (one, root) for one, root in known(dossier_ids)}
    after = {one.id: one for one in now_said(dossier_ids)}
    _write(before, after)
    _move(ground_of().follow({number: one for number, (one, _) in before.items()}, after))


def _write(before: dict[int, tuple[Sketch, int]], after: dict[int, Sketch]) -> None:
    """The rows as they are now; to which group each belongs is found afterwards."""
    stale = [number for number, (one, _) in before.items() if after.get(number) != one]
    for numbers in some(stale):
        db.session.execute(db.delete(Placed).where(Placed.dossier_id.in_(numbers)))
    fresh = [
        _row(one, before[one.id][1] if one.id in before else one.id)
        for one in after.values()
        if one.id not in before or one.id in stale
    ]
    if fresh:
        db.session.execute(db.insert(Placed), fresh)


def _row(one: Sketch, root: int) -> dict[str, Any]:
    same = ("moment", "spot", "category", "lat", "lon")
    facts = {name: getattr(one, name) for name in same}
    said = " ".join(sorted(one.terms))
    return facts | {"dossier_id": one.id, "root_id": root, "terms": said, "part_id": one.part}


def _move(moved: dict[int, int]) -> None:
    by_root: dict[int, list[int]] = {}
    for number, root in sorted(moved.items()):
        by_root.setdefault(root, []).append(number)
    for root, every in by_root.items():
        for numbers in some(every):
            theirs = db.update(Placed).where(Placed.dossier_id.in_(numbers))
            db.session.execute(theirs.values(root_id=root))


# What people decide


@command(Do.SPLIT)
def split(actor: Any, organisation: Organisation, *, root_id: int, dossiers: Collection[Dossier]) -> Dossier:
    """These are about something else than the others in their group; the oldest of them.

    What both are made of now stays together; what comes later goes to which of them it is more alike.
    """
    _locked()
    whole = {one.id: one for one, _ in members(root_id)}
    away = {dossier.id for dossier in dossiers} & whole.keys()
    rest = whole.keys() - away
    if not away or not rest:
        raise Invalid("dossiers", Problem.NOT_ALL if away else Problem.EMPTY)
    for numbers in some(sorted(whole)):
        db.session.execute(db.delete(Part).where(Part.dossier_id.in_(numbers)))
    for part in (away, rest):
        first = min((whole[number] for number in part), key=lambda one: one.age).id
        rows = [{"dossier_id": n, "part_id": first, "split_id": root_id} for n in sorted(part)]
        db.session.execute(db.insert(Part), rows)
    catch_up(whole)
    return min((d for d in dossiers if d.id in away), key=lambda d: (d.opened_at, d.id))


@command(Do.REJOIN)
def rejoin(actor: Any, organisation: Organisation, *, root_id: int) -> None:
    """Take back that a group was split: from now on they belong where their words, place and time say."""
    _locked()
    numbers = [one.id for one, _ in members(root_id)]
    wanted = db.select(Part.split_id).where(Part.dossier_id.in_(numbers)).distinct()
    splits = list(db.session.scalars(wanted))
    parted = list(db.session.scalars(db.select(Part.dossier_id).where(Part.split_id.in_(splits))))
    db.session.execute(db.delete(Part).where(Part.split_id.in_(splits)))
    catch_up(parted)


@command(Do.SET_ASIDE)
def set_aside(
    actor: Any, organisation: Organisation, *, dossiers: Collection[Dossier], reason: str
) -> SetAside:
    """Not now, and why. The group comes back when it has clearly grown."""
    reason = reason.strip()
    if not reason or len(reason) > REASON:
        raise Invalid("reason", Problem.TOO_LONG if reason else Problem.EMPTY)
    made = SetAside(organisation_id=organisation.id, reason=reason)
    db.session.add(made)
    db.session.flush()
    numbers = sorted({dossier.id for dossier in dossiers})
    old = SetAsideDossier.organisation_id == organisation.id, SetAsideDossier.dossier_id.in_(numbers)
    db.session.execute(db.delete(SetAsideDossier).where(*old))
    facts = {"organisation_id": organisation.id, "set_aside_id": made.id}
    db.session.execute(db.insert(SetAsideDossier), [facts | {"dossier_id": number} for number in numbers])
    return made


@command(Do.BRING_BACK)
def bring_back(actor: Any, organisation: Organisation, *, set_aside_id: int) -> None:
    """Take back that a group was set aside; done twice it is the same."""
    own = SetAside.organisation_id == organisation.id, SetAside.id == set_aside_id
    found = db.session.scalar(db.select(SetAside).where(*own))
    if found is not None:
        db.session.execute(db.delete(SetAsideDossier).where(SetAsideDossier.set_aside_id == found.id))
        db.session.delete(found)
