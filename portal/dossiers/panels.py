"""What a dossier's page shows beside its own: each feature adds its panel, knowing nothing of the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from portal.dossiers.models import Dossier
from portal.dossiers.timeline import Entry

Load = Callable[..., dict[str, Any] | None]
"""(actor, dossier) -> what the panel's template needs as `panel`; None when there is nothing to show."""


@dataclass(frozen=True)
class Panel:
    template: str
    where: str
    """`main` (between the words and the timeline), `side`, or `act` (what the actor can do)."""
    load: Load
    rank: int = 0
    """What neighbours ask (0) stands before what others say to it (1), whichever registered first."""
    retells: bool = False
    """It is made from the entries, which the page has read: `load` is given them too."""


PANELS: list[Panel] = []


def panels_of(
    actor: Any, dossier: Dossier, entries: Sequence[Entry]
) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """Where -> (template, what it needs), by rank and then as the features registered."""
    found: dict[str, list[tuple[str, dict[str, Any]]]] = {"main": [], "side": [], "act": []}
    for panel in sorted(PANELS, key=lambda known: known.rank):
        loaded = panel.load(actor, dossier, *([entries] if panel.retells else []))
        if loaded is not None:
            found[panel.where].append((panel.template, loaded))
    return found
