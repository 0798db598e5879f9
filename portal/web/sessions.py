"""What a browser keeps for us between two requests, in a signed cookie."""

from typing import Any

from flask import Flask, Response
from flask.sessions import SecureCookieSessionInterface

from portal.web.keeping import no_cookie_is_shared


class Sessions(SecureCookieSessionInterface):
    """As Flask's own, with a signer that is made once for each key and not twice a request."""

    def __init__(self) -> None:
        self.signers: dict[Any, Any] = {}

    def get_signing_serializer(self, app: Flask) -> Any:
        key = app.secret_key
        if key not in self.signers:
            self.signers[key] = super().get_signing_serializer(app)
        return self.signers[key]

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        super().save_session(app, session, response)
        no_cookie_is_shared(response)


def init_app(app: Flask) -> None:
    app.session_interface = Sessions()
