"""The lifecycle of a dossier: the document is the code, no state is dead, and every command keeps to it."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from portal.accounts.models import Organisation, Person, Role
from portal.answers import commands as answers
from portal.answers.models import AnswerKind, Level
from portal.dossiers import commands as dossiers
from portal.dossiers.models import LIFECYCLE, Dossier, Kind, State
from portal.dossiers.timeline import first_broken
from portal.issues import commands as issues
from portal.kernel.db import db
from portal.kernel.errors import AlreadyDone, IllegalMove, NotAllowed
from portal.petitions import commands as petitions
from tests import lifecycle
from tests.factories import a_person, a_petition, an_issue, an_organisation


def test_the_document_is_what_the_code_says() -> None:
    assert lifecycle.FILE.read_text() == lifecycle.written(), "run make lifecycle"


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", LIFECYCLE.moves)
def test_a_move_leads_where_the_table_says_or_nowhere(move: str, state: State) -> None:
    sources, to = LIFECYCLE.moves[move]
    thing = SimpleNamespace(state=state)
    assert LIFECYCLE.can(thing, move) == (state in sources)
    if state in sources:
        LIFECYCLE.make(thing, move)
        assert thing.state == to
    else:
        with pytest.raises(IllegalMove):
            LIFECYCLE.make(thing, move)
        assert thing.state == state


def test_every_state_is_reached_and_none_is_dead() -> None:
    """From a beginning one gets everywhere, and from everywhere to an end that can be left again."""
    onward: dict[State, set[State]] = {state: set() for state in State}
    for sources, to in LIFECYCLE.moves.values():
        for state in sources:
            onward[State(state)].add(State(to))

    def reached(*first: State) -> set[State]:
        found, left = set(first), list(first)
        while left:
            new = onward[left.pop()] - found
            found |= new
            left += new
        return found

    assert reached(*lifecycle.FIRST) == set(State)
    for state in State:
        assert onward[state], f"nothing leads out of {state}"
        assert {State.SOLVED, State.WITHDRAWN} & reached(state), f"{state} comes to no end"


class Deeds:
    """Each command that moves a dossier, done by whoever may: only the state can stand in the way."""

    def __init__(self) -> None:
        self.authority, self.platform = an_organisation(), an_organisation("platform")
        self.official = a_person(Role.OFFICIAL, of=self.authority)
        self.organiser = a_person(Role.ORGANISER, of=self.platform)

    def at(self, state: State, kind: Kind) -> Dossier:
        """A dossier that stands there, put to the authority where it can be."""
        beginnings = {State.UNCONFIRMED, State.DRAFT, State.OPEN, State.GATHERING}
        if kind == Kind.PETITION:
            given = {"organisation": self.platform, "opener": self.organiser, "addressees": [self.authority]}
            return self._put(a_petition(state=state, **given), state)
        given = {"opener": self.organiser, "organisation_id": self.platform.id}
        made = an_issue(state=state if state in beginnings else State.OPEN, **given)
        return self._put(made, state)

    def _put(self, dossier: Dossier, state: State) -> Dossier:
        if dossier.state == state:
            return dossier
        dossiers.hand_over(self.organiser, dossier, to=[self.authority])
        if state in {State.ANSWERED, State.DONE}:
            self.answer(dossier, AnswerKind.GRANTED if state == State.ANSWERED else AnswerKind.DONE)
        elif state in {State.SOLVED, State.WITHDRAWN}:
            {State.SOLVED: dossiers.solve, State.WITHDRAWN: dossiers.withdraw}[state](self.organiser, dossier)
        return dossier

    def answer(self, dossier: Dossier, kind: str, **more: Any) -> None:
        said = {"text": "So it is.", "level": Level.DECISION, "organisation": self.authority}
        answers.answer(self.official, dossier, kind=kind, **said, **more)

    def all(self, kind: Kind) -> dict[str, tuple[str, Callable[[Dossier], Any]]]:
        """Deed -> the move it makes, and how it is done."""
        to: Organisation = an_organisation()
        by: Person = self.organiser
        known: dict[str, tuple[str, Callable[[Dossier], Any]]] = {
            "hand over": ("hand_over", lambda d: dossiers.hand_over(by, d, to=[to])),
            "solve": ("solve", lambda d: dossiers.solve(by, d)),
            "withdraw": ("withdraw", lambda d: dossiers.withdraw(by, d)),
            "answer": ("answer", lambda d: self.answer(d, AnswerKind.GRANTED)),
            "say done": ("finish", lambda d: self.answer(d, AnswerKind.DONE)),
            "pass on": ("hand_over", lambda d: self.answer(d, AnswerKind.TRANSFERRED, transfer_to=to)),
        }
        again = "regather" if kind == Kind.PETITION else "reopen"
        known["open again"] = (again, lambda d: dossiers.reopen(by, d, text="It is back."))
        if kind == Kind.PETITION:
            known["publish"] = ("publish", lambda d: petitions.publish(by, d))
        else:
            known["confirm"] = ("confirm", lambda d: issues.confirm_report(d.opener, d))
        return known


ASKED = {"answer", "say done", "pass on"}
"""For these it must have been put to the authority, which the table does not know."""


@pytest.mark.parametrize("of", [Kind.ISSUE, Kind.PETITION])
def test_every_command_moves_as_the_table_says_and_no_other_way(app: Flask, of: Kind) -> None:
    """Through the commands, from every state a dossier of this kind can stand in: what is refused changes
    nothing, and the chain of entries holds.
    """
    deeds, wrong = Deeds(), []
    never = {State.OPEN, State.UNCONFIRMED} if of == Kind.PETITION else {State.DRAFT, State.GATHERING}
    for state in [state for state in State if state not in never]:
        for name, (move, do) in deeds.all(of).items():
            dossier = deeds.at(state, of)
            sources, to = LIFECYCLE.moves[move]
            may = state in sources and (name not in ASKED or any(a.due_on for a in dossier.addressees))
            before = dossier.entry_count
            try:
                do(dossier)
            except (NotAllowed, IllegalMove, AlreadyDone):
                db.session.rollback()
            moved = dossier.entry_count > before
            if moved != may or dossier.state != (to if may else state) or first_broken(dossier):
                wrong.append(f"{name} from {state}: now {dossier.state}, should be {to if may else state}")
    assert not wrong, "\n".join(wrong)
