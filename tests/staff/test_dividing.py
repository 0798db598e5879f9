"""Whose a dossier is: given, taken, handed over, given back; teams; and passing on in one step."""

from datetime import timedelta

import pytest
from flask import Flask

from portal.accounts import commands as accounts
from portal.accounts.models import Role
from portal.dossiers.models import AddresseeState
from portal.dossiers.queries import timeline
from portal.dossiers.timeline import Entry, first_broken
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import Invalid, NotAllowed
from portal.kernel.policy import NOBODY, SYSTEM
from portal.staff import commands
from portal.staff.models import Problem
from portal.staff.queries import staff_of
from tests.answers.making import Case
from tests.browser import Browser
from tests.factories import a_person, an_organisation
from tests.staff.making import a_colleague, a_team, case_of
from tests.staff.test_queue import refs


@pytest.fixture
def case(app: Flask) -> Case:
    with clock.at(clock.now() - timedelta(days=3)):
        made = Case(authorities=2)
        made.official.name = "Wouter"
        db.session.commit()
    return made


def assigned(case: Case) -> list[Entry]:
    return list(db.session.scalars(db.select(Entry).filter_by(verb="assigned").order_by(Entry.id)))


def rows(browser: Browser, path: str = "/staff") -> list[str]:
    return [" ".join(row.text.split()) for row in browser.get(path).select(".queue > li")]


def test_what_is_ticked_gets_one_answer(case: Case, browser: Browser) -> None:
    """From the list to the form with which several are answered; with nothing ticked it says so."""
    second, third = case.another(), case.another()
    browser.signs_in(case.official).get("/staff")
    browser.submit("#divide", press="button[value=several]", refs=[case.dossier.ref, third.ref])
    shown = [
        link["href"].partition("?")[0].rpartition("/")[2] for link in browser.seen.select(".two .lines a")
    ]
    assert shown == [case.dossier.ref, third.ref]
    assert second.ref not in browser.seen.select_one("main").text
    browser.get("/staff")
    browser.submit("#divide", press="button[value=several]")
    assert browser.status == 422


def test_nobodys_is_also_what_the_gone_left(case: Case, browser: Browser) -> None:
    """Of colleagues who left, of teams that were closed, of nobody ever; in one order, a page at a time."""
    gone, stays = a_colleague(case.authority), a_colleague(case.authority)
    shut, open_one = (a_team(case.official, case.authority, name=name) for name in ("Shut", "Open"))
    found = [case.dossier]
    for owner in ({"membership": gone}, {"team": shut}, {"membership": stays}, {"team": open_one}, {}):
        with clock.at(clock.now() + timedelta(days=7 * len(found))):
            dossier = case.another()
        commands.assign(case.official, dossier, organisation=case.authority, **owner)
        if owner not in ({"membership": stays}, {"team": open_one}):
            found.append(dossier)
    accounts.end_membership(SYSTEM, gone)
    commands.close_team(case.official, shut)
    browser.signs_in(case.official)
    for sort, wanted in (("due", found), ("newest", found[::-1]), ("oldest", found)):
        browser.get(f"/staff?whose=nobody&sort={sort}")
        assert refs(browser) == [dossier.ref for dossier in wanted]
    for part in ("all", "new"):
        browser.get(f"/staff?whose=nobody&show={part}")
        assert len(refs(browser)) == len(found)
    assert "4" in browser.get("/staff?whose=nobody&page=9").select_one("p.soft[role=status]").text
    assert len(refs(browser)) == len(found), "beyond the last page is the last page"


def test_given_taken_handed_over_and_given_back(case: Case, browser: Browser, app: Flask) -> None:
    """From the list, by ticking; every step stands on the timeline, for colleagues alone."""
    hanna = a_colleague(case.authority, name="Hanna")
    team = a_team(case.official, case.authority, hanna, name="Streets")
    second = case.another()
    browser.language = "en"
    browser.signs_in(case.official).get("/staff")
    both = [case.dossier.ref, second.ref]
    browser.submit("#divide", press="button[value=assign]", refs=both, give_to=f"team-{team.id}")
    assert "2 dossiers given" in browser.seen.select_one("#flash").text
    assert all("Streets" in row for row in rows(browser))
    her = Browser(app).signs_in(hanna.person)
    assert len(rows(her, "/staff?show=mine")) == 2, "what her team has and nobody took is hers too"
    her.get("/staff?show=mine")
    her.submit("#divide", press="button[value=take]", refs=[second.ref])
    assert ["Hanna" in row for row in rows(browser)] == [False, True]
    browser.get(f"/staff/{second.ref}")
    browser.submit("form.divide", press="button[value=take]")
    assert browser.url.startswith(f"/staff/{second.ref}")
    assert "Wouter" in browser.seen.select_one("form.divide").text
    browser.submit("form.divide", press="button[value=assign]", give_to="nobody")
    assert "Nobody's yet" in browser.seen.select_one("form.divide").text
    words = browser.seen.select_one("#timeline").text
    for sentence in (
        "Assigned to team Streets",
        "Assigned to Hanna",
        "Assigned to Wouter",
        "nobody any more",
    ):
        assert sentence in words
    assert refs(browser.get("/staff?whose=nobody") and browser) == [second.ref]
    assert first_broken(second) is None


