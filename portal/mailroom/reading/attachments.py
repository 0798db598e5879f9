"""What may be kept of what came with a mail: pictures, made anew, and documents in PDF, written anew."""

import io
import re
from dataclasses import dataclass
from threading import Lock

import pypdfium2
from pypdfium2 import raw

from portal.dossiers.pictures import keep_large
from portal.kernel import storage
from portal.kernel.errors import Invalid

MOST_FILES = 10
MOST_TRIED = 30
MOST_PAGES = 100
MOST_BYTES = 15 * 1024 * 1024
SMALLEST_PICTURE = 8 * 1024
"""Below that it is a logo under a signature, or a dot by which one is followed."""
RUNS = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|SubmitForm|ImportData|RichMedia|GoToR|AA)\b")
"""What a page may not have: it would run something, or fetch it."""
TEXT = "txt"
_one_at_a_time = Lock()
"""PDFium is not made for several threads."""


@dataclass(frozen=True)
class Kept:
    key: str
    kind: str
    """`webp`, `pdf` or `txt`."""
    size: int


def keep(files: list[tuple[str, bytes]]) -> tuple[list[Kept], int]:
    """What of these is kept, and how many were left out. Takes a while: call it before the command."""
    kept: list[Kept] = []
    left_out = max(0, len(files) - MOST_TRIED)
    for _, content in files[:MOST_TRIED]:
        if _is_picture(content) and len(content) < SMALLEST_PICTURE:
            continue
        found = _kept(content) if len(kept) < MOST_FILES else None
        if found is None:
            left_out += 1
        elif found.key not in {one.key for one in kept}:
            kept.append(found)
    return kept, left_out


def keep_text(text: str) -> Kept:
    """Words that are too long for a page, whole."""
    content = text.encode()
    return Kept(storage.put(content, TEXT), TEXT, len(content))


def _is_picture(content: bytes) -> bool:
    return content.startswith((b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM")) or content[:4] == b"RIFF"


def _kept(content: bytes) -> Kept | None:
    """Its own bytes say what it is: what a mail calls it is not looked at."""
    if content.lstrip()[:5] == b"%PDF-":
        anew = _anew(content) if len(content) <= MOST_BYTES else b""
        return Kept(storage.put(anew, "pdf"), "pdf", len(anew)) if anew else None
    try:
        key = keep_large(content)
    except Invalid:
        return None
    return Kept(key, "webp", storage.path(key).stat().st_size)


def _anew(content: bytes) -> bytes:
    """Its pages in a document of our own: without who wrote it, notes, forms, scripts, or files in it."""
    with _one_at_a_time:
        return _written(content)


def _written(content: bytes) -> bytes:
    try:
        old, new = pypdfium2.PdfDocument(content), pypdfium2.PdfDocument.new()
        if not 0 < len(old) <= MOST_PAGES:
            return b""
        new.import_pages(old)
        for page in new:
            for place in reversed(range(raw.FPDFPage_GetAnnotCount(page))):
                raw.FPDFPage_RemoveAnnot(page, place)
        written = io.BytesIO()
        new.save(written)
        for document in (new, old):
            document.close()
    except Exception:  # made to break its reader, it can break it in any way
        return b""
    return b"" if RUNS.search(written.getvalue()) else written.getvalue()
