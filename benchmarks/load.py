"""A small load: some connections that ask for one page over and over, and how many answers came."""

import socket
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass
class Result:
    requests: int
    seconds: float
    bytes: int
    failures: int

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds


def _read(stream: socket.socket, buffer: bytes) -> tuple[bool, int, bytes]:
    """One answer: whether it was a page or word that it is known, its bytes, and what was read beyond it."""
    while b"\r\n\r\n" not in buffer:
        chunk = stream.recv(65536)
        if not chunk:
            raise ConnectionError("closed")
        buffer += chunk
    head, _, rest = buffer.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next((int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length")), 0)
    while len(rest) < length:
        rest += stream.recv(65536)
    return lines[0].split()[1] in {b"200", b"304"}, len(head) + 4 + length, rest[length:]


def _one(url: str, until: float, out: list[Result], more: tuple[str, ...]) -> None:
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = [f"GET {path} HTTP/1.1", f"Host: {parts.netloc}", "Accept-Language: nl", *more]
    ask = ("\r\n".join(lines) + "\r\n\r\n").encode()
    done = size = failed = 0
    started = time.perf_counter()
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=30) as stream:
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        rest = b""
        while time.perf_counter() < until:
            stream.sendall(ask)
            well, length, rest = _read(stream, rest)
            done, size, failed = done + 1, size + length, failed + (not well)
    out.append(Result(done, time.perf_counter() - started, size, failed))


def press(url: str, *, seconds: float, connections: int = 4, headers: tuple[str, ...] = ()) -> Result:
    """Ask for `url` on so many connections at once for so many seconds. Loopback only."""
    if urlsplit(url).hostname != "127.0.0.1":
        raise ValueError("a load goes to this machine only")
    out: list[Result] = []
    until = time.perf_counter() + seconds
    threads = [threading.Thread(target=_one, args=(url, until, out, headers)) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(out) != connections:
        raise ConnectionError(f"{connections - len(out)} of {connections} connections broke off at {url}")
    return Result(
        sum(r.requests for r in out),
        max(r.seconds for r in out),
        sum(r.bytes for r in out),
        sum(r.failures for r in out),
    )
