"""An official who never signs in: told by mail, answers by mail, says by mail what kind of answer it was."""

from datetime import timedelta

import pytest
from flask import Flask

from portal.accounts.commands import end_membership
from portal.accounts.models import Role
from portal.dossiers.commands import hide, withdraw
from portal.dossiers.models import AddresseeState, State
from portal.dossiers.pictures import forget_files
from portal.dossiers.timeline import first_broken
from portal.kernel import storage
from portal.kernel.clock import at, now, today
from portal.kernel.db import db
from portal.kernel.errors import Invalid, NotAllowed
from portal.kernel.policy import SYSTEM
from portal.mailroom import codes, commands
from portal.mailroom.intake import MOST_A_DAY, MOST_WAITING, Came, take_in
from portal.mailroom.models import MailState
from portal.mailroom.policy import NAMED_WITHIN
from tests.answers.making import answers
from tests.browser import Browser
from tests.factories import a_membership, a_person, a_signature, an_issue, an_organisation
from tests.mailroom.making import EXPECTED, OFFICE, OFFICIAL, MailCase, comes_in, filled_in, mails
from tests.notices.test_mail import text


def test_from_the_hand_over_to_the_answer(app: Flask, browser: Browser) -> None:
    case = MailCase(app)
    supporter = a_signature(case.dossier, a_person(locale="en")).person
    (told,) = browser.mails(OFFICE)
    assert str(told["Reply-To"]) == case.reply_to
    assert case.dossier.title in text(told)
    assert case.dossier.title in str(told["Subject"])
    assert case.organiser.email not in told.as_string()
    assert case.organiser.name not in told.as_string()

    assert comes_in(case, "The lamps come in week 49.\n\nKind regards,\nAn Official") == Came.PLACED
    assert comes_in(case, "The lamps come in week 49.\n\nKind regards,\nAn Official") == Came.TWICE
    page = browser.get(f"/d/{case.dossier.ref}")
    said = page.select_one(".timeline li:last-child")
    assert said is not None
    assert "The lamps come in week 49." in said.text
    assert f"{case.authority.name}, by mail" in said.text
    assert OFFICIAL not in str(page)
    assert "An Official" not in str(page)
    assert (case.place.state, case.dossier.state) == (AddresseeState.WAITING, State.HANDED_OVER)
    (news,) = browser.mails(supporter.email)
    assert "The lamps come in week 49." in text(news)
    assert OFFICIAL not in news.as_string()

    (back,) = browser.mails(OFFICIAL)
    assert "##-" in text(back)
    assert str(back["Reply-To"]) == case.reply_to
    link = browser.link(back, "kind=granted")
    browser.get(link)
    assert case.place.state == AddresseeState.WAITING, "a scanner that opens the link says nothing"
    assert browser.seen.select_one("textarea[name=text]").text.strip() == "The lamps come in week 49."
    browser.submit("form.compose", press="button[value=preview]")
    assert browser.status == 422
    browser.submit("form.compose", press="button[value=preview]", level="decision")
    browser.submit("form.send")
    assert (case.place.state, case.dossier.state) == (AddresseeState.ANSWERED, State.ANSWERED)
    assert [entry.data["kind"] for entry in answers(case.dossier)] == ["acknowledgement", "granted"]
    browser.get(link)
    assert browser.url.startswith(f"/d/{case.dossier.ref}"), "once"
    assert first_broken(case.dossier) is None


def test_a_link_works_for_a_while_and_as_long_as_the_dossier_is_there(app: Flask, browser: Browser) -> None:
    case = MailCase(app)
    comes_in(case)
    link = browser.link(browser.mails(OFFICIAL)[0], "kind=done")
    with at(now() + NAMED_WITHIN + timedelta(days=1)):
        browser.get(link)
        assert browser.status == 409
    withdraw(case.organiser, case.dossier)
    browser.get(link)
    assert browser.status == 409
    with pytest.raises(NotAllowed):
        commands.name(SYSTEM, mails()[0], kind="done", text="x", level="decision")


def test_no_mail_of_ours_goes_round(app: Flask, browser: Browser) -> None:
    """What we send is not taken in, a machine's answer is not answered, and after five mails we stop."""
    case = MailCase(app)
    comes_in(case)
    for mail in browser.mails():
        assert take_in(mail.as_bytes(), to=[case.reply_to]) == Came.LOOP
    away = "Auto-Submitted: auto-replied"
    assert comes_in(case, "I am away.", number=2, more=away) == Came.AUTOMATIC
    assert comes_in(case, "I am away.", number=3, envelope="") == Came.AUTOMATIC
    came = [comes_in(case, f"Machine {number}", number=number) for number in range(4, 15)]
    assert came == [Came.PLACED] * (MOST_A_DAY - 1) + [Came.WAITING] * 2
    assert len(browser.mails(OFFICIAL)) == 1, "of many in a day none is answered"
    with at(now() + timedelta(days=1, hours=1)):
        assert comes_in(case, "The lamps burn.", number=20) == Came.PLACED
        assert len(browser.mails(OFFICIAL)) == 2


