"""Rotonde: a portal with which a neighbourhood makes itself heard. This is the list of its parts."""

from pathlib import Path
from typing import Any

from flask import Flask
from flask_babel import Babel, get_locale
from flask_compress import Compress
from flask_login import LoginManager
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import settings
from portal.access import ROUTES
from portal.accounts import guards
from portal.accounts import tasks as account_tasks  # noqa: F401 (registers itself)
from portal.accounts.views import accounts
from portal.answers.views import answers
from portal.assistance import listeners as assistance_listeners  # noqa: F401 (registers itself)
from portal.assistance import tasks as assistance_tasks  # noqa: F401 (registers itself)
from portal.assistance.views import assistance
from portal.clusters import listeners as cluster_listeners  # noqa: F401 (registers itself)
from portal.clusters import tasks as cluster_tasks  # noqa: F401 (registers itself)
from portal.clusters.views import clusters
from portal.composer import listeners as composer_listeners  # noqa: F401 (registers itself)
from portal.composer import own_data as composer_data  # noqa: F401 (registers itself)
from portal.composer import tasks as composer_tasks  # noqa: F401 (registers itself)
from portal.composer.views import composer
from portal.configuration import configure
from portal.desk.views import desk
from portal.dossiers import own_data as dossier_data  # noqa: F401 (registers itself)
from portal.dossiers import tasks as dossier_tasks  # noqa: F401 (registers itself)
from portal.dossiers.timeline import LAST_TOLD
from portal.dossiers.views import dossiers
from portal.integrity.views import integrity
from portal.issues import own_data as draft_data  # noqa: F401 (registers itself)
from portal.issues import tasks as report_tasks  # noqa: F401 (registers itself)
from portal.issues.views import issues
from portal.kernel.db import db
from portal.kernel.policy import NOBODY, Nobody, allowed
from portal.mailroom import listeners as mail_listeners  # noqa: F401 (registers itself)
from portal.mailroom import tasks as mail_tasks  # noqa: F401 (registers itself)
from portal.mailroom.views import mailroom
from portal.maps import tasks as map_tasks  # noqa: F401 (registers itself)
from portal.maps.views import maps
from portal.notices import door as door_notices  # noqa: F401 (registers itself)
from portal.notices import mailing  # noqa: F401 (registers itself)
from portal.notices import tasks as notice_tasks  # noqa: F401 (registers itself)
from portal.notices import together as together_notices  # noqa: F401 (registers itself)
from portal.notices.views import notices
from portal.operations.views import operations
from portal.petitions import listeners as petition_listeners  # noqa: F401 (registers itself)
from portal.petitions.views import petitions
from portal.printing import tasks as printing_tasks  # noqa: F401 (registers itself)
from portal.printing.views import printing
from portal.promises import listeners as promise_listeners  # noqa: F401 (registers itself)
from portal.promises import own_data as promise_data  # noqa: F401 (registers itself)
from portal.promises import tasks as promise_tasks  # noqa: F401 (registers itself)
from portal.promises.views import promises
from portal.questions import listeners as question_listeners  # noqa: F401 (registers itself)
from portal.questions.views import questions
from portal.roundabout.views import home, search
from portal.sheets import listeners as sheet_listeners  # noqa: F401 (registers itself)
from portal.sheets import own_data as sheet_data  # noqa: F401 (registers itself)
from portal.sheets.views import sheets
from portal.similar import listeners as similar_listeners  # noqa: F401 (registers itself)
from portal.similar import panels as similar_panels  # noqa: F401 (registers itself)
from portal.similar import tasks as similar_tasks  # noqa: F401 (registers itself)
from portal.staff import listeners as staff_listeners  # noqa: F401 (registers itself)
from portal.staff import own_data as staff_data  # noqa: F401 (registers itself)
from portal.staff.views import staff
from portal.terms import listeners as term_listeners  # noqa: F401 (registers itself)
from portal.terms import tasks as term_tasks  # noqa: F401 (registers itself)
from portal.terms.views import terms
from portal.ties import listeners as tie_listeners  # noqa: F401 (registers itself)
from portal.ties import panels as tie_panels  # noqa: F401 (registers itself)
from portal.ties.views import ties
from portal.together import listeners as together_listeners  # noqa: F401 (registers itself)
from portal.together import own_data as together_data  # noqa: F401 (registers itself)
from portal.together import tasks as together_tasks  # noqa: F401 (registers itself)
from portal.together.views import together
from portal.verdicts import listeners as verdict_listeners  # noqa: F401 (registers itself)
from portal.verdicts import tasks as verdict_tasks  # noqa: F401 (registers itself)
from portal.verdicts.views import verdicts
from portal.web import (
    copies,
    device,
    errors,
    files,
    headers,
    held,
    keeping,
    languages,
    responses,
    sessions,
    tracing,
    watching,
)
from portal.web.drawing import flat_svg
from portal.web.views import web
from portal.web.visitor import locale, me

TOP = Path(__file__).parent.parent
FEATURES = [web, device.device, home, accounts, dossiers, issues, petitions, answers]
FEATURES += [sheets, assistance, notices, desk, staff, maps, search, integrity, printing]
FEATURES += [verdicts, questions, composer, terms, mailroom, promises, together]
FEATURES += [clusters, operations, ties]


def create_app(**overrides: Any) -> Flask:
    """The application: portal/settings.py, then the environment (PORTAL_…), then the overrides."""
    app = Flask(__name__, template_folder=str(TOP / "templates"), static_folder=str(TOP / "static"))
    app.ensure_sync = lambda func: func  # type: ignore[method-assign]
    app.config.from_object(settings)
    app.config.from_prefixed_env("PORTAL")
    app.config.update(overrides)
    configure(app)
    if app.config["PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=app.config["PROXIES"], x_proto=0)  # type: ignore[method-assign]
    db.init_app(app)
    watching.init_app(app)
    keeping.init_app(app, ROUTES)
    keeping.Proof(app)
    Compress(app)
    Babel(app, locale_selector=locale, default_translation_directories=str(TOP / "portal" / "translations"))
    login = LoginManager(app)
    login.anonymous_user = Nobody
    login.session_protection = None  # a session is a row: it needs nothing that tells browsers apart
    login.user_loader(guards.who_is_here)
    for part in (sessions, headers, responses, files, languages, device, tracing, copies):
        part.init_app(app)
    errors.init_app(app, login)
    guards.init_app(app, ROUTES)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(can=can, flat_svg=flat_svg, get_locale=get_locale)
    app.context_processor(lambda: {"visitor": me()})
    for feature in FEATURES:
        app.register_blueprint(feature)
    app.wsgi_app = held.Shelf(app, LAST_TOLD)  # type: ignore[assignment, method-assign]
    return app


def can(action: Any, subject: Any = None) -> bool:
    """For templates: whether the visitor may do this."""
    return allowed(me() or NOBODY, action, subject)
