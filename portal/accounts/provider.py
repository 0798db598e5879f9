"""What the provider of an organisation says of who signs in (OpenID Connect), and whether to believe it.

Authorization code with PKCE, state and nonce. Only the hosts of the settings are called, and not for long; no
redirect is followed. The libraries are an extra (`portal[oidc]`), imported when the setting names a provider.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlencode, urlsplit

from portal.kernel.clock import now
from portal.kernel.digests import keyed
from portal.kernel.settings import setting

BACK = "/sign-in/provider/back"
"""Where the provider sends people back to; it has this address behind PUBLIC_URL in its own settings."""
SECONDS = 5
"""For so long an answer may take to begin, and each piece of it."""
HOLDS, AWAY_HOLDS = 600.0, 10.0
"""So many seconds its addresses and keys are taken for known; and it is taken to be away before it is asked
again, so that nobody waits for it in vain after somebody else did."""
LEEWAY = 60
"""So many seconds two clocks may differ."""
WAITS = timedelta(minutes=15)
"""So long may somebody be at the provider's before they come back."""
SIGNED_BY = [
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
    "Ed25519",
]
"""By a key of the provider; never by a secret that two have, nor not at all."""
ENDPOINTS = (
    "authorization_endpoint",
    "token_endpoint",
    "jwks_uri",
    "userinfo_endpoint",
    "end_session_endpoint",
)
NEEDED = ENDPOINTS[:3]
LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
TWO_FACTORS = "mfa"
"""Among the ways of a token (`amr`) in RFC 8176: more than one was used."""
SAID, ALWAYS, NEVER = "said", "always", "never"
BASIC, POST = "client_secret_basic", "client_secret_post"
OK = 200


class Why(StrEnum):
    """Why somebody did not come in this way."""

    AWAY = "away"
    CLOCK = "clock"
    LATE = "late"
    CHANGED_MIND = "changed-mind"
    WRONG = "wrong"
    STALE = "stale"
    UNKNOWN = "unknown"


class Trouble(Exception):
    """It did not work; `what` says it to who runs the portal, and holds nothing of who wanted to come in."""

    def __init__(self, why: Why, what: str = "") -> None:
        super().__init__(what or why)
        self.why, self.what = why, what


@dataclass(frozen=True)
class Asked:
    """What this browser is at the provider's for. Of `state`, which its address shows, all else is made."""

    state: str
    at: datetime
    again: bool = False
    """Whether who is here already is to show once more that it is them."""

    @property
    def nonce(self) -> str:
        return keyed("provider nonce", self.state).hex()

    @property
    def verifier(self) -> str:
        return keyed("provider verifier", self.state).hex()


@dataclass(frozen=True)
class Said:
    """Who somebody is, as the provider says and as we believe it."""

    key: str
    """Stands for them at this provider, in a digest; it stays the same."""
    email: str
    """Their address; empty when the provider does not say that it is theirs."""
    strong: bool
    """Whether they showed a second factor there."""


def named() -> str:
    """What people call the provider; empty where there is none."""
    issuer = setting("OIDC_ISSUER")
    return str(setting("OIDC_NAME") or urlsplit(issuer).hostname) if issuer else ""


def address(asked: Asked, language: str, *, anew: bool = False) -> str:
    """Where a browser is sent to. `anew`: to be asked who one is, also by who is signed in there."""
    more: dict[str, Any] = {"prompt": "login"} if asked.again or anew else {}
    if asked.again:
        more["max_age"] = 0
    if setting("OIDC_ACR"):
        more["acr_values"] = " ".join(setting("OIDC_ACR"))
    given = {"state": asked.state, "nonce": asked.nonce, "code_verifier": asked.verifier}
    there = _metadata()["authorization_endpoint"]
    url, _ = _client().create_authorization_url(there, ui_locales=language, **given, **more)
    return str(url)


def leaving() -> str:
    """Where one signs out at the provider; empty when it has no such place."""
    known = _metadata() if setting("OIDC_ISSUER") else {}
    there = known.get("end_session_endpoint")
    return f"{there}?{urlencode({'client_id': setting('OIDC_CLIENT_ID')})}" if there else ""


