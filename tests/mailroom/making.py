"""Ready-made places at which mail comes in, and the mails of the corpus filled in for them."""

import base64
import json
import os
from pathlib import Path
from typing import Any

from flask import Flask

from portal.accounts.models import Role
from portal.dossiers.models import Addressee
from portal.kernel.db import db
from portal.kernel.policy import SYSTEM
from portal.mailroom import codes
from portal.mailroom.commands import set_mailbox
from portal.mailroom.intake import Came, take_in
from portal.mailroom.models import Mail
from tests.answers.making import Case
from tests.factories import a_person, an_organisation

CORPUS = Path(__file__).parent / "corpus"
EXPECTED: dict[str, dict[str, Any]] = json.loads((CORPUS / "expected.json").read_text())
OURS = "mail.rotonde.example"
OFFICE = "dossiers@stadsdeel.example"
OFFICIAL = "medewerker@stadsdeel.example"


def open_the_mailroom(app: Flask) -> None:
    """As somebody sets it up who takes answers by mail."""
    app.config["ANSWER_ADDRESS"] = "antwoord@rotonde.example"
    app.config["MAIL_AUTHSERV_ID"] = OURS
    app.config["MAIL_SENDER"] = "Rotonde <rotonde@rotonde.example>"


class MailCase(Case):
    """A petition put to an authority that has a mailbox, and an official of it."""

    def __init__(self, app: Flask) -> None:
        open_the_mailroom(app)
        super().__init__()
        self.platform = an_organisation("platform")
        self.organiser = a_person(Role.ORGANISER, of=self.platform)
        self.authority = an_organisation(email_domain="stadsdeel.example")
        set_mailbox(SYSTEM, self.authority, address=OFFICE)
        self.authorities = [self.authority]
        self.official = a_person(Role.OFFICIAL, of=self.authority)
        self.dossier = self.another()

    @property
    def place(self) -> Addressee:
        return self.addressee()

    @property
    def reply_to(self) -> str:
        return codes.reply_to(self.place.id)


def filled_in(name: str, first: MailCase, second: Addressee) -> bytes:
    """A mail of the corpus, to the address of this case; or to the `second` one."""
    place = first.place
    given = {
        "REPLY_UPPER": first.reply_to.upper(),
        "REPLY_B": codes.reply_to(second.id),
        "REPLY": first.reply_to,
        "KEY": codes.key(place.id),
        "REF": str(first.dossier.ref),
        "GROW": "",
    }
    if "grow" in EXPECTED[name]:
        given["GROW"] = base64.encodebytes(os.urandom(EXPECTED[name]["grow"])).decode()
    raw = (CORPUS / name).read_bytes()
    for word, value in given.items():
        raw = raw.replace(f"@@{word}@@".encode(), value.encode())
    return raw


def a_mail(
    case: MailCase,
    text: str = "The lamps come in week 49.",
    *,
    sender: str = OFFICIAL,
    sure: bool = True,
    number: int = 1,
    to: str = "",
    more: str = "",
) -> bytes:
    """An answer as an official's program sends it and our mail server hands it on."""
    domain = sender.rpartition("@")[2]
    found = f"dkim=pass header.d={domain}" if sure else "dkim=none; spf=none"
    lines = [
        f"Authentication-Results: {OURS}; {found}",
        "Received: from mx.stadsdeel.example by mail.rotonde.example; Mon, 2 Nov 2026 10:12:00 +0100",
        f"From: An Official <{sender}>",
        f"To: {to or case.reply_to}",
        f"Subject: RE: An answer is asked of you ({case.dossier.ref})",
        f"Message-ID: <{number}@{domain}>",
        *([more] if more else []),
        "Content-Type: text/plain; charset=utf-8",
        "",
        text,
    ]
    return "\r\n".join(lines).encode()


def comes_in(case: MailCase, *given: Any, envelope: str | None = None, **named: Any) -> Came:
    return take_in(a_mail(case, *given, **named), envelope_sender=envelope)


def mails() -> list[Mail]:
    return list(db.session.scalars(db.select(Mail).order_by(Mail.id)))
