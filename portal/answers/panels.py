"""What a dossier's page shows of answers: what the authorities say, and the way to add to it."""

from collections.abc import Sequence
from typing import Any

from portal.answers import queries
from portal.answers.policy import Do
from portal.answers.texts import what_became
from portal.dossiers.models import Dossier
from portal.dossiers.panels import PANELS, Panel
from portal.dossiers.texts import told
from portal.dossiers.timeline import Entry
from portal.kernel.policy import allowed


def said(actor: Any, dossier: Dossier, told_so_far: Sequence[Entry]) -> dict[str, Any] | None:
    """The cards, each as its entry reads on the timeline; nothing once a moderator took them away."""
    if dossier.hidden_at is not None:
        return None
    entries = queries.public_answers(told_so_far)
    words = {shown.seq: shown for shown in told(entries)}
    cards = [(card, words[card.entry.seq], what_became(card)) for card in queries.said(entries)]
    return {"cards": cards} if cards else None


def ways_to_add(actor: Any, dossier: Dossier) -> dict[str, Any] | None:
    """For officials to answer, for the dossier's own people to write down what was said elsewhere."""
    may = {"answer": allowed(actor, Do.ANSWER, dossier), "write_down": allowed(actor, Do.WRITE_DOWN, dossier)}
    return {"dossier": dossier, **may} if any(may.values()) else None


PANELS.append(Panel("answers/said.html", "main", said, rank=1, retells=True))
PANELS.append(Panel("answers/add.html", "act", ways_to_add, rank=1))
