"""Pages of paper sheets: what their code opens, and typing them in."""

from flask import Blueprint, redirect, url_for
from werkzeug import Response

from portal.sheets import queries

sheets = Blueprint("sheets", __name__)


@sheets.get("/t/<code>")
def scan(code: str) -> Response:
    """What the code on a sheet opens: whoever holds the paper can sign online, too."""
    sheet = queries.known(code)
    return redirect(url_for("dossiers.show", ref=sheet.dossier.ref), 303)
