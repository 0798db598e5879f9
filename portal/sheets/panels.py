"""What a petition's page shows of paper: how many signed there, and the way to the sheets."""

from typing import Any

from portal.dossiers.models import Dossier, Kind
from portal.dossiers.panels import PANELS, Panel
from portal.kernel.policy import allowed
from portal.sheets.policy import Do
from portal.sheets.texts import came


def how_they_came(actor: Any, dossier: Dossier) -> dict[str, Any] | None:
    """For everybody: `184 online + 17 on paper`; the page shows nothing when all signed online."""
    return {"came": came} if dossier.kind == Kind.PETITION else None


def way_in(actor: Any, dossier: Dossier) -> dict[str, Any] | None:
    return {"petition": dossier} if allowed(actor, Do.LIST, dossier) else None


PANELS.append(Panel("sheets/ways.html", "main", how_they_came))
PANELS.append(Panel("sheets/act.html", "act", way_in))
