"""What may be kept of an answer, and by whom: one page for all who have not signed in, nothing of a person.

A page that everybody gets holds no word that is one visitor's: neither a proof of theirs in its forms nor a
key of a submit. How forms of such a page are known to be ours stands in `Proof`; docs/adr/0025.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from flask_wtf.csrf import CSRFProtect, generate_csrf

EVERYBODYS = "everybody"
"""Stands where a proof stands otherwise, in the forms of a page that everybody gets."""
WHO = "who"
"""A cookie that scripts can read: a name without meaning for who is signed in, so that a device without
network knows whose a report is that is written on it. It opens nothing."""
PAGE, FILE, TICKET = "page", "file", "ticket"
"""Kinds of routes: a page that is the same for all who have not signed in; what is the same for everybody,
whoever asks; and what is shown to who holds a link of a mail. All others are nobody else's."""
NOBODY_KEEPS = "private, no-store"
OWN = "private, no-cache"
READS = frozenset({"GET", "HEAD"})


class Kept(Protocol):
    """What this reads in the list of routes."""

    @property
    def who(self) -> str: ...

    @property
    def kept(self) -> str: ...


@cache
def for_all(seconds: int) -> str:
    """How a page says that it is everybody's. A browser asks each time whether it is still so; a cache that
    stands before the portal may answer for so many seconds."""
    return f"public, max-age=0, s-maxage={seconds}, must-revalidate" if seconds else "public, no-cache"


def somebodys(config: Mapping[str, Any]) -> tuple[str, ...]:
    """The cookies that stand for somebody."""
    return config["SESSION_COOKIE_NAME"], config["REMEMBER_COOKIE_NAME"], WHO


def known() -> bool:
    """Whether anything in the request stands for somebody: then the answer is theirs alone."""
    given = request.cookies
    return "Authorization" in request.headers or any(name in given for name in somebodys(current_app.config))


def kind() -> str:
    kinds: Mapping[str, str] = current_app.extensions["portal.keeping"]
    return kinds.get(request.endpoint or "", "")


def everybodys() -> bool:
    """Whether the page under way is the one that everybody gets who has not signed in; no page, no."""
    if not request:
        return False
    found: bool | None = g.get("everybodys")
    if found is None:
        found = g.everybodys = request.method in READS and kind() == PAGE and not known()
    return found


def proof() -> str:
    """What a form carries to show that it comes from a page of ours."""
    return EVERYBODYS if everybodys() else str(generate_csrf())


def from_us() -> bool:
    """Whether the browser itself says that this comes from a page of ours.

    Browsers since 2020 say so, whatever a page wants. Who has an older one, or none, is believed as long as
    they are nobody: a form that another site sends in their name could do no more than that site itself.
    """
    origin = request.headers.get("Origin")
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    if origin:
        return urlsplit(origin).netloc in {request.host, urlsplit(current_app.config["PUBLIC_URL"]).netloc}
    return not known()


class Proof(CSRFProtect):
    """The guard against forms of other sites: their proof, or the browser's word for a page of everybody."""

    def init_app(self, app: Flask) -> None:
        super().init_app(app)
        app.jinja_env.globals["csrf_token"] = proof
        app.context_processor(lambda: {"csrf_token": proof})

    def protect(self, apply_exemptions: bool = False) -> None:
        if request.method == "POST" and request.form.get("csrf_token") == EVERYBODYS and from_us():
            g.csrf_valid = True
            return
        super().protect(apply_exemptions)


def init_app(app: Flask, routes: Mapping[str, Kept]) -> None:
    app.extensions["portal.keeping"] = {
        endpoint: route.kept or (TICKET if route.who == TICKET else "") for endpoint, route in routes.items()
    }
    app.after_request(_say)


def _say(response: Response) -> Response:
    """Before anybody else's word: whose this answer is."""
    headers, of_kind = response.headers, kind()
    if of_kind == TICKET:
        if not response.cache_control.no_store:
            headers["Cache-Control"] = NOBODY_KEEPS
    elif everybodys() and response.status_code == 200:
        partial = request.headers.get("HX-Request-Type") == "partial"
        seconds = current_app.config["SHARED_SECONDS"]
        headers.setdefault("Cache-Control", OWN if partial else for_all(seconds))
    elif of_kind != FILE and _shared(response):
        headers["Cache-Control"] = OWN
    headers.setdefault("Cache-Control", OWN)
    if of_kind != FILE and "Cookie" not in headers.get("Vary", ""):
        response.vary.add("Cookie")
    return response


def _shared(response: Any) -> bool:
    """Whether it says that a cache may keep it for others. Taken apart only where it can be so."""
    return "public" in response.headers.get("Cache-Control", "") and response.cache_control.public


def no_cookie_is_shared(response: Any) -> None:
    """The last word, when all cookies are there: an answer with one is nobody else's."""
    if "Set-Cookie" in response.headers and _shared(response):
        response.headers["Cache-Control"] = OWN
