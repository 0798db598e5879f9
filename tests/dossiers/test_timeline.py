"""The timeline: a chain in which nothing can be changed, swapped, left out or cut off without being found."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from portal.dossiers import commands, queries
from portal.dossiers.models import Dossier
from portal.dossiers.timeline import LISTENERS, Entry, first_broken, record
from portal.kernel import clock
from portal.kernel.commands import transaction
from portal.kernel.db import db
from portal.kernel.policy import NOBODY
from tests.factories import a_person, an_issue, an_organisation

PLACE = {"seq": 3, "verb": "told"}


@pytest.fixture
def told(app: Flask) -> Dossier:
    """A dossier with five entries; the third has words and facts, in the name of an organisation."""
    issue = an_issue()
    body = an_organisation()
    with transaction():
        record(issue, "told", by=issue.opener, text="The first word.", what="news")
        record(
            issue,
            "told",
            by=issue.opener,
            organisation=body,
            role="official",
            text="The second word.",
            what="call",
            told_on=date(2026, 6, 1),
            precision="month",
        )
        record(issue, "told", by=issue.opener, text="The third word.", what="news", ends="é 😀")
        record(issue, "told", by=issue.opener, text="The last word.")
    return issue


def third(dossier: Dossier) -> Entry:
    return db.session.scalars(db.select(Entry).filter_by(dossier_id=dossier.id, seq=3)).one()


def tamper(dossier: Dossier, **values: Any) -> None:
    """As somebody would who has the database: past everything that guards it."""
    db.session.execute(update(Entry).filter_by(dossier_id=dossier.id, seq=3).values(**values))
    db.session.commit()


def test_a_chain_that_nobody_touched_is_whole(told: Dossier) -> None:
    entries = db.session.scalars(db.select(Entry).filter_by(dossier_id=told.id).order_by(Entry.seq)).all()
    assert first_broken(told) is None
    assert [e.seq for e in entries] == [1, 2, 3, 4, 5]
    assert [e.previous for e in entries] == ["", *(e.hash for e in entries[:-1])]
    assert (told.entry_count, told.head) == (5, entries[-1].hash)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("verb", "answered"),
        ("at", datetime(2020, 1, 1, tzinfo=UTC)),
        ("on", date(2026, 6, 2)),
        ("precision", "day"),
        ("organisation_id", None),
        ("role", "organiser"),
        ("role", None),
        ("data", {"what": "meeting"}),
        ("data", {}),
        ("text", "Another word."),
        ("text_digest", "0" * 64),
        ("salt", "0" * 32),
        ("previous", "0" * 64),
        ("hash", "0" * 64),
    ],
)
def test_a_field_that_was_changed_is_found(told: Dossier, field: str, value: Any) -> None:
    tamper(told, **{field: value})
    assert f"{told.ref} entry 3" in str(first_broken(told))


def test_another_audience_is_found(told: Dossier) -> None:
    tamper(told, audience_id=third(told).organisation_id)
    assert "entry 3" in str(first_broken(told))


def test_another_organisation_is_found(told: Dossier) -> None:
    tamper(told, organisation_id=an_organisation().id)
    assert "entry 3" in str(first_broken(told))


def test_words_that_were_added_are_found(app: Flask) -> None:
    issue = an_issue()
    with transaction():
        record(issue, "told")
        record(issue, "told")
    tamper(issue, text="Never said.")
    assert "its words were changed" in str(first_broken(issue))


def test_two_entries_that_were_swapped_are_found(told: Dossier) -> None:
    for old, new in ((3, 99), (4, 3), (99, 4)):
        db.session.execute(update(Entry).filter_by(dossier_id=told.id, seq=old).values(seq=new))
    db.session.commit()
    assert "entry 3" in str(first_broken(told))


def test_an_entry_that_was_taken_out_is_found(told: Dossier) -> None:
    db.session.delete(third(told))
    db.session.commit()
    assert "entry 3 is missing" in str(first_broken(told))


def test_an_end_that_was_cut_off_is_found(told: Dossier) -> None:
    db.session.execute(db.delete(Entry).filter_by(dossier_id=told.id, seq=5))
    db.session.commit()
    assert "the end of the timeline is missing" in str(first_broken(told))


def test_an_entry_of_another_dossier_is_found(told: Dossier) -> None:
    other = an_issue()
    db.session.execute(db.delete(Entry).filter_by(dossier_id=told.id, seq=5))
    db.session.execute(update(Entry).filter_by(dossier_id=other.id, seq=1).values(dossier_id=told.id, seq=5))
    db.session.commit()
    assert "does not follow" in str(first_broken(told))


def test_erased_words_and_an_erased_person_leave_the_chain_whole(told: Dossier) -> None:
    """What the law lets people ask for and what the chain proves do not get in each other's way."""
    tamper(told, text=None, salt=None, actor_id=None)
    assert first_broken(told) is None


def test_the_words_cannot_be_guessed_from_what_is_left_of_them(told: Dossier) -> None:
    with transaction():
        same = [record(told, "told", text="Yes.") for _ in range(2)]
    assert same[0].text_digest != same[1].text_digest


def test_a_day_is_the_day_in_the_neighbourhood_unless_it_is_told(app: Flask) -> None:
    issue = an_issue()
    with clock.at(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)), transaction():
        assert record(issue, "told").on == date(2026, 7, 1)
        assert record(issue, "told", told_on=date(2025, 3, 1), precision="month").on == date(2025, 3, 1)


def test_every_entry_moves_the_dossier_up(app: Flask) -> None:
    issue = an_issue()
    later = issue.changed_at + timedelta(days=1)
    with clock.at(later):
        commands.tell(issue.opener, issue, text="Still dark.")
    assert (issue.changed_at, issue.entry_count) == (later, 2)


def test_a_listener_that_fails_takes_the_entry_back(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(entry: Entry) -> None:
        raise ZeroDivisionError

    issue = an_issue()
    monkeypatch.setitem(LISTENERS, "told", [fail])
    with pytest.raises(ZeroDivisionError):
        commands.tell(issue.opener, issue, text="Never said.")
    assert (issue.entry_count, first_broken(issue)) == (1, None)


def test_a_note_is_seen_by_the_members_of_its_organisation_only(app: Flask) -> None:
    issue, ours, theirs = an_issue(), an_organisation(), an_organisation()
    with transaction():
        record(issue, "noted", organisation=ours, audience=ours, text="Between us.")
    member, other = a_person("official", of=ours), a_person("official", of=theirs)
    seen = {
        who: [e.verb for e in queries.timeline(actor, issue)]
        for who, actor in {"member": member, "other": other, "opener": issue.opener, "nobody": NOBODY}.items()
    }
    assert seen == {
        "member": ["opened", "noted"],
        "other": ["opened"],
        "opener": ["opened"],
        "nobody": ["opened"],
    }
    assert first_broken(issue) is None
