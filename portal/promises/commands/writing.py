"""In whose name something is written down, and words that may not be missing."""

from datetime import date
from typing import Any

from portal.accounts.models import Organisation, Role
from portal.dossiers.commands import in_whose_name
from portal.dossiers.models import Dossier
from portal.kernel.errors import Invalid
from portal.promises.models import Problem

LONGEST = 3000
LONGEST_LINE = 200


def named(organisation: Organisation) -> dict[str, str]:
    """How an organisation is written down in an entry: its name may change later, the entry may not."""
    return {"key": organisation.key, "name": organisation.name}


def writing(
    actor: Any,
    dossier: Dossier,
    organisation: Organisation | None = None,
    *,
    on: date | None = None,
    precision: str = "day",
) -> dict[str, Any]:
    """Who and when, as record() wants it: an official in the name of this organisation, others as always."""
    found: dict[str, Any] = {"by": actor, "told_on": on, "precision": precision}
    if organisation is not None and organisation.id in actor.organisation_ids(Role.OFFICIAL):
        return found | {"organisation": organisation, "role": Role.OFFICIAL}
    return found | in_whose_name(actor, dossier)


def needed(field: str, words: str, most: int = LONGEST) -> str:
    """These words without what stands around them; Invalid when there are none, or too many."""
    found = words.strip()
    if not found or len(found) > most:
        raise Invalid(field, Problem.TOO_LONG if found else Problem.EMPTY)
    return found
