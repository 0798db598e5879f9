"""From the bytes that an official sends to what is kept.

A picture is rid of all that cannot be seen, a PDF of what it says about its maker.
"""

from portal.composer.models import LONGEST_NAME, AnswerFile, FileKind
from portal.dossiers import pictures
from portal.kernel import documents, storage
from portal.kernel.errors import Invalid

FIELD = "file"
MOST_BYTES = 15 * 1024 * 1024
MOST_READ = MOST_BYTES + 1
"""No more of a file is taken into memory: one byte over is enough to refuse it."""
MOST_PAGES = 300
NOT_A_FILE, TOO_HEAVY, PDF_BROKEN, TOO_MANY_PAGES = (
    "not_a_file",
    "file_too_heavy",
    "pdf_broken",
    "too_many_pages",
)
"""Why a file is refused: codes, worded in portal/composer/texts.py."""


def keep(content: bytes, name: str) -> AnswerFile:
    """Keep a file and return it, belonging to nothing yet. What it is called says nothing of what it is.

    Takes up to a second: call it before the command, which holds the database's write lock.
    """
    if len(content) > MOST_BYTES:
        raise Invalid(FIELD, TOO_HEAVY)
    said = titled(name)
    if documents.is_pdf(content):
        clean = _anew(content)
        return AnswerFile(kind=FileKind.PDF, name=said, size=len(clean), large=storage.put(clean, "pdf"))
    return _picture(content, said)


def _anew(content: bytes) -> bytes:
    try:
        return documents.anew(content, MOST_PAGES)
    except documents.TooLong as error:
        raise Invalid(FIELD, TOO_MANY_PAGES) from error
    except documents.Unreadable as error:
        raise Invalid(FIELD, PDF_BROKEN) from error


def _picture(content: bytes, name: str) -> AnswerFile:
    try:
        kept = pictures.keep(content)
    except Invalid as error:
        code = NOT_A_FILE if error.message == pictures.NOT_A_PHOTO else error.message
        raise Invalid(FIELD, code) from error
    files = {column: getattr(kept, column) for column in AnswerFile.FILES}
    size = storage.size(kept.large)
    small = {"small_width": kept.small_width, "small_height": kept.small_height}
    return AnswerFile(kind=FileKind.PICTURE, name=name, size=size, **files, **small)


def titled(name: str) -> str:
    """A file's name as words, to begin with: `nieuwe_bakken-2.pdf` is "nieuwe bakken 2"."""
    stem = name.replace("\\", "/").rpartition("/")[2]
    stem = stem.rpartition(".")[0] or stem
    words = " ".join(stem.replace("_", " ").replace("-", " ").split())
    return "".join(letter for letter in words if letter.isprintable())[:LONGEST_NAME]
