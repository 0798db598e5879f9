"""The working views of a platform, of moderators, of the committee."""

from typing import Any

from flask import Blueprint, request
from werkzeug import Response

from portal.desk import queries
from portal.desk.forms import DeskFilter
from portal.dossiers.policy import Do as DossierDo
from portal.dossiers.texts import shown, silence
from portal.kernel.clock import today
from portal.petitions.policy import Do as PetitionDo
from portal.web.paging import Paging
from portal.web.responses import page
from portal.web.visitor import me

desk = Blueprint("desk", __name__)


@desk.get("/desk")
def index() -> Response:
    organisation = queries.at(me(), request.args.get("as", ""))
    form = DeskFilter.of(organisation, request.args)
    found = queries.desk(organisation, form.chosen, request.args.get("page", 1, int))
    paging = Paging(found.to_bundle, ".index", form.data | {"as": organisation.key})
    context: dict[str, Any] = {"desk": found, "form": form, "others": queries.own(me()), "Do": PetitionDo}
    return page("desk/index.html", "desk/_dossiers.html", paging=paging, **context)


@desk.get("/moderation")
def moderation() -> Response:
    found = queries.moderation(me())
    return page("desk/moderation.html", found=found, worded=shown, Do=DossierDo)


@desk.get("/committee")
def committee() -> Response:
    found = queries.oversight(me())
    return page("desk/committee.html", found=found, worded=shown, silence=silence, today=today())