def test_who_hands_on_has_the_next_one_told(app: Flask, browser: Browser) -> None:
    """Each authority has an address of its own, and nobody is told of what they did not get."""
    case = MailCase(app)
    browser.mails()
    other = an_organisation(email_domain="vervoer.example")
    commands.set_mailbox(SYSTEM, other, address="post@vervoer.example", locale="en")
    case.answer("transferred", transfer_to=other)
    (told,) = browser.mails("post@vervoer.example")
    assert str(told["Reply-To"]) not in {"", case.reply_to}
    assert "answer" in str(told["Subject"])
    assert len(browser.mails(OFFICE)) == 1
    assert comes_in(case) == Came.WAITING, "it is not with the first one any more"
    with pytest.raises(Invalid):
        commands.set_mailbox(SYSTEM, other, address="somebody@homes.example")


def test_nothing_is_sent_of_what_is_hidden_or_where_no_mail_is_taken(app: Flask, browser: Browser) -> None:
    case = MailCase(app)
    hide(a_person(Role.MODERATOR), case.dossier, reason="It names somebody.")
    assert browser.mails(OFFICE) == []
    app.config["ANSWER_ADDRESS"] = ""
    case.another()
    (told,) = browser.mails(OFFICE)
    assert told["Reply-To"] is None
    assert "##-" not in text(told)


def test_what_waits_is_let_in_or_thrown_away(app: Flask, browser: Browser) -> None:
    case = MailCase(app)
    for number, words in ((1, "Let me in."), (2, "Throw me away.")):
        assert comes_in(case, words, sure=False, number=number) == Came.WAITING
    assert answers(case.dossier) == []
    assert browser.mails(OFFICIAL) == [], "nobody is written back who may be another"
    assert "Let me in." not in browser.get(f"/d/{case.dossier.ref}").text
    other = a_person(Role.OFFICIAL)
    assert Browser(app).signs_in(other).get("/mail").select("article") == []
    browser.signs_in(case.official).get(f"/d/{case.dossier.ref}")
    browser.click("a[href='/mail']")
    assert "It is not sure that it came from the address that it names." in browser.seen.text
    let_in(browser, kind="acknowledgement")
    (entry,) = answers(case.dossier)
    assert (entry.text, entry.data["kind"], entry.actor_id) == ("Let me in.", "acknowledgement", None)
    browser.get("/mail")
    browser.submit("form[action$='throw-away']")
    placed, thrown = mails()
    assert (placed.state, placed.text) == (MailState.LET_IN, "")
    with at(now() + commands.SENDERS_STAY + timedelta(days=1)):
        commands.forget(SYSTEM, None)
    assert placed.sender == ""
    assert (thrown.state, thrown.sender, thrown.text) == (MailState.THROWN_AWAY, "", "")
    assert comes_in(case, "Throw me away.", sure=False, number=2) == Came.TWICE
    assert browser.get("/mail").select("article") == []


def let_in(browser: Browser, **said: str) -> None:
    """As somebody does who reads the first mail that waits and says what kind of answer it is."""
    browser.get("/mail")
    browser.click("a[href$='let-in']")
    browser.submit("form.compose", press="button[value=kind]", kind=said["kind"])
    browser.submit("form.compose", press="button[value=preview]", **said)
    browser.submit("form.send")


def test_who_lets_in_says_what_it_is_and_its_sender_can_put_it_right(app: Flask, browser: Browser) -> None:
    """Held to the rules of every answer; the words stay as they came; a sender of elsewhere gets no key."""
    case = MailCase(app)
    comes_in(case, "We hang the lamps.", sure=False, number=1)
    comes_in(case, "We pass it on.", sender="official@elsewhere.example", number=2)
    other, day = an_organisation(email_domain="vervoer.example"), today() + timedelta(days=30)
    browser.signs_in(case.official).get("/mail")
    browser.click("a[href$='let-in']")
    browser.submit("form.compose", press="button[value=kind]", kind="promise")
    assert not browser.seen.select("form.compose textarea[name=text]")
    browser.submit("form.compose", press="button[value=preview]", level="advice")
    assert (browser.status, answers(case.dossier)) == (422, [])
    assert browser.seen.select_one("#promise_on-error")
    let_in(browser, kind="promise", level="advice", promise_on=day.isoformat())
    (entry,) = answers(case.dossier)
    assert (entry.text, entry.data["kind"], entry.data["level"]) == (
        "We hang the lamps.",
        "promise",
        "advice",
    )
    assert (entry.data["promise_on"], case.place.state) == (day.isoformat(), AddresseeState.ANSWERED)
    (receipt,) = browser.mails(OFFICIAL)
    assert "as: Promise: before" in text(receipt)
    link = browser.link(receipt, "kind=refused")

    let_in(browser, kind="transferred", level="decision", transfer_to=other.key)
    assert case.place.state == AddresseeState.TRANSFERRED
    (news,) = browser.mails("official@elsewhere.example")
    assert "/mail/" not in text(news)
    assert "kwam er niet vanzelf door" in text(news)
    assert Browser(app).get(link).select_one("h1")
    with pytest.raises(NotAllowed):
        commands.name(SYSTEM, mails()[0], kind="refused", text="x", level="decision", reason="y")


