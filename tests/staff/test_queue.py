"""The queue of an authority: by the day an answer is due, with as many queries however long it is."""

from datetime import timedelta

import pytest
from flask import Flask

from portal.accounts import commands as accounts
from portal.accounts.models import Role
from portal.answers import commands as answers
from portal.answers.models import AnswerKind
from portal.dossiers import commands as dossiers
from portal.dossiers.models import State
from portal.kernel import clock
from portal.kernel.errors import NotAllowed
from portal.kernel.policy import NOBODY, SYSTEM
from portal.staff import queries
from portal.staff.queries import Show
from tests.answers.making import Case
from tests.browser import Browser
from tests.factories import a_person, a_signature, an_organisation
from tests.statements import sent

MOST_QUERIES = {"queue": 13, "case": 24}
"""A case: its page, a part of the queue, whose it is, the draft, templates, who else is there, what was
answered before; and one that says that one is there."""


@pytest.fixture
def case(app: Flask) -> Case:
    return Case()


def refs(browser: Browser) -> list[str]:
    return [link["href"].partition("?")[0].rpartition("/")[2] for link in browser.seen.select(".queue a")]


def test_by_due_date(case: Case, browser: Browser) -> None:
    with clock.at(clock.now() + timedelta(days=9)):
        later = case.another()
    report = case.another()
    a_signature(report)
    browser.language = "en"
    browser.signs_in(case.official).get("/staff")
    assert refs(browser) == [case.dossier.ref, report.ref, later.ref]
    assert "1 supporter" in browser.seen.select(".queue li")[1].text


def test_the_term_in_words(case: Case, browser: Browser) -> None:
    due = case.addressee().due_on
    assert due is not None
    browser.language = "en"
    browser.signs_in(case.official)
    for offset, words in (
        (-3, "3 days left"),
        (-1, "1 day left"),
        (0, "due today"),
        (2, "2 days past the date"),
    ):
        moment = clock.now() + (due - clock.today()) + timedelta(days=offset)
        with clock.at(moment):
            assert words in browser.get("/staff").select_one(".queue li").text


def test_new_is_what_nobody_reacted_to(case: Case, browser: Browser) -> None:
    browser.language = "en"
    browser.signs_in(case.official)
    assert "new" in browser.get("/staff").select_one(".queue .row").text
    case.answer(AnswerKind.ACKNOWLEDGEMENT)
    assert "new" not in browser.get("/staff").select_one(".queue .row").text


def test_waiting_answered_and_all(case: Case, browser: Browser) -> None:
    waits, first = case.another(), case.dossier
    case.answer()
    case.dossier = passed_on = case.another()
    case.answer(AnswerKind.TRANSFERRED)
    solved, withdrawn = case.another(), case.another()
    dossiers.solve(case.organiser, solved)
    dossiers.withdraw(case.organiser, withdrawn)
    draft = case.another(state=State.GATHERING)
    browser.signs_in(case.official)
    seen = {show: (browser.get(f"/staff?show={show}"), set(refs(browser)))[1] for show in Show}
    assert seen[Show.NEW] == {waits.ref}
    assert seen[Show.LATE] == seen[Show.DUE] == seen[Show.OTHERS] == seen[Show.MINE] == set()
    assert seen[Show.WAITING] == {waits.ref}
    assert seen[Show.ANSWERED] == {first.ref, passed_on.ref}
    assert seen[Show.ALL] == {waits.ref, first.ref, passed_on.ref, solved.ref, withdrawn.ref}
    assert draft.ref not in seen[Show.ALL]
    numbers = [int(number.text) for number in browser.seen.select(".tabs .num")]
    assert numbers == [1, 0, 0, 1, 0, 0, 2, 5]


def test_pages(case: Case, browser: Browser) -> None:
    others = [case.another() for _ in range(queries.PAGE + 2)]
    browser.signs_in(case.official).get("/staff")
    first = refs(browser)
    assert len(first) == queries.PAGE
    browser.get(browser.seen.select_one("a[rel=next]")["href"])
    assert len(refs(browser)) == 3
    assert set(first) | set(refs(browser)) == {case.dossier.ref, *(d.ref for d in others)}
    browser.get("/staff?page=99")
    assert len(refs(browser)) == 3
    browser.get(f"/staff/{case.dossier.ref}?page=2")
    assert len(refs(browser)) == 3
    assert browser.seen.select_one("#queue a[rel=prev]")
    assert not browser.seen.select_one("#queue a[rel=next]")
    for nonsense in ("page=x", "page=-1", f"page={10**30}", "show=nothing", "who=nobody", "kind=x"):
        for path in ("/staff", f"/staff/{case.dossier.ref}"):
            browser.get(f"{path}?{nonsense}")
            assert browser.status == 200, (path, nonsense)


