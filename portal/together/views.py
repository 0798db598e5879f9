"""Pages on which those who carry a petition or a plan ask others, answer, and part."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.dossiers.models import Dossier
from portal.dossiers.queries import dossier
from portal.kernel.errors import Invalid, NotFound
from portal.kernel.policy import allowed, require
from portal.together import commands, panels, queries
from portal.together.forms import AnswerForm, ProposeForm, TogetherForm
from portal.together.models import Party, Says
from portal.together.policy import Do
from portal.together.texts import NOTED, named, reason
from portal.web.responses import done, invalid, page
from portal.web.visitor import me

together = Blueprint("together", __name__)


def attempt(actor: Any, form: TogetherForm, command: Callable[..., Any], subject: Any) -> Any:
    """What the command returns; None when the form or the domain refuses what is filled in."""
    if not form.validate():
        return None
    try:
        return command(actor, subject, once=form.once.data, **form.given)
    except Invalid as error:
        form.refuse(error)
        return None


def page_of(dossier: Dossier) -> str:
    return url_for("dossiers.show", ref=dossier.ref)


def question_url(party: Party) -> str:
    return url_for(".answer_for", ref=party.dossier.ref, party_id=party.id)


@together.route("/d/<ref>/together", methods=["GET", "POST"])
def propose(ref: str) -> Response:
    own = dossier(me(), ref)
    require(me(), Do.PROPOSE, own)
    found = queries.possible(own)
    form = ProposeForm(found)
    context: dict[str, Any] = {"form": form, "dossier": own, "found": found, "reason": reason}
    if not form.is_submitted():
        form.ref.data = request.args.get("with", "")
        return page("together/propose.html", **context)
    made = attempt(me(), form, commands.propose, own)
    if made is None:
        return invalid("together/propose.html", **context)
    return done(question_url(queries.own_party(me(), made)), _("They get a mail. This is the draft of both."))


@together.route("/d/<ref>/together/<int:party_id>", methods=["GET", "POST"])
def answer_for(ref: str, party_id: int) -> Response:
    party = queries.party(me(), ref, party_id)
    return _answer(me(), party, question_url(party))


@together.route("/together/<ticket>", methods=["GET", "POST"])
def answer(ticket: str) -> Response:
    """The link from the mail. For an organisation those answer who speak for it today: they sign in."""
    party = queries.party_by_ticket(ticket)
    if party.dossier.organisation_id is not None:
        return redirect(question_url(party), 303)
    if party.dossier.opener is None:
        raise NotFound("opener")
    return _answer(party.dossier.opener, party, request.path)


def _answer(actor: Any, party: Party, url: str) -> Response:
    form = AnswerForm(party)
    if not form.is_submitted():
        return page("together/answer.html", form=form, action=url, **panels.sides(actor, party))
    if not allowed(actor, Do.ANSWER, party):
        return page("together/answer.html", status=409, form=form, action=url, **panels.sides(actor, party))
    if attempt(actor, form, commands.answer, party) is None:
        form.meet(party)
        return invalid("together/answer.html", form=form, action=url, **panels.sides(actor, party))
    agreed = not allowed(actor, Do.ANSWER, party) and party.says == Says.YES
    return done(page_of(party.proposal.host) if agreed else url, str(NOTED[form.given["says"]]))


@together.route("/d/<ref>/part", methods=["GET", "POST"])
def part(ref: str) -> Response:
    partner = queries.partner_of(dossier(me(), ref))
    require(me(), Do.PART, partner)
    form = TogetherForm()
    if not form.is_submitted():
        rest = [(named(p), p) for p in queries.partners(partner.dossier) if p.id != partner.id]
        return page("together/part.html", form=form, partner=partner, rest=rest)
    commands.part(me(), partner, once=form.once.data)
    return done(page_of(partner.dossier), _("You go on by yourself again."))
