"""The rise of real petitions, replayed as fast as the machine goes: their shape, with fewer people."""

import csv
import time
from pathlib import Path

from sqlalchemy import select

from benchmarks.petition import Present
from benchmarks.servers import running
from benchmarks.signers import Signers
from portal.accounts.models import Person
from portal.dossiers.models import Signature
from portal.kernel.db import db
from portal.kernel.tickets import For, ticket

DATA = Path(__file__).parent.parent.parent / "shared" / "data" / "petitions"
RISE, HOURLY = DATA / "signature_timeline_131215.csv", DATA / "signature_hourly_751472.csv"
PEAK = 2_560 / 60
"""Signatures per second of the petition of June 2016 over its best hour."""
PEOPLE = 4_000
"""So many sign in the replay, spread over the readings as they were."""


def waves() -> list[int]:
    """How many came between two readings, first of the one petition and then of the other, scaled down."""
    with RISE.open(newline="") as file:
        totals = [int(row["total_signatures"]) for row in csv.DictReader(file)]
    came = [max(0, later - earlier) for earlier, later in zip(totals, totals[1:], strict=False)]
    with HOURLY.open(newline="") as file:
        came += [int(row["signatures_that_hour"]) for row in csv.DictReader(file)]
    scale, left, found = PEOPLE / sum(came), 0.0, []
    for number in came:
        left += number * scale
        if left >= 1:
            found.append(int(left))
            left -= int(left)
    return found


def tickets(addresses: list[str]) -> list[str]:
    """What stands in the mails that these neighbours got."""
    wanted = select(Signature.id).join(Person, Person.id == Signature.person_id)
    numbers = db.session.scalars(wanted.where(Person.email.in_(addresses))).all()
    db.session.rollback()
    return [ticket(For.SIGNATURE, number) for number in numbers]


def replay(kind: str, present: Present, folder: Path) -> str:
    """Everybody signs, and confirms as soon as their mail would be there."""
    if not RISE.exists():
        return f"{kind}: the replay was left out: shared/data is not beside this checkout."
    came = waves()

    def run(address: str) -> Signers:
        signers = Signers(address, present.ref)
        for number in came:
            people = [signers.someone() for _ in range(number)]
            signers.each(signers.sign, people)
            signers.each(signers.confirm, tickets(people))
        return signers

    with running("wsgi:app", present.environment, folder / "replay.log") as address, present.worker():
        started = time.perf_counter()
        signers = present.inside(lambda: run(address))
        took = time.perf_counter() - started
    missing, rate = present.missing(signers.acknowledged), len(signers.acknowledged) / took
    return (
        f"{kind}: two real petitions replayed, {len(signers.acknowledged):,} people in {len(came):,} waves, "
        f"each signing and confirming: {rate:.0f} people a second, {rate / PEAK:.1f} times the real peak "
        f"of {PEAK:.0f}; lost or double: {missing}."
    )
