"""`bin/setup`, which make calls first: what it says on a machine that is not right, and that it goes on."""

import hashlib
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
SYSTEM = Path("/usr/bin/python3")


@cache
def maker() -> str:
    """A Python that can make an environment: ours, or another where ours is Debian's without pip."""
    ask = ["-c", "import ensurepip, venv"]
    found = (sys.executable, shutil.which("python3") or "")
    return next(
        python
        for python in found
        if not subprocess.run([python, *ask], capture_output=True, check=False).returncode
    )


def setup(checkout: Path, **more: str) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(checkout), "PYTHON": maker()} | more
    return subprocess.run(
        [str(checkout / "bin" / "setup"), "run"], env=environment, capture_output=True, text=True, check=False
    )


def script(path: Path, *lines: str) -> str:
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)
    return str(path)


def wheel(path: Path, files: Mapping[str, str], needs: str = "") -> Path:
    name, version, *_ = path.name.split("-")
    about = f"{name}-{version}.dist-info"
    metadata = {
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    rows = "".join(f"{file},,\n" for file in [*files, *metadata, f"{about}/RECORD"])
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in (dict(files) | metadata | {f"{about}/RECORD": rows}).items():
            archive.writestr(file, text)
    return path


def lock(checkout: Path, digest: str = "", needs: str = "") -> None:
    """A lock file with one library, which lies beside it."""
    thing = wheel(checkout / "thing-1.0-py3-none-any.whl", {"thing.py": "WORD = 'here'\n"}, needs)
    digest = digest or hashlib.sha256(thing.read_bytes()).hexdigest()
    (checkout / "requirements" / "run.txt").write_text(f"thing @ file://{thing} --hash=sha256:{digest}\n")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    shutil.copytree(TOP / "bin", tmp_path / "bin", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "requirements").mkdir()
    lock(tmp_path)
    return tmp_path


def test_a_python_that_is_too_old_is_named(checkout: Path) -> None:
    old = script(checkout / "old", 'case "$2" in *print*) echo 3.9.2;; *) exit 1;; esac')
    done = setup(checkout, PYTHON=old)
    assert done.returncode == 1
    assert done.stderr.startswith("Rotonde needs Python 3.11 or newer; this machine has 3.9.2.")
    assert len(done.stderr.splitlines()) == 1


def test_a_machine_without_python_is_told_so(checkout: Path) -> None:
    done = setup(checkout, PYTHON=str(checkout / "absent"))
    assert done.returncode == 1
    assert done.stderr.startswith("Rotonde needs Python 3.11 or newer. Install it")


def test_a_python_without_its_venv_module_is_named(checkout: Path) -> None:
    bare = script(checkout / "bare", 'case "$2" in *ensurepip*) exit 1;; esac', f'exec "{maker()}" "$@"')
    done = setup(checkout, PYTHON=bare)
    assert done.returncode == 1
    assert "its venv module is missing (on Debian: apt-get install python3-venv)" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_what_was_interrupted_is_made_anew_and_then_left_alone(checkout: Path) -> None:
    broken = checkout / ".venv" / "bin"
    broken.mkdir(parents=True)
    script(broken / "python", "exit 1")
    (checkout / ".venv" / "installing").touch()

    first = setup(checkout)
    assert first.returncode == 0, first.stderr
    said = subprocess.check_output([broken / "python", "-c", "import thing; print(thing.WORD)"], text=True)
    assert said == "here\n"

    second = setup(checkout)
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")


def test_whoever_starts_it_finds_it_compiled(checkout: Path) -> None:
    for folder in ("portal", "migrations"):
        (checkout / folder).mkdir()
    (checkout / "portal" / "one.py").touch()
    assert setup(checkout, PYTHONDONTWRITEBYTECODE="1").returncode == 0
    assert list(checkout.glob("portal/__pycache__/one.*.pyc"))
    (checkout / "portal" / "two.py").touch()  # after an update
    assert setup(checkout, PYTHONDONTWRITEBYTECODE="1").returncode == 0
    assert list(checkout.glob("portal/__pycache__/two.*.pyc"))


def test_what_cannot_be_compiled_ahead_keeps_nobody_from_starting(checkout: Path) -> None:
    for folder in ("portal", "migrations"):
        (checkout / folder).mkdir()
    (checkout / "portal" / "one.py").touch()
    (checkout / "portal" / "__pycache__").write_text("in its place")
    done = setup(checkout)
    assert (done.returncode, "could be compiled ahead" in done.stderr) == (0, True), done.stderr


def test_an_environment_runs_on_the_systems_python_unless_another_was_chosen(checkout: Path) -> None:
    chosen, left = (runs_on(checkout, PYTHON=python) for python in (maker(), ""))
    system = SYSTEM if SYSTEM.exists() else maker()
    ask = "import sys; print(sys.base_prefix, sys.version_info[:2])"
    told = [subprocess.check_output([python, "-c", ask], text=True).strip() for python in (maker(), system)]
    assert chosen == told[0]
    assert left == (told[1] if told[0].split()[1:] == told[1].split()[1:] else told[0])


def runs_on(checkout: Path, **more: str) -> str:
    """Where the Python of a new environment is from, and its version; it has the library that was locked."""
    shutil.rmtree(checkout / ".venv", ignore_errors=True)
    done = setup(checkout, PATH=f"{Path(maker()).parent}:/usr/bin:/bin", **more)
    assert done.returncode == 0, done.stderr
    ask = "import sys, thing, pip; print(sys.base_prefix, sys.version_info[:2])"
    return subprocess.check_output([checkout / ".venv" / "bin" / "python", "-c", ask], text=True).strip()


def test_a_library_that_is_not_what_was_locked_is_refused_until_it_is(checkout: Path) -> None:
    lock(checkout, digest="0" * 64)
    done = setup(checkout)
    assert done.returncode == 1
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert "Traceback" not in done.stderr

    lock(checkout)
    assert setup(checkout).returncode == 0


def test_nothing_is_installed_but_what_was_locked(checkout: Path) -> None:
    """Also when a library asks for one that the lock leaves out: nothing is looked for, nothing is newer."""
    lock(checkout, needs="Requires-Dist: pytest[dev]>=1\n")
    done = setup(checkout)
    assert done.returncode == 0, done.stderr
