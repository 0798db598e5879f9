"""The blueprint, and what every page of one dossier needs."""

from typing import Any

from flask import Blueprint
from werkzeug.routing import BaseConverter

from portal.accounts.queries import homes
from portal.dossiers import cards, queries
from portal.dossiers.breadth import NOTHING, buildings_around
from portal.dossiers.drawing import map_of
from portal.dossiers.forms import ButtonForm, RenameForm, SignForm
from portal.dossiers.models import Dossier
from portal.dossiers.panels import panels_of
from portal.dossiers.policy import Do
from portal.dossiers.sharing import share
from portal.dossiers.texts import kept, told
from portal.kernel.policy import allowed
from portal.places.queries import as_residents_say, buildings_in
from portal.web.responses import asked_for
from portal.web.visitor import me

dossiers = Blueprint("dossiers", __name__)


class Reference(BaseConverter):
    """K-1042, in either case."""

    regex = r"[Kk]-[0-9]{1,12}"


dossiers.record(lambda state: state.app.url_map.converters.update(reference=Reference))
SUPPORT = "dossiers/_support.html"


# For every template and macro: what a dossier may be called where it is hidden.
dossiers.add_app_template_global(cards.title_of)
dossiers.add_app_template_global(cards.titled)


def sign_form(dossier: Dossier, **given: Any) -> SignForm:
    """The form of signing, with what is known of somebody who is signed in."""
    actor = me()
    known = actor.is_authenticated
    told = known and actor.building
    buildings = [] if told else buildings_around(dossier.neighbourhood_code, homes())
    return SignForm(known=known, buildings=buildings, name=actor.name if known else "", **given)


def in_full(dossier: Dossier, form: SignForm | None = None, **more: Any) -> dict[str, Any]:
    """What the page of a dossier shows; for the fragment of its support no more than that.

    Its forms are new ones, each with a key of its own, also when it answers to a form that was sent.
    """
    form = form or sign_form(dossier, formdata=None)
    needed: dict[str, Any] = {"dossier": dossier, "Do": Do, "form": form, "sent": False}
    needed |= {"support": queries.support(me(), dossier), "button": ButtonForm(formdata=None)}
    needed |= {"rename": RenameForm(formdata=None, obj=needed["support"].own)}
    needed |= {"held": "", "kept": kept, **more}
    if asked_for(SUPPORT):
        return needed | {"oob": True}
    return needed | {"share": share(dossier, needed["support"].count)} | _around(dossier)


def _around(dossier: Dossier) -> dict[str, Any]:
    actor, around = me(), as_residents_say(dossier.neighbourhood)
    entries = queries.timeline(actor, dossier)
    return {
        "panels": panels_of(actor, dossier, entries),
        "entries": cards.with_pictures(cards.with_titles(told(entries)), dossier),
        "clocks": cards.clocks(dossier),
        "map": map_of(dossier),
        "paragraphs": cards.paragraphs(dossier.body),
        "public": dossier.public,
        "picture": NOTHING | (dossier.breadth.shown if dossier.breadth else {}),
        "around": around,
        "asks_home": around is not None and bool(buildings_in(around)),
    }


def readable(dossier: Dossier) -> bool:
    """Whether the visitor may see its words and pictures."""
    return allowed(me(), Do.SEE, dossier)
