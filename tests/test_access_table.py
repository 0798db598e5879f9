"""docs/access.md is true: it is what the rules say, and every cell of it holds through HTTP."""

from collections.abc import Iterator
from contextvars import Context
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.dossiers.models import Dossier
from portal.dossiers.policy import Do as DossierDo
from portal.kernel.db import db
from portal.kernel.policy import NOBODY, allowed
from portal.petitions.models import Lineage
from portal.petitions.policy import Do as PetitionDo
from portal.web.forms import new_key
from tests import access, databases
from tests.access import ISSUES, QUESTIONS, WHO, Row, World
from tests.access_forms import filled_in
from tests.conftest import close, forget, make_app
from tests.factories import a_session

CALLS = [(endpoint, method) for endpoint, asked in QUESTIONS.items() for method in asked.methods.split()]
POSTS = [endpoint for endpoint, method in CALLS if method == "POST"]
TOO_LONG = "long " * 2000
REFUSED: dict[str, dict[str, str]] = {
    "accounts.me": {"name": TOO_LONG},
    "accounts.prove": {"proof": ""},
    "dossiers.sign": {"shown": "y", "name": ""},
    "dossiers.withdraw": {"text": TOO_LONG},
    "dossiers.solve": {"text": TOO_LONG},
    "answers.answer": {"step": "send"},
    "answers.write_down": {"step": "send"},
    "composer.template": {"name": ""},
    "issues.day": {"begins_at": "2001-01-01T10:00"},
    "mailroom.let_in": {"step": "send"},
}
"""What is sent so that the form comes back and nothing changes; for the others an empty form does that."""
WITHOUT_FIELDS = {"petitions.publish", "petitions.take_apart", "petitions.drop", "dossiers.step_out"}
WITHOUT_FIELDS |= {f"sheets.{deed}" for deed in ("start", "pause", "undo", "close", "remove")}
WITHOUT_FIELDS |= {"composer.save", "composer.here", "composer.retire"}
WITHOUT_FIELDS |= {"notices.stop", "assistance.withdraw_mandate", "dossiers.close_stand", "terms.feed"}
WITHOUT_FIELDS |= {"staff.remove", "staff.close_team", "clusters.rejoin", "clusters.bring_back"}
WITHOUT_FIELDS |= {"together.part", "notices.reach"}
WITHOUT_FIELDS |= {"mailroom.throw_away", "accounts.sessions", "accounts.end_session", "accounts.hide"}
WITHOUT_FIELDS |= {"accounts.remove_passkey"}
"""Buttons: whoever may press them changes something."""
AT_ONCE = {"assistance.sign", "assistance.report", "composer.several"}
"""What comes of these stands in the answer itself: a code that is kept nowhere, and shown once."""
OVER = "petitions.consent_for"
"""Who was asked may always see the question. Once it is over, an answer gets 409: the page says so."""


ON = "staff.following"
"""Leads on to the next dossier, for who may see this one."""
ERASED = "accounts.erase"
"""Who fills this in is gone, and would be missed by the tests that follow."""
OF_AN_APP = {"accounts.prove", "accounts.factor", "accounts.new_codes", "accounts.own_passkeys"}
"""Want a code that an app shows at this moment, or a device: tests/accounts has them."""
FILES = {"sheets.photo"}
"""What is sent here is a file, and a file is read once: tests/sheets/test_paper.py sends it."""
PICTURES = {"dossiers.photo", "dossiers.preview", "printing.proof", "composer.file", "mailroom.file"}
"""A page that shows a picture cannot show a form to sign in with in its place."""
PIECE = {"HX-Request": "true", "HX-Request-Type": "partial"}
"""Who has an account comes with JavaScript, and is refused in a sentence instead of a page: that is faster.
Who has none comes without it, and must be led to the page for signing in."""


@dataclass
class Doors:
    """The world, and a visitor of each kind who goes from door to door."""

    app: Flask
    world: World
    visitors: dict[str, FlaskClient]

    def call(self, who: str, url: str, method: str, data: dict[str, Any] | None = None) -> TestResponse:
        how = {"data": data, "buffered": True, "headers": {} if who == "nobody" else PIECE}
        if db.session().in_transaction():
            db.session.commit()  # else the test goes on seeing what was there before
        return Context().run(lambda: self.visitors[who].open(url, method=method, **how))

    def change(self, row: Row, cell: "Cell", data: dict[str, Any]) -> TestResponse:
        """The same, for who may and so changes something: afterwards this row is as it was before."""
        if db.engine.name == "sqlite":
            db.session.commit()
            with databases.undone():
                answer = self.call(cell.who, cell.url, "POST", data)
            forget()
            return answer
        answer = self.call(cell.who, cell.url, "POST", data)
        row.renew()
        return answer


