"""Who may reply to what an official asks."""

from enum import StrEnum
from typing import Any

from portal.dossiers import policy as dossiers
from portal.kernel.policy import RULES, is_system
from portal.questions.models import WELCOME


class Do(StrEnum):
    REPLY = "questions.reply"
    REMIND = "questions.remind"
    END = "questions.end"


def opener(actor: Any, question: Any) -> bool:
    return dossiers.opener(actor, question.dossier)


def speaks_for_it(actor: Any, question: Any) -> bool:
    return dossiers.speaks_for_it(actor, question.dossier)


def welcome(actor: Any, question: Any) -> bool:
    return question.state in WELCOME


def not_hidden(actor: Any, question: Any) -> bool:
    return dossiers.not_hidden(actor, question.dossier)


RULES.update(
    {
        Do.REPLY: [[opener, welcome, not_hidden], [speaks_for_it, welcome, not_hidden]],
        Do.REMIND: [[is_system]],
        Do.END: [[is_system]],
    }
)
