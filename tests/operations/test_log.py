"""What the log and the error reports hold: ids by which lines belong together, and nothing personal."""

import gzip
import io
import json
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import brotli
import pytest
from flask import Flask

from portal.kernel import jobs, logs, reports
from tests.factories import an_issue

EMAIL = "reader@homes.example"


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_of_each_request_and_of_the_job_it_caused(app: Flask, written: io.StringIO) -> None:
    typed = {"email": EMAIL, "next": f"/?who={EMAIL}"}
    asked = app.test_client().post("/sign-in", data=typed).headers["X-Request-Id"]
    jobs.work()
    app.test_client().get(f"/sign-in/a-ticket-that-opens?who={EMAIL}", headers={"User-Agent": "a phone"})
    found = lines(written)
    request = next(line for line in found if line.get("endpoint") == "accounts.sign_in")
    assert request["request_id"] == asked != ""
    assert (request["method"], request["route"], request["said"]) == ("POST", "/sign-in", "answered")
    job = next(line for line in found if line.get("task") == "notices.sign_in")
    assert job["request_id"] == asked
    assert found[-1]["request_id"] != asked
    whole = written.getvalue()
    assert not [word for word in (EMAIL, "a-ticket", "?", "127.0.0.1", "a phone") if word in whole]


def test_only_the_id_of_a_proxy_of_ours_is_taken(app: Flask) -> None:
    def answered(given: str) -> str:
        answer = app.test_client().get("/healthz", headers={"X-Request-Id": given})
        return answer.headers["X-Request-Id"]

    assert answered("0123456789abcdef") != "0123456789abcdef"
    app.config["PROXIES"] = 1
    assert answered("0123456789abcdef") == "0123456789abcdef"
    for strange in ("short", "x" * 65, 'with "quotes"', "reader@homes.example"):
        assert answered(strange) != strange


def broken(*_: Any, **__: Any) -> Any:
    secret = EMAIL  # noqa: F841 (what is at hand where it fails)
    raise ValueError(f"{EMAIL} is not known")


def test_an_error_says_its_kind_and_place_and_not_its_words(
    app: Flask, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue = an_issue()
    monkeypatch.setitem(jobs.TASKS, "notices.sign_in", broken)
    monkeypatch.setitem(app.view_functions, "dossiers.show", broken)
    app.config |= {"TESTING": False, "PROPAGATE_EXCEPTIONS": False}
    answer = app.test_client().get(f"/d/{issue.ref}?who={EMAIL}")
    assert answer.status_code == 500
    jobs.later("notices.sign_in")
    jobs.db.session.commit()
    jobs.work()
    failed = [line for line in lines(written) if "error" in line]
    assert [line["error"] for line in failed] == ["ValueError", "ValueError"]
    assert failed[0]["request_id"] == answer.headers["X-Request-Id"]
    assert all("test_log.py" in line["where"][-1] and line["where"][-1].endswith("broken") for line in failed)
    assert EMAIL not in written.getvalue()
    assert issue.ref not in written.getvalue()


@pytest.mark.parametrize("kind", ["words", logs.JSON])
def test_the_servers_own_lines_tell_no_path_and_no_address(kind: str) -> None:
    def line(words: str, *given: str) -> str:
        raised: Any = None
        try:
            broken()
        except ValueError as error:
            raised = (type(error), error, error.__traceback__) if given else None
        record = logging.LogRecord("gunicorn.error", logging.WARNING, "", 1, words, given, raised)
        return logs.formatter(kind).format(record)

    said = line("Error handling request %s %s", "GET", f"/sign-in/a-ticket?who={EMAIL}")
    assert "Error handling request" in said
    assert "ValueError" in said
    assert " broken" in said
    assert "a-ticket" not in said
    assert EMAIL not in said
    refused = line("Invalid request from ip=192.0.2.7: it is too long")
    assert "192.0.2.7" not in refused
    assert "it is too long" in refused


class Sink(BaseHTTPRequestHandler):
    """In the place of Sentry."""

    taken: list[str]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        unpack = {"br": brotli.decompress, "gzip": gzip.decompress}[self.headers["Content-Encoding"]]
        self.taken.append(unpack(body).decode())
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """The test says what came."""


@pytest.fixture
def reported(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, list[str]]]:
    """The address at which errors are taken in, and what came."""
    Sink.taken = []
    server = HTTPServer(("127.0.0.1", 0), Sink)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://key@127.0.0.1:{server.server_port}/1", Sink.taken
    for library in reports._reporters:
        library.get_client().close()
    reports._reporters.clear()
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_error_is_reported_with_nothing_personal(app: Flask, reported: tuple[str, list[str]]) -> None:
    address, came = reported
    app.config["ERROR_REPORTS"] = address
    reports.configure(app)
    with logs.about("the-id-of-the-request"):
        try:
            broken(email=EMAIL)
        except ValueError as error:
            reports.report(error)
    reports._reporters[0].flush(timeout=10)
    event = json.loads(came[0].splitlines()[-1])
    assert event["exception"]["values"][0]["type"] == "ValueError"
    assert event["exception"]["values"][0]["stacktrace"]["frames"][-1]["function"] == "broken"
    assert event["tags"] == {"request_id": "the-id-of-the-request"}
    assert EMAIL not in came[0]
    assert not {"request", "user", "breadcrumbs", "modules", "server_name", "extra"} & set(event)


def test_a_missing_library_is_said(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "find_spec", lambda _name: None)
    app.config["ERROR_REPORTS"] = "http://key@127.0.0.1:1/1"
    with pytest.raises(reports.NotInstalled, match="sentry-sdk"):
        reports.configure(app)
