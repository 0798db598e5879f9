"""Taking a tie away; and what other forms answer to who says that theirs is the same as an open dossier."""

from collections.abc import Callable

from flask import Blueprint, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.dossiers.models import Dossier
from portal.dossiers.queries import dossier
from portal.kernel.policy import allowed, require
from portal.similar.features import Sketch
from portal.ties import commands, queries
from portal.ties.forms import UntieForm
from portal.ties.policy import Do
from portal.web.responses import done, invalid, page
from portal.web.visitor import me

ties = Blueprint("ties", __name__)


@ties.route("/d/<ref>/ties", methods=["GET", "POST"])
def untie(ref: str) -> Response:
    """For those whose dossier it is: to take away what does not belong there."""
    own = dossier(me(), ref)
    require(me(), Do.UNTIE, own)
    form = UntieForm(queries.tied_to(own))
    if not form.is_submitted():
        return page("ties/untie.html", form=form, dossier=own)
    if not form.validate():
        return invalid("ties/untie.html", form=form, dossier=own)
    other = dossier(me(), form.other.data)
    commands.untie(me(), own, other=other, once=form.once.data)
    return done(url_for("dossiers.show", ref=own.ref), _("It does not stand on either page any more."))


def own_page(other: Dossier) -> str:
    """Where one joins it oneself."""
    return url_for("dossiers.show", ref=other.ref, _anchor="dossiers-support")


def join_instead(
    number: int, new: Sketch, area: str | None, *, once: str, where: Callable[[Dossier], str] = own_page
) -> Response:
    """On to the page on which one joins it. What was typed stays where it is: in a draft, or in its form."""
    other = queries.one(number)
    if allowed(me(), Do.JOIN_INSTEAD, other):
        commands.join_instead(me(), other, new=new, area=area, once=f"{once}-{number}")
    return done(where(other), _("Join it here. What you typed is kept."))
