"""A petition with so many signatures in a database of its own, and what is to be known of it afterwards."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.rows import ROWS
from portal import create_app
from portal.accounts.models import Person
from portal.dossiers import journal
from portal.dossiers.models import Dossier, Movement, Signature
from portal.kernel.clock import now
from portal.kernel.commands import transaction
from portal.kernel.db import db
from tests.databases import fill
from tests.factories import a_petition

BATCH = 10_000
SECRET = "for the benchmark"  # noqa: S105 (nothing is kept under it)
ADDING = """
import time
from portal import create_app
from portal.dossiers.commands import add_up_all
app = create_app()
while True:
    with app.app_context():
        add_up_all()
    time.sleep(0.3)
"""
"""The worker without its mails: these go later, and a mail server of its own limits them."""
Found = TypeVar("Found")


@dataclass(frozen=True)
class Present:
    url: str
    data: Path
    ref: str

    @property
    def environment(self) -> dict[str, str]:
        named = {"DATA_DIR": str(self.data), "DATABASE_URL": self.url, "SECRET_KEY": SECRET}
        return {f"PORTAL_{name}": value for name, value in named.items()}

    @contextmanager
    def worker(self) -> Iterator[None]:
        process = subprocess.Popen([sys.executable, "-c", ADDING], env=self.environment)
        try:
            yield
        finally:
            process.terminate()
            process.wait()

    def inside(self, look: Callable[[], Found]) -> Found:
        """What this finds in the database."""

        def run() -> Found:
            app = create_app(DATA_DIR=str(self.data), DATABASE_URL=self.url, SECRET_KEY=SECRET)
            with app.app_context():
                found = look()
                db.session.remove()
                db.engine.dispose()
                return found

        return Context().run(run)

    def missing(self, acknowledged: list[str]) -> int:
        """How many who were told that they signed are not there exactly once; and what is counted wrong."""
        return self.inside(lambda: self._missing(acknowledged))

    def _missing(self, acknowledged: list[str]) -> int:
        dossier = db.session.scalars(db.select(Dossier).filter_by(ref=self.ref)).one()
        wanted = db.select(Person.email).join(Signature, Signature.person_id == Person.id)
        wanted = wanted.where(Signature.dossier_id == dossier.id, Person.email.like("%@bench.example"))
        rows = list(db.session.scalars(wanted))
        lost = len(set(acknowledged) - set(rows)) + len(rows) - len(set(rows))
        return lost + len(list(journal.wrong([dossier])))


def prepare(url: str, data: Path, size: int) -> Present:
    """Make the tables, and a petition with so many confirmed signatures."""
    settings: dict[str, Any] = {"DATA_DIR": str(data), "DATABASE_URL": url, "SECRET_KEY": SECRET}
    ref = Context().run(lambda: _fill(settings, size))
    return Present(url, data, ref)


def _fill(settings: dict[str, Any], size: int) -> str:
    app = create_app(**settings)
    fill(app)
    with app.app_context():
        ROWS.create(db.engine)
        petition = a_petition()
        ref, number = str(petition.ref), petition.id
        for first in range(0, size, BATCH):
            with transaction():
                _add(number, range(first, min(first + BATCH, size)))
        with transaction():
            row = {
                "dossier_id": number,
                "verb": "brought_forward",
                "delta": size,
                "at": now(),
                "counted_in": 1,
            }
            db.session.execute(db.insert(Movement), [row])
            db.session.execute(db.update(Dossier).where(Dossier.id == number).values(counted=size))
        _rest()
        db.session.remove()
        db.engine.dispose()
    return ref


def _rest() -> None:
    """As it lies there after some hours: else PostgreSQL tidies up while it is measured."""
    tidying = {"postgresql": ("VACUUM (ANALYZE)", "CHECKPOINT")}.get(db.engine.dialect.name, ("ANALYZE",))
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in tidying:
            connection.exec_driver_sql(statement)


def _add(dossier: int, numbers: range) -> None:
    first = 1_000_000
    people = [
        {
            "id": first + n,
            "email": f"n{n}@there.example",
            "email_key": f"n{n}@there.example",
            "name": f"N {n}",
        }
        for n in numbers
    ]
    db.session.execute(db.insert(Person), people)
    signed = {"dossier_id": dossier, "state": "confirmed", "confirmed_at": now(), "signed_at": now()}
    signed |= {"language": "nl"}
    db.session.execute(
        db.insert(Signature), [signed | {"person_id": first + n, "name": f"N {n}"} for n in numbers]
    )
