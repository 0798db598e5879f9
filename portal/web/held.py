"""Pages that everybody gets, held ready as they went out last; as long as they are right, none is made anew.

Every process holds some, and asks the database before each whether anything changed since (kernel/stamps.py).
What was told on any timeline shows at once; a count, and what somebody took back of their own, within MOMENT
where others write at the same time, and else at once. What the clock alone changes shows within MINUTE.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from threading import Lock
from time import perf_counter
from typing import Any

from flask import Flask
from werkzeug.http import parse_cookie, parse_etags

from portal.kernel.clock import now
from portal.kernel.db import COPY, db
from portal.kernel.stamps import Stamp, Stamps, StampsOfCopy
from portal.web import copies, watching
from portal.web.keeping import somebodys
from portal.web.visitor import best_language

MOMENT, MINUTE = timedelta(seconds=1), timedelta(seconds=60)
LONGEST = 500
"""Letters of a query: longer ones nobody asks twice."""
OF_ONE_ANSWER = frozenset({"Content-Length", watching.REQUEST_ID})
"""Headers that belong to one answer, and not to the page."""
OURS = "ours"
Environ = dict[str, Any]
Start = Callable[..., Any]


@dataclass(frozen=True)
class Held:
    """A page as it went out, and what was known of the database before it was made."""

    body: bytes
    headers: list[tuple[str, str]]
    etag: str
    route: watching.Route
    stamp: Stamp
    made_at: datetime

    def right(self, stamp: Stamp | None) -> bool:
        """Whether it would be the same if it were made now."""
        age = now() - self.made_at
        if stamp is None or not timedelta(0) <= age < MINUTE:
            return False
        return stamp == self.stamp or (age < MOMENT and stamp[1] == self.stamp[1])


class Shelf:
    """Before Flask: answers what is held and right, and holds what goes out to everybody."""

    def __init__(self, app: Flask, last: str) -> None:
        """`last`: the query for the number of what was told last on any timeline."""
        self.app, self.last = app, last
        self.inner: Callable[[Environ, Start], Any] = app.wsgi_app
        self.pages: OrderedDict[tuple[str, ...], Held] = OrderedDict()
        self.size, self.lock = 0, Lock()
        self.stamps: dict[str, Stamps] = {}

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        began, key = perf_counter(), self._key(environ)
        if key is None:
            return self.inner(environ, start)
        source, stamp = self._stamp(environ)
        key = (source, *key)
        held = self.pages.get(key)
        if held is None or not held.right(stamp):
            may = copies.MAY if source == COPY else copies.NOT
            return self._made(key, stamp, environ | {copies.IN_COPY: may}, start)
        same = _is_known(held, environ)
        cause = watching.noted(self.app, environ, held.route, 304 if same else 200, began)
        return _answer(held, same, cause, start)

    def _key(self, environ: Environ) -> tuple[str, ...] | None:
        """What tells one page from another, of a visitor who is nobody in particular; None for all else."""
        asked, config = environ.get, self.app.config
        query = asked("QUERY_STRING", "")
        if environ["REQUEST_METHOD"] != "GET" or not config["HELD_BYTES"] or len(query) > LONGEST:
            return None
        if "HTTP_AUTHORIZATION" in environ or asked("HTTP_HX_REQUEST_TYPE") == "partial":
            return None
        look = _look(asked("HTTP_COOKIE", ""), somebodys(config))
        if look is None:
            return None
        language = best_language(asked("HTTP_ACCEPT_LANGUAGE", ""), tuple(config["LOCALES"]))
        packed, whole = _packed(asked("HTTP_ACCEPT_ENCODING", "")), asked("HTTP_HX_REQUEST_TYPE", "")
        where = asked("HTTP_HOST", ""), asked("SCRIPT_NAME", ""), environ["PATH_INFO"], query
        return (*where, language, packed, look, whole)

    def _stamp(self, environ: Environ) -> tuple[str, Stamp | None]:
        """Which database is to be read, and what it holds: the copy where it fits, else our own."""
        if not self.stamps:
            with self.app.app_context():
                self.stamps[OURS] = Stamps(db.engine, self.last)
                if COPY in db.engines:
                    self.stamps[COPY] = StampsOfCopy(db.engines[COPY], self.last)
        if COPY in self.stamps and copies.fits(environ) and (stamp := self.stamps[COPY].now()) is not None:
            return COPY, stamp
        return OURS, self.stamps[OURS].now()

    def close(self) -> None:
        """Forget all of it, and end what it has open."""
        self.pages.clear()
        for stamps in self.stamps.values():
            stamps.close()

    def _made(
        self, key: tuple[str, ...], stamp: Stamp | None, environ: Environ, start: Start
    ) -> Iterable[bytes]:
        """The page made anew; or the answer itself, where it is not one that everybody gets."""
        said: list[Any] = []
        made_at = now()
        answer = self.inner(environ, lambda *given: said.extend(given))
        status, headers, *more = said
        if environ[copies.IN_COPY] == copies.WAS and not status.startswith("200"):
            answer.close()  # our own may have it, or be there
            return self.inner(environ | {copies.IN_COPY: copies.NOT}, start)
        if stamp is None or not status.startswith("200") or not _is_everybodys(headers):
            start(status, headers, *more)
            return answer
        body = b"".join(answer)
        answer.close()
        kept = [(name, value) for name, value in headers if name not in OF_ONE_ANSWER]
        etag = hashlib.sha256(repr(kept).encode() + body).hexdigest()[:24]
        kept.append(("ETag", f'"{etag}"'))
        held = Held(body, kept, etag, environ[watching.ROUTE], stamp, made_at)
        self._keep(key, held)
        return _answer(held, _is_known(held, environ), dict(headers)[watching.REQUEST_ID], start)

    def _keep(self, key: tuple[str, ...], held: Held) -> None:
        with self.lock:
            old = self.pages.pop(key, None)
            self.pages[key] = held
            self.size += len(held.body) - (len(old.body) if old else 0)
            while self.size > self.app.config["HELD_BYTES"] and self.pages:
                self.size -= len(self.pages.popitem(last=False)[1].body)


def _answer(held: Held, same: bool, cause: str, start: Start) -> list[bytes]:
    headers = [*held.headers, (watching.REQUEST_ID, cause)]
    if same:
        start("304 NOT MODIFIED", headers)
        return []
    start("200 OK", [*headers, ("Content-Length", str(len(held.body)))])
    return [held.body]


def _is_known(held: Held, environ: Environ) -> bool:
    """Whether this is the page that the browser, or the cache before us, has already."""
    asked = environ.get("HTTP_IF_NONE_MATCH", "")
    return bool(asked) and parse_etags(asked).contains_weak(held.etag)


def _is_everybodys(headers: list[tuple[str, str]]) -> bool:
    said = dict(headers).get("Cache-Control", "")
    return said.startswith("public, ") and "max-age=0" in said


@lru_cache(maxsize=1000)
def _packed(wanted: str) -> str:
    """How the answer is compressed for who takes these: part of what tells one page from another."""
    return ",".join(sorted(way.strip() for way in wanted.lower().split(",")))


@lru_cache(maxsize=1000)
def _look(cookies: str, somebodys: tuple[str, ...]) -> str | None:
    """Light or dark, as the visitor chose; None where a cookie stands for somebody."""
    given = parse_cookie(cookies)
    return None if any(name in given for name in somebodys) else given.get("theme", "")
