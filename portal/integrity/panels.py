"""On the page of a dossier, for who looks after its signatures: where they see what these have in common."""

from typing import Any

from portal.dossiers.models import Dossier
from portal.dossiers.panels import PANELS, Panel
from portal.dossiers.policy import Do
from portal.kernel.policy import allowed


def watch(actor: Any, dossier: Dossier) -> dict[str, Any] | None:
    if not allowed(actor, Do.WATCH, dossier) or not dossier.public:
        return None
    return {"dossier": dossier, "stands": allowed(actor, Do.OPEN_STAND, dossier)}


PANELS.append(Panel("integrity/_watch.html", "act", watch))
