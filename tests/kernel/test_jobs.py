"""The outbox: nothing lost, tried again later and later, and in the end dead but visible."""

import errno
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import sleep
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from portal.kernel import clock, jobs, migrations, series
from portal.kernel.commands import transaction
from portal.kernel.db import db
from portal.kernel.outages import Outage
from tests.threads import at_once

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
Task = Callable[[Callable[..., None]], None]


@pytest.fixture
def task(monkeypatch: pytest.MonkeyPatch) -> Task:
    """Registers a function as the task "tests.do", for as long as the test lasts."""
    return lambda function: monkeypatch.setitem(jobs.TASKS, "tests.do", function)


def queue(**arguments: Any) -> None:
    with transaction():
        jobs.later("tests.do", **arguments)


def only() -> jobs.Job:
    return db.session.scalars(db.select(jobs.Job)).one()


def fail(job_id: int, **_: Any) -> None:
    raise ConnectionError("somebody@homes.example was not reached")


def test_a_job_is_done_once(app: Flask, task: Task) -> None:
    done: list[tuple[int, str]] = []
    task(lambda job_id, word: done.append((job_id, word)))
    queue(word="light")
    assert (jobs.work(), jobs.work()) == (1, 0)
    assert done == [(only().id, "light")]
    assert only().done_at is not None


def test_a_job_goes_with_the_transaction_that_asked_for_it(app: Flask) -> None:
    def half() -> None:
        with transaction():
            jobs.later("tests.do")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert jobs.work() == 0


def test_a_job_waits_until_it_is_due(app: Flask, task: Task) -> None:
    task(lambda job_id: None)
    with clock.at(MONDAY):
        queue(due=MONDAY + timedelta(hours=1))
        assert jobs.work() == 0
    with clock.at(MONDAY + timedelta(hours=1)):
        assert jobs.work() == 1


def test_a_job_that_fails_is_tried_later_and_later(app: Flask, task: Task) -> None:
    task(fail)
    moment = MONDAY
    with clock.at(moment):
        queue()
    for attempt in range(1, 5):
        with clock.at(moment):
            assert (jobs.work(), jobs.work()) == (1, 0)
        assert (only().attempts, only().due_at - moment) == (attempt, timedelta(minutes=2 ** (attempt - 1)))
        moment = only().due_at
    assert only().error == "ConnectionError", "the words of an error may hold an address"


def test_a_job_that_fails_and_then_does_not_is_done(app: Flask, task: Task) -> None:
    task(fail)
    with clock.at(MONDAY):
        queue()
        jobs.work()
    task(lambda job_id: None)
    with clock.at(MONDAY + timedelta(minutes=1)):
        assert jobs.work() == 1
    assert (only().error, only().attempts) == (None, 2)


def test_after_the_last_attempt_a_job_is_dead_and_stays_to_be_seen(app: Flask, task: Task) -> None:
    task(fail)
    with clock.at(MONDAY):
        queue()
    for days in range(1, jobs.ATTEMPTS + 3):
        with clock.at(MONDAY + timedelta(days=days)):
            jobs.work()
    assert (only().attempts, only().done_at) == (jobs.ATTEMPTS, None)
    assert only().dead_at == MONDAY + timedelta(days=jobs.ATTEMPTS)


def test_what_a_failed_task_wrote_is_taken_back(app: Flask, task: Task) -> None:
    def half(job_id: int) -> None:
        with transaction():
            jobs.later("tests.other")
            raise ConnectionError

    task(half)
    queue()
    jobs.work()
    assert only().task == "tests.do"


def test_a_task_that_nobody_knows_is_kept(app: Flask) -> None:
    queue()
    assert jobs.work() == 1
    assert (only().error, only().done_at) == ("KeyError", None)


def die(job_id: int) -> None:
    raise SystemExit


def test_the_job_of_a_worker_that_died_is_taken_by_another_when_its_lease_is_over(
    app: Flask, task: Task
) -> None:
    lease = timedelta(seconds=app.config["JOB_LEASE_SECONDS"])
    task(die)
    with clock.at(MONDAY):
        queue()
        with pytest.raises(SystemExit):
            jobs.work()
    task(lambda job_id: None)
    with clock.at(MONDAY + lease):
        assert jobs.work() == 0, "the lease still holds"
    with clock.at(MONDAY + lease + timedelta(seconds=1)):
        assert jobs.work() == 1
    assert only().done_at is not None


def test_a_job_that_kills_every_worker_is_given_up(app: Flask, task: Task) -> None:
    task(die)
    with clock.at(MONDAY):
        queue()
    for hours in range(jobs.ATTEMPTS):
        with clock.at(MONDAY + timedelta(hours=hours)), pytest.raises(SystemExit):
            jobs.work()
    with clock.at(MONDAY + timedelta(days=1)):
        assert jobs.work() == 0
    assert (only().attempts, only().dead_at) == (jobs.ATTEMPTS, MONDAY + timedelta(days=1))


def test_two_workers_never_do_the_same_job(app: Flask, task: Task) -> None:
    done: list[int] = []
    task(lambda job_id: done.append(job_id))
    for _ in range(20):
        queue()
    assert sum(at_once(app, jobs.work, jobs.work, jobs.work)) == 20
    assert len(set(done)) == len(done) == 20


