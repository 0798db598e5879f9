"""Keeping the index: in the transaction that changes a dossier, and what the worker adds up afterwards."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from portal.dossiers.models import Dossier
from portal.kernel.commands import command
from portal.kernel.db import db
from portal.kernel.policy import SYSTEM
from portal.similar import meaning, rows
from portal.similar.meaning import Text
from portal.similar.models import (
    ALL,
    FACT,
    KNOWN_IN,
    RULES,
    SEEN,
    Indexed,
    Label,
    Meaning,
    Meant,
    News,
    Spelling,
    Threshold,
    Why,
    Word,
)
from portal.similar.policy import Do
from portal.similar.words import fingerprint, left_out

ANEW = {
    "sqlite": [
        "INSERT INTO similar_text (similar_text) VALUES ('rebuild')",
        "INSERT INTO similar_text (similar_text) VALUES ('optimize')",
    ],
    "postgresql": ["DELETE FROM similar_text", "UPDATE similar_dossiers SET moment = moment"],
}
BATCH = 500
PAGES_AT_ONCE, TIMES_AT_ONCE = 1000, 25
"""So much of SQLite's part is written again at a time, which takes a moment, and so often in one go: it comes
round to all of it. A question looks into every part that is not joined to the others yet: with eleven of them
it takes three times as long as with one."""
NOTHING_DONE = 1
"""What SQLite counts as changed when there was nothing to join: the order itself."""
MEANT_AT_ONCE = 10
"""So many texts are read by the model between two looks at other work: half a second."""
Counts = dict[str, int]
Shown = dict[str, str]


def some(numbers: Collection[Any], most: int = BATCH) -> Iterator[list[Any]]:
    """So many at a time as stand in one statement."""
    every = list(numbers)
    for start in range(0, len(every), most):
        yield every[start : start + most]


def catch_up(dossier_ids: Collection[int]) -> None:
    """Make the index say of these dossiers what they say now; in the transaction under way.

    A listener calls it for whatever a flush changed; who inserts rows past the session calls it himself.
    """
    for numbers in some(sorted(dossier_ids)):
        _catch_up(numbers)


def label(one: Dossier, other: Dossier, why: Why) -> None:
    """Keep that somebody said of two whether they belong together; without saying who it was.

    In the transaction under way. The later one is what could have been shown the other.
    """
    earlier, later = sorted((one, other), key=lambda dossier: (dossier.opened_at, dossier.id))
    said = {"dossier_id": later.id, "other_id": earlier.id, "why": why, "same": why != Why.DIFFERENT}
    if earlier.id != later.id and not db.session.scalar(db.exists().where(*_fits(said)).select()):
        db.session.add(Label(**said))


def unlabel(one: Dossier, other: Dossier, why: Why) -> None:
    """Whoever said it, or whom it is about, takes it back: it teaches nothing. In the transaction of that."""
    both = [one.id, other.id]
    pair = Label.dossier_id.in_(both), Label.other_id.in_(both)
    db.session.execute(db.delete(Label).where(*pair, Label.why == why))


def _fits(said: dict[str, Any]) -> list[Any]:
    return [getattr(Label, name) == value for name, value in said.items()]


def label_unsent(other: Dossier, compared: dict[str, Any]) -> None:
    """The same of somebody who did not send theirs, and joined the other; see queries.in_numbers."""
    db.session.add(Label(other_id=other.id, why=Why.ME_TOO, same=True, compared=compared))


@command(Do.SET_THRESHOLD)
def set_threshold(actor: Any, _: None, *, kind: str, area: str, value: float | None, by: str) -> Threshold:
    """How likely it has to be from now on, everywhere or in one neighbourhood; None: as around it."""
    made = Threshold(kind=kind, area=area, value=value, set_by=by)
    db.session.add(made)
    db.session.flush()
    return made


def _catch_up(numbers: Collection[int]) -> None:
    seen = db.session.execute(rows.seen(Dossier.id.in_(numbers))).all()
    wanted = {row.id: rows.said(row) for row in seen}
    old = db.session.execute(db.select(*Indexed.__table__.c).where(Indexed.dossier_id.in_(numbers)))
    kept = {row["dossier_id"]: dict(row) for row in old.mappings()}
    stale = [n for n, row in kept.items() if n not in wanted or wanted[n].row != row]
    fresh = [said for n, said in wanted.items() if n not in kept or n in stale]
    news = [{"step": -1, "words": " ".join(f"{term}:" for term in counted(kept[n]))} for n in stale]
    news += [{"step": 1, "words": said.news} for said in fresh]
    if stale:
        db.session.execute(db.delete(Indexed).where(Indexed.dossier_id.in_(stale)))
    if fresh:
        db.session.execute(db.insert(Indexed), [said.row for said in fresh])
    if news:
        db.session.execute(db.insert(News), news)
    texts = {row.id: meaning.fingerprint(row.title, row.body, row.language, row.kind) for row in seen}
    _forget_meanings(numbers, texts)


def _forget_meanings(numbers: Collection[int], texts: Mapping[int, str]) -> None:
    """Of what says something else now, or is seen no more; the worker finds out what is meant instead."""
    wanted = db.select(Meaning.dossier_id, Meaning.text).where(Meaning.dossier_id.in_(numbers))
    kept = {row.dossier_id: row.text for row in db.session.execute(wanted)}
    if gone := [number for number, text in kept.items() if texts.get(number) != text]:
        db.session.execute(db.delete(Meaning).where(Meaning.dossier_id.in_(gone)))
    new = [number for number, text in texts.items() if kept.get(number) != text]
    if new and meaning.available():
        waiting = [{"dossier_id": number, "text": texts[number], "made_by": ""} for number in new]
        db.session.execute(db.insert(Meaning), waiting)


def counted(row: Mapping[Any, Any]) -> set[str]:
    """The terms of a row that are counted: all but what it is narrowed by."""
    terms = f"{row['title']} {row['body']} {row['about']} {row['marks']}".split()
    return {term for term in terms if not term.startswith(FACT)}


@command(Do.COUNT)
def count(actor: Any, _: None, *, most: int = 2000) -> int:
    """Add up the oldest news; how many there were."""
    wanted = db.select(News.id, News.step, News.words).order_by(News.id).limit(most)
    news = db.session.execute(wanted.with_for_update()).all()
    if news:
        steps, shown = Counter[str](), Shown()
        for one in news:
            steps[ALL] += one.step
            for term, _, word in (pair.partition(":") for pair in one.words.split()):
                steps[term] += one.step
                _shorter(shown, term, word)
        _add(steps, shown)
        if db.session.get(Word, RULES) is None:
            db.session.add(Word(stem=RULES, shown=fingerprint(), dossiers=0))
        for numbers in some([one.id for one in news]):
            db.session.execute(db.delete(News).where(News.id.in_(numbers)))
    return len(news)


def _shorter(shown: Shown, term: str, word: str) -> None:
    if word and (term not in shown or (len(word), word) < (len(shown[term]), shown[term])):
        shown[term] = word


def _add(steps: Counts, shown: Shown) -> None:
    """Bring the counts up to date; who passes the limit gets spellings, who falls below it loses them."""
    for terms in some(sorted(steps)):
        known = {
            word.stem: word
            for word in db.session.execute(db.select(*Word.__table__.c).where(Word.stem.in_(terms)))
        }
        before = {term: known[term].dossiers if term in known else 0 for term in terms}
        after = {term: before[term] + steps[term] for term in terms}
        if known:
            db.session.execute(db.delete(Word).where(Word.stem.in_(known)))
        kept = [_word(t, after[t], shown.get(t, ""), known.get(t)) for t in terms if after[t] > 0]
        if kept:
            db.session.execute(db.insert(Word), kept)
        fell = [t for t in terms if before[t] >= KNOWN_IN > after[t]]
        if fell:
            db.session.execute(db.delete(Spelling).where(Spelling.stem.in_(fell)))
        _spell(t for t in terms if before[t] < KNOWN_IN <= after[t])


def _word(term: str, dossiers: int, word: str, known: Any) -> dict[str, Any]:
    shown = {term: known.shown} if known is not None and known.shown else {}
    _shorter(shown, term, word)
    return {"stem": term, "shown": shown.get(term, ""), "dossiers": dossiers}


def _spell(terms: Any) -> None:
    words = [term for term in terms if term.isalpha()]
    new = [{"left": left, "stem": word} for word in words for left in left_out(word)]
    for spellings in some(new):
        db.session.execute(db.insert(Spelling), spellings)


Texts = Callable[[Any, int], list[Text]]
"""(that they wait, so many at most) -> those."""


def _of_dossiers(waits: Any, most: int) -> list[Text]:
    said = Dossier.title, Dossier.body, Dossier.language, Dossier.kind
    wanted = db.select(Meaning.dossier_id, Meaning.text, *said)
    wanted = wanted.join(Dossier, Dossier.id == Meaning.dossier_id).where(waits).limit(most)
    return [Text(*row) for row in db.session.execute(wanted)]


def work_out(model: type[Meant] = Meaning, texts: Texts = _of_dossiers) -> int:
    """Find out what the next texts mean that wait for it, or were read by an older edition; how many.

    While the model reads no transaction is under way. Two workers may read the same: it comes to the same.
    """
    now = meaning.edition()  # two ranges, which an index answers; it answers no "another one than"
    waiting = texts(db.or_(model.made_by < now, model.made_by > now), MEANT_AT_ONCE)
    db.session.commit()
    if waiting:
        keep_meanings(SYSTEM, None, model=model, found=[(one, meaning.read(one)) for one in waiting])
    return len(waiting)


@command(Do.KEEP_MEANINGS)
def keep_meanings(
    actor: Any, _: None, *, model: type[Meant], found: Iterable[tuple[Text, Mapping[str, Any]]]
) -> None:
    """Of each of these, unless it says something else meanwhile or is gone."""
    (key,) = db.inspect(model).primary_key
    for one, columns in found:
        same = key == one.number, model.text == one.text
        db.session.execute(db.update(model).where(*same).values(**columns))


def rebuild() -> int:
    """Make all of it anew, some at a time, so that nobody waits long; how many dossiers are in it."""
    shown, last = Shown(), 0
    while batch := list(db.session.execute(rows.seen(Dossier.id > last).order_by(Dossier.id).limit(BATCH))):
        last = batch[-1].id
        for row in batch:
            for term, word in rows.said(row).shown.items():
                _shorter(shown, term, word)
        renew(SYSTEM, None, numbers=[row.id for row in batch])
    while gone := list(db.session.scalars(_strangers())):
        renew(SYSTEM, None, numbers=gone)
    write_anew(SYSTEM, None)
    while meaning.available() and work_out():
        pass
    found: int = recount(SYSTEM, None, shown=shown)
    return found


def _strangers() -> Any:
    """Dossiers that are in the index and do not belong there."""
    there = db.union(db.select(Indexed.dossier_id), db.select(Meaning.dossier_id)).subquery()
    belongs = db.select(Dossier.id).where(Dossier.id == there.c.dossier_id, SEEN).exists()
    return db.select(there.c.dossier_id).where(~belongs).limit(BATCH)


@command(Do.REBUILD)
def renew(actor: Any, _: None, *, numbers: Collection[int]) -> None:
    """Of these dossiers."""
    catch_up(numbers)


@command(Do.WRITE_ANEW)
def write_anew(actor: Any, _: None) -> None:
    """Have the database make its part of the index from the rows again."""
    for statement in ANEW[db.engine.dialect.name]:
        db.session.execute(db.text(statement))


@command(Do.TIDY)
def tidy(actor: Any, _: None) -> bool:
    """Write a part of the index again, so that what was taken out is gone for good; whether there is more."""
    if db.engine.dialect.name != "sqlite":
        return False
    changes = db.text("SELECT total_changes()")
    merge = db.text("INSERT INTO similar_text (similar_text, rank) VALUES ('merge', :pages)")
    before = db.session.scalar(changes)
    db.session.execute(merge, {"pages": -PAGES_AT_ONCE})
    return bool(db.session.scalar(changes) - before > NOTHING_DONE)


@command(Do.RECOUNT)
def recount(actor: Any, _: None, *, shown: Shown) -> int:
    """Count every word anew, in the rows as they are now; how many rows there are."""
    steps, last = Counter[str](), 0
    for model in (News, Spelling, Word):
        db.session.execute(db.delete(model))
    wanted = db.select(*Indexed.__table__.c).order_by(Indexed.moment).limit(10 * BATCH)
    while batch := db.session.execute(wanted.where(Indexed.moment > last)).mappings().all():
        last = batch[-1]["moment"]
        for row in batch:
            steps.update((ALL, *counted(row)))
    _add(steps, shown)
    db.session.add(Word(stem=RULES, shown=fingerprint(), dossiers=0))
    return steps[ALL]
