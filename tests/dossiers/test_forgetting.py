"""Half a year after a dossier is over nothing tells who supported it: no table, file, mail, job or log."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.accounts.models import Household, Person
from portal.command_line.running import SWEEPS
from portal.dossiers import commands, journal
from portal.dossiers.commands import FORGETTERS, Trace, forgetting, supporters
from portal.dossiers.models import Dossier, Signature, State, Way
from portal.dossiers.timeline import Entry, first_broken, record
from portal.kernel import clock, jobs
from portal.kernel.commands import Submission, transaction
from portal.kernel.db import Base, db
from portal.kernel.errors import NotAllowed
from portal.kernel.policy import NOBODY, SYSTEM
from portal.kernel.tickets import For, ticket
from tests import factories
from tests.browser import Browser
from tests.factories import a_membership, a_person, a_petition, a_signature, an_issue

BREADTH = ("id", "dossier_id", "building", "way", "stand_id", "via_id", "signed_at", "confirmed_at")
WORDS = ("Quirinxalfa", "qxbuur", "Wexbloem", "zyxgemis")
"""In every name, address and reason of those who are to be forgotten; nowhere else."""
MANY = 120


@contextmanager
def later(days: float) -> Iterator[None]:
    with clock.at(clock.now() + timedelta(days=days)):
        yield


def sweep(days: float) -> None:
    """What the worker does by then."""
    with later(days):
        for name in SWEEPS:
            jobs.TASKS[name](job_id=0)
        while jobs.work():
            pass


def a_crowd(browser: Browser) -> Dossier:
    """A petition that many signed, in every way and state, with their mails; then it was answered."""
    petition = a_petition()
    for n in range(MANY):
        commands.sign(
            NOBODY,
            petition,
            name=f"Quirinxalfa {n}",
            email=f"qxbuur.{n}@homes.example",
            building="Kempering" if n % 2 else "",
            shown=n % 3 == 0,
            reason=f"Zyxgemis nummer {n}." if n % 5 else "",
            trace=Trace(network=f"net{n % 7}", device=f"dev{n}"),
            once=f"form {n}",
        )
    assert len(browser.mails()) == MANY
    for n, signature in enumerate(signatures(petition)):
        if n % 10:
            commands.confirm(signature.person, signature)
        if n % 10 == 7:
            commands.withdraw_signature(signature.person, signature)
        if n % 10 == 8:
            commands.invalidate(a_person("moderator"), signature, why="Not a neighbour.")
    _on_paper(petition)
    commands.sign(NOBODY, petition, name="Wexbloem", email="qxbuur.1@homes.example", building="Kempering")
    with transaction():
        jobs.later("notices.signature", signature_id=signatures(petition)[3].id, number=2, due=in_a_year())
    factories.STEPS[State.ANSWERED](petition, petition.opener)
    jobs.work()
    return petition


def in_a_year() -> Any:
    return clock.now() + timedelta(days=365)


def _on_paper(petition: Dossier) -> None:
    with transaction():
        made = Signature(dossier_id=petition.id, name="Opa Quirinxalfa", name_key="opa quirinxalfa")
        made.building, made.unit, made.way, made.helper_id = "Kouwenoord", "12", Way.PAPER, petition.opener_id
        made.state, made.confirmed_at = "confirmed", clock.now()
        db.session.add(made)
        db.session.flush()
        journal.note(made, "confirmed", 1)


def signatures(dossier: Dossier) -> list[Signature]:
    wanted = db.select(Signature).filter_by(dossier_id=dossier.id).order_by(Signature.id)
    return list(db.session.scalars(wanted.execution_options(populate_existing=True)))


def breadth(dossier: Dossier) -> list[tuple[Any, ...]]:
    return [tuple(getattr(s, name) for name in BREADTH) for s in signatures(dossier)]


def everything() -> dict[str, str]:
    """Table -> every value in it, as one text."""
    tables = Base.metadata.tables.values()
    return {t.name: " ".join(str(row).lower() for row in db.session.execute(db.select(t))) for t in tables}


def traces(app: Flask) -> list[str]:
    """Where any of the words still stands: in a table, or in a file of the data folder, byte for byte."""
    db.session.rollback()
    rows = everything()
    found = [f"{table}: {word}" for table, text in rows.items() for word in WORDS if word.lower() in text]
    for file in (path for path in Path(app.config["DATA_DIR"]).rglob("*") if path.is_file()):
        content = file.read_bytes().lower()
        found += [f"{file.name}: {word}" for word in WORDS if word.lower().encode() in content]
    return found


def number(model: type[Base]) -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(model)) or 0


@pytest.fixture
def crowd(browser: Browser) -> Dossier:
    return a_crowd(browser)


def test_after_six_months_nothing_tells_who_it_was(
    browser: Browser, app: Flask, crowd: Dossier, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    before, spread, people = supporters(crowd), breadth(crowd), number(Person)
    assert before == len([n for n in range(MANY) if n % 10 not in {0, 7, 8}]) + 1
    assert traces(app), "the search finds what is there"
    sweep(182)
    assert supporters(crowd) == before
    assert {"signatures: Quirinxalfa", "people: qxbuur"} <= set(traces(app))
    sweep(184)
    sweep(185)  # after the night in which the file is written anew
    assert traces(app) == []
    assert not [word for word in WORDS if word.lower() in caplog.text.lower()]
    assert (supporters(crowd), breadth(crowd)) == (before, spread)
    assert list(journal.wrong([crowd])) == []
    assert first_broken(crowd) is None
    states = {s.state for s in signatures(crowd)}
    assert states == {"anonymised", "pending", "withdrawn", "invalid"}
    assert not any(s.person_id or s.helper_id or s.network or s.device for s in signatures(crowd))
    assert number(Person) == people - MANY - 1
    assert (number(Household), number(Submission)) == (0, 0)
    about = [job for job in db.session.scalars(db.select(jobs.Job)) if "signature_id" in job.arguments]
    assert about == []


def test_the_page_says_why_nobody_can_sign(either_browser: Browser, app: Flask) -> None:
    petition = a_petition()
    ours = a_signature(petition, shown=True, reason="Zyxgemis.", name="Wexbloem")
    link = f"/s/{ticket(For.SIGNATURE, ours.id)}"
    pending = a_signature(petition, state="pending")
    factories.STEPS[State.ANSWERED](petition, petition.opener)
    assert either_browser.get(f"/d/{petition.ref}").select("#dossiers-support form")
    sweep(184)
    page = either_browser.get(f"/d/{petition.ref}")
    assert not page.select("#dossiers-support form")
    assert "Nobody can join any more. It ended a while ago" in page.text
    assert "The name of 1 supporter was removed; the number stays" in page.select_one(".timeline").text
    assert page.select_one("#dossiers-count b").text == "1"
    assert not any(word in page.text for word in WORDS)
    assert "no owner any more" in either_browser.get(link).text
    page = either_browser.get(f"/s/{ticket(For.SIGNATURE, pending.id)}")
    assert "no owner any more" in page.text
    assert not page.select("main form")
    either_browser.post(f"/d/{petition.ref}/signatures", {"name": "N", "email": "n@homes.example"})
    assert len(signatures(petition)) == 2
    with pytest.raises(NotAllowed):
        commands.sign(NOBODY, db.session.merge(petition), name="N", email="n@homes.example")


def test_doing_it_again_changes_nothing(app: Flask) -> None:
    dossier = an_issue()
    a_signature(dossier)
    commands.solve(dossier.opener, dossier)
    for days in (184, 185, 186):
        sweep(days)
    told = db.session.scalars(db.select(Entry).filter_by(dossier_id=dossier.id, verb="forgotten")).all()
    assert [entry.data for entry in told] == [{"supporters": 1}]


def test_what_goes_on_is_left_alone(app: Flask) -> None:
    dossier, person = an_issue(), a_person(name="Wexbloem")
    signature = a_signature(dossier, person, trace=Trace(network="net", device="dev"))
    sweep(400)
    db.session.expire_all()
    assert (signature.person_id, signature.name, signature.state) == (person.id, "Wexbloem", "confirmed")
    assert (signature.network, signature.device) == (None, None), "from where it came goes after a month"


def test_whoever_has_something_else_here_stays(app: Flask) -> None:
    """Another signature, a dossier, a role, an account opened on purpose; and the mailbox of a household."""
    over, other = an_issue(), an_issue()
    people = {
        name: a_person() for name in ("signs elsewhere", "opened one", "organises", "signed in", "none")
    }
    for person in people.values():
        a_signature(over, person)
    a_signature(other, people["signs elsewhere"])
    an_issue(opener=people["opened one"])
    a_membership(people["organises"])
    with transaction():
        people["signed in"].signed_in_at = clock.now()
    first, second = (
        commands.sign(NOBODY, over, name=name, email="home@homes.example", building="Kempering")
        for name in ("First", "Second")
    )
    commands.confirm(second.person, second)
    elsewhere = commands.sign(second.person, other, name="Second", building="Kempering")
    numbers = {name: person.id for name, person in people.items()}
    numbers |= {"first": first.person_id, "second": second.person_id}
    commands.solve(over.opener, over)
    sweep(184)
    here = {name for name, n in numbers.items() if db.session.get(Person, n, populate_existing=True)}
    assert here == set(numbers) - {"none"}
    assert db.session.get_one(Signature, elsewhere.id).person.mailbox == "home@homes.example"
    commands.solve(other.opener, other)
    sweep(184.5)
    sweep(368)
    here = {name for name, n in numbers.items() if db.session.get(Person, n, populate_existing=True)}
    assert here == {"opened one", "organises", "signed in"}


def test_many_are_forgotten_in_batches_and_a_late_one_the_next_hour(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "AT_ONCE", 2)
    dossier = an_issue()
    for _ in range(5):
        a_signature(dossier)
    commands.solve(dossier.opener, dossier)
    jobs.work()  # what a new report leads to
    with later(184):
        jobs.TASKS["dossiers.forget"](job_id=0)
        assert jobs.work(limit=1) >= 1
    assert [s.person_id is None for s in signatures(dossier)] == [True, True, False, False, False]
    with later(184):
        while jobs.work():
            pass
    assert {(s.person_id, s.state) for s in signatures(dossier)} == {(None, "anonymised")}
    with transaction():
        late = Signature(dossier_id=dossier.id, person_id=a_person().id, name="Late", state="confirmed")
        late.confirmed_at = clock.now()
        db.session.add(late)
        db.session.flush()
        journal.note(late, "confirmed", 1)
    sweep(184.1)
    assert {(s.name, s.state) for s in signatures(dossier)} == {("", "anonymised")}
    assert supporters(dossier) == 6


def test_a_feature_removes_what_it_keeps_itself(app: Flask) -> None:
    called: list[str | None] = []
    FORGETTERS.append(lambda dossier: called.append(dossier.ref))
    try:
        dossier = an_issue()
        commands.solve(dossier.opener, dossier)
        sweep(184)
        sweep(185)
        assert called == [dossier.ref]
    finally:
        FORGETTERS.pop()


def test_what_is_opened_again_keeps_its_number_and_takes_nobody_new(app: Flask) -> None:
    """Those who were forgotten count: whoever of them signed again would count twice."""
    dossier = an_issue()
    a_signature(dossier)
    commands.solve(dossier.opener, dossier)
    sweep(184)
    db.session.expire_all()
    with later(185):
        commands.reopen(dossier.opener, dossier, text="It is dark again.")
    assert (dossier.state, supporters(dossier)) == (State.OPEN, 1)
    with pytest.raises(NotAllowed):
        a_signature(dossier)


def test_only_the_portal_itself_forgets_and_only_what_is_over(app: Flask) -> None:
    dossier = an_issue()
    with pytest.raises(NotAllowed):
        commands.forget(SYSTEM, dossier)
    commands.solve(dossier.opener, dossier)
    for actor in (NOBODY, dossier.opener, a_person("moderator")):
        with pytest.raises(NotAllowed):
            commands.forget(actor, dossier)
    with pytest.raises(NotAllowed):
        commands.forget_supporters(SYSTEM, dossier)


def test_entries_from_before_the_journal_name_nobody_either(app: Flask) -> None:
    dossier, person = an_issue(), a_person()
    with transaction():
        record(dossier, "confirmed", by=person)
    commands.solve(dossier.opener, dossier)
    sweep(184)
    wanted = db.select(Entry.actor_id).filter_by(dossier_id=dossier.id, verb="confirmed")
    assert db.session.scalars(wanted).one() is None
    assert first_broken(db.session.merge(dossier)) is None
