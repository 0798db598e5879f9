"""Due dates against a table that was computed in another way, and terms that an authority sets itself."""

from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.models import Organisation
from portal.dossiers import commands as dossiers
from portal.dossiers.models import Category, Dossier
from portal.kernel import clock
from portal.kernel.db import db, find
from portal.kernel.workdays import is_workday, term
from portal.terms.models import OTHER, PETITION, AgreedTerm
from tests.browser import Browser
from tests.factories import a_person, a_petition, an_issue, an_organisation
from tests.terms.making import moment
from tests.terms.reckoning import CASES, FREE, YEARS, due, easter, works

CATEGORY = "lantaarnpaal-straatverlichting"


def test_sixty_dates_around_the_feasts() -> None:
    """One that is wrong is named with its start."""
    assert len(CASES) == len(set(CASES)) == 60
    wrong = {case: term(case[0], case[1], calendar=case[2]).due for case in CASES}
    assert {case: day for case, day in wrong.items() if day != due(*case)} == {}
    crossed = [{day for day in FREE if case[0] < day <= due(*case)} for case in CASES]
    assert sum(map(bool, crossed)) >= 50, "the dates are to lie where it is hard"


def test_every_day_of_nine_years_is_free_or_not_by_both() -> None:
    every = [date(2022, 1, 1) + timedelta(days=n) for n in range((date(2031, 1, 1) - date(2022, 1, 1)).days)]
    assert [day for day in every if works(day) != is_workday(day)] == []
    known = {2022: (4, 17), 2024: (3, 31), 2025: (4, 20), 2027: (3, 28), 2030: (4, 21)}
    assert {year: (easter(year).month, easter(year).day) for year in known} == known
    assert all(easter(year).isoweekday() == 7 for year in YEARS)


@given(start=st.dates(date(2022, 1, 1), date(2029, 12, 31)), days=st.integers(1, 60), calendar=st.booleans())
def test_a_later_start_or_a_longer_term_is_never_due_earlier(start: date, days: int, calendar: bool) -> None:
    made = term(start, days, calendar=calendar).due
    assert made == due(start, days, calendar)
    assert made > start
    assert term(start + timedelta(days=1), days, calendar=calendar).due >= made
    assert term(start, days + 1, calendar=calendar).due >= made


def put_to(authorities: list[Organisation], day: date) -> list[Dossier]:
    """A petition, a report about the category and one about nothing in particular, handed over then."""
    with clock.at(moment(day)):
        made = [an_issue(category_slug=CATEGORY), an_issue()]
        for issue in made:
            dossiers.hand_over(issue.opener, issue, to=authorities)
        return [a_petition(state="handed_over", addressees=authorities), *made]


@pytest.mark.parametrize("role", ["official", "moderator"])
def test_an_authority_sets_its_terms_and_everybody_sees_them(browser: Browser, role: str) -> None:
    authority, other = an_organisation(), an_organisation()
    of = authority if role == "official" else None
    before = clock.now() - timedelta(days=20)
    with clock.at(before):
        running = a_petition(state="handed_over", addressees=[authority])
    stays = running.addressees[0].due_on
    browser.signs_in(a_person(role, of=of)).get(f"/terms/{authority.key}")
    browser.click(f"a[href*='/terms/{authority.key}/change?about={CATEGORY}']")
    browser.submit(unit="calendar", days="57")
    assert (browser.status, "56 calendar days" in browser.seen.text) == (422, True)
    browser.submit(unit="calendar", days="10")
    assert browser.url == f"/terms/{authority.key}"
    for about, days in ((PETITION, "20"), (OTHER, "2")):
        browser.get(f"/terms/{authority.key}/change")
        browser.submit(about=about, unit="working", days=days)
    table = " ".join(Browser(browser.app).get(f"/terms/{authority.key}").get_text(" ").split())
    for words in ("10 days", "20 working days", "2 working days", "their own, since"):
        assert words in table
    day = date(2026, 4, 20)
    put = put_to([authority, other], day)
    usual = find(Category, CATEGORY)
    expected = [
        (20, False),
        (30, False),
        (10, True),
        (usual.days, usual.calendar_days),
        (2, False),
        (15, False),
    ]
    found = [a.due_on for dossier in put for a in dossier.addressees]
    assert found == [due(day, *given) for given in expected]
    assert running.addressees[0].due_on == stays, "what runs keeps its day"
    browser.get(f"/terms/{authority.key}/change?about={PETITION}")
    browser.submit(unit="default")
    assert "before: 20 working days" in " ".join(browser.seen.get_text(" ").split())
    assert dossiers.term_for(put[0], authority) == (30, False)
    assert db.session.scalar(db.select(db.func.count(AgreedTerm.id))) == 4, "nothing that was set is changed"


def test_who_is_no_official_there_sets_nothing(browser: Browser, app: Flask) -> None:
    authority = an_organisation()
    for person in (a_person("official"), a_person("organiser"), a_person("member"), a_person()):
        browser.signs_in(person).post(f"/terms/{authority.key}/change", {"about": PETITION, "days": "5"})
        assert browser.status == 403
    assert browser.signs_in(a_person("moderator")).get("/terms/platform") is not None
    assert browser.status == 404
    assert dossiers.term_for(a_petition(), authority) == (30, False)
