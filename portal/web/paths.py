"""Addresses: those that a visitor gives us to go on to, and our own as they are found from outside."""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import current_app, request

LANGUAGE = "lang"
"""What an address may say about the language that its reader is to get."""


def here(path: str | None) -> str:
    """A path on this portal to go on to; anything else becomes the front page."""
    if not path or not path.startswith("/") or path.startswith(("//", "/\\")):
        return "/"
    if any(letter < " " for letter in path):  # browsers leave out tabs, line ends end a header
        return "/"
    try:
        parts = urlsplit(path)
    except ValueError:
        return "/"
    return "/" if parts.scheme or parts.netloc else path


def public_url(endpoint: str, *, _anchor: str = "", **values: Any) -> str:
    """The full address of a page, as it is needed outside: in a mail, on paper, in somebody's message."""
    public = urlsplit(current_app.config["PUBLIC_URL"])
    adapter = current_app.url_map.bind(public.netloc, url_scheme=public.scheme)
    return adapter.build(endpoint, values, force_external=True) + (f"#{_anchor}" if _anchor else "")


def this_page() -> str:
    """Where one stays when only the language changes: this page; after a refused form the page it stands on.

    An address that names a language would have the last word: it loses it.
    """
    if request.method not in {"GET", "HEAD"} and not _opens(request.path):
        referrer = urlsplit(request.referrer or "")
        path = referrer.path if referrer.netloc == request.host and _opens(referrer.path) else "/"
        return without_language(f"{here(path)}?{referrer.query}" if path != "/" else path)
    return without_language(request.full_path)


def without_language(path: str) -> str:
    way, _, query = path.partition("?")
    kept = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] != LANGUAGE]
    return f"{way}?{urlencode(kept)}" if kept else way


def _opens(path: str) -> bool:
    """Whether a page answers here."""
    return current_app.url_map.bind(request.host).test(path, "GET")
