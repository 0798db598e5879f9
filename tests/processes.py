"""The portal as processes of their own, as `make run` starts them."""

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

import psutil

TOP = Path(__file__).parent.parent
PATIENCE = 120
"""Seconds after which something that does not happen is a failure, and not a slow machine."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data: Path, port: int, **settings: str) -> dict[str, str]:
    """What a process of the portal finds around it; `settings` without their PORTAL_."""
    found = os.pathsep.join(filter(None, [str(TOP), os.environ.get("PYTHONPATH")]))
    own = {"PORTAL_DATA_DIR": str(data), "PORTAL_PORT": str(port), "PYTHONPATH": found}
    own |= {"PORTAL_FORGET_AFTER_DAYS": "36500"}  # the demo is years old, and is to stay whole meanwhile
    own |= {"PORTAL_METRICS_DIR": str(data / "metrics")}
    own |= {f"PORTAL_{name}": value for name, value in settings.items()}
    others = ("PORTAL_", "COVERAGE_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    return kept | own


def portal(*words: str, data: Path, port: int = 0, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run one command of the command line to its end."""
    command = [sys.executable, str(TOP / "bin" / "start.py"), *words]
    own = environment(data, port or free_port(), **settings)
    return subprocess.run(command, env=own, capture_output=True, text=True, check=False)


def until(happened: Callable[[], object], what: str) -> None:
    """Wait for it."""
    end = monotonic() + PATIENCE
    while not happened():
        assert monotonic() < end, f"it did not happen: {what}"
        sleep(0.05)


class Running:
    """A portal that runs until it is stopped; in a session of its own, as in a terminal."""

    def __init__(self, *words: str, data: Path, port: int = 0, **settings: str) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.lines: list[str] = []
        self.queue: queue.Queue[str | None] = queue.Queue()
        self.process = subprocess.Popen(
            [sys.executable, str(TOP / "bin" / "start.py"), *words],
            env=environment(data, self.port, **settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout as said:
            for line in said:
                self.lines.append(line)

    @property
    def said(self) -> str:
        return "".join(self.lines)

    def answers(self) -> bool:
        """Whether the first page comes."""
        try:
            with urllib.request.urlopen(self.url + "/", timeout=10) as answer:  # noqa: S310 (our own address)
                return bool(answer.status == 200)
        except OSError:
            return False

    def asked(self, path: str) -> tuple[int, str]:
        """Status and words of an answer."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:  # noqa: S310 (our own address)
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()

    def wait_until_it_answers(self) -> None:
        until(lambda: self.answers() or self.process.poll() is not None, "the first page")
        assert self.process.poll() is None, self.said

    def family(self) -> list[psutil.Process]:
        """The process and all that it started, and those started in turn."""
        main = psutil.Process(self.process.pid)
        return [main, *main.children(recursive=True)]

    def worker(self) -> psutil.Process | None:
        """The background worker's process, if there is one at this moment."""
        found = [p for p in self.family() if {"portal", "work"} <= set(command_line(p))]
        return found[0] if found else None

    def interrupt(self) -> int:
        """Ctrl-C: every process of the terminal gets it. Returns the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self._ended()

    def terminate(self) -> int:
        self.process.terminate()
        return self._ended()

    def kill(self) -> int:
        """`kill -9` of the main process."""
        self.process.kill()
        return self._ended()

    def _ended(self) -> int:
        code = self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        return code

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.terminate()


def command_line(process: psutil.Process) -> list[str]:
    """Its words; none when it has just ended."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def gone(processes: list[psutil.Process]) -> bool:
    """Whether none of these is there any more (one that is only waiting to be counted is not)."""
    return not psutil.wait_procs(processes, timeout=0)[1] or all(_ended(p) for p in processes)


def _ended(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
