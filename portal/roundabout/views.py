"""The home page of a neighbourhood."""

from flask import Blueprint, current_app
from werkzeug import Response

from portal.dossiers import cards
from portal.dossiers.texts import shown
from portal.roundabout import queries
from portal.web.maps import draw
from portal.web.responses import page

home = Blueprint("home", __name__)


@home.get("/")
def index() -> Response:
    return neighbourhood(current_app.config["NEIGHBOURHOOD"])


@home.get("/n/<code>")
def neighbourhood(code: str) -> Response:
    here = queries.home(code)
    places = [(d, d.lat, d.lon) for d in here.moved if d.lat is not None and d.lon is not None]
    return page(
        "roundabout/index.html",
        here=here,
        cards=cards.cards(here.moved, here.supporters),
        waiting=[(cards.card(d, here.supporters[d.id]), cards.clocks(d)) for d in here.waiting],
        recent=[(entry, shown(entry)) for entry in here.recent],
        map=draw(here.neighbourhood.outline, here.neighbourhood.bbox, places),
    )
