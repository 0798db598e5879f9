"""What the screen on which an answer is written shows beside the form."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import format_datetime

from portal.accounts.models import Organisation
from portal.answers.models import AnswerKind
from portal.answers.queries import authorities, spoke_for
from portal.answers.texts import sized, title
from portal.composer import queries, texts
from portal.composer.commands import MOST_FILES
from portal.composer.forms import ComposeForm
from portal.composer.models import AnswerDraft, AnswerFile, AnswerTemplate, FileKind
from portal.composer.queries import Before, Recipient
from portal.dossiers.cards import excerpt
from portal.dossiers.models import Dossier
from portal.dossiers.texts import Shown, when


@dataclass
class Composing:
    """An answer being written: the draft that is kept, what is with it, who else is there."""

    form: ComposeForm
    dossier: Dossier
    organisation: Organisation
    draft: AnswerDraft | None
    files: Sequence[AnswerFile]
    templates: Sequence[AnswerTemplate]
    theirs: AnswerDraft | None = None
    """What a colleague kept meanwhile, when ours was refused."""
    problem: str = ""
    """What is wrong with a file."""
    meanwhile: Shown | None = None
    """What a colleague answered since the form was opened."""

    sized = staticmethod(sized)

    @property
    def saved(self) -> str:
        """When the draft was kept, in words; empty without one."""
        return str(format_datetime(self.draft.changed_at, "d MMMM HH:mm")) if self.draft else ""

    @property
    def keys(self) -> str:
        return " ".join(file.large for file in self.files)

    @property
    def room(self) -> bool:
        return len(self.files) < MOST_FILES

    @property
    def asks_photo(self) -> bool:
        """What is done can be shown: the form asks for a photo of it."""
        done = self.form.chosen == AnswerKind.DONE
        return done and not any(file.kind == FileKind.PICTURE for file in self.files)


def composing(actor: Any, dossier: Dossier, form: ComposeForm, draft: AnswerDraft | None) -> Composing:
    """The form with everything that it offers. `form` knows for whom."""
    organisation = form.speaker
    files = queries.draft_files(dossier, organisation) if draft is not None else []
    templates = queries.templates(actor, organisation)
    form.with_files(files).offer_templates(templates)
    return Composing(form, dossier, organisation, draft, files, templates)


def begun(actor: Any, dossier: Dossier, organisation: Organisation, kind: str | None = None) -> Composing:
    """As it stands in the draft of this authority."""
    draft = queries.draft(dossier, organisation)
    form = ComposeForm.begun(dossier, draft, kind=kind, organisation=organisation.key)
    form.speak_for(spoke_for(actor, dossier), authorities)
    made = composing(actor, dossier, form, draft)
    form.files.data = made.keys
    return made


@dataclass(frozen=True)
class BeforeRow:
    """What was answered on a dossier like this one, in short."""

    dossier: Dossier
    kind: str
    words: str
    language: str
    who: str
    on: str
    url: str
    metres: int | None
    same_category: bool


def before(dossier: Dossier, organisation: Organisation) -> list[BeforeRow]:
    return [_row(found) for found in queries.before(dossier, organisation)]


def _row(found: Before) -> BeforeRow:
    entry = found.entry
    return BeforeRow(
        dossier=found.dossier,
        kind=title(entry),
        words=excerpt(entry.text or "", 240),
        language=entry.language,
        who=entry.organisation.name if entry.organisation else "",
        on=when(entry.on, entry.precision),
        url=f"/d/{found.dossier.ref}#e{entry.seq}",
        metres=found.metres,
        same_category=found.same_category,
    )


@dataclass(frozen=True)
class Several:
    """Dossiers that get one answer, and who reads it."""

    organisation: Organisation
    recipients: list[Recipient]

    language_of = staticmethod(texts.language)

    @property
    def joined(self) -> frozenset[int]:
        """Numbers of those that get it through a petition that is among them."""
        return frozenset(other.id for one in self.recipients for other in one.joined)


def several(organisation: Organisation, dossiers: Sequence[Dossier]) -> Several:
    return Several(organisation, queries.recipients(dossiers))
