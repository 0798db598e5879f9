"""What a dossier's page says of promises, trials and decisions: a line, and the way to all of it."""

from typing import Any

from portal.dossiers.models import Dossier
from portal.dossiers.panels import PANELS, Panel
from portal.kernel.policy import allowed
from portal.promises import queries
from portal.promises.policy import Do
from portal.promises.texts import STATES

RANK = 2
"""Below what the authorities say."""


def followed(actor: Any, dossier: Dossier) -> dict[str, Any] | None:
    """Nothing once a moderator took the words away."""
    found = queries.summary(dossier) if dossier.hidden_at is None else queries.NOTHING
    may = allowed(actor, Do.DOCUMENT, dossier) or allowed(actor, Do.HOLD_TRIAL, dossier)
    if found.empty and not may:
        return None
    return {"found": found, "states": STATES, "ref": dossier.ref}


PANELS.append(Panel("promises/followed.html", "main", followed, rank=RANK))
