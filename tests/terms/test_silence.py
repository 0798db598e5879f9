"""Silence: once at the due date and once at twice the term, on its own day, whenever the worker looks."""

from datetime import date

from flask import Flask

from portal.answers import models as answer_models
from portal.answers.commands import write_down
from portal.answers.models import AnswerKind
from portal.desk.queries import oversight
from portal.dossiers import commands as dossiers
from portal.dossiers import queries
from portal.dossiers.texts import told
from portal.dossiers.timeline import REPLIES, first_broken
from portal.kernel import clock
from portal.kernel.policy import NOBODY, SYSTEM
from portal.terms.commands import extend, lapse
from portal.terms.tasks import lapse_all
from tests.answers.making import Case
from tests.browser import Browser
from tests.factories import a_person, a_petition, an_issue, an_organisation
from tests.terms.making import days, entries, lapsed, moment, silences, worker_wakes
from tests.terms.reckoning import due
from tests.threads import at_once

START = date(2026, 3, 2)
DUE, TWICE = due(START, 30, False), due(START, 60, False)


def handed_over() -> Case:
    with clock.at(moment(START)):
        return Case()


def test_a_worker_that_was_down_for_nine_days_writes_each_silence_once(browser: Browser) -> None:
    """On its own day, in order; and a second time, or with the worker awake every day, nothing more."""
    case = handed_over()
    with clock.at(moment(START)):
        other = an_issue()
        dossiers.hand_over(other.opener, other, to=[an_organisation()])
    worker_wakes(DUE - days(1))
    worker_wakes(DUE)
    assert lapsed(case.dossier) == [], "the day itself is still in time"
    first = due(START, 15, False)
    assert lapsed(other) == [(1, first)]
    for day in (DUE + days(9), DUE + days(9), DUE + days(10)):
        worker_wakes(day)
        assert lapsed(case.dossier) == [(1, DUE)]
    assert lapsed(other) == [(1, first), (2, DUE)]
    (entry,) = entries(case.dossier)
    assert entry.at.date() == DUE + days(9), "when it was written down is not hidden"
    worker_wakes(TWICE + days(9))
    worker_wakes(TWICE + days(200))
    assert lapsed(case.dossier) == [(1, DUE), (2, TWICE)]
    assert len(silences()) == 4
    assert [first_broken(dossier) for dossier in (case.dossier, other)] == [None, None]
    browser.get(f"/d/{case.dossier.ref}")
    line = browser.seen.select_one(f"#e{entry.seq}")
    assert line is not None
    for words in (f"No answer from {case.authority.name}", "15 April 2026", "30 working days", "the portal"):
        assert words in " ".join(line.get_text(" ").split())


def test_down_for_months_it_writes_both_in_the_order_of_their_days(app: Flask) -> None:
    case = handed_over()
    worker_wakes(TWICE + days(30))
    assert lapsed(case.dossier) == [(1, DUE), (2, TWICE)]


def test_two_workers_at_once_write_it_once(app: Flask) -> None:
    cases = [handed_over() for _ in range(3)]
    with clock.at(moment(TWICE + days(9))):
        now = clock.now()

        def work() -> int:
            with clock.at(now):
                return lapse_all()

        counts = at_once(app, work, work, work)
    assert sum(counts) == 6, counts
    assert [lapsed(case.dossier) for case in cases] == [[(1, DUE), (2, TWICE)]] * 3


def test_a_sign_of_life_stops_no_clock_and_an_answer_does(app: Flask) -> None:
    assert REPLIES == answer_models.REPLIES
    for kind in AnswerKind:
        case = handed_over()
        with clock.at(moment(DUE - days(3))):
            case.answer(kind)
        worker_wakes(DUE + days(9))
        assert lapsed(case.dossier) == ([(1, DUE)] if kind in REPLIES else []), kind


def test_an_answer_while_the_worker_was_down_does_not_hide_that_the_day_passed(app: Flask) -> None:
    late, in_time, by_month = handed_over(), handed_over(), handed_over()
    with clock.at(moment(DUE)):
        in_time.answer()
    with clock.at(moment(DUE + days(4))):
        late.answer()
        late.answer()
    with clock.at(moment(DUE + days(60))):
        month = {"told_on": DUE.replace(day=1), "precision": "month"}
        said = {"of": by_month.authority, "kind": "granted", "text": "Yes.", **month}
        write_down(by_month.organiser, by_month.dossier, **said)
    worker_wakes(DUE + days(9))
    assert lapsed(late.dossier) == [(1, DUE)]
    assert (lapsed(in_time.dossier), lapsed(by_month.dossier)) == ([], [])


