"""Signing in with a mailed link; one's own account, and where it is open."""

from flask import jsonify, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_login import login_required, logout_user
from werkzeug import Response

from portal.accounts import commands, guards, own_data, provider, queries
from portal.accounts.forms import (
    AccountForm,
    EnterForm,
    EraseForm,
    HideForm,
    ProveForm,
    SignInForm,
)
from portal.accounts.models import Waits
from portal.accounts.policy import Do
from portal.accounts.texts import LOOKS, ROLES
from portal.accounts.views.blueprint import accounts, unkept, welcomed
from portal.accounts.views.provided import BY_PROVIDER
from portal.accounts.words import device_of
from portal.kernel.errors import AlreadyDone, Invalid
from portal.kernel.policy import require
from portal.kernel.security import Event, happened
from portal.web.device import forget
from portal.web.paging import Paging
from portal.web.paths import here
from portal.web.responses import done, invalid, page
from portal.web.visitor import locale, me


@accounts.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Response:
    form = SignInForm(next=here(request.args.get("next")))
    if not form.is_submitted():
        return page("accounts/sign_in.html", form=form, provider=provider.named())
    if not form.validate():
        return invalid("accounts/sign_in.html", form=form, provider=provider.named())
    try:
        commands.ask_sign_in(me(), email=form.email.data, locale=locale(), next_path=here(form.next.data))
    except Invalid as error:
        form.refuse(error)
        return invalid("accounts/sign_in.html", form=form, provider=provider.named())
    return done(url_for(".check_mail"))


@accounts.get("/sign-in/mail")
def check_mail() -> Response:
    return page("accounts/check_mail.html")


@accounts.route("/in/<ticket>", methods=["GET", "POST"])
def enter(ticket: str) -> Response:
    """Mail scanners open the page; only a person presses its button."""
    link = queries.sign_in_of(ticket)
    form = EnterForm()
    if not form.validate_on_submit():
        return page("accounts/enter.html", form=form, works=link.works)
    try:
        person = commands.sign_in(me(), link, device=device_of(request.user_agent.string))
    except AlreadyDone:
        return page("accounts/enter.html", status=409, form=form, works=False)
    return welcomed(person, link.next_path)


@accounts.route("/me/prove", methods=["GET", "POST"])
@login_required
def prove() -> Response:
    """Once more who one is, and on to where one was going."""
    form = ProveForm(next=here(request.args.get("next")))
    if me().waits_for == Waits.FACTOR and guards.fresh(me()):
        return redirect(url_for(".factor"), 303)
    if guards.proven(form):
        return redirect(here(form.next.data), 303)
    return guards.asking(form, [("next", here(form.next.data))], action=url_for(".prove"))


@accounts.route("/me/sessions", methods=["GET", "POST"])
@login_required
def sessions() -> Response:
    form = EnterForm()
    if form.validate_on_submit():
        commands.end_sessions(me(), me())
        return done(url_for(".sessions"), _("You are signed out everywhere else."))
    return page("accounts/sessions.html", form=form, sessions=queries.sessions_of(me()), here=me().here)


@accounts.post("/me/sessions/<int:session_id>/end")
@login_required
def end_session(session_id: int) -> Response:
    own = me().here.session_id == session_id
    commands.end_session(me(), queries.session(session_id))
    if own:
        return signed_out()
    return done(url_for(".sessions"), _("Signed out there."))


@accounts.post("/sign-out")
def sign_out() -> Response:
    if me().is_authenticated:
        commands.end_session(me(), queries.session(me().here.session_id))
    return signed_out()


def signed_out() -> Response:
    there_too = session.pop(BY_PROVIDER, False) and provider.named()
    logout_user()
    path = url_for(".left" if there_too else "home.index")
    return forget(done(path, _("You are signed out.")), "cache")


@accounts.route("/me", methods=["GET", "POST"], endpoint="me")
@login_required
def own_page() -> Response:
    person = me()
    require(person, Do.SEE_ACCOUNT, person)
    form = AccountForm(obj=person)
    if form.is_submitted() and form.validate():
        commands.change_account(person, person, **form.given)
        session["locale"] = form.locale.data
        return done(url_for(".me"), _("Saved."))
    answer = invalid if form.is_submitted() else page
    parts = own_data.shown(person)
    return answer("accounts/me.html", form=form, person=person, parts=parts, roles=ROLES)


@accounts.get("/me/data.json")
@login_required
def export() -> Response:
    person = me()
    require(person, Do.SEE_ACCOUNT, person)
    answer = jsonify(own_data.export(person))
    happened(Event.EXPORTED, person=person.id)
    answer.headers["Content-Disposition"] = "attachment; filename=rotonde.json"
    return unkept(answer)


@accounts.route("/me/hide", methods=["GET", "POST"])
@login_required
def hide() -> Response:
    """For who is in danger: it asks for nothing but one tap."""
    form = HideForm()
    if form.is_submitted() and form.validate():
        commands.hide_traces(me(), me(), words=form.words.data)
        return done(url_for(".me"), _("Done. Nothing that everybody sees tells of you any more."))
    return page("accounts/hide.html", form=form)


@accounts.route("/me/erase", methods=["GET", "POST"])
@login_required
def erase() -> Response:
    form = EraseForm()
    if not form.is_submitted():
        return page("accounts/erase.html", form=form)
    if not form.validate():
        return invalid("accounts/erase.html", form=form)
    commands.erase(me(), me())
    logout_user()
    session.clear()
    said = _("We have forgotten you. Your signatures no longer have a name.")
    return forget(done(url_for("home.index"), said), "cache", "storage")


@accounts.get("/moderation/looks")
def looks() -> Response:
    """Who of those who work here looked into what."""
    require(me(), Do.SEE_LOOKS)
    found = queries.looks(request.args.get("page", 1, int))
    return page("accounts/looks.html", looks=found, what=LOOKS, paging=Paging(found, ".looks", {}))
