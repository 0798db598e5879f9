"""What happened, in order, never rewritten: one entry per change, in the transaction that made it true.

Each entry carries the hash of the one before it. Who did it (a person) and the words themselves stay outside
the hash, so that they can be erased; the words are in it as a salted digest, so that they cannot be swapped.
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation, Person
from portal.dossiers.models import Dossier
from portal.kernel.clock import ZONE, now
from portal.kernel.commands import lock, made
from portal.kernel.db import Numbered, db
from portal.kernel.language import spoken

REFERENCE = "K-{}"
FIRST_NUMBER = 1000
"""References count on from here, so that the first dossier does not look like a test."""


LAST_TOLD = "SELECT max(id) FROM entries"
"""Which entry was the last one, on whichever timeline."""


class Entry(Numbered):
    __tablename__ = "entries"
    __table_args__ = (UniqueConstraint("dossier_id", "seq"), Index(None, "at"), Index(None, "verb", "on"))

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    seq: Mapped[int]
    verb: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    on: Mapped[date]
    precision: Mapped[str] = mapped_column(String(8), default="day")
    """`day`, or `month` when only the month is known."""
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    role: Mapped[str | None] = mapped_column(String(20))
    """In whose name and in which role; empty for a neighbour on their own."""
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    audience_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    """Seen only by the members of this organisation; empty: by everybody."""
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    text: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8), default=spoken, server_default="nl")
    """In which the words were written."""
    salt: Mapped[str | None] = mapped_column(String(32))
    text_digest: Mapped[str | None] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64), default="")
    hash: Mapped[str] = mapped_column(String(64))

    dossier: Mapped[Dossier] = relationship()
    organisation: Mapped[Organisation | None] = relationship(foreign_keys=[organisation_id], lazy="joined")
    actor: Mapped[Person | None] = relationship()


QUIET = frozenset({"counted", "signed", "confirmed", "signature_withdrawn"})
"""Entries that are counted and not told one by one; the last three are from before there was a journal."""
HOUSEKEEPING = frozenset({"forgotten"})
"""What the portal does by itself stands on the timeline and is no news."""
REPLIES = frozenset({"acknowledgement", "question"})
"""Kinds of answers that are a sign of life or a question, and stop no clock."""
Listener = Callable[[Entry], None]
LISTENERS: dict[str, list[Listener]] = {}


def on(*verbs: str) -> Callable[[Listener], Listener]:
    """Call this function with every new entry of these verbs, in its transaction. It may only queue work."""

    def register(listener: Listener) -> Listener:
        for verb in verbs:
            LISTENERS.setdefault(verb, []).append(listener)
        return listener

    return register


def record(
    dossier: Dossier,
    verb: str,
    *,
    by: Any = None,
    organisation: Organisation | None = None,
    role: str | None = None,
    text: str | None = None,
    told_on: date | None = None,
    precision: str = "day",
    audience: Organisation | None = None,
    **data: Any,
) -> Entry:
    """Write the next entry of this dossier's timeline.

    `by` is a person, None or the system; `told_on` the day it happened when that is not today; `data` holds
    public facts as plain JSON values. Two records on one dossier wait for each other.
    """
    _number(dossier)
    lock(dossier)
    entry = Entry(
        dossier_id=dossier.id,
        seq=dossier.entry_count + 1,
        verb=verb,
        at=now(),
        on=told_on or now().astimezone(ZONE).date(),
        precision=precision,
        organisation=organisation,
        role=role,
        actor_id=getattr(by, "id", None),
        audience_id=audience.id if audience else None,
        data=data,
        previous=dossier.head,
    )
    if text:
        entry.text, entry.salt = text, secrets.token_hex(16)
    _append(dossier, entry)
    for listener in LISTENERS.get(verb, []):
        listener(entry)
    return entry


def reference(dossier_id: int) -> str:
    return REFERENCE.format(FIRST_NUMBER + dossier_id)


def first_entry(dossier_id: int, verb: str, on: date, actor_id: Any = None, **data: Any) -> dict[str, Any]:
    """The columns of the entry with which a dossier begins, for who writes rows and no objects."""
    facts = {"dossier_id": dossier_id, "seq": 1, "verb": verb, "at": now(), "on": on, "precision": "day"}
    facts |= {"data": data, "previous": ""}
    return facts | {"actor_id": actor_id, "hash": seal(Entry(**facts), reference(dossier_id))}


def _append(dossier: Dossier, entry: Entry) -> None:
    entry.text_digest = digest(entry.salt, entry.text) if entry.salt and entry.text else None
    entry.hash = seal(entry, str(dossier.ref))
    dossier.entry_count, dossier.head = entry.seq, entry.hash
    if entry.verb not in QUIET | HOUSEKEEPING:
        dossier.changed_at = entry.at
    db.session.add(entry)
    db.session.flush()


def _number(dossier: Dossier) -> None:
    if dossier.ref is None:
        db.session.add(dossier)
        db.session.flush()
        dossier.ref = reference(dossier.id)
        made(dossier)


def digest(salt: str, text: str) -> str:
    """The salted digest by which words are in the hash without being readable from it."""
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()


def seal(entry: Entry, ref: str) -> str:
    """The hash of an entry: SHA-256 over its public facts as canonical JSON, the previous hash among them."""
    facts = {
        "dossier": ref,
        "seq": entry.seq,
        "verb": entry.verb,
        "at": entry.at.isoformat(),
        "on": entry.on.isoformat(),
        "precision": entry.precision,
        "organisation": entry.organisation.key if entry.organisation else None,
        "role": entry.role,
        "audience": entry.audience_id,
        "data": entry.data,
        "text": entry.text_digest,
        "previous": entry.previous,
    }
    plain = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()


def first_broken(dossier: Dossier) -> str | None:
    """What is wrong with the first entry that does not fit the chain, in words; None when all is well."""
    return next(iter(broken([dossier])), None)


def broken(dossiers: Sequence[Dossier]) -> Iterator[str]:
    """For each of these dossiers whose chain does not hold, what is wrong with its first broken entry."""
    chains: dict[int, list[Entry]] = {dossier.id: [] for dossier in dossiers}
    wanted = db.select(Entry).where(Entry.dossier_id.in_(chains))
    for entry in db.session.scalars(wanted.order_by(Entry.dossier_id, Entry.seq)):
        chains[entry.dossier_id].append(entry)
    for dossier in dossiers:
        if problem := _problem(dossier, chains[dossier.id]):
            yield problem


def _problem(dossier: Dossier, entries: list[Entry]) -> str | None:
    previous, seq = "", 0
    for entry in entries:
        seq += 1
        where = f"{dossier.ref} entry {entry.seq} ({entry.verb})"
        if entry.seq != seq:
            return f"{where}: entry {seq} is missing"
        if entry.previous != previous:
            return f"{where}: does not follow the entry before it"
        if entry.text is not None and digest(entry.salt or "", entry.text) != entry.text_digest:
            return f"{where}: its words were changed"
        if seal(entry, str(dossier.ref)) != entry.hash:
            return f"{where}: its facts were changed"
        previous = entry.hash
    if (seq, previous) != (dossier.entry_count, dossier.head):
        return f"{dossier.ref} entry {dossier.entry_count}: the end of the timeline is missing"
    return None
