"""What belongs with a dossier, on its page."""

from typing import Any

from portal.dossiers.models import Dossier
from portal.dossiers.panels import PANELS, Panel
from portal.kernel.policy import allowed
from portal.ties import texts  # noqa: F401 (its words of the timeline)
from portal.ties.policy import Do
from portal.ties.queries import tied_to


def ties(actor: Any, dossier: Dossier) -> dict[str, Any] | None:
    """Nothing once a moderator took the words away."""
    found = tied_to(dossier) if dossier.tied and dossier.hidden_at is None else []
    return {"found": found, "dossier": dossier, "may": allowed(actor, Do.UNTIE, dossier)} if found else None


PANELS.append(Panel("ties/_tied.html", "main", ties, rank=1))
