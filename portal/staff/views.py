"""The working view of officials: their queue, and a dossier with everything needed to answer it."""

from typing import Any

from flask import Blueprint, request
from flask_login import login_required
from werkzeug import Response

from portal.accounts.models import Organisation
from portal.answers.forms import NoteForm
from portal.answers.policy import Do as AnswerDo
from portal.answers.queries import speaks_for
from portal.composer import cards as composing
from portal.composer.commands import be_here
from portal.composer.views import here_shown
from portal.dossiers import cards as dossier_cards
from portal.dossiers.breadth import NOTHING
from portal.dossiers.drawing import map_of
from portal.dossiers.models import Dossier
from portal.dossiers.panels import panels_of
from portal.dossiers.policy import Do as DossierDo
from portal.dossiers.queries import dossier as find
from portal.dossiers.queries import timeline
from portal.dossiers.texts import told
from portal.kernel.policy import allowed
from portal.staff import cards, queries
from portal.staff.queries import Show
from portal.web.responses import page
from portal.web.visitor import me

staff = Blueprint("staff", __name__)


@staff.get("/staff")
@login_required
def index() -> Response:
    return page("staff/index.html", desk=_desk(queries.own_authorities(me())))


@staff.get("/staff/<ref>")
@login_required
def show(ref: str) -> Response:
    dossier, actor = find(me(), ref), me()
    own = queries.own_authorities(actor)
    asked = [o for o in own if o in speaks_for(actor, dossier, asked=True)]
    organisation = _chosen(asked or own)
    case = queries.case(actor, dossier, organisation)
    desk = _desk([organisation, *(o for o in own if o is not organisation)], beside=dossier)
    shown = {"desk": desk, "case": case, "dossier": dossier, **_in_full(dossier, organisation)}
    answer = page("staff/show.html", "staff/_case.html", **shown)
    be_here(actor, lambda: case)  # after the page: it ends all that was read for it
    return answer


def _chosen(own: list[Organisation]) -> Organisation:
    """The authority that the address names, else the first."""
    return next((o for o in own if o.key == request.args.get("who")), own[0])


def _desk(own: list[Organisation], *, beside: Dossier | None = None) -> cards.Desk:
    wanted = request.args.get("show", "")
    part = Show(wanted) if wanted in set(Show) else Show.WAITING
    number = request.args.get("page", 1, int)
    if beside is None:
        return cards.Desk(queries.queue(me(), _chosen(own), part, number), own)
    return cards.Desk(queries.beside(me(), own[0], part, number, beside), own)


def _in_full(dossier: Dossier, organisation: Organisation) -> dict[str, Any]:
    actor = me()
    readable = allowed(actor, DossierDo.SEE, dossier)
    return {
        "note": NoteForm(organisation=organisation.key),
        "readable": readable,
        "panels": panels_of(actor, dossier)["main"] if readable else [],
        "entries": dossier_cards.with_titles(told(timeline(actor, dossier))),
        "paragraphs": dossier_cards.paragraphs(dossier.body),
        "clock_of": dossier_cards.clock,
        "map": map_of(dossier) if readable else "",
        "picture": NOTHING | (dossier.breadth.shown if dossier.breadth else {}),
        **_to_write(dossier, organisation),
    }


def _to_write(dossier: Dossier, organisation: Organisation) -> dict[str, Any]:
    """The form, where there is something to answer; who else is there, and what was answered before."""
    kind, may = request.args.get("kind"), allowed(me(), AnswerDo.ANSWER, dossier)
    made = composing.begun(me(), dossier, organisation, kind) if may else None
    before = composing.before(dossier, organisation)
    here = here_shown(dossier, organisation)
    return {"form": made and made.form, "composing": made, "before": before, **here}
