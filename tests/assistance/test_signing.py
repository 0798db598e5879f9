"""A trusted resident signs and reports for a neighbour: once, with a yes, within a term and a measure."""

from typing import Any

import pytest

from portal.accounts.models import OrganisationKind, Role
from portal.assistance import commands
from portal.assistance.models import Receipt
from portal.dossiers import journal
from portal.dossiers.models import Dossier, Signature, Way
from portal.dossiers.queries import support
from portal.dossiers.timeline import Entry
from portal.kernel.db import db
from portal.kernel.policy import NOBODY, SYSTEM
from portal.sheets.models import Typed
from portal.similar import commands as index
from portal.similar.models import Label
from tests.assistance.making import (
    CATEGORY,
    FORM,
    a_mandate,
    code_on,
    fills_in,
    later,
    signs_for,
)
from tests.browser import Browser
from tests.factories import a_person, a_petition, a_signature, an_issue, an_organisation
from tests.sheets.making import a_sheet, entered


def number(dossier: Dossier) -> int:
    db.session.expire_all()
    assert not list(journal.wrong([dossier]))
    return support(NOBODY, dossier).count


def assisted(dossier: Dossier) -> list[Signature]:
    db.session.expire_all()
    wanted = db.select(Signature).filter_by(dossier_id=dossier.id, way=Way.ASSISTED)
    return list(db.session.scalars(wanted.order_by(Signature.id)))


@pytest.fixture
def mandate(app: Any) -> Any:
    return a_mandate(a_person(name="Henny Helper"))


@pytest.fixture
def helper(either_browser: Browser, mandate: Any) -> Browser:
    either_browser.language = "en"
    return either_browser.signs_in(mandate.person)


def test_signing_for_a_neighbour_counts_at_once_and_gives_a_code(helper: Browser, mandate: Any) -> None:
    dossier = an_issue()
    helper.get("/help")
    helper.submit("form[role=search]", q=dossier.ref)
    helper.get(str(helper.seen.select_one("#assistance-choices a.go")["href"]))  # type: ignore[index]
    assert not helper.seen.select(f"{FORM} input[type=checkbox][checked]"), "nothing is ticked beforehand"
    code = fills_in(helper, "Old  Neighbour", building="Kempering", unit="12", reason="It is dark.")
    assert helper.status == 200
    assert helper.headers["Cache-Control"] == "no-store"
    assert code in helper.seen.select_one("textarea").text  # type: ignore[union-attr]
    assert "http://localhost/receipt" in helper.seen.select_one(".slip").text  # type: ignore[union-attr]
    (signature,) = assisted(dossier)
    assert (signature.name, signature.building, signature.unit) == ("Old Neighbour", "Kempering", "12")
    assert (signature.shown, signature.joins_bundle, signature.helper_id) == (False, False, mandate.person_id)
    assert signature.person is not None
    assert (signature.person.email, signature.person.building) == (None, "Kempering")
    assert number(dossier) == 1
    receipt = db.session.scalars(db.select(Receipt)).one()
    assert (receipt.consent_text_version, receipt.language) == ("1", "nl")
    assert receipt.code_digest not in {code, code.replace("-", "")}
    helper.mails()
    assert number(dossier) == 1, "the worker has added it up"
    helper.get(f"/d/{dossier.ref}")
    assert "Old Neighbour" not in helper.seen.text
    assert "fewer than 5 with help" in helper.seen.text


def test_nothing_is_signed_without_a_yes(helper: Browser) -> None:
    dossier = an_issue()
    assert signs_for(helper, dossier, heard=None, name="Somebody") == ""
    assert helper.status == 422
    assert "Read it aloud" in helper.seen.text
    assert number(dossier) == 0
    assert fills_in(helper, "Somebody")
    assert number(dossier) == 1


def test_the_text_is_read_in_the_language_that_is_chosen(helper: Browser) -> None:
    dossier = an_issue()
    page = helper.get(f"/help/sign/{dossier.ref}")
    assert {str(text["lang"]) for text in page.select("blockquote[lang]")} == {"nl"}
    assert "I want to sign for you" in page.text
    signs_for(helper, dossier, language="en")
    assert assisted(dossier)[0].language == "en"
    assert "You signed this with help" in helper.seen.text
    signs_for(helper, dossier, name="Buurman", language="nl")
    assert helper.seen.select_one(".slip")["lang"] == "nl"  # type: ignore[index]


