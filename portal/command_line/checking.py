"""Looking whether all is well: the timelines, and what the portal stands on."""

import os
import smtplib
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import chain
from pathlib import Path

import click
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from portal.accounts import provider
from portal.accounts.models import Organisation
from portal.command_line.context import application
from portal.dossiers import journal
from portal.dossiers.models import Dossier
from portal.dossiers.timeline import broken
from portal.kernel import migrations, storage
from portal.kernel.clock import now
from portal.kernel.db import db
from portal.kernel.jobs import Job
from portal.kernel.policy import SYSTEM
from portal.maps.queries import astray
from portal.notices.queries import unreachable, with_address
from portal.similar.queries import Behind, behind

LATE = timedelta(minutes=10)
"""A job that waits longer than this says that no worker runs."""
FEW_BOUNCES, BOUNCES_PERCENT = 20, 5
"""Fewer people whose mail comes back, or a smaller part of all, is what happens with any list."""
BATCH = 500
Problem = tuple[str, str]
"""What is wrong, and what mends it."""


@click.command()
def verify() -> None:
    """Check the hash chain of every dossier's timeline, and its count; name the first broken entry.

    Then whether the map counts what is there.
    """
    with application():
        total, wrong = timelines()
        squares = astray()
    click.echo(f"{total} timelines checked, {wrong} broken.")
    if squares:
        click.echo(f"The map counts wrongly in {squares} squares. To mend it: portal map recount")
    if wrong or squares:
        raise SystemExit(1)


def timelines() -> tuple[int, int]:
    """Look at all timelines, and name what is broken: how many there are, and how many are not well."""
    total = db.session.scalar(db.select(db.func.count(Dossier.id))) or 0
    wrong = 0
    with click.progressbar(length=total, label="Timelines", file=sys.stderr) as bar:
        for batch in _batches():
            for problem in chain(broken(batch), journal.wrong(batch)):
                wrong += 1
                click.echo(f"\n{problem}")
            bar.update(len(batch))
    return total, wrong


def _batches() -> Iterator[list[Dossier]]:
    """All dossiers, some at a time, so that a city's worth fits in memory."""
    last = 0
    while batch := list(
        db.session.scalars(db.select(Dossier).where(Dossier.id > last).order_by(Dossier.id).limit(BATCH))
    ):
        last = batch[-1].id
        yield batch
        db.session.expunge_all()


@click.command()
def doctor() -> None:
    """Check configuration, database, mail and storage, and say what to mend."""
    found = 0
    with application() as app:
        for name, check in CHECKS.items():
            problem = check(app)
            click.echo(f"{'well ' if problem is None else 'WRONG'}  {name}")
            if problem:
                found += 1
                click.echo(f"       {problem[0]}\n       Mend it: {problem[1]}")
    click.echo("All is well." if not found else f"{found} to mend.")
    if found:
        raise SystemExit(1)


def _configuration(app: Flask) -> Problem | None:
    secret = Path(app.config["DATA_DIR"]) / "secret"
    if secret.exists() and secret.stat().st_mode & 0o077:
        return f"Others on this machine can read {secret}.", f"chmod 600 {secret}"
    local = app.config["PUBLIC_URL"].startswith(("http://127.0.0.1", "http://localhost"))
    if not local and not app.config["PUBLIC_URL"].startswith("https://"):
        return (
            "PORTAL_PUBLIC_URL does not begin with https://.",
            "put a certificate in front and set https://…",
        )
    return None


def _folder(app: Flask) -> Problem | None:
    folder = app.config["DATA_DIR"]
    if not os.access(folder, os.W_OK):
        return f"{folder} cannot be written in.", "give the portal's user that right, or set PORTAL_DATA_DIR"
    return None


def _database(app: Flask) -> Problem | None:
    try:
        at = migrations.current()
    except SQLAlchemyError as error:
        return (
            f"The database does not answer ({type(error).__name__}).",
            "start it, or set PORTAL_DATABASE_URL",
        )
    if at != migrations.newest():
        return f"The tables are at revision {at}, the code wants {migrations.newest()}.", "portal migrate"
    return None


def _storage(app: Flask) -> Problem | None:
    try:
        key = storage.put(b"doctor", "txt")
        same = storage.get(key) == b"doctor"
        storage.remove(key)
    except OSError as error:
        return (
            f"Files cannot be kept ({error.strerror}).",
            "free space, give the portal's user the right, or look at PORTAL_S3_…",
        )
    return None if same else ("A file came back changed.", "check the disk")


