"""Fixed wording of sheets, and the address that stands on them."""

from portal.sheets.models import Sheet
from portal.web.paths import public_url


def address(sheet: Sheet) -> str:
    """What its QR code holds: for everybody the petition, for who may type it in the page to do so."""
    return public_url("sheets.scan", code=sheet.code)
