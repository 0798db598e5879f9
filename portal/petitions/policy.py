"""Who may do what with a petition and with what it is made from."""

from enum import StrEnum
from typing import Any

from portal.accounts.models import OrganisationKind, Role
from portal.dossiers.models import Kind, SignatureState, State
from portal.dossiers.policy import (
    can_move,
    is_petition,
    not_hidden,
    opener,
    organises_it,
    own_signature,
    reaches,
    speaks_for_it,
    visible,
)
from portal.kernel.policy import RULES
from portal.petitions.models import Consent


class Do(StrEnum):
    DRAFT = "petitions.draft"
    EDIT = "petitions.edit"
    INVITE = "petitions.invite"
    DROP = "petitions.drop"
    PUBLISH = "petitions.publish"
    TAKE_APART = "petitions.take_apart"
    CONSENT = "petitions.consent"
    SEE_CONSENT = "petitions.see_consent"
    SUCCEED = "petitions.succeed"
    MOVE_ALONG = "petitions.move_along"


BUNDLERS = frozenset({OrganisationKind.PLATFORM, OrganisationKind.COALITION})
"""What kind of organisation writes petitions."""
BUNDLED_KINDS = frozenset({Kind.ISSUE, Kind.PLAN})
BUNDLED_STATES = frozenset({State.OPEN, State.HANDED_OVER, State.ANSWERED, State.DONE})
"""Open or with an authority: what is over, or not public yet, joins nothing."""
NOT_JOINED = frozenset({Consent.ASKED, Consent.LATER, Consent.APART})


def organiser_of_this(actor: Any, organisation: Any) -> bool:
    return actor.is_authenticated and organisation.id in actor.organisation_ids(Role.ORGANISER)


def bundles(actor: Any, organisation: Any) -> bool:
    return organisation.kind in BUNDLERS


def is_draft(actor: Any, petition: Any) -> bool:
    return petition.state == State.DRAFT


def before_hand_over(actor: Any, petition: Any) -> bool:
    """No authority has it yet, so that the bundle can still change."""
    being_made = petition.state in {State.DRAFT, State.GATHERING}
    return being_made and all(a.handed_over_on is None for a in petition.addressees)


def bundle_can_change(actor: Any, lineage: Any) -> bool:
    return lineage.consent != Consent.RELEASED and before_hand_over(actor, lineage.petition)


def organises_the_petition(actor: Any, lineage: Any) -> bool:
    return organises_it(actor, lineage.petition)


def petition_not_hidden(actor: Any, lineage: Any) -> bool:
    return not_hidden(actor, lineage.petition)


def not_joined(actor: Any, lineage: Any) -> bool:
    return lineage.consent in NOT_JOINED


def opened_the_part(actor: Any, lineage: Any) -> bool:
    """The person who opened the dossier for themselves."""
    return lineage.dossier.organisation_id is None and opener(actor, lineage.dossier)


def speaks_for_the_part(actor: Any, lineage: Any) -> bool:
    """Whoever speaks, today, for the organisation in whose name the dossier was opened."""
    return speaks_for_it(actor, lineage.dossier)


def counts(actor: Any, signature: Any) -> bool:
    return signature.state == SignatureState.CONFIRMED


def can_be_asked(dossier: Any) -> bool:
    """Whether there is somebody to ask; an imported dossier has no opener."""
    return dossier.organisation_id is not None or dossier.opener_id is not None


def can_be_bundled(dossier: Any) -> bool:
    return (
        dossier.kind in BUNDLED_KINDS
        and dossier.state in BUNDLED_STATES
        and dossier.hidden_at is None
        and can_be_asked(dossier)
    )


def fits(organisation: Any, dossier: Any) -> bool:
    """Whether this organisation may invite this dossier."""
    return can_be_bundled(dossier) and reaches(organisation, dossier.neighbourhood_code)


RULES.update(
    {
        Do.DRAFT: [[organiser_of_this, bundles]],
        Do.EDIT: [[organises_it, is_petition, is_draft, not_hidden]],
        Do.INVITE: [[organises_it, is_petition, before_hand_over, not_hidden]],
        Do.DROP: [[organises_the_petition, bundle_can_change, not_joined, petition_not_hidden]],
        Do.PUBLISH: [[organises_it, is_petition, can_move("publish"), not_hidden]],
        Do.TAKE_APART: [[organises_it, is_petition, before_hand_over]],
        Do.CONSENT: [[who, bundle_can_change] for who in (opened_the_part, speaks_for_the_part)],
        Do.SEE_CONSENT: [[opened_the_part], [speaks_for_the_part]],
        Do.SUCCEED: [[organises_it, is_petition, visible, not_hidden]],
        Do.MOVE_ALONG: [[own_signature, counts]],
    }
)
