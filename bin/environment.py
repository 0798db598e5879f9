"""Install requirements/LEVEL.txt in .venv. Called by bin/setup; needs nothing but Python's own library.

Interrupted at any moment, the next run goes on: a half-made environment is known by its `installing` mark and
made anew (what was downloaded is still in pip's cache), a whole one by the copy of the lock file in it.
"""

import fcntl
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

VENV = Path(".venv")
MARK = VENV / "installing"
LEVELS = ("run", "test", "dev")
"""Each holds the one before it, with the same pins (see `make lock`)."""
WIDTH = 28
SYSTEM = Path("/usr/bin/python3")


def lock(level: str) -> Path:
    return Path("requirements") / f"{level}.txt"


def installed() -> int:
    return sum(1 for _ in VENV.glob("lib/python*/site-packages/*.dist-info"))


class Progress:
    """One line that moves on a terminal; in a log one line at the start and one at the end.

    Half of the way is finding each library, the other half is having it in its place.
    """

    def __init__(self, title: str, total: int = 0) -> None:
        self.title, self.total, self.done = title, total, 0
        self.before = installed()
        self.started = time.monotonic()
        self.live = sys.stderr.isatty()
        if not self.live:
            print(f"{title} …", file=sys.stderr, flush=True)

    def draw(self) -> None:
        if not self.live:
            return
        seconds = int(time.monotonic() - self.started)
        share = min(1.0, (self.done + installed() - self.before) / (2 * self.total)) if self.total else 0.0
        full = int(share * WIDTH)
        bar = "█" * full + "░" * (WIDTH - full) if self.total else "·" * (seconds % 4)
        print(f"\r\033[K{self.title}  {bar} {seconds} s", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        seconds = time.monotonic() - self.started
        start = "\r\033[K" if self.live else ""
        print(f"{start}{self.title}: ready in {seconds:.0f} s", file=sys.stderr, flush=True)


def run(command: list[str], progress: Progress) -> None:
    """Run the command under a moving line; its own words are only shown when it fails."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines: queue.Queue[str | None] = queue.Queue()
    said: list[str] = []
    threading.Thread(target=_read, args=(process, lines), daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=0.25)
        except queue.Empty:
            progress.draw()
            continue
        if line is None:
            break
        said.append(line.rstrip())
        progress.done += line.startswith(("Collecting ", "Ignoring ", "Requirement already"))
        progress.draw()
    if process.wait() != 0:
        errors = [line for line in said if line.startswith("ERROR")] or said[-1:] or ["no reason given"]
        sys.exit(f"\n{progress.title} failed: {errors[-1]}\nMend that, then give the same command again.")
    progress.close()


def _read(process: subprocess.Popen[str], lines: "queue.Queue[str | None]") -> None:
    for line in process.stdout or ():
        lines.put(line)
    lines.put(None)


def make_environment() -> None:
    """An empty environment, unless a whole one is there."""
    python = VENV / "bin" / "python"
    ours = VENV / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    if python.exists() and ours.exists() and not MARK.exists():
        MARK.touch()
        return
    shutil.rmtree(VENV, ignore_errors=True)
    VENV.mkdir()
    MARK.touch()
    run([sys.executable, "-m", "venv", str(VENV)], Progress("Making a virtual environment in .venv"))
    if not os.environ.get("PYTHON") and system_is_alike():
        settle_on(SYSTEM)


def system_is_alike() -> bool:
    """Whether the system's own Python is another one of the same version, and whole."""
    if not SYSTEM.exists() or SYSTEM.resolve() == Path(sys.executable).resolve():
        return False
    whole = "import bz2, ctypes, lzma, sqlite3, ssl, sys, venv"
    alike = f"sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    asked = [str(SYSTEM), "-c", f"{whole}; {alike}"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def settle_on(python: Path) -> None:
    """Have the environment run on this one, which cannot make one itself where Debian leaves out its pip.

    Distributions build theirs to be fast, others often do not: the tests take a tenth less of the processor.
    """
    for link in (VENV / "bin").glob("python*"):
        link.unlink()
    command = [str(python), "-m", "venv", "--upgrade", "--without-pip", str(VENV)]
    run(command, Progress("Having it run on the system's Python"))


def install(level: str) -> None:
    pins = sum("==" in line for line in lock(level).read_text().splitlines())
    # The lock names all there is. Left to look for itself, pip before 23.3 takes `coverage[toml]` for another
    # library than the pinned `coverage`, and stops on the day a newer one appears.
    command = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--no-deps", "--require-hashes"]
    command += ["--no-input", "--disable-pip-version-check", "--no-warn-script-location"]
    command += ["--root-user-action=ignore"]
    run([*command, "-r", str(lock(level))], Progress(f"Installing {pins} libraries", pins))


def main(level: str) -> None:
    with Path("requirements").joinpath("run.txt").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # `make run` and `make test` at the same time: one waits
        make_environment()
        install(level)
        for reached in LEVELS[: LEVELS.index(level) + 1] if level in LEVELS else [level]:
            shutil.copyfile(lock(reached), VENV / f"installed-{reached}.txt")
        MARK.unlink()


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except KeyboardInterrupt:
        sys.exit("\nStopped. Give the same command again: it goes on.")
