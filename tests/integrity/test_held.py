"""What waits for a look counts after it and not before, also when it was confirmed by mail meanwhile."""

import pytest
from flask import Flask

from portal.accounts.models import Role
from portal.dossiers import commands
from portal.dossiers.commands import Trace
from portal.dossiers.models import Dossier, Held, Signature, SignatureState
from portal.dossiers.timeline import Entry
from portal.kernel.db import db
from portal.kernel.policy import NOBODY
from tests.browser import Browser
from tests.factories import a_person, a_petition, a_signature
from tests.integrity.signing import confirmed, nothing_is_wrong, number, states


@pytest.fixture
def petition(app: Flask) -> Dossier:
    """Of four that wait two were confirmed by mail; one of another network waits, too."""
    petition = a_petition()
    a_signature(petition)
    for one, network in enumerate(["a" * 16] * 4 + ["b" * 16]):
        trace = Trace(network=network, held=Held.NETWORK)
        signature = commands.sign(
            NOBODY, petition, name=f"Buur {one}", email=f"buur{one}@homes.example", trace=trace
        )
        if one in {0, 1}:
            confirmed(signature)
    return petition


def entries(dossier: Dossier, verb: str) -> list[Entry]:
    db.session.expire_all()
    return list(db.session.scalars(db.select(Entry).filter_by(dossier_id=dossier.id, verb=verb)))


def waits(dossier: Dossier) -> list[Signature]:
    db.session.expire_all()
    wanted = db.select(Signature).filter_by(dossier_id=dossier.id, state=SignatureState.PENDING)
    return list(db.session.scalars(wanted.order_by(Signature.id)))


def test_an_organiser_lets_them_count(petition: Dossier, either_browser: Browser) -> None:
    organiser, browser = a_person(Role.ORGANISER, of=petition.organisation), either_browser
    assert number(petition) == 1, "confirmed by mail, and not looked at"
    browser.signs_in(organiser).get("/desk")
    assert "5 signatures wait for a look" in browser.seen.text
    browser.click(f"a[href='/d/{petition.ref}/held']")
    found = [" ".join(label.text.split()) for label in browser.seen.select("label[for^=groups]")]
    assert "4 signatures · 2 confirmed by mail ·" in found[0]
    assert "1 signature · 0 confirmed by mail ·" in found[1]
    assert "a" * 16 not in str(browser.seen)
    browser.submit("main form.panel")
    assert browser.status == 422
    first = waits(petition)[0].id
    browser.submit("main form.panel", groups=[str(first)], decision="let")
    assert number(petition) == 3
    nothing_is_wrong(petition)
    (entry,) = entries(petition, "held_released")
    assert (entry.data["number"], entry.data["counted"]) == (4, 2)
    assert "4 signatures were looked at, and may count" in browser.get(f"/d/{petition.ref}").text
    free, other, held = waits(petition)
    assert (free.held, other.held, held.held) == (None, None, Held.NETWORK)
    confirmed(free)
    assert number(petition) == 4, "the others count as soon as they are confirmed"
    confirmed(held)
    assert number(petition) == 4
    nothing_is_wrong(petition)


def test_a_moderator_refuses_them_and_that_can_be_undone(petition: Dossier, either_browser: Browser) -> None:
    moderator, browser = a_person(Role.MODERATOR), either_browser
    browser.signs_in(moderator).get("/moderation")
    browser.click(f"a[href='/d/{petition.ref}/held']")
    browser.submit("main form.panel", decision="refuse")
    assert "Write the reason." in browser.seen.text
    everything = [str(box["value"]) for box in browser.seen.select("[name=groups]")]
    assert len(browser.seen.select("[name=groups][checked]")) == 1 or everything
    browser.submit("main form.panel", groups=everything, decision="refuse", reason="One machine.")
    assert states(petition) == {SignatureState.CONFIRMED: 1, SignatureState.INVALID: 5}
    assert number(petition) == 1
    nothing_is_wrong(petition)
    (entry,) = entries(petition, "struck")
    assert entry.data["by_what"] == ["held"]
    assert "Nothing waits" in browser.get(f"/d/{petition.ref}/held").text
    browser.get(f"/d/{petition.ref}/integrity")
    browser.click("a[href$='/undo']")
    browser.submit("main form.panel", reason="It was a school.")
    assert {s.held for s in waits(petition)} == {Held.NETWORK}, "they wait for a look again"
    nothing_is_wrong(petition)


def test_what_came_after_the_page_was_made_was_not_looked_at(petition: Dossier, browser: Browser) -> None:
    browser.signs_in(a_person(Role.MODERATOR)).get(f"/d/{petition.ref}/held")
    late = commands.sign(
        NOBODY,
        petition,
        name="Laat",
        email="laat@homes.example",
        trace=Trace(network="a" * 16, held=Held.NETWORK),
    )
    groups = [str(box["value"]) for box in browser.seen.select("[name=groups]")]
    browser.submit("main form.panel", groups=groups, decision="let")
    assert [(s.id, s.held) for s in waits(petition) if s.held] == [(late.id, Held.NETWORK)]
    browser.post(f"/d/{petition.ref}/held", {"groups": groups, "last": 1, "decision": "let"})
    assert browser.status == 422
    assert "Somebody else looked at them meanwhile." in browser.seen.text