@pytest.fixture(scope="module", params=databases.params())
def doors(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    data = tmp_path_factory.mktemp("access")
    url = databases.fresh(request.param, data)
    app = make_app(url, data)
    with app.app_context():
        world = World()
        yield Doors(app, world, {who: visitor(app, person) for who, person in world.people.items()})
        close(app)
    databases.drop(url)


def visitor(app: Flask, person: Any) -> FlaskClient:
    client = app.test_client()
    if person is not NOBODY:
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = a_session(person), True
    return client


def to_sign_in(answer: TestResponse) -> bool:
    return answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in?")


def dossiers_of(thing: Any) -> list[Dossier]:
    if isinstance(thing, Lineage):
        return [thing.petition, thing.dossier]
    return [thing] if isinstance(thing, Dossier) else []


@dataclass(frozen=True)
class Cell:
    """What is to be known before the call."""

    who: str
    may: bool
    url: str
    over: bool
    unseen: list[bytes]
    """Words that this person may see nowhere."""


def expected(cell: Cell, endpoint: str, method: str) -> set[int | str]:
    if not cell.may:
        return {"to sign in"} if cell.who == "nobody" and endpoint not in PICTURES else {403, 404}
    if endpoint == ON:
        return {303}
    if method == "GET":
        return {200}
    if cell.over:
        return {409}
    return {303} if endpoint in WITHOUT_FIELDS else {422}


def cells(doors: Doors, endpoint: str, method: str, row: Row) -> Iterator[Cell]:
    for who, may in doors.world.cells(QUESTIONS[endpoint].who, row).items():
        actor = doors.world.people[who]
        url = access.address(doors.app, endpoint, method, row.url(row.thing))
        over = endpoint == OVER and not allowed(actor, PetitionDo.CONSENT, row.thing)
        hidden = [d for d in dossiers_of(row.thing) if not allowed(actor, DossierDo.SEE, d)]
        yield Cell(who, may, url, over, [w.encode() for d in hidden for w in (d.title, d.body)])


@pytest.mark.parametrize(("endpoint", "method"), CALLS)
def test_every_cell(doors: Doors, endpoint: str, method: str) -> None:
    """Where every cell was called on one database already, of one line one who may and one who may not."""
    wrong, rows = [], doors.world.rows[QUESTIONS[endpoint].subject]
    for row in rows if db.engine.name != databases.AGAIN else some_may(doors, endpoint, rows):
        found = cells(doors, endpoint, method, row)
        if db.engine.name == databases.AGAIN:
            found = iter({cell.may: cell for cell in found}.values())
        for cell in found if endpoint in WITHOUT_FIELDS else list(found):  # before a call makes rows stale
            data = {"once": new_key(), **REFUSED.get(endpoint, {})}
            if cell.may and endpoint in WITHOUT_FIELDS and method == "POST":
                answer = doors.change(row, cell, data)
            else:
                answer = doors.call(cell.who, cell.url, method, data if method == "POST" else None)
            got = "to sign in" if to_sign_in(answer) else answer.status_code
            if got not in expected(cell, endpoint, method):
                wrong.append(f"{row.name}, {cell.who}: {'may' if cell.may else 'may not'}, and got {got}")
            if any(words in answer.data for words in cell.unseen):
                wrong.append(f"{row.name}, {cell.who}: sees what is hidden")
    assert not wrong, "\n".join([f"{method} {endpoint}:", *wrong])


@pytest.mark.parametrize(
    "endpoint", [e for e in POSTS if e not in WITHOUT_FIELDS | OF_AN_APP | {ERASED, *FILES}]
)
def test_a_form_that_is_right_goes_through_for_who_may_and_for_nobody_else(
    doors: Doors, endpoint: str
) -> None:
    """Of each row one who may, and the strangest of those who may not."""
    wrong, rows = [], doors.world.rows[QUESTIONS[endpoint].subject]
    for row in rows if db.engine.name != databases.AGAIN else some_may(doors, endpoint, rows):
        found = list(cells(doors, endpoint, "POST", row))
        data = filled_in(doors.world, endpoint)  # after what it is about was made
        denied = [cell for cell in found if not cell.may and cell.who in {"nobody", "neighbour", "ended"}]
        for cell in [*denied, *[cell for cell in found if cell.may][-1:]]:
            sent = {"once": new_key(), **data}
            answer = (
                doors.change(row, cell, sent) if cell.may else doors.call(cell.who, cell.url, "POST", sent)
            )
            got = "to sign in" if to_sign_in(answer) else answer.status_code
            through = {200 if endpoint in AT_ONCE else 303}
            if got not in (through if cell.may and not cell.over else expected(cell, endpoint, "POST")):
                wrong.append(f"{row.name}, {cell.who}: {'may' if cell.may else 'may not'}, and got {got}")
    assert not wrong, "\n".join([f"POST {endpoint}:", *wrong])


def some_may(doors: Doors, endpoint: str, rows: list[Row]) -> list[Row]:
    """The first of these rows about which somebody may do this."""
    asked = QUESTIONS[endpoint].who
    return list(islice((row for row in rows if any(doors.world.cells(asked, row).values())), 1))


LISTS = ["/", "/n/K", "/dossiers", "/dossiers?page=2", "/dossiers?page=3", "/me", "/me/data.json", "/desk"]
LISTS += ["/staff", "/staff?show=all", "/committee", "/petitions/new"]


@pytest.mark.parametrize("path", LISTS)
def test_no_list_shows_what_is_hidden(doors: Doors, path: str) -> None:
    hidden = [row for row in doors.world.rows["dossier"] if row.thing.hidden_at]
    said = [word.encode() for row in hidden for word in (row.thing.title, row.thing.body)]
    assert said
    may = {"moderator", "opener" if path.startswith("/me") else ""}  # one's own words, among one's own data
    seen = {who: doors.call(who, path, "GET").data for who in WHO if who not in may}
    assert not [who for who, page in seen.items() if any(words in page for words in said)]


def test_the_table_is_what_the_rules_say(doors: Doors) -> None:
    assert access.FILE.read_text() == access.written(doors.app, doors.world), "run make access"


@pytest.mark.parametrize("state", ISSUES)
def test_a_plan_is_as_a_report(doors: Doors, state: str) -> None:
    """That is why they share their lines."""
    issue, plan = doors.world.issue(state), doors.world.plan(state)
    for question in {asked.who for asked in QUESTIONS.values() if asked.subject in {"dossier", "photo"}}:
        for who, actor in doors.world.people.items():
            do = access.DO[question]
            assert allowed(actor, do, issue) == allowed(actor, do, plan), f"{who} {question}"
