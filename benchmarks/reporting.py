"""`python -m benchmarks.reporting`: how fast reports are sent, and that no acknowledged one is lost.

The last step of a report without photos, by people of whom nobody heard before: from the request until it is
on the disk, against a bare Flask route that commits one row in the same database, alternately under the same
server.
"""

import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from secrets import token_hex
from typing import Any

from flask import current_app
from itsdangerous import URLSafeTimedSerializer

from benchmarks import sections
from benchmarks.http import Line
from benchmarks.petition import Present, prepare
from benchmarks.servers import running
from benchmarks.signers import CONNECTIONS, together
from benchmarks.signing import commits, databases
from portal.accounts.models import Person
from portal.dossiers.models import Dossier, Signature
from portal.issues.models import Draft
from portal.issues.views.blueprint import DRAFT
from portal.kernel.commands import transaction
from portal.kernel.db import db

TITLE = "Sending a report"
ROUNDS, SECONDS, DRAFTS = 5, 4.0, 12_000
HEAD = "| database | reports, /s | bare commits, /s | ratio | lost or double |"
WRITTEN = {
    "kind": "issue",
    "title": "Lamp under the metro line is broken",
    "body": "Since Monday.",
    "category": "lantaarnpaal-straatverlichting",
    "place_name": "Kraaiennest",
    "lat": 52.3137,
    "lon": 4.9721,
}
Sent = tuple[str, str, str]
"""The cookie of who wrote it, the word that their form needs, and their address."""


def drafts() -> list[Sent]:
    """So many finished drafts, each of somebody else."""
    serializer: Any = current_app.session_interface
    signer = serializer.get_signing_serializer(current_app)
    words = URLSafeTimedSerializer(str(current_app.secret_key), salt="wtf-csrf-token")
    area = current_app.config["NEIGHBOURHOOD"]
    rows, found = [], []
    for number in range(DRAFTS):
        key, word = f"draft-{number}", token_hex(20)
        rows.append({"key": key, "values": WRITTEN | {"neighbourhood": area}})
        cookie = (
            f"{current_app.config['SESSION_COOKIE_NAME']}={signer.dumps({DRAFT: key, 'csrf_token': word})}"
        )
        found.append((cookie, str(words.dumps(word)), f"reporter{number}@bench.example"))
    with transaction():
        db.session.execute(db.insert(Draft), rows)
    return found


class Reporters:
    """Remembers who was told that their report was sent."""

    def __init__(self, address: str, waiting: Sequence[Sent]) -> None:
        self.address, self.waiting, self.next = address, waiting, count()
        self.acknowledged: list[str] = []

    def press(self, seconds: float) -> float:
        """Reports per second, for so many seconds."""
        before, started = len(self.acknowledged), time.perf_counter()

        def act() -> None:
            with Line(self.address) as line:
                while time.perf_counter() < started + seconds:
                    self._send(line, self.waiting[next(self.next)])

        together(act)
        return (len(self.acknowledged) - before) / (time.perf_counter() - started)

    def _send(self, line: Line, sent: Sent) -> None:
        line.headers["Cookie"], word, email = sent
        facts = {"csrf_token": word, "once": email, "name": "Somebody", "email": email}
        if line.post("/report/send", facts) != 303:
            raise RuntimeError("a report was refused")
        self.acknowledged.append(email)


def missing(acknowledged: list[str]) -> int:
    """How many who were told that their report was sent do not have exactly one, signed by themselves."""
    wanted = db.select(Person.email).join(Dossier, Dossier.opener_id == Person.id)
    wanted = wanted.join(Signature, (Signature.dossier_id == Dossier.id) & (Signature.person_id == Person.id))
    found = Counter(db.session.scalars(wanted.where(Person.email.like("reporter%@bench.example"))))
    return sum(found[email] != 1 for email in acknowledged) + len(set(found) - set(acknowledged))


def measure(present: Present, folder: Path) -> tuple[float, float, int]:
    """Reports and bare commits per second, and how many reports were lost or double."""
    waiting = present.inside(drafts)
    environment = present.environment | {"BARE_PAGES": str(folder), "BARE_DATABASE": present.url}
    with (
        running("wsgi:app", environment, folder / "portal.log") as address,
        running("benchmarks.bare:app", environment, folder / "bare.log") as bare,
    ):
        reporters = Reporters(address, waiting)
        reporters.press(1.0)
        commits(bare, 1.0)
        pairs = [(reporters.press(SECONDS), commits(bare, SECONDS)) for _ in range(ROUNDS)]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    return ours, theirs, present.inside(lambda: missing(reporters.acknowledged))


def main() -> None:
    kinds = sys.argv[1:] or ["sqlite", "postgresql"]
    lines = [HEAD, "|---" * 5 + "|"]
    with tempfile.TemporaryDirectory() as name, databases(Path(name), kinds) as made:
        for kind, new in made.items():
            ours, theirs, lost = measure(prepare(new("reports"), Path(name) / kind, 1_000), Path(name))
            lines.append(f"| {kind} | {ours:.0f} | {theirs:.0f} | {ours / theirs:.2f} | {lost} |")
            print(lines[-1], flush=True)
    about = f"Medians of {ROUNDS} rounds of {SECONDS:.0f} s on {CONNECTIONS} lines."
    sections.write(TITLE, "\n".join([about, "", *lines]))


if __name__ == "__main__":
    main()
