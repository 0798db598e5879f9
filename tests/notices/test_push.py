"""Messages to devices that follow: sealed for one device, signed as ours, sent once, and to nowhere else."""

import base64
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from flask import Flask
from py_vapid import Vapid02

from portal.accounts import commands as accounts
from portal.accounts import own_data
from portal.dossiers import commands as dossiers
from portal.dossiers.models import State
from portal.kernel import jobs
from portal.kernel.clock import now
from portal.kernel.db import db
from portal.kernel.errors import Refused
from portal.kernel.policy import NOBODY
from portal.notices import commands, push
from portal.notices.models import Follow, Subscription
from tests.answers.making import Case
from tests.browser import Browser
from tests.factories import a_person, an_issue
from tests.notices.devices import Service, a_device


@pytest.fixture
def service(app: Flask) -> Iterator[Service]:
    app.config["PUSH_LOCAL"] = True
    made = Service()
    yield made
    made.end()


def number_of(model: Any) -> int:
    db.session.rollback()
    return int(db.session.scalar(db.select(db.func.count(model.id))) or 0)


def opened(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_an_answer_is_told_to_a_device_that_follows(service: Service, app: Flask) -> None:
    case = Case()
    commands.follow(NOBODY, case.dossier, **service.device(), locale="en")
    case.answer()
    jobs.work()
    [message] = service.got
    told = service.read(message)
    assert told["title"] == case.dossier.title
    assert case.authority.name in told["line"]
    assert told["url"].startswith(f"http://localhost/d/{case.dossier.ref}#e")
    assert set(told) == {"title", "line", "url", "tag"}
    assert case.dossier.title.encode() not in message.body
    assert message.headers["content-encoding"] == "aes128gcm"
    assert message.headers["topic"] == case.dossier.ref
    assert int(message.headers["ttl"]) == push.STAYS
    jobs.work()
    assert len(service.got) == 1


def test_the_message_is_signed_as_ours_for_this_service_alone(service: Service, app: Flask) -> None:
    push.send(service.device()["endpoint"], b"sealed", "K-1")
    proof = service.got[0].headers["authorization"]
    assert Vapid02.verify(proof)
    assert f"k={push.public_key()}" in proof
    claims = json.loads(opened(proof.split("t=")[1].split(",")[0].split(".")[1]))
    assert (claims["aud"], claims["sub"]) == (service.origin, "mailto:rotonde@localhost")
    assert now().timestamp() < claims["exp"] <= now().timestamp() + 24 * 3600


def test_the_example_of_the_standard_opens() -> None:
    """RFC 8291, appendix A: what a device does with a message is what the test above does."""
    key = int.from_bytes(opened("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), "big")
    body = opened(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK"
        "6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    secret = opened("BTBZMqHH6r4Tts7J_aSIgg")
    plain = http_ece.decrypt(body, private_key=derive_private_key(key, SECP256R1()), auth_secret=secret)
    assert plain == b"When I grow up, I want to be a watermelon"


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten(service: Service, status: int) -> None:
    case = Case()
    commands.follow(NOBODY, case.dossier, **service.device())
    service.status = status
    case.answer()
    jobs.work()
    assert len(service.got) == 1
    assert number_of(Subscription) == number_of(Follow) == 0


@pytest.mark.parametrize("status", [429, 500, 302])
def test_a_service_that_does_not_take_it_is_asked_again_and_a_redirect_leads_nowhere(
    service: Service, status: int
) -> None:
    service.status, service.more = status, {"Location": f"{service.origin}/elsewhere"}
    with pytest.raises(push.Undeliverable):
        push.send(service.device()["endpoint"], b"sealed", "K-1")
    assert len(service.got) == 1


ELSEWHERE = [
    "http://fcm.googleapis.com/send/1",
    "https://127.0.0.1/send",
    "https://localhost/send",
    "https://[::1]/send",
    "https://169.254.169.254/latest",
    "https://fcm.googleapis.com:8443/send",
    "https://user@fcm.googleapis.com/send",
    "https://evilfcm.googleapis.com.example/send",
    "https://notfcm.googleapis.com/send",
    "file:///etc/passwd",
    "https://[oops/send",
    "",
]


@pytest.mark.parametrize("endpoint", ELSEWHERE)
def test_nothing_is_sent_anywhere_but_to_a_known_service(app: Flask, endpoint: str) -> None:
    assert not push.may_be_sent_to(endpoint)
    with pytest.raises(Refused):
        push.send(endpoint, b"sealed", "K-1")
    browser = Browser(app)
    browser.post(f"/d/{an_issue().ref}/follow", a_device() | {"endpoint": endpoint, "once": "one"})
    assert browser.status == 422
    assert number_of(Subscription) == 0


@pytest.mark.parametrize(
    "inside", ["127.0.0.1", "10.0.0.1", "::1", "::ffff:192.168.1.1", "169.254.1.1", "224.0.0.1"]
)
def test_an_address_inside_is_never_called(app: Flask, inside: str) -> None:
    app.config["PUSH_HOSTS"] = []
    bare = f"[{inside}]" if ":" in inside else inside
    with pytest.raises(Refused):
        push.send(f"https://{bare}/send", b"sealed", "K-1")


@pytest.mark.parametrize("wrong", [{"p256dh": "AAAA"}, {"auth": "AAAA"}, {"auth": "é"}, {"p256dh": ""}])
def test_keys_that_are_none_are_refused(browser: Browser, wrong: dict[str, str]) -> None:
    browser.post(f"/d/{an_issue().ref}/follow", a_device() | wrong)
    assert browser.status == 422
    assert number_of(Subscription) == 0


def test_following_twice_is_once_and_ends_at_once(browser: Browser) -> None:
    issue, device = an_issue(), a_device()
    for _ in range(2):
        browser.post(f"/d/{issue.ref}/follow", device)
    assert number_of(Follow) == 1
    browser.post("/follows", {"endpoint": device["endpoint"]})
    assert browser.response is not None
    assert browser.response.json == {"refs": [issue.ref]}
    browser.post(f"/d/{issue.ref}/unfollow", {"endpoint": device["endpoint"]})
    assert number_of(Follow) == number_of(Subscription) == 0


def test_what_is_hidden_is_not_told(service: Service) -> None:
    case = Case()
    commands.follow(NOBODY, case.dossier, **service.device())
    case.answer()
    dossiers.hide(a_person("moderator"), case.dossier, reason="It names somebody.")
    jobs.work()
    assert not service.got


def test_whose_device_it_is_they_see_end_and_take_along(browser: Browser) -> None:
    person, issue = a_person(), an_issue(state=State.OPEN)
    follow = commands.follow(person, issue, **a_device())
    assert own_data.export(person)["follows"][0]["dossier"] == issue.ref
    assert follow.subscription.endpoint not in str(own_data.export(person))
    browser.signs_in(person).get("/me")
    browser.submit(f"form[action='/follows/{follow.id}/stop']")
    assert browser.status == 200
    assert number_of(Follow) == 0


def test_who_is_erased_takes_their_devices_along(app: Flask) -> None:
    person = a_person()
    commands.follow(person, an_issue(), **a_device())
    accounts.erase(person, person)
    assert number_of(Follow) == number_of(Subscription) == 0


def test_the_key_is_made_once_and_is_nobody_elses_to_read(own_app: Flask) -> None:
    file = Path(own_app.config["DATA_DIR"]) / "push-key"
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    assert len(opened(file.read_text())) == 32
    assert not list(file.parent.glob("tmp*"))
