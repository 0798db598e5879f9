"""What a shared link leads to: the picture of its preview, and the page behind a short address."""

from flask import redirect, url_for
from werkzeug import Response

from portal.dossiers import queries
from portal.dossiers.sharing import preview as preview_of
from portal.dossiers.views.blueprint import dossiers
from portal.web.meta import picture


@dossiers.get("/d/<ref>/preview.png")
def preview(ref: str) -> Response:
    """The same for everybody, and there is none of what not everybody may see."""
    dossier = queries.shared(ref)
    return picture(lambda: preview_of(dossier, queries.supporters_of([dossier.id])[dossier.id]))


@dossiers.get("/<reference:number>")
def short(number: str) -> Response:
    """K-1042 and k-1042: short enough to say, to write on a poster, and for a QR code."""
    return redirect(url_for(".show", ref=number.upper()), 308)
