"""Writing a mail: a template in the reader's language, with links that carry a ticket."""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, render_template
from flask_babel import force_locale

from portal.accounts.models import Person
from portal.kernel.tickets import For, ticket
from portal.notices.delivery import compose, deliver


def link(endpoint: str, *, _anchor: str = "", **values: Any) -> str:
    """The full address of a page, as the reader of a mail needs it."""
    public = urlsplit(current_app.config["PUBLIC_URL"])
    adapter = current_app.url_map.bind(public.netloc, url_scheme=public.scheme)
    return adapter.build(endpoint, values, force_external=True) + (f"#{_anchor}" if _anchor else "")


def ticket_link(endpoint: str, purpose: For, number: int) -> str:
    """The address of a page that opens for whoever got this mail."""
    return link(endpoint, ticket=ticket(purpose, number))


def mail(to: Person, template: str, *, number: int, **context: Any) -> None:
    """Write and hand over one mail. A person without an address (erased meanwhile) gets none."""
    if to.email:
        mail_to(to.email, to.locale, template, number=number, name=to.name, **context)


def mail_to(address: str, locale: str, template: str, *, number: int, **context: Any) -> None:
    """What the template has before its first empty line is the subject, the rest the text."""
    with force_locale(locale):
        written = render_template(f"notices/{template}.txt", link=link, **context)
    subject, _, text = written.strip().partition("\n\n")
    deliver(compose(address, " ".join(subject.split()), text.strip() + "\n", number=number), number=number)
