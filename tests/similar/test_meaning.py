"""What texts mean is worked out by the worker, kept as long as it may be, and used where it is known."""

import math
from hashlib import sha256

import pytest
from flask import Flask
from flask_babel import force_locale

from portal.dossiers import commands as dossiers
from portal.dossiers.models import Dossier
from portal.issues.commands import save_draft
from portal.issues.models import Draft, DraftMeaning
from portal.issues.queries import meant, similar
from portal.issues.tasks import read_drafts
from portal.kernel.commands import transaction
from portal.kernel.db import db
from portal.kernel.policy import NOBODY, SYSTEM
from portal.similar import commands, meaning, tasks
from portal.similar.meaning import Text, packed, unpacked
from portal.similar.models import Meaning
from portal.similar.queries import Behind, behind
from portal.ties.texts import reason
from tests.factories import BULLEWIJK, a_person, a_petition, an_issue

ABOUT = {"plassen": "toilet", "urinoir": "toilet", "wildplassen": "toilet", "lamp": "light"}
"""What the words of these tests mean to the model that stands in for the real one."""
SENT = {"kind": "issue", "title": "Mannen plassen tegen de muur", "place_name": "", **BULLEWIJK}


class Model:
    """Reads like the real one, and knows few words."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def query(self, text: str) -> list[float]:
        self.read.append(text)
        about = next((about for word, about in ABOUT.items() if word in text.lower()), text)
        own = (sha256(f"{about}{at}".encode()).digest()[0] / 1000 - 0.1275 for at in range(384))
        return [one + usual for one, usual in zip(own, meaning.means()["nl"], strict=True)]


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Model:
    made = Model()
    monkeypatch.setattr(meaning, "available", lambda: True)
    monkeypatch.setattr(meaning, "edition", lambda: "first")
    monkeypatch.setattr(meaning, "_model", lambda: made)
    return made


def known() -> dict[int, bytes | None]:
    rows = db.session.execute(db.select(Meaning.dossier_id, Meaning.whole))
    return {row[0]: row[1] for row in rows}


def test_a_vector_in_bytes_is_nearly_the_same() -> None:
    vector = meaning.centred([math.sin(at * at) for at in range(384)], [0.0] * 384)
    again = unpacked(packed(vector))
    assert len(packed(vector)) == 384
    assert sum(map(lambda one, other: one * other, vector, again)) == pytest.approx(1, abs=0.01)
    assert max(abs(one - other) for one, other in zip(vector, again, strict=True)) <= 0.5 / meaning.STEPS


def test_the_worker_reads_what_is_new_and_what_was_changed(
    app: Flask, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue, petition = (
        an_issue(title="Er is geen urinoir"),
        a_petition(title="Een toilet", body="Bij de metro."),
    )
    assert (known(), model.read) == ({issue.id: None, petition.id: None}, []), (
        "no request waits for the model"
    )
    assert (tasks.work_out(), tasks.work_out()) == (2, 0)
    first = known()
    kept = db.session.get_one(Meaning, petition.id)
    assert kept.gist, "the title of a petition has a meaning of its own"
    assert db.session.get_one(Meaning, issue.id).gist is None
    with transaction():
        issue.place_name = "Somewhere else"
    assert known() == first, "its words are the same"
    with transaction():
        issue.title = "De lamp is stuk"
    assert known() == {**first, issue.id: None}
    old = Text(issue.id, "another text", "Urinoir", "", "nl", "issue")
    commands.keep_meanings(SYSTEM, None, model=Meaning, found=[(old, meaning.read(old))])
    assert known()[issue.id] is None, "what it meant before is not kept for what it says now"
    tasks.work_out()
    assert known()[issue.id] not in {None, first[issue.id]}
    monkeypatch.setattr(meaning, "edition", lambda: "second")
    assert (tasks.work_out(), tasks.work_out()) == (2, 0), "another model reads all of it again"


def test_of_what_nobody_may_see_no_meaning_is_kept(app: Flask, model: Model) -> None:
    opener, moderator = a_person(), a_person("moderator")
    hidden, withdrawn, private = (an_issue(title="Geen urinoir", opener=opener) for _ in range(3))
    an_issue(title="Geen urinoir", state="unconfirmed")
    tasks.work_out()
    assert len(known()) == 3
    dossiers.hide(moderator, hidden, reason="A name.")
    assert set(known()) == {withdrawn.id, private.id}
    dossiers.withdraw(opener, withdrawn)
    assert set(known()) == {private.id}
    with transaction():
        private.stayed_private, private.cell = True, None
    assert known() == {}
    dossiers.unhide(moderator, hidden, reason="It was none.")
    assert known() == {hidden.id: None}


def test_made_anew_all_of_it_is_known(app: Flask, model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "available", lambda: False)
    issue = an_issue(title="Geen urinoir")
    assert (known(), tasks.work_out(), read_drafts(), behind()) == ({}, 0, 0, None)
    monkeypatch.setattr(meaning, "available", lambda: True)
    commands.count(SYSTEM, None)
    with transaction():
        db.session.add(Meaning(dossier_id=issue.id + 1000, text="of nothing"))
    assert behind() == Behind.MEANING
    commands.rebuild()
    assert ([*known()], behind()) == ([issue.id], None)
    assert known()[issue.id]


def test_before_it_is_sent_a_report_is_compared_by_meaning_and_goes_with_its_draft(
    app: Flask, model: Model
) -> None:
    toilet, _lamp = an_issue(title="Er is geen urinoir"), an_issue(title="De lamp is stuk")
    tasks.work_out()
    draft = save_draft(NOBODY, None, key="k", **SENT)
    read = len(model.read)

    def found() -> list[Dossier]:
        return [one.dossier for one in similar(draft.values, "nl", meant(draft))]

    assert found() == [], "by words they have nothing in common, and nobody waits for the model"
    assert len(model.read) == read
    assert (read_drafts(), read_drafts()) == (1, 0)
    assert found() == [toilet]
    with app.test_request_context(), force_locale("en"):
        (told,) = map(reason, similar(draft.values, "nl", meant(draft)))
    assert told.startswith("on the same spot, much the same in other words, ")
    save_draft(NOBODY, None, key="k", title="Wildplassen bij de muur")
    assert meant(draft).whole is None, "it says something else now"
    with transaction():
        db.session.delete(db.session.scalar(db.select(Draft)))
    assert db.session.scalar(db.select(db.func.count(DraftMeaning.draft_id))) == 0
