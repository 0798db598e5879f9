"""The password and the second factor of who works here: signing in with them, choosing them, passkeys."""

import secrets

from flask import request, session, url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug import Response

from portal.accounts import codes, commands, passkeys, queries
from portal.accounts.forms import EnterForm, FactorForm, PasskeyForm, PasswordForm
from portal.accounts.models import Person
from portal.accounts.policy import Do
from portal.accounts.texts import NOT_RIGHT
from portal.accounts.views.blueprint import accounts, unkept, welcomed
from portal.accounts.words import device_of
from portal.kernel.errors import Invalid
from portal.kernel.policy import require
from portal.web.drawing import to_scan
from portal.web.paths import here
from portal.web.responses import done, invalid, page
from portal.web.tracing import home
from portal.web.visitor import me

AT_THE_DOOR = "door"
"""In the cookie: the word by which a browser is known to a passkey before anybody signed in."""


@accounts.route("/sign-in/password", methods=["GET", "POST"])
def sign_in_here() -> Response:
    """For who works here and has a password, and an app or a passkey."""
    form = PasswordForm(next=here(request.args.get("next")))
    if not form.is_submitted():
        return at_the_door(form)
    if form.validate():
        try:
            person = found_by_password(form)
        except Invalid as error:
            form.refuse(error)
            return at_the_door(form)
        if person is not None:
            return welcomed(person, here(form.next.data))
        form.refuse(Invalid("", str(NOT_RIGHT)))
    return at_the_door(form)


def at_the_door(form: PasswordForm) -> Response:
    """What a passkey is asked says nothing of anybody: any of ours will do."""
    answer = invalid if form.errors else page
    passkey = passkeys.to_show(browser(), [])
    form.key.data = ""
    return answer("accounts/sign_in_here.html", form=form, passkey=passkey)


def browser() -> str:
    word = session.setdefault(AT_THE_DOOR, secrets.token_urlsafe(16))
    return f"door {word}"


def found_by_password(form: PasswordForm) -> Person | None:
    given = {"email": form.email.data, "password": form.password.data, "code": form.code.data or ""}
    given |= {"passkey": form.key.data or "", "browser": browser()}
    device = device_of(request.user_agent.string)
    return commands.sign_in_with_password(me(), **given, origin=home(), device=device)


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


@accounts.route("/me/passkeys", methods=["GET", "POST"])
@login_required
def own_passkeys() -> Response:
    require(me(), Do.SET_FACTOR, me())
    form = PasskeyForm()
    if form.is_submitted() and form.validate():
        try:
            commands.add_passkey(me(), me(), once=form.once.data, **form.given)
            return done(url_for(".own_passkeys"), _("Added. Use it where you are asked for a code."))
        except Invalid as error:
            form.refuse(error)
    mine, has_app = queries.passkeys_of(me()), queries.factor_of(me()) is not None
    make = passkeys.to_make(commands.bound(me()), me(), [one.known for one in mine])
    answer = invalid if form.errors else page
    return answer("accounts/passkeys.html", form=form, passkeys=mine, has_app=has_app, make=make)


@accounts.post("/me/passkeys/<int:passkey_id>/remove")
@login_required
def remove_passkey(passkey_id: int) -> Response:
    commands.remove_passkey(me(), queries.passkey(passkey_id))
    return done(url_for(".own_passkeys"), _("Removed. It opens nothing any more."))


@accounts.post("/me/factor/codes")
@login_required
def new_codes() -> Response:
    form = EnterForm()
    return paper(commands.new_codes(me(), me(), once=form.once.data))


def paper(made: list[str] | None) -> Response:
    """The codes, in this one answer; who sends the form again gets none."""
    return unkept(page("accounts/codes.html", codes=made))
