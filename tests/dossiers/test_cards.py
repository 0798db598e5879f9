"""What pages show of a dossier, in words."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import force_locale

from portal.dossiers import cards, commands
from portal.dossiers.models import AddresseeState
from portal.dossiers.texts import told
from portal.dossiers.timeline import Entry
from portal.kernel import clock
from tests.factories import a_person, a_petition, an_issue


def handed_over(day: datetime) -> cards.Clock:
    with clock.at(day):
        petition = a_petition(state="handed_over")
    return cards.clocks(petition)[0]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (datetime(2026, 11, 3, 9, tzinfo=UTC), "3 November + 30 working days = 15 December"),
        (
            datetime(2026, 12, 1, 9, tzinfo=UTC),
            "1 December 2026 + 30 working days, not counting Christmas Day and New Year's Day"
            " = 14 January 2027",
        ),
    ],
)
def test_the_sum_behind_a_due_date_is_told(app: Flask, day: datetime, expected: str) -> None:
    with force_locale("en"):
        assert handed_over(day).sum_text == expected


def test_the_sum_is_in_the_readers_language(app: Flask) -> None:
    with force_locale("nl"):
        assert "Eerste kerstdag" in handed_over(datetime(2026, 12, 1, 9, tzinfo=UTC)).sum_text


def test_who_has_not_been_asked_yet_has_no_clock(app: Flask) -> None:
    clock = cards.clocks(a_petition())[0]
    assert (clock.due_on, clock.days_left, clock.sum_text) == (None, 0, "")


def test_who_passed_it_on_is_not_late(app: Flask) -> None:
    petition = a_petition(state="handed_over")
    petition.addressees[0].state = AddresseeState.TRANSFERRED
    with force_locale("en"):
        assert cards.clocks(petition)[0].sum_text == "Passed on to another authority"
    assert cards.clocks(petition)[0].answered_on is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Short.", "Short."),
        ("one\n\ntwo", "one two"),
        ("word " * 40, "word word word …"),
        ("x" * 40, "x" * 16 + " …"),
    ],
)
def test_an_excerpt_ends_between_words(text: str, expected: str) -> None:
    assert cards.excerpt(text, 16) == expected


def test_paragraphs_are_the_writers_own() -> None:
    assert cards.paragraphs("\n\none\ntwo\n \n\nthree\n") == [["one", "two"], ["three"]]
    assert cards.paragraphs("") == []


def test_a_card_of_a_hidden_dossier_keeps_place_reference_and_reason(app: Flask) -> None:
    dossier = an_issue(title="Nasty", body="Words", category_slug="lantaarnpaal-straatverlichting")
    commands.hide(a_person("moderator"), dossier, reason="It names somebody.")
    with app.test_request_context(), force_locale("en"):
        card = cards.card(dossier, 3)
    assert (card.title, card.excerpt, card.state) == ("Hidden by a moderator", "It names somebody.", "hidden")
    assert (card.supporters, card.category_name) == (None, "")
    assert (card.ref, card.place_name) == (dossier.ref, dossier.place_name)


def test_a_link_to_a_dossier_says_its_title_where_everybody_may_read_it(app: Flask) -> None:
    shown, hidden = an_issue(title="No bin"), an_issue(title="Nasty")
    commands.hide(a_person("moderator"), hidden, reason="It names somebody.")
    entry = Entry(seq=1, verb="invited", on=date(2026, 11, 3), precision="day", data={}, text="")
    entry.data = {"refs": [shown.ref, hidden.ref]}
    with app.test_request_context(), force_locale("en"):
        links = cards.with_titles(told([entry]))[0].links
    assert links == [("No bin", f"/d/{shown.ref}"), (hidden.ref, f"/d/{hidden.ref}")]
