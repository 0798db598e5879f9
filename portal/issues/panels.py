"""What a dossier's page shows of its report: what was asked about its category, and answered."""

from typing import Any

from flask_babel import get_locale

from portal.dossiers.models import Dossier
from portal.dossiers.panels import PANELS, Panel
from portal.issues.policy import Do
from portal.issues.questions import in_words
from portal.kernel.policy import allowed


def answers(actor: Any, dossier: Dossier) -> dict[str, Any] | None:
    """Question and answer; nothing once a moderator took the words away."""
    if dossier.hidden_at is not None or not dossier.answers:
        return None
    pairs = in_words(dossier.category_slug, dossier.answers, str(get_locale()))
    return {"pairs": pairs, "language": dossier.language} if pairs else None


def planned(actor: Any, dossier: Dossier) -> dict[str, Any] | None:
    """For those whose plan it is: the way to its day."""
    return {"dossier": dossier} if allowed(actor, Do.SET_DAY, dossier) else None


PANELS.append(Panel("issues/planned.html", "act", planned))
PANELS.append(Panel("issues/answers.html", "main", answers))
