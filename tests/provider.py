"""A provider of OpenID Connect, as an authority has one: idpyoidc's, as a process of its own.

It shares no line with the library that the portal asks it with. To look at it with a browser:
`python -m tests.provider PORT http://…/sign-in/provider/back`.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import requests
from bs4 import BeautifulSoup
from flask import Flask, Response, redirect, request

from tests.processes import TOP, free_port, until

CLIENT, SECRET = "rotonde", "a secret between the two, long enough to sign with"
PASSWORD = "of every user"  # noqa: S105 (of nobody)
STRONG = "https://refeds.org/profile/mfa"
"""What the provider says of who showed two factors; asked for by `acr_values`."""
USERS: dict[str, dict[str, Any]] = {
    "anna": {"email": "anna@district.example", "email_verified": True},
    "annas-heir": {"email": "anna@district.example", "email_verified": True},
    "bert": {"email": "bert@district.example", "email_verified": True},
    "unproven": {"email": "claire@district.example", "email_verified": False},
    "stranger": {"email": "stranger@district.example", "email_verified": True},
    "nameless": {},
}
FORM = """<!doctype html><title>Sign in</title><form method="post" action="/{{ action }}">
<input type="hidden" name="token" value="{{ token }}"><label>Name <input name="username"></label>
<label>Password <input name="password" type="password"></label><button>Sign in</button></form>"""
CONFIGURATION = TOP / "tests" / "data" / "provider.json"
"""As the library wants it: what an OpenID provider has at least, with PKCE."""


class Host:
    """The library behind addresses: it makes every answer, this only hands on what it is asked."""

    def __init__(self, issuer: str, back: str, folder: Path) -> None:
        for name, content in (("users", USERS), ("passwords", dict.fromkeys(USERS, PASSWORD))):
            (folder / f"{name}.json").write_text(json.dumps(content))
        (folder / "form.html").write_text(FORM)
        wanted = Template(CONFIGURATION.read_text()).substitute(issuer=issuer, folder=folder)
        conf = import_module("idpyoidc.server.configure").OPConfiguration
        self.messages = import_module("idpyoidc.message.oidc")
        self.server = import_module("idpyoidc.server").Server(conf(json.loads(wanted), base_path=str(folder)))
        self.context = self.server.get_context()
        self.context.cdb[CLIENT] = {
            "client_id": CLIENT,
            "client_secret": SECRET,
            "redirect_uris": [(back, {})],
            "token_endpoint_auth_method": "client_secret_basic",
            "response_types_supported": ["code"],
            "allowed_scopes": ["openid", "email"],
            "id_token_signed_response_alg": "RS256",
        }
        self.context.keyjar.add_symmetric(CLIENT, SECRET)

    def app(self) -> Flask:
        app = Flask("provider")
        for path, name in (
            ("/.well-known/openid-configuration", "provider_config"),
            ("/authorization", "authorization"),
            ("/token", "token"),
            ("/userinfo", "userinfo"),
        ):
            app.add_url_rule(path, name, partial(self.asked, name), methods=["GET", "POST"])
        app.add_url_rule("/jwks", "jwks", self.context.keyjar.export_jwks)
        app.add_url_rule("/verify", "verify", self.verify, methods=["POST"])
        return app

    def asked(self, name: str) -> Any:
        endpoint = self.server.get_endpoint(name)
        headers = {key.lower(): value for key, value in request.headers.items()}
        cookies = [{"name": key, "value": value} for key, value in request.cookies.items()]
        info = {"headers": headers, "method": request.method, "url": request.url, "cookie": cookies}
        parsed = endpoint.parse_request(request.values.to_dict(), http_info=info)
        if "error" in parsed:
            return Response(parsed.to_json(), 400, mimetype="application/json")
        wanted = self.messages.AccessTokenRequest(**parsed) if name == "token" else parsed
        made = endpoint.process_request(wanted, http_info=info)
        return made["http_response"] if "http_response" in made else told(endpoint, parsed, made)

    def verify(self) -> Any:
        """The form was sent."""
        way = self.context.authn_broker.get_method_by_id("strong")
        user = way.verify(**request.form)
        token = way.unpack_token(request.form["token"])
        wanted = self.messages.AuthorizationRequest().from_urlencoded(token["query"])
        endpoint = self.server.get_endpoint("authorization")
        session = endpoint.create_session(wanted, user, token["authn_class_ref"], token["iat"], way)
        return told(endpoint, wanted, endpoint.authz_part2(request=wanted, session_id=session))


def told(endpoint: Any, asked: Any, made: dict[str, Any]) -> Any:
    info = endpoint.do_response(request=asked, **made)
    elsewhere = info.get("response_placement", endpoint.response_placement) == "url"
    answer = redirect(info["response"]) if elsewhere else Response(info["response"])
    answer.status_code = info.get("response_code", answer.status_code)
    for name, value in info["http_headers"]:
        answer.headers[name] = value
    cookies = info.get("cookie", [])
    for cookie in cookies if isinstance(cookies, list) else [cookies]:
        answer.set_cookie(cookie["name"], cookie["value"], path="/", samesite="Lax")
    return answer


class Provider:
    """One that runs, and a browser of somebody who has an account there."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    @property
    def settings(self) -> dict[str, Any]:
        """What the portal is told of it."""
        known = {"ISSUER": self.issuer, "NAME": "District", "CLIENT_ID": CLIENT, "SECRET": SECRET}
        return {f"OIDC_{name}": value for name, value in known.items()}

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.issuer}/jwks", timeout=10).ok
        except requests.ConnectionError:
            return False

    def sign_in(self, address: str, user: str) -> str:
        """Where a browser is sent back to, once this user signed in at the address it was sent to."""
        with requests.Session() as visit:
            form = BeautifulSoup(visit.get(address, timeout=10).text, "html.parser").select_one("form")
            assert form is not None, address
            hidden = {str(one["name"]): str(one["value"]) for one in form.select("[type=hidden]")}
            typed = {"username": user, "password": PASSWORD}
            url = f"{self.issuer}{form['action']}"
            answer = visit.post(url, hidden | typed, timeout=10, allow_redirects=False)
            return str(answer.headers["Location"])


@contextmanager
def running(back: str) -> Iterator[Provider]:
    """Started for a portal that wants people sent back to this address."""
    pytest.importorskip("idpyoidc", reason="idpyoidc, which is a provider, is not installed")
    port = free_port()
    made = Provider(f"http://127.0.0.1:{port}")
    command = [sys.executable, "-m", "tests.provider", str(port), back]
    how = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=TOP, **how) as process:
        try:
            until(lambda: made.answers() or process.poll() is not None, "the provider answers")
            assert process.poll() is None, "the provider ended"
            yield made
        finally:
            process.terminate()


if __name__ == "__main__":
    port, back = sys.argv[1:]
    with TemporaryDirectory() as made:
        Host(f"http://127.0.0.1:{port}", back, Path(made)).app().run("127.0.0.1", int(port))
