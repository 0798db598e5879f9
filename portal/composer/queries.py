"""What somebody who answers needs: drafts, templates, who else is there, what was answered before."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import contains_eager

from portal.accounts.models import Organisation, Person, Role
from portal.answers.models import REPLIES
from portal.answers.policy import Do as AnswerDo
from portal.answers.policy import addressed
from portal.answers.queries import waiting
from portal.composer.models import AROUND, AnswerDraft, AnswerFile, AnswerTemplate, Presence
from portal.composer.policy import Do
from portal.dossiers.models import Addressee, AddresseeState, Dossier, Signature, SignatureState
from portal.dossiers.policy import Do as DossierDo
from portal.dossiers.queries import NEAR_METRES, supporters_of
from portal.dossiers.timeline import Entry
from portal.kernel.clock import now
from portal.kernel.db import db, find
from portal.kernel.errors import NotAllowed, NotFound
from portal.kernel.policy import allowed, require
from portal.petitions.models import Consent, Lineage
from portal.places import grid
from portal.similar.queries import Alike, alike, fitting

LIKELY = 0.04
"""How likely it has to be the same matter, wherever it lies and however long ago it was."""
LOOKED_AT = 100
"""How many dossiers that were answered are compared, near it and of the authority."""
LYING_NEAR = 500
"""How many near it are looked through, by the index alone: a full district costs no more."""
BEFORE_SHOWN = 4
TO_CHOOSE = 50
MOST_AT_ONCE = 50


def authorities_of(actor: Any) -> list[Organisation]:
    """For whom the actor works today, by name; NotAllowed for somebody who is no official."""
    own: list[Organisation] = actor.organisations(Role.OFFICIAL) if actor.is_authenticated else []
    if not own:
        raise NotAllowed(str(Do.SEE_TEMPLATES))
    return sorted(own, key=lambda o: o.name)


def draft(dossier: Dossier, organisation: Organisation) -> AnswerDraft | None:
    """What the officials of this authority have written so far. Ask for it only for one of them."""
    wanted = db.select(AnswerDraft).filter_by(dossier_id=dossier.id, organisation_id=organisation.id)
    return db.session.scalar(wanted.execution_options(populate_existing=True))


def draft_files(dossier: Dossier, organisation: Organisation) -> list[AnswerFile]:
    """What is attached to the draft, in order."""
    wanted = db.select(AnswerFile).filter_by(dossier_id=dossier.id, organisation_id=organisation.id)
    return list(db.session.scalars(wanted.where(AnswerFile.entry_id.is_(None)).order_by(AnswerFile.id)))


def file(actor: Any, dossier: Dossier, key: str) -> AnswerFile:
    """A file that came with an answer to this dossier, or that is with a draft of the actor's authority."""
    own = {a.organisation_id for a in addressed(actor, dossier)}
    wanted = db.select(AnswerFile, Entry.seq).outerjoin(Entry, AnswerFile.entry_id == Entry.id)
    rows = wanted.where(AnswerFile.dossier_id == dossier.id, AnswerFile.has(key)).order_by(AnswerFile.id)
    gone = _taken_away(dossier)
    for found, seq in db.session.execute(rows):
        public = seq is not None and seq not in gone and allowed(actor, DossierDo.SEE, dossier)
        if public or (seq is None and found.organisation_id in own):
            return found
    raise NotFound(key)


def _taken_away(dossier: Dossier) -> set[int]:
    """Entries whose words and files a moderator took away."""
    hidden = db.session.scalars(db.select(Entry).filter_by(dossier_id=dossier.id, verb="hidden"))
    return {entry.data["hides"] for entry in hidden if "hides" in entry.data}


def is_kept(key: str) -> bool:
    """Whether any answer or draft has this file."""
    return db.session.scalar(db.select(AnswerFile.id).where(AnswerFile.has(key)).limit(1)) is not None


def templates(actor: Any, organisation: Organisation, *, retired: bool = False) -> list[AnswerTemplate]:
    """The authority's own, by name; those that are retired at the end, where they are asked for."""
    require(actor, Do.SEE_TEMPLATES, organisation)
    wanted = db.select(AnswerTemplate).filter_by(organisation_id=organisation.id)
    if not retired:
        wanted = wanted.where(AnswerTemplate.retired_at.is_(None))
    order = (AnswerTemplate.retired_at.is_not(None), AnswerTemplate.name, AnswerTemplate.id)
    return list(db.session.scalars(wanted.order_by(*order)))


