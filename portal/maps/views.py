"""The map of dossiers, the data it asks for, and the map on which a place is pointed out."""

from flask import Blueprint, Response, abort, current_app, request
from werkzeug import Response as AnyResponse

from portal.maps import cards
from portal.maps.forms import asked, window
from portal.places.grid import Box
from portal.places.queries import area
from portal.web.headers import may_be_framed
from portal.web.responses import page

maps = Blueprint("maps", __name__)
DAY = 86_400


def home() -> Box:
    """Where a map begins that no address asked for: the neighbourhood of this portal."""
    found = area(current_app.config["NEIGHBOURHOOD"])
    return Box(*found.bbox) if found else Box(4.73, 52.28, 5.08, 52.43)


@maps.get("/map/pick")
def pick() -> AnyResponse:
    """In a frame of the page with the form, so that its policy and its scripts are its own."""
    may_be_framed()
    return page("maps/pick.html", stage=cards.stage(), window=window(request.args, home()))


@maps.get("/map/land.json")
def land() -> AnyResponse:
    view = asked(request.args) or abort(400)
    answer = Response(cards.under_as_text(view), mimetype="application/json")
    answer.headers["Cache-Control"] = f"public, max-age={DAY}"
    answer.add_etag()
    return answer.make_conditional(request)
