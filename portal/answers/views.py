"""Pages on which authorities answer, note something, or are quoted."""

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug import Response

from portal.answers import commands, panels, queries  # noqa: F401 (panels register themselves)
from portal.answers.forms import PREVIEW, SEND, NoteForm, WriteDownForm
from portal.answers.policy import Do
from portal.dossiers.models import Dossier
from portal.dossiers.queries import dossier as find
from portal.dossiers.texts import shown
from portal.kernel.policy import require
from portal.web.responses import done, invalid, page
from portal.web.visitor import me

answers = Blueprint("answers", __name__)
COMPOSER = "answers/_composer.html"


def _unfinished(template: str, do: Do, form: WriteDownForm, dossier: Dossier) -> Response | None:
    """The form in the step it is in: being filled in, with what is wrong, or as others will read it.

    None when it is right and was sent: the command asks the policy, and knows a submit that it had before.
    """
    step = request.form.get("step")
    wrong = step in {PREVIEW, SEND} and not form.right()
    if step == SEND and not wrong:
        return None
    require(me(), do, dossier)
    preview = shown(form.entry(me(), dossier)) if step == PREVIEW and not wrong else None
    answer = invalid if wrong else page
    return answer(template, COMPOSER, form=form, dossier=dossier, preview=preview, action=request.path)


@answers.route("/staff/<ref>/notes", methods=["GET", "POST"])
@login_required
def note(ref: str) -> Response:
    dossier = find(me(), ref)
    require(me(), Do.NOTE, dossier)
    form = NoteForm(organisation=request.args.get("who", ""))
    form.speak_for(queries.speaks_for(me(), dossier, asked=True))
    if not form.is_submitted():
        return page("answers/note.html", form=form, dossier=dossier)
    if not form.right():
        return invalid("answers/note.html", form=form, dossier=dossier)
    commands.note(me(), dossier, once=form.once.data, text=form.text.data, organisation=form.colleagues)
    back = url_for("staff.show", ref=dossier.ref, who=form.colleagues.key, _anchor="timeline")
    return done(back, _("Kept for your colleagues. Nobody else sees it."))


@answers.route("/d/<ref>/written-down", methods=["GET", "POST"])
@login_required
def write_down(ref: str) -> Response:
    dossier = find(me(), ref)
    form = WriteDownForm(kind=request.args.get("kind"))
    form.of_one(queries.bodies(), queries.authorities)
    if (unfinished := _unfinished("answers/write_down.html", Do.WRITE_DOWN, form, dossier)) is not None:
        return unfinished
    entry = commands.write_down(me(), dossier, once=form.once.data, **form.told())
    return done(url_for("dossiers.show", ref=ref, _anchor=f"e{entry.seq}"), _("It stands on the timeline."))
