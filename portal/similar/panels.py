"""Beside a report or a plan: what is open near it and may belong together with it."""

from typing import Any

from portal.dossiers.models import Dossier, Kind
from portal.dossiers.panels import PANELS, Panel
from portal.dossiers.queries import NEAR_METRES
from portal.similar.queries import alike
from portal.similar.queries import beside as near

MOST = 5
LAST = 9
"""Below what belongs to the dossier itself."""


def beside(actor: Any, dossier: Dossier) -> dict[str, Any] | None:
    """The likeliest; nothing for what has no point, for a petition, or for what nobody may see."""
    if dossier.kind == Kind.PETITION or dossier.lat is None or dossier.hidden_at is not None:
        return None
    others = alike(dossier, near(dossier))
    near_by = [one for one in others if one.metres is not None and one.metres <= NEAR_METRES]
    found = [one for one in near_by if one.shown][:MOST]
    return {"beside": found} if found else None


PANELS.append(Panel("similar/beside.html", "side", beside, rank=LAST))
