"""The way from the page of a dossier to what can be printed of it."""

from typing import Any

from portal.dossiers.models import Dossier
from portal.dossiers.panels import PANELS, Panel
from portal.kernel.policy import allowed
from portal.printing.policy import Do


def printing(actor: Any, dossier: Dossier) -> dict[str, Any] | None:
    if not allowed(actor, Do.PRINT, dossier):
        return None
    return {"dossier": dossier, "sheets": allowed(actor, Do.ORDER, dossier)}


PANELS.append(Panel("printing/link.html", "act", printing, rank=2))
