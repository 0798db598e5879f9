"""What a bundle shows on the page of a dossier: what a petition asks and is made from, and the way back."""

from collections.abc import Sequence
from typing import Any

from portal.dossiers.breadth import FEW, households
from portal.dossiers.cards import title_of
from portal.dossiers.models import Dossier, Kind
from portal.dossiers.panels import PANELS, Panel
from portal.dossiers.policy import Do as DossierDo
from portal.dossiers.timeline import Entry
from portal.kernel.policy import allowed
from portal.petitions import queries
from portal.petitions.models import Consent, Lineage
from portal.petitions.policy import Do
from portal.petitions.texts import CONSENTS, STRANDS

SUCCESSIONS = frozenset({"succeeded", "continued"})


def strands(parts: Sequence[Lineage]) -> list[dict[str, Any]]:
    """Each dossier of a petition as one strand of the drawing."""
    return [
        {
            "dossier": part.dossier,
            "title": title_of(part.dossier),
            "consent": CONSENTS[part.consent],
            "strand": STRANDS.get(Consent(part.consent), ""),
            "lineage": part,
        }
        for part in parts
    ]


def demands(actor: Any, dossier: Dossier) -> dict[str, Any] | None:
    return {"demands": queries.demands(dossier)} if dossier.kind == Kind.PETITION else None


def lineage(actor: Any, dossier: Dossier) -> dict[str, Any] | None:
    """Where a petition comes from, and how many of those asked joined."""
    parts = queries.parts(dossier) if dossier.kind == Kind.PETITION else []
    if not parts:
        return None
    joined = [part.dossier_id for part in parts if part.consent == Consent.JOINED]
    told = households(joined) if len(joined) >= FEW else None
    return {"parts": strands(parts), "joined": len(joined), "total": len(parts), "households": told}


def bundled(actor: Any, dossier: Dossier) -> dict[str, Any] | None:
    """The petitions that an issue or a plan is part of, or asked for."""
    if dossier.kind == Kind.PETITION:
        return None
    found = queries.lineages_of(dossier)
    shown = [
        {"petition": part.petition, "title": title_of(part.petition), "consent": CONSENTS[part.consent]}
        for part in found
        if allowed(actor, DossierDo.READ, part.petition)
    ]
    asked = [part for part in found if allowed(actor, Do.CONSENT, part)]
    return {"petitions": shown, "asked": asked, "dossier": dossier} if shown or asked else None


def succession(actor: Any, dossier: Dossier, entries: Sequence[Entry]) -> dict[str, Any] | None:
    """What a petition goes on as, and what it continues; it is told on both when that is so."""
    told = dossier.kind == Kind.PETITION and any(entry.verb in SUCCESSIONS for entry in entries)
    known = queries.successions(dossier) if told else []
    found = [one for one in known if not one.together]
    onward = [one.successor for one in found if one.petition_id == dossier.id]
    back = [one.petition for one in found if one.successor_id == dossier.id]
    return {"onward": onward, "back": back} if found else None


def work(actor: Any, dossier: Dossier) -> dict[str, Any] | None:
    """What its organisers can do with a petition."""
    if dossier.kind != Kind.PETITION:
        return None
    deeds = (Do.EDIT, Do.INVITE, Do.PUBLISH, Do.TAKE_APART, Do.SUCCEED)
    can = {do.name: allowed(actor, do, dossier) for do in deeds}
    can["SUCCEED"] = can["SUCCEED"] and queries.succession_of(dossier.id) is None
    return {"can": can, "petition": dossier} if any(can.values()) else None


PANELS.extend(
    [
        Panel("petitions/_demands.html", "main", demands),
        Panel("petitions/_lineage.html", "main", lineage),
        Panel("petitions/_bundled.html", "main", bundled),
        Panel("petitions/_succession.html", "main", succession, retells=True),
        Panel("petitions/_work.html", "act", work),
    ]
)
