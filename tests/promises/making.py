"""Promises, trials and lines of the ledger, ready for a test."""

from datetime import date, timedelta
from typing import Any

from portal.dossiers.models import Dossier
from portal.dossiers.timeline import Entry
from portal.kernel import jobs
from portal.kernel.clock import today
from portal.kernel.db import db
from portal.promises import commands
from portal.promises.models import Promise, Trial
from tests.answers.making import Case
from tests.browser import Browser, elsewhere


def days(number: int) -> date:
    return today() + timedelta(days=number)


def promise_of(entry: Entry) -> Promise:
    """As it stands in the database now."""
    wanted = db.select(Promise).filter_by(entry_id=entry.id).execution_options(populate_existing=True)
    return db.session.scalars(wanted).one()


def a_promise(case: Case, by_on: date | None = None) -> Promise:
    """Of the case's authority, by its official, ready in 30 days unless said otherwise."""
    return promise_of(case.answer("promise", promise_on=by_on or days(30), text="Five bins come back."))


def a_trial(actor: Any, dossier: Dossier, **given: Any) -> Trial:
    known: dict[str, Any] = {"text": "We try a bin.", "from_on": days(-20), "until_on": days(-11)}
    known["places"] = [{"name": "The square", "lat": None, "lon": None}]
    made: Trial = commands.hold_trial(actor, dossier, **known | given)
    return made


def look_after(browser: Browser) -> None:
    """What the worker does once an hour."""
    elsewhere(browser.app, lambda: _look_after(browser))


def _look_after(browser: Browser) -> None:
    with browser.app.app_context():
        jobs.TASKS["promises.look_after"](job_id=0)