def test_nobody_outside_sees_whose_it_is(case: Case, app: Flask) -> None:
    hanna = a_colleague(case.authority, name="Hanna")
    commands.assign(case.official, case.dossier, organisation=case.authority, membership=hanna)
    assert [e.verb for e in timeline(case.official, case.dossier)][-1] == "assigned"
    other = a_person(Role.OFFICIAL, of=case.authorities[1])
    for actor in (NOBODY, case.organiser, other, a_person(Role.MODERATOR), a_person(Role.MEMBER)):
        assert "assigned" not in [entry.verb for entry in timeline(actor, case.dossier)]
    entry = assigned(case)[-1]
    assert "Hanna" not in str(entry.data), "no name in what is hashed for ever"
    assert entry.data["colleague"] == hanna.id
    browser = Browser(app).signs_in(other)
    assert "Hanna" not in browser.get("/staff").text + browser.get(f"/staff/{case.dossier.ref}").text
    assert "Hanna" not in Browser(app).get(f"/d/{case.dossier.ref}").text


def test_only_to_colleagues_and_teams_of_today(case: Case) -> None:
    gone, elsewhere = a_colleague(case.authority), a_colleague(case.authorities[1])
    accounts.end_membership(SYSTEM, gone)
    closed = a_team(case.official, case.authority)
    commands.close_team(case.official, closed)
    away = a_team(elsewhere.person, case.authorities[1])
    member = a_person(Role.ORGANISER, of=case.authority).memberships[0]
    for given, why in (
        ({"membership": gone}, Problem.NO_COLLEAGUE),
        ({"membership": elsewhere}, Problem.NO_COLLEAGUE),
        ({"membership": member}, Problem.NO_COLLEAGUE),
        ({"team": closed}, Problem.NO_TEAM),
        ({"team": away}, Problem.NO_TEAM),
    ):
        with pytest.raises(Invalid) as refused:
            commands.assign(case.official, case.dossier, organisation=case.authority, **given)
        assert refused.value.message == why
    for actor in (NOBODY, SYSTEM, case.organiser, a_person(Role.OFFICIAL), a_person(Role.MODERATOR)):
        with pytest.raises(NotAllowed):
            commands.assign(actor, case.dossier, organisation=case.authority)
    with pytest.raises(NotAllowed):
        commands.assign(elsewhere.person, case.dossier, organisation=case.authority)
    assert not assigned(case)


def test_what_somebody_had_who_left_yesterday_is_nobodys(case: Case, browser: Browser) -> None:
    hanna = a_colleague(case.authority, name="Hanna")
    team = a_team(case.official, case.authority, hanna, name="Streets")
    commands.assign(case.official, case.dossier, organisation=case.authority, membership=hanna)
    browser.language = "en"
    browser.signs_in(case.official)
    assert "Hanna" in rows(browser)[0]
    assert rows(browser, "/staff?whose=nobody") == []
    accounts.end_membership(SYSTEM, hanna)
    assert "Hanna" not in rows(browser)[0]
    assert len(rows(browser, "/staff?whose=nobody")) == 1
    page = browser.get(f"/staff/{case.dossier.ref}")
    assert "Nobody's yet" in page.select_one("form.divide").text
    assert f"person-{hanna.id}" not in str(page.select_one("form.divide"))
    assert "Hanna" in page.select_one("#timeline").text, "what was, was"
    browser.submit("form.divide", press="button[value=assign]", give_to=f"person-{hanna.id}")
    assert browser.status == 422
    assert "no colleague of today" in browser.seen.select_one("#errors").text
    assert [m.membership.current for m in team.members] == [False]
    assert staff_of(case.authority).own_teams(hanna.person) == []


