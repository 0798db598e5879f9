"""The languages of the portal. One more is a word in the setting LOCALES and a catalogue, no more."""

from typing import Any

from babel import Locale, UnknownLocaleError
from flask import Flask, current_app
from flask_babel import get_locale

from portal.web.meta import territorial
from portal.web.paths import this_page


def languages() -> list[tuple[str, str]]:
    """Each with the name it has for those who speak it."""
    return [(code, own_name(code)) for code in current_app.config["LOCALES"]]


def own_name(code: str) -> str:
    return (Locale.parse(code).get_display_name(code) or code).capitalize()


def direction(code: str) -> str:
    """`rtl` for what is read from right to left; `auto` where nobody knows the language."""
    try:
        return Locale.parse(code).text_direction
    except (UnknownLocaleError, ValueError):
        return "auto"


def spoken() -> str:
    """The language of this page, as HTML writes it."""
    return str(get_locale()).replace("_", "-")


def _words() -> dict[str, Any]:
    names = {"languages": languages, "direction": direction, "spoken": spoken, "this_page": this_page}
    return {**names, "territorial": territorial}


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(_words())