def test_what_is_over_is_not_told(app: Flask) -> None:
    solved, withdrawn, gathering = handed_over(), handed_over(), a_petition()
    with clock.at(moment(DUE - days(1))):
        dossiers.solve(solved.organiser, solved.dossier)
        dossiers.withdraw(withdrawn.organiser, withdrawn.dossier)
    worker_wakes(TWICE + days(1))
    assert [lapsed(d) for d in (solved.dossier, withdrawn.dossier, gathering)] == [[], [], []]
    with clock.at(moment(TWICE + days(1))):
        assert lapse(SYSTEM, solved.dossier) == 0


def test_passed_on_the_next_authority_has_a_clock_of_its_own(app: Flask) -> None:
    case, following = handed_over(), an_organisation()
    passed = DUE - days(3)
    with clock.at(moment(passed)):
        case.answer(AnswerKind.TRANSFERRED, transfer_to=following)
    second = due(passed, 30, False)
    worker_wakes(second + days(9))
    (entry,) = entries(case.dossier)
    assert (entry.on, entry.data["to"]["key"]) == (second, following.key)


def test_an_invitation_has_the_same_clock(browser: Browser) -> None:
    """14 October 2021, unanswered when the neighbourhood wrote about it 131 days later."""
    sent, read = date(2021, 10, 14), date(2022, 2, 22)
    district = an_organisation(name="District")
    with clock.at(moment(sent)):
        petition = a_petition(title="We want a platform")
        tells = {"what": "invitation", "to": district, "awaits_answer": True}
        letter = dossiers.tell(petition.opener, petition, text="Come and talk.", **tells)
        answered = dossiers.tell(petition.opener, petition, text="And this.", **tells)
        dossiers.tell(petition.opener, petition, text="They wrote back.", answers=answered.seq)
    day, twice = due(sent, 30, False), due(sent, 60, False)
    worker_wakes(read)
    assert lapsed(petition) == [(1, day), (2, twice)]
    with clock.at(moment(read)):
        browser.get(f"/d/{petition.ref}")
        line = browser.seen.select_one(f"#e{letter.seq}")
        assert line is not None
        seen = " ".join(line.get_text(" ").split())
        for words in ("Invitation", "14 October 2021", "no answer: 131 days", "14 October + 30 working days"):
            assert words in seen
        browser.signs_in(a_person("member")).get("/committee")
        assert "no answer: 131 days" in browser.seen.text
        assert "25 November 2021" in browser.seen.text
        titles = [entry.title for entry in told(queries.timeline(NOBODY, petition)) if entry.verb == "lapsed"]
    assert titles[0] == "Invitation of 14 October 2021: no answer"
    with clock.at(moment(read + days(1))):
        dossiers.tell(petition.opener, petition, text="They came.", answers=letter.seq)
    worker_wakes(read + days(400))
    assert len(lapsed(petition)) == 2


def test_the_committee_sees_who_is_silent_since_twice_the_term(browser: Browser) -> None:
    once, twice = handed_over(), handed_over()
    with clock.at(moment(DUE - days(1))):
        until = due(DUE, 10, False)
        extend(once.official, once.dossier, organisation=once.authority, until=until, reason="We measure.")
    worker_wakes(TWICE + days(2))
    with clock.at(moment(TWICE + days(2))):
        found = oversight(a_person("member"))
        assert found.twice == {twice.addressee().id}
        browser.signs_in(a_person("member")).get("/committee")
        rows = {
            a["href"]: a.find_parent("tr") for a in browser.seen.select("section[aria-labelledby=overdue] a")
        }
        words = {ref: rows[f"/d/{ref}"].get_text(" ") for ref in (once.dossier.ref, twice.dossier.ref)}
    assert "twice the term" in words[twice.dossier.ref]
    assert str((TWICE + days(2) - DUE).days) in words[twice.dossier.ref]
    assert "put off once" in words[once.dossier.ref]
    assert "twice the term" not in words[once.dossier.ref]
