"""What is read aloud before somebody is helped, and what is wrong, in words."""

from datetime import datetime

from flask_babel import LazyString, format_datetime, lazy_gettext, ngettext
from flask_babel import gettext as _

from portal.assistance.commands import TWICE, Enough
from portal.assistance.models import Mandate
from portal.kernel.errors import Invalid

LANGUAGES = {"nl": "Nederlands", "en": "English"}
"""In which it can be read aloud, by their own names."""
CONSENT_VERSION = "1"
"""Of the texts below. Another word is another version: a receipt says which one was read."""
SIGN, REPORT = "sign", "report"
_KEPT = {
    "nl": (
        "Ik bewaar je naam, en je flat als je die noemt. Niemand ziet je naam op de pagina, behalve als "
        "jij dat wilt. De buurt kan zien dat er met hulp is getekend, niet door wie. Alleen een moderator "
        "kan zien dat ik je hielp. Je krijgt zo een code. Daarmee kun je altijd kijken, of stoppen. Daar "
        "heb je mij niet voor nodig. Je hoeft dit niet te doen. Vind je het goed?"
    ),
    "en": (
        "I keep your name, and your building if you tell it. Nobody sees your name on the page, unless you "
        "want that. The neighbourhood can see that some signed with help, not who. Only a moderator can "
        "see that I helped you. You get a code in a moment. With it you can always look, or stop. You do "
        "not need me for that. You do not have to do this. Is it all right with you?"
    ),
}
CONSENTS = {
    SIGN: {
        "nl": f"Ik wil namens jou tekenen voor wat ik net vertelde. Dan tel je mee. {_KEPT['nl']}",
        "en": f"I want to sign for you under what I just told you. Then you count. {_KEPT['en']}",
    },
    REPORT: {
        "nl": (
            "Ik wil namens jou melden wat je net vertelde. Iedereen kan lezen wat er mis is en waar. Er "
            f"staat niet bij van wie het komt. Je telt zelf als eerste mee. {_KEPT['nl']}"
        ),
        "en": (
            "I want to report for you what you just told me. Everybody can read what is wrong and where. It "
            f"does not say whom it comes from. You are the first who counts. {_KEPT['en']}"
        ),
    },
}
WRONG_CODE = lazy_gettext(
    "This code is not right. Look at each letter and number once more. Nothing is lost: you can try again."
)
SAME_NAME = lazy_gettext("Somebody with this name counts already. Is it the same person?")
PROBLEMS: dict[str, LazyString] = {TWICE: SAME_NAME}


def moment(at: datetime) -> str:
    """A day and a time, as people in the neighbourhood say it."""
    return str(format_datetime(at, "d MMMM y, HH:mm"))


def problem(error: Invalid, mandate: Mandate) -> str:
    """What the domain refused a helper."""
    if isinstance(error, Enough):
        return ngettext(
            "You helped %(num)s neighbour. You can go on from %(when)s. Is it urgent? Ask %(organisation)s.",
            "You helped %(num)s neighbours. You can go on from %(when)s. Is it urgent? Ask %(organisation)s.",
            error.number,
            when=moment(error.until),
            organisation=mandate.organisation.name,
        )
    return str(PROBLEMS[error.message])


def stopped(mandate: Mandate) -> str:
    """Why a helper can do nothing, or nothing yet."""
    organisation = mandate.organisation.name
    if not mandate.over:
        begin = moment(mandate.starts_at)
        return _("You can help from %(when)s. Ask %(organisation)s.", when=begin, organisation=organisation)
    end = moment(min(filter(None, (mandate.withdrawn_at, mandate.ends_at))))
    return _(
        "You could help until %(when)s. Nothing was sent, and nothing is lost. Ask %(organisation)s.",
        when=end,
        organisation=organisation,
    )


def wait(until: datetime) -> str:
    return _("Too many wrong codes came from here. Wait until %(when)s and try again.", when=moment(until))
