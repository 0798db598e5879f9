"""An authority says "done"; whoever supports it says whether it is solved; the worker counts."""

from datetime import timedelta
from typing import Any

import pytest

from portal.accounts.commands import erase
from portal.accounts.models import Role
from portal.accounts.own_data import export
from portal.answers.models import AnswerKind
from portal.dossiers.commands import forget, hand_over, hide, quieten, reopen, solve, withdraw_signature
from portal.dossiers.models import AddresseeState, Dossier, State
from portal.dossiers.texts import shown
from portal.dossiers.timeline import Entry, first_broken
from portal.kernel import clock, workdays
from portal.kernel.clock import now, today
from portal.kernel.db import db
from portal.kernel.errors import NotAllowed
from portal.kernel.policy import SYSTEM
from portal.petitions import commands as petitions
from portal.petitions.models import Consent
from portal.verdicts.models import Outcome, Round, Says, Verdict
from tests.answers.making import Case
from tests.browser import Browser
from tests.factories import a_person, a_signature, an_issue
from tests.petitions.making import a_bundle, a_platform, says

SOLVED, NOT_SOLVED, CANNOT_TELL = Says.SOLVED, Says.NOT_SOLVED, Says.CANNOT_TELL
DAYS = 14


class Asked(Case):
    """A petition with as many supporters, which its authority calls done."""

    def __init__(self, browser: Browser, supporters: int = 15) -> None:
        super().__init__()
        self.browser = browser
        self.people = [a_person(locale="en") for _ in range(supporters)]
        self.signatures = [a_signature(self.dossier, person) for person in self.people]
        self.done = self.answer(AnswerKind.DONE)
        asking = self.about("", "Is it solved?")
        self.links = {str(mail["To"]): browser.link(mail, "say=not_solved") for mail in asking}
        assert len(asking) == len(self.links) == supporters

    def link(self, number: int) -> str:
        """Where the mail of this supporter leads, for who finds that it is not solved."""
        return self.links[str(self.people[number].email)]

    def about(self, address: str, subject: str) -> list[Any]:
        return [m for m in self.browser.mails(address) if str(m["Subject"]).startswith(subject)]

    def say(self, *words: str, first: int = 0) -> None:
        """By one tap from the mail, each."""
        for number, word in enumerate(words, first):
            self.browser.get(self.link(number).replace("say=not_solved", f"say={word}"))
            self.browser.submit("main form", press=f"button[value={word}]")
            assert self.browser.status == 200
            assert self.browser.seen.select_one(".message.good")

    def judged(self, days: int = DAYS + 1) -> Entry | None:
        """What the worker writes down so many days later."""
        with clock.at(now() + timedelta(days=days)):
            self.browser.mails()
        return entry(self.dossier)


def entry(dossier: Dossier, verb: str = "judged") -> Entry | None:
    wanted = db.select(Entry).filter_by(dossier_id=dossier.id, verb=verb).order_by(Entry.seq.desc())
    return db.session.scalars(wanted).first()


def read(dossier: Dossier) -> str:
    db.session.refresh(dossier)
    return dossier.state


def test_five_of_fifteen_find_it_not_solved(browser: Browser) -> None:
    """It stands as solved, with the numbers; its own people can still open it again."""
    asked = Asked(browser)
    authority, first_day = asked.authority, today()
    assert not asked.about("", "An answer")
    asked.say(*[NOT_SOLVED] * 5, *[SOLVED] * 10)
    browser.get(f"/d/{asked.dossier.ref}")
    assert "15 neighbours said something so far" in browser.seen.text
    assert asked.judged(days=DAYS) is None, "the last day is not over"
    told = asked.judged()
    assert told is not None
    assert read(asked.dossier) == State.SOLVED
    numbers = {"solved": 10, "not_solved": 5, "cannot_tell": 0, "supporters": 15}
    facts = {"outcome": "solved", "share": 60, "least": 3, **numbers}
    to = {"key": authority.key, "name": authority.name}
    assert told.data == facts | {"answer": asked.done.seq, "to": [to]}
    assert told.on == first_day + timedelta(days=DAYS)
    assert shown(told).title == "Solved, say 10 of 15 neighbours"
    assert asked.addressee().state == AddresseeState.ANSWERED
    assert len(asked.about("", "What neighbours say")) == 15
    browser.get(f"/d/{asked.dossier.ref}")
    assert "Solved, say 10 of 15 neighbours." in browser.seen.select_one("#verdicts-solved").text

    reopen(asked.organiser, asked.dossier, text="It broke again.")
    assert read(asked.dossier) == State.GATHERING


