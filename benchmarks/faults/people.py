"""People who sign and report while things break, and send the same form again until it is taken."""

import http.client
import io
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from itertools import count
from typing import NamedTuple
from urllib.parse import urlencode

from PIL import Image

from benchmarks.http import Line, Seen

FIELD = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.S)
SIGNERS = 3
PAUSE = 0.4
"""Seconds between two acts of one person, and before the same form is sent again."""
PATIENCE = 90
NO_ANSWER = "no answer"
PLAIN = "application/x-www-form-urlencoded"
EDGE = "----edge"


class Taken(NamedTuple):
    """What somebody was told is kept: from when they first sent it, to when they were told."""

    who: str
    sent: float
    told: float


def a_photo(number: int) -> bytes:
    """A picture that no other one is equal to."""
    noise = random.Random(number).randbytes(80 * 60 * 3)  # noqa: S311 (a picture of nothing)
    file = io.BytesIO()
    Image.frombytes("RGB", (80, 60), noise).resize((640, 480)).save(file, "JPEG")
    return file.getvalue()


def in_parts(facts: dict[str, str], photo: bytes) -> tuple[bytes, str]:
    """A form with a file."""
    name = 'Content-Disposition: form-data; name="{}"'
    parts = [f"{name.format(key)}\r\n\r\n{value}\r\n".encode() for key, value in facts.items()]
    head = f'{name.format("photo")}; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    parts.append(head.encode() + photo + b"\r\n")
    edge = f"--{EDGE}".encode()
    body = b"".join(edge + b"\r\n" + part for part in parts) + edge + b"--\r\n"
    return body, f"multipart/form-data; boundary={EDGE}"


class People:
    """`signed` and `reported` hold what was acknowledged; `saw` what else they were shown, and how often."""

    def __init__(
        self,
        addresses: list[str],
        ref: str,
        reporters: int = 1,
        signers: int = SIGNERS,
        line: Callable[[str, int], Line] = lambda address, _number: Line(address),
    ) -> None:
        """`line`: how the person with this number gets to an address."""
        self.addresses, self.path, self.line = addresses, f"/d/{ref}", line
        self.numbers = count(1)
        self.signed: list[Taken] = []
        self.reported: list[Taken] = []
        self.saw: Counter[tuple[int, str]] = Counter()
        self.wrong: list[Exception] = []
        self.over = threading.Event()
        acts = [self._sign] * signers + [self._report] * reporters
        self.threads = [threading.Thread(target=self._go_on, args=(act,)) for act in acts]
        for thread in self.threads:
            thread.start()

    def _go_on(self, act: Callable[[int], None]) -> None:
        try:
            while not self.over.is_set():
                act(next(self.numbers))
                time.sleep(PAUSE)
        except Exception as error:  # raised in stop(), in the thread that asked
            self.wrong.append(error)

    def _sign(self, number: int) -> None:
        email = f"signer{number}@fault.example"
        facts = {"once": email, "name": "A neighbour", "email": email}

        def send(line: Line, word: str) -> Seen:
            body = urlencode(facts | {"csrf_token": word}).encode()
            return line.see("POST", f"{self.path}/signatures", body, PLAIN)

        self._until_taken(email, number, self.path, send, self.signed)

    def _report(self, number: int) -> None:
        email, photo = f"reporter{number}@fault.example", a_photo(number)
        facts = {
            "title": f"Report {number}",
            "body": "It is broken.",
            "place": "by the lift",
            "kind": "issue",
        }
        facts |= {"neighbourhood": "K", "name": "A neighbour", "email": email, "once": email}

        def send(line: Line, word: str) -> Seen:
            return line.see("POST", "/report/at-once", *in_parts(facts | {"csrf_token": word}, photo))

        self._until_taken(email, number, "/report/offline", send, self.reported)

    def _until_taken(
        self, who: str, number: int, page: str, send: Callable[[Line, str], Seen], taken: list[Taken]
    ) -> None:
        """Open the page and send its form; the same form again until it is taken."""
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE:
            sent, address = time.monotonic(), self.addresses[number % len(self.addresses)]
            with self.line(address, number) as line:
                seen = self._seen(lambda line=line: line.see("GET", page))
                line.connection.close()  # to fill it in takes longer than a server keeps a line
                word = FIELD.search(seen.text) if seen else None
                answer = self._seen(lambda line=line, word=word: send(line, word[1])) if word else None
            if answer is not None and answer.status == 303:
                taken.append(Taken(who, sent, time.monotonic()))
                return
            time.sleep(PAUSE)
        raise TimeoutError(f"{who} gave up: {self.saw}")

    def _seen(self, look: Callable[[], Seen]) -> Seen | None:
        """What was answered; a refusal is noted with its sentence."""
        try:
            seen = look()
        except (OSError, http.client.HTTPException):
            self.saw[0, NO_ANSWER] += 1
            return None
        if seen.status >= 400:
            heading = HEADING.search(seen.text)
            self.saw[seen.status, " ".join(heading[1].split()) if heading else seen.text[:80]] += 1
        return seen

    def well_after(self, moment: float, *, reports: bool = True) -> float:
        """Seconds from this moment until a signature and a report that were sent after it are taken."""
        while True:
            if self.wrong:
                raise self.wrong[0]
            lists = [self.signed, self.reported] if reports else [self.signed]
            first = [next((one.told for one in list(made) if one.sent >= moment), None) for made in lists]
            if None not in first:
                return max(told for told in first if told is not None) - moment
            if time.monotonic() - moment > PATIENCE:
                raise TimeoutError(f"not well after {PATIENCE} s: {self.saw}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Everybody goes home when what is in their hands was taken."""
        self.over.set()
        for thread in self.threads:
            thread.join()
        if self.wrong:
            raise self.wrong[0]
