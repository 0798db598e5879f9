"""Two officials answer at the same moment: two entries, none lost, one chain."""

import threading
from collections.abc import Callable

from flask import Flask

from portal.accounts.models import Organisation, Person, Role
from portal.answers import commands
from portal.answers.models import AnswerKind
from portal.dossiers.models import Dossier, State
from portal.dossiers.timeline import first_broken
from portal.kernel.db import db, find
from tests.answers.making import Case, answers
from tests.factories import a_person

ROUNDS = 5


def together(*deeds: Callable[[], object]) -> list[BaseException]:
    """Do all of these at the same moment, each in a thread of its own; what went wrong."""
    start, wrong = threading.Barrier(len(deeds)), []

    def run(deed: Callable[[], object]) -> None:
        start.wait()
        try:
            deed()
        except BaseException as error:  # handed to the test, which judges it
            wrong.append(error)

    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def answering(app: Flask, case: Case, official: Person, text: str, **given: object) -> Callable[[], None]:
    """An answer as another process would give it: with a session of its own."""
    who, what, where = official.id, case.dossier.id, case.authority.id
    known = {"kind": AnswerKind.GRANTED, "level": "decision", "text": text} | given

    def deed() -> None:
        with app.app_context():
            organisation = find(Organisation, where)
            commands.answer(find(Person, who), find(Dossier, what), organisation=organisation, **known)

    return deed


def test_both_stand_on_the_timeline(app: Flask) -> None:
    case = Case()
    colleague = a_person(Role.OFFICIAL, of=case.authority)
    for number in range(ROUNDS):
        ours, theirs = f"Ours {number}", f"Theirs {number}"
        wrong = together(
            answering(app, case, case.official, ours),
            answering(app, case, colleague, theirs, kind=AnswerKind.DONE),
        )
        assert not wrong
        db.session.commit()  # ends our own reading: see what was written meanwhile
        told = [entry.text for entry in answers(case.dossier)]
        assert len(told) == 2 * (number + 1)
        assert {ours, theirs} <= set(told)
    assert case.dossier.state in {State.ANSWERED, State.DONE}
    assert first_broken(case.dossier) is None


def test_the_same_form_sent_twice_at_once_is_one_answer(app: Flask) -> None:
    case = Case()
    deed = answering(app, case, case.official, "Once", once="the same form")
    assert not together(deed, deed)
    db.session.commit()
    assert [entry.text for entry in answers(case.dossier)] == ["Once"]
