"""Everything that changes a sheet."""

from collections.abc import Sequence
from typing import Any

from portal.accounts.models import Organisation
from portal.dossiers.models import Dossier
from portal.kernel.commands import command
from portal.kernel.db import db
from portal.kernel.errors import Invalid, NotAllowed
from portal.places.loading import buildings as known_buildings
from portal.sheets.models import Problem, Sheet, new_code
from portal.sheets.policy import Do
from portal.sheets.queries import issuers

MOST_SHEETS = 200
"""Printed at once."""
MOST_ROWS = 40
STAIRWELL = 40


@command(Do.ISSUE, alone=False)
def issue(
    actor: Any,
    dossier: Dossier,
    *,
    organisation: Organisation,
    buildings: Sequence[tuple[str, str]],
    copies: int,
    rows: int,
    language: str,
) -> list[Sheet]:
    """Make sheets to be printed: so many copies for each building and stairwell, each with its own code."""
    if organisation.id not in {one.id for one in issuers(actor, dossier)}:
        raise NotAllowed(Do.ISSUE)
    _check(buildings, copies, rows)
    made = [
        Sheet(
            dossier_id=dossier.id,
            organisation_id=organisation.id,
            code=new_code(),
            building=building,
            stairwell=stairwell.strip(),
            language=language,
            rows=rows,
            issued_by_id=actor.id,
        )
        for building, stairwell in buildings
        for _ in range(copies)
    ]
    db.session.add_all(made)
    db.session.flush()
    return made


def _check(buildings: Sequence[tuple[str, str]], copies: int, rows: int) -> None:
    if not 1 <= len(buildings) * copies <= MOST_SHEETS:
        raise Invalid("copies", Problem.TOO_MANY)
    if not 1 <= rows <= MOST_ROWS:
        raise Invalid("rows", Problem.TOO_MANY)
    known = known_buildings()
    for building, stairwell in buildings:
        if building and building not in known:
            raise Invalid("buildings", Problem.NO_BUILDING)
        if len(stairwell.strip()) > STAIRWELL:
            raise Invalid("buildings", Problem.TOO_LONG)
