"""An answer that is put off: an entry with a reason and a new day, once; the first day stays to be seen."""

from datetime import date

import pytest
from flask import Flask

from portal.answers.models import AnswerKind
from portal.dossiers import commands as dossiers
from portal.kernel import clock
from portal.kernel.errors import Invalid, NotAllowed
from portal.petitions.commands import publish
from portal.petitions.models import Consent
from portal.terms.commands import extend
from portal.terms.models import Problem
from tests.answers.making import Case
from tests.browser import Browser
from tests.factories import a_membership, a_person, an_issue
from tests.petitions.making import a_bundle, a_platform, says
from tests.terms.making import days, entries, lapsed, moment, worker_wakes
from tests.terms.reckoning import due

START = date(2026, 3, 2)
DUE = due(START, 30, False)
LATER = due(DUE, 15, False)


def handed_over(authorities: int = 1) -> Case:
    with clock.at(moment(START)):
        return Case(authorities)


def test_an_official_puts_an_answer_off(either_browser: Browser) -> None:
    browser, case = either_browser, handed_over(2)
    with clock.at(moment(DUE)):
        browser.signs_in(case.official).get(f"/staff/{case.dossier.ref}")
        browser.click("a[href*='/later']")
        browser.submit(until=str(DUE), reason="")
        assert browser.status == 422
        assert "not later than the day that stands now" in browser.seen.text
        browser.submit(until=str(LATER), reason="We measure the light first.")
        assert browser.url == f"/d/{case.dossier.ref}"
        (entry,) = entries(case.dossier, "extended")
        shown = " ".join(browser.seen.select_one(f"#e{entry.seq}").get_text(" ").split())
        for words in ("put off to 8 May 2026", "It was 15 April 2026", "We measure the light first."):
            assert words in shown
        assert "put off to 8 May 2026" in " ".join(browser.seen.select_one("article.clock").text.split())
        assert "We measure" not in str(entry.data), "the words can be erased, so they are not in the hash"
        browser.get(f"/staff/{case.dossier.ref}")
        assert browser.seen.select_one("a[href*='/later']") is None, "once"
        browser.get(f"/staff/{case.dossier.ref}/later")
        assert browser.status == 403
    other = case.addressee(case.authorities[1])
    assert other.due_on == DUE, "the clock of the other authority runs on"
    worker_wakes(LATER + days(9))
    assert sorted(lapsed(case.dossier)) == [(1, DUE), (1, LATER)]
    worker_wakes(due(LATER, 30, False) + days(9))
    assert lapsed(case.dossier)[2:] == [(2, due(START, 60, False)), (2, due(LATER, 30, False))]


@pytest.mark.parametrize(
    ("until", "problem"),
    [
        (None, Problem.NO_DAY),
        (DUE - days(1), Problem.NOT_LATER),
        (DUE + days(29), Problem.TOO_LATE),
        (date(2026, 4, 18), Problem.FREE_DAY),  # a Saturday
        (date(2026, 4, 27), Problem.FREE_DAY),  # King's Day
    ],
)
def test_a_day_that_cannot_be(app: Flask, until: date | None, problem: Problem) -> None:
    case = handed_over()
    with clock.at(moment(DUE)), pytest.raises(Invalid, match=problem):
        extend(case.official, case.dossier, organisation=case.authority, until=until, reason="Later.")
    assert case.addressee().due_on == DUE
    assert entries(case.dossier, "extended") == []


def test_who_cannot_put_it_off(app: Flask) -> None:
    """Not after its day, not once answered, not for another authority, not without being there today."""
    case = handed_over(2)
    given = {"organisation": case.authority, "until": LATER, "reason": "Later."}
    ended = a_person()
    with clock.at(moment(START)):
        a_membership(ended, case.authority, "official", until=START)
    outsiders = [case.organiser, ended, a_person("official"), a_person("moderator"), a_person("member")]
    for person in outsiders:
        with clock.at(moment(DUE)), pytest.raises(NotAllowed):
            extend(person, case.dossier, **given)
    with clock.at(moment(DUE)), pytest.raises(Invalid, match=Problem.NO_AUTHORITY):
        extend(case.official, case.dossier, **given | {"organisation": case.authorities[1]})
    with clock.at(moment(DUE + days(1))), pytest.raises(NotAllowed):
        extend(case.official, case.dossier, **given)
    with clock.at(moment(START)):
        case.answer(AnswerKind.GRANTED)
        with pytest.raises(NotAllowed):
            extend(case.official, case.dossier, **given)


def test_dossiers_that_joined_a_petition_hear_of_it_too(app: Flask) -> None:
    """A later day and a silence of the petition stand on what it was made from; its letters are its own."""
    with clock.at(moment(START)):
        platform, organiser = a_platform()
        part = an_issue()
        petition = a_bundle(organiser, platform, [part])
        says(part, petition, Consent.JOINED)
        publish(organiser, petition)
        dossiers.hand_over(organiser, petition)
        authority = petition.addressees[0].organisation
        dossiers.tell(organiser, petition, text="Come.", what="invitation", awaits_answer=True)
        official = a_person("official", of=authority)
        extend(official, petition, organisation=authority, until=LATER, reason="We measure.")
    worker_wakes(LATER + days(1))
    (told,) = entries(part, "extended")
    assert (told.text, told.data["via"], told.organisation_id) == ("We measure.", petition.ref, authority.id)
    assert sorted(lapsed(petition)) == [(1, DUE), (1, LATER)]
    assert lapsed(part) == [(1, LATER)]
