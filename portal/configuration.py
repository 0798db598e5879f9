"""From settings to what the libraries want: the addresses of database and portal, and the secret key."""

import os
import secrets
from pathlib import Path

from flask import Flask


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


def configure(app: Flask) -> None:
    """Fill in what follows from the settings, and make the data folder."""
    folder = Path(app.config["DATA_DIR"]).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    app.config["DATA_DIR"] = str(folder)
    url = app.config["DATABASE_URL"] or f"sqlite:///{folder / 'portal.db'}"
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    if url.startswith("postgresql"):
        app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", {"pool_pre_ping": True, "pool_size": 8})
    app.config["SECRET_KEY"] = app.config.get("SECRET_KEY") or secret_key(folder)
    public = app.config["PUBLIC_URL"] or f"http://{app.config['HOST']}:{app.config['PORT']}"
    app.config["PUBLIC_URL"] = public.rstrip("/")
    local = public.startswith(("http://127.0.0.1", "http://localhost"))
    app.config["SESSION_COOKIE_SECURE"] = app.config["REMEMBER_COOKIE_SECURE"] = not local
