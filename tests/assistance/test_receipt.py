"""Who has the code looks, changes, stops or takes over, without the helper; and nobody guesses one."""

from datetime import timedelta
from typing import Any

import pytest

from portal.accounts.models import Person
from portal.assistance import codes, commands
from portal.assistance.models import Receipt, TakeOver, Tries
from portal.dossiers import commands as dossiers
from portal.dossiers import journal
from portal.dossiers.models import Dossier, Signature
from portal.dossiers.queries import support
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.policy import NOBODY, SYSTEM
from tests.assistance.making import CATEGORY, a_mandate, fills_in, later, signs_for, types_code
from tests.browser import Browser
from tests.factories import a_person, a_signature, an_issue

ADDRESS = "old@homes.example"
OPEN = "#assistance-receipt"


def number(dossier: Dossier) -> int:
    db.session.expire_all()
    assert not list(journal.wrong([dossier]))
    return support(NOBODY, dossier).count


@pytest.fixture
def dossier(app: Any) -> Dossier:
    return an_issue(title="The lamp is out")


@pytest.fixture
def helper(app: Any) -> Browser:
    return Browser(app).signs_in(a_mandate(a_person(name="Henny Helper")).person)


@pytest.fixture
def code(helper: Browser, dossier: Dossier) -> str:
    return signs_for(helper, dossier)


@pytest.fixture
def holder(either_browser: Browser) -> Browser:
    either_browser.language = "en"
    return either_browser


def presses(holder: Browser, path: str, **values: Any) -> None:
    holder.submit(f'{OPEN} form[action="/receipt/{path}"]', **values)


def takes_over(holder: Browser, code: str, address: str = ADDRESS) -> None:
    types_code(holder, code)
    presses(holder, "take-over", email=address)
    assert "Look in your mail" in holder.seen.text
    holder.get(holder.link(holder.mails(address)[-1], "/take-over/"))
    holder.submit("main form")


def test_the_holder_sees_what_was_signed_and_not_who_helped(
    holder: Browser, dossier: Dossier, code: str
) -> None:
    types_code(holder, f" {code.lower().replace('-', ' ')} ")
    assert "The lamp is out" in holder.seen.text
    assert "The platform" in holder.seen.text
    assert "Henny Helper" not in str(holder.seen)
    assert code not in holder.url
    assert holder.headers["Cache-Control"] == "no-store"


def test_the_holder_shows_and_hides_the_name(holder: Browser, dossier: Dossier, code: str) -> None:
    types_code(holder, code)
    presses(holder, "name")
    assert "Your name stands on the page." in holder.seen.text
    assert "Old Neighbour" in Browser(holder.app).get(f"/d/{dossier.ref}").text
    presses(holder, "name")
    assert "Your name does not stand on the page." in holder.seen.text
    assert "Old Neighbour" not in Browser(holder.app).get(f"/d/{dossier.ref}").text
    assert number(dossier) == 1


def test_one_tap_and_it_counts_no_more(holder: Browser, dossier: Dossier, code: str) -> None:
    types_code(holder, code)
    open_page = holder.seen
    presses(holder, "withdraw")
    assert "You stopped" in holder.seen.text
    assert number(dossier) == 0
    assert not holder.seen.select(f"{OPEN} form")
    holder.seen = open_page
    presses(holder, "withdraw")
    assert number(dossier) == 0, "a second tap changes nothing"
    types_code(holder, code)
    assert "You stopped" in holder.seen.text


def test_the_code_works_long_after_the_mandate(holder: Browser, dossier: Dossier, code: str) -> None:
    with later(days=400):
        types_code(holder, code)
        presses(holder, "withdraw")
    assert number(dossier) == 0


def test_a_report_goes_with_its_reporter_unless_others_joined(holder: Browser, helper: Browser) -> None:
    where = {"where": "part:TH04", "category": CATEGORY}
    for title, others, state in (("Alone", 0, "withdrawn"), ("Joined", 1, "open")):
        helper.get("/help/report")
        code = fills_in(helper, "Old Neighbour", title=title, **where)
        dossier = db.session.scalars(db.select(Dossier).filter_by(title=title)).one()
        for _ in range(others):
            a_signature(dossier)
        types_code(holder, code)
        presses(holder, "withdraw")
        assert number(dossier) == others
        assert dossier.state == state


def test_taking_over_with_a_new_address(holder: Browser, dossier: Dossier, code: str) -> None:
    takes_over(holder, code)
    assert holder.url.startswith("/s/")
    assert "Your signature counts" in holder.seen.text
    db.session.expire_all()
    signature = db.session.scalars(db.select(Signature).filter_by(dossier_id=dossier.id)).one()
    assert signature.person is not None
    assert (signature.person.email, signature.person.name) == (ADDRESS, "Old Neighbour")
    assert signature.person.confirmed_at is not None
    assert signature.helper_id is None
    assert number(dossier) == 1
    types_code(holder, code)
    assert "You took this over" in holder.seen.text
    assert not holder.seen.select(f"{OPEN} form"), "the code changes nothing any more"


def test_taking_over_with_an_address_that_signed_already_counts_once(
    holder: Browser, dossier: Dossier, code: str
) -> None:
    known = a_person(email=ADDRESS, name="Known")
    a_signature(dossier, known, reason="My own words.")
    assert number(dossier) == 2
    takes_over(holder, code)
    assert number(dossier) == 1
    (own,) = db.session.scalars(db.select(Signature).filter_by(person_id=known.id))
    assert (own.state, own.reason, own.name) == ("confirmed", "My own words.", "Known")
    assert not db.session.scalar(db.select(Person.id).filter_by(name="Old Neighbour"))
    holder.mails()
    assert number(dossier) == 1


