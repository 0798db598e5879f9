"""What a dossier's page says of promises, trials and decisions: a line, and the way to all of it."""

from typing import Any

from portal.dossiers.models import Dossier
from portal.dossiers.panels import PANELS, Panel
from portal.kernel.policy import allowed
from portal.promises.policy import Do

RANK = 2
"""Below what the authorities say."""


def followed(actor: Any, dossier: Dossier) -> dict[str, Any] | None:
    """Asks the database nothing: the template counts the entries that the page shows anyway."""
    if dossier.hidden_at is not None:
        return None
    may = allowed(actor, Do.DOCUMENT, dossier) or allowed(actor, Do.HOLD_TRIAL, dossier)
    return {"may": may, "ref": dossier.ref}


PANELS.append(Panel("promises/followed.html", "main", followed, rank=RANK))
