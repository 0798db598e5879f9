"""The map of dossiers, the data it asks for, and the map on which a place is pointed out."""

from flask import Blueprint, Response, abort, current_app, request
from werkzeug import Response as AnyResponse

from portal.dossiers.forms import FilterForm
from portal.dossiers.queries import Filter
from portal.maps import cards, queries
from portal.maps.forms import asked, box, chosen, window
from portal.web.headers import may_be_framed
from portal.web.responses import asked_for, page
from portal.web.visitor import me

maps = Blueprint("maps", __name__)
DAY, SHORT = 86_400, 30
LIST = "maps/_list.html"


@maps.get("/map")
def index() -> AnyResponse:
    """Loaded as a whole, also by a link that htmx follows: the policy of this page lets its tiles in."""
    if current_app.config["MAP_TILES"] and request.headers.get("HX-Request-Type") == "full":
        return Response(headers={"HX-Redirect": request.full_path})
    form = FilterForm.of(request.args)
    given = form.chosen
    here = window(request.args, cards.begin(given))
    found = cards.beside(given, here, box(request.args), request.args.get("page", 1, int))
    if asked_for(LIST):
        return page("maps/index.html", LIST, found=found)
    drawing = cards.drawing(given, here)
    return page("maps/index.html", form=form, found=found, window=here, drawing=drawing, stage=cards.stage())


@maps.get("/map.json")
def data() -> AnyResponse:
    view, given = asked(request.args) or abort(400), chosen(request.args)
    found = cards.data(given, queries.groups(given, view))
    return kept(cards.as_json(found), 0 if me().is_authenticated else SHORT)


@maps.get("/map/land.json")
def land() -> AnyResponse:
    return kept(cards.land_of(asked(request.args) or abort(400)), DAY)


@maps.get("/map/pick")
def pick() -> AnyResponse:
    """In a frame of the page with the form, so that its policy and its scripts are its own."""
    may_be_framed()
    here = window(request.args, cards.begin(Filter()))
    return page("maps/pick.html", stage=cards.stage(), window=here)


def kept(text: str, seconds: int) -> AnyResponse:
    """An answer that is the same for everybody, and may be kept so long."""
    answer = Response(text, mimetype="application/json")
    answer.headers["Cache-Control"] = f"public, max-age={seconds}" if seconds else "private, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)
