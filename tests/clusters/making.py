"""Dossiers that belong together, and the worker that sees it."""

from typing import Any

from portal.clusters import commands, tasks
from portal.clusters.models import Placed, SetAside
from portal.dossiers.models import Dossier
from portal.kernel.db import db
from tests.access_rows import Row
from tests.factories import an_issue

SQUARE = {"lat": 52.32170, "lon": 4.97110, "place_name": "Karspelplein"}
FAR = {"lat": 52.32900, "lon": 4.97110, "place_name": "Kraaiennest"}
METRE = 1 / 111_320
BINS = (
    ("The bins are gone", "The bins by the metro were taken away. Please put the bins back."),
    ("No litter bin any more", "There is no bin at the metro since the summer. Rubbish lies everywhere."),
    ("Where is our bin?", "I carry my rubbish home because the bin is gone."),
)


def a_bin(said: tuple[str, str] = BINS[0], *, metres: float = 0, **given: Any) -> Dossier:
    """A report about the bins on the square, so many metres north of its middle."""
    place = SQUARE | {"lat": SQUARE["lat"] + metres * METRE}  # type: ignore[operator]
    return an_issue(**{"title": said[0], "body": said[1], "language": "en", **place, **given})


def three_bins(**given: Any) -> list[Dossier]:
    return [a_bin(said, metres=20 * n, **given) for n, said in enumerate(BINS)]


def the_worker_looks() -> None:
    while tasks.grow():
        pass


def grouped() -> set[frozenset[int]]:
    """The groups as the database has them, of two or more."""
    groups: dict[int, set[int]] = {}
    for number, root in db.session.execute(db.select(Placed.dossier_id, Placed.root_id)):
        groups.setdefault(root, set()).add(number)
    return {frozenset(group) for group in groups.values() if len(group) > 1}


def ids(*dossiers: Dossier) -> frozenset[int]:
    return frozenset(dossier.id for dossier in dossiers)


def group_rows(world: Any) -> dict[str, list[Row]]:
    """A group in the neighbourhood of the platform, and one that the platform set aside."""
    platform, organiser = world.platform, world.people["organiser"]

    def a_group() -> Dossier:
        found = three_bins(opener=world.people["opener"])
        the_worker_looks()
        return found[0]

    def an_aside() -> SetAside:
        dossiers, reason = three_bins(), "Bins are being counted."
        made: SetAside = commands.set_aside(organiser, platform, dossiers=dossiers, reason=reason)
        return made

    def row(state: str, make: Any, url: Any) -> Row:
        address = {"as": platform.key}
        return Row("", state, make, lambda thing: address | url(thing), lambda thing, actor: platform)

    return {
        "group": [row("in the platform's neighbourhood", a_group, lambda d: {"ref": d.ref})],
        "set aside": [row("by the platform", an_aside, lambda kept: {"number": kept.id})],
    }


def of_groups(world: Any) -> dict[str, str]:
    """What is filled in at the forms of a group."""
    return {"dossiers": world.rows["group"][0].thing.ref, "reason": "Bins are being counted."}
