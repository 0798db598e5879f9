"""Buildings with people in them who support something."""

from portal.dossiers.models import Dossier, Signature, Way
from portal.kernel import jobs
from portal.kernel.commands import transaction
from portal.kernel.db import db
from portal.places.loading import buildings
from tests.factories import a_person, a_signature, an_organisation

FLATS = sorted(buildings())
"""The ten of K-buurt that the map knows."""


def cores_with(*more: str) -> list[str]:
    """Two cores of K-buurt, of which one has these buildings that the map does not know; all there are."""
    an_organisation("core", name="The core of Kleiburg", neighbourhood_code="TG02", buildings=["Kleiburg"])
    an_organisation("core", name="The other core", buildings=list(more))
    return sorted([*FLATS, *more])


def joined_from(dossier: Dossier, building: str, number: int, way: Way = Way.ONLINE) -> list[Signature]:
    """So many new neighbours who live there support it, in this way."""
    with transaction():
        made = [a_signature(dossier, a_person(building=building)) for _ in range(number)]
        for signature in made:
            signature.way = way
    return made


def looked(dossier: Dossier) -> dict[str, object]:
    """What everybody may see, after the worker looked at what moved."""
    jobs.work()
    jobs.work()
    db.session.expire_all()
    return dict(dossier.breadth.shown) if dossier.breadth else {}


def lit(dossier: Dossier) -> dict[str, int]:
    """The buildings that are shown as reached, each with its band."""
    shown = looked(dossier).get("buildings", [])
    assert isinstance(shown, list)
    return {name: band for name, band in shown if band}
