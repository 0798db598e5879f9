"""The working views: what a platform, a moderator and the committee see, and how much it costs."""

from datetime import date, timedelta

import pytest

from portal.accounts import commands as accounts
from portal.accounts.models import OrganisationKind, Role
from portal.dossiers import commands as dossiers
from portal.kernel import clock
from portal.petitions import commands
from portal.petitions.models import Consent
from tests.browser import Browser
from tests.factories import (
    a_membership,
    a_person,
    a_petition,
    a_plan,
    a_signature,
    an_issue,
    an_organisation,
)
from tests.petitions.making import a_bundle, a_platform, says
from tests.statements import sent


def text(found: object) -> str:
    return " ".join(found.get_text(" ").split())  # type: ignore[attr-defined]


def refs(browser: Browser) -> set[str]:
    return {str(box["value"]) for box in browser.seen.select("#desk-dossiers input[name=with]")}


def test_only_those_at_the_desk(browser: Browser) -> None:
    browser.get("/desk")
    assert browser.url.startswith("/sign-in")
    former = a_membership()
    accounts.end_membership(former.person, former)
    for person in (a_person(), former.person, a_person(Role.OFFICIAL), a_person(Role.MODERATOR)):
        Browser(browser.app).signs_in(person).get("/desk")
        browser.signs_in(person).get("/desk")
        assert browser.status == 403


def test_the_list_can_be_narrowed(either_browser: Browser) -> None:
    browser = either_browser
    _, organiser = a_platform()
    bin_, lamp = an_issue(title="The bins are gone"), an_issue(title="The lamp is out")
    plan = a_plan(category_slug="container-is-vol", neighbourhood_code="TH05")
    elsewhere, over, petition = an_issue(neighbourhood_code="TM01"), an_issue(state="solved"), a_petition()
    hidden = an_issue()
    dossiers.hide(a_person(Role.MODERATOR), hidden, reason="It names a person.")
    browser.signs_in(organiser).get("/desk")
    assert refs(browser) == {bin_.ref, lamp.ref, plan.ref}
    assert not refs(browser) & {elsewhere.ref, over.ref, petition.ref, hidden.ref}
    browser.submit("form[role=search]", q="bin")
    assert refs(browser) == {bin_.ref}
    assert (browser.seen.select_one("h1") is None) == browser.js
    for name, value in (("category", plan.category_slug), ("neighbourhood", "TH05")):
        browser.get("/desk")
        browser.submit("form[role=search]", **{name: value})
        assert refs(browser) == {plan.ref}
    browser.get("/desk?q=nothing-like-it")
    assert refs(browser) == set()
    browser.get("/desk?category=unknown&neighbourhood=XX&page=99&_external=1")
    assert refs(browser) == {bin_.ref, lamp.ref, plan.ref}


def test_pages_keep_the_filter(browser: Browser) -> None:
    _, organiser = a_platform()
    for _ in range(21):
        an_issue(title="A bin")
    browser.signs_in(organiser).get("/desk?q=bin")
    assert len(refs(browser)) == 20
    browser.click("a[rel=next]")
    assert len(refs(browser)) == 1
    assert "q=bin" in browser.url


def test_what_waits_rises_and_joins(browser: Browser) -> None:
    platform, organiser = a_platform()
    yes, no, silent = an_issue(), an_issue(), an_issue()
    a_signature(yes)
    petition = a_bundle(organiser, platform, [yes, no, silent])
    commands.publish(organiser, petition)
    says(yes, petition, Consent.JOINED)
    says(no, petition, Consent.APART)
    with clock.at(clock.now() - timedelta(days=100)):
        late = an_issue(title="Dark since spring", state="handed_over")
    browser.signs_in(organiser).get("/desk")
    ours = text(browser.seen.select_one("#petitions"))
    assert petition.title in ours
    assert "1 of 3 joined" in ours or "1 van 3" in ours
    assert petition.ref in text(browser.seen.select_one("#desk-dossiers"))
    waiting = text(browser.seen.select_one("#waiting"))
    assert late.title in waiting
    assert yes.title in text(browser.seen.select_one("[aria-labelledby=rising-title]"))


