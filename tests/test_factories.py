"""The ready-made things are what they say, on both databases."""

import pytest
from flask import Flask

from portal.dossiers.commands import supporters
from portal.dossiers.models import SignatureState, State
from portal.dossiers.timeline import first_broken
from tests.factories import a_person, a_petition, a_plan, a_signature, an_issue

FROM_OPEN = [s for s in State if s not in {State.DRAFT, State.GATHERING}]


@pytest.mark.parametrize("state", FROM_OPEN)
def test_an_issue_in_every_state(app: Flask, state: State) -> None:
    issue = an_issue(state=state)
    assert (issue.state, first_broken(issue)) == (state, None)


@pytest.mark.parametrize("state", [s for s in State if s not in {State.UNCONFIRMED, State.OPEN}])
def test_a_petition_in_every_state(app: Flask, state: State) -> None:
    petition = a_petition(state=state)
    assert (petition.state, first_broken(petition)) == (state, None)
    assert len(petition.addressees) == 1


@pytest.mark.parametrize("state", [s for s in SignatureState if s != SignatureState.ANONYMISED])
def test_a_signature_in_every_state(app: Flask, state: SignatureState) -> None:
    plan = a_plan()
    assert a_signature(plan, state=state).state == state
    assert supporters(plan) == (state == SignatureState.CONFIRMED)


def test_a_person_has_the_roles_that_were_asked_for(app: Flask) -> None:
    assert a_person("official", "organiser").roles == {"resident", "official", "organiser"}
