"""Documents that come from outside: in PDF, and written anew before they are kept."""

import io
import re
from threading import Lock

from portal.kernel.later import Later

pypdfium2, raw = Later("pypdfium2"), Later("pypdfium2.raw")
PDF = b"%PDF-"
ONE_AT_A_TIME = Lock()
"""PDFium is not made for several threads."""
RUNS = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|SubmitForm|ImportData|RichMedia|GoToR|AA)\b")
"""What a page may not have: it would run something, or fetch it."""
STREAMS = re.compile(rb"\bstream\r?\n.*?endstream", re.DOTALL)
"""Pictures and letters. Their bytes are chance, and among millions any three of them turn up."""


class Unreadable(ValueError):
    """It is broken, locked with a password, or would run something."""


class TooLong(ValueError):
    """It has more pages than are kept."""


def is_pdf(content: bytes) -> bool:
    return content.lstrip()[: len(PDF)] == PDF


def anew(content: bytes, most_pages: int) -> bytes:
    """Its pages in a document of our own: without who wrote it, notes, forms, scripts, or files within it.

    What stands on the pages is as it was; a photo on a page keeps what its camera wrote into it. Takes up to
    a second: call it before a command, which holds the database's write lock. Raises Unreadable or TooLong.
    """
    try:
        with ONE_AT_A_TIME:
            written = _written(content, most_pages)
    except TooLong:
        raise
    except Exception as error:  # made to break its reader, it can break it in any way
        raise Unreadable(type(error).__name__) from error
    if RUNS.search(STREAMS.sub(b"", written)):
        raise Unreadable("it would run something")
    return written


def _written(content: bytes, most_pages: int) -> bytes:
    old, new = pypdfium2.PdfDocument(content), pypdfium2.PdfDocument.new()
    try:
        if len(old) > most_pages:
            raise TooLong
        if not len(old):
            raise Unreadable("no page")
        new.import_pages(old)
        for page in new:
            for place in reversed(range(raw.FPDFPage_GetAnnotCount(page))):
                raw.FPDFPage_RemoveAnnot(page, place)
        written = io.BytesIO()
        new.save(written)
        return written.getvalue()
    finally:
        new.close()
        old.close()
