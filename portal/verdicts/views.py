"""Saying whether it is solved: by the link of a mail, or on the page of the dossier."""

from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug import Response

from portal.dossiers.queries import dossier as find
from portal.kernel.policy import NOBODY, allowed, require
from portal.verdicts import commands, own_data, panels, queries  # noqa: F401 (they register themselves)
from portal.verdicts.forms import VerdictForm
from portal.verdicts.models import Ballot
from portal.verdicts.policy import Do
from portal.verdicts.texts import SAYS
from portal.web.responses import done, invalid, page
from portal.web.visitor import me

verdicts = Blueprint("verdicts", __name__)
WHOLE, PART = "verdicts/answer.html", "verdicts/_solved.html"


@verdicts.route("/v/<ticket>", methods=["GET", "POST"])
def answer(ticket: str) -> Response:
    """Mail scanners open the page; only a person presses its button."""
    ballot, form = queries.by_ticket(ticket), VerdictForm()
    person = ballot.signature.person if ballot.signature else None
    if not form.is_submitted():
        return page(WHOLE, form=form, **asked(person or NOBODY, ballot))
    if not allowed(person or NOBODY, Do.VOTE, ballot):
        return page(WHOLE, status=409, form=form, **asked(person or NOBODY, ballot))
    if not form.validate():
        return invalid(WHOLE, form=form, **asked(person, ballot))
    commands.vote(person, ballot, once=form.once.data, says=form.says.data)
    return done(url_for(".answer", ticket=ticket), _("Thank you. It is noted."))


def asked(person: Any, ballot: Ballot) -> dict[str, Any]:
    """What the page shows; the choice of the link that was tapped stands first."""
    chosen = request.args.get("say", "")
    over = ballot.round is not None and ballot.round.outcome in panels.STANDS_IN
    return {
        "ballot": ballot,
        "choices": SAYS,
        "chosen": chosen if chosen in SAYS and chosen != ballot.says else "",
        "may": allowed(person, Do.VOTE, ballot),
        "outcome": panels.outcome(ballot.round)["outcome"] if over and ballot.round else "",
    }


@verdicts.route("/d/<ref>/verdict", methods=["GET", "POST"])
@login_required
def vote(ref: str) -> Response:
    dossier, form = find(me(), ref), VerdictForm()
    ballot = queries.ballot(me(), dossier)
    require(me(), Do.VOTE, ballot)
    if not form.is_submitted():
        return page(WHOLE, form=form, **asked(me(), ballot))
    if not form.validate():
        return invalid(WHOLE, form=form, **asked(me(), ballot))
    commands.vote(me(), ballot, once=form.once.data, says=form.says.data)
    back = url_for("dossiers.show", ref=dossier.ref, _anchor="verdicts-solved")
    shown = lambda: {"panel": panels.solved(me(), find(me(), ref))}  # noqa: E731
    return done(back, _("Thank you. It is noted."), PART, shown)