def test_who_has_their_account_erased_is_known_by_no_name(case: Case, browser: Browser) -> None:
    hanna = a_colleague(case.authority, name="Hanna")
    a_team(case.official, case.authority, hanna)
    commands.save_filter(hanna.person, case.authority, name="Hers", given={"show": "late"})
    commands.write_rules(case.official, case.authority, rules=[], fallback=hanna)
    commands.assign(case.official, case.dossier, organisation=case.authority, membership=hanna)
    accounts.erase(hanna.person, hanna.person)
    assert case_of(case.dossier, case.authority).membership_id is None
    browser.language = "en"
    page = browser.signs_in(case.official).get(f"/staff/{case.dossier.ref}").text
    assert "Hanna" not in page
    assert "Assigned to a former colleague" in page
    assert first_broken(case.dossier) is None


def test_a_repeated_submit_and_the_same_again_are_one_entry(case: Case, browser: Browser) -> None:
    browser.signs_in(case.official).get("/staff")
    form = {"once": "k" * 20, "refs": case.dossier.ref, "deed": "take"}
    for _ in range(2):
        browser.post(f"/authorities/{case.authority.key}/queue", form)
        assert browser.status == 200
    browser.post(f"/authorities/{case.authority.key}/queue", form | {"once": "another"})
    assert len(assigned(case)) == 1


def test_nothing_ticked_or_chosen_is_said_and_changes_nothing(case: Case, browser: Browser) -> None:
    browser.language = "en"
    browser.signs_in(case.official).get("/staff")
    for press, values, sentence in (
        ("button[value=take]", {}, "Tick at least one dossier"),
        ("button[value=assign]", {"refs": [case.dossier.ref]}, "no colleague of today"),
        ("button[value=pass_on]", {"refs": [case.dossier.ref]}, "Choose an authority"),
    ):
        browser.submit("#divide", press=press, **values)
        assert browser.status == 422
        assert sentence in browser.seen.select_one("#errors").text
    assert case.addressee().state == AddresseeState.WAITING


def test_passed_on_in_one_step_from_the_row(case: Case, browser: Browser, app: Flask) -> None:
    """The neighbours see it, the clock of the next one starts today, and that of this one is over."""
    other = an_organisation(name="The tram company")
    theirs = a_person(Role.OFFICIAL, of=other)
    browser.language = "en"
    browser.signs_in(case.official).get("/staff")
    browser.submit("#divide", press="button[value=pass_on]", refs=[case.dossier.ref], pass_to=other.key)
    assert "1 dossier is passed on" in browser.seen.select_one("#flash").text
    assert rows(browser) == []
    assert case.addressee().state == AddresseeState.TRANSFERRED
    following = case.addressee(other)
    assert (following.state, following.handed_over_on) == (AddresseeState.WAITING, clock.today())
    assert len(rows(Browser(app).signs_in(theirs))) == 1
    public = Browser(app).get(f"/d/{case.dossier.ref}").text
    assert "Passed on to The tram company" in public
    assert "This is not for us" in public


def test_teams(case: Case, browser: Browser) -> None:
    hanna, samira = a_colleague(case.authority, name="Hanna"), a_colleague(case.authority, name="Samira")
    browser.language = "en"
    browser.signs_in(case.official).get(f"/authorities/{case.authority.key}/teams")
    browser.submit("main form", name="  Green   and water ")
    browser.submit("main form", members=[str(hanna.id), str(samira.id)])
    assert "2 colleagues" in browser.seen.select_one("main .lines").text
    browser.submit("main form", name="green and WATER")
    assert browser.status == 422
    assert "with this name already" in browser.seen.select_one("#errors").text
    accounts.end_membership(SYSTEM, samira)
    assert "1 colleague" in browser.get(f"/authorities/{case.authority.key}/teams").select_one(".lines").text
    team = staff_of(case.authority).teams[0]
    commands.assign(case.official, case.dossier, organisation=case.authority, team=team)
    browser.get(f"/authorities/{case.authority.key}/teams/{team.id}")
    browser.submit("form[action$=close]")
    assert not browser.seen.select("main .lines")
    assert len(rows(browser, "/staff?whose=nobody")) == 1
    browser.get(f"/authorities/{case.authority.key}/teams/{team.id}")
    assert browser.status == 404
