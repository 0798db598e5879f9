"""A slow way to a portal: what goes through it takes its time, and some of it never arrives."""

import socket
import threading
import time
from contextlib import suppress
from itertools import count
from urllib.parse import urlsplit

RATE, DELAY, PIECE = 8_000, 0.3, 1_000
"""Bytes a second each way, and seconds before the first of them: a telephone at the edge of its net."""
CUT = 3
"""Each so manieth line breaks off when the answer to its second question, the form, comes back."""


class SlowWay:
    """Listens at `url` for who goes to an address of this machine; `cut` lines broke off."""

    def __init__(self, address: str) -> None:
        self.to = int(urlsplit(address).port or 80)
        self.door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        self.cut = 0
        threading.Thread(target=self._open, daemon=True).start()

    def _open(self) -> None:
        with suppress(OSError):  # the door is shut
            for number in count(1):
                near, _ = self.door.accept()
                far = socket.create_connection(("127.0.0.1", self.to))
                line = _Line(near, far, breaks=number % CUT == 0)
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass, args=(line, one, other), daemon=True).start()

    def _pass(self, line: "_Line", one: socket.socket, other: socket.socket) -> None:
        time.sleep(DELAY)
        with suppress(OSError):  # either end went away
            while piece := one.recv(PIECE):
                time.sleep(len(piece) / RATE)
                if line.ends_with(one):
                    self.cut += 1
                    break
                other.sendall(piece)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Nobody new gets in; who is on the way arrives."""
        self.door.close()


class _Line:
    def __init__(self, near: socket.socket, far: socket.socket, *, breaks: bool) -> None:
        self.near, self.far, self.breaks = near, far, breaks
        self.asked, self.last = 0, far

    def ends_with(self, one: socket.socket) -> bool:
        """Whether what this end says now is the answer that does not arrive."""
        if one is self.near and self.last is self.far:
            self.asked += 1
        self.last = one
        return self.breaks and one is self.far and self.asked > 1
