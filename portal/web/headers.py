"""What every answer carries to keep a browser from doing what we did not write."""

from urllib.parse import urlsplit

from flask import Flask, Response, g

POLICY = (
    "default-src 'self'",
    "img-src 'self' data: blob:{pictures}",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors {frames}",
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=()",
}

ONLY_TLS = "max-age=31536000; includeSubDomains"
"""Where the portal is reached with TLS: for a year no other way, also below its name."""


def pictures_from(address: str) -> None:
    """Let this one answer show pictures of the host of this address: the tiles of a map."""
    parts = urlsplit(address)
    g.pictures = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def may_be_framed() -> None:
    """Let this one answer stand in a frame of our own pages."""
    g.frames = "'self'"


def policy() -> str:
    pictures, frames = g.get("pictures", ""), g.get("frames", "'none'")
    return "; ".join(POLICY).format(pictures=pictures and f" {pictures}", frames=frames)


def init_app(app: Flask) -> None:
    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", policy())
        own = set(response.headers.keys())
        response.headers.extend((name, value) for name, value in HEADERS.items() if name not in own)
        if app.config["SESSION_COOKIE_SECURE"]:
            response.headers.setdefault("Strict-Transport-Security", ONLY_TLS)
        return response
