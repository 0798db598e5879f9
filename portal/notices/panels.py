"""Following on a device: what the page of a dossier offers beside signing."""

from typing import Any

from portal.dossiers.models import Dossier
from portal.dossiers.panels import PANELS, Panel
from portal.kernel.policy import NOBODY, allowed
from portal.notices.policy import Do
from portal.notices.push import public_key


def following(actor: Any, dossier: Dossier) -> dict[str, Any] | None:
    """What a browser needs to follow it; nothing where nobody may."""
    return {"key": public_key()} if allowed(NOBODY, Do.FOLLOW, dossier) else None


PANELS.append(Panel("notices/follow.html", "side", following, rank=1))
