"""Who may take in a mail, let one in that waits, or say what kind of answer it was."""

from datetime import timedelta
from enum import StrEnum
from typing import Any

from portal.accounts.models import Role
from portal.accounts.policy import moderator, official
from portal.answers.policy import ANSWERS_NOW
from portal.dossiers.policy import can_move, not_hidden, visible
from portal.kernel.clock import now
from portal.kernel.policy import RULES, is_system
from portal.mailroom.models import MailState

NAMED_WITHIN = timedelta(days=60)
"""So long its sender can say what kind of answer a mail was."""
PUBLIC = frozenset({MailState.PLACED, MailState.LET_IN})


class Do(StrEnum):
    SET_MAILBOX = "mailroom.set_mailbox"
    RECEIVE = "mailroom.receive"
    SEE = "mailroom.see"
    """What waits: a moderator all of it, an official what is their authority's."""
    LET_IN = "mailroom.let_in"
    THROW_AWAY = "mailroom.throw_away"
    NAME = "mailroom.name"
    """To say what kind of answer it was, for who holds the link in the mail that came back."""
    FETCH = "mailroom.fetch"
    FORGET = "mailroom.forget"


def waits(actor: Any, mail: Any) -> bool:
    return mail.state == MailState.WAITING


def can_be_answered(actor: Any, mail: Any) -> bool:
    """The dossier still lies with this authority, and nobody hid it."""
    return answerable(mail.addressee)


def answerable(addressee: Any) -> bool:
    dossier = addressee.dossier
    moves = can_move("answer")(None, dossier) and not_hidden(None, dossier)
    return addressee.state in ANSWERS_NOW and moves


def of_that_authority(actor: Any, mail: Any) -> bool:
    own = actor.organisation_ids(Role.OFFICIAL) if actor.is_authenticated else frozenset()
    return mail.addressee.organisation_id in own


def not_named(actor: Any, mail: Any) -> bool:
    since = mail.settled_at or mail.arrived_at
    return mail.state in PUBLIC and mail.named_at is None and since + NAMED_WITHIN >= now()


def is_public(actor: Any, mail: Any) -> bool:
    """Everybody can read it, and so what came with it."""
    dossier = mail.addressee.dossier
    return mail.state in PUBLIC and visible(actor, dossier) and not_hidden(actor, dossier)


RULES.update(
    {
        Do.SET_MAILBOX: [[is_system]],
        Do.RECEIVE: [[is_system]],
        Do.SEE: [[moderator], [official]],
        Do.LET_IN: [[waits, can_be_answered, moderator], [waits, can_be_answered, of_that_authority]],
        Do.THROW_AWAY: [[waits, moderator], [waits, of_that_authority]],
        Do.NAME: [[is_system, not_named, can_be_answered]],
        Do.FETCH: [[is_public], [waits, moderator], [waits, of_that_authority]],
        Do.FORGET: [[is_system]],
    }
)
