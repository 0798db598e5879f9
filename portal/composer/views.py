"""Pages on which officials write answers: with drafts, templates and files, and to several at once."""

from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from typing import Any

from flask import Blueprint, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug import Response

from portal.accounts.models import Organisation
from portal.answers.forms import PREVIEW, SEND
from portal.answers.policy import Do as AnswerDo
from portal.answers.queries import authorities, entry_of, speaks_for, spoke_for
from portal.answers.views import COMPOSER, answers
from portal.composer import cards, commands, queries, reading, texts
from portal.composer.cards import Composing
from portal.composer.commands import MOVED, Meanwhile, Outcome, Stale
from portal.composer.forms import TEMPLATE, ComposeForm, SeveralForm, TemplateForm
from portal.composer.models import AnswerFile, FileKind
from portal.composer.policy import Do
from portal.composer.words import FIELDS
from portal.dossiers.models import Dossier, Kind
from portal.dossiers.queries import dossier as find
from portal.dossiers.queries import supporters_of
from portal.dossiers.texts import shown
from portal.kernel import storage
from portal.kernel.errors import Invalid
from portal.kernel.policy import require
from portal.web.responses import asked_for, done, invalid, page
from portal.web.visitor import me

composer = Blueprint("composer", __name__)
composer.add_app_template_global(lambda: queue_place(), "queue_place")
PLACE = frozenset({"who", "show", "q", "category", "neighbourhood", "whose", "sort", "page"})
"""What an address says of where in their queue somebody is; and `kind`, see below."""
ANSWER, SAVED, FILES, HERE = (
    "answers/answer.html",
    "composer/_saved.html",
    "composer/_files.html",
    "composer/_here.html",
)


# --- one answer


@answers.route("/staff/<ref>/answer", methods=["GET", "POST"])
@login_required
def answer(ref: str) -> Response:
    dossier = find(me(), ref)
    require(me(), AnswerDo.NOTE, dossier)
    made, step = opened(dossier), request.form.get("step")
    wrong = step in {PREVIEW, SEND} and not made.form.right()
    if step == SEND and not wrong:
        return _sent(made)
    require(me(), AnswerDo.ANSWER, dossier)
    if step == TEMPLATE:
        _fill_in(made)
    if step == PREVIEW and not wrong:
        return _previewed(made)
    return (invalid if wrong else page)(ANSWER, COMPOSER, **_context(made))


def opened(dossier: Dossier) -> Composing:
    """The answer as it was sent to us, else as its draft has it."""
    own = spoke_for(me(), dossier)
    if request.method != "POST":
        return cards.begun(me(), dossier, _chosen(own), request.args.get("kind"))
    form = ComposeForm()
    form.speak_for(own, authorities)
    return cards.composing(me(), dossier, form, queries.draft(dossier, form.speaker))


def _chosen(own: list[Organisation]) -> Organisation:
    """The authority that the address names, else the first."""
    return next((o for o in own if o.key == request.args.get("who")), own[0])


def _context(made: Composing, preview: Any = None) -> dict[str, Any]:
    action = url_for("answers.answer", ref=made.dossier.ref, **queue_place())
    return {
        "form": made.form,
        "dossier": made.dossier,
        "composing": made,
        "preview": preview,
        "action": action,
    }


def _preview(made: Composing) -> Any:
    return shown(made.form.entry(me(), made.dossier))


def _fill_in(made: Composing) -> None:
    supporters = supporters_of([made.dossier.id])[made.dossier.id]
    made.form.fill_in(texts.values(made.dossier, made.organisation, supporters))


def _previewed(made: Composing) -> Response:
    """As others will read it. It is kept as a draft too, unless a colleague keeps another one."""
    with suppress(Stale):
        _keep(made)
    return page(ANSWER, COMPOSER, **_context(made, _preview(made)))


def _sent(made: Composing) -> Response:
    form, own, dossier = made.form, made.organisation, made.dossier
    given = {"organisation": own, "seen": form.seen_until, "files": form.chosen_files}
    try:
        commands.send(me(), dossier, once=form.once.data, **given, **form.facts())
    except Meanwhile:
        return _warned(made)
    return done(_following(own, dossier), _("Your answer stands on the page of %(ref)s.", ref=dossier.ref))


