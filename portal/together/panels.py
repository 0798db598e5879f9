"""What doing it together shows on the page of a dossier: who carries it, and what its people are asked."""

from typing import Any

from portal.dossiers.cards import paragraphs
from portal.dossiers.models import Dossier, Kind
from portal.dossiers.panels import PANELS, Panel
from portal.dossiers.queries import supporters_of
from portal.dossiers.texts import held
from portal.kernel.policy import allowed
from portal.together import queries
from portal.together.models import Party, Says
from portal.together.policy import Do, carries
from portal.together.texts import SAYS, STATES, named, reason


def partners(actor: Any, dossier: Dossier) -> dict[str, Any] | None:
    """All who carry it, by the name they chose; the host, where it is not this one."""
    if not dossier.shared:
        return None
    known = queries.partners(dossier)
    own = next(partner for partner in known if partner.dossier_id == dossier.id)
    inside = any(carries(actor, partner.dossier) for partner in known)
    return {
        "partners": [(named(partner), partner) for partner in known],
        "host": None if own.host_id == dossier.id else own.host,
        "may_part": allowed(actor, Do.PART, own),
        "inside": inside,
        "dossier": dossier,
    }


def question(party: Party) -> dict[str, Any]:
    """One line about what somebody is asked."""
    return {
        "party": party,
        "other": party.other,
        "said": SAYS[party.says],
        "why": reason(party.proposal.why),
    }


def asked(actor: Any, dossier: Dossier) -> dict[str, Any] | None:
    """What its people are asked, and the way to ask others."""
    if dossier.kind == Kind.ISSUE or not carries(actor, dossier):
        return None
    found = [question(party) for party in queries.asked(dossier)] if dossier.proposed else []
    may = allowed(actor, Do.PROPOSE, dossier)
    return {"asked": found, "may": may, "dossier": dossier} if found or may else None


def sides(actor: Any, party: Party) -> dict[str, Any]:
    """For the page that asks: the others, the draft, what each said, and whether it can still be said."""
    asked = party.proposal
    return {
        "party": party,
        "asked": asked,
        "others": [side.dossier for side in asked.parties if side.dossier_id != party.dossier_id],
        "supporters": supporters_of(side.dossier_id for side in asked.parties),
        "why": reason(asked.why),
        "said": SAYS[party.says],
        "yes": sum(side.says == Says.YES for side in asked.parties),
        "open": allowed(actor, Do.ANSWER, party),
        "closed": STATES[asked.state],
        "paragraphs": paragraphs(asked.body),
        "held": held,
    }


PANELS.extend(
    [
        Panel("together/partners.html", "main", partners),
        Panel("together/asked.html", "act", asked),
    ]
)
