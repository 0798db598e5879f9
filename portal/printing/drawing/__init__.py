"""How each piece looks: words and sizes in, a PDF out. Nothing here asks the database."""

from portal.printing.drawing.cards import banner, door_card
from portal.printing.drawing.kit import Kit, SheetWords
from portal.printing.drawing.posters import flyer, poster
from portal.printing.drawing.sheets import Sheets

__all__ = ["Kit", "SheetWords", "Sheets", "banner", "door_card", "flyer", "poster"]
