"""Where the pages of accounts are, and what all ways in end with."""

from flask import Blueprint, session
from flask_babel import gettext as _
from flask_login import login_user
from werkzeug import Response

from portal.accounts.models import Person
from portal.web.paths import here
from portal.web.responses import done

accounts = Blueprint("accounts", __name__)


def unkept(answer: Response) -> Response:
    """No browser keeps what is secret on it."""
    answer.headers["Cache-Control"] = "no-store"
    return answer


def welcomed(person: Person, path: str) -> Response:
    """They are here by the session that was begun for them."""
    login_user(person, remember=True)
    session["locale"] = person.locale
    return done(here(path), _("You are signed in."))
