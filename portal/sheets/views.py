"""Pages of paper sheets: what their code opens, typing them in, comparing them with the paper."""

from io import BytesIO
from typing import Any

from flask import Blueprint, redirect, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.dossiers.pictures import MOST_BYTES, keep_large
from portal.dossiers.queries import dossier
from portal.kernel import storage
from portal.kernel.errors import Invalid, NotAllowed, NotFound
from portal.kernel.policy import NOBODY, allowed, require
from portal.sheets import commands, panels, queries, texts  # noqa: F401 (panels register themselves)
from portal.sheets.forms import PhotoForm, ReopenForm, RowForm, VerdictForm
from portal.sheets.models import CODES, Checked, Problem, Sheet, SheetRow, SheetState
from portal.sheets.policy import Do
from portal.web.forms import OnceForm
from portal.web.paging import Paging
from portal.web.responses import done, invalid, page
from portal.web.visitor import me

sheets = Blueprint("sheets", __name__)
SHOW, ENTRY, RESULT = "sheets/show.html", "sheets/_entry.html", "sheets/_result.html"

ON_SHEET = frozenset(Do) - {Do.ISSUE, Do.OPEN, Do.LIST}
"""What a sheet's page asks about the sheet itself."""


@sheets.after_request
def keep_nowhere(answer: Response) -> Response:
    """Names that people wrote on paper stay on no device."""
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@sheets.get("/t/<code>")
def scan(code: str) -> Response:
    """What the code on a sheet opens: whoever holds the paper can sign online, too."""
    sheet = queries.known(code)
    if allowed(me() or NOBODY, Do.READ, sheet):
        return redirect(url_for(".show", code=sheet.code), 303)
    return redirect(url_for("dossiers.show", ref=sheet.dossier.ref, _anchor="support"), 303)


@sheets.get("/sheets")
def index() -> Response:
    """Type a code, or choose one of the sheets that one works on."""
    of, typed = request.args.get("of", ""), request.args.get("code", "").strip()
    petition = dossier(me(), of) if of else None
    found = queries.listing(me(), petition, request.args.get("page", 1, int))
    problem = _wrong(typed) if typed else None
    if typed and problem is None:
        return redirect(url_for(".show", code=CODES.read(typed)), 303)
    context: dict[str, Any] = {"found": found, "petition": petition, "typed": typed, "problem": problem}
    context |= {"tallies": queries.tallies(found.items), "texts": texts, "states": texts.STATES}
    context |= {"paging": Paging(found, ".index", {"of": of})}
    context |= {"sample": queries.sample(petition) if petition is not None else None}
    return page("sheets/index.html", status=422 if problem else 200, **context)


def _wrong(typed: str) -> str | None:
    """What is wrong with a code, in words."""
    code = CODES.read(typed)
    if not code:
        return str(texts.PROBLEMS[Problem.WRONG_CODE])
    try:
        queries.by_code(me(), code)
    except (NotFound, NotAllowed):
        return str(texts.PROBLEMS[Problem.UNKNOWN_CODE])
    return None


def in_full(sheet: Sheet, form: RowForm | None = None, **more: Any) -> dict[str, Any]:
    """What the page of a sheet shows. Names only to who may see what is written on it."""
    rows, can = queries.rows_of(sheet), {do.name: allowed(me(), do, sheet) for do in ON_SHEET}
    before = next((row.signature.building for row in rows if row.signature is not None), "")
    typist = queries.typist(me(), sheet) if sheet.state != SheetState.PRINTED else None
    shown: dict[str, Any] = {"sheet": sheet, "rows": rows, "tally": queries.tallies([sheet])[sheet.id]}
    shown |= {"can": can, "who": texts.who(typist) if typist is not None else "", "texts": texts}
    shown |= {"compares": can["CHECK"] and queries.may_compare(me(), sheet)}
    shown |= {"sample": queries.sample_of(rows), "button": lambda: OnceForm(formdata=None)}
    shown |= {"form": form or RowForm(sheet, building=before, formdata=None)}
    return shown | {"question": None, "latest": None, "verdict": None} | more


@sheets.get("/sheets/<code>")
def show(code: str) -> Response:
    sheet = queries.by_code(me(), code)
    form, number = None, request.args.get("row", 0, int)
    if number and allowed(me(), Do.WRITE, sheet):
        form = RowForm(sheet, queries.row(sheet, number), formdata=None)
    return page(SHOW, ENTRY, RESULT, **in_full(sheet, form))


def here(sheet: Sheet) -> str:
    return url_for(".show", code=sheet.code)


def locked(sheet: Sheet) -> Response:
    """Somebody else types it, or it is closed: the page says who or what, and nothing changed."""
    return page(SHOW, ENTRY, RESULT, status=403, **in_full(sheet))


@sheets.post("/sheets/<code>/start")
def start(code: str) -> Response:
    sheet, form = queries.by_code(me(), code), OnceForm()
    try:
        commands.start(me(), sheet, once=form.once.data)
    except NotAllowed:
        return locked(sheet)
    return done(here(sheet), "", ENTRY, **in_full(sheet))


