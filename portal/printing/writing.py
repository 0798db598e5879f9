"""From a dossier to paper: its words in a language, each piece as a PDF, and what it looks like."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

from flask_babel import force_locale
from flask_babel import gettext as _

from portal.dossiers.cards import excerpt
from portal.dossiers.models import SIGNABLE, Dossier, Kind
from portal.dossiers.sharing import KINDS
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
HEIGHTS = {Piece.BANNER: 310, Piece.DOOR_CARD: 1302}
"""How tall a proof is; the others are as tall as paper of A3, A4 or A5."""
USUAL = 877
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
    by = dossier.organisation.name if dossier.organisation else str(texts.NEIGHBOUR)
    open_to_signing = dossier.state in SIGNABLE and dossier.forgotten_at is None
    return Kit(
        language=language,
        ref=str(dossier.ref),
        name=str(texts.NAMES[piece]),
        kind=str(KINDS[kind]).capitalize(),
        title=dossier.title,
        why=excerpt(dossier.body, WHY),
        asked=tuple(demand.text for demand in demands(dossier)),
        asked_head=str(texts.ASKED),
        to=_("To: %(names)s", names=to) if to else "",
        by=_("From %(name)s", name=by),
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


def file_name(ref: str, piece: Piece, language: str) -> str:
    return f"{ref}-{piece}-{language}.pdf"


# Sheets


def sheet_words(ref: str, keeper: str) -> SheetWords:
    """In the language that is spoken now."""
    return SheetWords(
        name=str(texts.SHEET),
        code_label=str(texts.CODE),
        heads={name: str(head) for name, head in texts.HEADS.items()},
        privacy=_(
            "What you write here is only used to count your signature for %(ref)s. %(keeper)s keeps this "
            "sheet. Six months after the petition ends your data is removed.",
            ref=ref,
            keeper=keeper,
        ),
        photograph=str(texts.PHOTOGRAPH),
        page=_("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
    )


def _one(sheet: Sheet) -> OneSheet:
    """In the language that is spoken now."""
    stairwell = _("stairwell %(stairwell)s", stairwell=sheet.stairwell) if sheet.stairwell else ""
    place = ", ".join(filter(None, [sheet.building, stairwell])) or str(texts.EVERYWHERE)
    return OneSheet(sheet.code, address_of(sheet), place, bool(sheet.building), sheet.rows)


def sheets(dossier: Dossier, language: str, printed: Sequence[Sheet], drawn: Callable[[int], None]) -> bytes:
    """One document with all of these sheets, of the day on which they were issued; `drawn` hears of each."""
    with force_locale(language):
        words = replace(_kit(dossier, Piece.SHEETS, language), at=printed[0].issued_at)
        made = Sheets(words, sheet_words(words.ref, printed[0].organisation.name))
        each = [_one(sheet) for sheet in printed]
    for number, sheet in enumerate(each, 1):
        made.add(sheet)
        drawn(number)
    return made.bytes()


@lru_cache(maxsize=32)
def sample(words: Kit, keeper: str) -> bytes:
    """What a sheet looks like, with a code that nobody can enter."""
    with force_locale(words.language):
        made = Sheets(words, sheet_words(words.ref, keeper))
        made.add(OneSheet(str(texts.SAMPLE), words.address, str(texts.EVERYWHERE), False, ROWS))
    return png(made.bytes(), PROOF)