def test_ten_of_fifteen_find_it_not_solved(browser: Browser) -> None:
    """It goes back to the authority, which has a new clock and can answer again."""
    asked = Asked(browser)
    asked.say(*[NOT_SOLVED] * 5, *[SOLVED] * 10)
    asked.say(*[NOT_SOLVED] * 5, first=5)  # they look again, and change what they said
    assert db.session.scalar(db.select(db.func.count(Verdict.id))) == 15
    day, last_day = today() + timedelta(days=DAYS + 10), today() + timedelta(days=DAYS)
    told = asked.judged(days=DAYS + 10)  # the worker was down for nine days
    assert told is not None
    assert told.on == last_day
    assert read(asked.dossier) == State.HANDED_OVER
    clock_now = asked.addressee()
    due = workdays.term(day, 30).due
    assert (clock_now.state, clock_now.handed_over_on, clock_now.due_on) == ("waiting", day, due)
    assert clock_now.answered_on is None
    numbers = {"solved": 5, "not_solved": 10, "cannot_tell": 0, "supporters": 15}
    to = {"key": asked.authority.key, "name": asked.authority.name, "due_on": due.isoformat()}
    facts = {"outcome": "not_solved", "share": 60, "least": 3, **numbers}
    assert told.data == facts | {"answer": asked.done.seq, "to": [to]}
    words = f"Done according to {asked.authority.name}, not according to 10 of 15 neighbours"
    assert shown(told).title == words
    assert len(asked.about("", "What neighbours say")) == 15
    assert not db.session.scalars(db.select(Verdict)).all(), "nobody knows any more who said what"
    assert first_broken(asked.dossier) is None
    browser.get(f"/d/{asked.dossier.ref}")
    assert f"{words}." in browser.seen.select_one("#verdicts-solved").text
    assert lists_say_so(asked) == [True, True]
    asked.answer(AnswerKind.ACKNOWLEDGEMENT)
    assert lists_say_so(asked) == [True, True]
    with clock.at(now() + timedelta(days=40)):
        browser.mails()
        assert [e.seq for e in db.session.scalars(db.select(Entry).filter_by(verb="judged"))] == [told.seq]
        asked.answer(AnswerKind.DONE)  # they can answer again, and neighbours are asked again
    rounds = db.session.scalars(db.select(Round).order_by(Round.id)).all()
    assert [r.outcome for r in rounds] == [Outcome.NOT_SOLVED, None]
    browser.get(f"/d/{asked.dossier.ref}")
    assert words not in browser.seen.select_one("#verdicts-solved").text
    assert lists_say_so(asked)[0] is False


def lists_say_so(asked: Asked) -> list[bool]:
    """Whether the card in the public list, and the row in the queue, say that it was contested."""
    official = Browser(asked.browser.app).signs_in(asked.official)
    rows = asked.browser.get("/dossiers").select(".card")[:1], official.get("/staff").select(".queue li")
    return [any("not solved, say the neighbours" in row.text for row in found) for found in rows]


SHARES = [
    ([NOT_SOLVED] * 5, Outcome.NOT_SOLVED, State.HANDED_OVER),
    ([SOLVED] * 3 + [NOT_SOLVED] * 2 + [CANNOT_TELL] * 4, Outcome.SOLVED, State.SOLVED),
    ([SOLVED] * 2 + [NOT_SOLVED] * 2, Outcome.NOT_SOLVED, State.HANDED_OVER),
    ([NOT_SOLVED] * 2 + [CANNOT_TELL] * 8, Outcome.TOO_FEW, State.DONE),
    ([], Outcome.TOO_FEW, State.DONE),
]


