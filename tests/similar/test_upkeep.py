"""The index follows the dossiers: in the transaction of the change, and made anew it is the same."""

from datetime import timedelta
from typing import Any

from flask import Flask

from portal.dossiers import commands as dossiers
from portal.dossiers.models import Dossier
from portal.dossiers.queries import Filter
from portal.dossiers.timeline import Entry
from portal.issues.commands import Incoming, import_reports
from portal.kernel.clock import now
from portal.kernel.commands import transaction
from portal.kernel.db import db
from portal.kernel.policy import SYSTEM
from portal.similar import commands, tasks
from portal.similar.models import ALL, Indexed, News, Spelling, Word
from portal.similar.queries import Behind, behind, candidates, search
from tests.factories import BULLEWIJK, a_person, a_petition, an_issue

HERE = (BULLEWIJK["lat"], BULLEWIJK["lon"])


def found(words: str) -> list[str | None]:
    return [d.ref for d in search(Filter(words=words)).dossiers]


def alike(words: str) -> set[int]:
    return {one.dossier_id for one in candidates(words, HERE, joinable=False)}


def kept() -> dict[str, list[Any]]:
    """All that stands in the index."""
    return {
        model.__tablename__: sorted(map(tuple, db.session.execute(db.select(*model.__table__.c))))
        for model in (Indexed, Word, Spelling)
    }


def _remove(dossier: Dossier) -> None:
    db.session.execute(db.delete(Entry).where(Entry.dossier_id == dossier.id))
    db.session.delete(dossier)


def test_what_is_hidden_private_or_withdrawn_is_in_no_answer(app: Flask) -> None:
    moderator, opener = a_person("moderator"), a_person()
    one, other = an_issue(title="Kapotte xylofoon", opener=opener), an_issue(title="Xylofoon weg")
    draft = an_issue(title="Xylofoon", state="unconfirmed")
    assert found("xylofoon") == [other.ref, one.ref]
    assert alike("xylofoon") == {one.id, other.id}
    dossiers.hide(moderator, one, reason="A name.")
    assert (found("xylofoon"), alike("xylofoon")) == ([other.ref], {other.id})
    dossiers.unhide(moderator, one, reason="It was none.")
    assert found("xylofoon") == [other.ref, one.ref]
    dossiers.withdraw(opener, one)
    assert (found("xylofoon"), alike("xylofoon")) == ([other.ref], {other.id})
    assert found(str(one.ref)) == found(str(draft.ref)) == []
    # also if somebody changed the row past everything that follows it
    db.session.execute(db.text("UPDATE dossiers SET stayed_private = true, cell = NULL"))
    assert (found("xylofoon"), found(str(other.ref)), alike("xylofoon")) == ([], [], set())
    assert behind() == Behind.MISSING


def test_words_that_were_changed_are_found_no_more_and_counted_no_more(app: Flask) -> None:
    issue = an_issue(title="Kapotte xylofoon", body="", place_name="")
    commands.count(SYSTEM, None)
    with transaction():
        issue.title = "Kapotte pianola"
    assert (found("xylofoon"), found("pianola")) == ([], [issue.ref])
    tasks.count()
    words = {word.stem: word.dossiers for word in db.session.scalars(db.select(Word))}
    assert ("xylofoon" in words, words["pianola"], words[ALL]) == (False, 1, 1)
    assert db.session.scalar(db.select(db.func.count(News.id))) == 0


def test_of_words_that_were_taken_out_nothing_is_left_in_the_file(app: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        return  # there VACUUM does it, by itself
    left = db.text("SELECT count(*) FROM similar_text_data WHERE instr(block, CAST('lofon' AS BLOB)) > 0")
    issue = an_issue(title="Kapotte xylofoon")
    with transaction():
        issue.title = "Kapotte pianola"
    assert db.session.scalar(left)
    tasks.tidy(job_id=0)
    assert not db.session.scalar(left)


def test_nothing_is_kept_of_a_change_that_was_rolled_back(app: Flask) -> None:
    issue = an_issue(title="Kapotte xylofoon")
    issue.title = "Kapotte pianola"
    db.session.flush()
    db.session.rollback()
    db.session.commit()
    assert (found("xylofoon"), found("pianola")) == ([issue.ref], [])


def test_made_anew_it_is_the_same(app: Flask) -> None:
    issues = [an_issue(title=f"Prullenbak {word} bij Kraaiennest") for word in ("weg", "vol", "kapot")]
    a_petition(title="Bring the bins back", body="Soon.")
    with transaction():
        issues[0].title = "Lantaarnpalen uit"
        _remove(an_issue(title="Weg ermee"))
    dossiers.hide(a_person("moderator"), issues[1], reason="A name.")
    tasks.count()
    before = kept()
    assert len(before["similar_dossiers"]) == 3
    assert commands.rebuild() == 3
    assert kept() == before
    with transaction():  # and what went wrong is mended
        db.session.execute(db.delete(Word))
        db.session.execute(db.update(Indexed).values(title="nonsens"))
        db.session.execute(db.delete(Indexed).where(Indexed.dossier_id == issues[0].id))
    assert behind() == Behind.MISSING
    tasks.rebuild(job_id=1)
    assert (kept(), behind()) == (before, None)
    assert (found("nonsens"), found("lantaarn")) == ([], [issues[0].ref])


def test_what_is_imported_is_found_at_once(app: Flask) -> None:
    rows = [
        Incoming("city", str(n), f"Straatlamp {n} uit", now() - timedelta(days=n), **BULLEWIJK)
        for n in range(4)
    ]
    import_reports(SYSTEM, None, rows=rows)
    tasks.count()
    newest_first = db.session.scalars(db.select(Dossier.ref).order_by(Dossier.opened_at.desc())).all()
    assert found("straatlampen") == list(newest_first)
    assert behind() is None
