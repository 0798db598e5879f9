"""A trial: held, seen, counted around, and over only with an outcome and a decision."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from portal.kernel import clock
from portal.kernel.commands import transaction
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.promises import commands
from portal.promises.models import Trial
from portal.promises.queries import nearby, track
from tests.answers.making import Case
from tests.browser import Browser
from tests.factories import BULLEWIJK, a_person, an_issue, an_organisation
from tests.promises.making import a_trial, days

METRE = 1 / 111_320


@pytest.fixture
def case(app: Flask) -> Case:
    return Case()


def test_through_the_pages_from_begin_to_decision(browser: Browser, case: Case) -> None:
    browser.signs_in(case.organiser)
    browser.get(f"/d/{case.dossier.ref}/trials/new")
    given = {"places": "The square\nKraaiennest", "with_whom": "the men on the square", "cost": "€ 400"}
    given |= {"from_on": days(-20).isoformat(), "text": "A urinal for three weeks."}
    browser.submit(**given, until_on=days(-30).isoformat())
    assert browser.status == 422
    browser.submit(**given, until_on=days(-1).isoformat())
    assert browser.url == f"/d/{case.dossier.ref}/promises"
    trial = db.session.scalars(db.select(Trial)).one()
    assert [spot["name"] for spot in trial.places] == ["The square", "Kraaiennest"]
    assert trial.places[1]["lat"] is not None, "the map knows this place"
    browser.click("a[href$='/observe']")
    browser.submit(text="Nobody complained.")
    browser.click("a[href$='/close']")
    browser.submit(outcome="", decision="none_yet")
    assert browser.status == 422
    browser.submit(outcome="It helped.", decision=None)
    assert browser.status == 422
    assert db.session.get_one(Trial, trial.id).closed_on is None
    browser.submit(outcome="It helped.", decision="none_yet")
    said = browser.seen.get_text(" ")
    told = ("the men on the square", "€ 400", "Nobody complained.", "It helped.", "Nothing was decided yet")
    assert [words for words in told if words not in said] == []
    assert not browser.seen.select("a[href$='/close'], a[href$='/observe']")


def test_neither_the_command_nor_the_table_lets_it_end_without_outcome_and_decision(case: Case) -> None:
    trial = a_trial(case.organiser, case.dossier)
    for given in ({"outcome": " ", "decision": "stops"}, {"outcome": "Fine.", "decision": ""}):
        with pytest.raises(Invalid):
            commands.close_trial(case.organiser, trial, **given)
    for given in ({"decision": "stops"}, {"closed_on": days(0)}, {"closed_on": days(0), "decision": "stops"}):
        with pytest.raises(IntegrityError), transaction():
            db.session.execute(db.update(Trial).where(Trial.id == trial.id).values(**given))


def test_reports_nearby_are_counted_in_three_windows_of_one_length(case: Case) -> None:
    """Ten days of trial: the first and last day of each window count, the day beside them does not."""
    own = an_issue(category_slug="afvalbakken")
    trial = a_trial(own.opener, own)
    lat = BULLEWIJK["lat"]
    for at in (-31, -30, -21, -20, -11, -10, -1, 0):
        report(at)
    report(-15, category_slug="afvalbakken")
    report(-15, lat=lat + 149 * METRE)
    report(-15, lat=lat + 152 * METRE)
    report(-15, lat=None, lon=None)
    found = nearby([trial])[trial.id]
    assert found.days == 10
    assert [(w.name, w.any_kind, w.same_kind) for w in found.windows] == [
        ("before", 2, 0),
        ("during", 4, 1),
        ("after", 2, 0),
    ]
    assert [(w.first, w.last) for w in found.windows] == [
        (days(-30), days(-21)),
        (days(-20), days(-11)),
        (days(-10), days(-1)),
    ]


def report(at: int, **given: object) -> None:
    with clock.at(clock.now() + timedelta(days=at)):
        an_issue(**{"category_slug": "lantaarnpaal-straatverlichting", **given})  # type: ignore[arg-type]


def test_an_authority_that_answers_with_a_trial_closes_it_itself(app: Flask, case: Case) -> None:
    case.answer("trial", trial_place="The square", trial_from=days(1), trial_until=days(21))
    (tried,) = track(case.dossier).trials
    assert (tried.trial.organisation, tried.trial.until_on) == (case.authority, days(21))
    browser = Browser(app).signs_in(case.official)
    browser.get(f"/d/{case.dossier.ref}/trials/{tried.trial.id}/close")
    browser.submit(outcome="It works.", decision="stays")
    assert db.session.get_one(Trial, tried.trial.id, populate_existing=True).decision == "stays"
    other = Browser(app).signs_in(a_person("official", of=an_organisation()))
    other.get(f"/d/{case.dossier.ref}/trials/{tried.trial.id}/observe")
    assert other.status == 403
