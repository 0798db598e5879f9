"""Limits in layers: what is over them is kept and says so; a family, a flat and a proxy do not suffer."""

from datetime import timedelta

import pytest
from flask import Flask

from portal.dossiers.limits import DEVICE_BURST, NETWORK_BURST, NETWORK_DAY
from portal.dossiers.models import Held
from portal.kernel import clock
from portal.web import tracing
from tests.browser import Browser
from tests.factories import a_person, an_issue
from tests.integrity.signing import FLOOD, HOME, a_visitor, confirmed, newest, number, signs, signs_unseen

KEPT = "Yours is kept and counts after somebody looked at it."


@pytest.fixture(params=[False, True], ids=["plain", "js"])
def js(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def test_neighbours_who_share_a_wifi_are_not_held(app: Flask) -> None:
    dossier, start = an_issue(), clock.now()
    networks = set()
    for one in range(15):
        with clock.at(start + timedelta(seconds=30 * one)):
            signature = signs(a_visitor(app), dossier, f"Buur {one}")
            assert signature.held is None
            networks.add(signature.network)
    assert len(networks) == 1
    assert None not in networks


def test_a_family_shares_a_telephone_and_the_next_one_waits(app: Flask, js: bool) -> None:
    dossier, phone = an_issue(), a_visitor(app, js=js)
    for one in range(DEVICE_BURST):
        assert signs(phone, dossier, f"Gezin {one}").held is None
        assert KEPT not in phone.seen.text
    assert signs(phone, dossier, "Gezin 2").held is None, "sending the form again is not one more"
    held = signs(phone, dossier, "Vierde")
    assert held.held == Held.DEVICE
    assert "Many signatures came from your device just now." in phone.seen.text
    assert KEPT in phone.seen.text
    assert "your signature counts." not in phone.seen.select_one("#dossiers-support").text
    (mail,) = phone.mails("vierde")
    page = phone.get(phone.link(mail, "/s/"))
    assert KEPT in page.text
    phone.submit("main form", press="button.lamp")
    assert KEPT in phone.seen.text
    assert "You confirmed it." in phone.seen.text
    assert number(dossier) == 0
    other = an_issue()
    assert signs(phone, other, "Vierde").held is None, "each dossier is counted by itself"


def test_the_limit_passes_with_time(app: Flask) -> None:
    dossier, phone = an_issue(), a_visitor(app)
    for one in range(DEVICE_BURST):
        signs(phone, dossier, f"Gezin {one}")
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert signs(phone, dossier, "Later").held is None


def test_a_network_is_held_after_twenty_in_ten_minutes_and_another_is_not(app: Flask) -> None:
    dossier = an_issue()
    for one in range(NETWORK_BURST):
        assert signs(a_visitor(app, FLOOD), dossier, f"Proef {one}").held is None
    flood = a_visitor(app, "9.9.9.3")
    assert signs(flood, dossier, "Proef 20").held == Held.NETWORK, "the same network, another address of it"
    assert "from your network" in flood.seen.text
    assert signs(a_visitor(app, HOME), dossier, "Buur").held is None


def test_a_network_is_held_after_a_hundred_a_day(app: Flask) -> None:
    dossier, start = an_issue(), clock.now()
    visitor = a_visitor(app, FLOOD)
    for one in range(NETWORK_DAY):
        with clock.at(start + timedelta(minutes=5 * one)):
            assert signs_unseen(visitor, dossier, f"Proef {one}").held is None
    with clock.at(start + timedelta(minutes=5 * NETWORK_DAY)):
        assert signs(visitor, dossier, "Proef 101").held == Held.NETWORK
    with clock.at(start + timedelta(days=2)):
        assert signs(visitor, dossier, "Proef 102").held is None


def test_who_is_signed_in_reads_it_too_and_can_step_out(app: Flask, js: bool) -> None:
    dossier, phone = an_issue(), a_visitor(app, js=js)
    for one in range(DEVICE_BURST):
        signs(phone, dossier, f"Gezin {one}")
    person = a_person(name="Bekende")
    phone.signs_in(person).get(f"/d/{dossier.ref}")
    phone.submit("#dossiers-support form")
    assert KEPT in phone.seen.text
    assert number(dossier) == 0
    assert newest(dossier).ready_at is not None
    assert "kept, and counts after" in phone.get("/me").text
    page = phone.get(f"/d/{dossier.ref}")
    assert KEPT in page.text
    assert not page.select("#dossiers-support #name"), "there is nothing more to do"
    phone.submit("#dossiers-support form")
    assert newest(dossier).state == "withdrawn"
    assert newest(dossier).ready_at is None


def test_nobody_gets_past_a_look_by_signing_again(app: Flask) -> None:
    dossier, phone = an_issue(), a_visitor(app)
    for one in range(DEVICE_BURST):
        signs(phone, dossier, f"Gezin {one}")
    held = signs(phone, dossier, "Vierde")
    with clock.at(clock.now() + timedelta(hours=1)):
        signs(phone, dossier, "Vierde")
        assert newest(dossier).id == held.id
        assert newest(dossier).held == Held.DEVICE
        confirmed(newest(dossier))
        signs(phone, dossier, "Iemand anders", "vierde@homes.example")
    assert newest(dossier).name == "Vierde", "what its owner confirmed nobody else writes over"


def test_a_device_is_known_by_a_cookie_that_only_signing_sets(app: Flask) -> None:
    dossier, visitor = an_issue(), a_visitor(app)
    for path in ("/", f"/d/{dossier.ref}", "/dossiers"):
        visitor.get(path)
        assert visitor.client.get_cookie(tracing.DEVICE) is None
    signs(visitor, dossier, "Buur")
    cookie = visitor.client.get_cookie(tracing.DEVICE)
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    device = newest(dossier).device
    assert cookie.value not in str(device)
    signs(visitor, dossier, "Huisgenoot")
    assert newest(dossier).device == device
    assert visitor.client.get_cookie(tracing.DEVICE).value == cookie.value


def test_a_network_of_the_sixth_version_is_wider(app: Flask) -> None:
    found, homes = {}, {}
    for address in ("2606:4700:10:1::1", "2606:4700:10:2::9", "2606:4700:11::1", "::ffff:1.1.1.7", HOME):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            found[address], homes[address] = tracing.network(), tracing.home()
    assert len(set(homes.values())) == 4, "only the spellings of one address are one home"
    one, same, other, mapped, plain = found.values()
    assert one == same != other
    assert mapped == plain
    assert len(str(plain)) == 16


def test_behind_a_proxy_that_is_not_named_nobody_is_taken_for_another(app: Flask) -> None:
    told = {"X-Forwarded-For": "9.9.9.200"}
    for address in ("127.0.0.1", "10.0.0.4", ""):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}, headers=told):
            assert tracing.network() is None
    with app.test_request_context(environ_base={"REMOTE_ADDR": HOME}, headers=told):
        known = tracing.network()
    with app.test_request_context(environ_base={"REMOTE_ADDR": HOME}):
        assert tracing.network() == known


def test_a_domain_may_be_long(browser: Browser) -> None:
    dossier = an_issue()
    domain = ".".join(["a" * 60] * 3) + ".example"
    assert signs(browser, dossier, "Buur", f"buur@{domain}").mail_domain == domain[:120]
