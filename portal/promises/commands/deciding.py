"""Steps from a motion to its execution, and words from a recording."""

from datetime import date
from typing import Any

from portal.accounts.models import Organisation
from portal.dossiers.models import Dossier
from portal.dossiers.timeline import Entry, record
from portal.kernel.clock import today
from portal.kernel.commands import command
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.promises.commands.writing import LONGEST_LINE, named, needed, writing
from portal.promises.models import Citation, DecisionStep, Problem, Promise, Step
from portal.promises.policy import Do

LONGEST_ROLE = 80


@command(Do.DOCUMENT)
def document(
    actor: Any,
    dossier: Dossier,
    *,
    step: str,
    title: str,
    body: Organisation,
    on: date,
    precision: str = "day",
    url: str = "",
    text: str = "",
    shown_in: Entry | None = None,
) -> DecisionStep:
    """Write down that a step was taken. `shown_in`: the entry that told of it before, if one did."""
    if step not in set(Step):
        raise Invalid("step", Problem.EMPTY)
    if on > today():
        raise Invalid("on", Problem.NOT_YET)
    facts: dict[str, Any] = {"step": step, "title": needed("title", title, LONGEST_LINE)}
    facts |= {"about": named(body), "url": url}
    facts |= {"shown_in": shown_in.seq} if shown_in is not None else {}
    how = writing(actor, dossier, on=on, precision=precision)
    entry = record(dossier, "documented", text=text.strip() or None, **facts, **how)
    row = DecisionStep(
        dossier_id=dossier.id,
        entry_id=entry.id,
        step=step,
        title=facts["title"],
        url=url,
        organisation_id=body.id,
    )
    db.session.add(row)
    return row


@command(Do.CITE)
def cite(
    actor: Any,
    dossier: Dossier,
    *,
    quote: str,
    on: date,
    precision: str = "day",
    body: Organisation | None = None,
    promise: Promise | None = None,
    **where: Any,
) -> Citation:
    """Write down what was said in a recording, and where in it: by role, never by name.

    `where`: the other columns of Citation: role, level, recording, url, at_seconds, comment.
    """
    if on > today():
        raise Invalid("on", Problem.NOT_YET)
    if not where["url"]:
        raise Invalid("url", Problem.NO_ADDRESS)
    where["role"] = needed("role", where["role"], LONGEST_ROLE)
    where["recording"] = needed("recording", where["recording"], LONGEST_LINE)
    facts = {name: value for name, value in where.items() if value and name != "role"}
    facts["speaker"] = where["role"]
    if body is not None:
        facts["about"] = named(body)
    how = writing(actor, dossier, on=on, precision=precision)
    entry = record(dossier, "cited", text=needed("quote", quote), **facts, **how)
    row = Citation(
        dossier_id=dossier.id,
        entry_id=entry.id,
        organisation_id=body.id if body else None,
        promise_id=promise.id if promise else None,
        **where,
    )
    db.session.add(row)
    return row
