"""What tests of the composer send: a document, a photo; and what they fill in."""

from io import BytesIO
from typing import Any

from fpdf import FPDF

from portal.composer import commands
from portal.composer.models import AnswerDraft, AnswerFile, AnswerTemplate, new_version
from portal.dossiers.models import Dossier
from portal.kernel.db import db
from tests.answers.making import Case
from tests.issues.reporting import a_photo

AUTHOR = "Author Of The Drawing"
SAID = {"kind": "done", "text": "Our words.", "level": "decision"}


def a_document(words: str = "The new bins.") -> bytes:
    """A PDF that says who made it."""
    pdf = FPDF()
    pdf.set_author(AUTHOR)
    pdf.add_page()
    pdf.set_font("helvetica", size=12)
    pdf.cell(text=words)
    return bytes(pdf.output())


def sent(content: bytes, name: str) -> tuple[BytesIO, str]:
    return BytesIO(content), name


def a_photo_file() -> tuple[BytesIO, str]:
    return sent(a_photo(size=(80, 60)), "new-bins.jpg")


def a_draft(case: Case, text: str, dossier: Dossier | None = None) -> AnswerDraft:
    made: AnswerDraft = commands.save(
        case.official,
        dossier or case.dossier,
        organisation=case.authority,
        values=SAID | {"text": text},
        form=new_version(),
    )
    return made


def a_template(case: Case, text: str = "About {title}.", **given: Any) -> AnswerTemplate:
    known = {"name": "Received", "text": text} | given
    made: AnswerTemplate = commands.write_template(case.official, case.authority, **known)
    return made


def drafts() -> list[AnswerDraft]:
    db.session.commit()
    return list(db.session.scalars(db.select(AnswerDraft).order_by(AnswerDraft.id)))


def files() -> list[AnswerFile]:
    db.session.commit()
    return list(db.session.scalars(db.select(AnswerFile).order_by(AnswerFile.id)))
