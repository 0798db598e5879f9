"""Teams of an authority, and who is in them."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug import Response

from portal.accounts.models import Organisation
from portal.accounts.queries import organisation as authority
from portal.kernel.errors import Invalid
from portal.kernel.policy import require
from portal.staff import commands, queries
from portal.staff.forms import NameForm, TeamForm
from portal.staff.models import Team
from portal.staff.policy import Do
from portal.staff.views.blueprint import staff
from portal.web.responses import done, invalid, page
from portal.web.visitor import me


@staff.route("/authorities/<key>/teams", methods=["GET", "POST"])
@login_required
def teams(key: str) -> Response:
    organisation, form = authority(key), NameForm()
    require(me(), Do.FOUND_TEAM, organisation)
    if not form.is_submitted():
        return page("staff/teams.html", **_shown(organisation, form))
    try:
        form.validate()
        team = commands.found_team(me(), organisation, once=form.once.data, name=form.name.data or "")
    except Invalid as error:
        form.refuse(error)
        return invalid("staff/teams.html", **_shown(organisation, form))
    return done(url_for(".team", key=key, number=team.id), _("The team is there. Who is in it?"))


def _shown(organisation: Organisation, form: NameForm) -> dict[str, Any]:
    return {"organisation": organisation, "form": form, "known": queries.staff_of(organisation)}


@staff.route("/authorities/<key>/teams/<int:number>", methods=["GET", "POST"])
@login_required
def team(key: str, number: int) -> Response:
    organisation = authority(key)
    found = queries.team(organisation, number)
    require(me(), Do.CHANGE_TEAM, found)
    form, context = TeamForm().of_staff(queries.staff_of(organisation), found), _of(organisation, found)
    if not form.is_submitted():
        return page("staff/team.html", form=form, **context)
    try:
        form.validate()
        given = {"name": form.name.data or "", "members": form.chosen}
        commands.change_team(me(), found, once=form.once.data, **given)
    except Invalid as error:
        form.refuse(error)
        return invalid("staff/team.html", form=form, **context)
    return done(url_for(".teams", key=key), _("The team is kept."))


def _of(organisation: Organisation, team: Team) -> dict[str, Any]:
    return {"organisation": organisation, "team": team}


@staff.post("/authorities/<key>/teams/<int:number>/close")
@login_required
def close_team(key: str, number: int) -> Response:
    commands.close_team(me(), queries.team(authority(key), number))
    return done(url_for(".teams", key=key), _("The team is closed. What it had is nobody's now."))
