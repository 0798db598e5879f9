"""The server of `portal serve`: gunicorn, and beside it a process that keeps the background worker alive."""

import errno
import gc
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from portal import create_app, settings
from portal.kernel import logs
from portal.kernel.process import begin

WORKER = [sys.executable, "-m", "portal", "work", "--with-parent"]
OTHER_PORT = "Choose another one: PORTAL_PORT=8001 make run"
LONGEST_PAUSE = 60
STOP_WITHIN = 20
"""Seconds that the background worker gets to finish the job in its hands."""


class CannotServe(click.ClickException):
    """What keeps the server from starting, in one sentence; exit code 1."""

    def show(self, file: Any = None) -> None:
        click.echo(self.message, err=True)


def check_port(host: str, port: int) -> None:
    """Refuse a port that is taken, forbidden or not a port, before anything is started."""
    if not 0 < port < 65536:
        raise CannotServe(f"{port} is not a port: choose a number from 1 to 65535. {OTHER_PORT}")
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise CannotServe(_why_not(error, host, port)) from error


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use already: something else, or this portal, listens there. {OTHER_PORT}"
    if error.errno == errno.EACCES:
        return f"Port {port} may only be used by the administrator of this machine. {OTHER_PORT}"
    return f"The address {host}:{port} cannot be used here ({error.strerror or error})."


def check_folder(folder: Path) -> None:
    """Refuse a data folder that cannot be made or written in."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CannotServe(
            f"The data folder {folder} cannot be written in ({reason}). "
            "Change its rights, or choose another one: PORTAL_DATA_DIR=/a/folder make run"
        ) from error


class Log(Logger):
    """Gunicorn's own lines in the form of ours, without addresses and paths."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(logs.formatter(os.environ.get("PORTAL_LOG") or settings.LOG))


class Server(BaseApplication):
    """Gunicorn with our settings and nothing from its own files or command line."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The portal, made once: what the workers only read of it, they share."""
        self.app = create_app()
        gc.collect()
        gc.freeze()
        return self.app


def serve(
    host: str,
    port: int,
    threads: int,
    workers: int,
    with_worker: bool,
    ready: Callable[[], None] | None = None,
) -> None:
    """Serve until Ctrl-C or SIGTERM; `ready` is called as soon as the port is open."""
    check_port(host, port)
    check_folder(Path(os.environ.get("PORTAL_DATA_DIR") or "var"))
    server = Server(
        {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": workers,
            "worker_class": "gthread",
            "threads": threads,
            "loglevel": "warning",
            "logger_class": Log,
            "graceful_timeout": 10,
            "preload_app": True,
            "post_fork": lambda arbiter, _worker: begin(arbiter.app.app),
            "control_socket_disable": True,
            "when_ready": lambda _arbiter: _opened(ready),
        }
    )
    main, keeper = os.getpid(), start_keeper() if with_worker else None
    try:
        server.run()
    finally:
        if keeper and os.getpid() == main:  # gunicorn's own workers leave by this door as well
            _stop(keeper)


def _opened(ready: Callable[[], None] | None) -> None:
    if sys.stdin and sys.stdin.isatty():
        # Closing the terminal sends SIGHUP, on which gunicorn would reload and keep the port for ever.
        signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    if ready:
        ready()


def start_keeper() -> int:
    """Start the process that keeps the background worker alive; return its number.

    A process of its own, because gunicorn's main process waits for every child and would take the worker's
    end from under our hands. It stops when it is told to and when the server is gone, even by `kill -9`.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            Keeper(parent).run()
        finally:
            os._exit(0)
    return pid


def _stop(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
    except (ProcessLookupError, ChildProcessError):
        return  # it had ended, and gunicorn has taken note of that


class Keeper:
    """Starts the worker again when it ends, after 1, 2, 4 … 60 seconds."""

    def __init__(self, parent: int, command: list[str] | None = None) -> None:
        self.parent, self.command = parent, command or WORKER
        self.stopping = False

    def run(self) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the server, and the server tells us
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, self._told_to_stop)
        pause = 1
        while self._wanted():
            started = time.monotonic()
            worker = subprocess.Popen(self.command, start_new_session=True)  # noqa: S603 (our own command)
            while self._wanted() and worker.poll() is None:
                time.sleep(0.2)
            if not self._wanted():
                _end(worker)
                return
            pause = 1 if time.monotonic() - started > LONGEST_PAUSE else pause
            reason = _reason(worker.returncode)
            click.echo(f"The background worker stopped ({reason}). It starts again in {pause} s.", err=True)
            self._rest(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _told_to_stop(self, *_: Any) -> None:
        self.stopping = True

    def _wanted(self) -> bool:
        return not self.stopping and os.getppid() == self.parent

    def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while self._wanted() and time.monotonic() < until:
            time.sleep(0.2)


def _reason(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _end(worker: "subprocess.Popen[bytes]") -> None:
    worker.terminate()
    try:
        worker.wait(STOP_WITHIN)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
