"""The blueprint, and what every page of one dossier needs."""

from typing import Any

from flask import Blueprint
from werkzeug.routing import BaseConverter

from portal.dossiers import cards, queries
from portal.dossiers.drawing import map_of
from portal.dossiers.forms import ButtonForm, SignForm
from portal.dossiers.models import Dossier, Kind
from portal.dossiers.panels import panels_of
from portal.dossiers.policy import Do
from portal.dossiers.sharing import share
from portal.dossiers.texts import kept, told
from portal.kernel.policy import allowed
from portal.places.queries import as_residents_say
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


def sign_form(**given: Any) -> SignForm:
    """The form of signing, with what is known of somebody who is signed in."""
    actor = me()
    name = actor.name if actor.is_authenticated else ""
    return SignForm(known=actor.is_authenticated, name=name, **given)


def in_full(dossier: Dossier, form: SignForm | None = None, **more: Any) -> dict[str, Any]:
    """What the page of a dossier shows; for the fragment of its support no more than that.

    Its forms are new ones, each with a key of its own, also when it answers to a form that was sent.
    """
    form = form or sign_form(formdata=None)
    needed: dict[str, Any] = {"dossier": dossier, "Do": Do, "form": form, "sent": False}
    needed |= {"support": queries.support(me(), dossier), "button": ButtonForm(formdata=None)}
    needed |= {"held": "", "kept": kept, **more}
    if asked_for(SUPPORT):
        return needed | {"oob": True}
    return needed | {"share": share(dossier, needed["support"].count)} | _around(dossier)


def _around(dossier: Dossier) -> dict[str, Any]:
    actor = me()
    return {
        "panels": panels_of(actor, dossier),
        "entries": cards.with_pictures(cards.with_titles(told(queries.timeline(actor, dossier))), dossier),
        "clocks": cards.clocks(dossier),
        "map": map_of(dossier),
        "similar": queries.similar(dossier) if dossier.kind != Kind.PETITION else [],
        "paragraphs": cards.paragraphs(dossier.body),
        "public": dossier.public,
        "around": as_residents_say(dossier.neighbourhood),
    }


def readable(dossier: Dossier) -> bool:
    """Whether the visitor may see its words and pictures."""
    return allowed(me(), Do.SEE, dossier)
