"""The working view of officials: their queue, and a dossier with everything needed to answer it."""

from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import login_required
from werkzeug import Response

from portal.accounts.models import Organisation
from portal.accounts.queries import organisation as authority
from portal.answers import commands as answers
from portal.answers.forms import NoteForm
from portal.answers.models import AnswerKind, Level
from portal.answers.policy import Do as AnswerDo
from portal.answers.queries import authorities, speaks_for
from portal.composer import cards as composing
from portal.composer.commands import be_here
from portal.composer.views import here_shown, queue_place
from portal.dossiers import cards as dossier_cards
from portal.dossiers.breadth import NOTHING
from portal.dossiers.drawing import map_of
from portal.dossiers.models import Dossier
from portal.dossiers.panels import panels_of
from portal.dossiers.policy import Do as DossierDo
from portal.dossiers.queries import dossier as find
from portal.dossiers.queries import timeline
from portal.dossiers.texts import told
from portal.kernel.errors import Invalid, NotFound
from portal.kernel.policy import allowed, require
from portal.staff import cards, commands, queries
from portal.staff.forms import DivideForm, NameForm, QueueFilter, chosen_among, wished
from portal.staff.policy import Do
from portal.staff.views.blueprint import staff
from portal.web.responses import asked_for, done, invalid, page
from portal.web.visitor import me

TABS = "staff/_tabs.html"
SEVERAL = "several"
"""The deed that only leads on, to the page on which several are answered at once."""


@staff.get("/staff")
@login_required
def index() -> Response:
    own = queries.own_authorities(me())
    if asked_for(TABS):
        found = queries.counted(me(), _chosen(own), wished(request.args))
        return page(TABS, desk=cards.Desk(found, own))
    return page("staff/index.html", **_queue(own, _chosen(own)))


def _queue(own: list[Organisation], organisation: Organisation, form: DivideForm | None = None) -> Any:
    """What the page of the queue needs."""
    number = request.args.get("page", 1, int)
    desk = cards.Desk(queries.queue(me(), organisation, wished(request.args), number), own)
    known = desk.queue.staff
    divide = form or DivideForm().offer(known, authorities())
    narrow = QueueFilter.of_staff(request.args, known)
    return {"desk": desk, "divide": divide, "narrow": narrow, "keep": NameForm()}


@staff.get("/staff/<ref>")
@login_required
def show(ref: str) -> Response:
    dossier, actor = find(me(), ref), me()
    own = queries.own_authorities(actor)
    asked = [o for o in own if o in speaks_for(actor, dossier, asked=True)]
    organisation = _chosen(asked or own)
    case = queries.case(actor, dossier, organisation)
    desk = _beside([organisation, *(o for o in own if o is not organisation)], dossier)
    shown = {"desk": desk, "case": case, "dossier": dossier, **_in_full(dossier, organisation)}
    answer = page("staff/show.html", "staff/_case.html", **shown, **_divided(dossier, desk))
    be_here(actor, lambda: case)  # after the page: it ends all that was read for it
    return answer


@staff.get("/staff/<ref>/next")
@login_required
def following(ref: str) -> Response:
    """From what was answered on to the next one of the queue as one sees it; after the last one the queue."""
    dossier, own, place = find(me(), ref), queries.own_authorities(me()), queue_place()
    require(me(), Do.SEE_CASE, dossier)
    asked = [o for o in own if o in speaks_for(me(), dossier, asked=True)]
    following = queries.following(me(), _chosen(asked or own), wished(request.args), dossier)
    place.pop("page", None)
    back = url_for(".show", ref=following, **place) if following else url_for(".index", **place)
    return redirect(back, 303)


def _chosen(own: list[Organisation]) -> Organisation:
    """The authority that the address names, else the first."""
    return next((o for o in own if o.key == request.args.get("who")), own[0])


def _beside(own: list[Organisation], dossier: Dossier) -> cards.Desk:
    number = request.args.get("page", 1, int)
    return cards.Desk(queries.beside(me(), own[0], wished(request.args), number, dossier), own)


def _divided(dossier: Dossier, desk: cards.Desk) -> dict[str, Any]:
    """Whose it is, and the form to give it to somebody else or to pass it on."""
    known, organisation = desk.queue.staff, desk.organisation
    form = DivideForm().offer(known, authorities()).beside()
    case, form.pass_to.data = queries.lies(dossier, organisation)
    return {"divide": form, "whose": desk.whose(case)}


