"""What forms of other features answer when somebody says that theirs is the same as an open dossier."""

from flask import url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.kernel.policy import allowed
from portal.similar.features import Sketch
from portal.ties import commands, queries
from portal.ties.policy import Do
from portal.web.responses import done
from portal.web.visitor import me


def join_instead(number: int, new: Sketch, area: str | None, *, once: str) -> Response:
    """On to the page on which one joins it. What was typed stays where it is: in a draft, or in its form."""
    other = queries.one(number)
    if allowed(me(), Do.JOIN_INSTEAD, other):
        commands.join_instead(me(), other, new=new, area=area, once=f"{once}-{number}")
    url = url_for("dossiers.show", ref=other.ref, _anchor="dossiers-support")
    return done(url, _("Join it here. What you typed is kept."))
