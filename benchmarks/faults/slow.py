"""A slow way to a portal: what goes through it takes its time, and some of it never arrives."""

import socket
import threading
import time
from contextlib import suppress
from urllib.parse import urlsplit

RATE, DELAY, PIECE = 8_000, 0.3, 1_000
"""Bytes a second each way, and seconds before the first of them: a telephone at the edge of its net."""
CUT = 3
"""Of each so manieth form the answer does not arrive: its line breaks off when it comes back."""


class SlowWay:
    """Listens at `url` for who goes to an address of this machine; `cut` of its `forms` were not answered."""

    def __init__(self, address: str) -> None:
        self.to = int(urlsplit(address).port or 80)
        self.door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        self.forms, self.cut, self.lock = 0, 0, threading.Lock()
        threading.Thread(target=self._open, daemon=True).start()

    def _open(self) -> None:
        with suppress(OSError):  # the door is shut
            while True:
                near, _ = self.door.accept()
                far = socket.create_connection(("127.0.0.1", self.to))
                breaks = threading.Event()
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass, args=(one, other, breaks), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket, breaks: threading.Event) -> None:
        time.sleep(DELAY)
        with suppress(OSError):  # either end went away
            while piece := one.recv(PIECE):
                time.sleep(len(piece) / RATE)
                if piece.startswith(b"POST "):
                    self._form(breaks)
                if breaks.is_set() and piece.startswith(b"HTTP/"):
                    break
                other.sendall(piece)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _form(self, breaks: threading.Event) -> None:
        with self.lock:
            self.forms += 1
            if self.forms % CUT == 0:
                self.cut += 1
                breaks.set()

    def close(self) -> None:
        """Nobody new gets in; who is on the way arrives."""
        self.door.close()
