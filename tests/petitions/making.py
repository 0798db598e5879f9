"""Ready-made bundles: a platform, reports with supporters, and a petition that asks them to join."""

from collections.abc import Sequence
from typing import Any

from portal.accounts.models import Organisation, OrganisationKind, Person, Role
from portal.dossiers.models import Dossier, Signature, SignatureState
from portal.dossiers.timeline import QUIET, Entry
from portal.kernel.db import db
from portal.petitions import commands
from portal.petitions.models import Consent, Lineage
from tests.factories import a_person, an_organisation

WORDS = {"title": "Give the square its bins back", "body": "They were taken away without a word."}


def a_platform() -> tuple[Organisation, Person]:
    """A platform of K-buurt, and its organiser."""
    platform = an_organisation(OrganisationKind.PLATFORM)
    return platform, a_person(Role.ORGANISER, of=platform)


def a_bundle(
    organiser: Person, platform: Organisation, dossiers: Sequence[Dossier] = (), **given: Any
) -> Dossier:
    """A draft that asks these dossiers to join."""
    words = WORDS | {"demands": ["Put them back."], "to": [an_organisation()]}
    made: Dossier = commands.draft(organiser, platform, **words | given, dossiers=dossiers)
    return made


def lineage_of(petition: Dossier, dossier: Dossier) -> Lineage:
    wanted = db.select(Lineage).filter_by(petition_id=petition.id, dossier_id=dossier.id)
    return db.session.scalars(wanted).one()


def says(dossier: Dossier, petition: Dossier, answer: Consent) -> Lineage:
    """The one who opened the dossier answers."""
    given: Lineage = commands.consent(dossier.opener, lineage_of(petition, dossier), answer=answer)
    return given


def counted(dossier: Dossier) -> dict[int, str | None]:
    """Person id -> reference of the dossier through which they are carried, for all who count."""
    wanted = db.select(Signature).filter_by(dossier_id=dossier.id, state=SignatureState.CONFIRMED)
    rows = db.session.scalars(wanted.execution_options(populate_existing=True)).all()
    found = {s.person_id: s.via.ref if s.via else None for s in rows}
    assert len(found) == len(rows), "somebody counts twice"
    return found  # type: ignore[return-value]


def verbs(dossier: Dossier) -> list[str]:
    """What its timeline tells, without single signatures."""
    return [verb for verb, _ in told(dossier)]


def told(dossier: Dossier) -> list[tuple[str, dict[str, Any]]]:
    """Verb and public facts of each entry, without single signatures."""
    from_timeline = db.select(Entry).filter_by(dossier_id=dossier.id).where(Entry.verb.not_in(QUIET))
    return [(e.verb, e.data) for e in db.session.scalars(from_timeline.order_by(Entry.seq))]
