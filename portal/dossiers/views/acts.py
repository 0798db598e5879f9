"""What those whose dossier it is do with it, and what moderators do: each a page with a form."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _
from werkzeug import Response

from portal.accounts.models import OrganisationKind
from portal.accounts.queries import organisations
from portal.dossiers import commands, queries
from portal.dossiers.forms import ActForm, HandOverForm, ReasonForm, TellForm, WhyForm, WordsForm
from portal.dossiers.models import Dossier
from portal.dossiers.policy import Do
from portal.dossiers.views.blueprint import dossiers
from portal.kernel.policy import allowed, require
from portal.web.responses import done, invalid, page
from portal.web.visitor import me


@dataclass(frozen=True)
class Act:
    """A deed: who may, what is asked, what it is called, and what is said about it before and after."""

    do: Do
    form: type[ActForm]
    command: Callable[..., Any]
    title: Any
    about: Any
    button: Any
    said: Any
    icon: str
    risk: bool = False


ACTS: dict[str, Act] = {
    "tell": Act(
        Do.TELL,
        TellForm,
        commands.tell,
        _("Add to the timeline"),
        _("Everybody can read it on the timeline. You cannot change it later. A new one can put it right."),
        _("Add it"),
        _("It is on the timeline."),
        "say",
    ),
    "hand_over": Act(
        Do.HAND_OVER,
        HandOverForm,
        commands.hand_over,
        _("Hand over"),
        _("You put this to one or more authorities. Everybody sees by which day each has to answer."),
        _("Hand over"),
        _("It is handed over. The clock runs."),
        "stamp",
    ),
    "solve": Act(
        Do.SOLVE,
        WordsForm,
        commands.solve,
        _("It is solved"),
        _("You say that it is solved. The page stays. If it turns out not to be, you can open it again."),
        _("Yes, it is solved"),
        _("Good! It stands there as solved."),
        "check",
    ),
    "reopen": Act(
        Do.REOPEN,
        WhyForm,
        commands.reopen,
        _("It is not solved"),
        _("You open it again. Everybody sees that it is not solved, and neighbours can join again."),
        _("Open it again"),
        _("It is open again."),
        "again",
    ),
    "withdraw": Act(
        Do.WITHDRAW,
        WordsForm,
        commands.withdraw,
        _("Withdraw"),
        _("You stop with this. The page and the timeline stay, but nobody can join any more."),
        _("Withdraw it"),
        _("It is withdrawn."),
        "close",
        risk=True,
    ),
    "hide": Act(
        Do.HIDE,
        ReasonForm,
        commands.hide,
        _("Hide"),
        _("Title, words and photos can no longer be seen. Place, date and your reason stay."),
        _("Hide it"),
        _("It is hidden."),
        "eye",
        risk=True,
    ),
    "unhide": Act(
        Do.UNHIDE,
        ReasonForm,
        commands.unhide,
        _("Show again"),
        _("Everybody can see title, words and photos again. Your reason stands on the timeline."),
        _("Show it again"),
        _("It can be seen again."),
        "eye",
    ),
}


def open_acts(dossier: Dossier) -> list[tuple[str, Act]]:
    """What the visitor may do with it now: where, and what."""
    actor = me()
    return [
        (url_for(f"dossiers.{name}", ref=dossier.ref), act)
        for name, act in ACTS.items()
        if allowed(actor, act.do, dossier)
    ]


def form_of(act: Act, dossier: Dossier) -> ActForm:
    form = act.form()
    form.choose(
        dossier,
        lambda: queries.timeline(me(), dossier),
        lambda: organisations(OrganisationKind.AUTHORITY, OrganisationKind.COMMITTEE),
    )
    return form


def do(ref: str, name: str) -> Response:
    act, dossier = ACTS[name], queries.dossier(me(), ref)
    form = form_of(act, dossier)
    if form.is_submitted() and form.validate():
        act.command(me(), dossier, once=form.once.data, **form.given)
        return done(url_for("dossiers.show", ref=dossier.ref), str(act.said))
    require(me(), act.do, dossier)
    answer = invalid if form.is_submitted() else page
    return answer("dossiers/act.html", act=act, dossier=dossier, form=form)


for _name in ACTS:
    dossiers.add_url_rule(f"/d/<ref>/{_name}", _name, do, methods=["GET", "POST"], defaults={"name": _name})