def test_a_contact_of_a_core_looks_and_does_not_bundle(browser: Browser) -> None:
    platform, _ = a_platform()
    core = an_organisation(OrganisationKind.CORE, parent_id=platform.id)
    report = an_issue()
    browser.signs_in(a_person(Role.CONTACT, of=core)).get("/desk")
    assert report.title in text(browser.seen.select_one("#desk-dossiers"))
    assert not browser.seen.select("input[name=with]")


def test_who_sits_at_two_desks_chooses(browser: Browser) -> None:
    platform, organiser = a_platform()
    coalition = an_organisation(OrganisationKind.COALITION)
    a_membership(organiser, coalition, Role.ORGANISER)
    far = an_issue(neighbourhood_code="TM01")
    browser.signs_in(organiser).get(f"/desk?as={coalition.key}")
    assert refs(browser) == {far.ref}
    browser.get(f"/desk?as={platform.key}")
    assert refs(browser) == set()
    browser.get(f"/desk?as={an_organisation(OrganisationKind.PLATFORM).key}")
    assert browser.status == 403


def test_moderators_see_what_came_in_and_what_is_hidden(browser: Browser) -> None:
    seen, hidden = an_issue(), an_issue(title="An unkind word")
    a_signature(seen, reason="Because of the dark.")
    dossiers.tell(seen.opener, seen, text="Somebody came to look.")
    dossiers.hide(a_person(Role.MODERATOR), hidden, reason="It names a person.")
    browser.signs_in(a_person()).get("/moderation")
    assert browser.status == 403
    browser.signs_in(a_person(Role.MODERATOR)).get("/moderation")
    shown = text(browser.seen.select_one("main"))
    for words in (seen.title, "Because of the dark.", "Somebody came to look.", "It names a person."):
        assert words in shown
    assert browser.seen.select_one(f"a[href='/d/{seen.ref}/hide']") is not None
    browser.click(f"a[href='/d/{hidden.ref}/unhide']")
    assert browser.status == 200


def test_the_committee_sees_days_and_terms(browser: Browser) -> None:
    with clock.at(clock.now() - timedelta(days=200)):
        late = an_issue(title="Dark since spring", state="handed_over")
        asked, answered = an_issue(), an_issue()
        authority = an_organisation()
        letter = {"what": "invitation", "to": authority, "awaits_answer": True}
        dossiers.tell(asked.opener, asked, text="Come and look.", **letter)
        entry = dossiers.tell(answered.opener, answered, text="Come too.", **letter)
        dossiers.tell(answered.opener, answered, text="They came.", answers=entry.seq)
    in_time = an_issue(state="handed_over")
    recognised = an_organisation(
        OrganisationKind.PLATFORM, recognised_on=date(2024, 1, 1), recognised_until=date(2099, 1, 1)
    )
    browser.signs_in(a_person(Role.ORGANISER)).get("/committee")
    assert browser.status == 403
    browser.signs_in(a_person(Role.MEMBER)).get("/committee")
    shown = text(browser.seen.select_one("main"))
    assert late.title in shown
    assert in_time.title not in shown
    assert "Come and look." in shown
    assert "Come too." not in shown
    assert recognised.name in shown
    days = (clock.today() - late.addressees[0].due_on).days
    row = browser.seen.select_one("section[aria-labelledby=overdue] tbody tr")
    assert str(days) in text(row)


@pytest.mark.parametrize("path", ["/desk", "/moderation", "/committee"])
def test_as_many_queries_for_many_rows_as_for_one(browser: Browser, path: str) -> None:
    platform, organiser = a_platform()
    for role in (Role.MODERATOR, Role.MEMBER):
        a_membership(organiser, an_organisation(OrganisationKind.COMMITTEE), role)
    browser.signs_in(organiser).get(path)  # reads the neighbourhoods, once in the life of a worker
    counts = []
    for more in (1, 12):
        with clock.at(clock.now() - timedelta(days=200)):
            for _ in range(more):
                late = an_issue(state="handed_over")
                dossiers.tell(late.opener, late, text="Come.", what="letter", awaits_answer=True)
        for _ in range(more):
            a_signature(an_issue(), reason="Because.")
            commands.publish(organiser, a_bundle(organiser, platform, [an_issue()]))
        with sent() as seen:
            browser.get(path)
        assert browser.status == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12, "\n".join(seen)