def test_the_same_submit_counts_once_and_the_next_neighbour_is_another(helper: Browser) -> None:
    dossier = an_issue()
    helper.get(f"/help/sign/{dossier.ref}")
    form = helper.seen
    first = fills_in(helper, "First")
    helper.seen = form
    assert fills_in(helper, "First") == first, "the answer got lost: the same code again"
    helper.seen = form
    assert fills_in(helper, "Second") not in {"", first}
    assert number(dossier) == 2
    helper.seen = form
    with later(minutes=11):
        assert fills_in(helper, "First") == "", "it is kept nowhere, and not shown later"
        assert "counts once" in helper.seen.text
    assert number(dossier) == 2


def test_a_name_in_a_building_counts_once_unless_it_is_another_person(helper: Browser) -> None:
    dossier = an_issue()
    a_signature(dossier, a_person(name="José Smit"), building="Kempering")
    assert signs_for(helper, dossier, name="Jose Smit", building="Kouwenoord")
    for name, building in (("Jose Smit", ""), ("jose  smit", "Kempering")):
        assert signs_for(helper, dossier, name=name, building=building) == ""
        assert helper.status == 422
        assert "counts already" in helper.seen.text
    asked = helper.seen
    helper.submit(FORM, twice="same")
    assert "Nothing was added" in helper.seen.text
    assert number(dossier) == 2
    helper.seen = asked
    assert fills_in(helper, "jose smit", twice="another")
    assert number(dossier) == 3


def test_whom_a_helper_calls_another_leaves_the_one_on_paper(helper: Browser) -> None:
    dossier = a_petition()
    paper = Typed("Jose Smit", "12", "Kempering")
    entered(a_sheet(dossier, dossier.opener), dossier.opener, paper)
    assert signs_for(helper, dossier, name="Jose Smit", building="Kempering", unit="14")
    assert signs_for(helper, dossier, name="Jose Smit", building="Kempering") == ""
    assert fills_in(helper, "Jose Smit", twice="another")
    assert number(dossier) == 3


def test_a_report_is_in_nobodys_name_and_its_reporter_counts(helper: Browser, mandate: Any) -> None:
    helper.get("/help/report")
    where = {"where": "building:Kempering", "place": "at the lift", "category": CATEGORY}
    code = fills_in(helper, "Old Neighbour", title="The lamp is out", body="Since Monday.", **where)
    assert code
    dossier = db.session.scalars(db.select(Dossier).filter_by(title="The lamp is out")).one()
    assert (dossier.state, dossier.opener_id, dossier.organisation_id) == ("open", None, None)
    assert (dossier.place_name, dossier.neighbourhood_code) == ("Kempering, at the lift", "K")
    entry = db.session.scalars(db.select(Entry).filter_by(dossier_id=dossier.id, seq=1)).one()
    assert entry.actor_id is None
    receipt = db.session.scalars(db.select(Receipt)).one()
    assert (receipt.dossier_id, receipt.helper_id) == (dossier.id, mandate.person_id)
    assert number(dossier) == 1
    page = Browser(helper.app).get(f"/d/{dossier.ref}")
    assert "Henny Helper" not in page.text
    assert "Old Neighbour" not in page.text


def test_what_is_alike_is_looked_at_before_a_report_is_sent(helper: Browser, mandate: Any) -> None:
    known = {"category_slug": CATEGORY, "place_name": "Kempering", "neighbourhood_code": "K"}
    same, other = an_issue(title="The lamp is broken", **known), an_issue(title="A dark lamp", **known)
    other.place_name, other.lat, other.lon = (
        "The yard of Kempering",
        52.3171,
        4.98,
    )  # the new one has no point
    db.session.commit()
    elsewhere = an_issue(title="The lamp is broken", **known | {"neighbourhood_code": "TM01"})
    index.count(SYSTEM, None)
    where = {"where": "building:Kempering", "category": CATEGORY}
    helper.get("/help/report")
    assert fills_in(helper, "Old Neighbour", title="The lamp is out", **where) == ""
    assert "Nothing is saved yet" in helper.seen.text
    shown = {button["value"] for button in helper.seen.select("#ties-similar button[name=me_too]")}
    assert shown == {str(same.id), str(other.id)}, f"{elsewhere.ref} lies where this helper does not help"
    page = helper.seen
    helper.submit(FORM, press=f"button[name=me_too][value='{same.id}']")
    assert helper.url.startswith(f"/help/sign/{same.ref}?as=")
    helper.seen = page
    helper.submit(FORM, press=f"button[name=different][value='{same.id}']")
    assert helper.seen.select_one("input[name=title]")["value"] == "The lamp is out"
    helper.submit(FORM, press=f"button[name=belongs][value='{other.id}']")
    assert code_on(helper), "it is sent with what it belongs with, as everywhere"
    made = db.session.scalars(db.select(Dossier).filter_by(title="The lamp is out")).one()
    told = db.session.scalars(db.select(Entry).filter_by(verb="tied").order_by(Entry.dossier_id)).all()
    assert [(entry.dossier_id, entry.actor_id) for entry in told] == [(other.id, None), (made.id, None)]
    said = db.session.execute(db.select(Label.dossier_id, Label.other_id, Label.same).order_by(Label.id))
    assert [tuple(row) for row in said] == [
        (None, same.id, True),
        (made.id, same.id, False),
        (made.id, other.id, True),
    ]


