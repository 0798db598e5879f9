"""What those whose dossier it is see on its page: that an official asks them something."""

from typing import Any

from portal.dossiers.models import LIFECYCLE, Dossier
from portal.dossiers.panels import PANELS, Panel
from portal.dossiers.policy import HOLDERS
from portal.kernel.policy import allowed
from portal.questions import queries
from portal.questions.policy import Do


def questions(actor: Any, dossier: Dossier) -> dict[str, Any] | None:
    """Nobody else is asked; where no clock tells of a question nothing is looked up."""
    theirs = any(all(rule(actor, dossier) for rule in who) for who in HOLDERS)
    asked = any(addressee.term.get("questions") for addressee in dossier.addressees)
    if not theirs or not asked or not LIFECYCLE.can(dossier, "answer"):
        return None
    found = [question for question in queries.welcome(dossier) if allowed(actor, Do.REPLY, question)]
    return {"questions": found, "dossier": dossier} if found else None


PANELS.append(Panel("questions/asked.html", "act", questions))
