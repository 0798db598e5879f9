"""A visitor, read with a parser: with JavaScript it asks for fragments as htmx does, without it for pages."""

import email
from collections.abc import Callable
from contextvars import Context
from email.message import EmailMessage
from email.policy import default
from functools import cache
from pathlib import Path
from typing import Any, cast

from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.local import LocalProxy
from werkzeug.test import TestResponse

from portal.kernel import clock, jobs
from portal.kernel.db import db
from tests.factories import a_session
from tests.processes import until


def elsewhere(app: Flask, function: Callable[[], Any]) -> Any:
    """Call it as another request or process would: it shares the clock with the test, and no session."""
    db.session.commit()  # ends the test's own reading, so that it sees afterwards what was done here
    moment = clock.moved()

    def call() -> Any:
        if moment is None:
            return function()
        with clock.at(moment):
            return function()

    return Context().run(call)


def parsed(page: str) -> BeautifulSoup:
    """A page to look at. It is read when somebody does: that takes as long as making it."""
    return cast(BeautifulSoup, LocalProxy(cache(lambda: BeautifulSoup(page, "html.parser"))))


class Browser:
    """`js=True`: with JavaScript. `seen` is the last page or fragment, with its `status` and `headers`."""

    def __init__(self, app: Flask, *, js: bool = False, language: str = "en") -> None:
        self.app, self.js = app, js
        self.client = app.test_client()
        self.language = language
        self.seen = parsed("")
        self.status, self.url = 0, ""
        self.response: TestResponse | None = None

    @property
    def headers(self) -> Any:
        return self.response.headers if self.response else {}

    def signs_in(self, person: Any, **given: Any) -> "Browser":
        """Be here by a session that lasts; `given`: what else stands in its row."""
        token = a_session(person, **given)
        with self.client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        return self

    def get(self, url: str, *, target: str = "", **more: Any) -> BeautifulSoup:
        return self._open("GET", url, target, **more)

    def post(self, url: str, data: Any = None, *, target: str = "", **more: Any) -> BeautifulSoup:
        return self._open("POST", url, target, data=data or {}, **more)

    def click(self, link: str) -> BeautifulSoup:
        """Follow the first link of the page that is seen that this selector finds."""
        found = self.seen.select_one(link)
        assert found is not None, f"no {link} on {self.url} ({self.status})"
        return self.get(str(found["href"]))

    def _open(self, method: str, url: str, target: str, **more: Any) -> BeautifulSoup:
        """`target` is the element that htmx swaps (`section#dossiers-support`); sent with JavaScript only."""
        headers = {"Accept-Language": self.language} | more.pop("headers", {})
        if self.js and target:
            headers |= {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": target}
        elif self.js:
            headers |= {"HX-Request": "true", "HX-Request-Type": "full", "HX-Target": "body"}
        options = {"follow_redirects": True, "buffered": True, "headers": headers} | more
        response = elsewhere(self.app, lambda: self.client.open(url, method=method, **options))
        self.response, self.status = response, response.status_code
        self.url = response.request.full_path.rstrip("?")
        self.seen = parsed(response.text if response.mimetype == "text/html" else "")
        return self.seen

    def submit(self, form: str = "main form", /, *, press: str = "button", **values: Any) -> BeautifulSoup:
        """Fill in a form of the page that is seen and press its button; with JavaScript as its htmx says.

        `form` and `press` are selectors. What a browser sends by itself (hidden fields, what is selected or
        ticked, the name of the button) is sent; a value of None unticks, a list sends several.
        """
        found = self.seen.select_one(form)
        assert found is not None, f"no {form} on {self.url} ({self.status})"
        button = found.select_one(press)
        assert button is not None, f"no {press} in {form} on {self.url}"
        unknown = set(values) - {str(field.get("name")) for field in found.select("[name]")}
        assert not unknown, f"{form} on {self.url} has no field {unknown}"
        pressed = {str(button["name"]): button.get("value", "")} if button.get("name") else {}
        data = filled_in(found) | pressed | values
        data = {name: value for name, value in data.items() if value is not None}
        return self._send(found, button, data)

    def _send(self, form: Tag, button: Tag, data: dict[str, Any]) -> BeautifulSoup:
        htmx = next((f"data-hx-{way}" for way in ("post", "get") if form.has_attr(f"data-hx-{way}")), "")
        target, method = "", str(form.get("method", "get")).upper()
        url = str(button.get("formaction") or form.get("action") or self.url)
        if self.js and htmx:
            target, method, url = self._target(form), htmx.removeprefix("data-hx-").upper(), str(form[htmx])
        if method == "GET":
            return self._open("GET", url.partition("?")[0], target, query_string=data)
        return self._open("POST", url, target, data=data)

    def _target(self, form: Tag) -> str:
        """The element that htmx names in HX-Target for this form: `tag#id`."""
        named = str(form.get("data-hx-target", ""))
        element = form.find_parent(named.removeprefix("closest ")) if named.startswith("closest ") else None
        element = element or (self.seen.select_one(named) if named.startswith("#") else form)
        assert element is not None, f"data-hx-target={named} is not on the page"
        return f"{element.name}#{element.get('id', '')}"

    def mails(self, to: str = "") -> list[EmailMessage]:
        """Let the worker do what is due; all mails so far (or those to one address), the oldest first."""
        elsewhere(self.app, self._work)
        folder = Path(self.app.config["DATA_DIR"]) / "mail"
        files = sorted(folder.glob("*.eml"), key=lambda path: (path.stat().st_mtime_ns, path.name))
        found = [email.message_from_bytes(path.read_bytes(), policy=default) for path in files]
        return [mail for mail in found if isinstance(mail, EmailMessage) and to in str(mail["To"])]

    def _work(self) -> None:
        with self.app.app_context():
            jobs.work()
            until(_none_under_way, "the worker beside it did what it had taken")
            failed = db.session.scalars(db.select(jobs.Job).where(jobs.Job.error.is_not(None)))
            assert not (said := [f"{job.task}{job.arguments}: {job.error}" for job in failed]), said

    def link(self, mail: EmailMessage, containing: str = "/") -> str:
        """The path of the first link in a mail that contains this."""
        body = mail.get_body(("plain", "html"))
        assert body is not None
        ours = str(self.app.config["PUBLIC_URL"])
        words = [word.strip("<>()\"'.,") for word in body.get_content().split()]
        found = [word.removeprefix(ours) for word in words if word.startswith(ours) and containing in word]
        assert found, f"no link with {containing} in:\n{body.get_content()}"
        return found[0]


def _none_under_way() -> bool:
    """Whether nobody else (the worker of a live server) is still doing a job that it has taken."""
    db.session.rollback()  # look again, and not at what was so at first
    taken = jobs.Job.done_at.is_(None) & (jobs.Job.leased_until > clock.now())
    return db.session.scalar(db.select(jobs.Job.id).where(taken, jobs.Job.dead_at.is_(None)).limit(1)) is None


def filled_in(form: Tag) -> dict[str, Any]:
    """What a browser would send of this form as it stands."""
    data: dict[str, Any] = {}
    for field in form.select("input[name], select[name], textarea[name]"):
        name, kind = str(field["name"]), field.get("type", "text")
        if field.name == "textarea":
            data[name] = field.text.removeprefix("\n")
        elif field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            data[name] = str(chosen.get("value", chosen.text)) if chosen else ""
        elif kind in {"checkbox", "radio", "hidden"}:
            if kind == "hidden" or field.has_attr("checked"):
                value = str(field.get("value", "" if kind == "hidden" else "on"))
                data[name] = [*_several(data[name]), value] if name in data else value  # all of one name
        elif kind not in {"file", "submit", "image"}:
            data[name] = str(field.get("value", ""))
    return data


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
