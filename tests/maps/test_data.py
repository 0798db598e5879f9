"""The data of the map: exact numbers, nothing private, two statements, and small."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from portal.dossiers import commands
from portal.dossiers.models import Dossier, cell_of
from portal.issues.commands import Incoming, import_reports
from portal.kernel.clock import now
from portal.kernel.commands import transaction
from portal.kernel.db import db
from portal.kernel.policy import SYSTEM
from portal.maps.queries import MOST_AT_ONCE, MOST_PINS
from tests import statements
from tests.browser import Browser
from tests.dossiers.test_statements import LIGHT
from tests.factories import a_person, a_petition, a_plan, a_signature, an_issue

HERE = {"lat": 52.3145, "lon": 4.9785}
BOX = "4.95,52.30,5.00,52.33"
Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(browser: Browser) -> Ask:
    def asked(more: str = "", *, box: str = BOX, zoom: int = 15) -> dict[str, Any]:
        browser.get(f"/map.json?bbox={box}&zoom={zoom}{more}")
        assert browser.status == 200
        assert browser.response is not None
        found: dict[str, Any] = browser.response.json
        return found

    return asked


def refs(found: dict[str, Any]) -> set[str]:
    return {pin[0] for group in found["groups"] for pin in group[3]}


def total(found: dict[str, Any]) -> int:
    return sum(group[2] for group in found["groups"])


def test_what_lies_apart_is_told_one_by_one_what_lies_near_is_counted(ask: Ask) -> None:
    alone = an_issue(title="The lamp", **HERE)
    a_signature(alone)
    for number in range(3):
        an_issue(lat=52.3200, lon=4.9700 + number / 10_000)
    far, near = ask(zoom=13), ask(zoom=20, box="4.969,52.319,4.971,52.321")
    assert sorted(group[2] for group in far["groups"]) == [1, 3]
    told = next(group[3] for group in far["groups"] if group[2] == 1)
    assert told == [[alone.ref, "issue", "open", "The lamp", "nl", 1]]
    assert [group[2] for group in near["groups"]] == [1, 1, 1]


def test_on_one_spot_they_are_told_together_unless_they_are_many(ask: Ask) -> None:
    plan, issue = a_plan(**HERE), an_issue(**HERE)
    assert refs(ask(zoom=20, box="4.978,52.314,4.979,52.315")) == {plan.ref, issue.ref}
    with transaction():
        for _ in range(MOST_AT_ONCE):
            an_issue(**HERE)
    found = ask(zoom=20, box="4.978,52.314,4.979,52.315")
    assert (total(found), refs(found)) == (MOST_AT_ONCE + 2, set())


def test_each_filter_narrows_as_on_the_list(ask: Ask) -> None:
    lamp = an_issue(title="The lamp is broken", category_slug=LIGHT, **HERE)
    solved = an_issue(state="solved", title="A tile", neighbourhood_code="TM01", lat=52.31, lon=4.96)
    plan = a_plan(title="A garden", lat=52.32, lon=4.99)
    assert refs(ask()) == {lamp.ref, solved.ref, plan.ref}
    assert refs(ask("&kind=plan")) == {plan.ref}
    assert refs(ask("&state=solved")) == {solved.ref}
    assert refs(ask(f"&category={LIGHT}")) == refs(ask(f"&category={lamp.category.main}")) == {lamp.ref}
    assert refs(ask("&neighbourhood=TM")) == {solved.ref}
    assert refs(ask("&neighbourhood=K")) == {lamp.ref, plan.ref}
    assert refs(ask("&q=lamps")) == {lamp.ref}
    assert refs(ask(f"&q={plan.ref}&kind=issue")) == {plan.ref}
    assert refs(ask("&kind=x&state=draft")) == {lamp.ref, solved.ref, plan.ref}
    assert ask("&category=x")["groups"] == []
    assert ask("&neighbourhood=K")["fit"][0] < HERE["lon"] < ask("&neighbourhood=K")["fit"][2]


def test_what_is_private_hidden_or_nowhere_is_never_on_it(ask: Ask) -> None:
    moderator = a_person("moderator")
    an_issue(state="unconfirmed", **HERE)
    a_petition(state="draft", **HERE)
    a_plan(lat=None, lon=None)
    gone = an_issue(state="unconfirmed", **HERE)
    commands.withdraw(gone.opener, gone)
    issue = an_issue(**HERE)
    assert refs(ask()) == {issue.ref}
    commands.hide(moderator, issue, reason="It names somebody.")
    assert ask()["groups"] == []
    commands.unhide(moderator, issue, reason="It does not.")
    assert refs(ask()) == {issue.ref}
    commands.withdraw(issue.opener, issue)
    assert ask()["groups"][0][3][0][2] == "withdrawn"


def test_what_is_published_confirmed_or_moved_is_on_it_where_it_lies(ask: Ask) -> None:
    petition = a_petition(state="draft", **HERE)
    assert ask()["groups"] == []
    with transaction():
        petition.state = "gathering"
    assert refs(ask()) == {petition.ref}
    with transaction():
        petition.lat, petition.lon = 52.40, 4.90
    assert ask()["groups"] == []
    assert refs(ask(box="4.8,52.39,4.95,52.41")) == {petition.ref}


def test_imported_reports_are_on_it(ask: Ask) -> None:
    known = {"source": "elsewhere", "opened_at": now(), "title": "A bin", **HERE}
    import_reports(SYSTEM, None, rows=[Incoming(source_id=str(n), **known) for n in range(3)])
    assert total(ask()) == 3
    for dossier in db.session.scalars(db.select(Dossier)):
        assert dossier.cell == cell_of(vars(dossier)) is not None


def test_the_database_itself_refuses_a_cell_for_what_is_hidden(app: Flask) -> None:
    issue = an_issue(state="unconfirmed", **HERE)
    with pytest.raises(Exception, match="on_map"), db.session.begin_nested():
        db.session.execute(db.update(Dossier).where(Dossier.id == issue.id).values(cell=1))


def test_two_statements_whatever_is_asked(app: Flask, browser: Browser) -> None:
    for number in range(30):
        an_issue(lat=52.31 + number / 1000, lon=4.9785, category_slug=LIGHT)
    for more in ("", "&kind=issue&state=open&neighbourhood=K&q=lamp", f"&category={LIGHT}"):
        url = f"/map.json?bbox={BOX}&zoom=17{more}"
        browser.get(url)
        with statements.sent() as sent:
            browser.get(url)
        understood = "q=" in more  # what the word may mean is one more
        assert len([s for s in sent if s.startswith("SELECT")]) <= 2 + understood, sent


def test_it_stays_small_whatever_the_titles(app: Flask, ask: Ask, browser: Browser) -> None:
    opener = a_person()
    with transaction():
        for number in range(MOST_PINS + 30):
            lat, lon = 52.3010 + number // 20 / 400, 4.9510 + number % 20 / 400
            an_issue(title="é" * 300, lat=lat, lon=lon, opener=opener)
    found = ask(zoom=16)
    assert total(found) == MOST_PINS + 30
    assert len(refs(found)) == MOST_PINS
    assert len(browser.response.data) < 50_000  # type: ignore[union-attr]


def test_it_may_be_kept_and_asked_whether_it_changed(browser: Browser) -> None:
    an_issue(**HERE)
    url = f"/map.json?bbox={BOX}&zoom=15"
    browser.get(url)
    assert "public" in browser.headers["Cache-Control"]
    tag = browser.headers["ETag"]
    browser.get(url, headers={"If-None-Match": tag})
    assert browser.status == 304
    an_issue(lat=52.32, lon=4.96)
    browser.get(url, headers={"If-None-Match": tag})
    assert browser.status == 200
    browser.signs_in(a_person())
    browser.get(url)
    assert "private" in browser.headers["Cache-Control"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "bbox=1,2,3&zoom=3",
        "bbox=4,52,x,53&zoom=15",
        "bbox=5,52,4,53&zoom=15",
        f"bbox={BOX}",
        "zoom=1",
        f"bbox={BOX}&zoom=nan",
        "bbox=4,52,nan,53&zoom=9",
        "bbox=-999,52,5,53&zoom=9",
    ],
)
def test_what_nobody_can_read_is_refused(browser: Browser, query: str) -> None:
    for path in ("/map.json", "/map/land.json"):
        browser.get(f"{path}?{query}")
        assert browser.status == 400


def test_what_lies_under_it(browser: Browser) -> None:
    browser.get(f"/map/land.json?bbox={BOX}&zoom=16")
    found = browser.response.json  # type: ignore[union-attr]
    assert [area["own"] for area in found["areas"]].count(True) == 1
    assert any(name == "Kraaiennest" for _, _, name, _ in found["names"])
    lat, lon = found["areas"][0]["lines"][0][:2]
    assert 5_200_000 < lat < 5_300_000
    assert 400_000 < lon < 600_000
    assert len(browser.response.data) < 40_000  # type: ignore[union-attr]
    browser.get("/map/land.json?bbox=4.7,52.2,5.1,52.5&zoom=11")
    names = [name for _, _, name, _ in browser.response.json["names"]]  # type: ignore[union-attr]
    assert "K-buurt" in names
