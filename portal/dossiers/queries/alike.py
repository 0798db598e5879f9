"""Signatures that count and may be of one person, fetched by an index; which of them are, `rules` says."""

from typing import Any

from sqlalchemy.orm import joinedload

from portal.accounts.models import Household, Person
from portal.accounts.queries import homes
from portal.dossiers.models import COUNTED, Signature
from portal.dossiers.rules import Known
from portal.kernel.db import db

WITH_OWNER = joinedload(Signature.person).joinedload(Person.household_of)
"""For who asks what is known of many."""


def counting(dossier_id: int) -> Any:
    """Every signature that counts: who is forgotten has neither name nor address left.

    With one state alone SQLite would go through all that have it, and not by address, building or name.
    """
    wanted = db.select(Signature).where(Signature.dossier_id == dossier_id, Signature.state.in_(COUNTED))
    return wanted.order_by(Signature.id)


def of_this_address(dossier_id: int, one: Known) -> Any:
    """Of the one with this mail address, and of the second one of their household."""
    first = db.select(Person.id).where(Person.email_key == one.address)
    second = db.select(Household.second_id).where(Household.first_id.in_(first))
    people = first.union(second).subquery()
    return counting(dossier_id).join(people, people.c.id == Signature.person_id)


def of_this_name(dossier_id: int, one: Known) -> Any:
    """Of this name, in this building or in one that is not known; all of them where this one is not."""
    buildings = {"", one.building} if one.building else {"", *homes().buildings}
    named = counting(dossier_id).where(Signature.name_key == one.name)
    return named.where(Signature.building.in_(sorted(buildings)))
