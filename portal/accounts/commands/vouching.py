"""Coming in by the word of the provider of one's organisation, and showing by it once more who one is.

It knows people who have a role here already, and gives nobody one.
"""

from typing import Any

from portal.accounts.commands.proving import note_proof
from portal.accounts.commands.sessions import begin_session
from portal.accounts.models import Factor, Identity, Person
from portal.accounts.policy import Do
from portal.accounts.provider import Said
from portal.accounts.queries import identity_of, person_with
from portal.kernel.clock import now
from portal.kernel.commands import command
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.kernel.security import Event, happened
from portal.kernel.settings import setting


@command(Do.SIGN_IN)
def sign_in_as_said(actor: Any, _: None, *, said: Said, device: str = "") -> Person | None:
    """Who this is, here by a new session; None when the provider speaks for nobody of that kind here."""
    person = _known(said)
    if person is None or not _spoken_for(person):
        return None
    if db.session.get(Identity, said.key) is None:
        db.session.add(Identity(key=said.key, person_id=person.id))
    person.confirmed_at = person.confirmed_at or now()
    person.signed_in_at = person.signed_in_at or now()
    begin_session(person, device=device, proven=said.strong)
    happened(Event.SIGNED_IN, person=person.id, way="provider")
    return person


@command(Do.PROVE)
def prove_as_said(actor: Person, person: Person, *, said: Said) -> bool:
    """Whether the provider's word shows that it is them. Who has an app of ours showed two factors there."""
    known = _known(said)
    same = known is not None and known.id == person.id and _spoken_for(person)
    if not same or not (said.strong or db.session.get(Factor, person.id) is None):
        return False
    if identity_of(person) is None:
        db.session.add(Identity(key=said.key, person_id=person.id))
    note_proof(actor, person, strong=said.strong)
    return True


def _known(said: Said) -> Person | None:
    """Who came with this key before; else who has this address and came with none yet."""
    identity = db.session.get(Identity, said.key)
    if identity is not None:
        return db.session.get(Person, identity.person_id)
    try:
        person = person_with(said.email) if said.email else None
    except Invalid:
        return None
    return person if person is not None and identity_of(person) is None else None


def _spoken_for(person: Person) -> bool:
    """Whether all their roles lie in organisations of this provider: it opens nothing else."""
    theirs = {membership.organisation.key for membership in person.all_memberships}
    return bool(theirs) and theirs <= set(setting("OIDC_ORGANISATIONS"))
