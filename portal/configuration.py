"""From settings to what the libraries want: the addresses of database and portal, and the secret key."""

import base64
import os
import secrets
import tempfile
from contextlib import suppress
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from flask import Flask

from portal.kernel.db import COPY, OF_A_SERVER

POSTGRESQL: dict[str, Any] = {
    "pool_size": 8,
    "pool_timeout": 10,
    "pool_events": OF_A_SERVER,
    "connect_args": {
        "connect_timeout": 5,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
    },
}
"""A database that went away with its machine says nothing: nobody waits for it longer than these seconds."""
HASTY: dict[str, Any] = {"connect_timeout": 2, "tcp_user_timeout": 3_000}
"""Of a copy there is another one to ask: nobody waits for it for long."""


def secret_key(folder: Path) -> str:
    """The key in DATA_DIR/secret, made at the first start; readable by its owner only."""
    file = folder / "secret"
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text().strip()
    with os.fdopen(handle, "w") as new:
        new.write(secrets.token_urlsafe(48))
    return file.read_text().strip()


def push_key(folder: Path) -> str:
    """The key in DATA_DIR/push-key, made at the first start; readable by its owner only, never half there."""
    file = folder / "push-key"
    if not file.exists():
        number = generate_private_key(SECP256R1()).private_numbers().private_value
        handle, unfinished = tempfile.mkstemp(dir=folder)  # which only its owner can read
        with os.fdopen(handle, "w") as new:
            new.write(base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode())
        with suppress(FileExistsError):  # of two that start at once the first one's key is the one
            os.link(unfinished, file)
        os.unlink(unfinished)
    return file.read_text().strip()


LISTS = ("OIDC_ORGANISATIONS", "OIDC_ACR", "OIDC_HOSTS")
"""Settings that one may also write as words with spaces between them."""


def configure(app: Flask) -> None:
    """Fill in what follows from the settings, and make the data folder."""
    folder = Path(app.config["DATA_DIR"]).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    app.config["DATA_DIR"] = str(folder)
    url = app.config["DATABASE_URL"] or f"sqlite:///{folder / 'portal.db'}"
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    if url.startswith("postgresql"):
        options = dict(POSTGRESQL)
        if app.config["DATABASE_POOLER"]:
            options["connect_args"] = POSTGRESQL["connect_args"] | {"prepare_threshold": None}
        app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", options)
        if app.config["READS_URL"]:
            hasty = options | {"connect_args": options["connect_args"] | HASTY}
            app.config["SQLALCHEMY_BINDS"] = {COPY: hasty | {"url": app.config["READS_URL"]}}
    app.config["SECRET_KEY"] = app.config.get("SECRET_KEY") or secret_key(folder)
    app.config["PUSH_KEY"] = app.config["PUSH_KEY"] or push_key(folder)
    for name in LISTS:
        given = app.config[name]
        app.config[name] = given.split() if isinstance(given, str) else given
    sender = parseaddr(app.config["MAIL_SENDER"])[1]
    app.config["PUSH_CONTACT"] = app.config["PUSH_CONTACT"] or f"mailto:{sender}"
    public = app.config["PUBLIC_URL"] or f"http://{app.config['HOST']}:{app.config['PORT']}"
    app.config["PUBLIC_URL"] = public.rstrip("/")
    local = public.startswith(("http://127.0.0.1", "http://localhost"))
    app.config["STAFF_FACTOR"] = not local if app.config["STAFF_FACTOR"] == "" else app.config["STAFF_FACTOR"]
    app.config["REMEMBER_COOKIE_DURATION"] = timedelta(days=app.config["SESSION_DAYS"])
    if not local:  # no other host, and none without TLS, can set these
        for name in ("SESSION_COOKIE_NAME", "REMEMBER_COOKIE_NAME"):
            app.config[name] = f"__Host-{app.config[name].removeprefix('__Host-')}"
    app.config["SESSION_COOKIE_SECURE"] = app.config["REMEMBER_COOKIE_SECURE"] = not local
