"""What authorities said to a dossier, and what waits for them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.accounts.models import Organisation, OrganisationKind, Role
from portal.accounts.queries import organisations
from portal.answers.models import REPLIES, Answer, AnswerKind
from portal.answers.policy import ASKED, addressed
from portal.dossiers.models import LIFECYCLE, Addressee, AddresseeState, Dossier
from portal.dossiers.timeline import Entry
from portal.kernel.clock import now, today
from portal.kernel.db import db

WITH_AUTHORITY = LIFECYCLE.moves["answer"][0]
"""States of a dossier in which an answer can be given."""


def speaks_for(actor: Any, dossier: Dossier, *, asked: bool = False) -> list[Organisation]:
    """The authorities for which the actor may answer this dossier; `asked`: also those that handed it on."""
    found = addressed(actor, dossier, ASKED) if asked else addressed(actor, dossier)
    return [addressee.organisation for addressee in found]


def spoke_for(actor: Any, dossier: Dossier) -> list[Organisation]:
    """As speaks_for; when there is nothing left to answer, those for which the actor did."""
    return speaks_for(actor, dossier) or speaks_for(actor, dossier, asked=True)


def authorities() -> list[Organisation]:
    return organisations(OrganisationKind.AUTHORITY)


def bodies() -> list[Organisation]:
    """Whose words can be written down: authorities and elected committees."""
    return organisations(OrganisationKind.AUTHORITY, OrganisationKind.COMMITTEE)


def waiting(organisation: Organisation) -> Any:
    """The addressees that wait for an answer of this authority, to be ordered and narrowed."""
    return (
        db.select(Addressee)
        .join(Addressee.dossier)
        .where(
            Addressee.organisation_id == organisation.id,
            Addressee.state == AddresseeState.WAITING,
            Dossier.state.in_(WITH_AUTHORITY),
        )
    )


def entry_of(dossier: Dossier, answer: Answer, **given: Any) -> Entry:
    """The entry as it would stand on the timeline; kept nowhere."""
    return Entry(
        dossier_id=dossier.id,
        dossier=dossier,
        seq=dossier.entry_count + 1,
        verb="answered",
        at=now(),
        organisation=answer.organisation,
        data={**answer.data(), **given.pop("facts", {})},
        text=answer.text.strip(),
        **{"on": today(), "precision": "day", "role": Role.OFFICIAL} | given,
    )


@dataclass(frozen=True)
class Said:
    """One card on the dossier's page: what an authority said (or a trial by others), and what came of it."""

    entry: Entry
    latest: bool
    """Nothing newer came from the same authority."""
    turned_down: Entry | None = None
    """A later refusal, by whomever."""
    done: Entry | None = None
    """The same authority said later that it is done."""
    days: dict[str, date | None] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return str(self.entry.data.get("kind") or "trial")

    @property
    def overdue(self) -> int:
        """Days since a promised day passed without word that it was done; 0 when there is no such day."""
        day = self.days.get("promise_on")
        return max(0, (today() - day).days) if day and not self.done and not self.turned_down else 0


def said(entries: list[Entry]) -> list[Said]:
    """The latest answer of each authority, and every promise and trial of theirs, the newest first."""
    answers = [e for e in entries if e.verb == "answered" and e.data.get("kind") not in REPLIES]
    latest = {entry.organisation_id: entry.id for entry in answers}
    lasting = {AnswerKind.PROMISE, AnswerKind.TRIAL}
    return [
        _card(entry, latest.get(entry.organisation_id) == entry.id, answers[place + 1 :])
        for place, entry in reversed(list(enumerate(answers)))
        if entry.data.get("kind") in lasting or latest.get(entry.organisation_id) == entry.id
    ]


def public_answers(entries: Iterable[Entry]) -> list[Entry]:
    """Those entries that are answers for everybody, by day; with them, which a moderator took away.

    A trial that neighbours held themselves is no authority's word: it stands on the timeline.
    """
    found = [e for e in entries if e.audience_id is None and e.verb in {"answered", "hidden"}]
    return sorted(found, key=lambda entry: (entry.on, entry.seq))


def _card(entry: Entry, latest: bool, later: list[Entry]) -> Said:
    own = [e for e in later if e.organisation_id == entry.organisation_id]
    return Said(
        entry,
        latest,
        turned_down=next((e for e in later if e.data.get("kind") == AnswerKind.REFUSED), None),
        done=next((e for e in own if e.data.get("kind") == AnswerKind.DONE), None),
        days={"promise_on": day_of(entry.data.get("promise_on"))},
    )


def day_of(written: str | None) -> date | None:
    """A day as an entry keeps it."""
    return date.fromisoformat(written) if written else None