def template(actor: Any, template_id: int) -> AnswerTemplate:
    found = find(AnswerTemplate, template_id)
    require(actor, Do.CHANGE_TEMPLATE, found)
    return found


def around(actor: Any, dossier: Dossier) -> list[Presence]:
    """The other officials who have this dossier before them or had it a moment ago, the latest first."""
    require(actor, AnswerDo.NOTE, dossier)
    wanted = db.select(Presence).where(
        Presence.dossier_id == dossier.id,
        Presence.person_id != actor.id,
        Presence.seen_at > now() - AROUND,
    )
    newest = wanted.order_by(Presence.seen_at.desc(), Presence.person_id)
    return list(db.session.scalars(newest.execution_options(populate_existing=True)))


def answered_since(dossier: Dossier, organisation: Organisation, seq: int) -> Entry | None:
    """The newest answer of this authority that stands behind that entry of the timeline."""
    wanted = db.select(Entry).filter_by(
        dossier_id=dossier.id, organisation_id=organisation.id, verb="answered"
    )
    return db.session.scalar(wanted.where(Entry.seq > seq).order_by(Entry.seq.desc()).limit(1))


# --- what was answered on dossiers like this one


@dataclass(frozen=True)
class Before:
    """A dossier like this one, and the last answer that it got."""

    dossier: Dossier
    entry: Entry
    metres: int | None
    """None: without a point, or too far to say."""
    same_category: bool


def before(dossier: Dossier, organisation: Organisation) -> list[Before]:
    """Others that were answered: of the same category and near, or alike in words; the likeliest first."""
    if dossier.hidden_at is not None:
        return []
    likely = [one for one in alike(dossier, _answered(dossier, organisation), anywhere=True) if _helps(one)]
    likely.sort(key=lambda one: not _here(one))
    entries = _last_answers([one.dossier.id for one in likely[: 2 * BEFORE_SHOWN]])
    rows = [_before(one, entries[one.dossier.id]) for one in likely if one.dossier.id in entries]
    return rows[:BEFORE_SHOWN]


def _here(one: Alike) -> bool:
    """Whether it is a case like this one: of the same category and near."""
    return one.features["category"] > 0 and one.metres is not None and one.metres <= NEAR_METRES


def _helps(one: Alike) -> bool:
    return _here(one) or (one.likely >= LIKELY and one.says_the_same)


def _before(one: Alike, entry: Entry) -> Before:
    near = one.metres is not None and one.metres <= NEAR_METRES
    return Before(one.dossier, entry, round(one.metres or 0) if near else None, one.features["category"] > 0)


def _answered(dossier: Dossier, organisation: Organisation) -> Any:
    """Candidates: those lying near, and those of the authority; both bounded and found by an index."""
    done = (Addressee.state == AddresseeState.ANSWERED, Addressee.dossier_id != dossier.id)
    own = db.select(Addressee.dossier_id).where(Addressee.organisation_id == organisation.id, *done)
    ids = [own.order_by(Addressee.due_on.desc()).limit(LOOKED_AT).subquery()]
    if dossier.lat is not None and dossier.lon is not None and dossier.category_slug is not None:
        near = grid.within(NEAR_METRES, (dossier.lat, dossier.lon)).covers(Dossier.lat, Dossier.lon)
        lying = db.select(Dossier.id).where(near).limit(LYING_NEAR).subquery()
        there = db.select(Addressee.dossier_id).join(lying, lying.c.id == Addressee.dossier_id)
        there = there.join(Dossier, Dossier.id == lying.c.id).where(*done)
        same = Dossier.category_slug == dossier.category_slug
        ids.append(there.where(same).limit(LOOKED_AT).subquery())
    return db.or_(*(Dossier.id.in_(db.select(part.c.dossier_id)) for part in ids))


