"""On the page of a dossier, for those who may look: how many mails wait there."""

from typing import Any

from portal.dossiers.models import Dossier
from portal.dossiers.panels import PANELS, Panel
from portal.mailroom.queries import number_waiting


def waiting(actor: Any, dossier: Dossier) -> dict[str, Any] | None:
    number = number_waiting(actor, dossier)
    return {"number": number} if number else None


PANELS.append(Panel("mailroom/waits.html", "main", waiting, rank=1))
