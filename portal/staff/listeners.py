"""What the queues do when something happens to a dossier. All of it in the transaction of the deed itself."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from portal.answers.models import AnswerKind
from portal.answers.policy import ASKED
from portal.answers.queries import WITH_AUTHORITY
from portal.dossiers.forms.acts import PROPOSERS
from portal.dossiers.models import Addressee, AddresseeState, Dossier
from portal.dossiers.timeline import Entry, on
from portal.kernel import jobs
from portal.kernel.db import db
from portal.kernel.policy import SYSTEM
from portal.staff.commands import route
from portal.staff.models import Case, Part
from portal.staff.queries import proposed, said_back_to, whom_to_tell

OF_ADDRESSEE = ("state", "due_on", "handed_over_on", "answered_on")
OF_DOSSIER = ("state", "kind", "category_slug", "neighbourhood_code")
REACTIONS = ("answered", "noted")
FROM_OTHERS = ("told", "replied", "not_replied", "handed_over", "reopened")
"""After these nobody waits any more for what others say to a question."""


@event.listens_for(db.session, "after_flush")
def follow(session: Session, _context: Any) -> None:
    """Whatever changes a dossier or an addressee, its case says the same."""
    moved = {d.id for d in session.dirty if isinstance(d, Dossier) and _changed(d, OF_DOSSIER)}
    put = [a for a in (*session.new, *session.dirty) if isinstance(a, Addressee)]
    moved |= {a.dossier_id for a in put if a in session.new or _changed(a, OF_ADDRESSEE)}
    if moved:
        catch_up(session.connection(), moved)


def _changed(thing: Any, names: Collection[str]) -> bool:
    attributes = inspect(thing).attrs
    return any(attributes[name].history.has_changes() for name in names)


def catch_up(connection: Any, dossier_ids: Collection[int] | None = None) -> None:
    """Make the cases of these dossiers (or of all) say what addressees and dossiers say."""
    about = [] if dossier_ids is None else [Addressee.dossier_id.in_(dossier_ids)]
    part = db.case(
        (Addressee.state != AddresseeState.WAITING, str(Part.SAID)),
        (Dossier.state.in_(WITH_AUTHORITY), str(Part.OPEN)),
        else_=str(Part.OVER),
    )
    facts = {
        "part": part,
        **{name: getattr(Dossier, name) for name in OF_DOSSIER if name != "state"},
        **{name: getattr(Addressee, name) for name in OF_ADDRESSEE if name != "state"},
    }
    put = db.select(Addressee.id, Addressee.dossier_id, Addressee.organisation_id, *facts.values())
    put = put.join(Dossier, Dossier.id == Addressee.dossier_id).where(Addressee.state.in_(ASKED), *about)
    known = db.select(Case.addressee_id).where(Case.addressee_id == Addressee.id).exists()
    keys = ["addressee_id", "dossier_id", "organisation_id"]
    connection.execute(db.insert(Case).from_select([*keys, *facts], put.where(~known)))
    same = Addressee.id == Case.addressee_id, Dossier.id == Addressee.dossier_id
    mine = [] if dossier_ids is None else [Case.dossier_id.in_(dossier_ids)]
    connection.execute(db.update(Case).where(*same, *mine).values(facts))


@on(*REACTIONS)
def reacted(entry: Entry) -> None:
    """The authority did something: it is new there no more. Whether it waits for others is said anew."""
    if entry.organisation_id is None:
        return
    values: dict[str, Any] = {"touched": True}
    if entry.verb == "answered":
        values["asked_on"] = entry.on if entry.data.get("kind") == AnswerKind.QUESTION else None
    _mark(Case.organisation_id == entry.organisation_id, entry, values)


@on(*FROM_OTHERS)
def said_back(entry: Entry) -> None:
    _mark(Case.asked_on.is_not(None), entry, {"asked_on": None})


def _mark(which: Any, entry: Entry, values: dict[str, Any]) -> None:
    theirs = db.update(Case).where(Case.dossier_id == entry.dossier_id, which)
    db.session.execute(theirs.values(values))


PROPOSERS.append(proposed)


@on("replied", "judged")
def tell(entry: Entry) -> None:
    """Who works on it is told what neighbours say back."""
    said: int = entry.data.get("question") or entry.data.get("answer", 0)
    for addressee in said_back_to(entry):
        for person_id in whom_to_tell(addressee, said):
            of = addressee.organisation_id
            jobs.later("notices.official", entry_id=entry.id, organisation_id=of, person_id=person_id)


@on("handed_over", "answered")
def lands(entry: Entry) -> None:
    """What was just put to an authority that sorts by rules goes to one of its teams, or to a person."""
    to = entry.data.get("to") or [entry.data.get("transferred_to")]
    keys = {named["key"] for named in to if named} if entry.audience_id is None else set()
    if keys:
        route(SYSTEM, entry.dossier, keys=keys)
