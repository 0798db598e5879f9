"""One's own account: what is kept, taken along and erased."""

import json

from portal.accounts import commands
from portal.accounts.models import OrganisationKind, Role
from portal.dossiers import commands as dossiers
from portal.dossiers.commands import supporters
from portal.dossiers.models import SignatureState
from portal.dossiers.timeline import first_broken
from portal.kernel.db import db
from tests.browser import Browser
from tests.factories import a_membership, a_person, a_signature, an_issue, an_organisation


def test_the_page_shows_what_one_opened_and_signed(browser: Browser) -> None:
    person = a_person()
    opened, signed = an_issue(opener=person), an_issue()
    a_signature(signed, person)
    seen = browser.signs_in(person).get("/me").select_one("main").text
    assert opened.title in seen
    assert signed.title in seen


def test_name_and_language_can_be_changed(either_browser: Browser) -> None:
    browser, person = either_browser, a_person(name="Before")
    browser.signs_in(person).get("/me")
    browser.submit("form[action='/me']", name="  Afterwards ", locale="en")
    assert browser.seen.select_one("html")["lang"] == "en"
    assert browser.seen.select_one("h1").text == "Afterwards"


def test_a_name_that_is_too_long_is_kept_with_its_error(browser: Browser) -> None:
    browser.signs_in(a_person()).get("/me")
    browser.submit("form[action='/me']", name="x" * 81)
    assert browser.status == 422
    assert browser.seen.select_one("#name")["value"] == "x" * 81
    assert browser.seen.select_one("#name-error")


def test_the_file_holds_all_of_it(browser: Browser) -> None:
    person = a_person(Role.CONTACT)
    issue = an_issue(opener=person)
    a_signature(an_issue(), person, reason="Because it is dark.")
    dossiers.tell(person, issue, text="The lamp flickers now.")
    browser.signs_in(person).get("/me/data.json")
    data = json.loads(browser.response.text)
    assert browser.headers["Cache-Control"] == "no-store"
    assert data["account"]["email"] == person.email
    assert [d["reference"] for d in data["dossiers"]] == [issue.ref]
    assert "Because it is dark." in {s["reason"] for s in data["signatures"]}
    assert "The lamp flickers now." in {e["text"] for e in data["timeline"]}
    assert data["memberships"][0]["role"] == "contact"


def test_the_file_is_ones_own_alone(browser: Browser) -> None:
    browser.get("/me/data.json")
    assert browser.url.startswith("/sign-in")


def test_forgetting_needs_a_tick(browser: Browser) -> None:
    person = a_person()
    browser.signs_in(person).get("/me/erase")
    browser.submit("form.panel")
    assert browser.status == 422
    assert person.erased_at is None


def test_forgotten(browser: Browser) -> None:
    person = a_person(name="Forget Me", email="forget.me@homes.example")
    own, signing, over = an_issue(opener=person), an_issue(), an_issue()
    dossiers.tell(person, own, text="It was me who saw it.")
    for dossier in (signing, over):
        a_signature(dossier, person, shown=True, reason="My own reason.")
    dossiers.solve(over.opener, over)
    before = {d.id: supporters(d) for d in (signing, over)}
    browser.signs_in(person).get("/me/erase")
    browser.submit("form.panel", sure="y")
    assert browser.status == 200
    assert supporters(signing) == before[signing.id] - 1
    assert supporters(over) == before[over.id]
    for dossier in (own, signing, over):
        page = browser.get(f"/d/{dossier.ref}").text
        assert not any(word in page for word in ("Forget Me", "My own reason", "It was me"))
        assert first_broken(dossier) is None
    assert "forget" not in _everything().lower()


def _everything() -> str:
    """Every value in every table, as one text."""
    tables = db.metadata.sorted_tables
    return " ".join(str(row) for table in tables for row in db.session.execute(db.select(table)))


def test_who_was_forgotten_is_signed_out_everywhere(browser: Browser) -> None:
    person = a_person()
    other = Browser(browser.app).signs_in(person)
    commands.erase(person, person)
    other.get("/me")
    assert other.url.startswith("/sign-in")


def test_whoever_comes_back_starts_anew_and_counts_once(browser: Browser) -> None:
    issue = an_issue()
    person = a_person(email="back@homes.example")
    a_signature(issue, person)
    commands.erase(person, person)
    again = a_signature(issue, a_person(email="back@homes.example"))
    assert again.state == SignatureState.CONFIRMED
    assert supporters(issue) == 1


def test_a_membership_gives_rights_until_the_minute_it_ends(app: object) -> None:
    person = a_person()
    membership = a_membership(person, an_organisation(OrganisationKind.PLATFORM), Role.ORGANISER)
    assert person.roles == {"resident", "organiser"}
    commands.end_membership(person, membership)
    assert person.roles == {"resident"}
