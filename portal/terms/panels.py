"""For officials, on the page of a dossier: the way to put an answer off."""

from typing import Any

from portal.dossiers.models import Dossier
from portal.dossiers.panels import PANELS, Panel
from portal.kernel.policy import allowed
from portal.terms.policy import Do


def later(actor: Any, dossier: Dossier) -> dict[str, Any] | None:
    return {"dossier": dossier} if allowed(actor, Do.EXTEND, dossier) else None


PANELS.append(Panel("terms/later.html", "act", later, rank=1))
