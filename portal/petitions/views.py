"""Pages of petitions: writing one, asking dossiers to join, and answering that."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.accounts.models import Organisation
from portal.dossiers.models import Dossier, Signature
from portal.dossiers.policy import Do as DossierDo
from portal.dossiers.queries import Filter, dossier, signature_of
from portal.kernel.errors import Invalid, NotFound
from portal.kernel.policy import NOBODY, allowed, require
from portal.kernel.tickets import For
from portal.kernel.tickets import ticket as ticket_for
from portal.petitions import commands, panels, queries
from portal.petitions.forms import (
    BundleForm,
    ConsentForm,
    InviteForm,
    MoveForm,
    NewForm,
    PetitionForm,
    SuccessorForm,
)
from portal.petitions.models import Lineage, Succession
from portal.petitions.policy import Do
from portal.petitions.texts import CONSENTS
from portal.similar.queries import suggest
from portal.ties.texts import reason
from portal.ties.views import join_instead
from portal.web.forms import OnceForm
from portal.web.paging import Paging
from portal.web.responses import done, invalid, page
from portal.web.visitor import me

petitions = Blueprint("petitions", __name__)
NEW, SIMILAR = "petitions/new.html", "ties/_similar.html"


def attempt(actor: Any, form: BundleForm, command: Callable[..., Any], subject: Any, **how: Any) -> Any:
    """What the command returns; None when the form or the domain refuses what is filled in."""
    if not form.validate():
        return None
    try:
        return command(actor, subject, **form.given, **how)
    except Invalid as error:
        form.refuse(error)
        return None


def own_petition(ref: str, do: Do) -> Dossier:
    petition = dossier(me(), ref)
    require(me(), do, petition)
    return petition


def show(petition: Dossier) -> str:
    return url_for("dossiers.show", ref=petition.ref)


@petitions.route("/petitions/new", methods=["GET", "POST"])
def new() -> Response:
    organisation = queries.bundler(me(), request.values.get("as", ""))
    form = NewForm(organisation, request.args.getlist("with"), request.args)
    if form.answer is not None and form.joins:
        area, once = organisation.neighbourhood_code, form.once.data[:40]
        return join_instead(form.answer.number, form.sketch, area, once=once)
    context = {"choices": queries.bundlers(me()), **alike(form, organisation)}
    if not form.is_submitted() or form.asks or (form.validate() and context["unseen"]):
        return page(NEW, SIMILAR, **context)
    petition = attempt(me(), form, commands.draft, organisation, once=form.once.data)
    if petition is None:
        return invalid(NEW, **context)
    return done(show(petition), _("The petition is a draft. Whoever opened the dossiers gets a mail."))


def alike(form: NewForm, organisation: Organisation) -> dict[str, Any]:
    """The form, with what is open and may be the same; `unseen`: whether some of it was not shown before."""
    area = organisation.neighbourhood_code
    found = suggest(form.sketch, form.others, area) if form.title.data else []
    told = {"found": found, "said": form.said, "reason": reason, "in_form": True}
    return {"form": form, "organisation": organisation, "unseen": form.unseen(found), **told}


@petitions.route("/d/<ref>/edit", methods=["GET", "POST"])
def edit(ref: str) -> Response:
    petition = own_petition(ref, Do.EDIT)
    form = PetitionForm(petition)
    if not form.is_submitted():
        return page("petitions/edit.html", form=form, petition=petition)
    if attempt(me(), form, commands.edit, petition, once=form.once.data) is None:
        return invalid("petitions/edit.html", form=form, petition=petition)
    return done(show(petition), _("Saved."))


@petitions.route("/d/<ref>/invite", methods=["GET", "POST"])
def invite(ref: str) -> Response:
    petition = own_petition(ref, Do.INVITE)
    given = Filter(words=request.args.get("q", ""))
    found = queries.not_asked(petition, given, request.args.get("page", 1, int))
    form = InviteForm(petition.organisation, found.items)
    parts = panels.strands(queries.parts(petition))
    context: dict[str, Any] = {"form": form, "petition": petition, "found": found, "filter": given}
    paging = Paging(found, ".invite", {"ref": petition.ref, "q": given.words})
    context |= {"parts": parts, "paging": paging, "Do": Do}
    if not form.is_submitted():
        return page("petitions/invite.html", **context)
    if attempt(me(), form, commands.invite, petition, once=form.once.data) is None:
        return invalid("petitions/invite.html", **context)
    return done(url_for(".invite", ref=petition.ref), _("Asked. Each of them gets a mail."))


@petitions.post("/d/<ref>/lineage/<int:lineage_id>/drop")
def drop(ref: str, lineage_id: int) -> Response:
    petition = own_petition(ref, Do.INVITE)
    commands.drop(me(), queries.part(petition, lineage_id))
    return done(url_for(".invite", ref=petition.ref), _("The invitation is taken back."))


@petitions.post("/d/<ref>/publish")
def publish(ref: str) -> Response:
    petition = own_petition(ref, Do.PUBLISH)
    commands.publish(me(), petition)
    return done(show(petition), _("The petition is open: everybody can sign it now."))


@petitions.route("/d/<ref>/take-apart", methods=["GET", "POST"])
def take_apart(ref: str) -> Response:
    petition = own_petition(ref, Do.TAKE_APART)
    form = OnceForm()
    if not form.is_submitted():
        parts = panels.strands(queries.parts(petition))
        return page("petitions/take_apart.html", form=form, petition=petition, parts=parts)
    commands.take_apart(me(), petition, once=form.once.data)
    return done(show(petition), _("Taken apart. Every dossier goes on by itself."))


@petitions.route("/d/<ref>/successor", methods=["GET", "POST"])
def succeed(ref: str) -> Response:
    petition = own_petition(ref, Do.SUCCEED)
    form, already = SuccessorForm(queries.successors(me(), petition)), queries.succession_of(petition.id)
    context: dict[str, Any] = {"form": form, "petition": petition, "already": already}
    if not form.is_submitted() or already is not None:
        return page("petitions/succeed.html", status=409 if form.is_submitted() else 200, **context)
    if attempt(me(), form, commands.succeed, petition, once=form.once.data) is None:
        return invalid("petitions/succeed.html", **context)
    return done(show(petition), _("It is named. Every supporter gets one mail."))


@petitions.route("/move/<ticket>", methods=["GET", "POST"])
def move(ticket: str) -> Response:
    """The link from the mail. Only a yes changes something; a no and silence are the same."""
    signature, succession = queries.moving_by_ticket(ticket)
    form, context = MoveForm(), moving(signature, succession)
    if not form.is_submitted():
        return page("petitions/move.html", form=form, **context)
    if not context["open"] or not form.validate():
        return page("petitions/move.html", status=409, form=form, **context)
    if form.answer.data == "no":
        return done(url_for(".move", ticket=ticket), _("Nothing changed."))
    made = commands.move_along(signature.person, signature, once=form.once.data)
    own = url_for("dossiers.signature", ticket=ticket_for(For.SIGNATURE, made.id))
    return done(own, _("You move along."))


def moving(signature: Signature, succession: Succession) -> dict[str, Any]:
    """What the page shows: whether they may still say yes, and whether they did."""
    person, successor = signature.person or NOBODY, succession.successor
    there = signature_of(person, successor) if signature.person else None
    may = allowed(person, Do.MOVE_ALONG, signature) and allowed(person, DossierDo.SIGN, successor)
    return {
        "petition": succession.petition,
        "successor": successor,
        "demands": queries.demands(successor),
        "counted": commands.moved_along(there, succession),
        "open": may,
        "together": succession.together,
    }


@petitions.route("/c/<ticket>", methods=["GET", "POST"])
def consent(ticket: str) -> Response:
    """The link from the mail. For an organisation those answer who speak for it today: they sign in."""
    lineage = queries.lineage_by_ticket(ticket)
    opener = lineage.dossier.opener
    if lineage.dossier.organisation_id is not None:
        return redirect(consent_url(lineage), 303)
    if opener is None:
        raise NotFound("opener")
    return _consent(opener, lineage, request.path)


@petitions.route("/d/<ref>/consent/<int:lineage_id>", methods=["GET", "POST"])
def consent_for(ref: str, lineage_id: int) -> Response:
    lineage = queries.lineage(me(), ref, lineage_id)
    return _consent(me(), lineage, consent_url(lineage))


def consent_url(lineage: Lineage) -> str:
    return url_for(".consent_for", ref=lineage.dossier.ref, lineage_id=lineage.id)


def _consent(actor: Any, lineage: Lineage, url: str) -> Response:
    form = ConsentForm()
    context = consent_context(actor, lineage, url)
    whole, part = "petitions/consent.html", "petitions/_consent.html"
    if not form.is_submitted():
        return page(whole, part, form=form, **context)
    if not context["open"]:
        return page(whole, part, status=409, form=form, **context)
    if attempt(actor, form, commands.consent, lineage) is None:
        return invalid(whole, part, form=form, **context)
    context = consent_context(actor, lineage, url)
    return done(url, _("Thank you, your answer is noted."), part, form=ConsentForm(formdata=None), **context)


def consent_context(actor: Any, lineage: Lineage, url: str) -> dict[str, Any]:
    return {
        "lineage": lineage,
        "dossier": lineage.dossier,
        "petition": lineage.petition,
        "demands": queries.demands(lineage.petition),
        "consent": CONSENTS[lineage.consent],
        "open": allowed(actor, Do.CONSENT, lineage),
        "public": allowed(actor, DossierDo.READ, lineage.petition),
        "action": url,
    }
