"""One permission, one transaction, one entry; and two at once are one after the other, on both databases."""

import threading
from collections.abc import Callable
from enum import StrEnum
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from portal.accounts.commands import person_for
from portal.accounts.models import Person
from portal.accounts.queries import person_with
from portal.dossiers import commands
from portal.dossiers.models import Addressee, Dossier, Signature
from portal.dossiers.timeline import Entry, first_broken
from portal.kernel.commands import COMMANDS, Submission, command, lock, transaction
from portal.kernel.db import db, find
from portal.kernel.errors import AlreadyDone, NotAllowed, NotFound
from portal.kernel.policy import NOBODY, RULES, anyone
from tests.browser import elsewhere
from tests.factories import a_membership, a_person, a_petition, an_issue, an_organisation
from tests.threads import at_once


class Do(StrEnum):
    TRY = "tests.try"


@pytest.fixture
def trying(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Makes a command of any function, for as long as the test lasts."""
    monkeypatch.setitem(RULES, Do.TRY, [[anyone]])
    monkeypatch.setitem(COMMANDS, Do.TRY, print)
    return command(Do.TRY)


def test_no_command_has_data_of_a_name_that_every_command_takes_for_itself() -> None:
    with pytest.raises(TypeError, match="would never be given its blind"):

        @command(Do.TRY)
        def try_(actor: Any, subject: Any, *, blind: bool) -> None: ...


def number_of(model: Any, **given: Any) -> int:
    return len(list(db.session.scalars(db.select(model).filter_by(**given))))


def in_app(app: Flask, function: Callable[[], Any]) -> Any:
    def call() -> Any:
        with app.app_context():
            return function()

    return elsewhere(app, call)


def test_a_form_that_is_sent_twice_is_handled_once(app: Flask) -> None:
    issue = an_issue()
    first = commands.tell(issue.opener, issue, text="It rained.", once="key")
    again = commands.tell(issue.opener, issue, text="It rained.", once="key")
    assert first.id == again.id
    assert number_of(Entry, dossier_id=issue.id, verb="told") == 1


def test_a_second_form_of_the_same_kind_is_handled_too(app: Flask) -> None:
    issue = an_issue()
    for once in ("one", "two"):
        commands.tell(issue.opener, issue, text="It rained.", once=once)
    assert number_of(Entry, dossier_id=issue.id, verb="told") == 2


def test_a_key_opens_no_other_command(app: Flask) -> None:
    issue = an_issue()
    commands.tell(issue.opener, issue, text="It rained.", once="key")
    with pytest.raises(AlreadyDone):
        commands.withdraw(issue.opener, issue, once="key")
    assert issue.state == "open"


def test_a_refused_form_may_be_sent_again(app: Flask) -> None:
    issue = an_issue()
    with pytest.raises(NotAllowed):
        commands.tell(a_person(), issue, text="It rained.", once="key")
    assert number_of(Submission) == 0


def test_a_form_sent_twice_at_the_same_moment_is_handled_once(app: Flask) -> None:
    issue = an_issue()

    def tell() -> int:
        entry = commands.tell(find(Person, opener_id), find(Dossier, issue_id), text="Twice.", once="key")
        return int(entry.id)

    opener_id, issue_id = issue.opener_id, issue.id
    assert len(set(at_once(app, *[tell] * 4))) == 1
    assert number_of(Entry, dossier_id=issue.id, verb="told") == 1


def test_two_who_change_one_dossier_wait_for_each_other(app: Flask) -> None:
    issue = an_issue()
    opener_id, issue_id = issue.opener_id, issue.id

    def tell() -> int:
        return int(commands.tell(find(Person, opener_id), find(Dossier, issue_id), text="More.").seq)

    assert sorted(at_once(app, *[tell] * 8)) == list(range(2, 10))
    assert first_broken(issue) is None


def test_one_neighbour_who_signs_two_dossiers_at_the_same_moment_is_one_person(app: Flask) -> None:
    ids = [an_issue().id for _ in range(4)]

    def sign(dossier_id: int) -> Callable[[], Any]:
        return lambda: commands.sign(NOBODY, find(Dossier, dossier_id), email="both@homes.example").person_id

    people = at_once(app, *[sign(i) for i in ids])
    assert len(set(people)) == 1
    assert number_of(Signature, person_id=people[0]) == 4


def test_one_neighbour_who_signs_twice_at_the_same_moment_counts_once(app: Flask) -> None:
    issue = an_issue()
    issue_id = issue.id
    sign = lambda: commands.sign(NOBODY, find(Dossier, issue_id), email="one@homes.example").id  # noqa: E731
    assert len(set(at_once(app, *[sign] * 4))) == 1
    assert number_of(Signature, dossier_id=issue.id) == 1
    assert first_broken(issue) is None


def test_who_is_second_begins_anew_and_sees_what_the_first_wrote(
    app: Flask, kind: str, trying: Callable[..., Any]
) -> None:
    """PostgreSQL lets both write until one is refused; SQLite lets the second one wait before it reads."""
    both, tries = threading.Barrier(2), []

    @trying
    def join(actor: Any, _: None) -> int:
        tries.append(actor)
        found = person_with("late@homes.example")
        if kind == "postgresql" and len(tries) <= 2:
            both.wait(10)
        if found is None:
            found = Person(email="late@homes.example", email_key="late@homes.example")
            db.session.add(found)
            db.session.flush()
        return found.id

    first, second = at_once(app, lambda: join(NOBODY), lambda: join(NOBODY))
    assert first == second
    assert len(tries) == (3 if kind == "postgresql" else 2)


def test_a_form_that_many_send_and_that_comes_again_leads_where_the_first_one_led(app: Flask) -> None:
    """Also when what it asks for may not be done any more."""
    issue = an_issue()
    sign = lambda: commands.sign(NOBODY, issue, name="N", email="n@homes.example", once="key")  # noqa: E731
    first = sign().id
    assert sign().id == first
    commands.withdraw(issue.opener, issue)
    assert sign().id == first
    assert (number_of(Signature), number_of(Submission, key="key")) == (1, 1)
    with pytest.raises(NotAllowed):
        commands.sign(NOBODY, issue, name="N", email="n@homes.example", once="another")


def test_who_is_second_every_time_is_told_so(app: Flask, trying: Callable[..., Any]) -> None:
    person_for("taken@homes.example")
    db.session.commit()
    tries = []

    @trying
    def join(actor: Any, _: None) -> None:
        tries.append(actor)
        db.session.add(Person(email="taken@homes.example", email_key="taken@homes.example"))

    with pytest.raises(AlreadyDone):
        join(NOBODY)
    assert len(tries) == 4


def test_what_the_tables_refuse_is_our_fault_and_nobody_was_first(
    app: Flask, trying: Callable[..., Any]
) -> None:
    tries = []

    @trying
    def forget_the_key(actor: Any, _: None) -> None:
        tries.append(actor)
        db.session.add(Person(email="half@homes.example", email_key=None))

    with pytest.raises(IntegrityError):
        forget_the_key(NOBODY)
    assert len(tries) == 1


def test_a_command_that_fails_leaves_nothing_behind(app: Flask, trying: Callable[..., Any]) -> None:
    issue = an_issue()
    entries = issue.entry_count

    @trying
    def half(actor: Any, dossier: Dossier) -> None:
        commands.tell(dossier.opener, dossier, text="Never happened.")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half(NOBODY, issue)
    assert (issue.entry_count, number_of(Entry, dossier_id=issue.id)) == (entries, entries)
    assert first_broken(issue) is None


def test_the_policy_is_asked_about_the_newest_state(app: Flask) -> None:
    issue = an_issue()
    opener, issue_id = issue.opener, issue.id
    assert issue.state == "open"
    in_app(app, lambda: commands.withdraw(find(Dossier, issue_id).opener, find(Dossier, issue_id)))
    with pytest.raises(NotAllowed):
        commands.solve(opener, issue)


def test_what_another_removed_is_not_found(app: Flask, trying: Callable[..., Any]) -> None:
    person = a_person()
    person_id = person.id

    @trying
    def greet(actor: Any, someone: Person) -> str:
        return someone.name

    assert greet(NOBODY, person)

    def remove() -> None:
        with transaction():
            db.session.delete(find(Person, person_id))

    in_app(app, remove)
    with pytest.raises(NotFound):
        greet(NOBODY, person)


def test_every_kind_of_thing_can_be_locked(app: Flask) -> None:
    """PostgreSQL refuses to lock what an outer join may leave empty."""
    petition = a_petition()
    things = [petition, petition.addressees[0], a_membership(), an_organisation(), petition.opener]
    with transaction():
        for thing in things:
            lock(thing)
    assert isinstance(petition.addressees[0], Addressee)


def test_a_visitor_who_may_not_changes_nothing(app: Flask) -> None:
    issue = an_issue()
    for someone in (NOBODY, a_person()):
        with pytest.raises(NotAllowed):
            commands.solve(someone, issue)
    assert issue.state == "open"
