"""Everything that changes a sheet: issuing it, typing it in, closing it, comparing it with the paper."""

import math
import random
from collections.abc import Sequence
from typing import Any

from portal.accounts.commands import person_for
from portal.accounts.models import Organisation
from portal.dossiers import pictures
from portal.dossiers.commands import count, domain, in_whose_name, leave
from portal.dossiers.models import Dossier, Signature, SignatureState, Way
from portal.dossiers.rules import Known
from portal.dossiers.timeline import record
from portal.dossiers.words import name_key
from portal.kernel import jobs
from portal.kernel.clock import now
from portal.kernel.commands import command, lock
from portal.kernel.db import db
from portal.kernel.errors import Invalid, NotAllowed
from portal.places.loading import buildings as known_buildings
from portal.sheets.models import CODES, LEASE, Checked, Mark, Problem, RowState, Sheet, SheetRow, Typed
from portal.sheets.policy import Do
from portal.sheets.queries import (
    has_photo,
    issuers,
    match,
    may_compare,
    read_from,
    row,
    rows_of,
    tallies,
    waiting,
)

MOST_SHEETS = 200
"""Printed at once."""
MOST_ROWS = 40
STAIRWELL = 40
NAME, UNIT = 80, 20
REASON = 500
LEAST_SAMPLE, SAMPLED = 3, 0.1
"""So many rows of a closed sheet are compared with the paper: three, or one in ten when that is more."""


class Undecided(Invalid):
    """The one who has the paper has to say whether this is the person of that signature."""

    def __init__(self, signature: Signature) -> None:
        super().__init__("same", Problem.UNDECIDED)
        self.signature_id = signature.id


@command(Do.ISSUE, alone=False)
def issue(
    actor: Any,
    dossier: Dossier,
    *,
    organisation: Organisation,
    buildings: Sequence[tuple[str, str]],
    copies: int,
    rows: int,
    language: str,
) -> list[Sheet]:
    """Make sheets to be printed: so many copies for each building and stairwell, each with its own code."""
    if organisation.id not in {one.id for one in issuers(actor, dossier)}:
        raise NotAllowed(Do.ISSUE)
    _check(buildings, copies, rows)
    made = [
        Sheet(
            dossier_id=dossier.id,
            organisation_id=organisation.id,
            code=CODES.new(),
            building=building,
            stairwell=stairwell.strip(),
            language=language,
            rows=rows,
            issued_by_id=actor.id,
        )
        for building, stairwell in buildings
        for _ in range(copies)
    ]
    db.session.add_all(made)
    db.session.flush()
    return made


def _check(buildings: Sequence[tuple[str, str]], copies: int, rows: int) -> None:
    if not 1 <= len(buildings) * copies <= MOST_SHEETS:
        raise Invalid("copies", Problem.TOO_MANY)
    if not 1 <= rows <= MOST_ROWS:
        raise Invalid("rows", Problem.TOO_MANY)
    known = known_buildings()
    for building, stairwell in buildings:
        if building and building not in known:
            raise Invalid("buildings", Problem.NO_BUILDING)
        if len(stairwell.strip()) > STAIRWELL:
            raise Invalid("buildings", Problem.TOO_LONG)


# Typing it in


@command(Do.START)
def start(actor: Any, sheet: Sheet) -> Sheet:
    """Take it in hand: until the lease ends, or it is let go, nobody else can type."""
    if sheet.entering_by_id != actor.id or not sheet.being_entered:
        sheet.entering_since = now()
    sheet.entering_by_id, sheet.entering_until = actor.id, now() + LEASE
    return sheet


@command(Do.PAUSE)
def pause(actor: Any, sheet: Sheet) -> Sheet:
    """Let go of it: a colleague can go on at once."""
    sheet.entering_until = now()
    return sheet


@command(Do.WRITE)
def write(
    actor: Any,
    sheet: Sheet,
    *,
    typed: Typed,
    number: int | None = None,
    asked: int | None = None,
    same: bool = False,
) -> SheetRow:
    """Type in the next row, or another one anew. It counts, or it is a double, unreadable or crossed out.

    `asked`: about which signature the one at the table said whether it is the `same` person.
    """
    typed = _checked(typed)
    written = row(sheet, number) if number else _next_row(sheet)
    _let_go(written)
    written.typed_by_id, written.typed_at = actor.id, now()
    if typed.mark == Mark.READABLE:
        _decide(sheet, written, typed, asked, same)
    else:
        written.state = RowState(str(typed.mark))
    _renew(sheet)
    db.session.add(written)
    db.session.flush()
    return written


