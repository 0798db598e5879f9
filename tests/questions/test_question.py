"""An official asks the neighbours something: by mail, with a term, while the clock runs on."""

from datetime import timedelta
from typing import Any

import pytest

from portal.accounts.commands import erase
from portal.accounts.models import Role
from portal.accounts.own_data import export
from portal.answers.commands import write_down
from portal.answers.models import AnswerKind
from portal.dossiers.commands import forget, withdraw
from portal.dossiers.timeline import Entry, first_broken
from portal.kernel import clock
from portal.kernel.clock import now, today
from portal.kernel.commands import transaction
from portal.kernel.db import db
from portal.kernel.errors import Invalid, NotAllowed
from portal.kernel.policy import SYSTEM
from portal.questions import commands
from portal.questions.models import Asked, Question, QuestionState
from tests.answers.making import Case
from tests.browser import Browser
from tests.factories import a_person

WORDS = "Which of the two lamps is it?"


class Asking(Case):
    """An official asks about a petition; its opener and another organiser of its platform are asked."""

    def __init__(self, browser: Browser) -> None:
        super().__init__()
        self.browser = browser
        self.second = a_person(Role.ORGANISER, of=self.platform, locale="en")
        with transaction():
            self.organiser.locale = "en"
        self.due = self.addressee().due_on
        self.entry = self.answer(AnswerKind.QUESTION, text=WORDS, level=None)

    @property
    def question(self) -> Question:
        return db.session.scalars(db.select(Question).execution_options(populate_existing=True)).one()

    def mails(self, person: Any, days: int = 0) -> list[Any]:
        """Those about the question, so many days later."""
        with clock.at(now() + timedelta(days=days)):
            found = self.browser.mails(person.email)
        return [
            mail for mail in found if "question" in str(mail["Subject"]) or "vraag" in str(mail["Subject"])
        ]

    def told(self, verb: str) -> list[Entry]:
        wanted = db.select(Entry).filter_by(dossier_id=self.dossier.id, verb=verb)
        return list(db.session.scalars(wanted.order_by(Entry.seq)))

    def clock_says(self, days: int = 0) -> str:
        with clock.at(now() + timedelta(days=days)):
            return str(self.browser.get(f"/d/{self.dossier.ref}").select_one(".clock").text)


@pytest.fixture
def asking(browser: Browser) -> Asking:
    return Asking(browser)


def test_it_is_answered_from_the_mail(asking: Asking) -> None:
    browser = asking.browser
    assert len(asking.mails(asking.organiser)) == 1
    (mail,) = asking.mails(asking.second)
    assert WORDS in mail.get_content()
    assert "is open since" in asking.clock_says()
    link = browser.link(mail, "/q/")
    with clock.at(now() + timedelta(days=5)):
        browser.get(link)
        assert WORDS in browser.seen.text
        browser.submit("main form", text="")
        assert browser.status == 422
        browser.submit("main form", text="The left one.")
    (reply,) = asking.told("replied")
    assert (reply.text, reply.organisation, reply.actor_id) == (
        "The left one.",
        asking.platform,
        asking.second.id,
    )
    assert reply.data["question"] == asking.entry.seq
    assert f"#e{asking.entry.seq}" in [a["href"] for a in browser.seen.select(f"#e{reply.seq} a")]
    assert asking.question.state == QuestionState.REPLIED
    assert asking.addressee().due_on == asking.due, "the clock was not stopped"
    assert "was open for 5 days. The clock ran on." in asking.clock_says(days=9)
    browser.get(link)
    browser.post(link, {"text": "And the right one."})
    assert browser.status == 409
    assert [len(asking.mails(p, days=20)) for p in (asking.organiser, asking.second)] == [1, 1]
    assert not asking.told("not_replied")
    assert first_broken(asking.dossier) is None


def test_a_reminder_and_then_no_reply(asking: Asking) -> None:
    """Each once, also when the worker looks again, and was down on the last day."""
    first_day = today()
    assert len(asking.mails(asking.second, days=6)) == 1
    assert len(asking.mails(asking.second, days=7)) == 2
    assert "Still open" in str(asking.mails(asking.second, days=14)[1]["Subject"])
    assert not asking.told("not_replied"), "the last day is not over"
    assert len(asking.mails(asking.second, days=23)) == 2
    asking.mails(asking.second, days=24)
    (entry,) = asking.told("not_replied")
    assert (entry.on, entry.data["days"]) == (first_day + timedelta(days=14), 14)
    assert "was open for 14 days" in asking.clock_says(days=24)
    with clock.at(now() + timedelta(days=25)):
        commands.reply(asking.second, asking.question, text="Late, but the left one.")
    assert len(asking.told("replied")) == 1
    assert "was open for 14 days" in asking.clock_says(days=26), "what stood there stays"


def test_who_may_reply_on_the_page(asking: Asking) -> None:
    page, browser = f"/d/{asking.dossier.ref}", asking.browser
    for person in (a_person(), asking.official):
        browser.signs_in(person)
        assert not browser.get(page).select(f"a[href*='{page}/questions/']")
        browser.get(f"{page}/questions/{asking.question.id}")
        assert browser.status == 403
        with pytest.raises(NotAllowed):
            commands.reply(person, asking.question, text="Me.")
    with pytest.raises(Invalid):
        commands.reply(asking.second, asking.question, text=" ")
    browser.signs_in(asking.second)
    browser.get(page)
    browser.click(f"a[href*='{page}/questions/']")
    browser.submit("main form", text="The left one.")
    assert [entry.text for entry in asking.told("replied")] == ["The left one."]


def test_nobody_is_asked_what_an_answer_made_idle(asking: Asking) -> None:
    asking.answer(AnswerKind.GRANTED)
    assert asking.question.state == QuestionState.DROPPED
    assert not asking.mails(asking.second, days=20)
    assert not asking.told("not_replied")


def test_nor_about_what_is_over_or_what_neighbours_wrote_down_themselves(asking: Asking) -> None:
    given = {"of": asking.authority, "kind": AnswerKind.QUESTION, "text": WORDS, "told_on": today()}
    write_down(asking.organiser, asking.dossier, **given)
    assert asking.question.seq == asking.entry.seq
    withdraw(asking.organiser, asking.dossier)
    assert asking.question.state == QuestionState.DROPPED
    assert not asking.mails(asking.second)


def test_who_was_asked_is_forgotten(asking: Asking) -> None:
    """With their account, or with the supporters when the dossier was over long enough."""
    exported = export(asking.second)["questions"]
    assert [(one["dossier"], one["number"]) for one in exported] == [(asking.dossier.ref, asking.entry.seq)]
    erase(asking.second, asking.second)
    assert [asked.person_id for asked in db.session.scalars(db.select(Asked))] == [asking.organiser.id]
    withdraw(asking.organiser, asking.dossier)
    forget(SYSTEM, asking.dossier)
    assert not db.session.scalars(db.select(Asked)).all()
