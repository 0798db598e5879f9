"""One connection that stays open, as a browser keeps it: pages and forms, cookies and all."""

import http.client
from dataclasses import dataclass
from email.message import Message
from types import TracebackType
from urllib.parse import urlencode, urlsplit


@dataclass(frozen=True)
class Seen:
    """What a browser was shown."""

    status: int
    text: str
    headers: Message


class Line:
    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.hostname != "127.0.0.1":
            raise ValueError("a load goes to this machine only")
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=60)
        self.headers = {"Accept-Language": "nl", "Origin": address}  # as a browser says it with each form

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