def test_a_report_that_is_not_right_keeps_what_was_typed(helper: Browser) -> None:
    helper.get("/help/report")
    fills_in(helper, "Old Neighbour", title="", body="Since Monday.", where="part:TH04", category=CATEGORY)
    assert helper.status == 422
    assert "Since Monday." in helper.seen.text
    assert not db.session.scalar(db.select(Receipt.id))
    assert fills_in(helper, "Old Neighbour", title="The lamp is out")


def test_beyond_the_measure_a_sentence_says_when_and_whom_to_ask(helper: Browser, mandate: Any) -> None:
    dossier = an_issue()
    for name in "ABCDE":
        assert signs_for(helper, dossier, name=name)
    assert signs_for(helper, dossier, name="F", reason="It is dark.") == ""
    assert helper.status == 422
    assert "You helped 5 neighbours" in helper.seen.text
    assert mandate.organisation.name in helper.seen.text
    assert "It is dark." in helper.seen.text
    assert number(dossier) == 5
    with later(minutes=10, seconds=1):
        assert fills_in(helper, "F"), "the same form goes on when it is time"
    assert number(dossier) == 6


def test_no_more_in_a_day_than_the_mandate_says(browser: Browser) -> None:
    person, dossier = a_person(), an_issue()
    a_mandate(person, most_per_day=2)
    browser.signs_in(person)
    assert signs_for(browser, dossier, name="A")
    assert signs_for(browser, dossier, name="B")
    assert signs_for(browser, dossier, name="C") == ""
    assert "You helped 2 neighbours" in browser.seen.text
    a_mandate(person, most_per_day=2)  # another mandate is the same helper
    assert signs_for(browser, dossier, name="C") == ""
    assert number(dossier) == 2


def test_a_mandate_that_ends_stops_a_form_that_is_open(helper: Browser, mandate: Any) -> None:
    dossier = an_issue()
    with later(minutes=59):
        helper.get(f"/help/sign/{dossier.ref}")
        form = helper.seen
        assert fills_in(helper, "In time")
    helper.seen = form
    with later(minutes=60):
        assert fills_in(helper, "Too late", reason="It is dark.") == ""
        assert helper.status == 403
        assert "You could help until" in helper.seen.text
        assert "It is dark." in helper.seen.text
        helper.get("/help")
        assert helper.status == 403
        helper.get("/me")
        assert not helper.seen.select('a[href^="/help"]')
    assert number(dossier) == 1


def test_a_mandate_that_is_withdrawn_stops_a_form_that_is_open(helper: Browser, mandate: Any) -> None:
    dossier, organiser = an_issue(), a_person(Role.ORGANISER, of=mandate.organisation)
    helper.get(f"/help/sign/{dossier.ref}")
    commands.withdraw_mandate(organiser, mandate, reason="It was a test.")
    assert fills_in(helper, "Too late") == ""
    assert helper.status == 403
    helper.get("/help/report")
    assert helper.status == 403
    assert number(dossier) == 0


def test_only_in_the_neighbourhood_and_only_what_can_be_signed(helper: Browser, mandate: Any) -> None:
    here, elsewhere = (
        an_issue(title="The lamp here"),
        an_issue(title="The lamp there", neighbourhood_code="TM01"),
    )
    over, draft = an_issue(state="solved"), a_petition(state="draft")
    own = a_petition(organisation=mandate.organisation, neighbourhood_code="TM01")
    found = helper.get("/help").select("#assistance-choices .plate")
    assert {text.text.split()[-1] for text in found} == {here.ref, own.ref}
    for closed in (over, draft):
        helper.get(f"/help/sign/{closed.ref}")
        assert helper.status in {403, 404}
    assert signs_for(helper, elsewhere) == ""
    assert helper.status == 403
    assert signs_for(helper, own)
    assert (number(own), number(elsewhere)) == (1, 0)


def test_count_me_too_goes_along_into_a_petition(browser: Browser) -> None:
    from_core = an_organisation(OrganisationKind.CORE)
    mandate = a_mandate(of=from_core)
    dossier = an_issue()
    assert signs_for(browser.signs_in(mandate.person), dossier, joins_bundle="y")
    assert assisted(dossier)[0].joins_bundle
    assert code_on(browser)
