"""What a dossier's page shows of help: how many signed with it; and to moderators who gave it."""

from typing import Any

from portal.assistance import queries
from portal.assistance.policy import Do
from portal.dossiers.models import Dossier, Kind
from portal.dossiers.panels import PANELS, Panel
from portal.kernel.policy import allowed

ENOUGH_TO_COUNT = 5
"""Of fewer no number is shown: neighbours would know whom it is about."""


def share(actor: Any, dossier: Dossier) -> dict[str, Any] | None:
    """What the page says of it, if anybody was helped; on a petition it stands beside paper."""
    return {"enough": ENOUGH_TO_COUNT} if dossier.kind != Kind.PETITION else None


def helpers(actor: Any, dossier: Dossier) -> dict[str, Any] | None:
    found = queries.entered_by(dossier) if allowed(actor, Do.SEE_HELPER, dossier) else []
    return {"entered": found} if found else None


PANELS.extend(
    [
        Panel("assistance/share.html", "side", share, rank=2),
        Panel("assistance/entered.html", "side", helpers, rank=2),
    ]
)
