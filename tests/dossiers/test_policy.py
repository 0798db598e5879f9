"""Who may do what with a dossier: one table, with a cell for every permission and kind of visitor."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from portal.accounts.models import Organisation, OrganisationKind, Role
from portal.dossiers.models import Dossier, SignatureState, State
from portal.dossiers.policy import Do
from portal.kernel.clock import today
from portal.kernel.db import db
from portal.kernel.policy import NOBODY, RULES, allowed, is_system
from tests.factories import a_membership, a_person, a_petition, a_signature, an_issue, an_organisation

WHO = (
    "nobody",
    "neighbour",
    "opener",
    "organiser",
    "elsewhere",
    "contact",
    "official",
    "member",
    "moderator",
)
"""`organiser` of the platform of the place, `elsewhere`: of another; `contact` of a building in the place."""


def cast(dossier: Dossier, platform: Organisation) -> dict[str, Any]:
    far = an_organisation(OrganisationKind.PLATFORM, neighbourhood_code="TM")
    return {
        "nobody": NOBODY,
        "neighbour": a_person(),
        "opener": dossier.opener,
        "organiser": a_person(Role.ORGANISER, of=platform),
        "elsewhere": a_person(Role.ORGANISER, of=far),
        "contact": a_person(Role.CONTACT),
        "official": a_person(Role.OFFICIAL),
        "member": a_person(Role.MEMBER),
        "moderator": a_person(Role.MODERATOR, of=far),
    }


def may(do: Do, dossier: Dossier, platform: Organisation) -> set[str]:
    return {who for who, actor in cast(dossier, platform).items() if allowed(actor, do, dossier)}


ALL = set(WHO)
ISSUE = {
    Do.READ: ALL,
    Do.SEE: ALL,
    Do.SHARE: ALL,
    Do.SIGN: ALL,
    Do.TELL: {"opener"},
    Do.HAND_OVER: {"opener", "organiser"},
    Do.WITHDRAW: {"opener"},
    Do.SOLVE: {"opener"},
    Do.REOPEN: set(),
    Do.HIDE: {"moderator"},
    Do.UNHIDE: set(),
}
"""An open report by a neighbour in K-buurt."""
PETITION = {
    Do.READ: ALL,
    Do.SEE: ALL,
    Do.SHARE: ALL,
    Do.SIGN: ALL,
    Do.TELL: {"opener", "organiser"},
    Do.HAND_OVER: {"opener", "organiser"},
    Do.WITHDRAW: {"opener", "organiser"},
    Do.SOLVE: {"opener", "organiser"},
    Do.REOPEN: set(),
    Do.HIDE: {"moderator"},
    Do.UNHIDE: set(),
}
"""A petition that is being signed, of the platform of K-buurt, opened by one of its organisers."""


@pytest.mark.parametrize("do", ISSUE)
def test_an_open_issue(app: Flask, do: Do) -> None:
    assert may(do, an_issue(), an_organisation(OrganisationKind.PLATFORM)) == ISSUE[do]


@pytest.mark.parametrize("do", PETITION)
def test_a_petition_that_is_being_signed(app: Flask, do: Do) -> None:
    platform = an_organisation(OrganisationKind.PLATFORM)
    assert may(do, a_petition(organisation=platform), platform) == PETITION[do]


def test_every_permission_is_in_the_table() -> None:
    tested_below = {Do.CONFIRM, Do.WITHDRAW_SIGNATURE, Do.RENAME_SIGNATURE, Do.INVALIDATE}
    tested_below |= {Do.WATCH, Do.LOOK, Do.STRIKE, Do.UNDO_STRIKE}  # in tests/integrity
    tested_below |= {Do.OPEN_STAND, Do.CLOSE_STAND}
    tested_below |= {Do.QUIETEN}  # in tests/verdicts
    system_only = {do for do in Do if all(is_system in clause for clause in RULES[do])}
    assert set(Do) - set(ISSUE) - tested_below - system_only == set()


@pytest.mark.parametrize(
    ("make", "readers"),
    [
        (lambda platform: an_issue(state=State.UNCONFIRMED), {"opener", "moderator"}),
        (lambda p: a_petition(state=State.DRAFT, organisation=p), {"opener", "organiser", "moderator"}),
        (lambda platform: an_issue(state=State.WITHDRAWN), ALL),
        (lambda platform: an_issue(state=State.SOLVED), ALL),
    ],
)
def test_who_reads_what_is_not_open(
    app: Flask, make: Callable[[Organisation], Dossier], readers: set[str]
) -> None:
    platform = an_organisation(OrganisationKind.PLATFORM)
    assert may(Do.READ, make(platform), platform) == readers


@pytest.mark.parametrize("state", [s for s in State if s not in {State.DRAFT, State.GATHERING}])
def test_what_is_over_or_not_there_yet_is_not_signed(app: Flask, state: State) -> None:
    over = {State.UNCONFIRMED, State.SOLVED, State.WITHDRAWN}
    assert allowed(a_person(), Do.SIGN, an_issue(state=state)) == (state not in over)


def test_what_is_hidden_is_not_signed_nor_told_about(app: Flask) -> None:
    issue = an_issue()
    moderator = a_person(Role.MODERATOR)
    issue.hidden_at, issue.hidden_reason = issue.opened_at, "A name in it."
    db.session.commit()
    seen_by = {who for who in (issue.opener, a_person(), moderator) if allowed(who, Do.SEE, issue)}
    assert seen_by == {moderator}
    refused = {do for do in (Do.SIGN, Do.SHARE, Do.TELL) if not allowed(issue.opener, do, issue)}
    assert refused == {Do.SIGN, Do.SHARE, Do.TELL}
    assert not allowed(issue.opener, Do.HAND_OVER, issue)
    assert allowed(moderator, Do.UNHIDE, issue)
    assert not allowed(moderator, Do.HIDE, issue)


def test_a_role_that_has_ended_gives_no_rights(app: Flask) -> None:
    platform = an_organisation(OrganisationKind.PLATFORM)
    petition = a_petition(organisation=platform)
    membership = a_membership(organisation=platform, until=today())
    assert allowed(membership.person, Do.HAND_OVER, petition)
    membership.starts_on = membership.ends_on = today().replace(year=today().year - 1, day=1)
    db.session.commit()
    assert not allowed(membership.person, Do.HAND_OVER, petition)


@pytest.mark.parametrize("state", [s for s in SignatureState if s != SignatureState.ANONYMISED])
def test_a_signature_is_its_owners(app: Flask, state: SignatureState) -> None:
    signature = a_signature(an_issue(), state=state)
    owner, moderator = signature.person, a_person(Role.MODERATOR)
    for someone in (NOBODY, a_person(), signature.dossier.opener, moderator):
        assert not allowed(someone, Do.CONFIRM, signature)
        assert not allowed(someone, Do.WITHDRAW_SIGNATURE, signature)
        assert allowed(someone, Do.INVALIDATE, signature) == (someone is moderator)
    counts_or_will = state in {SignatureState.PENDING, SignatureState.CONFIRMED}
    assert not counts_or_will or allowed(owner, Do.CONFIRM, signature)
    assert allowed(owner, Do.WITHDRAW_SIGNATURE, signature) == (state != SignatureState.INVALID)