def test_taking_over_with_a_known_address_that_did_not_sign(
    holder: Browser, dossier: Dossier, code: str
) -> None:
    known = a_person(email=ADDRESS, name="Known")
    takes_over(holder, code)
    assert number(dossier) == 1
    (own,) = db.session.scalars(db.select(Signature).filter_by(person_id=known.id))
    assert (own.state, own.name, own.way) == ("confirmed", "Old Neighbour", "assisted")


@pytest.mark.parametrize("state", ["pending", "withdrawn", "invalid"])
def test_taking_over_where_the_own_signature_does_not_count(
    browser: Browser, dossier: Dossier, code: str, state: str
) -> None:
    """Who waited or had stepped out counts once more; what a moderator took out stays out."""
    known = a_person(email=ADDRESS, confirmed=state != "pending")
    a_signature(dossier, known, state=state)
    takes_over(browser, code)
    assert number(dossier) == (0 if state == "invalid" else 1)


def test_a_report_that_was_taken_over_is_its_reporters(browser: Browser, helper: Browser) -> None:
    helper.get("/help/report")
    code = fills_in(helper, "Old Neighbour", title="The lamp", where="part:TH04", category=CATEGORY)
    takes_over(browser, code)
    dossier = db.session.scalars(db.select(Dossier).filter_by(title="The lamp")).one()
    assert dossier.opener is not None
    assert dossier.opener.email == ADDRESS


def test_the_link_works_once_and_for_a_day_and_leaves_no_address(
    browser: Browser, dossier: Dossier, code: str
) -> None:
    types_code(browser, code)
    presses(browser, "take-over", email="not an address")
    assert browser.status == 422
    assert "not an address" in str(browser.seen)
    presses(browser, "take-over", email=ADDRESS)
    link = browser.link(browser.mails(ADDRESS)[-1], "/take-over/")
    page = browser.get(link)
    assert number(dossier) == 1
    with later(hours=25):
        browser.get(link)
        assert browser.status == 409
        browser.seen = page
        browser.submit("main form")
        assert browser.status == 409
        browser.mails()
        assert not db.session.scalar(db.select(TakeOver.id))
    assert number(dossier) == 1
    assert not db.session.scalar(db.select(Person.id).filter_by(email=ADDRESS))


def test_nobody_fills_a_mailbox_with_links(browser: Browser, dossier: Dossier, code: str) -> None:
    types_code(browser, code)
    page = browser.seen
    for _ in range(6):
        browser.seen = page
        presses(browser, "take-over", email=ADDRESS)
    assert len(browser.mails(ADDRESS)) == 3


def test_guessing_is_stopped_with_one_sentence(holder: Browser, dossier: Dossier, code: str) -> None:
    wrong = codes.code_for("another")
    for _ in range(10):
        types_code(holder, wrong)
        assert holder.status == 422
        assert "not right" in holder.seen.text
        assert holder.seen.select_one("#code")["value"] == wrong, "what was typed stays"  # type: ignore[index]
    types_code(holder, code)
    assert "Wait until" in holder.seen.text, "not even the right one is looked at"
    elsewhere = Browser(holder.app)
    elsewhere.get("/receipt", environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    elsewhere.post("/receipt", {"code": code}, environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    assert "The lamp is out" in elsewhere.seen.text, "another network may go on"
    with later(hours=1, seconds=1):
        types_code(holder, code)
        assert "The lamp is out" in holder.seen.text


def test_guessing_from_many_networks_is_stopped_too(
    browser: Browser, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "WRONG_IN_ALL", 5)
    for last in range(6):
        browser.post("/receipt", {"code": "nonsense"}, environ_overrides={"REMOTE_ADDR": f"192.0.2.{last}"})
    assert "Wait until" in browser.seen.text
    kept = {row.origin for row in db.session.scalars(db.select(Tries))}
    assert not any("192" in origin for origin in kept), "no address of a network is kept"


def test_a_wrong_code_in_an_open_form_changes_nothing(browser: Browser, dossier: Dossier, code: str) -> None:
    types_code(browser, code)
    for path in ("withdraw", "name", "take-over"):
        browser.post(f"/receipt/{path}", {"code": "K7QM-4XTP-29", "email": ADDRESS})
        assert browser.status == 422
        browser.get(f"/receipt/{path}")
        assert browser.url == "/receipt"
    assert number(dossier) == 1
    assert not browser.mails(ADDRESS)


def test_each_submit_has_a_code_of_its_own(app: Any) -> None:
    assert len({codes.code_for(str(n)) for n in range(300)}) == 300
    assert codes.code_for("1") == codes.code_for("1")


def test_the_code_is_kept_nowhere(helper: Browser, dossier: Dossier, code: str) -> None:
    receipt = db.session.scalars(db.select(Receipt)).one()
    bare = code.replace("-", "")
    rows = [
        str(value)
        for table in db.metadata.sorted_tables
        for row in db.session.execute(db.select(table))
        for value in row
    ]
    assert receipt.code_digest in rows
    assert not [text for text in rows if code in text or bare in text]


def test_after_the_signatures_were_forgotten_the_code_shows_nobody(
    holder: Browser, dossier: Dossier, code: str
) -> None:
    dossiers.solve(dossier.opener, dossier)
    before = number(dossier)
    with clock.at(clock.now() + timedelta(days=200)):
        dossiers.forget(SYSTEM, dossier)
        holder.mails()  # the worker's round
        receipt = db.session.scalars(db.select(Receipt)).one()
        assert (receipt.person_id, receipt.helper_id) == (None, None)
        types_code(holder, code)
        assert holder.status == 200
        assert not holder.seen.select(f'{OPEN} form[action="/receipt/withdraw"]')
    assert number(dossier) == before
    assert not db.session.scalars(db.select(Person).where(Person.name == "Old Neighbour")).all()
