"""What the timeline says."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from portal.accounts.models import Role
from portal.dossiers import commands, queries
from portal.dossiers.models import Dossier
from portal.dossiers.texts import TOLD, WORDINGS, Shown, shown, told
from portal.dossiers.timeline import record
from portal.kernel import clock
from portal.kernel.commands import transaction
from portal.kernel.policy import NOBODY
from tests.browser import Browser
from tests.factories import a_person, a_petition, a_signature, an_issue, an_organisation

PORTAL = Path(__file__).parent.parent.parent / "portal"
NOVEMBER = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english(app: Flask) -> Any:
    with force_locale("en"), clock.at(NOVEMBER):
        yield


def last(dossier: Dossier) -> Shown:
    return told(queries.timeline(NOBODY, dossier))[-1]


def tell(**facts: Any) -> Shown:
    platform = an_organisation("platform", name="The platform")
    dossier = an_issue(opener=(opener := a_person(Role.ORGANISER, of=platform)), organisation_id=platform.id)
    commands.tell(opener, dossier, **({"text": "Words."} | facts))
    return last(dossier)


def test_every_verb_that_is_recorded_has_words() -> None:
    source = "\n".join(path.read_text() for path in PORTAL.rglob("*.py"))
    verbs = set(re.findall(r'record\(\s*[\w.]+,\s*"(\w+)"', source))
    assert len(verbs) > 15
    assert verbs - set(WORDINGS) == set()


@pytest.mark.parametrize("what", TOLD)
def test_whatever_is_told_has_a_title_of_its_own(what: str) -> None:
    assert tell(what=what).title == TOLD[what][0]


def test_a_verb_of_a_later_version_does_not_break_the_page() -> None:
    dossier = an_issue()
    with transaction():
        record(dossier, "celebrated", text="Cake.")
    assert (last(dossier).title, last(dossier).text) == ("Something was written down", "Cake.")


def test_an_invitation_without_answer_counts_the_days() -> None:
    entry = tell(
        what="invitation", awaits_answer=True, told_on=date(2021, 10, 14), to=an_organisation(name="District")
    )
    assert ("To", "District") in entry.facts
    assert ("Answer", "no answer: 1,866 days") in entry.facts
    assert (entry.tone, entry.icon, entry.when) == ("none", "late", "14 October 2021")


def test_once_answered_it_points_to_the_answer() -> None:
    dossier = an_issue(opener=(opener := a_person()))
    asked = commands.tell(opener, dossier, text="Come and see.", what="invitation", awaits_answer=True)
    answer = commands.tell(opener, dossier, text="They came.", answers=asked.seq)
    entry = next(e for e in told(queries.timeline(NOBODY, dossier)) if e.seq == asked.seq)
    assert entry.links == [("To the answer", f"#e{answer.seq}")]
    assert (entry.facts, entry.tone) == ([], "plain")


def test_alone_an_entry_says_nothing_about_its_answer() -> None:
    dossier = an_issue(opener=(opener := a_person()))
    entry = commands.tell(opener, dossier, text="Come.", what="invitation", awaits_answer=True)
    assert shown(entry).facts == []


def test_when_only_the_month_is_known_no_day_is_made_up() -> None:
    entry = tell(told_on=date(2021, 6, 1), precision="month")
    assert (entry.when, entry.datetime) == ("June 2021", "2021-06")


def test_the_day_is_in_the_language_of_the_reader() -> None:
    with force_locale("nl"):
        assert tell(told_on=date(2021, 6, 1)).when == "1 juni 2021"


def test_who_is_an_organisation_with_a_role_or_a_neighbour() -> None:
    assert tell().who == "The platform (organiser)"
    dossier = an_issue(opener=(opener := a_person(name="A Name")))
    commands.tell(opener, dossier, text="Words.")
    assert last(dossier).who == "a neighbour"


def test_somebody_elses_words_say_who_wrote_them_down() -> None:
    entry = tell(what="hearing", about=an_organisation("committee", name="The council"))
    assert entry.who == "The council, written down by The platform (organiser)"


def test_facts_of_what_is_told_stand_beside_it() -> None:
    video = {"label": "The hearing", "at_seconds": 98}
    entry = tell(
        what="advice",
        vote="unanimous",
        outcome="It helped.",
        video=video,
        links=[{"url": "https://a.example"}],
    )
    assert entry.facts == [
        ("Outcome", "It helped."),
        ("Vote", "unanimous"),
        ("Video", "The hearing, from 1:38"),
    ]
    assert entry.links == [("https://a.example", "https://a.example")]


def test_handing_over_names_each_addressee_and_its_day() -> None:
    dossier = an_issue(opener=(opener := a_person()))
    commands.hand_over(opener, dossier, to=[an_organisation(name="One"), an_organisation(name="Two")])
    assert last(dossier).title == "Handed over to One and Two"
    assert [label for label, _ in last(dossier).facts] == ["One", "Two"]
    assert str(last(dossier).facts[0][1]).startswith("answer due before ")


def test_of_words_that_were_taken_away_only_the_reason_is_left() -> None:
    dossier = an_issue(opener=(opener := a_person()))
    entry = commands.tell(opener, dossier, text="Something nasty.", links=[{"url": "https://a.example"}])
    with transaction():
        record(dossier, "entry_hidden", hides=entry.seq, reason="It names somebody.")
    found = next(e for e in told(queries.timeline(NOBODY, dossier)) if e.seq == entry.seq)
    assert (found.text, found.links) == ("", [])
    assert found.facts == [("Hidden by a moderator", "It names somebody.")]


def test_a_round_number_is_told_once() -> None:
    dossier = an_issue()
    signatures = [a_signature(dossier) for _ in range(10)]
    commands.withdraw_signature(signatures[0].person, signatures[0])
    a_signature(dossier)
    commands.add_up_all()
    reached = [e for e in told(queries.timeline(NOBODY, dossier)) if e.verb == "reached"]
    assert [(e.title, e.who) for e in reached] == [("10 supporters", "the neighbourhood")]


def test_single_signatures_have_words_and_are_not_listed() -> None:
    dossier = a_petition()
    a_signature(dossier, state="withdrawn")
    a_signature(dossier, state="invalid")
    verbs = [e.verb for e in told(queries.timeline(NOBODY, dossier))]
    assert verbs == ["opened", "published", "signature_invalidated"]


def test_the_page_shows_all_of_it(browser: Browser) -> None:
    dossier = an_issue(opener=(opener := a_person()))
    commands.solve(opener, dossier, text="It burns again.")
    browser.language = "en"
    browser.get(f"/d/{dossier.ref}")
    titles = [h3.text for h3 in browser.seen.select(".timeline .entry h3")]
    assert titles == ["Reported", "Solved, say those who opened it"]