def _in_full(dossier: Dossier, organisation: Organisation) -> dict[str, Any]:
    actor = me()
    readable, entries = allowed(actor, DossierDo.SEE, dossier), timeline(actor, dossier)
    return {
        "note": NoteForm(organisation=organisation.key),
        "readable": readable,
        "panels": panels_of(actor, dossier, entries)["main"] if readable else [],
        "entries": dossier_cards.with_titles(told(entries)),
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


@staff.post("/authorities/<key>/queue")
@login_required
def divide(key: str) -> Response:
    """Give what is ticked to somebody, pass it on to another authority, or go on to one answer to all."""
    organisation, deed = authority(key), request.form.get("deed", "assign")
    require(me(), Do.SEE_QUEUE, organisation)
    form = DivideForm().offer(queries.staff_of(organisation), authorities())
    right = form.right(deed)
    if right and deed == SEVERAL:
        return redirect(url_for("composer.several", who=key, ref=form.refs.data), 303)
    said = _done(form, organisation, deed) if right else ""
    if not said:
        return invalid("staff/index.html", **_queue(queries.own_authorities(me()), organisation, form))
    return done(_back(), said)


def _done(form: DivideForm, organisation: Organisation, deed: str) -> str:
    """What is said about it afterwards; empty when it was refused."""
    refs = list(dict.fromkeys(form.refs.data))[: queries.PAGE]
    try:
        for ref in refs:
            DEEDS.get(deed, _assign)(form, organisation, find(me(), ref))
    except Invalid as error:
        form.refuse(error)
        return ""
    if deed == "pass_on":
        return ngettext("%(num)s dossier is passed on.", "%(num)s dossiers are passed on.", len(refs))
    return ngettext("%(num)s dossier given.", "%(num)s dossiers given.", len(refs))


def _assign(form: DivideForm, organisation: Organisation, dossier: Dossier) -> None:
    to = chosen_among(form.staff, form.give_to.data)
    commands.assign(me(), dossier, once=f"{form.once.data}:{dossier.ref}", organisation=organisation, **to)


def _take(form: DivideForm, organisation: Organisation, dossier: Dossier) -> None:
    once, own = f"{form.once.data}:{dossier.ref}", form.staff.own(me())
    mine = form.staff.person(own[0]) if own else None
    commands.assign(me(), dossier, once=once, organisation=organisation, membership=mine)


def _pass_on(form: DivideForm, organisation: Organisation, dossier: Dossier) -> None:
    other = form.others[form.pass_to.data]
    words = _("This is not for us. We passed it on to %(authority)s.", authority=other.name)
    given = {"kind": AnswerKind.TRANSFERRED, "transfer_to": other, "level": Level.DECISION, "text": words}
    once = f"{form.once.data}:{dossier.ref}"
    answers.answer(me(), dossier, once=once, organisation=organisation, **given)


DEEDS = {"assign": _assign, "take": _take, "pass_on": _pass_on}


def _back() -> str:
    """Where one was: the dossier that was open, or the queue."""
    place, ref = queue_place(), request.args.get("at", "")
    return url_for("staff.show", ref=ref, **place) if ref else url_for("staff.index", **place)


@staff.post("/authorities/<key>/filters")
@login_required
def save(key: str) -> Response:
    organisation, form = authority(key), NameForm()
    require(me(), Do.SAVE_FILTER, organisation)
    given = {name: value for name, value in request.args.items() if name not in {"who", "page"}}
    try:
        form.validate()
        commands.save_filter(me(), organisation, once=form.once.data, name=form.name.data, given=given)
    except Invalid as error:
        form.refuse(error)
        shown = _queue(queries.own_authorities(me()), organisation) | {"keep": form}
        return invalid("staff/index.html", **shown)
    return done(_back(), _("The filter is kept, for you alone."))


@staff.post("/authorities/<key>/filters/<int:number>")
@login_required
def remove(key: str, number: int) -> Response:
    organisation = authority(key)
    require(me(), Do.SAVE_FILTER, organisation)
    found = next((one for one in queries.saved(me(), organisation) if one.id == number), None)
    if found is None:
        raise NotFound(f"filter {number}")
    commands.remove_filter(me(), found)
    return done(url_for("staff.index", who=key), _("The filter is gone."))
