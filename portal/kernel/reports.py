"""Errors reported to Sentry, or to what speaks its language, by setting; and nothing personal with them.

The library is an extra (`portal[errors]`), imported when the setting names a place.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from flask import Flask

from portal.kernel.logs import cause

LIBRARY = "sentry_sdk"
KEPT = ("event_id", "timestamp", "platform", "level", "release", "environment", "sdk", "exception")
FRAME = ("filename", "abs_path", "function", "module", "lineno", "in_app")


_reporters: list[Any] = []


class NotInstalled(Exception):
    """In words: the setting asks for a library that is not here."""


def configure(app: Flask) -> None:
    """For a process of the portal: its errors go to the address of the setting, without one nowhere."""
    address = app.config["ERROR_REPORTS"]
    if not address:
        return
    if find_spec(LIBRARY) is None:
        raise NotInstalled("PORTAL_ERROR_REPORTS is set and sentry-sdk is not there: pip install sentry-sdk")
    _reporters[:] = [import_module(LIBRARY)]
    _reporters[0].init(
        dsn=address,
        include_local_variables=False,
        include_source_context=False,
        max_breadcrumbs=0,
        max_request_body_size="never",
        auto_session_tracking=False,
        server_name="portal",
        before_send=_bare,
        default_integrations=False,
        auto_enabling_integrations=False,
    )


def report(error: BaseException) -> None:
    """Called where an error ends: a request that failed, a job that will be tried again."""
    for reporter in _reporters:
        reporter.capture_exception(error)


def _bare(event: dict[str, Any], _hint: dict[str, Any]) -> dict[str, Any]:
    """Of an error its kind and where it happened; not what it says, which can be what somebody typed."""
    bare = {name: event[name] for name in KEPT if name in event}
    for one in bare.get("exception", {}).get("values", []):
        one["value"] = ""
        for frame in (one.get("stacktrace") or {}).get("frames", []):
            for name in set(frame) - set(FRAME):
                del frame[name]
    return bare | {"tags": {"request_id": cause() or ""}}
