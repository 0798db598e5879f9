"""`bin/setup`, which make calls first: what it says on a machine that is not right, and that it goes on."""

import hashlib
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent


def setup(checkout: Path, **more: str) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(checkout), "PYTHON": sys.executable} | more
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
    bare = script(
        checkout / "bare", 'case "$2" in *ensurepip*) exit 1;; esac', f'exec "{sys.executable}" "$@"'
    )
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
