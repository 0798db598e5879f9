"""People who sign a petition, each with an address of their own, on a few lines at once."""

import re
import threading
import time
from collections.abc import Callable, Iterable
from itertools import count
from queue import Empty, SimpleQueue

from benchmarks.http import Line

CONNECTIONS = 4
FIELD = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def together(act: Callable[[], None]) -> None:
    """Let several do this at once; what one of them raises is raised."""
    wrong: list[Exception] = []

    def run() -> None:
        try:
            act()
        except Exception as error:  # raised below, in the thread that asked
            wrong.append(error)

    threads = [threading.Thread(target=run) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]


class Signers:
    """Remembers who was told that they signed."""

    def __init__(self, address: str, ref: str, beginning: "Signers | None" = None) -> None:
        """`beginning`: others who signed before, so that everybody is somebody new."""
        self.address, self.path = address, f"/d/{ref}"
        self.acknowledged: list[str] = []
        self.numbers = beginning.numbers if beginning else count(1)
        self.lines: SimpleQueue[tuple[Line, str]] = SimpleQueue()

    def someone(self) -> str:
        return f"signer{next(self.numbers)}@bench.example"

    def _line(self) -> tuple[Line, str]:
        """A connection that has seen the petition, and the word that its forms need."""
        try:
            return self.lines.get_nowait()
        except Empty:
            return self._new_line()

    def _new_line(self) -> tuple[Line, str]:
        line = Line(self.address)
        word = FIELD.search(line.get(self.path))
        if word is None:
            raise RuntimeError("the page has no form to sign")
        return line, word[1]

    def sign(self, email: str) -> None:
        line, word = self._line()
        facts = {
            "csrf_token": word,
            "once": email,
            "name": f"Signer {email.partition('@')[0]}",
            "email": email,
        }
        if line.post(f"{self.path}/signatures", facts) != 303:
            raise RuntimeError("a signature was refused")
        self.acknowledged.append(email)
        self.lines.put((line, word))

    def confirm(self, ticket: str) -> None:
        line, word = self._line()
        if line.post(f"/s/{ticket}", {"csrf_token": word, "once": ticket}) != 303:
            raise RuntimeError("a confirmation was refused")
        self.lines.put((line, word))

    def press(self, seconds: float) -> float:
        """Signatures per second, for so many seconds."""
        before, started = len(self.acknowledged), time.perf_counter()

        def act() -> None:
            while time.perf_counter() < started + seconds:
                self.sign(self.someone())

        together(act)
        return (len(self.acknowledged) - before) / (time.perf_counter() - started)

    def each(self, act: Callable[[str], None], given: Iterable[str]) -> None:
        """Do this for each of these, on all lines."""
        waiting: SimpleQueue[str] = SimpleQueue()
        for one in given:
            waiting.put(one)

        def work() -> None:
            while not waiting.empty():
                try:
                    act(waiting.get_nowait())
                except Empty:
                    return

        together(work)
