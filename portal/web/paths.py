"""Addresses that a visitor gives us to go on to."""

from urllib.parse import urlsplit


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