def test_one_task_becomes_many_without_doubling(app: Flask, task: Task) -> None:
    seen: list[int] = []
    task(lambda job_id, person_id, word: seen.append(person_id))
    assert jobs.each("tests.do", "person_id", [1, 2], key="told:7", word="light") == 2
    assert jobs.each("tests.do", "person_id", [1, 2, 3], key="told:7", word="light") == 1
    assert jobs.each("tests.do", "person_id", [1], key="told:8", word="light") == 1
    assert jobs.work() == 4
    assert sorted(seen) == [1, 1, 2, 3]


def test_jobs_that_were_done_long_ago_are_removed(app: Flask, task: Task) -> None:
    task(lambda job_id: None)
    with clock.at(MONDAY):
        queue()
        jobs.work()
    with clock.at(MONDAY + jobs.KEPT):
        jobs.sweep()
        assert only().done_at == MONDAY
    with clock.at(MONDAY + jobs.KEPT + timedelta(seconds=1)):
        jobs.sweep()
    assert db.session.scalar(db.select(db.func.count(jobs.Job.id))) == 0


def test_a_full_disk_is_not_the_fault_of_a_job(app: Flask, task: Task) -> None:
    def full(job_id: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    task(full)
    with clock.at(MONDAY):
        queue()
        with pytest.raises(OSError, match="No space"):
            jobs.work()
        assert jobs.work() == 0, "it is given back, and lets others go first"
        assert (only().attempts, only().leased_until, only().error) == (0, None, None)
    task(lambda job_id: None)
    with clock.at(MONDAY + jobs.GIVEN_BACK):
        assert jobs.work() == 1


def test_a_full_disk_is_not_the_fault_of_one_of_many(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    room = [False]

    def tell(job_id: str, number: int) -> None:
        if not room[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        told.append(number)

    for registered in ("TASKS", "RANKS"):
        monkeypatch.setattr(jobs, registered, dict(getattr(jobs, registered)))
    jobs.task("tests.many")(tell)
    series.spread("tests.many", "number", lambda after, most: [n for n in (1, 2, 3) if n > after][:most])
    with clock.at(MONDAY):
        series.queue("tests.many", key="to three")
        with pytest.raises(OSError, match="No space"):
            jobs.work()
        assert jobs.work() == 0, "it is given back"
        assert (only().task, only().reached, only().attempts) == ("tests.many.all", 0, 0)
    room[0] = True
    with clock.at(MONDAY + jobs.GIVEN_BACK):
        jobs.work()
    assert (told, only().done_at is not None) == ([1, 2, 3], True)


def test_what_was_done_while_the_database_went_away_is_not_done_again(
    app: Flask, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []

    def send(job_id: int) -> None:
        sent.append(job_id)
        monkeypatch.setattr(jobs, "transaction", away)

    def away() -> None:
        monkeypatch.undo()
        raise OperationalError("COMMIT", {}, OSError(), connection_invalidated=True)

    queue()
    monkeypatch.setitem(jobs.TASKS, "tests.do", send)
    with Outage():
        jobs.work()
    assert (only().done_at, len(sent)) == (None, 1)
    assert jobs.work() == 0
    assert only().done_at is not None
    assert (len(sent), jobs.UNSAID) == (1, {})


def test_a_dead_letter_is_seen_and_can_be_tried_again(app: Flask, task: Task) -> None:
    task(fail)
    queue()
    with transaction():
        only().attempts = jobs.ATTEMPTS
    jobs.work()
    (letter,) = jobs.dead()
    assert jobs.revive([letter.id, letter.id + 1]) == 1
    task(lambda job_id: None)
    assert (jobs.work(), jobs.dead()) == (1, [])


def test_two_never_make_the_tables_ready_at_the_same_time(app: Flask) -> None:
    inside: list[str] = []

    def make_ready() -> None:
        with migrations.alone():
            inside.append("in")
            sleep(0.05)
            inside.append("out")

    assert at_once(app, make_ready, make_ready, make_ready) == [None] * 3
    assert inside == ["in", "out"] * 3


def test_a_clock_that_jumped_ahead_is_not_steady_until_it_is_set_back() -> None:
    with clock.at(MONDAY):
        steady = clock.SteadyClock()
        assert steady.steady()
    with clock.at(MONDAY + timedelta(days=365)):
        assert (steady.steady(), steady.steady()) == (False, False)
    with clock.at(MONDAY + timedelta(seconds=1)):
        assert steady.steady()
    with clock.at(MONDAY - timedelta(days=2)):
        assert (steady.steady(), steady.steady()) == (False, True), "all of it is looked at again"


def test_what_was_queued_while_the_clock_was_ahead_does_not_wait_for_that_day(app: Flask, task: Task) -> None:
    task(lambda job_id, word: None)
    year = MONDAY + timedelta(days=365)
    with clock.at(year):
        queue(word="at once")
        queue(word="tomorrow", due=year + timedelta(days=1))
    with clock.at(MONDAY):
        queue(word="now")
        assert jobs.work() == 1
        jobs.sweep()
        assert (jobs.work(), jobs.work()) == (1, 0)
    with clock.at(MONDAY + timedelta(days=1)):
        assert jobs.work() == 1
