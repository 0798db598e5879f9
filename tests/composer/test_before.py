"""What was answered on dossiers like this one: of the same category and near, or alike in words."""

import pytest
from flask import Flask

from portal.accounts.models import Role
from portal.answers import commands as answering
from portal.answers.models import AnswerKind
from portal.dossiers import commands as dossiers
from portal.dossiers.models import Dossier
from tests.answers.making import Case
from tests.browser import Browser
from tests.factories import a_person, an_issue

LAMP = "lantaarnpaal-straatverlichting"
HERE = {"lat": 52.3170, "lon": 4.9730}
STREET = 0.0015
"""About 170 metres to the north."""


@pytest.fixture
def case(app: Flask) -> Case:
    return Case()


def put(case: Case, title: str, *, lat: float = HERE["lat"], category: str | None = LAMP) -> Dossier:
    made = an_issue(
        title=title, lat=lat, lon=HERE["lon"], category_slug=category, opener=case.organiser, state="open"
    )
    dossiers.hand_over(case.organiser, made, to=[case.authority])
    return made


def answered(case: Case, dossier: Dossier, text: str, kind: str = AnswerKind.GRANTED) -> Dossier:
    given = {"organisation": case.authority, "kind": kind, "text": text, "level": "decision"}
    answering.answer(case.official, dossier, **given)
    return dossier


def test_near_and_of_the_same_category_or_alike_in_words(app: Flask, case: Case) -> None:
    here = put(case, "Lamp beside the playground is broken")
    near = answered(case, put(case, "It is dark", lat=HERE["lat"] + STREET), "We put a new lamp there.")
    alike = answered(case, put(case, "Playground lamp gone", lat=52.40, category=None), "Not before May.")
    answered(case, put(case, "Bins are full", lat=52.40), "Far, and about something else.")
    answered(case, put(case, "Waste", category=None), "Near, and about something else.")
    only_received = answered(case, put(case, "Dark too"), "We have it.", AnswerKind.ACKNOWLEDGEMENT)
    hidden = answered(case, put(case, "Hidden lamp of the playground"), "Gone.")
    dossiers.hide(a_person(Role.MODERATOR), hidden, reason="It names somebody.")
    put(case, "Lamp beside the playground")
    seen = Browser(app).signs_in(case.official).get(f"/staff/{here.ref}")
    rows = seen.select("section[aria-labelledby=before-title] li")
    assert [row.a["href"] for row in rows] == [f"/d/{d.ref}#e{d.entry_count}" for d in (near, alike)]
    assert "We put a new lamp there." in rows[0].blockquote.text
    assert "about the same thing" in rows[0].text
    assert "167 metres" in rows[0].text
    assert "metres" not in rows[1].text
    assert only_received.ref not in seen.select_one("section[aria-labelledby=before-title]").text
    for row in rows:
        browser = Browser(app)
        path, _, anchor = row.a["href"].partition("#")
        assert browser.get(path).select_one(f"#{anchor}"), "the link leads to the answer"


def test_with_nothing_before_it_says_so(app: Flask, case: Case) -> None:
    seen = Browser(app).signs_in(case.official).get(f"/staff/{case.dossier.ref}")
    assert "was answered yet" in seen.select_one("section[aria-labelledby=before-title]").text
