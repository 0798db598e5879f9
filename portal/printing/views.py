"""The print kit of a dossier: choosing a piece, looking at it, fetching it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, make_response, request, url_for
from werkzeug import Response
from werkzeug.datastructures import MultiDict

from portal.dossiers.models import Dossier
from portal.kernel import storage
from portal.kernel.errors import Invalid, NotFound
from portal.kernel.policy import NOBODY, allowed, require
from portal.printing import commands, panels, queries, texts, writing  # noqa: F401 (panels register)
from portal.printing.forms import PieceForm, SheetsForm
from portal.printing.models import Piece, PrintJob
from portal.printing.policy import Do
from portal.web.files import YEAR
from portal.web.responses import done, invalid, page
from portal.web.visitor import me

printing = Blueprint("printing", __name__)
CHOSEN, PROGRESS = "printing/_chosen.html", "printing/_progress.html"


@printing.get("/d/<ref>/print")
def index(ref: str) -> Response:
    dossier = queries.dossier(me(), ref)
    return page("printing/index.html", CHOSEN, **kit_context(dossier, request.args))


def kit_context(dossier: Dossier, given: Any, sheets: SheetsForm | None = None) -> dict[str, Any]:
    """What the page shows: the pieces, and the one that is chosen."""
    form = PieceForm.of(given, with_sheets=allowed(me(), Do.ORDER, dossier))
    language = str(form.language.data)
    shown = {"dossier": dossier, "form": form, "jobs": [], "sheets": None}
    if form.chosen == Piece.SHEETS:
        shown["sheets"] = sheets or sheets_form(dossier, language, formdata=None)
        shown["jobs"] = queries.jobs_of(me(), dossier)
    return shown | _piece(dossier, form.chosen, language)


def _piece(dossier: Dossier, piece: Piece, language: str) -> dict[str, Any]:
    version = writing.kit(dossier, piece, language).version
    asked: dict[str, Any] = {"ref": dossier.ref, "piece": piece, "language": language}
    height = writing.HEIGHTS.get(piece, writing.USUAL)
    return {
        "piece": {"key": piece, "name": texts.NAMES[piece], "use": texts.USES[piece], "height": height},
        "proof": url_for(".proof", v=version, **asked),
        "file": url_for(".file", **asked),
    }


def sheets_form(dossier: Dossier, language: str = "", **more: Any) -> SheetsForm:
    return SheetsForm(queries.names(me(), dossier), queries.flats(dossier), language, **more)


def _asked() -> tuple[Piece, str]:
    """The piece and the language of a file."""
    form = PieceForm.of(request.args, with_sheets=True)
    return form.chosen, str(form.language.data)


@printing.get("/d/<ref>/print.png")
def proof(ref: str) -> Response:
    """What a piece looks like. Of sheets: one that nobody can enter."""
    piece, language = _asked()
    dossier = queries.pictured(me(), ref, Do.SAMPLE if piece == Piece.SHEETS else Do.PRINT)
    words = writing.kit(dossier, piece, language)
    if piece != Piece.SHEETS:
        return _file(lambda: writing.proof(piece, words), "image/png", words.version, dossier)
    keeper = queries.names(me(), dossier)[0].name
    answer = _file(lambda: writing.sample(words, keeper), "image/png", words.version)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@printing.get("/d/<ref>/print.pdf")
def file(ref: str) -> Response:
    dossier, (piece, language) = queries.dossier(me(), ref), _asked()
    if piece == Piece.SHEETS:
        raise NotFound("sheets are made by the worker")
    words = writing.kit(dossier, piece, language)
    return _named(
        _file(lambda: writing.document(piece, words), "application/pdf", words.version, dossier),
        writing.file_name(words.ref, piece, language),
    )


def _file(make: Callable[[], bytes], mimetype: str, version: str, of: Dossier | None = None) -> Response:
    """Made unless the browser has it; for ever where its address says which one it is.

    `of`: the dossier on it; what everybody may print anyone may keep.
    """
    known = version in request.if_none_match
    answer = make_response(b"" if known else make(), 304 if known else 200)
    answer.mimetype = mimetype
    answer.set_etag(version)
    current = request.args.get("v") == version
    whose = "public" if of is not None and allowed(NOBODY, Do.PRINT, of) else "private"
    keep = f"{whose}, max-age={YEAR}, immutable"
    answer.headers["Cache-Control"] = keep if current else "private, no-cache"
    return answer


def _named(answer: Response, name: str) -> Response:
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@printing.post("/d/<ref>/print/sheets")
def order(ref: str) -> Response:
    dossier = queries.dossier(me(), ref)
    require(me(), Do.ORDER, dossier)
    form = sheets_form(dossier)
    made = _ordered(dossier, form)
    if made is None:
        asked = MultiDict({"piece": str(Piece.SHEETS), "language": form.language.data or ""})
        return invalid("printing/index.html", CHOSEN, **kit_context(dossier, asked, form))
    return done(url_for(".job", print_id=made.id))


def _ordered(dossier: Dossier, form: SheetsForm) -> PrintJob | None:
    """What is ordered; None when the form or the domain refuses what is filled in."""
    if not form.validate():
        return None
    try:
        made: PrintJob = commands.order(me(), dossier, once=form.once.data, **form.given)
    except Invalid as error:
        form.refuse(error)
        return None
    return made


@printing.get("/prints/<int:print_id>")
def job(print_id: int) -> Response:
    """How far it is; once it is ready, the way to fetch it."""
    return page("printing/job.html", PROGRESS, job=queries.job(me(), print_id))


@printing.get("/prints/<int:print_id>/sheets.pdf")
def fetch(print_id: int) -> Response:
    made = queries.job(me(), print_id)
    if made.key is None:
        raise NotFound("it is not ready yet")
    key = made.key
    answer = _file(lambda: storage.get(key), "application/pdf", key)
    answer.headers["Cache-Control"] = "private, no-cache"
    return _named(answer, writing.file_name(str(made.dossier.ref), Piece.SHEETS, made.language))
