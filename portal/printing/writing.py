"""From a dossier to paper: the words in the language of the print, the piece as a PDF, and what it looks like."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from flask_babel import force_locale
from flask_babel import gettext as _

from portal.dossiers.cards import excerpt
from portal.dossiers.models import SIGNABLE, Dossier, Kind
from portal.petitions.queries import demands
from portal.printing import texts
from portal.printing.drawing import Kit, Sheets, SheetWords, banner, door_card, flyer, poster
from portal.printing.drawing.sheets import OneSheet
from portal.printing.models import Piece
from portal.sheets.models import Sheet
from portal.sheets.texts import address as address_of
from portal.web.paths import public_url
from portal.web.proofs import png

DRAWN: dict[Piece, Callable[[Kit], bytes]] = {
    Piece.POSTER_A3: lambda kit: poster(kit, large=True),
    Piece.POSTER_A4: lambda kit: poster(kit, large=False),
    Piece.FLYER_A5: flyer,
    Piece.BANNER: banner,
    Piece.DOOR_CARD: door_card,
}
PROOF = 620
"""Pixels across of a proof."""
WHY = 300
ROWS = 20


def kit(dossier: Dossier, piece: Piece, language: str) -> Kit:
    """The words of this piece."""
    with force_locale(language):
        return _kit(dossier, piece, language)


def _kit(dossier: Dossier, piece: Piece, language: str) -> Kit:
    kind, short = Kind(dossier.kind), public_url("dossiers.short", number=dossier.ref)
    typed = short.partition("://")[2]
    to = ", ".join(addressee.organisation.name for addressee in dossier.addressees)
    around = dossier.neighbourhood.name if dossier.neighbourhood else ""
    by = dossier.organisation.name if dossier.organisation else str(texts.NEIGHBOUR)
    open_to_signing = dossier.state in SIGNABLE and dossier.forgotten_at is None
    return Kit(
        language=language,
        ref=str(dossier.ref),
        name=str(texts.NAMES[piece]),
        kind=str(texts.KINDS[kind]),
        title=dossier.title,
        why=excerpt(dossier.body, WHY),
        asked=tuple(demand.text for demand in demands(dossier)),
        asked_head=str(texts.ASKED),
        to=f"{texts.TO}: {to}" if to else "",
        by=f"{texts.BY} {by}",
        place=", ".join(dict.fromkeys(filter(None, [dossier.place_name, around]))),
        call=str(texts.CALLS[kind] if open_to_signing else texts.OVER),
        scan=str(texts.SCAN),
        easy=str(texts.EASY) if open_to_signing else "",
        more=_("You find the whole text at %(address)s.", address=typed),
        hello=str(texts.HELLO),
        came_by=str(texts.CAME_BY),
        cut=str(texts.CUT),
        address=short,
        short=typed,
        at=dossier.changed_at,
    )


@lru_cache(maxsize=32)
def document(piece: Piece, words: Kit) -> bytes:
    """The piece as a PDF; the last ones are kept."""
    return DRAWN[piece](words)


@lru_cache(maxsize=128)
def proof(piece: Piece, words: Kit) -> bytes:
    """What it looks like."""
    return png(document(piece, words), PROOF)


def file_name(words: Kit, piece: Piece) -> str:
    return f"{words.ref}-{piece}-{words.language}.pdf"


# Sheets


def sheet_words(language: str, ref: str, keeper: str) -> SheetWords:
    with force_locale(language):
        heads = {
            "number": texts.NUMBER,
            "name": texts.NAME,
            "house": texts.HOUSE,
            "building": texts.BUILDING,
            "mail": texts.MAIL,
            "signature": texts.SIGNATURE,
        }
        return SheetWords(
            name=str(texts.SHEET),
            code_label=str(texts.CODE),
            heads={name: str(head) for name, head in heads.items()},
            privacy=_privacy(ref, keeper),
            photograph=str(texts.PHOTOGRAPH),
            page=_("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
        )


def _privacy(ref: str, keeper: str) -> str:
    return _(
        "What you write here is only used to count your signature for %(ref)s. %(keeper)s keeps this sheet. "
        "Six months after the petition ends your data is removed.",
        ref=ref,
        keeper=keeper,
    )


def _one(sheet: Sheet) -> OneSheet:
    """In the language that is spoken now."""
    stairwell = _("stairwell %(stairwell)s", stairwell=sheet.stairwell) if sheet.stairwell else ""
    place = ", ".join(filter(None, [sheet.building, stairwell])) or str(texts.EVERYWHERE)
    return OneSheet(sheet.code, address_of(sheet), place, bool(sheet.building), sheet.rows)


def sheets(dossier: Dossier, language: str, printed: Iterable[Sheet]) -> Iterator[tuple[int, Sheets]]:
    """The document as it grows: how many sheets are in it. Its date is that of the sheets."""
    made: Sheets | None = None
    for number, sheet in enumerate(printed, 1):
        with force_locale(language):
            if made is None:
                words = replace(kit(dossier, Piece.SHEETS, language), at=sheet.issued_at)
                made = Sheets(words, sheet_words(language, words.ref, sheet.organisation.name))
            made.add(_one(sheet))
        yield number, made


@lru_cache(maxsize=32)
def sample(words: Kit, keeper: str, place: str) -> bytes:
    """A page with no code of its own, to look at before sheets are made: nobody can enter it."""
    with force_locale(words.language):
        made = Sheets(words, sheet_words(words.language, words.ref, keeper))
        made.add(OneSheet(str(texts.SAMPLE), words.address, place or str(texts.EVERYWHERE), False, ROWS))
    return png(made.bytes(), PROOF)


def proof_of_sheet(dossier: Dossier, language: str, keeper: str) -> bytes:
    return sample(kit(dossier, Piece.SHEETS, language), keeper, "")


