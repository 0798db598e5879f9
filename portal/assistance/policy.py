"""Who may let somebody help, who may help now, and what the one who was helped may do with the code."""

from enum import StrEnum
from typing import Any

from portal.accounts.models import OrganisationKind, Role
from portal.accounts.policy import moderator, organiser_of_it
from portal.kernel.policy import RULES, Rule, anyone, is_system


class Do(StrEnum):
    SEE_HELPERS = "assistance.see_helpers"
    GIVE_MANDATE = "assistance.give_mandate"
    WITHDRAW_MANDATE = "assistance.withdraw_mandate"
    HELP = "assistance.help"
    """With a mandate; asked anew at each act, under its lock."""
    SIGN_FOR = "assistance.sign_for"
    REPORT_FOR = "assistance.report_for"
    SEE_HELPER = "assistance.see_helper"
    """Who helped whom."""
    TRY_CODE = "assistance.try_code"
    WITHDRAW = "assistance.withdraw"
    SHOW_NAME = "assistance.show_name"
    ASK_TAKE_OVER = "assistance.ask_take_over"
    TAKE_OVER = "assistance.take_over"
    FORGET = "assistance.forget"


HELPED_BY = (OrganisationKind.PLATFORM, OrganisationKind.CORE)


def platform_or_core(actor: Any, organisation: Any) -> bool:
    return organisation.kind in HELPED_BY


def contact_of_core(actor: Any, organisation: Any) -> bool:
    """Those who run a core are its contacts."""
    own = actor.organisation_ids(Role.CONTACT) if actor.is_authenticated else frozenset()
    return organisation.kind == OrganisationKind.CORE and organisation.id in own


RUNS_IT: list[list[Rule]] = [[organiser_of_it, platform_or_core], [contact_of_core]]
"""Clauses on an organisation."""


def runs_its_organisation(actor: Any, mandate: Any) -> bool:
    return any(all(rule(actor, mandate.organisation) for rule in clause) for clause in RUNS_IT)


def own_mandate(actor: Any, mandate: Any) -> bool:
    return actor.is_authenticated and mandate.person_id == actor.id


def works_now(actor: Any, mandate: Any) -> bool:
    return bool(mandate.works)


def not_over(actor: Any, mandate: Any) -> bool:
    return not mandate.over


def helped_person(actor: Any, receipt: Any) -> bool:
    """Who has the code acts as the one who was helped."""
    return actor.id is not None and receipt.person_id == actor.id


def in_force(actor: Any, receipt: Any) -> bool:
    return bool(receipt.in_force)


def link_works(actor: Any, take_over: Any) -> bool:
    return bool(take_over.works and take_over.receipt.in_force)


HELPS: list[list[Rule]] = [[own_mandate, works_now]]
HOLDS: list[list[Rule]] = [[helped_person, in_force]]

RULES.update(
    {
        Do.SEE_HELPERS: RUNS_IT,
        Do.GIVE_MANDATE: RUNS_IT,
        Do.WITHDRAW_MANDATE: [[runs_its_organisation, not_over], [own_mandate, not_over]],
        Do.HELP: HELPS,
        Do.SIGN_FOR: HELPS,
        Do.REPORT_FOR: HELPS,
        Do.SEE_HELPER: [[moderator]],
        Do.TRY_CODE: [[anyone]],
        Do.WITHDRAW: HOLDS,
        Do.SHOW_NAME: HOLDS,
        Do.ASK_TAKE_OVER: HOLDS,
        Do.TAKE_OVER: [[anyone, link_works]],
        Do.FORGET: [[is_system]],
    }
)
