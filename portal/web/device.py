"""The portal on somebody's own device: installable, readable without network, with an outbox of its own.

The service worker (static/js/worker.js) keeps only what this says may be kept: pages as everybody sees them.
"""

import hashlib
import json
from functools import cache
from pathlib import Path

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    get_flashed_messages,
    jsonify,
    render_template,
    request,
    url_for,
)
from flask_babel import force_locale, get_locale
from flask_wtf.csrf import generate_csrf
from werkzeug import Response as AnyResponse

from portal.kernel.digests import keyed
from portal.web.files import bundle_url, static_url
from portal.web.keeping import WHO
from portal.web.responses import page
from portal.web.visitor import me

device = Blueprint("device", __name__)

KEPT_PAGES = {"home.index", "home.neighbourhood", "dossiers.index", "dossiers.show"}
"""Pages that are the same for everybody who has not signed in. Pages of forms, drafts and tickets are not."""
FIRST = ["device.outbox", "issues.offline"]
"""The pages that a device has before it needs them; the same for everybody too."""
PARTS = ["js/offline.js", "js/outbox.js", "js/later.js", "icons.svg", "mark.svg"]


def name_of(person: object) -> str:
    """Who this is, as a name without meaning; empty for somebody who has not signed in."""
    number = getattr(person, "id", None)
    if not number:
        return ""
    return keyed("device", str(number)).hex()[:20]


@cache
def version(static: str, *templates: str) -> str:
    """What changes with every file that a page is made of."""
    files = [path for folder in (static, *templates) for path in sorted(Path(folder).rglob("*.*"))]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files if path.is_file())).hexdigest()[:12]


def _version() -> str:
    translations = Path(current_app.root_path) / "translations"
    return version(str(current_app.static_folder), str(current_app.template_folder), str(translations))


@device.get("/sw.js")
def worker() -> Response:
    """The service worker, with its version and what it fetches first. A new version is another file."""
    assets = [bundle_url("rotonde.css"), bundle_url("rotonde.js"), *map(static_url, PARTS)]
    first = [url_for(name) for name in FIRST]
    icon = static_url("icons/192.png")
    facts = {"version": _version(), "first": first, "assets": assets, "icon": icon}
    script = Path(str(current_app.static_folder), "js", "worker.js").read_text()
    answer = Response(f"const KNOWN = {json.dumps(facts)};\n{script}", mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Service-Worker-Allowed"] = "/"
    return answer


@device.get("/manifest.webmanifest")
def manifest() -> Response:
    """Browsers fetch it without cookies: the language comes with the address."""
    language = request.args.get("lang", "")
    if language not in current_app.config["LOCALES"]:
        language = str(get_locale())
    with force_locale(language):
        text = render_template("web/manifest.webmanifest", language=language)
    return Response(text, mimetype="application/manifest+json", headers={"Cache-Control": "no-cache"})


@device.get("/outbox")
def outbox() -> Response:
    """What waits on this device. The same page for everybody: the device fills it in."""
    return page("web/outbox.html")


@device.get("/token")
def token() -> Response:
    """Fetched before something is sent that waited: a fresh proof that it comes from us, and for whom."""
    answer = jsonify(token=generate_csrf(), who=name_of(me()))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def init_app(app: Flask) -> None:
    app.jinja_env.globals["device_name"] = lambda: name_of(me())
    app.after_request(_may_be_kept)
    app.after_request(_say_who)


def _may_be_kept(response: Response) -> Response:
    """Tell the worker whether it may keep this page: `keep`, or `ask` for it again as everybody sees it."""
    whole = request.method == "GET" and request.headers.get("HX-Request-Type") != "partial"
    if whole and response.status_code == 200 and request.endpoint in {*KEPT_PAGES, *FIRST}:
        plain = not me().is_authenticated and not get_flashed_messages()
        response.headers["X-Offline"] = f"{'keep' if plain else 'ask'} {get_locale()}"
    return response


def _say_who(response: Response) -> Response:
    """Keep the cookie in step with who is signed in; only where a page is answered."""
    if response.mimetype != "text/html" or request.endpoint in {"static", "web.bundle"}:
        return response
    who = name_of(me())
    if request.cookies.get(WHO, "") == who:
        return response
    if who:
        secure = current_app.config["SESSION_COOKIE_SECURE"]
        response.set_cookie(WHO, who, max_age=31_536_000, samesite="Lax", secure=secure)
    else:
        response.delete_cookie(WHO, samesite="Lax")
    return response


def forget(response: AnyResponse, *what: str) -> AnyResponse:
    """Have the browser forget what this device keeps of us: `cache`, also `storage` (the outbox is in it)."""
    response.headers["Clear-Site-Data"] = ", ".join(f'"{one}"' for one in what)
    return response
