"""What a page says about itself to those who show a link to it: search engines, messengers, other sites."""

from collections.abc import Callable
from dataclasses import dataclass

from babel.core import get_global
from flask import Response, current_app, make_response, request
from flask_babel import force_locale, get_locale, ngettext

from portal.web.files import YEAR
from portal.web.previews import HEIGHT, WIDTH, Preview, png

HOUR = 3600

EXACT = 100
"""Up to here a number on a picture is exact. Beyond, a new picture comes with every second digit."""


@dataclass(frozen=True)
class Meta:
    title: str
    description: str
    url: str
    image: str = ""
    alt: str = ""
    kind: str = "website"
    width: int = WIDTH
    height: int = HEIGHT


def territorial(language: str) -> str:
    """A language as link previews want it, with the country where most speak it: nl_NL."""
    likely = str(get_global("likely_subtags").get(language, language)).split("_")
    return f"{likely[0]}_{likely[-1]}" if len(likely) > 1 else language


def rounded(number: int) -> int:
    """Rounded down to two digits where it is large, so that not every signature makes a new picture."""
    if number < EXACT:
        return number
    step = 10 ** (len(str(number)) - 2)
    return number // step * step


def people(number: int) -> str:
    """So many supporters, in the words of a picture: "120+ supporters"."""
    about = rounded(number)
    said = ngettext("%(num)s supporter", "%(num)s supporters", about)
    return str(said.replace(str(about), f"{about}+", 1) if about >= EXACT else said)


def picture_address(preview: Preview) -> dict[str, str]:
    """What the address of this picture says behind the path: in which language, and which one it is."""
    return {"l": str(get_locale()), "v": preview.version}


def picture(make: Callable[[], Preview]) -> Response:
    """The picture of a shared link, for ever where its address says which one it is."""
    language = request.args.get("l", "")
    with force_locale(language if language in current_app.config["LOCALES"] else str(get_locale())):
        preview = make()
    answer = make_response(png(preview))
    answer.mimetype = "image/png"
    answer.set_etag(preview.version)
    current = request.args.get("v") == preview.version
    keep = f"max-age={YEAR}, immutable" if current else f"max-age={HOUR}"
    answer.headers["Cache-Control"] = f"public, {keep}"
    answer.make_conditional(request)
    return answer