@command(Do.UNDO)
def undo(actor: Any, sheet: Sheet) -> Sheet:
    """Take the last row away, as if it had not been typed."""
    last = next(iter(rows_of(sheet)), None)
    if last is not None:
        _let_go(last)
        db.session.delete(last)
    _renew(sheet)
    return sheet


def _renew(sheet: Sheet) -> None:
    if not sheet.being_entered:
        sheet.entering_since = now()
    sheet.entering_until = now() + LEASE


def _checked(typed: Typed) -> Typed:
    if typed.mark != Mark.READABLE:
        return Typed(mark=typed.mark)
    if not name_key(typed.name):
        raise Invalid("name", Problem.NO_NAME)
    if len(typed.name) > NAME:
        raise Invalid("name", Problem.TOO_LONG)
    if len(typed.unit) > UNIT:
        raise Invalid("unit", Problem.TOO_LONG)
    if typed.building and typed.building not in known_buildings():
        raise Invalid("building", Problem.NO_BUILDING)
    return typed


def _next_row(sheet: Sheet) -> SheetRow:
    number = tallies([sheet])[sheet.id].rows + 1
    if number > sheet.rows:
        raise Invalid("name", Problem.FULL)
    return SheetRow(sheet_id=sheet.id, number=number)


def _decide(sheet: Sheet, written: SheetRow, typed: Typed, asked: int | None, same: bool) -> None:
    """Whether the row counts, or is of somebody who counts already."""
    found = match(sheet.dossier, read_from(typed))
    if found is not None and not found.certain and found.signature.id != asked:
        raise Undecided(found.signature)
    if found is not None and (found.certain or same):
        written.state, written.doubles_id = RowState.DOUBLE, found.signature.id
        return
    signature = _signed(sheet, typed)
    written.state, written.signature_id = RowState.COUNTED, signature.id
    online = waiting(sheet.dossier, typed.email) if typed.email else None
    if online is not None and online.state == SignatureState.PENDING:
        written.doubles_id = online.id


def _signed(sheet: Sheet, typed: Typed) -> Signature:
    """A signature from paper. It has an owner only when nobody signed with this mail address before."""
    owner = None
    if typed.email and waiting(sheet.dossier, typed.email) is None:
        owner = person_for(typed.email, name=typed.name, locale=sheet.language)
    signature = Signature(
        dossier_id=sheet.dossier_id,
        person_id=owner.id if owner is not None else None,
        name=typed.name,
        name_key=name_key(typed.name),
        building=typed.building,
        unit=typed.unit,
        way=Way.PAPER,
        mails=0,
        signed_at=now(),
        mail_domain=domain(typed.email),
    )
    db.session.add(signature)
    count(signature)
    return signature


def _let_go(written: SheetRow) -> None:
    """Take back what a row did to the count; what told who wrote it is forgotten."""
    signature, written.signature_id, written.doubles_id = written.signature, None, None
    written.state = RowState.REMOVED
    db.session.flush()
    if signature is not None:
        lock(signature)
        leave(signature)
        signature.forget_owner()
        signature.building = ""


def become_double(written: SheetRow, other: Signature) -> None:
    """The other signature counts, and no longer the one of this row. For use inside a command."""
    _let_go(written)
    written.state, written.doubles_id = RowState.DOUBLE, other.id
    db.session.flush()


# Closing it, and what comes after


@command(Do.CLOSE)
def close(actor: Any, sheet: Sheet) -> Sheet:
    """All rows are in. Some of them are picked to be compared with the paper."""
    rows = rows_of(sheet)
    if not rows:
        raise Invalid("rows", Problem.NO_ROWS)
    _find_late_doubles(sheet, rows)
    sheet.entered_at, sheet.entering_until = now(), None
    _pick(sheet, rows)
    found = tallies([sheet])[sheet.id]
    record(
        sheet.dossier,
        "sheet_entered",
        by=actor,
        sheet=sheet.code,
        counted=found.counted,
        doubles=found.double,
        unreadable=found.unreadable,
        crossed=found.crossed,
        **in_whose_name(actor, sheet.dossier),
    )
    return sheet


