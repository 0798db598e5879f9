"""What stands on paper, and how the pieces are called. Looked up in the language in which is printed."""

from typing import Any

from flask_babel import lazy_gettext as _

from portal.dossiers.models import Kind
from portal.printing.models import Piece

NAMES: dict[Piece, Any] = {
    Piece.POSTER_A3: _("Poster A3"),
    Piece.POSTER_A4: _("Poster A4"),
    Piece.FLYER_A5: _("Flyer A5"),
    Piece.BANNER: _("Banner, 2 by 1 metre"),
    Piece.DOOR_CARD: _("Door card"),
    Piece.SHEETS: _("Signature sheets"),
}
USES: dict[Piece, Any] = {
    Piece.POSTER_A3: _("For the hall, the lift and the shop. The print shop has this size."),
    Piece.POSTER_A4: _("For behind your window. Any printer will do."),
    Piece.FLYER_A5: _("For the letter box, or to hand out."),
    Piece.BANNER: _("For the fence or the balcony. A print shop makes it from this file."),
    Piece.DOOR_CARD: _("To hang on a door. Use thick paper and cut out the hole."),
    Piece.SHEETS: _("To go round with. Each sheet has its own code, so nothing is counted twice."),
}
CALLS = {Kind.ISSUE: _("Say “me too”"), Kind.PLAN: _("Join in"), Kind.PETITION: _("Sign it, too")}
OVER = _("See what came of it")
SCAN = _("Scan the code with your phone, or go to")
EASY = _("It takes one minute. All you need is an e-mail address.")
NEIGHBOUR = _("a neighbour")
ASKED = _("This is what we ask")
HELLO, CAME_BY = _("Hello, neighbour!"), _("We came by about this:")
CUT = _("Cut out")

SHEET = _("Signature sheet")
CODE = _("Code of this sheet")
EVERYWHERE = _("the whole neighbourhood")
HEADS = {
    "number": _("No."),
    "name": _("Name"),
    "house": _("House number"),
    "building": _("Building"),
    "mail": _("E-mail (not required)"),
    "signature": _("Signature"),
}
"""Column of a sheet -> what stands above it."""
PHOTOGRAPH = _("Full? Photograph this sheet from straight above. Then enter it on Rotonde.")
SAMPLE = _("EXAMPLE")
