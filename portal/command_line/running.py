"""Starting the portal: its tables, its demo, its server and its worker."""

import os
import signal
import time
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path

import click
from flask import Flask

from portal import create_app, settings
from portal.accounts.commands import drop_factor, prepare_sign_in
from portal.accounts.queries import factor_of, identity_of, person_with
from portal.command_line.context import application
from portal.command_line.serving import check_folder, check_port
from portal.command_line.serving import serve as run_server
from portal.demo import replay
from portal.dossiers.commands import load_categories
from portal.kernel import jobs, logs, migrations
from portal.kernel.beats import Pulse
from portal.kernel.clock import SteadyClock, now
from portal.kernel.db import db
from portal.kernel.outages import Outage
from portal.kernel.policy import SYSTEM
from portal.kernel.process import begin
from portal.kernel.tickets import For
from portal.notices.writing import ticket_link
from portal.places import loading
from portal.places.commands import load
from portal.places.models import Neighbourhood

PAUSE = 0.3
"""Seconds between two looks into the outbox."""
SWEEP_EVERY = timedelta(hours=1)
LATE_COMERS = timedelta(seconds=30)
"""After the clock was set right, what began before that is there by then: all is swept once more."""
DEMO_LINKS_WORK = timedelta(hours=12)
SWEEPS = ["accounts.purge", "issues.purge", "dossiers.forget", "notices.purge", "printing.purge"]
SWEEPS += ["composer.purge", "mailroom.purge", "terms.lapse", "notices.digest", "promises.look_after"]
SWEEPS += ["together.ask_again", "similar.tidy", "kernel.sweep"]


def _port() -> int:
    return int(os.environ.get("PORTAL_PORT") or settings.PORT)


def _host() -> str:
    return os.environ.get("PORTAL_HOST") or settings.HOST


def prepare(app: Flask) -> None:
    """Bring the tables and the reference data to what this version expects. For use inside an app context."""
    with migrations.alone():
        _prepare(app)


def _prepare(app: Flask) -> None:
    migrations.upgrade()
    if db.session.get(Neighbourhood, app.config["NEIGHBOURHOOD"]) is None:
        load(
            SYSTEM,
            None,
            neighbourhoods=loading.neighbourhoods(),
            places=loading.places(),
            streets=loading.streets(),
        )
        load_categories(SYSTEM, None, rows=loading.categories())
    db.session.remove()


@click.command()
def start() -> None:
    """Make all ready, with the demo once, and serve with the worker (what `make run` does)."""
    check_port(_host(), _port())
    check_folder(Path(os.environ.get("PORTAL_DATA_DIR") or settings.DATA_DIR))
    with application() as app:
        prepare(app)
        make_demo()
        links = replay.role_links(works=DEMO_LINKS_WORK)
    address = app.config["PUBLIC_URL"]

    def ready() -> None:
        click.echo(f"\nRotonde is at {address}   (Ctrl-C stops it)\n\nSign in as (each link works once):")
        for role, link in links:
            click.echo(f"  {role:20} {link}")
        click.echo("")

    run_server(_host(), _port(), app.config["THREADS"], app.config["WORKERS"], True, ready)


@click.command()
@click.option("--host", default=_host, show_default="127.0.0.1", help="Address to listen on.")
@click.option("--port", default=_port, show_default="8000", type=int, help="Port to listen on.")
@click.option("--workers", default=settings.WORKERS, show_default=True, help="Processes.")
@click.option("--threads", default=settings.THREADS, show_default=True, help="Threads in each.")
@click.option("--worker/--no-worker", default=True, help="Also run the background worker.")
def serve(host: str, port: int, workers: int, threads: int, worker: bool) -> None:
    """Serve the portal, with its worker."""
    run_server(host, port, threads, workers, worker)


@click.command()
@click.option("--once", is_flag=True, help="Do what is due and stop.")
@click.option("--with-parent", is_flag=True, hidden=True, help="Stop when the starting process is gone.")
def work(once: bool, with_parent: bool) -> None:
    """Do the background work: mails and cleaning up."""
    parent, stopping = os.getppid(), []
    signal.signal(signal.SIGTERM, lambda *_: stopping.append(True))
    signal.signal(signal.SIGINT, lambda *_: stopping.append(True))
    app = create_app()
    begin(app)
    swept: datetime | None = None
    next_sweep, pulse = SWEEP_EVERY, Pulse()
    outage, clock = nullcontext() if once else Outage(), SteadyClock()
    while not stopping and not (with_parent and os.getppid() != parent):
        tried = 0
        with outage, app.app_context():
            pulse()
            if not clock.steady():
                swept, next_sweep = None, LATE_COMERS  # as soon as it is right again
            elif swept is None or now() - swept > next_sweep:
                swept, next_sweep = now(), SWEEP_EVERY if swept else next_sweep
                for name in SWEEPS:
                    jobs.TASKS[name](job_id=0)
                    pulse()
            tried = jobs.work(limit=50, pulse=pulse)
        if once and not tried:
            return
        if not tried:
            time.sleep(PAUSE)


@click.command()
@click.option("--new", metavar="WORDS", help="Write a migration of what the models have and the tables lack.")
def migrate(new: str | None) -> None:
    """Bring the database to what this version expects."""
    with application() as app:
        prepare(app)
        if new:
            migrations.write(new)
        click.echo(f"The database is at revision {migrations.current()}.")


def make_demo() -> None:
    """Replay the K-buurt's story and its neighbours' dossiers, unless that was done. Shows a progress bar."""
    with migrations.alone():
        if replay.complete():
            return
        steps = replay.steps()
        with click.progressbar(steps, label="Demo: the K-buurt", show_pos=True, width=30) as bar:
            for step in bar:
                step()


@click.command()
def demo() -> None:
    """Fill the portal with the K-buurt, once; an interrupted run goes on where it was."""
    with application() as app:
        prepare(app)
        make_demo()
        click.echo("The demo is there.")


@click.command("forget-factor")
@click.argument("email")
def forget_factor(email: str) -> None:
    """Take password, app and passkeys from somebody who lost them, and sign them out everywhere.

    Who they are at a provider is found anew, too. Make sure by another way than their mail that it is them.
    """
    with application() as app, logs.of_the_shell(app):
        person = person_with(email)
        if person is None or (factor_of(person) is None and identity_of(person) is None):
            raise click.ClickException("Nobody with this address has a password and an app.")
        drop_factor(SYSTEM, person)
        click.echo("Gone. They sign in with a link by mail and choose anew.")


@click.command("sign-in-link")
@click.argument("email")
def sign_in_link(email: str) -> None:
    """Print a link that signs somebody in, for when their mail does not come through."""
    with application() as app, logs.of_the_shell(app):
        link = prepare_sign_in(SYSTEM, None, email=email, locale=app.config["LOCALES"][0])
        click.echo(ticket_link("accounts.enter", For.SIGN_IN, link.id))
