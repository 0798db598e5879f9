"""Somebody with a browser without JavaScript at the proxy of the city, in a home of their own."""

import http.client
from typing import Any
from urllib.parse import urlencode, urljoin

from werkzeug.http import parse_cookie

from benchmarks.faults.people import in_parts
from benchmarks.http import trusting
from tests.browser import Browser, parsed

NAME = "rotonde.example"
PUBLIC = f"https://{NAME}"
LONGEST = 8
"""Redirects in a row."""


class Visitor(Browser):
    """Over the network; what it can do with a page that it sees, a browser of the tests can."""

    def __init__(self, port: int, home: str, language: str = "en") -> None:
        """`home`: the address of this machine from which they come."""
        self.port, self.home, self.language, self.js = port, home, language, False
        self.seen, self.status, self.url = parsed(""), 0, "/"
        self.cookies: dict[str, str] = {}
        self.said: dict[str, str] = {}
        self.body = b""

    def _open(self, method: str, url: str, target: str, **more: Any) -> Any:
        query = more.pop("query_string", None)
        url = f"{url}?{urlencode(query, doseq=True)}" if query else url
        body, kind = _packed(more.pop("data", None), more.pop("photo", None))
        for _ in range(LONGEST):
            self._ask(method, url, body, kind)
            if self.status not in {301, 302, 303}:
                break
            method, body, kind = "GET", None, ""
            url = _path(urljoin(f"{PUBLIC}{self.url}", self.said["Location"]))
        if self.status >= 400:
            raise RuntimeError(f"{method} {url}: {self.status}\n{parsed(self.body.decode()).text.strip()}")
        self.seen = parsed(self.body.decode() if "text/html" in self.said.get("Content-Type", "") else "")
        return self.seen

    def _ask(self, method: str, url: str, body: bytes | None, kind: str) -> None:
        headers = {"Host": NAME, "Accept-Language": self.language, "Origin": PUBLIC}
        headers["Referer"] = f"{PUBLIC}{self.url}"
        headers |= {"Content-Type": kind} if kind else {}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        line = http.client.HTTPSConnection(
            "127.0.0.1", self.port, timeout=90, source_address=(self.home, 0), context=trusting()
        )
        try:
            line.request(method, url, body, headers)
            answer = line.getresponse()
            self.body, self.status, self.said = answer.read(), answer.status, dict(answer.headers)
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                self._keep(cookie)
        finally:
            line.close()
        self.url = url

    def _keep(self, cookie: str) -> None:
        name, _, value = cookie.partition(";")[0].partition("=")
        ended = parse_cookie(cookie).get("Max-Age") == "0" or not value
        if ended:
            self.cookies.pop(name, None)
        else:
            self.cookies[name] = value


def _path(address: str) -> str:
    return address.removeprefix(PUBLIC).partition("#")[0] or "/"


def _packed(facts: dict[str, Any] | None, photo: bytes | None) -> tuple[bytes | None, str]:
    """A form as a browser sends it."""
    if facts is None:
        return None, ""
    if photo is not None:
        return in_parts(facts, photo)
    return urlencode(facts, doseq=True).encode(), "application/x-www-form-urlencoded"
