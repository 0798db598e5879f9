"""Mails to an authority: what is put to it, and what became of its answer."""

from urllib.parse import urlsplit

from flask import current_app
from flask_babel import force_locale

from portal.dossiers.models import Addressee, Kind
from portal.dossiers.policy import Do as DossierDo
from portal.dossiers.queries import supporters_of
from portal.dossiers.texts import shown
from portal.kernel import jobs
from portal.kernel.policy import NOBODY, SYSTEM, allowed
from portal.kernel.tickets import For, ticket
from portal.mailroom import codes, commands, queries
from portal.mailroom.models import Mail, MailState
from portal.mailroom.policy import Do, answerable
from portal.mailroom.reading import senders
from portal.mailroom.texts import FIRST, NAMED, stands_as
from portal.notices.queries import demands, entry
from portal.notices.writing import mail_to
from portal.web.paths import public_url

QUIET = {"X-Auto-Response-Suppress": "OOF, AutoReply"}
"""What keeps Exchange from telling us that somebody is away."""
MOST_BACK = 5
"""Mails that go back in a day about one dossier."""


def _headers(addressee: Addressee, what: str, number: int) -> dict[str, str]:
    """Where the answer goes, and the same key in its number: some programs write to whom a mail is from."""
    reply_to = codes.reply_to(addressee.id)
    host = urlsplit(current_app.config["PUBLIC_URL"]).hostname or "localhost"
    known = {"Reply-To": reply_to, "Message-ID": f"<{what}-{number}.{codes.key(addressee.id)}@{host}>"}
    return QUIET | (known if reply_to else {})


@jobs.task("mailroom.hand_over")
def hand_over(*, job_id: int, addressee_id: int, entry_id: int) -> None:
    """Tell an authority what is put to it. What was hidden or settled meanwhile is not sent."""
    addressee = queries.addressee(addressee_id)
    box = queries.mailbox(addressee.organisation_id) if addressee is not None else None
    if addressee is None or box is None or not answerable(addressee):
        return
    dossier = addressee.dossier
    if not allowed(NOBODY, DossierDo.READ, dossier):
        return
    mail_to(
        box.address,
        box.locale,
        "hand_over",
        number=job_id,
        more=_headers(addressee, "hand-over", job_id),
        addressee=addressee,
        dossier=dossier,
        supporters=supporters_of([dossier.id])[dossier.id],
        demands=demands(dossier) if dossier.kind == Kind.PETITION else [],
        can_reply=bool(codes.reply_to(addressee.id)),
        page=public_url("dossiers.show", ref=dossier.ref),
    )


@jobs.task("mailroom.said_back")
def said_back(*, job_id: int, addressee_id: int, entry_id: int) -> None:
    """Tell an authority what neighbours replied, or that they say it is not solved."""
    addressee, told = queries.addressee(addressee_id), entry(entry_id)
    box = queries.mailbox(addressee.organisation_id) if addressee is not None else None
    if addressee is None or box is None or not allowed(NOBODY, DossierDo.READ, told.dossier):
        return
    with force_locale(box.locale):
        words = shown(told)
    mail_to(
        box.address,
        box.locale,
        "official",
        number=job_id,
        more=_headers(addressee, "said-back", job_id),
        name="",
        dossier=told.dossier,
        entry=words,
        contested=told.verb == "judged",
        can_reply=bool(codes.reply_to(addressee.id)),
        page=public_url("dossiers.show", ref=told.dossier.ref, _anchor=f"e{told.seq}"),
    )


@jobs.task("mailroom.placed")
def placed(*, job_id: int, mail_id: int) -> None:
    """Tell who answered that it stands there, and as what. Who surely works there can put that right.

    Of a mail that somebody let in the sender may be another than it says. So its links, with which one speaks
    for the authority, only go to an address of the authority's own domain; elsewhere goes the news alone.
    """
    mail, may = queries.mail(mail_id), allowed(SYSTEM, Do.NAME, queries.mail(mail_id))
    let_in = mail.state == MailState.LET_IN
    if not mail.sender or not (may or let_in) or _too_many(mail):
        return
    addressee, became = mail.addressee, mail.entry
    with force_locale(mail.language):
        kinds = [(str(NAMED[kind]), _link(mail, kind)) for kind in FIRST if may and _is_theirs(mail)]
        kind = stands_as(mail)
    mail_to(
        mail.sender,
        mail.language,
        "placed",
        number=job_id,
        more=_headers(addressee, "placed", job_id) | {"Auto-Submitted": "auto-replied"},
        addressee=addressee,
        dossier=addressee.dossier,
        words=queries.words_of(mail),
        left_out=mail.left_out,
        let_in=let_in,
        kind=kind,
        kinds=kinds,
        page=public_url(
            "dossiers.show", ref=addressee.dossier.ref, _anchor=f"e{became.seq}" if became else ""
        ),
    )


def _is_theirs(mail: Mail) -> bool:
    domain = senders.plain_domain(mail.addressee.organisation.email_domain or "")
    return bool(domain) and senders.within(senders.domain_of(mail.sender), domain)


def _too_many(mail: Mail) -> bool:
    return queries.placed_today(mail.addressee_id) > MOST_BACK


def _link(mail: Mail, kind: str) -> str:
    return public_url("mailroom.name", ticket=ticket(For.ANSWER, mail.id), kind=kind)


@jobs.task("mailroom.purge")
def purge(*, job_id: int) -> None:
    commands.forget(SYSTEM, None)