@pytest.mark.parametrize(("words", "outcome", "state"), SHARES)
def test_what_the_numbers_come_to(browser: Browser, words: list[str], outcome: Outcome, state: State) -> None:
    """Exactly the share is enough; who cannot tell is not counted; silence says nothing."""
    asked = Asked(browser, supporters=10)
    asked.say(*words)
    told = asked.judged()
    assert told is not None
    assert (told.data["outcome"], read(asked.dossier)) == (outcome, state)
    assert told.data["cannot_tell"] == words.count(CANNOT_TELL)
    waits = asked.addressee().state == AddresseeState.WAITING
    assert waits == (state == State.HANDED_OVER)
    assert len(asked.about("", "What neighbours say")) == (0 if outcome == Outcome.TOO_FEW else 10)
    if outcome == Outcome.TOO_FEW:
        assert "nothing is claimed" in shown(told).title


def test_a_scanner_that_opens_every_link_says_nothing(browser: Browser) -> None:
    asked = Asked(browser, supporters=1)
    link = asked.link(0)
    for word in Says:
        browser.get(link.replace("not_solved", word))
    browser.get(link.partition("?")[0])
    assert not db.session.scalars(db.select(Verdict)).all()
    assert len(browser.seen.select("main form button")) == 3
    browser.get(link)
    assert [b["value"] for b in browser.seen.select("main form button")] == ["not_solved"]
    browser.post(link, {"says": "perhaps"})
    assert browser.status == 422
    browser.submit("main form", press="button")
    assert [v.says for v in db.session.scalars(db.select(Verdict))] == ["not_solved"]


def test_on_the_page_with_and_without_javascript(either_browser: Browser) -> None:
    browser, asked = either_browser, Asked(either_browser, supporters=3)
    page = f"/d/{asked.dossier.ref}"
    browser.get(page)
    assert "sign in" in browser.seen.select_one("#verdicts-solved").text
    browser.signs_in(a_person())
    browser.get(page)
    assert not browser.seen.select("#verdicts-solved form")
    browser.get(f"{page}/verdict")
    assert browser.status == 403
    browser.signs_in(asked.people[0])
    browser.get(page)
    browser.submit("#verdicts-solved form", press="button[value=solved]")
    assert "You said: It is solved" in browser.seen.select_one("#verdicts-solved").text
    browser.get(page)
    browser.submit("#verdicts-solved form", press="button[value=cannot_tell]")
    (said,) = db.session.scalars(db.select(Verdict).execution_options(populate_existing=True))
    assert (said.says, said.person_id) == (CANNOT_TELL, asked.people[0].id)


def test_who_wants_no_mails_can_still_say_it(browser: Browser) -> None:
    asked = Asked(browser, supporters=3)
    (mail,) = asked.about(asked.people[0].email, "Is it solved?")
    browser.get(browser.link(mail, "/s/"))
    browser.submit("form[action$='/mails']")
    assert "You get no mails about it." in browser.seen.text
    with pytest.raises(NotAllowed):
        quieten(asked.people[1], asked.signatures[0], quiet=False)
    link = asked.link(0)
    reopen(asked.organiser, asked.dossier, text="No.")
    browser.get(link)
    assert "not asked any more" in browser.seen.text
    browser.post(link, {"says": "solved"})
    assert browser.status == 409
    hand_over(asked.organiser, asked.dossier, to=[asked.authority])
    asked.answer(AnswerKind.DONE)
    assert [len(asked.about(p.email, "Is it solved?")) for p in asked.people] == [1, 2, 2]
    browser.get(link)
    browser.submit("main form")
    (said,) = db.session.scalars(db.select(Verdict))
    assert said.person_id == asked.people[0].id