def _warned(made: Composing) -> Response:
    """What the colleague said, and once more the question whether this one stands there too."""
    form, dossier = made.form, made.dossier
    theirs = queries.answered_since(dossier, made.organisation, form.seen_until or 0)
    made.meanwhile = shown(theirs) if theirs is not None else None
    form.seen.data = str(dossier.entry_count)
    return page(ANSWER, COMPOSER, status=409, **_context(made, _preview(made)))


def _following(own: Organisation, dossier: Dossier) -> str:
    """On to the next one of the queue, as it was narrowed and ordered when this one was opened."""
    return url_for("staff.following", ref=dossier.ref, **queue_place() | {"who": own.key})


def queue_place() -> dict[str, Any]:
    """Where in their queue somebody is, to be carried along in an address.

    A queue is narrowed by a kind of dossier, a form is begun with a kind of answer: one word for both.
    """
    known = {name: value for name, value in request.args.items() if name in PLACE}
    kind = request.args.get("kind", "")
    return known | ({"kind": kind} if kind in set(Kind) else {})


# --- its draft


@composer.post("/staff/<ref>/draft")
@login_required
def save(ref: str) -> Response:
    dossier = find(me(), ref)
    require(me(), Do.SAVE, dossier)
    made = opened(dossier)
    try:
        _keep(made)
    except Stale:
        made.theirs = made.draft = queries.draft(dossier, made.organisation)
        return page(ANSWER, SAVED, status=409, **_context(made))
    except Invalid as error:
        made.problem = texts.worded(error.message)
        return invalid(ANSWER, FILES, **_context(made))
    return _kept(made)


def _keep(made: Composing) -> None:
    """The words and, where there are any, the files with their names."""
    names = {name[5:]: said for name, said in request.form.items() if name.startswith("name-")}
    removed, own = request.form.get("remove", ""), {"organisation": made.organisation}
    _save(made, over=request.form.get("over", ""))
    for sent in request.files.getlist("file"):
        if sent.filename:
            kept = reading.keep(sent.read(reading.MOST_READ), sent.filename)
            commands.attach(me(), made.dossier, file=kept, **own)
    if names or removed:
        commands.arrange(me(), made.dossier, names=names, removed=removed, **own)


def _save(made: Composing, over: str = "") -> None:
    form = made.form
    kept = commands.save(
        me(),
        made.dossier,
        organisation=made.organisation,
        values={name: request.form.get(name) for name in form.data},
        form=form.once.data or "",
        version=form.version.data or "",
        over=over,
    )
    form.version.data = kept.version if kept is not None else ""
    made.draft = kept


def _kept(made: Composing) -> Response:
    """The part of the page that changed, else the whole of it at the form."""
    target, dossier, own = asked_for(SAVED, FILES) or "", made.dossier, made.organisation
    back = url_for("staff.show", ref=dossier.ref, **queue_place() | {"who": own.key}, _anchor="write")
    made = cards.composing(me(), dossier, made.form, queries.draft(dossier, own))
    return done(back, "" if target else _("The draft is kept."), target, lambda: _context(made))


@composer.post("/staff/<ref>/here")
@login_required
def here(ref: str) -> Response:
    dossier = find(me(), ref)
    require(me(), AnswerDo.NOTE, dossier)
    own = _chosen(speaks_for(me(), dossier, asked=True))
    desk = next(one for one in dossier.addressees if one.organisation_id == own.id)
    commands.be_here(me(), desk)
    return done(url_for("staff.show", ref=ref, who=own.key), "", HERE, lambda: here_shown(dossier, own))


def here_shown(dossier: Dossier, own: Organisation) -> dict[str, Any]:
    """Who else is there, and where to say that one is."""
    around = [texts.here(one, own) for one in queries.around(me(), dossier)]
    return {"around": around, "here": url_for("composer.here", ref=dossier.ref, who=own.key)}


# --- files


