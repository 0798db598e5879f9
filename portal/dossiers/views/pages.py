"""The list of dossiers, the page of one, and its pictures."""

from io import BytesIO

from flask import request, send_file
from werkzeug import Response

from portal.dossiers import queries, sharing
from portal.dossiers.forms import FilterForm
from portal.dossiers.policy import Do
from portal.dossiers.views.acts import open_acts
from portal.dossiers.views.blueprint import SUPPORT, dossiers, in_full, readable
from portal.dossiers.views.results import find
from portal.kernel import storage
from portal.web.files import YEAR
from portal.web.responses import page
from portal.web.visitor import me

SHORT = 60
"""Seconds that a cache before the portal shows a photo without asking whether it may still be seen."""
TYPES = {"webp": "image/webp", "avif": "image/avif", "jpg": "image/jpeg", "png": "image/png"}


@dossiers.get("/dossiers")
def index() -> Response:
    form = FilterForm.of(request.args)
    found = find(form.chosen, request.args.get("page", 1, int), request.args)
    form.keep_what_occurs(found.facets)
    meta = sharing.listing(found.url_for(found.number), found.total)
    return page("dossiers/index.html", "dossiers/_list.html", form=form, found=found, meta=meta)


@dossiers.get("/d/<ref>")
def show(ref: str) -> Response:
    dossier = queries.dossier(me(), ref)
    acts = open_acts(dossier)
    if not readable(dossier):
        return page("dossiers/hidden.html", dossier=dossier, acts=acts, Do=Do)
    return page("dossiers/show.html", SUPPORT, acts=acts, **in_full(dossier))


@dossiers.get("/photos/<key>")
def photo(key: str) -> Response:
    """A picture. Its key is its content, so it never changes and may be kept, a draft's by who writes it."""
    open_to_all = queries.photo(me(), key)
    file = BytesIO(storage.get(key))
    answer = send_file(file, TYPES[key.rpartition(".")[2]], etag=key, max_age=YEAR)
    whose = f"public, s-maxage={SHORT}" if open_to_all else "private"
    answer.headers["Cache-Control"] = f"{whose}, max-age={YEAR}, immutable"
    return answer
