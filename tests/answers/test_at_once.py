"""Two officials answer at the same moment: two entries, none lost, one chain."""

from collections.abc import Callable

from flask import Flask

from portal.accounts.models import Organisation, Person, Role
from portal.answers import commands
from portal.answers.models import AnswerKind
from portal.dossiers.models import Dossier, State
from portal.dossiers.timeline import Entry, first_broken
from portal.kernel.db import db, find
from tests.answers.making import Case, answers
from tests.factories import a_person
from tests.threads import at_once

ROUNDS = 5


def answering(case: Case, official: Person, text: str, **given: object) -> Callable[[], Entry]:
    """An answer as another request would give it: what it reads it reads itself."""
    who, what, where = official.id, case.dossier.id, case.authority.id
    known = {"kind": AnswerKind.GRANTED, "level": "decision", "text": text} | given

    def deed() -> Entry:
        organisation = find(Organisation, where)
        made: Entry = commands.answer(
            find(Person, who), find(Dossier, what), organisation=organisation, **known
        )
        return made

    return deed


def test_both_stand_on_the_timeline(app: Flask) -> None:
    case = Case()
    colleague = a_person(Role.OFFICIAL, of=case.authority)
    for number in range(ROUNDS):
        ours, theirs = f"Ours {number}", f"Theirs {number}"
        results = at_once(
            app,
            answering(case, case.official, ours),
            answering(case, colleague, theirs, kind=AnswerKind.DONE),
        )
        assert [type(result) for result in results] == [Entry, Entry]
        db.session.commit()  # ends our own reading: see what was written meanwhile
        told = [entry.text for entry in answers(case.dossier)]
        assert len(told) == 2 * (number + 1)
        assert {ours, theirs} <= set(told)
    assert case.dossier.state in {State.ANSWERED, State.DONE}
    assert first_broken(case.dossier) is None


def test_the_same_form_sent_twice_at_once_is_one_answer(app: Flask) -> None:
    case = Case()
    deed = answering(case, case.official, "Once", once="the same form")
    assert [type(result) for result in at_once(app, deed, deed)] == [Entry, Entry]
    db.session.commit()
    assert [entry.text for entry in answers(case.dossier)] == ["Once"]
