"""The receipt as somebody takes it home."""

from dataclasses import dataclass

from flask_babel import force_locale
from flask_babel import gettext as _

from portal.assistance.models import Receipt
from portal.assistance.texts import moment
from portal.dossiers.cards import title_of
from portal.web.paths import public_url


@dataclass(frozen=True)
class Slip:
    """What somebody takes home: on paper, or as a message. In the language in which it was read aloud."""

    language: str
    heading: str
    subject: str
    organisation: str
    on: str
    code: str
    how: str
    address: str
    message: str


def slip(receipt: Receipt, code: str) -> Slip:
    dossier = receipt.signature.dossier
    with force_locale(receipt.language):
        address = public_url("assistance.receipt")
        return Slip(
            language=receipt.language,
            heading=_("You reported this with help")
            if receipt.dossier_id
            else _("You signed this with help"),
            subject=f"{dossier.ref}: {title_of(dossier)}",
            organisation=receipt.mandate.organisation.name,
            on=moment(receipt.made_at),
            code=code,
            how=_("With this code you can look, hide or show your name, or stop. Keep it to yourself."),
            address=address,
            message=_(
                "You count for %(ref)s. Your code: %(code)s. Look or stop at %(address)s",
                ref=dossier.ref,
                code=code,
                address=address,
            ),
        )