@composer.get("/d/<ref>/files/<key>")
def file(ref: str, key: str) -> Response:
    """What came with an answer. It may be hidden later, so that a browser asks each time whether it may."""
    dossier = find(me(), ref)
    found = queries.file(me(), dossier, key)
    picture, name = found.kind == FileKind.PICTURE, _file_name(dossier, found, key)
    mimetype = f"image/{key.rpartition('.')[2]}" if picture else "application/pdf"
    content = BytesIO(storage.get(key))
    answer = send_file(content, mimetype, as_attachment=not picture, download_name=name, etag=key)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _file_name(dossier: Dossier, found: AnswerFile, key: str) -> str:
    """K-1042-drawing-of-the-bins.pdf"""
    words = "".join(letter if letter.isalnum() else " " for letter in found.name)
    return "-".join([str(dossier.ref), *words.split()]) + f".{key.rpartition('.')[2]}"


# --- templates


@composer.route("/staff/templates", methods=["GET", "POST"])
@login_required
def templates() -> Response:
    organisation = _chosen(queries.authorities_of(me()))
    form = TemplateForm()
    return _written(
        form,
        organisation,
        lambda: commands.write_template(me(), organisation, once=form.once.data, **form.given),
    )


@composer.route("/staff/templates/<int:template_id>", methods=["GET", "POST"])
@login_required
def template(template_id: int) -> Response:
    known = queries.template(me(), template_id)
    form = TemplateForm(obj=known)
    return _written(
        form,
        known.organisation,
        lambda: commands.change_template(me(), known, once=form.once.data, **form.given),
        known,
    )


def _written(
    form: TemplateForm, organisation: Organisation, deed: Callable[[], Any], known: Any = None
) -> Response:
    """The form, with what is wrong in it, or after the deed the list."""
    if form.is_submitted() and form.right(deed):
        return done(url_for(".templates", who=organisation.key), _("The template is kept."))
    answer = invalid if form.is_submitted() else page
    return answer(
        "composer/templates.html",
        form=form,
        organisation=organisation,
        known=known,
        templates=queries.templates(me(), organisation, retired=True),
        fields=" ".join(f"{{{name}}}" for name in FIELDS),
    )


@composer.post("/staff/templates/<int:template_id>/retire")
@login_required
def retire(template_id: int) -> Response:
    known = queries.template(me(), template_id)
    key = known.organisation.key
    commands.retire_template(me(), known)
    return done(url_for(".templates", who=key), _("It is retired: nobody can choose it any more."))


# --- several at once


@composer.route("/staff/several", methods=["GET", "POST"])
@login_required
def several() -> Response:
    organisation = _chosen(queries.authorities_of(me()))
    require(me(), Do.ANSWER_SEVERAL, organisation)
    form, step = SeveralForm(), request.form.get("step")
    dossiers = queries.chosen(me(), organisation, form.read or request.args.getlist("ref"))
    form.speak_for([organisation], authorities)
    wrong = step in {PREVIEW, SEND} and not form.right()
    if step == SEND and form.read and not wrong:
        return _sent_each(form, organisation, dossiers)
    if not dossiers:
        return _to_choose(organisation)
    form.note(dossiers)
    return _of_several(form, cards.several(organisation, dossiers), wrong, step == PREVIEW)


def _to_choose(organisation: Organisation) -> Response:
    typed, asked = request.args.get("q", "")[:100], bool(request.args.getlist("ref"))
    problem = request.method == "POST" or asked
    rows = queries.to_choose(organisation, typed)
    return (invalid if problem else page)(
        "composer/choose.html", organisation=organisation, rows=rows, typed=typed, problem=problem
    )


def _of_several(form: SeveralForm, made: cards.Several, wrong: bool, preview: bool) -> Response:
    entry = entry_of(made.recipients[0].dossier, form.answer()) if preview and not wrong else None
    return (invalid if wrong else page)(
        "composer/several.html",
        COMPOSER,
        form=form,
        several=made,
        action=url_for(".several", who=made.organisation.key),
        preview=shown(entry) if entry is not None else None,
    )


def _sent_each(form: SeveralForm, organisation: Organisation, dossiers: list[Dossier]) -> Response:
    outcomes = commands.send_each(
        me(),
        organisation,
        chosen=[(d, form.read[str(d.ref)]) for d in dossiers],
        once=form.once.data or "",
        joined=cards.several(organisation, dossiers).joined,
        **form.facts(),
    )
    outcomes += [Outcome(ref, why=MOVED) for ref in form.read if ref not in {one.ref for one in outcomes}]
    return page("composer/sent.html", organisation=organisation, outcomes=outcomes, skipped=texts.SKIPPED)
