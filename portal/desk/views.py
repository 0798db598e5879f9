"""The working views of a platform, of moderators, of the committee."""

from typing import Any

from flask import Blueprint, request, url_for
from werkzeug import Response

from portal.assistance.policy import Do as HelpDo
from portal.desk import queries
from portal.desk.forms import DeskFilter
from portal.dossiers import cards
from portal.dossiers import queries as dossiers
from portal.dossiers.policy import Do as DossierDo
from portal.dossiers.texts import shown, silence, told
from portal.dossiers.views.acts import open_acts
from portal.issues.texts import clash
from portal.kernel.clock import today
from portal.kernel.policy import allowed
from portal.petitions.policy import Do as PetitionDo
from portal.terms.texts import day_of
from portal.together.panels import question
from portal.together.queries import asked_of
from portal.web.paging import Paging
from portal.web.responses import page
from portal.web.visitor import me

desk = Blueprint("desk", __name__)
DETAIL = "desk/_detail.html"


@desk.get("/desk")
def index() -> Response:
    organisation = queries.at(me(), request.args.get("as", ""))
    form = DeskFilter.of(organisation, request.args)
    found = queries.desk(organisation, form.chosen, request.args.get("page", 1, int))
    paging = Paging(found.to_bundle, ".index", form.data | {"as": organisation.key})
    context: dict[str, Any] = {"desk": found, "form": form, "others": queries.own(me()), "Do": PetitionDo}
    context |= _opened({**paging.given, "page": found.to_bundle.number}) | {"beside": "desk/overview.html"}
    context["HelpDo"] = HelpDo
    return page("desk/index.html", "desk/_dossiers.html", DETAIL, paging=paging, **context)


@desk.get("/desk/together")
def together() -> Response:
    """Who does the same: what the organisation is asked, and what others plan near its own plans."""
    organisation = queries.at(me(), request.args.get("as", ""))
    asked = [question(party) for party in asked_of(organisation)]
    clashes = [
        (plan, [(near.dossier, clash(near)) for near in found])
        for plan, found in queries.clashing(organisation)
    ]
    return page("desk/together.html", organisation=organisation, asked=asked, clashes=clashes)


@desk.get("/moderation")
def moderation() -> Response:
    found, beside = queries.moderation(me()), "desk/nothing.html"
    context = {"found": found, "worded": shown, "Do": DossierDo, "beside": beside, **_opened({})}
    return page("desk/moderation.html", DETAIL, **context)


def _opened(place: dict[str, Any]) -> dict[str, Any]:
    """Where in the list one is, for an address; and the dossier that is opened beside it, if any."""
    given = {name: value for name, value in place.items() if value and value != 1}
    ref = request.args.get("dossier", "")
    return {"given": given, "detail": _detail(ref, given) if ref else None}


def _detail(ref: str, given: dict[str, Any]) -> dict[str, Any]:
    dossier = dossiers.dossier(me(), ref)
    return {
        "dossier": dossier,
        "back": url_for(str(request.endpoint), **given),
        "support": dossiers.support(me(), dossier, most=1),
        "readable": allowed(me(), DossierDo.SEE, dossier),
        "acts": open_acts(dossier),
        "paragraphs": cards.paragraphs(dossier.body),
        "entries": cards.with_titles(told(dossiers.timeline(me(), dossier))),
        "clocks": cards.clocks(dossier),
    }


@desk.get("/committee")
def committee() -> Response:
    found = queries.oversight(me())
    words: dict[str, Any] = {"worded": shown, "silence": silence, "as_day": day_of}
    return page("desk/committee.html", found=found, today=today(), **words)
