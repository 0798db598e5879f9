"""One connection that stays open, as a browser keeps it: pages and forms, cookies and all."""

import http.client
from types import TracebackType
from urllib.parse import urlencode, urlsplit


class Line:
    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.hostname != "127.0.0.1":
            raise ValueError("a load goes to this machine only")
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=60)
        self.headers = {"Accept-Language": "nl"}

    def __enter__(self) -> "Line":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()

    def get(self, path: str) -> str:
        """The body of a page; the first cookie that it sets is kept."""
        self.connection.request("GET", path, headers=self.headers)
        answer = self.connection.getresponse()
        body = answer.read().decode()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        if cookie := answer.headers.get("Set-Cookie"):
            self.headers.setdefault("Cookie", cookie.partition(";")[0])
        return body

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
