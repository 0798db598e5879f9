"""`python -m benchmarks.upgrading`: whether neighbours can read on while a large portal is upgraded.

A database of the first revision with a million signatures goes up to today's, while somebody reads a list, a
dossier, its timeline and its count without pause. For each revision: how long it took, and how long the
longest of these reads. `python -m benchmarks.upgrading 100000 sqlite`: with fewer, and on one database.
"""

import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import text

from benchmarks import sections
from benchmarks.signing import databases
from portal import create_app
from portal.kernel import migrations
from portal.kernel.db import db

TITLE = "Reading while a portal is upgraded"
SIGNATURES = 1_000_000
FIRST = "0001"
NUMBERED = {
    "sqlite": "WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < {last}) ",
    "postgresql": "WITH n(n) AS (SELECT generate_series(0, {last})) ",
}
AT = "'2026-01-01 12:00:00'"
READS = (
    "SELECT id, ref, title FROM dossiers WHERE hidden_at IS NULL ORDER BY id DESC LIMIT 25",
    "SELECT * FROM dossiers WHERE ref = 'K-5000'",
    "SELECT * FROM entries WHERE dossier_id = 5000 ORDER BY seq",
    "SELECT count(*) FROM signatures WHERE dossier_id = 5000 AND state = 'confirmed'",
)
SHOWN = 0.05
"""Seconds: revisions that kept nobody waiting so long are told together."""


def fill(signatures: int) -> None:
    """A tenth as many people and dossiers, each with a point, an entry and ten signatures."""
    some = signatures // 10
    insert = {
        "people (id, email, email_key, name, locale, created_at)": (
            f"n + 1, 'p' || n || '@bench.example', 'p' || n || '@bench.example', 'P', 'nl', {AT}"
        ),
        "dossiers (id, ref, kind, state, title, body, language, place_name, lat, lon, opened_at, changed_at,"
        " search, entry_count, head, opener_id)": (
            "n + 1, 'K-' || (n + 1), 'issue', 'open', 'Lamp ' || n, 'It is dark. ', 'nl', 'Here',"
            f" 52.3 + (n % 1000) / 10000.0, 4.9 + (n % 777) / 10000.0, {AT}, {AT}, 'lamp', 1, 'x', n + 1"
        ),
        'entries (id, dossier_id, seq, verb, at, "on", precision, data, text, salt, text_digest, previous,'
        " hash)": (
            f"n + 1, n + 1, 1, 'opened', {AT}, '2026-01-01', 'day', '{{}}', 'Opened', 's', 't', 'p', 'h' || n"
        ),
    }
    signed = (
        f"n + 1, n % {some} + 1, (n % {some} + (n / {some}) * 9973) % {some} + 1, 'P', {{no}}, '', {{no}},"
        f" 'confirmed', 0, {AT}, {AT}"
    )
    kind = db.engine.name
    no = "false" if kind == "postgresql" else "0"
    with db.engine.begin() as connection:
        for into, values in insert.items():
            series = NUMBERED[kind].format(last=some - 1)
            connection.execute(text(f"INSERT INTO {into} {series} SELECT {values} FROM n"))  # noqa: S608
        series = NUMBERED[kind].format(last=signatures - 1)
        into = "signatures (id, dossier_id, person_id, name, shown, reason, joins_bundle, state, mails,"
        into += " signed_at, confirmed_at)"
        connection.execute(text(f"INSERT INTO {into} {series} SELECT {signed.format(no=no)} FROM n"))  # noqa: S608
    if kind == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


@dataclass
class Reader:
    """Reads without pause, as any page does: each time in a transaction of its own."""

    longest: float = 0.0
    rounds: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while not self.stopped.is_set():
            for query in READS:
                began = time.perf_counter()
                with db.engine.connect() as connection:
                    connection.execute(text(query)).fetchall()
                self.longest = max(self.longest, time.perf_counter() - began)
            self.rounds += 1
            time.sleep(0.005)

    def since(self) -> float:
        """The longest read since this was asked last; the one under way is waited for."""
        under_way = self.rounds
        while self.rounds < under_way + 2:
            time.sleep(0.005)
        found, self.longest = self.longest, 0.0
        return found


@contextmanager
def reading(app: object) -> Iterator[Reader]:
    reader = Reader()

    def run() -> None:
        with app.app_context():  # type: ignore[attr-defined]
            reader.run()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield reader
    finally:
        reader.stopped.set()
        thread.join()


def measure(kind: str, url: str, data: Path, signatures: int) -> Iterator[str]:
    app = create_app(DATA_DIR=str(data), DATABASE_URL=url, SECRET_KEY="bench")  # noqa: S106 (of this run)
    script = ScriptDirectory.from_config(migrations.config())
    revisions = [one.revision for one in reversed(list(script.walk_revisions()))]
    with app.app_context():
        migrations.upgrade(FIRST)
        fill(signatures)
        quick, total = [0.0, 0.0], 0.0
        with reading(app) as reader:
            time.sleep(1)
            idle = reader.since()
            for revision in revisions[revisions.index(FIRST) + 1 :]:
                began = time.perf_counter()
                migrations.upgrade(revision)
                took, waited = time.perf_counter() - began, reader.since()
                total += took
                if waited > SHOWN:
                    yield f"| {kind} | {revision} | {took:.1f} | {waited * 1000:.0f} |"
                else:
                    quick = [quick[0] + took, max(quick[1], waited)]
        yield f"| {kind} | all others | {quick[0]:.1f} | {quick[1] * 1000:.0f} |"
        yield f"| {kind} | none: before | 0 | {idle * 1000:.0f} |"
        db.engine.dispose()
    print(f"{kind}: {total:.0f} s in all, {reader.rounds * len(READS)} reads", file=sys.stderr)


def main() -> None:
    sizes = [int(word) for word in sys.argv[1:] if word.isdigit()] or [SIGNATURES]
    kinds = [word for word in sys.argv[1:] if not word.isdigit()] or ["sqlite", "postgresql"]
    lines = ["| database | revision | it took, s | longest read, ms |", "|---" * 4 + "|"]
    with tempfile.TemporaryDirectory() as name, databases(Path(name), kinds) as made:
        for kind, new in made.items():
            data = Path(name) / f"data-{kind}"
            data.mkdir()
            lines += measure(kind, new("upgraded"), data, sizes[0])
    print("\n".join(lines))
    if sizes[0] == SIGNATURES:
        sections.write(TITLE, "\n".join(lines))


if __name__ == "__main__":
    main()