def told(asked: Asked | None, answer: Mapping[str, str]) -> Said:
    """What came of it; Trouble when it is not to be believed."""
    if asked is None or answer.get("state") != asked.state or asked.at < now() - WAITS:
        raise Trouble(Why.LATE)
    if answer.get("iss", setting("OIDC_ISSUER")) != setting("OIDC_ISSUER"):
        raise Trouble(Why.WRONG, "somebody else answered")
    if "error" in answer:
        said_no = answer["error"] in {"access_denied", "login_required", "interaction_required"}
        raise Trouble(Why.CHANGED_MIND if said_no else Why.WRONG, "the provider refused")
    token = _token(answer.get("code", ""), asked)
    found = claims(token, asked)
    if asked.again and found.get("auth_time", 0) < asked.at.timestamp() - LEEWAY:
        raise Trouble(Why.STALE)
    key = keyed("provider", f"{found['iss']} {found['sub']}").hex()
    return Said(key, _email(found, token), _strong(found))


def _strong(found: Mapping[str, Any]) -> bool:
    if setting("OIDC_FACTOR") != SAID:
        return bool(setting("OIDC_FACTOR") == ALWAYS)
    return found.get("acr") in setting("OIDC_ACR") or TWO_FACTORS in (found.get("amr") or [])


def _email(found: Mapping[str, Any], token: Mapping[str, Any]) -> str:
    """The address, from the token or else from where the provider tells more of a person."""
    name, known = setting("OIDC_ADDRESS"), _metadata()
    if name not in found and known.get("userinfo_endpoint"):
        bearer = {"Authorization": f"Bearer {token.get('access_token')}"}
        more, _ = _fetched(known["userinfo_endpoint"], bearer)
        if more.get("sub") != found["sub"]:
            raise Trouble(Why.WRONG, "it told of somebody else")
        found = more
    theirs = found.get("email_verified") is True or setting("OIDC_VERIFIED")
    return str(found.get(name) or "") if theirs else ""


# What is asked of the provider itself


def _library(name: str) -> Any:
    if find_spec(name.partition(".")[0]) is None:
        raise Trouble(Why.AWAY, f"{name} is not there: pip install 'portal[oidc]'")
    return import_module(name)


def _client() -> Any:
    secret = _secret()
    ways = _metadata().get("token_endpoint_auth_methods_supported", [BASIC])
    return _library("authlib.integrations.requests_client").OAuth2Session(
        client_id=setting("OIDC_CLIENT_ID"),
        client_secret=secret,
        token_endpoint_auth_method="none" if not secret else BASIC if BASIC in ways else POST,
        scope=setting("OIDC_SCOPE"),
        redirect_uri=f"{setting('PUBLIC_URL')}{BACK}",
        code_challenge_method="S256",
    )


def _secret() -> str:
    file = setting("OIDC_SECRET_FILE")
    return Path(file).read_text().strip() if file else str(setting("OIDC_SECRET"))


def _token(code: str, asked: Asked) -> Mapping[str, Any]:
    """What the provider gives for the code; only we can ask for it, and only with the verifier."""
    there = _metadata()["token_endpoint"]
    how = {"timeout": SECONDS, "allow_redirects": False}
    requests, errors = _library("requests"), _library("authlib.common.errors")
    try:
        with _client() as client:
            given = client.fetch_token(there, code=code, code_verifier=asked.verifier, **how)
    except errors.AuthlibBaseError as error:
        raise Trouble(Why.WRONG, "it gave no token for the code") from error
    except (requests.RequestException, ValueError) as error:
        raise Trouble(Why.AWAY, f"no token came ({type(error).__name__})") from error
    if not isinstance(given.get("id_token"), str):
        raise Trouble(Why.WRONG, "no token said who it is")
    return dict(given)


def claims(token: Mapping[str, Any], asked: Asked) -> Mapping[str, Any]:
    """Who it is, signed by the provider, for us, for this asking, and now."""
    jwt, errors = _library("joserfc.jwt"), _library("joserfc.errors")
    try:
        read = _read(jwt, errors, token["id_token"])
        known = {"nonce": asked.nonce, "client_id": setting("OIDC_CLIENT_ID")}
        wanted = {"iss": setting("OIDC_ISSUER"), "aud": setting("OIDC_CLIENT_ID")}
        options = {name: {"essential": True, "value": value} for name, value in wanted.items()}
        known["access_token"] = token.get("access_token")
        made = _library("authlib.oidc.core").CodeIDToken(read.claims, read.header, options, known)
        made.validate(now=int(now().timestamp()), leeway=LEEWAY)
    except errors.ClaimError as error:
        late = error.claim in {"exp", "iat", "nbf"}
        raise Trouble(Why.CLOCK if late else Why.WRONG, f"its {error.claim} is not right") from error
    except (errors.JoseError, ValueError) as error:
        raise Trouble(Why.WRONG, f"its token is not right ({type(error).__name__})") from error
    return dict(made)


