"""A stand: what its organisers open, and the page on its device, where one signs after the other."""

from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.dossiers import commands, queries
from portal.dossiers.forms import ButtonForm, StandForm, StandSignForm
from portal.dossiers.models import Dossier, Stand
from portal.dossiers.policy import Do
from portal.dossiers.sharing import qr
from portal.dossiers.texts import kept
from portal.dossiers.views.blueprint import dossiers
from portal.dossiers.views.tracing import traced_at
from portal.kernel.errors import Invalid
from portal.kernel.policy import NOBODY, allowed, require
from portal.kernel.tickets import For, ticket
from portal.web.paths import public_url
from portal.web.responses import done, invalid, page
from portal.web.visitor import locale, me

STANDS, STAND, OVER = "dossiers/stands.html", "dossiers/stand.html", "dossiers/stand_over.html"


@dossiers.route("/d/<ref>/stands", methods=["GET", "POST"])
def stands(ref: str) -> Response:
    dossier, form = queries.dossier(me(), ref), StandForm()
    require(me(), Do.OPEN_STAND, dossier)
    if form.is_submitted() and form.validate():
        commands.open_stand(me(), dossier, once=form.once.data, **form.given)
        return done(url_for(".stands", ref=dossier.ref), _("The stand is open."))
    answer = invalid if form.is_submitted() else page
    return answer(STANDS, dossier=dossier, form=form, button=ButtonForm(formdata=None), stands=shown(dossier))


def shown(dossier: Dossier) -> list[dict[str, Any]]:
    """Each stand with how many signed there; those that are open with the address for their device."""
    found = []
    for stand, number in queries.stands(dossier):
        given: dict[str, Any] = {"ref": dossier.ref, "ticket": ticket(For.STAND, stand.id)}
        address = public_url("dossiers.stand", **given) if stand.open else ""
        found.append({"stand": stand, "number": number, "url": address, "qr": address and qr(address)})
    return found


@dossiers.post("/d/<ref>/stands/<int:stand_id>/close")
def close_stand(ref: str, stand_id: int) -> Response:
    dossier, form = queries.dossier(me(), ref), ButtonForm()
    stand = queries.stand(dossier, stand_id)
    require(me(), Do.CLOSE_STAND, stand)
    if form.validate():
        commands.close_stand(me(), stand, once=form.once.data)
    return done(url_for(".stands", ref=dossier.ref), _("The stand is closed."))


@dossiers.route("/d/<ref>/stand/<ticket>", methods=["GET", "POST"])
def stand(ref: str, ticket: str) -> Response:
    """Whoever signs here is a visitor, also when the organiser is signed in on this device."""
    found, form = queries.stand_by_ticket(ref, ticket), StandSignForm()
    if not (found.open and allowed(NOBODY, Do.SIGN, found.dossier)):
        return page(OVER, status=410, stand=found, dossier=found.dossier)
    if not form.is_submitted():
        return page(STAND, stand=found, dossier=found.dossier, form=form)
    said = signed_at(found, form)
    if not said:
        return invalid(STAND, stand=found, dossier=found.dossier, form=form)
    flash(said)
    return redirect(url_for(".stand", ref=found.dossier.ref, ticket=ticket), 303)


def signed_at(stand: Stand, form: StandSignForm) -> str:
    """What is said to who signed; empty when something is not right yet."""
    if not form.validate():
        return ""
    trace, given = traced_at(stand), form.given
    try:
        commands.sign(NOBODY, stand.dossier, once=form.key, locale=locale(), trace=trace, **given)
    except Invalid as error:
        form.refuse(error)
        return ""
    said = _("Thank you! Look in your mail at home and press the button there. The next one can sign.")
    return " ".join(filter(None, [said, kept(trace.held)]))