def _mail(app: Flask) -> Problem | None:
    if not app.config["SMTP_HOST"]:
        return None  # mails go to a folder in DATA_DIR, which was checked
    try:
        with smtplib.SMTP(app.config["SMTP_HOST"], int(app.config["SMTP_PORT"]), timeout=10) as server:
            server.noop()
    except OSError as error:
        where = f"{app.config['SMTP_HOST']}:{app.config['SMTP_PORT']}"
        return f"{where} does not take mail ({error}).", "check PORTAL_SMTP_HOST and PORTAL_SMTP_PORT"
    return None


def _worker(app: Flask) -> Problem | None:
    if migrations.current() is None:
        return None  # said by the database's check
    waiting = db.select(db.func.count(Job.id)).where(Job.done_at.is_(None), Job.dead_at.is_(None))
    late = db.session.scalar(waiting.where(Job.due_at < now() - LATE)) or 0
    if late:
        return f"{late} jobs wait for more than {LATE.seconds // 60} minutes.", "start a worker: portal work"
    dead = db.session.scalar(db.select(db.func.count(Job.id)).where(Job.dead_at.is_not(None))) or 0
    if dead:
        return f"{dead} jobs failed too often.", "portal dead-letters"
    return None


def _index(app: Flask) -> Problem | None:
    if migrations.current() != migrations.newest():
        return None  # said by the database's check
    wrong = behind()
    return INDEX[wrong] if wrong else None


INDEX: dict[Behind, Problem] = {
    Behind.MISSING: ("The index lacks dossiers, or has some that it should not.", "portal similar rebuild"),
    Behind.RULES: ("The index was made by older rules or lists of words.", "portal similar rebuild"),
    Behind.MEANING: ("Of some dossiers nobody asked what they mean.", "portal similar rebuild"),
    Behind.NEWS: ("Nobody adds up the words of new dossiers.", "start a worker: portal work"),
}


def _answers(app: Flask) -> Problem | None:
    """Of what authorities answer by mail all would wait for a look."""
    if app.config["ANSWER_ADDRESS"] and not app.config["MAIL_AUTHSERV_ID"]:
        return (
            "Answers by mail come in, and no mail server says whose they are.",
            "set PORTAL_MAIL_AUTHSERV_ID (docs/mail.md)",
        )
    return None


def _bounces(app: Flask) -> Problem | None:
    """Some always come back; when it is many, a server may be refusing us."""
    if migrations.current() != migrations.newest():
        return None  # said by the database's check
    back, people = unreachable(SYSTEM), with_address()
    if back < FEW_BOUNCES or back * 100 < people * BOUNCES_PERCENT:
        return None
    return (
        f"Mail to {back} of {people} people comes back.",
        "look in the mail server's log what is said of it, and whether SPF, DKIM and DMARC are right",
    )


def _provider(app: Flask) -> Problem | None:
    """Whether people can sign in with it, and whether anybody is among those for whom it speaks."""
    if not provider.named():
        return None
    try:
        behind_us = provider.behind()
    except (provider.Trouble, OSError) as error:
        return f"{provider.named()}: {error}.", "look at PORTAL_OIDC_… (docs/operations.md)"
    if abs(behind_us) > provider.LEEWAY:
        return (
            f"The clock of {provider.named()} differs by {abs(behind_us):.0f} seconds.",
            "let this machine keep its time (NTP)",
        )
    return (
        None if migrations.current() != migrations.newest() else _spoken_for(app.config["OIDC_ORGANISATIONS"])
    )


def _spoken_for(keys: list[str]) -> Problem | None:
    known = set(db.session.scalars(db.select(Organisation.key).where(Organisation.key.in_(keys))))
    if not known or known != set(keys):
        return (
            "PORTAL_OIDC_ORGANISATIONS names nobody, or an organisation that is not here.",
            "write the keys of the organisations for whose people the provider speaks",
        )
    return None


CHECKS: dict[str, Callable[[Flask], Problem | None]] = {
    "configuration": _configuration,
    "data folder": _folder,
    "database": _database,
    "storage": _storage,
    "mail": _mail,
    "answers by mail": _answers,
    "mails that come back": _bounces,
    "sign-in of an organisation": _provider,
    "worker": _worker,
    "index": _index,
}
