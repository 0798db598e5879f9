"""Signing in with a mailed link, or with a password and a code; one's own account, and where it is open."""

from flask import jsonify, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_login import login_required, logout_user
from werkzeug import Response

from portal.accounts import codes, commands, guards, own_data, provider, queries
from portal.accounts.forms import (
    AccountForm,
    EnterForm,
    EraseForm,
    FactorForm,
    HideForm,
    PasswordForm,
    ProveForm,
    SignInForm,
)
from portal.accounts.models import Person, Waits
from portal.accounts.policy import Do
from portal.accounts.texts import LOOKS, NOT_RIGHT, ROLES
from portal.accounts.views.blueprint import accounts, welcomed
from portal.accounts.views.provided import BY_PROVIDER
from portal.accounts.words import device_of
from portal.kernel.errors import AlreadyDone, Invalid
from portal.kernel.policy import require
from portal.kernel.security import Event, happened
from portal.web.device import forget
from portal.web.drawing import to_scan
from portal.web.paging import Paging
from portal.web.paths import here
from portal.web.responses import done, invalid, page
from portal.web.tracing import home
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


@accounts.route("/sign-in/password", methods=["GET", "POST"])
def sign_in_here() -> Response:
    """For who works here and has a password and an app."""
    form = PasswordForm(next=here(request.args.get("next")))
    if not form.is_submitted():
        return page("accounts/sign_in_here.html", form=form)
    if form.validate():
        try:
            person = found_by_password(form)
        except Invalid as error:
            form.refuse(error)
            return invalid("accounts/sign_in_here.html", form=form)
        if person is not None:
            return welcomed(person, here(form.next.data))
        form.refuse(Invalid("", str(NOT_RIGHT)))
    return invalid("accounts/sign_in_here.html", form=form)


def found_by_password(form: PasswordForm) -> Person | None:
    given = {"email": form.email.data, "password": form.password.data, "code": form.code.data}
    device = device_of(request.user_agent.string)
    return commands.sign_in_with_password(me(), **given, origin=home(), device=device)


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


@accounts.route("/me/factor", methods=["GET", "POST"])
@login_required
def factor() -> Response:
    require(me(), Do.SET_FACTOR, me())
    form = FactorForm()
    form.secret.data = form.secret.data or codes.new_secret()
    if form.is_submitted() and form.validate():
        try:
            return paper(commands.set_factor(me(), me(), once=form.once.data, **form.given))
        except Invalid as error:
            form.refuse(error)
    answer = invalid if form.is_submitted() else page
    scan = to_scan(codes.address(form.secret.data, me().email or ""))
    has_app = queries.factor_of(me()) is not None
    return unkept(answer("accounts/factor.html", form=form, scan=scan, has_app=has_app))


@accounts.post("/me/factor/codes")
@login_required
def new_codes() -> Response:
    form = EnterForm()
    return paper(commands.new_codes(me(), me(), once=form.once.data))


def paper(made: list[str] | None) -> Response:
    """The codes, in this one answer; who sends the form again gets none."""
    return unkept(page("accounts/codes.html", codes=made))


def unkept(answer: Response) -> Response:
    """No browser keeps what is secret on it."""
    answer.headers["Cache-Control"] = "no-store"
    return answer


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
