"""A mail server of our own that can be ill: it takes mails, or refuses, hangs, or says "later"."""

import asyncio
from collections import Counter
from enum import StrEnum
from typing import Any

from aiosmtpd.controller import Controller

from tests.processes import free_port


class Mood(StrEnum):
    WELL = "well"
    HANGS = "hangs"
    LATER = "later"


class Sink:
    """Everything that it took, by the address it was for."""

    def __init__(self) -> None:
        self.mood, self.port = Mood.WELL, free_port()
        self.taken: list[tuple[str, str]] = []
        self.asked = 0
        self.controller: Any = None
        self.open()

    def open(self) -> None:
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def close(self) -> None:
        """From now on nobody listens."""
        self.controller.stop()

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        self.asked += 1
        if self.mood == Mood.LATER:
            return "451 4.3.0 Try again later"
        if self.mood == Mood.HANGS:
            await asyncio.sleep(3600)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        head = envelope.content.partition(b"\r\n\r\n")[0].decode()
        number = next(line for line in head.splitlines() if line.lower().startswith("message-id:"))
        self.taken += [(address, number) for address in envelope.rcpt_tos]
        return "250 OK"

    def recipients(self) -> Counter[str]:
        return Counter(address for address, _ in self.taken)
