"""One person who signs, as a browser does it: page, form, page, link from the mail, button, page."""

import http.client
import time
from urllib.parse import urlencode, urlsplit

from benchmarks.signers import FIELD

STEPS = ("the page", "signing", "the page after it", "the link", "confirming", "the page after that")


class Walk:
    """`took`: seconds of each step."""

    def __init__(self, address: str, ref: str, email: str) -> None:
        parts = urlsplit(address)
        if parts.hostname != "127.0.0.1":
            raise ValueError("a load goes to this machine only")
        self.line = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=60)
        self.address, self.path, self.email = address, f"/d/{ref}", email
        self.cookies: dict[str, str] = {}
        self.took: list[float] = []

    def sign(self) -> "Walk":
        word = self._word(self._ask("GET", self.path, expect=200))
        facts = {"csrf_token": word, "once": self.email, "name": "A signer", "email": self.email}
        self._ask("POST", f"{self.path}/signatures", facts, expect=303)
        self._ask("GET", self.path, expect=200)
        return self

    def confirm(self, ticket: str) -> None:
        word = self._word(self._ask("GET", f"/s/{ticket}", expect=200))
        self._ask("POST", f"/s/{ticket}", {"csrf_token": word, "once": ticket}, expect=303)
        self._ask("GET", self.path, expect=200)
        self.line.close()

    def _word(self, page: str) -> str:
        found = FIELD.search(page)
        if found is None:
            raise RuntimeError("the page has no form")
        return found[1]

    def _ask(self, method: str, path: str, facts: dict[str, str] | None = None, *, expect: int) -> str:
        headers = {"Accept-Language": "nl", "Accept-Encoding": "identity", "Origin": self.address}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if facts:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        self.line.request(method, path, urlencode(facts) if facts else None, headers)
        answer = self.line.getresponse()
        body = answer.read().decode()
        self.took.append(time.perf_counter() - began)
        if answer.status != expect:
            raise RuntimeError(f"{method} {path}: {answer.status}")
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return body