def _read(jwt: Any, errors: Any, token: str) -> Any:
    """The token, its signature checked by the keys that are known, or else by those that are there now."""
    keys = _library("joserfc.jwk").KeySet
    try:
        return jwt.decode(token, keys.import_key_set(_keys()), algorithms=SIGNED_BY)
    except (errors.InvalidKeyIdError, errors.BadSignatureError):
        return jwt.decode(token, keys.import_key_set(_keys(anew=True)), algorithms=SIGNED_BY)


_known: dict[str, tuple[float, dict[str, Any] | None]] = {}
"""Address -> until when this holds, and what it told; None: it was away."""


def forget() -> None:
    """Ask the provider anew for all that is known of it."""
    _known.clear()


def _told_at() -> str:
    return f"{str(setting('OIDC_ISSUER')).rstrip('/')}/.well-known/openid-configuration"


def _metadata() -> dict[str, Any]:
    return _held(_told_at(), checked=True)


def _keys(*, anew: bool = False) -> dict[str, Any]:
    there = str(_metadata()["jwks_uri"])
    if anew:
        _known.pop(there, None)
    return _held(there)


def _held(there: str, *, checked: bool = False) -> dict[str, Any]:
    """What is at this address, also when it was read a while ago."""
    until, found = _known.get(there, (0.0, None))
    if monotonic() > until:
        try:
            found, _ = _fetched(there)
            found = _checked(found) if checked else found
        except Trouble:
            _known[there] = monotonic() + AWAY_HOLDS, None
            raise
        _known[there] = monotonic() + HOLDS, found
    if found is None:
        raise Trouble(Why.AWAY, "it was away a moment ago")
    return found


def _fetched(there: str, headers: Mapping[str, str] | None = None) -> tuple[dict[str, Any], str]:
    """What is at this address, and what time it is there."""
    requests = _library("requests")
    if not _may_be_asked(there):
        raise Trouble(
            Why.WRONG, f"{urlsplit(there).hostname} is not a host of the provider (PORTAL_OIDC_HOSTS)"
        )
    try:
        answer = requests.get(there, headers=headers, timeout=SECONDS, allow_redirects=False)
        found = answer.json() if answer.status_code == OK else None
    except (requests.RequestException, ValueError) as error:
        raise Trouble(Why.AWAY, f"it does not answer ({type(error).__name__})") from error
    if not isinstance(found, dict):
        raise Trouble(Why.AWAY, f"it answers {answer.status_code}")
    return found, answer.headers.get("Date", "")


def _may_be_asked(there: str) -> bool:
    """Whether this address is the provider's own, over TLS; on this machine it need not be."""
    own, parts = urlsplit(setting("OIDC_ISSUER")), urlsplit(there)
    safe = parts.scheme == "https" or (parts.scheme == own.scheme == "http" and own.hostname in LOCAL)
    return safe and not parts.username and parts.hostname in {own.hostname, *setting("OIDC_HOSTS")}


def _checked(found: dict[str, Any]) -> dict[str, Any]:
    """It speaks of the provider of the setting, and names no host but its own."""
    if found.get("issuer") != setting("OIDC_ISSUER"):
        raise Trouble(Why.WRONG, "it calls itself by another name than PORTAL_OIDC_ISSUER")
    for name in ENDPOINTS:
        if name in NEEDED and not found.get(name):
            raise Trouble(Why.WRONG, f"it has no {name}")
        if found.get(name) and not _may_be_asked(str(found[name])):
            raise Trouble(Why.WRONG, f"its {name} is at another host (PORTAL_OIDC_HOSTS), or without TLS")
    return found


def behind() -> float:
    """By how many seconds its clock is behind ours; Trouble when something about it is not right."""
    found, date = _fetched(_told_at())
    _fetched(_checked(found)["jwks_uri"])
    _client()
    return (now() - parsedate_to_datetime(date)).total_seconds() if date else 0.0
