"""Signatures as they come from networks and devices, for these tests."""

from datetime import datetime

from flask import Flask

from portal.dossiers import commands, journal
from portal.dossiers.commands import Trace
from portal.dossiers.models import Dossier, Signature, SignatureState
from portal.dossiers.queries import support
from portal.kernel import clock
from portal.kernel.commands import transaction
from portal.kernel.db import db
from portal.kernel.policy import NOBODY
from portal.web.forms import new_key
from tests.browser import Browser
from tests.factories import a_person

FORM = "#dossiers-support form"
HOME, FLOOD = "1.1.1.7", "9.9.9.200"
"""Two addresses of the internet, in two networks."""


def a_visitor(app: Flask, address: str = HOME, *, js: bool = False) -> Browser:
    """Somebody with a device of their own, who comes from this address."""
    browser = Browser(app, js=js)
    browser.client.environ_base["REMOTE_ADDR"] = address
    return browser


def signs(browser: Browser, dossier: Dossier, name: str, email: str = "") -> Signature:
    """Through the form on the page."""
    address = email or f"{name.replace(' ', '.').lower()}@homes.example"
    browser.get(f"/d/{dossier.ref}")
    browser.submit(FORM, name=name, email=address)
    return newest(dossier)


def signs_unseen(browser: Browser, dossier: Dossier, name: str) -> Signature:
    """The same form, sent by somebody who looks at no page: for what is done very often."""
    facts = {"once": new_key(), "name": name, "email": f"{name.replace(' ', '.').lower()}@homes.example"}
    browser.post(f"/d/{dossier.ref}/signatures", facts, follow_redirects=False)
    assert browser.status == 303
    return newest(dossier)


def newest(dossier: Dossier) -> Signature:
    db.session.expire_all()
    wanted = db.select(Signature).filter_by(dossier_id=dossier.id).order_by(Signature.id.desc()).limit(1)
    return db.session.scalars(wanted).one()


def many(
    dossier: Dossier,
    number: int,
    *,
    name: str,
    at: datetime,
    network: str | None,
    domain: str = "homes.example",
) -> list[Signature]:
    """So many at once, each confirmed: name 1, name 2, … at name1@domain."""
    made = []
    with transaction(), clock.at(at):
        for one in range(1, number + 1):
            email = f"{name.replace(' ', '')}{one}.{dossier.id}@{domain}"
            person = a_person(name=f"{name} {one}", email=email)
            trace = Trace(network=network)
            made.append(commands.sign(person, dossier, name=person.name, trace=trace))
    return made


def confirmed(signature: Signature) -> Signature:
    """As with the link in the mail."""
    return commands.confirm(signature.person, signature)


def number(dossier: Dossier) -> int:
    db.session.expire_all()
    return support(NOBODY, dossier).count


def states(dossier: Dossier) -> dict[SignatureState, int]:
    db.session.expire_all()
    wanted = db.select(Signature.state, db.func.count()).filter_by(dossier_id=dossier.id)
    return {SignatureState(row[0]): row[1] for row in db.session.execute(wanted.group_by(Signature.state))}


def nothing_is_wrong(dossier: Dossier) -> None:
    """Before and after the worker adds up, count, journal, timeline and signatures agree."""
    db.session.expire_all()
    assert not list(journal.wrong([dossier]))
    commands.add_up_all()
    db.session.expire_all()
    assert not list(journal.wrong([dossier]))
