"""What may be kept of what came with a mail: pictures, made anew, and documents in PDF, written anew."""

from dataclasses import dataclass

from portal.dossiers.pictures import keep_large
from portal.kernel import documents, storage
from portal.kernel.errors import Invalid

MOST_FILES = 10
MOST_TRIED = 30
MOST_PAGES = 100
MOST_BYTES = 15 * 1024 * 1024
SMALLEST_PICTURE = 8 * 1024
"""Below that it is a logo under a signature, or a dot by which one is followed."""
TEXT = "txt"


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
    if documents.is_pdf(content):
        return _document(content) if len(content) <= MOST_BYTES else None
    try:
        key = keep_large(content)
    except Invalid:
        return None
    return Kept(key, "webp", storage.size(key))


def _document(content: bytes) -> Kept | None:
    try:
        anew = documents.anew(content, MOST_PAGES)
    except (documents.Unreadable, documents.TooLong):
        return None
    return Kept(storage.put(anew, "pdf"), "pdf", len(anew))
