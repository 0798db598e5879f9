"""Signing in with a mailed link, and one's own account."""

from flask import Blueprint, jsonify, request, session, url_for
from flask_babel import gettext as _
from flask_login import login_required, login_user, logout_user
from werkzeug import Response

from portal.accounts import commands, own_data, queries
from portal.accounts.forms import AccountForm, EnterForm, EraseForm, SignInForm
from portal.accounts.policy import Do
from portal.accounts.texts import ROLES
from portal.kernel.errors import AlreadyDone, Invalid
from portal.kernel.policy import require
from portal.web.device import forget
from portal.web.paths import here
from portal.web.responses import done, invalid, page
from portal.web.visitor import locale, me

accounts = Blueprint("accounts", __name__)


@accounts.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Response:
    form = SignInForm(next=here(request.args.get("next")))
    if not form.is_submitted():
        return page("accounts/sign_in.html", form=form)
    if not form.validate():
        return invalid("accounts/sign_in.html", form=form)
    try:
        commands.ask_sign_in(me(), email=form.email.data, locale=locale(), next_path=here(form.next.data))
    except Invalid as error:
        form.refuse(error)
        return invalid("accounts/sign_in.html", form=form)
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
        person = commands.sign_in(me(), link)
    except AlreadyDone:
        return page("accounts/enter.html", status=409, form=form, works=False)
    login_user(person, remember=True)
    session["locale"] = person.locale
    return done(here(link.next_path), _("You are signed in."))


@accounts.post("/sign-out")
def sign_out() -> Response:
    logout_user()
    return forget(done(url_for("home.index"), _("You are signed out.")), "cache")


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
    answer.headers["Content-Disposition"] = "attachment; filename=rotonde.json"
    answer.headers["Cache-Control"] = "no-store"
    return answer


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
