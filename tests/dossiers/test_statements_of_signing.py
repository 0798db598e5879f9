"""How many statements it takes to sign: five, two on PostgreSQL; and as many where a hundred signed."""

from flask import Flask

from portal.dossiers.models import Dossier
from portal.kernel.commands import transaction
from portal.kernel.db import db
from tests.browser import Browser, elsewhere
from tests.factories import a_signature, an_issue
from tests.integrity.signing import HOME, a_visitor, signs
from tests.statements import sent

MOST, MANY = 5, 100


def _signing(visitor: Browser, dossier: Dossier, name: str) -> list[str]:
    url, facts = f"/d/{dossier.ref}/signatures", {"name": name, "email": f"{name}@homes.example"}
    with sent() as statements:
        answer = elsewhere(visitor.app, lambda: visitor.client.post(url, data={**facts, "once": name}))
    assert answer.status_code == 303
    return statements


def test_signing_takes_as_little_where_many_signed(app: Flask) -> None:
    """Also from a device and a network that are known, whose signatures are counted."""
    dossier, visitor = an_issue(), a_visitor(app, HOME)
    signs(visitor, dossier, "First")
    few = _signing(visitor, dossier, "second")
    with transaction():
        for _ in range(MANY):
            a_signature(dossier)
    many = _signing(visitor, dossier, "third")
    written = ["INSERT"] * 4 if db.engine.dialect.name == "sqlite" else ["WITH"]
    assert [one.partition(" ")[0] for one in few] == ["SELECT", *written]
    assert many == few
    assert len(many) <= MOST
