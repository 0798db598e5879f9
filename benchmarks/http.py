"""One connection that stays open, as a browser keeps it: pages and forms, cookies and all."""

import http.client
import ssl
from dataclasses import dataclass
from email.message import Message
from types import TracebackType
from typing import Any
from urllib.parse import urlencode, urlsplit


@dataclass(frozen=True)
class Seen:
    """What a browser was shown."""

    status: int
    text: str
    headers: Message


def trusting() -> ssl.SSLContext:
    """The certificate of a proxy on this machine is one that we made ourselves."""
    made = ssl.create_default_context()
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    return made


class Line:
    def __init__(self, address: str, *, name: str = "", home: str = "127.0.0.1") -> None:
        """`name`: of the portal as people know it; `home`: the address of this machine one comes from."""
        parts = urlsplit(address)
        if parts.hostname != "127.0.0.1":
            raise ValueError("a load goes to this machine only")
        given: dict[str, Any] = {"timeout": 60, "source_address": (home, 0)}
        self.connection = (
            http.client.HTTPSConnection(parts.hostname, parts.port, context=trusting(), **given)
            if parts.scheme == "https"
            else http.client.HTTPConnection(parts.hostname, parts.port or 80, **given)
        )
        origin = f"https://{name}" if name else address
        self.headers = {"Accept-Language": "nl", "Origin": origin}  # as a browser says it with each form
        self.headers |= {"Host": name, "Referer": f"{origin}/"} if name else {}

    def __enter__(self) -> "Line":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()

    def get(self, path: str) -> str:
        """The body of a page; the first cookie that it sets is kept."""
        seen = self.see("GET", path)
        if seen.status != 200:
            raise RuntimeError(f"{path}: {seen.status}")
        return seen.text

    def see(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> Seen:
        """Whatever the answer is; the first cookie that it sets is kept. Raises when there is none."""
        headers = self.headers | ({"Content-Type": kind} if kind else {})
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        if cookie := answer.headers.get("Set-Cookie"):
            self.headers.setdefault("Cookie", cookie.partition(";")[0])
        return Seen(answer.status, answer.read().decode(), answer.headers)

    def post(self, path: str, facts: dict[str, str]) -> int:
        """The status of the answer to a form."""
        headers = self.headers | {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            return self._post(path, urlencode(facts), headers)
        except (ConnectionError, http.client.HTTPException):  # the server closes a line that was idle
            self.connection.close()
            return self._post(path, urlencode(facts), headers)

    def _post(self, path: str, body: str, headers: dict[str, str]) -> int:
        self.connection.request("POST", path, body, headers)
        answer = self.connection.getresponse()
        answer.read()
        return answer.status
