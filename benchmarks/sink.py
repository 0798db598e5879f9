"""A mail server that takes everything and keeps only who got what: `python -m benchmarks.sink PORT FILE`.

Written by hand, so that it costs little of the machine that it measures: a line of FILE for each mail, which
is written before the mail is acknowledged.
"""

import re
import socketserver
import sys
from pathlib import Path
from typing import ClassVar, TextIO

NUMBER = re.compile(rb"^Message-ID: <([^>]+)>", re.MULTILINE | re.IGNORECASE)


class Taker(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    kept: ClassVar[TextIO]

    def handle(self) -> None:
        self._say("220 sink")
        to = ""
        for line in iter(self._heard, b""):
            word = line[:4].upper()
            if word == b"DATA":
                self._say("354 go on")
                self._take(to)
            elif word == b"QUIT":
                self._say("221 bye")
                return
            elif word == b"RCPT":
                to = line.decode().partition("<")[2].partition(">")[0]
                self._say("250 ok")
            else:
                self._say("250 ok")

    def _heard(self) -> bytes:
        """The next line; none when the worker at the other end was killed."""
        try:
            return self.rfile.readline()
        except ConnectionResetError:
            return b""

    def _take(self, to: str) -> None:
        mail = b"".join(iter(self.rfile.readline, b".\r\n"))
        found = NUMBER.search(mail)
        self.kept.write(f"{to} {found[1].decode() if found else ''}\n")
        self.kept.flush()
        self._say("250 taken")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class Sink(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


def main() -> None:
    port, file = int(sys.argv[1]), Path(sys.argv[2])
    with file.open("a") as kept, Sink(("127.0.0.1", port), Taker) as server:
        Taker.kept = kept
        server.serve_forever()


if __name__ == "__main__":
    main()
