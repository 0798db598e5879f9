"""Every page in every state, made once per run and kept as files: what the checkers of this folder look at.

The routes come from portal/access.py. A route of which no page was kept, and that is not told below to have
none, fails a test: nobody can add a page that is not checked.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import Context
from dataclasses import asdict, dataclass, replace
from heapq import heapify, heappop, heappush
from html.parser import HTMLParser
from itertools import islice
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.access import ROUTES
from portal.kernel.db import db
from portal.kernel.policy import NOBODY
from tests import access, databases
from tests.access import QUESTIONS, WHO, World
from tests.conftest import close, make_app
from tests.factories import a_session
from tests.test_access_table import REFUSED, WITHOUT_FIELDS

LANGUAGES = ("nl", "en")
FIRST = ("nobody", "opener", "organiser", "official", "moderator", "contact", "member", "neighbour")
"""Whose view of a page is kept, in this order; a view that is built as an earlier one is the same page."""
ENOUGH = {"dossiers.show": 6}
"""How many of those who may are asked, of each row of the table; elsewhere two."""
PAGELESS = {
    "static": "files",
    "web.bundle": "files",
    "web.language": "leads back",
    "accounts.export": "a file",
    "accounts.sign_out": "leads to the home page",
    "accounts.end_session": "leads to the list of sessions",
    "accounts.remove_passkey": "leads to the list of passkeys",
    "device.manifest": "a file",
    "operations.alive": "a word for programs that watch",
    "operations.ready": "what is well, in JSON",
    "operations.metrics": "figures for Prometheus",
    "device.token": "a word for the script that sends what waits",
    "device.worker": "a script",
    "home.preview": "pictures",
    "maps.data": "what is on a map, in JSON",
    "maps.land": "what a map draws where there are no tiles, in JSON",
    "notices.follow": "leads to the dossier",
    "notices.unfollow": "answers a script",
    "notices.follows": "answers a script",
    "notices.stop": "leads to one's own page",
    "notices.reach": "leads to one's own page",
    "dossiers.preview": "pictures",
    "dossiers.photo": "pictures",
    "dossiers.short": "leads to the dossier",
    "issues.start": "is the first step, under a short address",
    "issues.resume": "leads to the step where one was",
    "issues.discard": "leads to the home page",
    "issues.at_once": "its refusal is the page for offline",
    "dossiers.sign": "its refusal is the page of the dossier",
    "dossiers.signatures": "leads to the dossier",
    "dossiers.step_out": "leads to the dossier",
    "dossiers.rename_own": "its refusal is the page of the dossier",
    "dossiers.rename_signature": "its refusal is the page of the signature",
    "dossiers.close_stand": "leads to the list of stands",
    "dossiers.withdraw_signature": "leads to the link of the signature",
    "dossiers.quieten_signature": "leads to the link of the signature",
    "composer.file": "a file",
    "composer.here": "leads to the dossier",
    "composer.retire": "leads to the list of templates",
    "assistance.withdraw_mandate": "leads to the page of helpers",
    "petitions.publish": "leads to the petition",
    "petitions.drop": "leads to the petition",
    "printing.proof": "pictures",
    "printing.file": "a file",
    "printing.fetch": "a file",
    "sheets.scan": "leads to the petition, or to the sheet",
    "sheets.picture": "a picture",
    "sheets.start": "leads to the sheet",
    "sheets.pause": "leads to the sheet",
    "sheets.undo": "leads to the sheet",
    "sheets.close": "leads to the sheet",
    "sheets.remove": "leads to the sheet",
    "terms.due": "a calendar",
    "staff.divide": "its refusal is the page of the queue",
    "staff.following": "leads to the next dossier",
    "staff.save": "its refusal is the page of the queue",
    "staff.remove": "leads to the queue",
    "staff.close_team": "leads to the teams",
    "staff.flow_csv": "a file",
    "clusters.bundle": "its refusal is the page of the group",
    "clusters.rejoin": "leads to the group",
    "clusters.bring_back": "leads to the groups",
    "mailroom.throw_away": "leads to the mails that wait",
    "mailroom.file": "a file",
}
"""Routes that answer with something else than a page of their own, and with what."""
DRAWN = frozenset(
    {"svg", "use", "path", "g", "rect", "circle", "symbol", "defs", "line", "ellipse", "polygon", "text"}
)
VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
WHOLE, NEAREST = 100, 1
"""How many of the elements around one tell it from another, in the first language and in the second."""
HEADING = re.compile(r"h[1-6]")
TELLING = frozenset({"class", "role", "type", "aria-live", "aria-current", "aria-pressed"})
VALUES = re.compile(r'="[^"]*?(?:\d|/|http)[^"]*"')
WORDS = re.compile(r">\s*[^<>\s][^<>]*<")


@dataclass(frozen=True)
class Page:
    """A page as it was answered: `name` says of what and for whom, `url` where it stands.

    `looked_at`: it is one of the few that together show all there is (`few`), and is opened in a browser; the
    HTML checker reads all.
    """

    name: str
    endpoint: str
    language: str
    url: str
    number: int
    looked_at: bool = False

    @property
    def file(self) -> Path:
        return folder() / f"{self.language}-{self.number}.html"


def folder() -> Path:
    return databases.folder() / "pages"


def built(html: str) -> str:
    """How a page is built: without its words, numbers and addresses."""
    return VALUES.sub('=""', WORDS.sub(">x<", html)).replace("><", ">\n<")


class Features(HTMLParser):
    """What there is to look at: each element with those it stands in (the `depth` nearest), each heading with
    the one before it."""

    def __init__(self, shape: str, depth: int) -> None:
        super().__init__()
        self.depth = depth
        self.path: list[str] = []
        self.heading = ""
        self.found: set[str] = set()
        self.feed(shape)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in DRAWN:
            return
        marks = sorted(f"{name}={value}" if name in TELLING else name for name, value in attrs)
        self.found.add(" ".join([*self.path[-self.depth :], tag, *marks]))
        if HEADING.fullmatch(tag):
            self.found.add(f"{self.heading} {tag}")
            self.heading = tag
        if tag not in VOID:
            self.path.append(" ".join([tag, *(str(value) for name, value in attrs if name == "class")]))

    def handle_endtag(self, tag: str) -> None:
        while self.path and tag not in VOID | DRAWN:
            if self.path.pop().split()[0] == tag:
                break


class Keeper:
    """Calls pages in one language and keeps those that are built like no other of the same route."""

    def __init__(self, app: Flask, language: str) -> None:
        self.app, self.language = app, language
        self.pages: list[Page] = []
        self.shown: list[set[str]] = []
        """What is to be seen on each of them."""
        self.seen: set[tuple[str, str]] = set()
        self.calls: dict[int, tuple[str, str, str, Any, Any]] = {}
        """Of each page that came of a call of ours, that call."""
        self.visitors: dict[Any, FlaskClient] = {}

    def moves_to(self, app: Flask) -> None:
        """Go on in another portal; a page that is built as one from here is still the same page."""
        self.app, self.visitors = app, {}

    def visitor(self, person: Any = NOBODY) -> FlaskClient:
        number = person.id if person.is_authenticated else 0
        if number not in self.visitors:
            self.visitors[number] = self.app.test_client()
            token = a_session(person) if number else ""
            with self.visitors[number].session_transaction() as session:
                session["locale"] = self.language
                if number:
                    session["_user_id"], session["_fresh"] = token, True
        return self.visitors[number]

    def keep(
        self, endpoint: str, name: str, url: str, person: Any = NOBODY, data: Any = None
    ) -> TestResponse:
        """Call this address (with data: send it) and keep the page that comes, if one comes."""
        visitor, method = self.visitor(person), "GET" if data is None else "POST"
        if db.session().in_transaction():
            db.session.commit()
        answer = Context().run(lambda: visitor.open(url, method=method, data=data, buffered=True))
        if self.keep_answer(endpoint, name, url, answer):
            self.calls[self.pages[-1].number] = endpoint, name, url, person, data
        return answer

    def new_calls(self) -> list[tuple[str, str, str, Any, Any]]:
        """The calls that led to a page with something on it that was on none before."""
        before: set[str] = set()
        found = []
        for number, shown in enumerate(self.shown):
            if number in self.calls and shown - before:
                found.append(self.calls[number])
            before |= shown
        return found

    def keep_answer(self, endpoint: str, name: str, url: str, answer: TestResponse) -> bool:
        """Whether it is kept: a whole page, built like none before it."""
        assert answer.status_code < 500 or endpoint.startswith("error"), f"{name}: {url} fails"
        if (
            answer.mimetype != "text/html"
            or answer.status_code in {301, 302, 303}
            or "<html" not in answer.text
        ):
            return False
        shape = built(answer.text)
        if (endpoint, shape) in self.seen:
            return False
        self.seen.add((endpoint, shape))
        first = self.language == LANGUAGES[0]
        shown = Features(shape, WHOLE if first else NEAREST).found
        self.shown.append(shown | {endpoint} if first else shown)
        made = Page(f"{endpoint} {name}".strip(), endpoint, self.language, url, len(self.pages))
        made.file.write_bytes(answer.data)
        self.pages.append(made)
        return True

    def repeat(self, calls: Iterable[tuple[str, str, str, Any, Any]]) -> None:
        """Make the calls again that led another keeper to a page."""
        for endpoint, name, url, person, data in calls:
            self.keep(endpoint, name, url, person, data)

    def keep_table(self, world: World) -> None:
        """Every route that asks for a permission, about every row, for those who may; its form, too."""
        for endpoint, asked in QUESTIONS.items():
            for row in world.rows[asked.subject]:
                for who in self._who_may(world, asked.who, row, ENOUGH.get(endpoint, 2)):
                    for method in asked.methods.split():
                        if method == "GET" or endpoint not in WITHOUT_FIELDS:
                            self._keep_cell(world, endpoint, method, row, who)

    def _who_may(self, world: World, what: str, row: access.Row, most: int) -> list[str]:
        """So many of those who come first, or else of the others; who is not needed is not asked about."""
        for some in (FIRST, WHO):
            if may := list(islice((who for who in some if world.may(what, row, who)), most)):
                return may
        return []

    def _keep_cell(self, world: World, endpoint: str, method: str, row: access.Row, who: str) -> None:
        url = access.address(self.app, endpoint, method, row.url(row.thing))
        name = f"{row.name} {who}" + (" refused" if method == "POST" else "")
        self.keep(
            endpoint, name, url, world.people[who], REFUSED.get(endpoint, {}) if method == "POST" else None
        )

    def keep_plain(self, people: Iterable[tuple[str, Any]]) -> None:
        """Every route without anything in its address, for these people."""
        for endpoint, asked in ROUTES.items():
            rule = next(self.app.url_map.iter_rules(endpoint))
            if "GET" in asked.methods and not rule.arguments and endpoint not in PAGELESS:
                for who, person in people:
                    self.keep(endpoint, who, str(rule), person)


def kept(language: str) -> list[Page]:
    """The pages in this language, in the order in which they were kept."""
    return [Page(**page) for page in json.loads((folder() / f"{language}.json").read_text())]


def few(shown: Sequence[set[str]]) -> set[int]:
    """Few of these, by their places, that together show all that any of them does: always the one that shows
    most of what none did yet."""
    left, chosen = set().union(*shown), set()
    waiting = [(-len(one), place) for place, one in enumerate(shown)]
    heapify(waiting)
    while left:
        _, best = heappop(waiting)
        new = -len(shown[best] & left), best
        if waiting and waiting[0] < new:
            heappush(waiting, new)  # it showed more when it was looked at last: others may show more now
        else:
            chosen.add(best)
            left -= shown[best]
    return chosen


def write(keeper: Keeper) -> None:
    """Keep the list of its pages, and which of them are looked at."""
    chosen = few(keeper.shown)
    pages = [replace(page, looked_at=page.number in chosen) for page in keeper.pages]
    (folder() / f"{keeper.language}.json").write_text(json.dumps([asdict(page) for page in pages]))


@contextmanager
def opened(data: Path, url: str) -> Iterator[Flask]:
    app = make_app(url, data, PROPAGATE_EXCEPTIONS=False)
    with app.app_context():
        yield app
        close(app)
