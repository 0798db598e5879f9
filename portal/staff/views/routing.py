"""The list of rules by which an authority sorts what is put to it: written, tried out, switched on."""

from collections.abc import Callable
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug import Response

from portal.accounts.models import Membership, Organisation
from portal.accounts.queries import organisation as authority
from portal.answers.queries import authorities
from portal.kernel.errors import Invalid
from portal.kernel.policy import require
from portal.staff import commands, queries
from portal.staff.forms import RuleForm
from portal.staff.models import RoutingState
from portal.staff.policy import Do
from portal.staff.rules import Rule
from portal.staff.views.blueprint import staff
from portal.web.responses import done, invalid, page
from portal.web.visitor import me


@staff.route("/authorities/<key>/routing", methods=["GET", "POST"])
@login_required
def routing(key: str) -> Response:
    organisation = authority(key)
    require(me(), Do.SET_ROUTING, organisation)
    form = RuleForm().of_staff(queries.staff_of(organisation), authorities())
    if not form.is_submitted():
        return page("staff/routing.html", **_shown(organisation, form))
    step, _dash, place = (request.form.get("step") or "add").partition(":")
    try:
        form.validate()
        said = STEPS.get(step, _add)(form, organisation, int(place) if place.isdigit() else 0)
    except Invalid as error:
        form.refuse(error)
        return invalid("staff/routing.html", **_shown(organisation, form))
    tried = "1" if step == "try" else None
    return done(url_for(".routing", key=key, tried=tried), said)


def _shown(organisation: Organisation, form: RuleForm) -> dict[str, Any]:
    """What is written at, or what works; what it would have done, once that is asked for."""
    working = queries.routing(organisation, RoutingState.ON)
    draft = queries.routing(organisation, RoutingState.DRAFT)
    rules, chosen = queries.rules_of(draft or working), draft or working
    if not form.is_submitted() and chosen is not None and chosen.fallback_id:
        form.fallback.data = str(chosen.fallback_id)
    tried = bool(request.args.get("tried")) and draft is not None
    outcomes = queries.try_out(me(), organisation, rules) if tried else []
    known = {"organisation": organisation, "form": form, "rules": rules, "outcomes": outcomes}
    return known | {"draft": draft, "working": working, "known": form.staff, "fallback": _taker(chosen)}


def _taker(chosen: Any) -> Membership | None:
    return queries.who_takes(chosen) if chosen is not None else None


def _rules(organisation: Organisation) -> tuple[list[Rule], Membership | None]:
    """The list that is written at; at first a copy of the one that works."""
    draft = queries.routing(organisation, RoutingState.DRAFT)
    known = draft or queries.routing(organisation, RoutingState.ON)
    return queries.rules_of(known), known.fallback if known else None


def _write(form: RuleForm, organisation: Organisation, change: Callable[[list[Rule]], None]) -> None:
    rules, fallback = _rules(organisation)
    change(rules)
    commands.write_rules(me(), organisation, once=form.once.data, rules=rules, fallback=fallback)


def _add(form: RuleForm, organisation: Organisation, place: int) -> str:
    rule = form.rule
    _write(form, organisation, lambda rules: rules.append(rule))
    return _("The rule stands at the end of the list. It works once the list is switched on.")


def _remove(form: RuleForm, organisation: Organisation, place: int) -> str:
    _write(form, organisation, lambda rules: rules.__delitem__(slice(place, place + 1)))
    return _("The rule is gone from the list.")


def _up(form: RuleForm, organisation: Organisation, place: int) -> str:
    def move(rules: list[Rule]) -> None:
        if 0 < place < len(rules):
            rules.insert(place - 1, rules.pop(place))

    _write(form, organisation, move)
    return _("The rule stands higher now.")


def _land(form: RuleForm, organisation: Organisation, place: int) -> str:
    rules, _before = _rules(organisation)
    number = form.fallback.data or ""
    person = form.staff.person(int(number)) if number.isdigit() else None
    if person is None:
        raise Invalid("fallback", "no_fallback")
    commands.write_rules(me(), organisation, once=form.once.data, rules=rules, fallback=person)
    return _("What no rule fits lands there, once the list is switched on.")


def _try(form: RuleForm, organisation: Organisation, place: int) -> str:
    commands.note_trial(me(), organisation)
    return _("This is what the list would have done with the dossiers of before.")


def _on(form: RuleForm, organisation: Organisation, place: int) -> str:
    commands.switch_on(me(), organisation, once=form.once.data)
    return _("The list is switched on: what comes in from now on goes where it says.")


def _off(form: RuleForm, organisation: Organisation, place: int) -> str:
    commands.switch_off(me(), organisation)
    return _("The list is switched off.")


STEPS = {"remove": _remove, "up": _up, "land": _land, "try": _try, "on": _on, "off": _off}
