"""Several at the same moment, in several processes: nobody guesses, helps or counts more often than that."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from portal.accounts.models import Person
from portal.assistance import codes, commands
from portal.assistance.models import Mandate, Receipt, Tries
from portal.dossiers import journal
from portal.dossiers.models import Dossier, Signature, SignatureState
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.kernel.policy import NOBODY
from tests.assistance.making import a_mandate
from tests.factories import an_issue
from tests.threads import at_once


def signing(mandate: Mandate, dossier: Dossier, name: str) -> Callable[[], Any]:
    mandate_id, dossier_id, person_id = mandate.id, dossier.id, mandate.person_id

    def deed() -> Any:
        given = {"name": name, "building": "Kempering", "language": "nl", "version": "1"}
        return commands.sign_for(
            db.session.get_one(Person, person_id),
            db.session.get_one(Mandate, mandate_id),
            dossier=db.session.get_one(Dossier, dossier_id),
            code=codes.digest(f"{mandate_id} {name}"),
            **given,
        )

    return deed


def number(dossier: Dossier) -> int:
    db.session.expire_all()
    assert not list(journal.wrong([dossier]))
    counted = {"dossier_id": dossier.id, "state": SignatureState.CONFIRMED}
    return len(db.session.scalars(db.select(Signature).filter_by(**counted)).all())


def test_a_helper_who_sends_many_at_once_helps_no_more_than_the_measure(app: Flask) -> None:
    mandate, dossier = a_mandate(), an_issue()
    results = at_once(app, *(signing(mandate, dossier, f"Neighbour {letter}") for letter in "ABCDEFGH"))
    assert {type(result) for result in results} == {Receipt, commands.Enough}
    assert number(dossier) == commands.AT_ONCE


def test_two_helpers_enter_one_neighbour_once(app: Flask) -> None:
    dossier = an_issue()
    results = at_once(app, *(signing(a_mandate(), dossier, "Old Neighbour") for _ in range(3)))
    refused = [result for result in results if isinstance(result, Invalid)]
    assert [error.message for error in refused] == [commands.TWICE] * 2
    assert number(dossier) == 1


@pytest.mark.parametrize("before", [0, 7])
def test_wrong_codes_are_counted_one_by_one(app: Flask, before: int) -> None:
    def wrong() -> Any:
        return commands.try_code(NOBODY, code=codes.digest("nonsense"), network="here")

    for _ in range(before):
        wrong()
    results = [tried for _ in range(3) for tried in at_once(app, *[wrong] * 5)]
    stopped = [tried for tried in results if tried.wait_until is not None]
    assert len(stopped) == 15 + before - commands.WRONG_CODES
    db.session.expire_all()
    assert db.session.get_one(Tries, "here").number == commands.WRONG_CODES
