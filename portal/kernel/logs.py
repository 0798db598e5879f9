"""The log: lines of words or of JSON, each with the id of the request that it comes from, nothing personal.

What an error says is left out, for that can be what somebody typed: its kind and its place stand there.
"""

import json
import logging
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from logging.handlers import SysLogHandler
from pathlib import Path
from types import TracebackType
from typing import Any
from uuid import uuid4

from flask import Flask

JSON = "json"
SECURITY = "portal.security"
"""The logger of what matters to who watches over the portal: always heard."""
SYSTEMS = Path("/dev/log")
"""Where a machine takes lines for its own log, beside those of the services that it started."""
NAME = "rotonde: "
FACTS = "facts"
"""In `extra` of a line: what a program reads from it."""
SERVER = re.compile(r"gunicorn\.error|werkzeug")
ADDRESSES = re.compile(r"\bip=\S+")
_cause: ContextVar[str | None] = ContextVar("cause", default=None)
Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def cause() -> str | None:
    """The id of the request under way, or of that from which the job under way comes."""
    return _cause.get()


def new_cause() -> str:
    return uuid4().hex


def begin(known: str | None) -> None:
    """From here on lines, and jobs that are queued, belong to this request."""
    _cause.set(known)


@contextmanager
def about(known: str | None) -> Iterator[None]:
    """What is done inside belongs to this request."""
    token = _cause.set(known or new_cause())
    try:
        yield
    finally:
        _cause.reset(token)


def where(raised: Raised) -> list[str]:
    """Where an error happened, the outermost first: file, line and function; not what was in them."""
    frames = traceback.extract_tb(raised[2])
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


def _said(record: logging.LogRecord) -> str:
    """The words of a line. The server's own would hold what was asked for, and by whom."""
    if SERVER.fullmatch(record.name) and record.exc_info:
        return str(record.msg).partition(" %s")[0]
    return ADDRESSES.sub("ip=-", record.getMessage())


class Words(logging.Formatter):
    """A line as people read it."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        known = f" {cause()}" if cause() else ""
        line = f"{at:%Y-%m-%d %H:%M:%S}Z {record.levelname}{known} {record.name}: {_said(record)}"
        if record.exc_info and record.exc_info[0]:
            line += f" ({record.exc_info[0].__name__})"
            line += "".join(f"\n    {place}" for place in where(record.exc_info))
        return line


class Lines(logging.Formatter):
    """A line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"at": at, "level": record.levelname.lower(), "logger": record.name}
        line["said"] = _said(record)
        if cause():
            line["request_id"] = cause()
        line |= getattr(record, FACTS, {})
        if record.exc_info and record.exc_info[0]:
            line |= {"error": record.exc_info[0].__name__, "where": where(record.exc_info)}
        return json.dumps(line, ensure_ascii=False)


def formatter(kind: str) -> logging.Formatter:
    return Lines() if kind == JSON else Words()


def configure(app: Flask) -> None:
    """For a process of the portal: everything to standard error; as JSON each request and job has a line."""
    handler = logging.StreamHandler()
    handler.setFormatter(formatter(app.config["LOG"]))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("portal").setLevel(logging.INFO if app.config["LOG"] == JSON else logging.WARNING)
    logging.getLogger(SECURITY).setLevel(logging.INFO)


@contextmanager
def of_the_shell(app: Flask) -> Iterator[None]:
    """For a command that somebody types: what matters for security goes to the log of the machine.

    Where there is none it goes to standard error.
    """
    handler = _systems() or logging.StreamHandler()
    handler.setFormatter(formatter(app.config["LOG"]))
    heard = logging.getLogger(SECURITY)
    before = heard.level
    heard.addHandler(handler)
    heard.setLevel(logging.INFO)
    try:
        yield
    finally:
        heard.removeHandler(handler)
        heard.setLevel(before)
        handler.close()


def _systems() -> logging.Handler | None:
    if not SYSTEMS.is_socket():
        return None
    handler = SysLogHandler(str(SYSTEMS), SysLogHandler.LOG_AUTHPRIV)
    handler.ident = NAME
    return handler
