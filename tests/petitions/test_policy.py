"""Who may bundle, who may answer: today's organisers, and those who opened the dossier. Nobody else."""

from datetime import timedelta
from typing import Any

import pytest

from portal.accounts import commands as accounts
from portal.accounts.models import OrganisationKind, Role
from portal.dossiers import commands as dossiers
from portal.kernel import clock
from portal.kernel.commands import transaction
from portal.kernel.errors import Invalid, NotAllowed
from portal.kernel.policy import NOBODY, allowed
from portal.petitions import commands
from portal.petitions.models import Consent
from portal.petitions.policy import Do
from tests.factories import a_membership, a_person, an_issue, an_organisation
from tests.petitions.making import WORDS, a_bundle, a_platform, lineage_of, says

PETITION = (Do.EDIT, Do.INVITE, Do.PUBLISH, Do.TAKE_APART)


def outsiders() -> list[Any]:
    """Everybody who might think that they may, and may not."""
    other = a_person(Role.ORGANISER, of=an_organisation(OrganisationKind.PLATFORM))
    former_membership = a_membership()
    accounts.end_membership(former_membership.person, former_membership)
    roles = [Role.CONTACT, Role.OFFICIAL, Role.MEMBER, Role.MODERATOR]
    return [NOBODY, a_person(), other, former_membership.person, *(a_person(role) for role in roles)]


def test_only_its_own_organisers_work_on_a_petition(app: object) -> None:
    platform, organiser = a_platform()
    petition = a_bundle(organiser, platform, [an_issue()])
    for outsider in [*outsiders(), a_person(Role.CONTACT, of=platform)]:
        assert not allowed(outsider, Do.DRAFT, platform)
        assert not any(allowed(outsider, do, petition) for do in PETITION)
    assert all(allowed(organiser, do, petition) for do in PETITION)


def test_an_ended_membership_gives_no_rights(app: object) -> None:
    platform, organiser = a_platform()
    petition = a_bundle(organiser, platform, [an_issue()])
    accounts.end_membership(organiser, organiser.memberships[0])
    assert not allowed(organiser, Do.DRAFT, platform)
    assert not any(allowed(organiser, do, petition) for do in PETITION)
    with pytest.raises(NotAllowed):
        commands.publish(organiser, petition)


def test_a_membership_ends_by_itself(app: object) -> None:
    platform = an_organisation(OrganisationKind.PLATFORM)
    organiser = a_person()
    a_membership(organiser, platform, Role.ORGANISER, until=clock.today())
    petition = a_bundle(organiser, platform, [an_issue()])
    with clock.at(clock.now() + timedelta(days=2)), pytest.raises(NotAllowed):
        commands.publish(organiser, petition)


@pytest.mark.parametrize("other", ["core", "authority", "committee", "support"])
def test_only_platforms_and_coalitions_write_petitions(app: object, other: str) -> None:
    organisation = an_organisation(other)
    organiser = a_person(Role.ORGANISER, of=organisation)
    assert not allowed(organiser, Do.DRAFT, organisation)


def test_only_who_opened_it_answers(app: object) -> None:
    platform, organiser = a_platform()
    report = an_issue()
    part = lineage_of(a_bundle(organiser, platform, [report]), report)
    for outsider in [*outsiders(), organiser]:
        assert not allowed(outsider, Do.CONSENT, part)
        assert not allowed(outsider, Do.SEE_CONSENT, part)
    assert allowed(report.opener, Do.CONSENT, part)


def test_for_an_organisation_who_speaks_for_it_today(app: object) -> None:
    platform, organiser = a_platform()
    core = an_organisation(OrganisationKind.CORE)
    opener, successor = a_person(Role.CONTACT, of=core), a_person(Role.CONTACT, of=core)
    report = an_issue(opener=opener, organisation_id=core.id)
    part = lineage_of(a_bundle(organiser, platform, [report]), report)
    accounts.end_membership(opener, opener.memberships[0])
    assert not allowed(opener, Do.CONSENT, part)
    assert allowed(successor, Do.CONSENT, part)


def test_nothing_changes_any_more_after_hand_over(app: object) -> None:
    platform, organiser = a_platform()
    report, more = an_issue(), an_issue()
    petition = a_bundle(organiser, platform, [report, more])
    commands.publish(organiser, petition)
    dossiers.hand_over(organiser, petition)
    assert not any(allowed(organiser, do, petition) for do in PETITION)
    with pytest.raises(NotAllowed):
        says(report, petition, Consent.JOINED)
    with pytest.raises(NotAllowed):
        commands.drop(organiser, lineage_of(petition, more))


def test_who_joined_is_not_dropped_and_who_answered_is_not_asked_again(app: object) -> None:
    platform, organiser = a_platform()
    joined, apart, silent = an_issue(), an_issue(), an_issue()
    petition = a_bundle(organiser, platform, [joined, apart, silent])
    says(joined, petition, Consent.JOINED)
    says(apart, petition, Consent.APART)
    with pytest.raises(NotAllowed):
        commands.drop(organiser, lineage_of(petition, joined))
    for report in (apart, silent):
        commands.drop(organiser, lineage_of(petition, report))
    commands.invite(organiser, petition, dossiers=[joined, apart, silent])
    consents = [lineage_of(petition, report).consent for report in (joined, apart, silent)]
    assert consents == [Consent.JOINED, Consent.RELEASED, Consent.ASKED]
    with pytest.raises(NotAllowed):
        says(apart, petition, Consent.JOINED)


@pytest.mark.parametrize(
    "given",
    [
        {"neighbourhood_code": "TM01"},
        {"neighbourhood_code": None},
        {"state": "solved"},
        {"state": "withdrawn"},
        {"state": "unconfirmed"},
    ],
)
def test_what_cannot_be_invited(app: object, given: dict[str, Any]) -> None:
    platform, organiser = a_platform()
    with pytest.raises(Invalid):
        a_bundle(organiser, platform, [an_issue(**given)])


@pytest.mark.parametrize(
    "given",
    [
        {"title": " "},
        {"title": "x" * 121},
        {"body": ""},
        {"demands": []},
        {"demands": [" "]},
        {"demands": ["x"] * 11},
        {"demands": ["x" * 301]},
        {"to": []},
    ],
)
def test_what_cannot_be_written(app: object, given: dict[str, Any]) -> None:
    platform, organiser = a_platform()
    with pytest.raises(Invalid):
        a_bundle(organiser, platform, **given)


def test_a_petition_is_put_to_authorities_only(app: object) -> None:
    platform, organiser = a_platform()
    with pytest.raises(Invalid):
        commands.draft(organiser, platform, **WORDS, demands=["One."], to=[platform])


def test_an_imported_report_has_nobody_to_ask(app: object) -> None:
    platform, organiser = a_platform()
    with pytest.raises(Invalid):
        a_bundle(organiser, platform, [an_imported_report()])


def an_imported_report() -> Any:
    report = an_issue()
    with transaction():
        report.opener_id = None
    return report
