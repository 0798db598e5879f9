"""Who may write along with an authority's answers, and who sees what belongs to them."""

from enum import StrEnum
from typing import Any

from portal.accounts.models import Role
from portal.answers.policy import ASKED, official_who_answers
from portal.dossiers.policy import can_move, not_hidden
from portal.kernel.policy import RULES, is_system


class Do(StrEnum):
    SEND = "composer.send"
    SAVE = "composer.save"
    ATTACH = "composer.attach"
    ARRANGE = "composer.arrange"
    """What is with a draft: its name, or that it goes away again."""
    BE_HERE = "composer.be_here"
    SEE_TEMPLATES = "composer.see_templates"
    WRITE_TEMPLATE = "composer.write_template"
    CHANGE_TEMPLATE = "composer.change_template"
    RETIRE_TEMPLATE = "composer.retire_template"
    ANSWER_SEVERAL = "composer.answer_several"
    PURGE = "composer.purge"


def works_there(actor: Any, organisation: Any) -> bool:
    """Today: a membership that ended gives no rights from that minute on."""
    return actor.is_authenticated and organisation.id in actor.organisation_ids(Role.OFFICIAL)


def works_with_it(actor: Any, template: Any) -> bool:
    return actor.is_authenticated and template.organisation_id in actor.organisation_ids(Role.OFFICIAL)


def at_this_desk(actor: Any, addressee: Any) -> bool:
    """The dossier was put to the authority for which they work today."""
    return addressee.state in ASKED and works_there(actor, addressee.organisation)


def not_retired(actor: Any, template: Any) -> bool:
    return template.retired_at is None


ANSWERS = [[official_who_answers, can_move("answer"), not_hidden]]

RULES.update(
    {
        Do.SEND: ANSWERS,
        Do.SAVE: ANSWERS,
        Do.ATTACH: ANSWERS,
        Do.ARRANGE: ANSWERS,
        Do.BE_HERE: [[at_this_desk]],
        Do.SEE_TEMPLATES: [[works_there]],
        Do.WRITE_TEMPLATE: [[works_there]],
        Do.CHANGE_TEMPLATE: [[works_with_it]],
        Do.RETIRE_TEMPLATE: [[works_with_it, not_retired]],
        Do.ANSWER_SEVERAL: [[works_there]],
        Do.PURGE: [[is_system]],
    }
)
