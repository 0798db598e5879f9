"""The supporters' digest: one mail a week about all that was not answered, with a way out."""

from datetime import date
from email.message import EmailMessage

from flask import Flask

from portal.accounts.commands import erase
from portal.accounts.models import Person
from portal.accounts.own_data import export
from portal.dossiers import commands as dossiers
from portal.kernel import clock
from portal.kernel.db import db
from portal.notices.models import NoDigest
from portal.notices.tasks import week_of
from tests.answers.making import Case
from tests.browser import Browser
from tests.factories import a_person, a_signature, an_issue, an_organisation
from tests.terms.making import days, moment, worker_wakes
from tests.terms.reckoning import due
from tests.threads import at_once

START = date(2026, 3, 2)
DUE = due(START, 30, False)
MONDAY = date(2026, 4, 20)


def body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def digests(browser: Browser, person: Person) -> list[EmailMessage]:
    return [mail for mail in browser.mails(person.email) if mail["Subject"].startswith("No answer yet")]


def supported(*people: Person) -> Case:
    with clock.at(moment(START)):
        case = Case()
        for person in people:
            a_signature(case.dossier, person)
    return case


def test_one_mail_about_everything_in_the_readers_language(browser: Browser) -> None:
    dutch, english = a_person(locale="nl"), a_person(locale="en")
    first, second = supported(dutch, english), supported(english)
    answered, hidden = supported(english), supported(english)
    with clock.at(moment(START)):
        dossiers.hide(a_person("moderator"), hidden.dossier, reason="It names somebody.")
        sent = dossiers.tell(
            second.organiser, second.dossier, text="Come.", what="invitation", awaits_answer=True
        )
    worker_wakes(DUE + days(1))
    worker_wakes(DUE + days(2))
    with clock.at(moment(DUE + days(2))):
        (mail,) = browser.mails(english.email)
        text, dutch_mails = body(mail), browser.mails(dutch.email)
    assert mail["Subject"] == "No answer yet on 3 dossiers that you support"
    for case in (first, second, answered):
        assert case.dossier.ref in text
        assert f"No answer from {case.authority.name} (15 April 2026)" in text
    assert "Invitation of 2 March 2026: no answer" in text
    assert sent.seq > 0
    assert hidden.dossier.ref not in text
    assert len(dutch_mails) == 1
    assert second.dossier.ref not in body(dutch_mails[0])
    assert not {dutch.email, english.name, "Come."} & set(text.split())


def test_one_a_week_and_what_was_answered_meanwhile_is_left_out(browser: Browser) -> None:
    person = a_person(locale="en")
    first = supported(person)
    worker_wakes(DUE + days(1))  # a Thursday
    with clock.at(moment(START + days(1))):
        second, third = Case(), Case()
        for case in (second, third):
            a_signature(case.dossier, person)
    late = due(START + days(1), 30, False)
    assert week_of(moment(late + days(1))) == week_of(moment(DUE + days(1)))
    worker_wakes(late + days(1))
    assert len(digests(browser, person)) == 1, "the second one waits for the next week"
    with clock.at(moment(late + days(1))):
        third.answer()
    worker_wakes(MONDAY, hour=4)
    assert len(digests(browser, person)) == 1, "nobody is woken before seven"
    worker_wakes(MONDAY, hour=9)
    worker_wakes(MONDAY + days(1))
    mails = digests(browser, person)
    assert len(mails) == 2
    assert [ref in body(mails[1]) for ref in (first.dossier.ref, second.dossier.ref)] == [False, True]
    assert third.dossier.ref not in body(mails[1])


def test_a_way_out_from_the_mail_and_back(browser: Browser) -> None:
    person = a_person(locale="en")
    supported(person)
    worker_wakes(DUE + days(1))
    (mail,) = browser.mails(person.email)
    link = browser.link(mail, "/digest/")
    for _scan in range(2):
        browser.get(link)
    assert db.session.get(NoDigest, person.id) is None, "a scanner that opens the link stops nothing"
    browser.submit()
    assert "You do not get this mail" in browser.seen.text
    assert export(person)["no_digest"] != []
    with clock.at(moment(START + days(7))):
        a_signature(Case().dossier, person)
    worker_wakes(DUE + days(30))
    assert len(digests(browser, person)) == 1
    browser.signs_in(person).get("/me")
    browser.click("a[href*='/digest/']")
    browser.submit()
    with clock.at(moment(START + days(20))):
        a_signature(Case().dossier, person)
    worker_wakes(DUE + days(60))
    assert len(digests(browser, person)) == 2
    browser.submit()
    erase(person, person)
    assert db.session.get(NoDigest, person.id) is None
    browser.get("/digest/forged")
    assert browser.status == 404


def test_two_workers_send_one_mail_to_each(browser: Browser, app: Flask) -> None:
    people = [a_person(locale="en") for _ in range(3)]
    supported(*people)
    with clock.at(moment(START)):
        issue = an_issue()
        dossiers.hand_over(issue.opener, issue, to=[an_organisation()])
        a_signature(issue, people[0])
    day = DUE + days(1)
    at_once(app, lambda: worker_wakes(day), lambda: worker_wakes(day))
    worker_wakes(day)
    assert [len(browser.mails(person.email)) for person in people] == [1, 1, 1]
