"""What goes out when somebody shares the page of a neighbourhood."""

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.places.models import Neighbourhood
from portal.roundabout.queries import Numbers
from portal.web.meta import Meta, people, picture_address, rounded
from portal.web.paths import public_url
from portal.web.previews import Preview


def meta(place: Neighbourhood, numbers: Numbers, *, front: bool) -> Meta:
    """`front`: it is the page that the portal opens with."""
    picture = preview(place, numbers)
    said = _("Every lit window is a neighbour who joined. Do you see something that is not right? Report it.")
    page = public_url("home.index") if front else public_url("home.neighbourhood", code=place.code)
    return Meta(
        title=picture.title,
        description=f"{picture.people} · {picture.place}. {said}",
        url=page,
        image=public_url("home.preview", code=place.code, **picture_address(picture)),
        alt=f"{picture.title} · {picture.people}",
    )


def preview(place: Neighbourhood, numbers: Numbers) -> Preview:
    """What is on the picture, in the language that is spoken now."""
    return Preview(
        title=_("Lights are on in %(name)s", name=place.name),
        plate="Rotonde",
        people=people(numbers.supporters),
        place=ngettext("%(num)s dossier", "%(num)s dossiers", numbers.total),
        lit=rounded(numbers.supporters),
    )
