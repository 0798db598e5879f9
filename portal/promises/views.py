"""Pages of promises, trials and decisions about a dossier; the ledger; and the question to supporters."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from werkzeug import Response

from portal.accounts.models import OrganisationKind
from portal.accounts.queries import organisations
from portal.dossiers.models import Dossier
from portal.dossiers.policy import Do as DossierDo
from portal.dossiers.queries import dossier as find
from portal.dossiers.texts import shown
from portal.kernel.errors import Invalid
from portal.kernel.policy import NOBODY, allowed, require
from portal.promises import cards, commands, forms, panels, queries  # noqa: F401 (panels register themselves)
from portal.promises.policy import Do
from portal.promises.texts import (
    DECISIONS,
    LEVELS,
    SAID,
    STATES,
    STEPS,
    WINDOWS,
    age,
    gap,
    period,
    stands,
    voices,
)
from portal.web.paging import Paging
from portal.web.responses import done, invalid, page
from portal.web.visitor import me

promises = Blueprint("promises", __name__)
WORDS: dict[str, Any] = {"states": STATES, "levels": LEVELS, "decisions": DECISIONS, "steps": STEPS}
WORDS |= {"windows": WINDOWS, "voices": voices, "gap": gap, "stands": stands, "shown": shown}
WORDS |= {"took": cards.took, "age": age, "period": period}


@promises.get("/d/<ref>/promises")
def show(ref: str) -> Response:
    dossier = find(me(), ref)
    may = {name: allowed(me(), deed.do, dossier) for name, deed in DEEDS.items() if deed.of is find_itself}
    readable = allowed(me(), DossierDo.SEE, dossier)
    track = queries.track(dossier) if readable else queries.EMPTY
    context: dict[str, Any] = {"dossier": dossier, "track": track, "readable": readable, "may": may, "Do": Do}
    return page("promises/show.html", **context, **WORDS)


@promises.route("/kept/<ticket>", methods=["GET", "POST"])
def kept(ticket: str) -> Response:
    """The link from the mail: three buttons, and what is known of the promise."""
    voice, form = queries.voice_by_ticket(ticket), forms.SayForm()
    actor = voice.signature.person if voice.signature else None
    may = allowed(actor or NOBODY, Do.SAY, voice)
    if not form.is_submitted() or not may or not form.validate():
        context = {"voice": voice, "promise": voice.promise, "form": form, "may": may, **WORDS}
        return page("promises/kept.html", status=409 if form.is_submitted() else 200, said=SAID, **context)
    commands.say(actor, voice, once=form.once.data, said=form.said.data)
    return done(url_for(".kept", ticket=ticket), _("Thank you. It is counted."))


# --- deeds: each a page with a form


def find_itself(dossier: Dossier, **_numbers: Any) -> Any:
    return dossier


def find_promise(dossier: Dossier, promise_id: int) -> Any:
    return queries.of_dossier(dossier, promise_id)


def find_trial(dossier: Dossier, trial_id: int) -> Any:
    return queries.trial(dossier, trial_id)


@dataclass(frozen=True)
class Deed:
    """Who may, about what, what is asked, and what is said about it before and after."""

    do: Do
    path: str
    of: Callable[..., Any]
    form: type[forms.TrackForm]
    command: Callable[..., Any]
    title: Any
    about: Any
    button: Any
    said: Any
    icon: str


DEEDS: dict[str, Deed] = {
    "correct": Deed(
        Do.CORRECT,
        "promises/<int:promise_id>/correct",
        find_promise,
        forms.CorrectForm,
        commands.correct,
        lazy("Put a promise right"),
        lazy("What stood there stays on the timeline. Your note says what is different, and why."),
        lazy("Place the note"),
        lazy("The note stands there."),
        "edit",
    ),
    "settle": Deed(
        Do.SETTLE,
        "promises/<int:promise_id>/settle",
        find_promise,
        forms.SettleForm,
        commands.settle,
        lazy("What became of the promise?"),
        lazy("Say what happened, on which day, and what shows it. Facts: what they mean is for the reader."),
        lazy("Write it down"),
        lazy("It stands there."),
        "promise",
    ),
    "hold_trial": Deed(
        Do.HOLD_TRIAL,
        "trials/new",
        find_itself,
        forms.TrialForm,
        commands.hold_trial,
        lazy("Write down a trial"),
        lazy("A trial has places, days, and an end: what came of it, and what was decided."),
        lazy("Place the trial"),
        lazy("The trial stands there."),
        "trial",
    ),
    "observe": Deed(
        Do.OBSERVE,
        "trials/<int:trial_id>/observe",
        find_trial,
        forms.ObserveForm,
        commands.observe,
        lazy("What did you see during the trial?"),
        lazy("Everybody can read it with the trial."),
        lazy("Add it"),
        lazy("It stands with the trial."),
        "eye",
    ),
    "close_trial": Deed(
        Do.CLOSE_TRIAL,
        "trials/<int:trial_id>/close",
        find_trial,
        forms.CloseForm,
        commands.close_trial,
        lazy("The trial is over"),
        lazy("A trial ends with what came of it and what was decided. Nothing decided yet? Say that."),
        lazy("Close the trial"),
        lazy("The trial is closed."),
        "check",
    ),
    "document": Deed(
        Do.DOCUMENT,
        "decisions/new",
        find_itself,
        forms.DocumentForm,
        commands.document,
        lazy("Add a step of the decision"),
        lazy("From motion to execution: which step was taken, by whom, when, and where one can read it."),
        lazy("Add the step"),
        lazy("The step stands there."),
        "doc",
    ),
    "cite": Deed(
        Do.CITE,
        "citations/new",
        find_itself,
        forms.CiteForm,
        commands.cite,
        lazy("Cite a recording"),
        lazy("Word for word, with the time in the recording, so that everybody can hear it."),
        lazy("Add the words"),
        lazy("The words stand there."),
        "say",
    ),
}


def bodies() -> Any:
    """Who can promise, decide or hold a trial: authorities and elected bodies."""
    return organisations(OrganisationKind.AUTHORITY, OrganisationKind.COMMITTEE)


def act(ref: str, name: str, **numbers: int) -> Response:
    deed, dossier = DEEDS[name], find(me(), ref)
    subject = deed.of(dossier, **numbers)
    require(me(), deed.do, subject)
    back = url_for("promises.show", ref=dossier.ref)
    return _asked(deed.form(), deed.command, subject, back, deed=deed, dossier=dossier)


def _asked(form: Any, command: Any, subject: Any, back: str, **context: Any) -> Response:
    """The form, the form with what is wrong, or what was done with it."""
    form.choose(subject, bodies)
    context |= {"form": form, "back": back, "subject": subject, **WORDS}
    if not form.is_submitted():
        return page("promises/act.html", **context)
    try:
        if form.validate():
            command(me(), subject, once=form.once.data, **form.given)
            return done(back, str(context["deed"].said))
    except Invalid as error:
        form.refuse(error)
    return invalid("promises/act.html", **context)


for _name, _deed in DEEDS.items():
    promises.add_url_rule(
        f"/d/<ref>/{_deed.path}", _name, act, methods=["GET", "POST"], defaults={"name": _name}
    )


# --- the ledger


@promises.get("/ledger")
def ledgers() -> Response:
    home = current_app.config["NEIGHBOURHOOD"]
    places = queries.named_neighbourhoods(home)
    return page("promises/ledgers.html", authorities=queries.named_authorities(), places=places)


@promises.get("/ledger/a/<key>")
def authority(key: str) -> Response:
    return _ledger(queries.by_authority(key), {"key": key})


@promises.get("/ledger/n/<code>")
def neighbourhood(code: str) -> Response:
    return _ledger(queries.by_neighbourhood(code), {"code": code})


def _ledger(scope: queries.Scope, given: dict[str, Any]) -> Response:
    """Two lists, each with pages of its own."""
    asked = {name: request.args.get(name, 1, int) for name in ("page", "promises")}
    found = cards.ledger(scope, asked["page"], asked["promises"])
    where = str(request.endpoint)
    terms = Paging(found.terms, where, {**given, "promises": asked["promises"]})
    promised = cards.Other(found.promised, where, {**given, "page": asked["page"]})
    return page("promises/ledger.html", found=found, terms=terms, promised=promised, Do=Do, **WORDS)


REPLY = Deed(
    Do.REPLY,
    "",
    find_itself,
    forms.ReplyForm,
    commands.reply,
    lazy("Reply to this line"),
    lazy("Your organisation has the right to reply to what the ledger says of it."),
    lazy("Place the reply"),
    lazy("Your reply stands beside the line."),
    "say",
)


@promises.route("/ledger/a/<key>/<ref>/<int:promise_id>", methods=["GET", "POST"])
def reply(key: str, ref: str, promise_id: int) -> Response:
    """`promise_id` 0: what was put to this authority, or with `?letter=7` a letter to it."""
    dossier = find(me(), ref)
    line = queries.line(dossier, key, promise_id or None, request.args.get("letter", type=int))
    require(me(), Do.REPLY, line)
    back = url_for(".authority", key=key)
    return _asked(forms.ReplyForm(), commands.reply, line, back, deed=REPLY, dossier=dossier)
