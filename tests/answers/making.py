"""Ready-made cases for tests of answers: a dossier on the desk of an authority."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from portal.accounts.models import Organisation, Person, Role
from portal.answers import commands
from portal.answers.models import AnswerKind, Level
from portal.dossiers.models import Addressee, Dossier, State
from portal.dossiers.timeline import Entry
from portal.kernel.clock import today
from portal.kernel.db import db
from tests.factories import a_person, a_petition, an_organisation


def days(number: int) -> date:
    return today() + timedelta(days=number)


class Case:
    """A petition handed over to some authorities, and an official of the first one."""

    def __init__(self, authorities: int = 1) -> None:
        self.platform = an_organisation("platform")
        self.organiser = a_person(Role.ORGANISER, of=self.platform)
        self.authorities = [an_organisation() for _ in range(authorities)]
        self.authority = self.authorities[0]
        self.official = a_person(Role.OFFICIAL, of=self.authority)
        self.dossier = self.another()

    def another(self, to: Sequence[Organisation] = (), **given: Any) -> Dossier:
        given = {"state": State.HANDED_OVER} | given
        return a_petition(
            organisation=self.platform, opener=self.organiser, addressees=to or self.authorities, **given
        )

    def answer(self, kind: str = AnswerKind.GRANTED, *, actor: Person | None = None, **given: Any) -> Entry:
        known: dict[str, Any] = {"organisation": self.authority, "text": "We do it.", "level": Level.DECISION}
        known |= (
            RIGHT.get(kind, dict)() if kind != AnswerKind.TRANSFERRED else {"transfer_to": an_organisation()}
        )
        made: Entry = commands.answer(actor or self.official, self.dossier, kind=kind, **known | given)
        return made

    def addressee(self, organisation: Organisation | None = None) -> Addressee:
        wanted = db.select(Addressee).filter_by(
            dossier_id=self.dossier.id, organisation_id=(organisation or self.authority).id
        )
        return db.session.scalars(wanted.execution_options(populate_existing=True)).one()


RIGHT: dict[str, Any] = {
    AnswerKind.PROMISE: lambda: {"promise_on": days(30)},
    AnswerKind.TRIAL: lambda: {"trial_place": "The square", "trial_from": days(1), "trial_until": days(21)},
    AnswerKind.REFUSED: lambda: {"reason": "There is no money for it."},
    AnswerKind.TRANSFERRED: lambda: {"transfer_to": an_organisation()},
}
"""What each kind needs beside its words."""


def answers(dossier: Dossier) -> list[Entry]:
    wanted = db.select(Entry).filter_by(dossier_id=dossier.id, verb="answered").order_by(Entry.seq)
    return list(db.session.scalars(wanted))
