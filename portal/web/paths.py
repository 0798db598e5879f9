"""Addresses that a visitor gives us to go on to."""

from urllib.parse import urlsplit


def here(path: str | None) -> str:
    """A path on this portal to go on to; anything else becomes the front page."""
    parts = urlsplit(path or "/")
    ours = path and path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if ours and path and not parts.scheme and not parts.netloc else "/"
