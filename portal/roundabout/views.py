"""The home page of a neighbourhood, and the search over everything that is public."""

from flask import Blueprint, current_app, request
from werkzeug import Response

from portal.dossiers import cards
from portal.dossiers.drawing import under
from portal.dossiers.forms import FilterForm
from portal.dossiers.texts import shown
from portal.places.grid import Box
from portal.roundabout import queries, sharing
from portal.roundabout.cards import results
from portal.web.maps import draw
from portal.web.meta import picture
from portal.web.responses import asked_for, page

home = Blueprint("home", __name__)
search = Blueprint("search", __name__)
FOUND = "roundabout/_found.html"
ZOOM = 14
"""How much of what lies around it is drawn."""


@home.get("/")
def index() -> Response:
    return neighbourhood(current_app.config["NEIGHBOURHOOD"])


@home.get("/n/<code>")
def neighbourhood(code: str) -> Response:
    here = queries.home(code)
    bbox = here.neighbourhood.bbox
    places = [(d, d.lat, d.lon) for d in here.moved if d.lat is not None and d.lon is not None]
    return page(
        "roundabout/index.html",
        here=here,
        meta=sharing.meta(here.neighbourhood, here.numbers, front=request.endpoint == "home.index"),
        cards=cards.cards(here.moved, here.supporters),
        waiting=[(cards.card(d, here.supporters[d.id]), cards.clocks(d)) for d in here.waiting],
        recent=[(entry, shown(entry)) for entry in here.recent],
        map=draw(here.neighbourhood.outline, bbox, places, under(Box(*bbox), ZOOM)),
    )


@home.get("/n/<code>/preview.png")
def preview(code: str) -> Response:
    place = queries.neighbourhood(code)
    return picture(lambda: sharing.preview(place, queries.numbers(place)))


@search.get("/search", endpoint="index")
def look() -> Response:
    form = FilterForm.of(request.args)
    found = results(form.chosen, request.args.get("after", ""))
    if not asked_for(FOUND):
        form.keep_what_occurs(found.found.facets)
    return page("roundabout/search.html", FOUND, form=form, found=found)
