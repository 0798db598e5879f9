"""What stands before every view: who is here by which session, and did they lately show that it is them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Protocol

from flask import Flask, Response, current_app, redirect, request, url_for
from werkzeug import Response as AnyResponse

from portal.accounts import commands, passkeys, provider, queries
from portal.accounts.forms import ProveForm
from portal.accounts.models import Person, Seen, Waits
from portal.accounts.texts import CODE_NOT_RIGHT
from portal.kernel.clock import now, today
from portal.kernel.errors import Invalid
from portal.web.responses import page
from portal.web.tracing import home
from portal.web.visitor import me

OURS = frozenset({"csrf_token", "proof", "proof_key", "again"})
"""Fields of the page that asks; all others belong to the form that waits behind it."""
NOT_KEPT = frozenset({"password"})
"""What is typed anew rather than written into a page."""


SHOWN = (200, 422)
"""Answers in which the page itself stands, also with a form that was refused."""


class Guarded(Protocol):
    """What a guard reads in the list of routes."""

    @property
    def fresh(self) -> str: ...

    @property
    def look(self) -> Seen | None: ...


def who_is_here(token: str) -> Person | None:
    """For Flask-Login. The first request of a day writes down that a session is used."""
    person = queries.by_session(token)
    if person is not None and person.here.seen_on < today():
        commands.note_seen(person, None)
    return person


def fresh(person: Person) -> bool:
    """Whether it was shown lately that it is them; a link alone is not enough for who has an app."""
    if person.here.waits == Waits.CODE:
        return False
    return person.here.proven_at > now() - timedelta(minutes=current_app.config["FRESH_MINUTES"])


def init_app(app: Flask, routes: Mapping[str, Guarded]) -> None:
    """`routes`: the written list; on those marked as fresh a person shows anew who they are, and each look
    into what is not public is written down before it is shown.
    """

    def ask_again() -> AnyResponse | None:
        known = routes.get(request.endpoint or "")
        if known is None or request.method not in known.fresh.split():
            return None
        if not me().is_authenticated or fresh(me()):
            return None
        if request.method == "POST":
            return answered()
        return redirect(url_for("accounts.prove", next=request.full_path.rstrip("?")), 303)

    def note(response: Response) -> Response:
        known = routes.get(request.endpoint or "")
        look = known.look if known is not None and response.status_code in SHOWN else None
        if look is not None and me().is_authenticated and me().all_memberships:
            about = " ".join(str(value) for value in (request.view_args or {}).values())
            commands.note_look(me(), None, what=look, about=about or request.args.get("as", ""))
        return response

    app.before_request(ask_again)
    app.after_request(note)


def answered() -> Response | None:
    """The page that asks for a code, with all that was typed in it; None when the right one came along."""
    form = ProveForm()
    typed = [pair for pair in request.form.items(multi=True) if pair[0] not in OURS | NOT_KEPT]
    if "proof" in request.form and proven(form):
        return None
    return asking(form, typed, action=request.full_path.rstrip("?"))


def proven(form: ProveForm) -> bool:
    """Whether the code that was sent is right; else the form says why not."""
    if not form.is_submitted() or "again" in request.form or not form.validate():
        return False
    given = {"code": form.proof.data, "passkey": form.key.data or ""}
    if commands.prove(me(), me(), **given, origin=home()):
        return True
    form.refuse(Invalid("proof", str(CODE_NOT_RIGHT)))
    return False


def asking(form: ProveForm, typed: list[tuple[str, str]], *, action: str) -> Response:
    """Ask for a code, and have one mailed to who has no app and presses for it."""
    has_app = queries.factor_of(me()) is not None
    mailed = "again" in request.form and not has_app
    if mailed:
        commands.ask_proof(me(), me())
    context: dict[str, Any] = {"form": form, "typed": typed, "action": action, "has_app": has_app}
    known = [one.known for one in queries.passkeys_of(me())]
    context["passkey"] = passkeys.to_show(commands.bound(me()), known) if known else None
    context["provider"] = provider.named() if queries.identity_of(me()) is not None else ""
    status = 422 if form.errors else 200 if mailed or request.method == "GET" else 403
    return page("accounts/prove.html", status=status, mailed=mailed, **context)
