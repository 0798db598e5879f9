"""A mail comes in: it is read, judged and taken in, or it is none of ours."""

from collections.abc import Sequence
from enum import StrEnum

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from portal.accounts.queries import person
from portal.answers.models import LONGEST_TEXT
from portal.dossiers.models import Addressee
from portal.kernel.policy import SYSTEM
from portal.kernel.tickets import read_small
from portal.mailroom import codes, commands, queries
from portal.mailroom.models import MailState, Why
from portal.mailroom.policy import answerable
from portal.mailroom.reading import letters, senders
from portal.mailroom.reading.attachments import Kept, keep, keep_text
from portal.mailroom.reading.letters import Letter
from portal.mailroom.reading.scrubbing import scrubbed
from portal.notices.commands import note_bounce
from portal.notices.delivery import BOUNCED
from portal.notices.lines import GONE

MOST_A_DAY = 10
"""Mails that are placed there in a day: each is told to all who support the dossier."""
MOST_WAITING = 50
"""Mails that wait at one authority's place at a dossier: then the next ones are to be sent again later."""


class Came(StrEnum):
    """What came of a mail."""

    PLACED = "placed"
    WAITING = "waiting"
    AUTOMATIC = "automatic"
    RETURNED = "returned"
    TWICE = "twice"
    LOOP = "loop"
    """Our own mail, which found its way back to us."""
    UNKNOWN = "unknown"
    """For no dossier that was put to an authority."""
    FULL = "full"
    TOO_LARGE = "too_large"


def take_in(raw: bytes, *, to: Sequence[str] = (), envelope_sender: str | None = None) -> Came:
    """Take in a mail, once; for use inside an app context. `to`: to whom the servers were told that it is."""
    if len(raw) > current_app.config["MAIL_MOST_BYTES"]:
        return Came.TOO_LARGE
    ours = str(current_app.config["MAIL_AUTHSERV_ID"])
    told = envelope_sender if envelope_sender is None else envelope_sender.strip("<> ")
    letter = letters.read(raw, ours=ours, to=to, envelope_sender=told)
    if letter.sender and codes.is_ours(letter.sender):
        return Came.LOOP
    addressee, keyed = _addressee(letter)
    if addressee is None and letter.automatic == MailState.RETURNED:
        return _notice_came_back(letter)
    if addressee is None:
        return Came.AUTOMATIC if letter.automatic else Came.UNKNOWN  # there is nobody to send that back to
    number = f"{addressee.id}:{letter.number}"
    if queries.known(number) is not None:
        return Came.TWICE
    if letter.automatic:
        state = MailState(letter.automatic)
        commands.receive(SYSTEM, addressee.dossier, addressee=addressee, number=number, state=state)
        return Came(letter.automatic)
    return _human(letter, addressee, number, _why(letter, addressee, keyed))


def _notice_came_back(letter: Letter) -> Came:
    """A notice of ours did not reach somebody. When there is no such mailbox, no more notices go there.

    The number of our mail says whose it was, with a key: nobody else can say that somebody's address is gone.
    """
    numbers = (read_small(BOUNCED, reference) for reference in letter.references)
    owner = next((number for number in numbers if number is not None), None)
    known = person(owner) if owner is not None else None
    if known is not None and GONE.fullmatch(letter.failed):
        note_bounce(SYSTEM, known, status=letter.failed)
    return Came.RETURNED if known is not None else Came.AUTOMATIC


def _human(letter: Letter, addressee: Addressee, number: str, why: Why | None) -> Came:
    files, left_out = keep(letter.files)
    text, whole = _text(letter, files)
    why = why or (None if text else Why.NO_WORDS)
    if why is not None and queries.waiting_at(addressee) >= MOST_WAITING:
        return Came.FULL
    mail = commands.receive(
        SYSTEM,
        addressee.dossier,
        addressee=addressee,
        number=number,
        state=MailState.WAITING if why else MailState.PLACED,
        why=why,
        sender=letter.sender,
        text=text,
        language=letter.language,
        files=[*whole, *files],
        left_out=left_out + letter.unread,
    )
    return Came(mail.state)


def known_address(address: str) -> bool:
    """Whether mail to this address may be for a dossier: a server is told so before it sends the mail."""
    number = codes.read(address)
    if number is not None:
        return queries.addressee(number) is not None
    return codes.is_ours(address) and "+" not in address


def _addressee(letter: Letter) -> tuple[Addressee | None, bool]:
    """For which dossier and authority it is, and whether it has the key; else what its subject says."""
    for place in (*letter.recipients, *letter.references):
        found = queries.addressee(codes.read(place))
        if found is not None:
            return found, True
    domain = senders.domain_of(letter.sender)
    sure = senders.authenticated(letter.results, letter.sender)
    if not sure or not letter.refs or letter.automatic:
        return None, False
    above = [domain.split(".", place)[-1] for place in range(domain.count("."))]
    return queries.of_domain(letter.refs, above), False


def _why(letter: Letter, addressee: Addressee, keyed: bool) -> Why | None:
    """Why it has to wait; None when all is sure."""
    authority = senders.plain_domain(addressee.organisation.email_domain or "")
    ours = senders.within(senders.domain_of(letter.sender), authority)
    checks = (
        (Why.NO_SENDER, not letter.sender),
        (Why.NO_DOMAIN, not authority),
        (Why.OTHER_DOMAIN, not ours),
        (Why.NOT_SURE, not senders.authenticated(letter.results, letter.sender)),
        (Why.NO_KEY, not keyed),
        (Why.PASSED_ON, bool(letter.passed_on)),
        (Why.OVER, not answerable(addressee)),
        (Why.MANY, queries.placed_today(addressee.id) >= MOST_A_DAY),
    )
    return next((why for why, holds in checks if holds), None)


def _text(letter: Letter, files: Sequence[Kept]) -> tuple[str, list[Kept]]:
    """The words as they may be read by all; what is too long for a page goes along whole, as a file."""
    with force_locale(letter.language):
        own = str(current_app.config["PUBLIC_URL"])
        text = scrubbed(letter.text or letter.passed_on, own=own, left_out=_("(left out)"))
        if not text and files:
            return _("See what came with it."), []
        if len(text) <= LONGEST_TEXT:
            return text, []
        more = "\n\n" + _("(The whole text came along as a file.)")
    short = text[: LONGEST_TEXT - len(more)]
    end = max(short.rfind("\n\n"), short.rfind(". ") + 1)
    return (short[:end] if end > LONGEST_TEXT // 2 else short) + more, [keep_text(text)]
