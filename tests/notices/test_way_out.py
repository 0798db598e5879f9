"""Every mail that comes again can be ended: by its link, and by the button of a mail program (RFC 8058)."""

from datetime import timedelta
from email.message import EmailMessage

from flask import Flask

from portal.accounts.models import Role
from portal.accounts.own_data import export
from portal.answers.models import AnswerKind
from portal.dossiers.commands import withdraw_signature
from portal.kernel import clock
from portal.kernel.db import db
from portal.notices.delivery import mail_folder
from tests.answers.making import Case
from tests.browser import Browser
from tests.factories import a_person, a_signature
from tests.promises.making import a_promise, look_after

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def path(mail: EmailMessage) -> str:
    """Where the button of a mail program sends its POST."""
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = str(mail["List-Unsubscribe"])
    assert (address[:5], address[-1]) == ("<http", ">")
    return "/" + address.strip("<>").split("/", 3)[3]


def press(app: Flask, mail: EmailMessage) -> int:
    """As a server of the mail program does it: signed in nowhere, with no cookie and no form of ours."""
    return app.test_client().post(path(mail), data=ONE_CLICK).status_code


def test_mails_about_a_dossier_end_with_one_click(app: Flask, browser: Browser) -> None:
    app.config["PUBLIC_URL"] = "https://mee.buurtportaal-van-de-k-buurt.amsterdam.example"
    case, person = Case(), a_person(locale="en")
    signature = a_signature(case.dossier, person)
    case.answer(AnswerKind.QUESTION, level=None)
    (mail,) = browser.mails(person.email)
    raw = b"".join(file.read_bytes() for file in mail_folder().iterdir())
    assert f"List-Unsubscribe: {mail['List-Unsubscribe']}\n".encode() in raw, "whole, on one line"
    assert str(person.email) not in path(mail)
    browser.get(path(mail))
    assert "You get a mail when something happens to it." in browser.seen.text, "a scanner ends nothing"
    assert press(app, mail) == press(app, mail) == 200
    db.session.refresh(signature)
    assert (signature.quiet, signature.state) == (True, "confirmed")
    case.answer()
    assert len(browser.mails(person.email)) == 1
    browser.get(path(mail))
    browser.submit()
    assert "You get a mail when something happens to it." in browser.seen.text
    withdraw_signature(person, signature)
    assert press(app, mail) == 200
    browser.get(path(mail))
    assert "you do not support it any more" in browser.seen.text
    browser.get(f"{path(mail)}x")
    assert browser.status == 404


def test_an_official_hears_what_neighbours_say_back_until_they_want_no_more(
    app: Flask, browser: Browser
) -> None:
    case = Case()
    case.official.locale = case.organiser.locale = "en"
    db.session.commit()
    other = a_person(Role.OFFICIAL, of=case.authority)
    signed = [a_signature(case.dossier) for _ in range(3)]
    case.answer(AnswerKind.QUESTION, level=None, text="Which lamp?")
    (asked,) = [m for m in browser.mails(str(case.organiser.email)) if "/q/" in m.get_content()]
    browser.get(browser.link(asked, "/q/"))
    browser.submit("main form", text="The left one.")
    (reply,) = browser.mails(str(case.official.email))
    assert "The left one." in reply.get_content()
    assert browser.mails(str(other.email)) == [], "who asked is told, not everybody who works there"
    assert Browser(app).signs_in(case.official).get(browser.link(reply, "/staff/")).select_one("#write")

    case.answer(AnswerKind.DONE)
    for signature in signed:
        (mail,) = [m for m in browser.mails(str(signature.person.email)) if "/v/" in m.get_content()]
        browser.get(browser.link(mail, "say=not_solved"))
        browser.submit("main form", press="button[value=not_solved]")
    with clock.at(clock.now() + timedelta(days=15)):
        contested = browser.mails(str(case.official.email))[-1]
        assert str(contested["Subject"]).startswith("Not solved, say the neighbours")
        assert "not according to 3 of 3 neighbours" in contested.get_content()
    assert press(app, contested) == 200
    assert export(case.official)["no_news"] != []
    promise = a_promise(case)
    before = len(browser.mails(str(case.official.email)))
    with clock.at(clock.now() + timedelta(days=24)):
        look_after(browser)
        assert promise.by_on is not None
        assert len(browser.mails(str(case.official.email))) == before
    browser.signs_in(case.official).get("/me")
    browser.click("a[href*='/news/']")
    browser.submit()
    assert export(case.official)["no_news"] == []


def test_one_mail_asks_all_there_is_to_ask(browser: Browser) -> None:
    """Is the promise kept, is it solved: no two such mails about a dossier on one day."""
    case, people = Case(), [a_person(locale="en") for _ in range(2)]
    for person in people:
        a_signature(case.dossier, person)
    a_promise(case)
    a_promise(case)

    def asking(words: str) -> list[EmailMessage]:
        return [mail for mail in browser.mails(str(people[0].email)) if words in mail.get_content()]

    day = clock.now() + timedelta(days=30)
    with clock.at(day):
        look_after(browser)
        (kept,) = asking("/kept/")
        assert kept.get_content().count("/kept/") == 2, "two promises, one mail"
        case.answer(AnswerKind.DONE)
        assert asking("/v/") == [], "they were asked something today"
    with clock.at(day + timedelta(days=1, hours=12)):
        (solved,) = asking("/v/")
        assert "/kept/" not in solved.get_content(), "they were asked that"

    case.dossier = case.another()
    a_signature(case.dossier, people[0])
    promised, mails = a_promise(case), len(browser.mails(str(people[0].email)))
    with clock.at(day):
        case.answer(AnswerKind.DONE)
        look_after(browser)
        news = browser.mails(str(people[0].email))[mails:]
        assert ["/v/" in mail.get_content() for mail in news] == [True]
        assert news[0].get_content().count("/kept/") == 1
        assert promised.entry.text in news[0].get_content()
    with clock.at(day + timedelta(days=2)):
        look_after(browser)
        assert len(browser.mails(str(people[0].email))) == mails + 1
