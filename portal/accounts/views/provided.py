"""Signing in and out with the provider of one's organisation, and showing by it once more who one is."""

import logging
import secrets
from datetime import UTC, datetime

from flask import redirect, request, session
from flask_babel import gettext as _
from werkzeug import Response

from portal.accounts import commands, provider
from portal.accounts.provider import Asked, Said, Trouble, Why
from portal.accounts.texts import TROUBLE
from portal.accounts.views.blueprint import accounts, welcomed
from portal.accounts.words import device_of
from portal.kernel.clock import now
from portal.kernel.errors import NotFound
from portal.kernel.security import Event, refused
from portal.web.paths import here
from portal.web.responses import done, page
from portal.web.visitor import locale, me

BY_PROVIDER, UNDER_WAY = "by-provider", "provider"
"""In the cookie: they came in this way; what they are at the provider's for."""
STATUS = {Why.AWAY: 503, Why.CLOCK: 503, Why.UNKNOWN: 403}
OURS = {Why.AWAY, Why.CLOCK, Why.WRONG}
"""What who runs the portal has to look into."""
PAGES = {f"accounts.{name}" for name in ("ask_provider", "back_from_provider", "left")}
ELSEWHERE = {"cross-site", "same-site"}
"""What a browser says of a request that a page of another site caused."""
log = logging.getLogger(__name__)


@accounts.before_request
def only_where_there_is_one() -> None:
    if request.endpoint in PAGES and not provider.named():
        raise NotFound("no provider")


@accounts.get("/sign-in/provider")
def ask_provider() -> Response:
    """Off to the provider, after a tap on a page of ours: no other site begins a session for somebody."""
    path, again = here(request.args.get("next")), "again" in request.args and me().is_authenticated
    if request.headers.get("Sec-Fetch-Site") in ELSEWHERE:
        return offered(path, again=again)
    asked = Asked(secrets.token_urlsafe(32), now(), again)
    try:
        address = provider.address(asked, locale(), anew="anew" in request.args)
    except Trouble as error:
        return not_in(error, path, again=again)
    session[UNDER_WAY] = [asked.state, asked.at.timestamp(), again, path]
    return redirect(address, 303)


def offered(path: str, *, again: bool, anew: bool = False, said: str = "", status: int = 200) -> Response:
    """The page with the button that leads there; `said`: why they did not come in."""
    more = {"again": 1} if again else {"anew": 1} if anew else {}
    context = {"provider": provider.named(), "next": path, "more": more, "said": said}
    return page("accounts/provider.html", status=status, **context)


@accounts.get(provider.BACK)
def back_from_provider() -> Response:
    state, at, again, path = session.pop(UNDER_WAY, ["", 0, False, "/"])
    asked = Asked(state, datetime.fromtimestamp(at, UTC), again)
    try:
        said = provider.told(asked, request.args)
        return shown(said, path) if again else come_in(said, path)
    except Trouble as error:
        return not_in(error, path, again=again)


def come_in(said: Said, path: str) -> Response:
    person = commands.sign_in_as_said(me(), None, said=said, device=device_of(request.user_agent.string))
    if person is None:
        raise Trouble(Why.UNKNOWN)
    session[BY_PROVIDER] = True
    return welcomed(person, path)


def shown(said: Said, path: str) -> Response:
    if not me().is_authenticated:
        raise Trouble(Why.LATE)
    if not commands.prove_as_said(me(), me(), said=said):
        raise Trouble(Why.UNKNOWN)
    return done(here(path), _("It is you. Go on with what you were doing."))


def not_in(error: Trouble, path: str, *, again: bool) -> Response:
    """In words, and with the other ways in."""
    event = Event.PROOF_FAILED if again else Event.SIGN_IN_FAILED
    refused(event, person=me().id, way="provider", why=error.why)
    if error.why in OURS:
        log.warning("the provider: %s", error.what)
    said = str(TROUBLE[error.why]) % {"name": provider.named()}
    anew, status = error.why == Why.UNKNOWN, STATUS.get(error.why, 400)
    return offered(path, again=again, anew=anew, said=said, status=status)


@accounts.get("/sign-out/provider")
def left() -> Response:
    """Who came in by the provider is signed in there still."""
    try:
        there = provider.leaving()
    except Trouble:
        there = ""
    return page("accounts/left.html", provider=provider.named(), there=there)
