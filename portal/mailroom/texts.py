"""Why a mail waits, in words."""

from typing import Any

from flask_babel import lazy_gettext as lazy

from portal.answers.models import REPLIES, AnswerKind
from portal.answers.texts import KINDS, title
from portal.mailroom.models import Mail, Why

WHYS: dict[str, Any] = {
    Why.NO_SENDER: lazy("It does not say clearly who sent it."),
    Why.NO_DOMAIN: lazy("We do not know at which domain this authority has its mail."),
    Why.OTHER_DOMAIN: lazy("It came from another domain than the authority's."),
    Why.NOT_SURE: lazy("It is not sure that it came from the address that it names."),
    Why.NO_KEY: lazy("It came to us without the address of this dossier; only its subject names it."),
    Why.NO_WORDS: lazy("We found no words of its sender in it."),
    Why.PASSED_ON: lazy("It is somebody else's mail, passed on without a word."),
    Why.MANY: lazy("Many mails came for this dossier today: perhaps a machine sends them."),
    Why.OVER: lazy("This dossier is not with this authority now, or it is hidden."),
}
NAMED = {kind: words for kind, words in KINDS.items() if kind != AnswerKind.ACKNOWLEDGEMENT}
"""What a mail can have been; as a sign of life it stands there already."""
FIRST = [kind for kind in NAMED if kind not in REPLIES]
"""What a link in a mail offers."""


def stands_as(mail: Mail) -> str:
    """What kind of answer it became, in a word; empty for a sign of life."""
    entry = mail.entry
    return title(entry) if entry is not None and entry.data.get("kind") != AnswerKind.ACKNOWLEDGEMENT else ""
