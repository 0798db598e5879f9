"""What the page of a dossier shows of it: the question to its supporters, or what came of it."""

from typing import Any

from portal.dossiers.models import Dossier, State
from portal.dossiers.panels import PANELS, Panel
from portal.kernel.policy import allowed
from portal.verdicts import queries
from portal.verdicts.forms import VerdictForm
from portal.verdicts.models import ASKING, Ballot, Outcome, Round
from portal.verdicts.policy import Do
from portal.verdicts.texts import SAYS, came_of, numbers

STANDS_IN = {
    Outcome.SOLVED: {State.SOLVED},
    Outcome.NOT_SOLVED: {State.HANDED_OVER},
    Outcome.TOO_FEW: set(ASKING),
}
"""As long as the dossier stands here the outcome is the last word about it."""


def solved(actor: Any, dossier: Dossier) -> dict[str, Any] | None:
    ballot = queries.ballot(actor, dossier)
    asked = ballot.round
    if asked is None or dossier.hidden_at is not None:
        return None
    if asked.open:
        return shown(actor, dossier, asked, ballot)
    stands = dossier.state in STANDS_IN.get(asked.outcome or "", set())  # type: ignore[call-overload]
    return {"dossier": dossier, "round": asked, **outcome(asked)} if stands else None


def shown(actor: Any, dossier: Dossier, asked: Round, ballot: Ballot) -> dict[str, Any]:
    """What the fragment needs while a round is open."""
    return {
        "dossier": dossier,
        "round": asked,
        "ballot": ballot,
        "form": VerdictForm(formdata=None),
        "may": allowed(actor, Do.VOTE, ballot),
        "said": ballot.said,
        "choices": SAYS,
    }


def outcome(asked: Round) -> dict[str, Any]:
    """What a round came to, from its numbers."""
    data = {name: getattr(asked, name) for name in ("solved", "not_solved", "cannot_tell", "supporters")}
    data |= {"outcome": asked.outcome, "least": asked.least}
    whose = queries.who_said_done(asked) if asked.outcome == Outcome.NOT_SOLVED else set()
    to = [a.organisation for a in asked.dossier.addressees if a.organisation_id in whose]
    data["to"] = [{"name": organisation.name} for organisation in to]
    return {"outcome": came_of(data), "numbers": numbers(data), "good": asked.outcome == Outcome.SOLVED}


PANELS.append(Panel("verdicts/_solved.html", "main", solved, rank=2))
