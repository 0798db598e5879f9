"""The portal and the bare application, each under the server of `portal serve`, on ports of their own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from portal import settings

PORTAL = Path(__file__).parent.parent / "bin" / "portal"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    target: str,
    environment: dict[str, str],
    log: Path,
    workers: int = settings.WORKERS,
    threads: int = settings.THREADS,
) -> Iterator[str]:
    """Gunicorn with the portal's own number of workers and threads; gives the address, ends it afterwards."""
    command = [sys.executable, "-m", "gunicorn", target, "-b", "127.0.0.1:{port}", "-k", "gthread"]
    command += ["--preload", "-w", str(workers), "--threads", str(threads), "--log-level", "warning"]
    with _started([*command, "--no-control-socket"], environment, log, workers) as address:
        yield address


@contextmanager
def serving(environment: dict[str, str], log: Path, *, worker: bool = False) -> Iterator[str]:
    """`portal serve` itself, with or without a worker beside it."""
    command = [str(PORTAL), "serve", "--host", "127.0.0.1", "--port", "{port}"]
    command += [] if worker else ["--no-worker"]
    with _started(command, environment, log) as address:
        yield address


@contextmanager
def _started(command: list[str], environment: dict[str, str], log: Path, workers: int = 0) -> Iterator[str]:
    """Once the port is open and so many workers are there: else the first one takes every line for itself."""
    port = free_port()
    here = [part.format(port=port) for part in command]
    with log.open("w") as out:
        server = subprocess.Popen(here, env=os.environ | environment, stdout=out, stderr=out)
        try:
            _wait(port, server, log, workers)
            yield f"http://127.0.0.1:{port}"
        finally:
            _stop(server)


def _stop(server: "subprocess.Popen[bytes]") -> None:
    """End it; on a busy machine, with a line still open, it may not end by itself."""
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(30)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _wait(port: int, server: "subprocess.Popen[bytes]", log: Path, workers: int) -> None:
    for _ in range(200):
        if server.poll() is not None:
            raise RuntimeError(f"the server ended:\n{log.read_text()}")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                if len(psutil.Process(server.pid).children()) >= workers:
                    return
        except OSError:
            pass  # not yet
        time.sleep(0.1)
    raise RuntimeError("the server did not open its port, or lacks workers")


def fetch(url: str, *, packed: bool = False) -> bytes:
    """The body of a page as it travels; `packed`: what a browser gets that takes gzip."""
    headers = {"Accept-Language": "nl"} | ({"Accept-Encoding": "gzip"} if packed else {})
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 (our own server)
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        body: bytes = answer.read()
        return body
