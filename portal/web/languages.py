"""The languages of the portal. One more is a word in the setting LOCALES and a catalogue, no more."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from flask import Flask, current_app, g, request
from flask_babel import Domain, format_date, format_decimal, get_babel, get_locale, get_translations
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from portal.kernel import language
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
    names = {"languages": languages, "direction": direction, "spoken": spoken, "marked": marked}
    names |= {"quote": Quote.of}
    return {**names, "this_page": this_page, "territorial": territorial}


def marked(code: str) -> Markup:
    """The attributes that say in which language an element is, if not in that of the page."""
    if not code or code.replace("_", "-") == spoken():
        return Markup()
    return Markup(' lang="{}" dir="{}"').format(code.replace("_", "-"), direction(code))


class Quote(str):
    """Somebody's own words among ours: on a page they say in which language they are."""

    code: str

    @classmethod
    def of(cls, words: str, code: str) -> "Quote":
        made = cls(words)
        made.code = code
        return made

    def __html__(self) -> str:
        attributes = marked(self.code)
        if not attributes:
            return str(escape(str(self)))
        return str(Markup("<span{}>{}</span>").format(attributes, str(self)))


def written(number: int) -> str:
    """A number as the language of the page writes it; a small one all of them write alike."""
    return str(number) if isinstance(number, int) and 0 <= number < 1000 else format_decimal(number)


def day(moment: date | datetime | None = None, form: str | None = None, rebase: bool = True) -> str:
    """As flask-babel's `dateformat`, which reads how a day is written anew for each: a list has forty."""
    if moment is None:
        return format_date(None, form, rebase)
    return _day(moment, form, rebase, str(get_locale()), current_app.config["BABEL_DEFAULT_TIMEZONE"])


@lru_cache(maxsize=5000)
def _day(moment: date | datetime, form: str | None, rebase: bool, _language: str, _zone: str) -> str:
    return format_date(moment, form, rebase)


class Counting(Domain):
    """A number in a sentence is written as the language writes it: 999.999 handtekeningen."""

    def ngettext(self, singular: str, plural: str, num: int, **variables: Any) -> str:
        sentence: str = self.get_translations().ungettext(singular, plural, num)
        return sentence % {"num": written(num), **variables}


def _catalogue() -> Any:
    """The sentences of the language that is spoken now; looked up once, for the three hundred of a page.

    It is kept beside the locale that flask-babel keeps for the request, and holds as long as that is the same
    one: asking flask-babel each time would take a third of the time that a page takes.
    """
    here = g.get("_flask_babel")
    locale, (known_for, found) = getattr(here, "babel_locale", None), getattr(here, "catalogue", (None, None))
    if locale is None or known_for is not locale:
        found = get_translations()
        g._flask_babel.catalogue = get_locale(), found
    return found


@pass_context
def said(context: Context, sentence: str, /, **variables: Any) -> str:
    """A sentence in a template, which may hold markup; what is filled in is escaped."""
    found: str = _catalogue().ugettext(sentence)
    if context.eval_ctx.autoescape:
        found = Markup(found)  # noqa: S704 (ours)
    return found % variables if "%" in found else found


@pass_context
def counted(context: Context, singular: str, plural: str, number: int, /, **variables: Any) -> str:
    """The same where a number stands in it."""
    sentence: str = _catalogue().ungettext(singular, plural, number)
    if context.eval_ctx.autoescape:
        sentence = Markup(sentence)  # noqa: S704 (ours)
    return sentence % {"num": written(number), **variables}


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(_words())
    app.jinja_env.filters |= {"dateformat": day, "written": written}
    app.jinja_env.globals.update({"_": said, "gettext": said, "ngettext": counted})
    with app.app_context():
        babel = get_babel().instance
        babel.domain_instance = Counting(domain=babel.domain)

    @app.before_request
    def listen() -> None:
        if request.method == "POST":  # what is written has a language; what is only read has it already
            language.speak(str(get_locale()))
