"""What is alike before something is sent, and what people say of it: me too, belongs with this, different."""

from typing import Any

from bs4 import BeautifulSoup

from portal.accounts.models import Organisation
from portal.dossiers.models import Dossier
from portal.issues.models import Draft
from portal.kernel.db import db
from portal.kernel.policy import SYSTEM
from portal.petitions import commands as petitions
from portal.similar import commands as index
from portal.similar.models import Label, Why
from portal.ties import commands
from portal.ties.models import Tie
from tests.browser import Browser
from tests.factories import a_petition, a_plan, an_issue, an_organisation
from tests.issues.reporting import WHAT, choose_place, confirm, to_the_last_step
from tests.petitions.making import a_bundle, a_platform, told

KRAAIENNEST = {"lat": 52.3171, "lon": 4.9800}
BINS = {"title": "Give the bins back to the square", "body": "All litter bins were taken away."}


def labels() -> list[tuple[int | None, int, str, bool]]:
    found = db.session.scalars(db.select(Label).order_by(Label.id))
    return [(label.dossier_id, label.other_id, label.why, label.same) for label in found]


def newest() -> Dossier:
    return db.session.scalars(db.select(Dossier).order_by(Dossier.id.desc()).limit(1)).one()


def ties_on(browser: Browser, dossier: Dossier) -> list[str]:
    """The references that the page of a dossier says it belongs with."""
    found = browser.get(f"/d/{dossier.ref}").select("#ties-tied li a")
    return [str(link["href"]).removeprefix("/d/") for link in found]


def suggested(page: BeautifulSoup) -> list[str]:
    return [str(button["value"]) for button in page.select("#ties-similar button[name=me_too]")]


def test_a_report_is_sent_with_what_it_belongs_with(either_browser: Browser) -> None:
    browser = either_browser
    near = an_issue(title="Lamp broken too", category_slug=WHAT["category"], **KRAAIENNEST)
    to_the_last_step(browser)
    browser.submit("main form.end", press="button[name=belongs]", name="Sam Example")
    assert browser.status == 422, "its address is missing"
    assert browser.seen.select_one("#email-error") is not None
    assert browser.seen.select_one("input[name=name]")["value"] == "Sam Example"
    assert str(near.ref) in browser.seen.select_one("dl.pairs").text
    browser.submit("main form.end", press="button[name=different]", email="sam@homes.example")
    assert suggested(browser.seen) == []
    assert browser.seen.select_one("input[name=email]")["value"] == "sam@homes.example"
    assert str(near.ref) not in browser.seen.select_one("dl.pairs").text, "the last word counts"
    browser.post("/report/send", {"belongs": near.id, "name": "Sam", "email": "sam@homes.example"})
    assert browser.url == "/report/thanks"
    made = newest()
    assert labels() == [(made.id, near.id, Why.BELONGS, True)]
    assert ties_on(browser, near) == [], "nobody can see the new one yet"
    confirm(browser, "sam@homes.example")
    assert (ties_on(browser, near), ties_on(browser, made)) == ([made.ref], [near.ref])
    assert f"Belongs with {made.ref}" in browser.get(f"/d/{near.ref}").text
    assert ("tied", {"ref": near.ref}) in told(made)
    assert ("tied", {"ref": made.ref}) in told(near)


def test_whoever_carries_either_takes_it_away(browser: Browser) -> None:
    near, other, third = an_issue(), an_issue(), an_issue()
    for dossier in (other, third):
        commands.tie(dossier.opener, dossier, other=near)
    assert commands.tie(near.opener, near, other=other).dossier_id == other.id, (
        "it is the same from both sides"
    )
    browser.signs_in(near.opener).get(f"/d/{near.ref}")
    browser.click("#ties-tied .end a")
    browser.submit("main form")
    assert browser.status == 422
    assert browser.seen.select_one("#other-error") is not None
    browser.submit("main form", other=other.ref)
    assert browser.url == f"/d/{near.ref}"
    assert (ties_on(browser, near), ties_on(browser, other)) == ([third.ref], [])
    assert [(found[0], found[2]) for found in labels()] == [(third.id, Why.BELONGS)]
    assert told(other)[-1] == ("untied", {"ref": near.ref})
    browser.post(f"/d/{near.ref}/ties", {"other": other.ref})
    assert browser.status == 200
    assert told(near)[-1] == ("untied", {"ref": other.ref}), "twice is the same"