def test_what_was_let_in_wrongly_is_put_right_once(app: Flask, browser: Browser) -> None:
    case = MailCase(app)
    comes_in(case, "No lamps come.", sure=False)
    let_in(browser.signs_in(a_person(Role.MODERATOR)), kind="granted", level="decision")
    link = Browser(app).link(browser.mails(OFFICIAL)[0], "kind=refused")
    official = Browser(app)
    official.get(link)
    assert "as: Yes" in official.seen.select_one("main").text
    official.submit("form.compose", press="button[value=preview]", level="decision", reason="No money.")
    official.submit("form.send")
    assert [entry.data["kind"] for entry in answers(case.dossier)] == ["granted", "refused"]
    official.get(link)
    assert official.url.startswith(f"/d/{case.dossier.ref}")


def test_a_membership_that_ended_lets_nobody_in(app: Flask, browser: Browser) -> None:
    """Through the page and the address of the button; nor can what was withdrawn be let in."""
    case = MailCase(app)
    comes_in(case, sure=False)
    official = a_person()
    browser.signs_in(official).get("/mail")
    assert browser.status == 403
    membership = a_membership(official, case.authority, Role.OFFICIAL)
    assert browser.get("/mail").select("article")
    from_before = str(browser.seen.select_one("a[href$='let-in']")["href"])
    browser.get(from_before)
    assert browser.status == 200
    end_membership(SYSTEM, membership)
    browser.post(from_before, data={"kind": "acknowledgement", "step": "send"})
    assert browser.status == 403
    assert answers(case.dossier) == []
    withdraw(case.organiser, case.dossier)
    with pytest.raises(NotAllowed):
        commands.let_in(case.official, mails()[0], kind="acknowledgement")


def test_what_comes_with_a_mail(app: Flask, browser: Browser) -> None:
    """Made anew, seen by all once it is placed, before that by those who look at it."""
    case = MailCase(app)
    (name,) = (known for known in EXPECTED if known[3:] == "photo.eml")
    raw = filled_in(name, case, case.place)
    assert b"pass" in raw
    assert take_in(raw.replace(b"=pass", b"=none")) == Came.WAITING
    key = mails()[0].files[0].key
    assert b"Author Name" not in storage.get(key)
    assert key.endswith(".webp")
    url = f"/mail/files/{key}"
    assert browser.get(url) is not None
    assert browser.status == 404
    moderator = Browser(app).signs_in(a_person(Role.MODERATOR))
    moderator.get(url)
    assert moderator.headers["Content-Security-Policy"].startswith("sandbox")
    let_in(moderator, kind="acknowledgement")
    page = browser.get(f"/d/{case.dossier.ref}")
    assert f"{case.authority.name}, by mail; a moderator read what it is" in page.text
    assert [a["href"] for a in page.select(f"a[href='{url}']")] == [url]
    browser.get(url)
    assert browser.status == 200
    forget_files(keys=[key], job_id=0, spared=0)
    assert storage.get(key), "a file that a mail has stays"
    hide(a_person(Role.MODERATOR), case.dossier, reason="It shows somebody.")
    browser.get(url)
    assert browser.status == 404


def test_nobody_can_fill_the_pen_and_what_waits_long_goes(app: Flask) -> None:
    case = MailCase(app)
    for number in range(MOST_WAITING):
        comes_in(case, sure=False, number=number)
    assert comes_in(case, sure=False, number=99) == Came.FULL
    assert comes_in(case, number=100) == Came.PLACED, "what is sure comes through"
    with at(now() + commands.WAITS + timedelta(days=1)):
        commands.forget(SYSTEM, None)
    assert {mail.state for mail in mails()} == {MailState.THROWN_AWAY, MailState.PLACED}
    assert not any(mail.sender or mail.text for mail in mails())


def test_what_is_kept_of_somebody_goes_with_them(app: Flask, browser: Browser) -> None:
    case = MailCase(app)
    comes_in(case, sure=False)
    browser.signs_in(case.official).get("/mail")
    browser.submit("form[action$='throw-away']")
    taken = browser.client.get("/me/data.json").json
    assert [mail["looked_at"] for mail in taken["mails"]] == [True]
    browser.get("/me/erase")
    browser.submit("main form", sure="y")
    db.session.expire_all()
    assert mails()[0].settled_by_id is None


def test_a_key_is_for_one_place_and_cannot_be_guessed(app: Flask) -> None:
    case, issue = MailCase(app), an_issue()
    made = codes.key(case.place.id)
    assert codes.read(f"x+{made}@y") == codes.read(f"X+{made.upper()}@Y") == case.place.id
    number, letters = made.split(".")
    others = (f"{int(number) + 1}.{letters}", f"{number}.{letters[:-1]}", f"{number}.{letters}a")
    for wrong in (*others, "", issue.title):
        assert codes.read(wrong) is None
