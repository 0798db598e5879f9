"""Replying to an official: by the link of a mail, or on the page of the dossier."""

from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug import Response

from portal.dossiers.texts import shown
from portal.kernel.policy import allowed, require
from portal.questions import commands, own_data, panels, queries  # noqa: F401 (they register themselves)
from portal.questions.forms import ReplyForm
from portal.questions.models import Question
from portal.questions.policy import Do
from portal.web.responses import done, invalid, page
from portal.web.visitor import me

questions = Blueprint("questions", __name__)


@questions.route("/q/<ticket>", methods=["GET", "POST"])
def answer(ticket: str) -> Response:
    """Who holds the link is the one who was asked. Mail scanners open the page, and write nothing."""
    asked = queries.by_ticket(ticket)
    return _answered(asked.person, asked.question)


@questions.route("/d/<ref>/questions/<int:question_id>", methods=["GET", "POST"])
@login_required
def reply(ref: str, question_id: int) -> Response:
    question = queries.question(ref, question_id)
    require(me(), Do.REPLY, question)
    return _answered(me(), question)


def _answered(person: Any, question: Question) -> Response:
    form, may = ReplyForm(), allowed(person, Do.REPLY, question)
    seen: dict[str, Any] = {"entry": shown(queries.words_of(question)), "question": question}
    seen |= {"form": form, "may": may}
    if not form.is_submitted():
        return page("questions/reply.html", **seen)
    if not may:
        return page("questions/reply.html", status=409, **seen)
    if not form.validate():
        return invalid("questions/reply.html", **seen)
    made = commands.reply(person, question, once=form.once.data, text=form.text.data)
    back = url_for("dossiers.show", ref=question.dossier.ref, _anchor=f"e{made.seq}")
    return done(back, _("Thank you. Your reply stands on the timeline."))