def test_me_too_leads_to_a_plan_and_keeps_the_draft_and_no_word_of_it(either_browser: Browser) -> None:
    browser = either_browser
    plan = a_plan(title="A garden of herbs beside the metro", category_slug=WHAT["category"], **KRAAIENNEST)
    choose_place(browser)
    browser.get("/report/what")
    typed = {"title": "Herb garden near the metro", "body": "With thyme.", "kind": "plan"}
    fragment = {"target": "div#ties-similar"} if browser.js else {}
    browser.post("/report/what", typed | {"suggest": "1"}, **fragment)
    assert suggested(browser.seen) == [str(plan.id)]
    reason = browser.seen.select_one("#ties-similar .soft").text
    assert " m " in reason
    assert "garden" in reason
    assert "supporters" in reason
    assert (browser.seen.select_one("h1") is None) == browser.js
    for _ in range(2):
        browser.post("/report/what", typed | {"me_too": plan.id})
        assert browser.url == f"/d/{plan.ref}"
        assert browser.seen.select_one("#dossiers-support form") is not None
        assert "What you typed is kept" in browser.seen.text
    (label,) = db.session.scalars(db.select(Label))
    assert (label.dossier_id, label.other_id, label.why, label.same) == (None, plan.id, Why.ME_TOO, True)
    assert label.compared["rows"][label.compared["right"]]["things"] > 0
    assert "thyme" not in str(label.compared).lower()
    assert "herb" not in str(label.compared).lower()
    assert browser.get("/report/what").select_one("input[name=title]")["value"] == typed["title"]
    assert db.session.scalars(db.select(Draft)).one().values["body"] == "With thyme."


def petition_form(to: Organisation, **more: Any) -> dict[str, Any]:
    return {
        "title": "Bins back on the square",
        "body": "No litter bins are left.",
        "demands": "Put them back.",
    } | {
        "to": to.key,
        **more,
    }


def test_a_petition_is_shown_what_is_alike_as_one_types_or_as_a_step(either_browser: Browser) -> None:
    browser = either_browser
    other = a_petition(**BINS)
    index.count(SYSTEM, None)
    platform, organiser = a_platform()
    written = petition_form(an_organisation())
    browser.signs_in(organiser).get("/petitions/new")
    if browser.js:
        asked = browser.seen.select_one("[data-hx-target='#ties-similar']")
        assert asked.find(id="title") is not None
        browser.post(str(asked["data-hx-post"]), written | {"suggest": "1"}, target="div#ties-similar")
        assert browser.seen.select_one("h1") is None
    else:
        browser.submit("main form", **written)
        assert "Nothing is saved yet" in browser.seen.select_one("main").text
        assert browser.seen.select_one("#title")["value"] == written["title"]
        assert browser.seen.select_one("form[method=post][data-hx-boost=false] #demands").text.strip()
    assert suggested(browser.seen) == [str(other.id)]
    said = [field["value"] for field in browser.seen.select("input[name=said]")]
    assert said == [f"seen-{other.id}"]
    assert "bins" in browser.seen.select_one("#ties-similar .soft").text
    assert browser.seen.select_one("button[name=me_too]")["formtarget"] == "_blank"
    assert [d.id for d in db.session.scalars(db.select(Dossier))] == [other.id]
    Browser(browser.app).signs_in(organiser).post("/petitions/new", written | {"me_too": other.id})
    browser.post("/petitions/new", written | {"said": said, "different": other.id})
    assert suggested(browser.seen) == []
    said = [field["value"] for field in browser.seen.select("input[name=said]")]
    browser.post("/petitions/new", written | {"said": said})
    made = newest()
    assert browser.url == f"/d/{made.ref}"
    assert labels() == [(None, other.id, Why.ME_TOO, True), (made.id, other.id, Why.DIFFERENT, False)]
    browser.post("/petitions/new", written | {"belongs": other.id, "said": f"seen-{other.id}"})
    tied = newest()
    assert browser.url == f"/d/{tied.ref}"
    assert ties_on(browser, other) == [], "a draft is not shown"
    petitions.publish(organiser, tied)
    assert (ties_on(browser, other), ties_on(browser, tied)) == ([tied.ref], [other.ref])
    timeline = browser.get(f"/d/{other.ref}").select_one("section[aria-labelledby=timeline]").text
    assert f"Belongs with {tied.ref}" in timeline
    assert platform.name in timeline


def test_the_platform_sees_it_where_it_bundles_and_learning_hears_of_the_bundle(browser: Browser) -> None:
    first, second, third = (an_issue(title=f"No bin at entrance {n}") for n in range(3))
    tie_of(second, first)
    platform, organiser = a_platform()
    browser.signs_in(organiser)
    assert f"belongs with {first.ref}" in browser.get("/desk").select_one("#desk-dossiers").text
    page = browser.get(f"/petitions/new?with={first.ref}")
    boxes = {box["value"]: box.has_attr("checked") for box in page.select("input[name=dossiers]")}
    assert boxes == {first.ref: True, second.ref: False}
    assert f"belongs with {first.ref}" in page.select_one("main form").text
    petition = a_bundle(organiser, platform, [third, first])
    petitions.invite(organiser, petition, dossiers=[second])
    assert f"belongs with {second.ref}" not in browser.get(f"/d/{petition.ref}/invite").text
    bundled = [found for found in labels() if found[2] == Why.BUNDLED]
    assert bundled == [(third.id, first.id, Why.BUNDLED, True), (second.id, first.id, Why.BUNDLED, True)]


def tie_of(dossier: Dossier, other: Dossier) -> Tie:
    return commands.tie(dossier.opener, dossier, other=other)