def _find_late_doubles(sheet: Sheet, rows: Sequence[SheetRow]) -> None:
    """Somebody may have signed online, or stood on another sheet, at the moment when their row was typed.

    Of two rows on paper the earlier one counts.
    """
    for written in reversed(rows):
        own = written.signature
        if written.state != RowState.COUNTED or own is None or own.state != SignatureState.CONFIRMED:
            continue
        found = match(sheet.dossier, Known.of(own), but=own.id)
        if found is None or not found.certain:
            continue
        if found.signature.way != Way.PAPER or found.signature.id < own.id:
            become_double(written, found.signature)


def _pick(sheet: Sheet, rows: Sequence[SheetRow]) -> None:
    """Which rows are compared can be told by nobody beforehand, and by everybody who knows the code after.

    Of a double nothing is kept that could be compared.
    """
    possible = sorted(written.number for written in rows if written.state not in {RowState.DOUBLE})
    number = min(len(possible), max(LEAST_SAMPLE, math.ceil(SAMPLED * len(rows))))
    chance = random.Random(f"{sheet.id} {sheet.code}")  # noqa: S311 (a lot, and no secret)
    picked = set(chance.sample(possible, number))
    for written in rows:
        written.sampled = written.number in picked
        written.checked = written.checked_at = written.checked_by_id = None


@command(Do.REOPEN)
def reopen(actor: Any, sheet: Sheet, *, reason: str) -> Sheet:
    """Something has to be put right: it is in the hands of who opens it again, until it is closed anew."""
    if not reason.strip():
        raise Invalid("reason", Problem.NO_REASON)
    if len(reason.strip()) > REASON:
        raise Invalid("reason", Problem.TOO_LONG)
    sheet.entered_at = None
    sheet.entering_by_id, sheet.entering_since, sheet.entering_until = actor.id, now(), now() + LEASE
    for written in rows_of(sheet):
        written.sampled = False
        written.checked = written.checked_at = written.checked_by_id = None
    whose = in_whose_name(actor, sheet.dossier)
    record(sheet.dossier, "sheet_reopened", by=actor, text=reason.strip(), sheet=sheet.code, **whose)
    return sheet


@command(Do.CHECK)
def check(actor: Any, sheet: Sheet, *, number: int, verdict: Checked) -> SheetRow:
    """Say whether a row stands in the portal as it stands on the paper."""
    written = row(sheet, number)
    if not written.sampled:
        raise NotAllowed(Do.CHECK)
    if not may_compare(actor, sheet):
        raise Invalid("verdict", Problem.SOMEBODY_ELSE)
    written.checked, written.checked_at, written.checked_by_id = verdict, now(), actor.id
    return written


@command(Do.REMOVE)
def remove(actor: Any, sheet: Sheet, *, number: int) -> SheetRow:
    """Whoever signed on paper wants that no more: they have no account to do it themselves."""
    written = row(sheet, number)
    _let_go(written)
    return written


# The photo of it


@command(Do.PHOTOGRAPH)
def photograph(actor: Any, sheet: Sheet, *, photo: str) -> Sheet:
    """Keep this file of the storage with the sheet, in the place of an earlier one."""
    _forget(sheet)
    sheet.photo = photo
    return sheet


def forget_photos(dossier: Dossier) -> int:
    """Remove the photos of all sheets of a dossier; return how many there were. For use inside a command.

    For whoever forgets the signatures: the photo shows the names that the signatures no longer have.
    """
    wanted = db.select(Sheet).where(Sheet.dossier_id == dossier.id, Sheet.photo.is_not(None))
    found = db.session.scalars(wanted).all()
    for sheet in found:
        _forget(sheet)
    return len(found)


def _forget(sheet: Sheet) -> None:
    if sheet.photo is not None:
        jobs.later("dossiers.forget_files", due=now() + pictures.SPARED, keys=[sheet.photo])
        sheet.photo = None


pictures.HELD.append(has_photo)
