"""Writing a mail: a template in the reader's language, with links that carry a ticket."""

import logging
from typing import Any

from flask import render_template
from flask_babel import force_locale

from portal.accounts.models import Person
from portal.accounts.queries import person_with
from portal.kernel.policy import SYSTEM
from portal.kernel.tickets import For, ticket
from portal.notices import queries
from portal.notices.commands import note_bounce
from portal.notices.delivery import compose, deliver, way_out
from portal.notices.lines import NoSuchMailbox
from portal.web.paths import public_url

log = logging.getLogger(__name__)
ASKED_FOR = frozenset({"confirm_signature", "signed_already", "household_full", "confirm_report"})
ASKED_FOR |= {"proof", "factor", "passkey"}
"""What somebody who just gave this address, or shows who they are, waits for: also where mails came back."""
TO_DECIDE = frozenset({"consent", "question", "together", "agreed", "refused", "parted"})
"""What one has to decide about, and what came of it."""


def ticket_link(endpoint: str, purpose: For, number: int) -> str:
    """The address of a page that opens for whoever got this mail."""
    return public_url(endpoint, ticket=ticket(purpose, number))


def mail(to: Person, template: str, *, number: int | str, stop: str = "", **context: Any) -> None:
    """Write and hand over one mail. A person without an address (erased meanwhile) gets none.

    Two people of one household have one mailbox: `name` says to whom it is, if not as in the account.
    `stop`: the page on which such mails are ended. Every notice has one.
    """
    if not stop and template not in ASKED_FOR | TO_DECIDE:
        raise ValueError(f"{template} is a notice, and nobody could end it")
    owner = to.household_of or to
    if not to.mailbox or (template not in ASKED_FOR and queries.bounces(owner)):
        return
    known = {"name": to.name, "stop": stop} | context
    more = way_out(stop) if stop else {}
    try:
        mail_to(to.mailbox, to.locale, template, number=number, owner=owner.id, more=more, **known)
    except NoSuchMailbox as error:
        note_bounce(SYSTEM, owner, status=error.status)


def mail_to_whoever(address: str, locale: str, template: str, *, number: int, **context: Any) -> None:
    """To an address that somebody typed in: perhaps nobody has it. Then nothing is to be done again."""
    try:
        mail_to(address, locale, template, number=number, **context)
    except NoSuchMailbox as error:
        known = person_with(address)
        log.info("there is no such mailbox (%s)", error.status)
        if known is not None:
            note_bounce(SYSTEM, known, status=error.status)


def mail_to(
    address: str,
    locale: str,
    template: str,
    *,
    number: int | str,
    owner: int | None = None,
    more: dict[str, str] | None = None,
    **context: Any,
) -> None:
    """To any address; `owner` and `more` as in `compose`."""
    subject, text = written(template, locale, **context)
    deliver(compose(address, subject, text, number=number, owner=owner, more=more), number=number)


def written(template: str, locale: str, **context: Any) -> tuple[str, str]:
    """The subject, which is what the template has before its first empty line, and the text."""
    with force_locale(locale):
        whole = render_template(f"notices/{template}.txt", link=public_url, **context)
    subject, _, text = whole.strip().partition("\n\n")
    return " ".join(subject.split()), text.strip() + "\n"
