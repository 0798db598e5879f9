"""Writing a mail: a template in the reader's language, with links that carry a ticket."""

from typing import Any

from flask import render_template
from flask_babel import force_locale

from portal.accounts.models import Person
from portal.kernel.tickets import For, ticket
from portal.notices.delivery import compose, deliver, way_out
from portal.web.paths import public_url


def ticket_link(endpoint: str, purpose: For, number: int) -> str:
    """The address of a page that opens for whoever got this mail."""
    return public_url(endpoint, ticket=ticket(purpose, number))


def mail(to: Person, template: str, *, number: int, stop: str = "", **context: Any) -> None:
    """Write and hand over one mail. A person without an address (erased meanwhile) gets none.

    Two people of one household have one mailbox: `name` says to whom it is, if not as in the account.
    `stop`: the page on which such mails are ended.
    """
    if to.mailbox:
        known = {"name": to.name, "stop": stop} | context
        mail_to(to.mailbox, to.locale, template, number=number, more=way_out(stop) if stop else {}, **known)


def mail_to(
    address: str,
    locale: str,
    template: str,
    *,
    number: int,
    more: dict[str, str] | None = None,
    **context: Any,
) -> None:
    """The subject is what the template has before its first empty line, then the text; `more`: headers."""
    with force_locale(locale):
        written = render_template(f"notices/{template}.txt", link=public_url, **context)
    subject, _, text = written.strip().partition("\n\n")
    words = " ".join(subject.split()), text.strip() + "\n"
    deliver(compose(address, *words, number=number, more=more), number=number)
