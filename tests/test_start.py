"""`make run` in processes of its own: one sentence when it cannot be, and nothing lost when it is stopped."""

import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import psutil
import pytest

from tests import databases
from tests.demo.telling import told_on
from tests.processes import Running, environment, free_port, gone, portal, until

ROLES = 5
KEEP = """
import os, sys
from portal.command_line.serving import Keeper
Keeper(os.getppid(), [sys.executable, "-c", "raise SystemExit(3)"]).run()
"""


def count(data: Path, table: str = "dossiers") -> int:
    """How many rows there are; 0 while there is no such table yet."""
    file = data / "portal.db"
    if not file.exists():
        return 0
    rows = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        return int(rows.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 (our own word)
    except sqlite3.OperationalError:
        return 0
    finally:
        rows.close()


@pytest.fixture(scope="module")
def first() -> Path:
    """The data of a first start that was killed in the midst of making the demo, and of the one after it."""
    data = databases.folder() / "first" / "var"
    with databases.once("first") as nobody_did:
        if nobody_did:
            _start_twice(data)
    return data


def _start_twice(data: Path) -> None:
    with Running("start", data=data) as interrupted:
        until(lambda: count(data) >= 3 or interrupted.process.poll() is not None, "the demo's third dossier")
        everybody = interrupted.family()
        interrupted.kill()
        until(lambda: gone(everybody), "nothing is left of it")
    with Running("start", data=data) as again:
        again.wait_until_it_answers()
        assert again.interrupt() == 0
        assert "Traceback" not in again.said


@pytest.fixture
def data(first: Path, tmp_path: Path) -> Path:
    """A copy of its own of the data that a first start made."""
    return Path(shutil.copytree(first, tmp_path / "var"))


@pytest.fixture(scope="module")
def running(first: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A portal that runs, for tests that leave it running."""
    data = shutil.copytree(first, tmp_path_factory.mktemp("running") / "var")
    with Running("start", data=Path(data)) as started:
        started.wait_until_it_answers()
        yield started


@pytest.mark.parametrize("words", [("start",), ("serve",)])
def test_a_busy_port_is_one_sentence(words: tuple[str, ...], tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = portal(*words, data=tmp_path / "var", port=port)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {port} is in use already")
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "var").exists(), "nothing is made before the port is sure"


def test_a_port_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    done = portal("start", data=tmp_path / "var", port=70000)
    assert done.returncode == 1
    assert done.stderr.startswith("70000 is not a port")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("words", [("start",), ("serve",)])
def test_a_folder_that_cannot_be_written_in_is_one_sentence(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the place of a folder")
    done = portal(*words, data=tmp_path / "file" / "var")
    assert done.returncode == 1
    assert done.stderr.startswith(f"The data folder {tmp_path / 'file' / 'var'} cannot be written in")
    assert len(done.stderr.splitlines()) == 1


def test_an_interrupted_first_run_goes_on_to_the_same_demo(first: Path) -> None:
    _, whole = told_on("sqlite")
    for table in ("dossiers", "entries", "signatures", "people", "organisations"):
        assert count(first, table) == count(whole, table) > 0, table
    assert portal("verify", data=first).returncode == 0


def test_a_second_start_keeps_what_was_there_and_stops_whole(data: Path) -> None:
    before = {table: count(data, table) for table in ("dossiers", "entries", "signatures", "people")}
    with Running("start", data=data) as second:
        second.wait_until_it_answers()
        until(second.worker, "the worker")
        everybody = second.family()
        assert second.terminate() == 0
    assert gone(everybody)
    assert "Traceback" not in second.said
    assert {table: count(data, table) for table in before} == before


def test_killing_the_server_leaves_nothing_behind_and_frees_the_port(data: Path) -> None:
    with Running("start", data=data) as running:
        running.wait_until_it_answers()
        until(running.worker, "the worker")
        everybody = running.family()
        running.kill()
        until(lambda: gone(everybody), "all have stopped")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", running.port))


def test_ctrl_c_while_the_libraries_load_leaves_no_traceback(data: Path) -> None:
    with Running("start", data=data) as loading:
        until(lambda: _loads(loading), "it loads")
        loading.interrupt()
    assert "Traceback" not in loading.said


def _loads(running: Running) -> bool:
    """Whether Python has begun with our script: its first extension module is in."""
    maps = psutil.Process(running.process.pid).memory_maps()
    return any("markupsafe" in part.path or "greenlet" in part.path for part in maps)


def test_a_worker_that_dies_is_started_again(running: Running) -> None:
    until(running.worker, "the worker")
    worker = running.worker()
    assert worker
    worker.kill()
    until(lambda: running.worker() not in (None, worker), "another worker")
    assert "The background worker stopped (signal SIGKILL). It starts again in 1 s." in running.said


def test_what_watches_it_is_told_that_it_is_well(running: Running) -> None:
    until(lambda: running.asked("/readyz")[0] == 200, "the worker was seen")
    figures = running.asked("/metrics")[1]
    assert re.search(r'portal_requests_total{endpoint="home.index",.*,status="200"} [1-9]', figures)
    assert "portal_dead_letters 0.0" in figures


def test_a_worker_that_keeps_dying_is_started_more_and_more_slowly(tmp_path: Path) -> None:
    own = environment(tmp_path, free_port())
    keeper = subprocess.Popen([sys.executable, "-c", KEEP], env=own, stderr=subprocess.PIPE, text=True)
    assert keeper.stderr
    with keeper.stderr as said:
        sentences = [said.readline().strip() for _ in range(3)]
        keeper.terminate()
        assert keeper.wait() == 0
    assert sentences == [
        f"The background worker stopped (exit code 3). It starts again in {pause} s." for pause in (1, 2, 4)
    ]


def test_each_role_gets_a_link_that_signs_in(running: Running) -> None:
    links = re.findall(r"http://\S+/\S+", running.said)
    assert len(links) == ROLES
    for link in links:
        visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        page = visitor.open(link).read().decode()
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token, page
        with visitor.open(link, data=f"csrf_token={token[1]}".encode()) as answer:
            assert answer.status == 200
        with visitor.open(f"{running.url}/me") as answer:
            assert answer.url == f"{running.url}/me", "a visitor who is not signed in is sent elsewhere"
