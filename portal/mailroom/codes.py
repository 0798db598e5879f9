"""Addresses to which an authority answers: one for each dossier that is put to it, which nobody can guess.

Like a ticket it is the signed number of a row, made when a mail is written and kept nowhere. It is in small
letters, because some servers write addresses so.
"""

from flask import current_app

from portal.kernel import tickets

PURPOSE = "answer-by-mail"


def key(addressee_id: int) -> str:
    return tickets.small(PURPOSE, addressee_id)


def read(text: str) -> int | None:
    """The number of the addressee whose key stands in this address or reference."""
    return tickets.read_small(PURPOSE, text)


def reply_to(addressee_id: int) -> str:
    """Where the answer goes; empty when this portal takes no mail."""
    local, at, domain = str(current_app.config["ANSWER_ADDRESS"]).rpartition("@")
    return f"{local}+{key(addressee_id)}{at}{domain}" if at else ""


def is_ours(address: str) -> bool:
    """Whether this portal writes from it, or takes mail there."""
    local, _, domain = str(current_app.config["ANSWER_ADDRESS"]).lower().rpartition("@")
    name, _, at = address.lower().rpartition("@")
    sender = str(current_app.config["MAIL_SENDER"]).lower()
    return f"<{address.lower()}>" in sender or (
        bool(local) and at == domain and name.partition("+")[0] == local
    )