def test_fifty_rows_take_as_many_queries_as_one(case: Case, app: Flask) -> None:
    def number(path: str) -> int:
        visitor = Browser(app).signs_in(case.official)
        with sent() as statements:
            visitor.get(path)
        return len(statements)

    pages = [
        "/staff",
        "/staff?show=all",
        f"/staff/{case.dossier.ref}",
        f"/staff/{case.dossier.ref}?kind=promise",
    ]
    one = [number(path) for path in pages]
    for _ in range(49):
        a_signature(case.another())
    assert [number(path) for path in pages] == one
    assert max(one[:2]) <= MOST_QUERIES["queue"]
    assert max(one[2:]) <= MOST_QUERIES["case"]


def test_choosing_among_ones_authorities(case: Case, browser: Browser) -> None:
    second = an_organisation()
    accounts.appoint(SYSTEM, second, person=case.official, role=Role.OFFICIAL)
    elsewhere = case.another([second])
    browser.signs_in(case.official).get(f"/staff?who={second.key}")
    assert refs(browser) == [elsewhere.ref]
    assert second.name in browser.seen.select_one("h1").text
    browser.get(f"/staff/{elsewhere.ref}")
    assert browser.status == 200
    assert second.name in browser.seen.select_one("main .big").text


def test_who_may_see_it(case: Case, app: Flask) -> None:
    former = a_person(Role.OFFICIAL, of=case.authority)
    accounts.end_membership(SYSTEM, former.memberships[0])
    for person in (former, a_person(), case.organiser, a_person(Role.MODERATOR), a_person(Role.MEMBER)):
        browser = Browser(app).signs_in(person)
        for path in ("/staff", f"/staff/{case.dossier.ref}"):
            browser.get(path)
            assert browser.status == 403
    other = Browser(app).signs_in(a_person(Role.OFFICIAL))
    assert other.get("/staff").select_one(".empty")
    other.get(f"/staff/{case.dossier.ref}")
    assert other.status == 403
    anonymous = Browser(app)
    for path in ("/staff", f"/staff/{case.dossier.ref}"):
        anonymous.get(path)
        assert anonymous.url.startswith("/sign-in")


def test_the_queries_ask_the_policy_too(case: Case) -> None:
    for actor in (NOBODY, SYSTEM, a_person(), case.organiser, a_person(Role.OFFICIAL)):
        with pytest.raises(NotAllowed):
            queries.queue(actor, case.authority)
    with pytest.raises(NotAllowed):
        queries.case(case.official, case.dossier, an_organisation())


def test_the_desk_shows_what_is_needed(case: Case, browser: Browser) -> None:
    case.dossier = case.another(body="First.\n\nSecond.", place_name="By the pond")
    answers.note(case.official, case.dossier, text="Only ours.")
    browser.language = "en"
    seen = browser.signs_in(case.official).get(f"/staff/{case.dossier.ref}")
    article = seen.select_one("article#read").text
    for words in ("First.", "Second.", "By the pond", case.platform.name, "working days", "Only ours."):
        assert words in article
    assert seen.select_one(".queue .here a")["aria-current"] == "true"
    assert len({element["id"] for element in seen.select("[id]")}) == len(seen.select("[id]"))


def test_a_hidden_dossier_shows_the_reason_and_not_the_words(case: Case, browser: Browser) -> None:
    case.dossier = case.another(title="A title with a name", body="A body with a name")
    dossiers.hide(a_person(Role.MODERATOR), case.dossier, reason="It named somebody.")
    seen = browser.signs_in(case.official).get(f"/staff/{case.dossier.ref}")
    assert browser.status == 200
    assert "It named somebody." in seen.text
    assert "with a name" not in seen.text
    assert "with a name" not in browser.get("/staff").text
    browser.get(f"/staff/{case.dossier.ref}/answer")
    assert browser.status == 403


def test_there_is_no_form_where_nothing_can_be_answered(case: Case, browser: Browser) -> None:
    case.answer(AnswerKind.TRANSFERRED)
    seen = browser.signs_in(case.official).get(f"/staff/{case.dossier.ref}")
    assert not seen.select("form.compose")
    assert seen.select_one("form.note")


def test_overdue_is_counted(case: Case, browser: Browser) -> None:
    case.another()
    browser.language = "en"
    browser.signs_in(case.official)
    with clock.at(clock.now() + timedelta(days=90)):
        assert browser.get("/staff").select_one("#tab-late .late").text == "2"
    assert browser.get("/staff").select_one("#tab-late .num").text == "0"