@sheets.post("/sheets/<code>/pause")
def pause(code: str) -> Response:
    sheet = queries.by_code(me(), code)
    require(me(), Do.PAUSE, sheet)
    commands.pause(me(), sheet)
    return done(here(sheet), _("You let go of it. A colleague can go on."), ENTRY, **in_full(sheet))


@sheets.post("/sheets/<code>/rows")
def write(code: str) -> Response:
    sheet = queries.by_code(me(), code)
    form = RowForm(sheet)
    try:
        row = commands.write(me(), sheet, once=form.once.data, **form.given)
    except NotAllowed:
        return locked(sheet)
    except Invalid as error:
        return refused(sheet, form, error)
    return done(here(sheet), texts.came_of(row), ENTRY, **in_full(sheet, latest=row.number))


def refused(sheet: Sheet, form: RowForm, error: Invalid) -> Response:
    """The row again; with a question when it may be somebody who counts already."""
    if not isinstance(error, commands.Undecided):
        form.refuse(error)
        return invalid(SHOW, ENTRY, **in_full(sheet, form))
    form.asked.data = str(error.signature_id)
    return invalid(SHOW, ENTRY, **in_full(sheet, form, question=queries.hint(sheet, error.signature_id)))


@sheets.post("/sheets/<code>/undo")
def undo(code: str) -> Response:
    sheet, form = queries.by_code(me(), code), OnceForm()
    try:
        commands.undo(me(), sheet, once=form.once.data)
    except NotAllowed:
        return locked(sheet)
    return done(here(sheet), _("The last row is taken away."), ENTRY, **in_full(sheet))


@sheets.post("/sheets/<code>/close")
def close(code: str) -> Response:
    sheet, form = queries.by_code(me(), code), OnceForm()
    try:
        commands.close(me(), sheet, once=form.once.data)
    except NotAllowed:
        return locked(sheet)
    except Invalid as error:
        again = RowForm(sheet, formdata=None)
        again.refuse(error)
        return invalid(SHOW, ENTRY, **in_full(sheet, again))
    return done(here(sheet), _("Done. This sheet is closed."))


@sheets.route("/sheets/<code>/reopen", methods=["GET", "POST"])
def reopen(code: str) -> Response:
    sheet, form = queries.by_code(me(), code), ReopenForm()
    require(me(), Do.REOPEN, sheet)
    if not form.is_submitted():
        return page("sheets/reopen.html", sheet=sheet, form=form)
    try:
        commands.reopen(me(), sheet, reason=form.reason.data or "", once=form.once.data)
    except Invalid as error:
        form.refuse(error)
        return invalid("sheets/reopen.html", sheet=sheet, form=form)
    return done(here(sheet), _("It is open again, and in your hands."))


@sheets.route("/sheets/<code>/photo", methods=["GET", "POST"])
def photo(code: str) -> Response:
    sheet, form = queries.by_code(me(), code), PhotoForm()
    require(me(), Do.PHOTOGRAPH, sheet)
    if not form.is_submitted():
        return page("sheets/photo.html", sheet=sheet, form=form)
    try:
        kept = keep_large(form.photo.data.read(MOST_BYTES + 1) if form.photo.data else b"")
    except Invalid as error:
        form.refuse(error)
        return invalid("sheets/photo.html", sheet=sheet, form=form)
    commands.photograph(me(), sheet, photo=kept, once=form.once.data)
    return done(here(sheet), _("The photo is kept with the sheet."))


@sheets.get("/sheets/<code>/picture")
def picture(code: str) -> Response:
    """The photo of it. It shows names: nobody keeps it on the way."""
    sheet = queries.by_code(me(), code)
    require(me(), Do.SEE_WRITTEN, sheet)
    if sheet.photo is None:
        raise NotFound("photo")
    return send_file(BytesIO(storage.get(sheet.photo)), "image/webp")


@sheets.post("/sheets/<code>/rows/<int:number>/check")
def check(code: str, number: int) -> Response:
    sheet, form = queries.by_code(me(), code), VerdictForm()
    require(me(), Do.CHECK, sheet)
    try:
        verdict = _verdict(form)
        commands.check(me(), sheet, number=number, verdict=verdict)
    except Invalid as error:
        form.refuse(error)
        return invalid(SHOW, RESULT, **in_full(sheet, verdict=form))
    return done(here(sheet), "", RESULT, **in_full(sheet))


def _verdict(form: VerdictForm) -> Checked:
    if form.verdict.data not in set(Checked):
        raise Invalid("verdict", Problem.NO_VERDICT)
    return Checked(form.verdict.data)


@sheets.post("/sheets/<code>/rows/<int:number>/remove")
def remove(code: str, number: int) -> Response:
    sheet, form = queries.by_code(me(), code), OnceForm()
    require(me(), Do.REMOVE, sheet)
    row: SheetRow = commands.remove(me(), sheet, number=number, once=form.once.data)
    said = _("Row %(number)s is taken out. It does not count any more.", number=row.number)
    return done(here(sheet), said, RESULT, **in_full(sheet))
