"""Writing an answer together: drafts, templates, files, being seen; and sending it, to one or several."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite

from portal.accounts.models import Organisation, Person
from portal.answers.commands import answer
from portal.answers.models import AnswerKind
from portal.answers.policy import addressed
from portal.composer import queries
from portal.composer.models import (
    AROUND,
    DRAFTS_STAY,
    LONGEST_DRAFT,
    LONGEST_NAME,
    AnswerDraft,
    AnswerFile,
    AnswerTemplate,
    Presence,
    new_version,
)
from portal.composer.policy import Do
from portal.composer.words import unknown
from portal.dossiers.models import Addressee, Dossier
from portal.dossiers.pictures import SPARED
from portal.dossiers.timeline import Entry
from portal.kernel import jobs
from portal.kernel.clock import now
from portal.kernel.commands import Submission, command
from portal.kernel.db import db
from portal.kernel.errors import AlreadyDone, IllegalMove, Invalid, NotAllowed, Refused

MOST_FILES = 5
NOT_KEPT = frozenset({"csrf_token", "once", "organisation", "seen", "version", "files", "step", "template"})
"""Fields of the form that say nothing about the answer itself."""
NO_NAME, NO_TEXT, TOO_LONG, TOO_MANY = "no_name", "no_text", "too_long", "too_many_files"
UNKNOWN_FIELD = "unknown_field"
"""Why a template or a file is refused: codes, worded in portal/composer/texts.py."""
LONGEST_TEMPLATE = 5000


class Stale(AlreadyDone):
    """A colleague kept another text since this one was opened; nothing of either is lost."""


class Meanwhile(AlreadyDone):
    """A colleague answered since the form was opened. Sent again, both stand on the timeline."""


class Template(Invalid):
    """A template that is refused, with what is wrong in it."""

    def __init__(self, field: str, code: str, found: Sequence[str] = ()) -> None:
        super().__init__(field, code)
        self.found = list(found)


def _speaks(actor: Any, dossier: Dossier, organisation: Organisation) -> None:
    if not any(addressee.organisation_id == organisation.id for addressee in addressed(actor, dossier)):
        raise NotAllowed(f"composer for {organisation.key}")


# --- drafts


@command(Do.SAVE)
def save(
    actor: Person,
    dossier: Dossier,
    *,
    organisation: Organisation,
    values: Mapping[str, Any],
    form: str,
    version: str = "",
    over: str = "",
) -> AnswerDraft | None:
    """Keep what was typed, as it was typed; nothing when this form was sent already.

    Stale when another form than this one kept another text than that of `version`. `over`: the version that
    one has seen and writes over all the same.
    """
    _speaks(actor, dossier, organisation)
    if db.session.get(Submission, form) is not None:
        return None
    typed = {
        name: str(value)[:LONGEST_DRAFT] for name, value in values.items() if value and name not in NOT_KEPT
    }
    kept = queries.draft(dossier, organisation)
    if kept is None:
        kept = AnswerDraft(dossier_id=dossier.id, organisation_id=organisation.id, values={})
        db.session.add(kept)
    elif kept.values == typed:
        return kept
    elif kept.version not in {version, over} and kept.form != form:
        raise Stale(f"draft of {dossier.ref}")
    kept.values, kept.version, kept.form = typed, new_version(), form
    kept.changed_at, kept.person_id = now(), actor.id
    db.session.flush()
    return kept


@command(Do.ATTACH)
def attach(actor: Person, dossier: Dossier, *, organisation: Organisation, file: AnswerFile) -> AnswerFile:
    """Put a file with the draft. The same one a second time changes nothing."""
    _speaks(actor, dossier, organisation)
    known = queries.draft_files(dossier, organisation)
    same = next((other for other in known if other.large == file.large), None)
    if same is not None:
        return same
    if len(known) >= MOST_FILES:
        raise Invalid("file", TOO_MANY)
    file.dossier_id, file.organisation_id = dossier.id, organisation.id
    db.session.add(file)
    db.session.flush()
    return file


@command(Do.ARRANGE)
def arrange(
    actor: Person,
    dossier: Dossier,
    *,
    organisation: Organisation,
    names: Mapping[str, str],
    removed: str = "",
) -> None:
    """Write down what the files of a draft are called, and take one away."""
    _speaks(actor, dossier, organisation)
    for file in queries.draft_files(dossier, organisation):
        if file.large == removed:
            forget_file(file)
        elif file.large in names:
            file.name = " ".join(names[file.large].split())[:LONGEST_NAME]


def forget_file(file: AnswerFile) -> None:
    """Take it away; what is stored goes when nothing else has it. For use inside a command."""
    jobs.later("dossiers.forget_files", due=now() + SPARED, keys=file.keys)
    db.session.delete(file)


def forget_draft(draft: AnswerDraft) -> None:
    """With what is attached to it. For use inside a command."""
    theirs = db.select(AnswerFile).where(
        AnswerFile.dossier_id == draft.dossier_id,
        AnswerFile.organisation_id == draft.organisation_id,
        AnswerFile.entry_id.is_(None),
    )
    for file in db.session.scalars(theirs).all():
        forget_file(file)
    db.session.delete(draft)


@command(Do.BE_HERE, alone=False)
def be_here(actor: Person, addressee: Addressee) -> None:
    """Be seen by others who have the same dossier before them.

    In one statement, and of what was read before: it comes with every look at a dossier.
    """
    row = {
        "dossier_id": addressee.dossier_id,
        "person_id": inspect(actor).identity[0],
        "organisation_id": addressee.organisation_id,
        "seen_at": now(),
    }
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    anew = {name: row[name] for name in ("organisation_id", "seen_at")}
    added = insert(Presence).values(row)
    db.session.execute(added.on_conflict_do_update(index_elements=["dossier_id", "person_id"], set_=anew))


@command(Do.PURGE)
def purge(actor: Any, _: None) -> None:
    """Forget who was where, and the drafts with which nobody goes on, with files that have no draft."""
    db.session.execute(db.delete(Presence).where(Presence.seen_at < now() - AROUND))
    old = now() - DRAFTS_STAY
    for kept in db.session.scalars(db.select(AnswerDraft).where(AnswerDraft.changed_at < old)).all():
        forget_draft(kept)
    loose = db.select(AnswerFile).where(AnswerFile.entry_id.is_(None), AnswerFile.created_at < old)
    drafted = db.select(AnswerDraft.id).where(
        AnswerDraft.dossier_id == AnswerFile.dossier_id,
        AnswerDraft.organisation_id == AnswerFile.organisation_id,
    )
    for file in db.session.scalars(loose.where(~drafted.exists())).all():
        forget_file(file)


# --- templates


@command(Do.WRITE_TEMPLATE)
def write_template(
    actor: Person, organisation: Organisation, *, name: str, text: str, kind: str = ""
) -> AnswerTemplate:
    """Words to begin an answer with, for all officials of this authority."""
    made = AnswerTemplate(organisation=organisation)
    _word(made, name, text, kind)
    db.session.add(made)
    db.session.flush()
    return made


@command(Do.CHANGE_TEMPLATE)
def change_template(
    actor: Person, template: AnswerTemplate, *, name: str, text: str, kind: str = ""
) -> AnswerTemplate:
    """Write it anew; one that was retired can be chosen again."""
    _word(template, name, text, kind)
    template.retired_at = None
    return template


@command(Do.RETIRE_TEMPLATE)
def retire_template(actor: Person, template: AnswerTemplate) -> None:
    template.retired_at = now()


def _word(template: AnswerTemplate, name: str, text: str, kind: str) -> None:
    name, text = " ".join(name.split()), text.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Template("name", TOO_LONG if name else NO_NAME)
    if not text or len(text) > LONGEST_TEMPLATE:
        raise Template("text", TOO_LONG if text else NO_TEXT)
    if found := unknown(text):
        raise Template("text", UNKNOWN_FIELD, found)
    template.name, template.text, template.changed_at = name, text, now()
    template.kind = kind if kind in set(AnswerKind) else ""


# --- sending


@command(Do.SEND)
def send(
    actor: Person,
    dossier: Dossier,
    *,
    organisation: Organisation,
    seen: int | None = None,
    files: Collection[str] = (),
    **facts: Any,
) -> Entry:
    """Answer, with these of the files that are with the draft; the draft is forgotten.

    `seen`: the last entry that whoever writes has read. Meanwhile when the authority answered after it.
    """
    _speaks(actor, dossier, organisation)
    if seen is not None and queries.answered_since(dossier, organisation, seen) is not None:
        raise Meanwhile(f"answer to {dossier.ref}")
    chosen = [file.fact() for file in queries.draft_files(dossier, organisation) if file.large in files]
    given: Entry = answer(actor, dossier, organisation=organisation, files=chosen, **facts)
    kept = queries.draft(dossier, organisation)
    if kept is not None:
        forget_draft(kept)
    for file in queries.draft_files(dossier, organisation):
        forget_file(file)
    return given


@dataclass(frozen=True)
class Outcome:
    """What became of one of several answers: the entry, or why there is none."""

    ref: str
    entry: Entry | None = None
    why: str = ""


MOVED, ANSWERED, THROUGH_PETITION = "moved", "answered", "through_petition"


def send_each(
    actor: Person,
    organisation: Organisation,
    *,
    chosen: Sequence[tuple[Dossier, int]],
    once: str,
    joined: Collection[int] = (),
    **facts: Any,
) -> list[Outcome]:
    """The same answer to each of these dossiers, every one in its own transaction, with its own entry.

    `chosen`: each with the last entry that was read. One that moved meanwhile is left out and told, and so is
    one of `joined`: it gets the answer through a petition that is chosen too.
    """
    pairs = [(str(dossier.ref), dossier.id, seen) for dossier, seen in chosen]
    return [
        Outcome(ref, why=THROUGH_PETITION)
        if number in joined
        else _send_one(actor, (ref, number, seen), organisation, once, facts)
        for ref, number, seen in pairs
    ]


def _send_one(
    actor: Person, one: tuple[str, int, int], organisation: Organisation, once: str, facts: dict[str, Any]
) -> Outcome:
    ref, number, seen = one
    key = f"{number}:{once}"[:64]
    try:
        dossier = db.session.get_one(Dossier, number)
        return Outcome(ref, send(actor, dossier, once=key, organisation=organisation, seen=seen, **facts))
    except Meanwhile:
        return Outcome(ref, why=ANSWERED)
    except (NotAllowed, IllegalMove, AlreadyDone):
        return Outcome(ref, why=MOVED)
    except Refused as error:
        return Outcome(ref, why=str(error))
