"""What happens to a mail: it is placed, waits, is let in or thrown away; and its kind is named."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from portal.accounts import addresses
from portal.accounts.models import Organisation
from portal.answers.commands import place
from portal.answers.models import Answer, AnswerKind
from portal.dossiers.models import Addressee, Dossier
from portal.dossiers.pictures import SPARED
from portal.dossiers.timeline import Entry
from portal.kernel import jobs
from portal.kernel.clock import now
from portal.kernel.commands import command, lock
from portal.kernel.db import db
from portal.kernel.errors import IllegalMove, Invalid
from portal.kernel.language import speaking
from portal.mailroom.models import Mail, Mailbox, MailFile, MailState, Why
from portal.mailroom.policy import Do, answerable, of_that_authority
from portal.mailroom.queries import known, mailbox
from portal.mailroom.reading.attachments import Kept
from portal.mailroom.reading.senders import domain_of, within

SENDERS_STAY = timedelta(days=7)
"""How long it is known who sent a mail that was placed: until ours back is surely sent."""
WAITS = timedelta(days=90)
"""So long somebody can look at a mail that waits; then it is thrown away."""


@command(Do.SET_MAILBOX)
def set_mailbox(actor: Any, organisation: Organisation, *, address: str, locale: str = "nl") -> Mailbox:
    """Say where an authority is written to: an address of its own domain."""
    address = addresses.normal(address)
    if not within(domain_of(address), organisation.email_domain or ""):
        raise Invalid("address", "The address is not one of the authority's own domain.")
    found = mailbox(organisation.id) or Mailbox(organisation_id=organisation.id)
    found.address, found.locale = address, locale
    db.session.add(found)
    db.session.flush()
    return found


@command(Do.RECEIVE)
def receive(
    actor: Any,
    dossier: Dossier,
    *,
    addressee: Addressee,
    number: str,
    state: MailState,
    why: Why | None = None,
    sender: str = "",
    text: str = "",
    language: str = "nl",
    files: Sequence[Kept] = (),
    left_out: int = 0,
) -> Mail:
    """Take in a mail. What can be placed is: as a sign of life, which stops no clock. Twice is once."""
    earlier = known(number)
    if earlier is not None:
        return earlier
    if state == MailState.PLACED and not answerable(addressee):
        state, why = MailState.WAITING, Why.OVER
    mail = Mail(
        number=number,
        addressee=addressee,
        state=state,
        why=why,
        sender=sender,
        text=text,
        language=language,
        left_out=left_out,
        files=[MailFile(key=one.key, kind=one.kind, size=one.size) for one in files],
    )
    db.session.add(mail)
    db.session.flush()
    if state == MailState.PLACED:
        _place(mail, Answer(addressee.organisation, AnswerKind.ACKNOWLEDGEMENT, text))
    return mail


def _place(mail: Mail, given: Answer, by: Any = None) -> None:
    """On the timeline, with a mail back to its sender."""
    with speaking(mail.language):
        mail.entry = place(mail.addressee, given, **how(mail, by))
    mail.text = ""
    jobs.later("mailroom.placed", mail_id=mail.id)


def how(mail: Mail, by: Any = None) -> dict[str, Any]:
    """That it came by mail, what came with it, and whether a moderator read what kind of answer it is."""
    files = [{"key": one.key, "kind": one.kind, "size": one.size} for one in mail.files]
    read = by is not None and not of_that_authority(by, mail)
    return {
        "by_mail": True,
        **({"read_by": "moderator"} if read else {}),
        **({"files": files} if files else {}),
    }


@command(Do.LET_IN)
def let_in(actor: Any, mail: Mail, *, kind: str, level: str | None = None, **facts: Any) -> Mail:
    """Somebody looked at it and says what kind of answer it is. Its words stay as they came."""
    lock(mail.addressee.dossier)
    if not answerable(mail.addressee) or not mail.text:
        raise IllegalMove("let in")
    _place(mail, Answer(mail.addressee.organisation, kind, mail.text, level, **facts), actor)
    mail.state, mail.settled_at, mail.settled_by_id = MailState.LET_IN, now(), actor.id
    return mail


@command(Do.THROW_AWAY)
def throw_away(actor: Any, mail: Mail) -> Mail:
    """Nothing of it stays but that it came."""
    mail.settled_by_id = actor.id
    _empty(mail)
    return mail


def _empty(mail: Mail) -> None:
    mail.state, mail.settled_at = MailState.THROWN_AWAY, now()
    mail.sender = mail.text = ""
    keys = [one.key for one in mail.files]
    mail.files.clear()
    if keys:
        jobs.later("dossiers.forget_files", due=now() + SPARED, keys=keys)


@command(Do.NAME)
def name(actor: Any, mail: Mail, *, kind: str, text: str, level: str | None = None, **facts: Any) -> Entry:
    """Its sender says what kind of answer it was. That is an answer of today: the mail stays what it was."""
    lock(mail.addressee.dossier)
    if not answerable(mail.addressee):
        raise IllegalMove("name")
    mail.named_at = now()
    given = Answer(mail.addressee.organisation, kind, text, level, **facts)
    with speaking(mail.language):
        return place(mail.addressee, given, **how(mail))


@command(Do.FORGET)
def forget(actor: Any, _: None) -> None:
    """Remove who sent what was placed a while ago, and what nobody looked at for long."""
    sent = db.update(Mail).where(Mail.state != MailState.WAITING, Mail.sender != "")
    since = db.func.coalesce(Mail.settled_at, Mail.arrived_at)
    db.session.execute(sent.where(since < now() - SENDERS_STAY).values(sender=""))
    old = db.select(Mail).where(Mail.state == MailState.WAITING, Mail.arrived_at < now() - WAITS)
    for mail in db.session.scalars(old).all():
        _empty(mail)