def _last_answers(dossier_ids: Collection[int]) -> dict[int, Entry]:
    """Dossier -> the last answer there that is more than a reply, unless a moderator took its words away."""
    wanted = db.select(Entry).where(
        Entry.dossier_id.in_(dossier_ids), Entry.verb.in_(["answered", "hidden"]), Entry.audience_id.is_(None)
    )
    entries = db.session.scalars(wanted.order_by(Entry.dossier_id, Entry.seq)).all()
    gone = {(entry.dossier_id, entry.data["hides"]) for entry in entries if "hides" in entry.data}
    return {
        entry.dossier_id: entry
        for entry in entries
        if entry.verb == "answered"
        and entry.data.get("kind") not in REPLIES
        and (entry.dossier_id, entry.seq) not in gone
    }


# --- several at once


@dataclass(frozen=True)
class Recipient:
    """One of several dossiers that get the same answer, and who reads it."""

    dossier: Dossier
    supporters: int
    joined: list[Dossier] = field(default_factory=list)
    """Dossiers that joined this petition: the answer counts for them too."""
    mails: dict[str, int] = field(default_factory=dict)
    """Language of the mail around the answer -> how many get one."""


def to_choose(organisation: Organisation, typed: str = "") -> list[Addressee]:
    """What waits for an answer of this authority, narrowed to these words; what is due first comes first."""
    wanted = waiting(organisation).where(Dossier.hidden_at.is_(None))
    if typed.strip():
        wanted = wanted.where(fitting(Dossier.id, typed))
    rows = wanted.order_by(Addressee.due_on, Addressee.dossier_id).limit(TO_CHOOSE)
    return list(db.session.scalars(rows.options(contains_eager(Addressee.dossier))))


def chosen(actor: Any, organisation: Organisation, refs: Iterable[str]) -> list[Dossier]:
    """Those of these dossiers that the actor may answer for this authority, in order of their reference."""
    require(actor, Do.ANSWER_SEVERAL, organisation)
    wanted = sorted({ref.upper() for ref in refs})[:MOST_AT_ONCE]
    found = db.session.scalars(db.select(Dossier).where(Dossier.ref.in_(wanted)).order_by(Dossier.id)).all()
    asked = [d for d in found if any(a.organisation_id == organisation.id for a in addressed(actor, d))]
    return [dossier for dossier in asked if allowed(actor, Do.SEND, dossier)]


def recipients(dossiers: Sequence[Dossier]) -> list[Recipient]:
    """Who gets what: for each dossier its supporters, what joined it, and the languages of the mails."""
    ids = [dossier.id for dossier in dossiers]
    counts, joined, mails = supporters_of(ids), _joined(ids), _mails(ids)
    return [
        Recipient(d, counts[d.id], joined.get(d.id, []), dict(sorted(mails.get(d.id, {}).items())))
        for d in dossiers
    ]


def _joined(ids: Collection[int]) -> dict[int, list[Dossier]]:
    wanted = (
        db.select(Lineage.petition_id, Dossier)
        .join(Dossier, Dossier.id == Lineage.dossier_id)
        .where(Lineage.petition_id.in_(ids), Lineage.consent == Consent.JOINED)
    )
    found: dict[int, list[Dossier]] = {}
    for petition_id, other in db.session.execute(wanted.order_by(Lineage.petition_id, Dossier.id)):
        found.setdefault(petition_id, []).append(other)
    return found


def _mails(ids: Collection[int]) -> dict[int, dict[str, int]]:
    """As the worker will send them: each person once for a dossier with all that joined it."""
    itself = db.select(Dossier.id.label("root"), Dossier.id.label("part")).where(Dossier.id.in_(ids))
    theirs = db.select(Lineage.petition_id, Lineage.dossier_id).where(
        Lineage.petition_id.in_(ids), Lineage.consent == Consent.JOINED
    )
    parts = itself.union(theirs).subquery()
    counted = (
        db.select(parts.c.root, Person.locale, db.func.count(db.distinct(Person.id)))
        .join(Signature, Signature.dossier_id == parts.c.part)
        .join(Person, Person.id == Signature.person_id)
        .where(Signature.state == SignatureState.CONFIRMED)
        .group_by(parts.c.root, Person.locale)
    )
    found: dict[int, dict[str, int]] = {}
    for root, locale, number in db.session.execute(counted):
        found.setdefault(root, {})[locale] = number
    return found