def test_who_stepped_out_has_no_say_and_leaves_nothing(browser: Browser) -> None:
    asked = Asked(browser, supporters=4)
    asked.say(*[NOT_SOLVED] * 4)
    withdraw_signature(asked.people[0], asked.signatures[0])
    assert len(db.session.scalars(db.select(Verdict)).all()) == 3
    told = asked.judged()
    assert told is not None
    assert (told.data["not_solved"], told.data["supporters"]) == (3, 3)


def test_what_somebody_said_is_theirs_and_is_not_kept(browser: Browser) -> None:
    """It goes with their account, and all of it when the supporters are forgotten."""
    asked = Asked(browser, supporters=4)
    asked.say(NOT_SOLVED, SOLVED, SOLVED, SOLVED)
    first, link = asked.people[0], asked.link(1)
    (mine,) = export(first)["verdicts"]
    assert (mine["dossier"], mine["says"]) == (asked.dossier.ref, "not_solved")
    erase(first, first)
    assert len(db.session.scalars(db.select(Verdict)).all()) == 3
    forget(SYSTEM, asked.dossier)
    assert not db.session.scalars(db.select(Verdict)).all()
    assert asked.judged() is None
    assert [r.outcome for r in db.session.scalars(db.select(Round))] == [Outcome.OVERTAKEN]
    browser.get(link)
    assert not browser.seen.select("main form")


def test_what_is_hidden_is_asked_of_nobody(browser: Browser) -> None:
    asked = Asked(browser, supporters=3)
    hide(a_person(Role.MODERATOR), asked.dossier, reason="It names somebody.")
    browser.get(asked.link(0))
    assert asked.dossier.title not in browser.seen.text
    assert not browser.seen.select("main form")
    browser.post(asked.link(0), {"says": "solved"})
    assert browser.status == 409
    told = asked.judged()
    assert told is not None
    assert told.data["outcome"] == Outcome.TOO_FEW


def test_its_own_people_cannot_end_the_asking_by_calling_it_solved(browser: Browser) -> None:
    asked = Asked(browser, supporters=3)
    solve(asked.organiser, asked.dossier)
    asked.say(*[NOT_SOLVED] * 3)
    assert asked.judged() is not None
    assert (read(asked.dossier), asked.addressee().state) == (State.HANDED_OVER, AddresseeState.WAITING)


def test_what_joined_a_petition_is_asked_with_it_each_person_once(browser: Browser) -> None:
    platform, organiser = a_platform()
    report, both = an_issue(), a_person(locale="en")
    others = [a_person(locale="en") for _ in range(3)]
    a_signature(report, both, joins_bundle=True)
    for person in others:
        a_signature(report, person)
    case = Case()
    petition = a_bundle(organiser, platform, [report], to=[case.authority])
    petitions.publish(organiser, petition)
    says(report, petition, Consent.JOINED)
    a_signature(petition, both)
    hand_over(organiser, petition)
    case.dossier = petition
    case.answer(AnswerKind.DONE)
    assert [r.dossier_id for r in db.session.scalars(db.select(Round))] == [petition.id]
    for person in (both, *others):
        mails = [m for m in browser.mails(person.email) if "Is it solved?" in str(m["Subject"])]
        assert len(mails) == 1
        browser.get(browser.link(mails[0], "say=not_solved"))
        browser.submit("main form")
    browser.get(f"/d/{report.ref}")
    assert f"Asked with petition {petition.ref}" in browser.seen.text
    with clock.at(now() + timedelta(days=DAYS + 1)):
        browser.mails()
    told, mirrored = entry(petition), entry(report)
    assert told is not None
    assert mirrored is not None
    assert told.data["not_solved"] == 4
    assert mirrored.data["via"] == petition.ref
    assert "answer" not in mirrored.data
    assert (read(petition), read(report)) == (State.HANDED_OVER, State.HANDED_OVER)
    assert told.data["supporters"] == 5, "those four, and who opened the report"
