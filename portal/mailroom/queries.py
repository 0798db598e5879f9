"""Mails that came in: what waits for whom, and where an authority is written to."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Organisation, Role
from portal.dossiers.models import Addressee, AddresseeState, Dossier
from portal.kernel.clock import now
from portal.kernel.db import db, find
from portal.kernel.errors import NotFound
from portal.kernel.policy import allowed, require
from portal.mailroom.models import Mail, Mailbox, MailFile, MailState
from portal.mailroom.policy import Do

DAY = timedelta(days=1)
SHOWN = 200
"""Mails on one page of those that wait."""


def addressee(number: int | None) -> Addressee | None:
    """The authority's place at a dossier, once it was put to it."""
    found = db.session.get(Addressee, number) if number is not None and number < 2**31 else None
    return found if found is not None and found.state != AddresseeState.NAMED else None


def of_domain(refs: Collection[str], domains: Collection[str]) -> Addressee | None:
    """Of the one dossier with such a reference, the one authority with its mail at one of these domains."""
    wanted = db.select(Addressee).join(Addressee.dossier).join(Addressee.organisation)
    wanted = wanted.where(Dossier.ref.in_(refs), Addressee.state != AddresseeState.NAMED)
    found = list(db.session.scalars(wanted.where(Organisation.email_domain.in_(domains)).limit(2)))
    return found[0] if len(found) == 1 else None


def known(number: str) -> Mail | None:
    return db.session.scalar(db.select(Mail).filter_by(number=number))


def waiting_at(addressee: Addressee) -> int:
    """How many mails wait for a look there."""
    wanted = db.select(db.func.count(Mail.id)).filter_by(addressee_id=addressee.id, state=MailState.WAITING)
    return db.session.scalar(wanted) or 0


def placed_today(addressee_id: int) -> int:
    """How many were placed there in the last day: who writes back to a machine must stop sometime."""
    wanted = db.select(db.func.count(Mail.id)).filter_by(addressee_id=addressee_id, state=MailState.PLACED)
    return db.session.scalar(wanted.where(Mail.arrived_at > now() - DAY)) or 0


def mail(number: int) -> Mail:
    return find(Mail, number)


def words_of(mail: Mail) -> str:
    """What it says: here as long as it waits, then on the timeline."""
    return mail.entry.text or "" if mail.entry is not None else mail.text


def mailbox(organisation_id: int) -> Mailbox | None:
    return db.session.scalar(db.select(Mailbox).filter_by(organisation_id=organisation_id))


def pen(actor: Any, state: MailState = MailState.WAITING) -> list[Mail]:
    """What waits (or came back), the oldest first: all for a moderator, else what is one's authority's."""
    require(actor, Do.SEE)
    wanted = db.select(Mail).join(Mail.addressee).filter(Mail.state == state)
    if Role.MODERATOR not in actor.roles:
        wanted = wanted.where(Addressee.organisation_id.in_(actor.organisation_ids(Role.OFFICIAL)))
    with_it = joinedload(Mail.addressee).joinedload(Addressee.dossier), selectinload(Mail.files)
    return list(db.session.scalars(wanted.options(*with_it).order_by(Mail.arrived_at, Mail.id).limit(SHOWN)))


def number_waiting(actor: Any, dossier: Dossier | None = None) -> int:
    """How many mails wait for this actor, of one dossier or of all; 0 for somebody who has none."""
    if not allowed(actor, Do.SEE):
        return 0
    wanted = db.select(db.func.count(Mail.id)).join(Mail.addressee).where(Mail.state == MailState.WAITING)
    if Role.MODERATOR not in actor.roles:
        wanted = wanted.where(Addressee.organisation_id.in_(actor.organisation_ids(Role.OFFICIAL)))
    if dossier is not None:
        wanted = wanted.where(Addressee.dossier_id == dossier.id)
    return db.session.scalar(wanted) or 0


def file(actor: Any, key: str) -> MailFile:
    """What came with a mail, for who may see that mail; NotFound for anybody else."""
    wanted = db.select(MailFile, Mail).join(Mail, Mail.id == MailFile.mail_id).where(MailFile.key == key)
    for found, of in db.session.execute(wanted).all():
        if allowed(actor, Do.FETCH, of):
            return found
    raise NotFound(key)


def has_file(key: str) -> bool:
    return db.session.scalar(db.select(MailFile.id).where(MailFile.key == key).limit(1)) is not None
