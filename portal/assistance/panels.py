"""What a dossier's page shows of help: how many signed with it; and to moderators who gave it."""

from typing import Any

from portal.assistance import queries
from portal.assistance.policy import Do
from portal.dossiers.models import Dossier
from portal.dossiers.panels import PANELS, Panel
from portal.kernel.policy import allowed

ENOUGH_TO_COUNT = 5
"""Of fewer no number is shown: neighbours would know whom it is about."""


def share(actor: Any, dossier: Dossier) -> dict[str, Any] | None:
    found = queries.assisted_share(dossier)
    if not found.assisted:
        return None
    return {"assisted": found.assisted, "total": found.total, "few": found.assisted < ENOUGH_TO_COUNT}


def helpers(actor: Any, dossier: Dossier) -> dict[str, Any] | None:
    found = queries.entered_by(dossier) if allowed(actor, Do.SEE_HELPER, dossier) else []
    return {"entered": found} if found else None


PANELS.extend(
    [
        Panel("assistance/share.html", "side", share, rank=2),
        Panel("assistance/entered.html", "side", helpers, rank=2),
    ]
)
