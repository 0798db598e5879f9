"""Signing, confirming, stepping out."""

from functools import partial
from typing import Any

from flask import redirect, url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug import Response

from portal.dossiers import commands, limits, queries
from portal.dossiers.forms import ButtonForm, QuietForm, RenameForm, SignForm
from portal.dossiers.models import Signature, SignatureState
from portal.dossiers.policy import Do
from portal.dossiers.sharing import share
from portal.dossiers.texts import kept
from portal.dossiers.views.acts import open_acts
from portal.dossiers.views.blueprint import SUPPORT, dossiers, in_full, sign_form
from portal.dossiers.views.tracing import coming, traced
from portal.kernel.errors import Invalid, NotFound
from portal.kernel.language import spoken
from portal.kernel.policy import NOBODY, allowed, require
from portal.web.responses import done, invalid, page
from portal.web.visitor import me

SHOW, OWN = "dossiers/show.html", "dossiers/signature.html"


@dossiers.post("/d/<ref>/signatures")
def sign(ref: str) -> Response:
    comes = coming()
    dossier = limits.to_sign(me(), ref, comes)
    form = sign_form(dossier)
    if not form.validate():
        return _refused(ref, form)
    try:
        held = _sign(dossier, form, traced(comes, dossier.held))
    except Invalid as error:
        form.refuse(error)
        return _refused(ref, form)
    said, held = joined(form.known, held)
    shown = lambda: in_full(queries.dossier(me(), ref), sent=not form.known, held=held)  # noqa: E731
    return done(url_for(".show", ref=ref.upper()), said, SUPPORT, shown)


def _sign(dossier: Any, form: SignForm, trace: commands.Trace) -> str | None:
    """Why it waits for a look, if it does; to somebody unknown, what is true of any that comes now."""
    given = {"once": form.key, "locale": spoken(), "trace": trace, **form.given}
    signed = commands.sign(me(), dossier, blind=not form.known, **given)
    return signed.held if form.known else trace.held


def _refused(ref: str, form: SignForm) -> Response:
    dossier = queries.dossier(me(), ref)
    require(me(), Do.SIGN, dossier)
    return invalid(SHOW, SUPPORT, acts=open_acts(dossier), **in_full(dossier, form))


def joined(known: bool, why: str | None) -> tuple[str, str]:
    """What is said to who signed, and the part of it about a look."""
    held = kept(why)
    if known:
        return held or _("You joined. Your signature counts."), held
    if held:
        return _("Look in your mail and press the button there.") + f" {held}", held
    return _("Look in your mail: one tap and you count."), held


@dossiers.get("/d/<ref>/signatures")
def signatures(ref: str) -> Response:
    """A form that was refused and is loaded again leads back to the page it stood on."""
    return redirect(url_for(".show", ref=ref, _anchor="support"), 303)


@dossiers.post("/d/<ref>/signatures/withdraw")
@login_required
def step_out(ref: str) -> Response:
    dossier, form = queries.dossier(me(), ref), ButtonForm()
    own = queries.signature_of(me(), dossier)
    if own is None:
        raise NotFound(f"signature under {ref}")
    if form.validate():
        commands.withdraw_signature(me(), own, once=form.once.data)
    return done(url_for(".show", ref=ref), _("You stepped out."), SUPPORT, partial(in_full, dossier))


@dossiers.post("/d/<ref>/signatures/name")
@login_required
def rename_own(ref: str) -> Response:
    """Change the name that is shown, or show none."""
    dossier, form = queries.dossier(me(), ref), RenameForm()
    own = queries.signature_of(me(), dossier)
    if own is None:
        raise NotFound(f"signature under {ref}")
    if not form.validate():
        require(me(), Do.RENAME_SIGNATURE, own)
        return invalid(SHOW, SUPPORT, acts=open_acts(dossier), **in_full(dossier, rename=form))
    commands.rename_signature(me(), own, once=form.once.data, **form.given)
    return done(url_for(".show", ref=ref, _anchor="support"), _("Saved."), SUPPORT, **in_full(dossier))


def in_hand(found: Signature, form: ButtonForm, rename: RenameForm | None = None) -> dict[str, Any]:
    """What the page of one signature shows."""
    count = queries.supporters_of([found.dossier_id])[found.dossier_id]
    shared = share(found.dossier, count)
    return {
        "signature": found,
        "dossier": found.dossier,
        "form": form,
        "rename": rename or RenameForm(formdata=None, obj=found),
        "State": SignatureState,
        "share": shared,
        "kept": kept(found.held if found.state == SignatureState.PENDING else None),
    }


@dossiers.route("/s/<ticket>", methods=["GET", "POST"])
def signature(ticket: str) -> Response:
    """Mail scanners open the page; only a person presses its button."""
    found, form = queries.signature_by_ticket(ticket), ButtonForm()
    if not form.validate_on_submit():
        return page(OWN, **in_hand(found, form))
    person = found.person or NOBODY
    if not allowed(person, Do.CONFIRM, found):
        return page(OWN, status=409, **in_hand(found, form))
    commands.confirm(person, found, once=form.once.data)
    said = kept(found.held) or _("Your signature counts.")
    return done(url_for(".signature", ticket=ticket), said)


@dossiers.post("/s/<ticket>/withdraw")
def withdraw_signature(ticket: str) -> Response:
    found, form = queries.signature_by_ticket(ticket), ButtonForm()
    person = found.person or NOBODY
    if not allowed(person, Do.WITHDRAW_SIGNATURE, found):
        return page(OWN, status=409, **in_hand(found, form))
    if form.validate():
        commands.withdraw_signature(person, found, once=form.once.data)
    return done(url_for(".signature", ticket=ticket), _("Your signature is withdrawn."))


@dossiers.route("/s/<ticket>/name", methods=["GET", "POST"])
def rename_signature(ticket: str) -> Response:
    """A refused form that is loaded again leads back to the signature."""
    found, form = queries.signature_by_ticket(ticket), RenameForm()
    if not form.is_submitted():
        return redirect(url_for(".signature", ticket=ticket), 303)
    person, button = found.person or NOBODY, ButtonForm(formdata=None)
    if not allowed(person, Do.RENAME_SIGNATURE, found):
        return page(OWN, status=409, **in_hand(found, button))
    if not form.validate():
        return invalid(OWN, **in_hand(found, button, form))
    commands.rename_signature(person, found, once=form.once.data, **form.given)
    return done(url_for(".signature", ticket=ticket), _("Saved."))


@dossiers.post("/s/<ticket>/mails")
def quieten_signature(ticket: str) -> Response:
    """No more mails about this dossier, or mails again."""
    found, form = queries.signature_by_ticket(ticket), QuietForm()
    person = found.person or NOBODY
    if not allowed(person, Do.QUIETEN, found):
        return page(OWN, status=409, **in_hand(found, ButtonForm(formdata=None)))
    if form.validate():
        commands.quieten(person, found, once=form.once.data, quiet=form.quiet.data == "yes")
    said = _("You get no more mails about this.") if found.quiet else _("You get mails about this.")
    return done(url_for(".signature", ticket=ticket), said)
