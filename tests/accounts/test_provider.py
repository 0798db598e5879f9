"""Signing in with the provider of one's organisation: a real one, which these tests start."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from portal.accounts import provider as asked_provider
from portal.accounts.models import Identity, OrganisationKind, Person, Role, Session
from portal.accounts.provider import Asked, Trouble
from portal.accounts.queries import person_with
from portal.command_line import checking
from portal.configuration import configure
from portal.kernel import clock, logs
from portal.kernel.db import db
from tests import provider as providers
from tests.accounts.working import is_in, shows, with_app
from tests.browser import Browser
from tests.factories import a_membership, a_person, an_organisation
from tests.processes import free_port
from tests.provider import Provider

BACK = f"http://localhost{asked_provider.BACK}"


@pytest.fixture(scope="session")
def running() -> Iterator[Provider]:
    with providers.running(BACK) as made:
        yield made


@pytest.fixture
def provider(running: Provider, browser: Browser) -> Provider:
    """The portal was told of it, and that it speaks for the district."""
    asked_provider.forget()
    more = {"OIDC_ORGANISATIONS": ["district"], "OIDC_ACR": [providers.STRONG], "STAFF_FACTOR": True}
    browser.app.config.update(running.settings | more)
    return running


@pytest.fixture
def anna(provider: Provider) -> Person:
    """An official of the district, who has an account at its provider."""
    person = a_person(email="anna@district.example")
    a_membership(person, an_organisation(OrganisationKind.AUTHORITY, key="district"), Role.OFFICIAL)
    return person


def off(browser: Browser, start: str = "/sign-in/provider?next=/staff") -> str:
    """Where a browser is sent."""
    browser.get(start, follow_redirects=False)
    assert browser.status == 303, browser.seen
    return str(browser.headers["Location"])


def comes_back(browser: Browser, provider: Provider, user: str, address: str = "") -> str:
    """After this user signed in there; the path by which."""
    back = provider.sign_in(address or off(browser), user)
    assert back.startswith(f"{BACK}?")
    path = back.removeprefix("http://localhost")
    browser.get(path)
    return path


def told(browser: Browser) -> tuple[int, str]:
    found = browser.seen.select_one("main .message")
    return browser.status, found.text.strip() if found else ""


def test_an_official_comes_in_without_a_password_of_ours(
    browser: Browser, provider: Provider, anna: Person, written: io.StringIO
) -> None:
    browser.get("/sign-in?next=/staff")
    address = off(browser, str(browser.seen.select_one("a[href^='/sign-in/provider']")["href"]))
    asked = {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    path = comes_back(browser, provider, "anna", address)
    assert (browser.status, browser.url) == (200, "/staff")
    assert db.session.scalar(db.select(Session.factor_at).filter_by(person_id=anna.id)) is not None
    browser.get(path)
    assert browser.status == 400  # it was for once
    other = Browser(browser.app)
    comes_back(other, provider, "annas-heir")
    assert other.status == 403  # the same address, and somebody else at the provider
    comes_back(other, provider, "anna")
    assert other.url == "/staff"
    other.post("/sign-out")
    assert other.url == "/sign-out/provider"
    there = str(other.seen.select_one("main a.button")["href"])
    assert there == f"{provider.issuer}/session?client_id={providers.CLIENT}"
    assert not is_in(other)
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    mine = [line for line in lines if line["logger"] == logs.SECURITY and "way" in line]
    events = [(line["event"], line.get("why")) for line in mine]
    came, failed = ("signed-in", None), "sign-in-failed"
    assert events == [came, (failed, "late"), (failed, "unknown"), came]
    code = parse_qs(urlsplit(path).query)["code"][0]
    secrets = [code, "anna", "district.example", asked["state"], asked["nonce"], providers.SECRET]
    assert not [word for word in secrets if word in written.getvalue()]


def test_it_opens_no_door_but_its_own_and_appoints_nobody(
    browser: Browser, provider: Provider, anna: Person
) -> None:
    bert = a_person(email="bert@district.example")
    claire = a_person(email="claire@district.example")
    a_membership(claire, anna.memberships[0].organisation, Role.OFFICIAL)
    answers = []
    for user in ("bert", "stranger", "unproven", "nameless"):
        comes_back(browser, provider, user)
        answers.append(told(browser))
    a_membership(bert, an_organisation(OrganisationKind.PLATFORM, key="platform"), Role.ORGANISER)
    a_membership(bert, anna.memberships[0].organisation, Role.OFFICIAL)
    comes_back(browser, provider, "bert")  # has a role in the district, and one elsewhere
    assert {*answers, told(browser)} == {answers[0]}
    assert answers[0][0] == 403
    retry = off(browser, str(browser.seen.select_one("main a.button")["href"]))
    assert parse_qs(urlsplit(retry).query)["prompt"] == ["login"]  # with another account of theirs
    assert not is_in(browser)
    assert person_with("stranger@district.example") is None
    assert db.session.scalar(db.select(db.func.count()).select_from(Identity)) == 0
    browser.app.config["OIDC_VERIFIED"] = True
    comes_back(browser, provider, "unproven")
    assert browser.url == "/staff"


def test_whether_its_second_factor_is_enough_is_a_setting(
    browser: Browser, provider: Provider, anna: Person
) -> None:
    browser.app.config["OIDC_ACR"] = []
    comes_back(browser, provider, "anna")
    assert browser.url == "/me/factor"  # nothing in its token says so
    browser.app.config |= {"OIDC_ACR": [providers.STRONG], "OIDC_FACTOR": "never"}
    comes_back(browser, provider, "anna")
    assert browser.url == "/me/factor"
    browser.app.config["OIDC_FACTOR"] = "always"
    comes_back(browser, provider, "anna")
    assert browser.url == "/staff"
    with_app(anna)
    browser.app.config["OIDC_FACTOR"] = "never"
    comes_back(browser, provider, "anna")
    assert browser.url.startswith("/me/prove")
    comes_back(browser, provider, "anna", off(browser, "/sign-in/provider?again=1"))
    assert browser.status == 403  # who has an app of ours shows no less
    browser.get("/me/prove?next=/staff")
    browser.submit("main form", proof=shows())
    assert browser.url == "/staff"


def test_it_shows_once_more_who_one_is_before_what_is_final(
    browser: Browser, provider: Provider, anna: Person
) -> None:
    comes_back(browser, provider, "anna")
    long_ago = clock.now() - timedelta(minutes=browser.app.config["FRESH_MINUTES"] + 1)
    db.session.execute(db.update(Session).values(proven_at=long_ago))
    db.session.commit()
    browser.get("/me/erase")
    browser.submit("main form", sure="y")
    assert browser.status == 403
    link = browser.seen.select_one("a[href^='/sign-in/provider']")
    assert link["target"] == "_blank"  # what was typed waits in this tab
    waiting = browser.seen
    address = off(browser, str(link["href"]))
    asked = parse_qs(urlsplit(address).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
    comes_back(browser, provider, "bert", address)
    assert told(browser)[0] == 403
    with clock.at(clock.now() + timedelta(minutes=2)):
        address = off(browser, str(link["href"]))
    comes_back(browser, provider, "anna", address)
    assert told(browser)[0] == 400
    assert "vroeg je niet opnieuw wie je bent" in told(browser)[1]
    comes_back(browser, provider, "anna", off(browser, str(link["href"])))
    assert (browser.status, browser.url) == (200, "/me")
    browser.seen, browser.url = waiting, "/me/erase"
    browser.submit("main form")
    assert browser.url == "/"
    db.session.expire_all()
    assert person_with("anna@district.example") is None
    assert db.session.scalar(db.select(Identity.key)) is None


def test_what_goes_wrong_there_is_said_in_the_readers_words(
    browser: Browser, provider: Provider, anna: Person
) -> None:
    state = parse_qs(urlsplit(off(browser)).query)["state"][0]
    browser.get(f"{asked_provider.BACK}?error=access_denied&state={state}")
    assert told(browser) == (400, "You did not go on at District. Nothing happened.")
    back = provider.sign_in(off(browser), "anna").removeprefix("http://localhost")
    other = Browser(browser.app, language="nl")
    other.get(back)
    assert told(other) == (400, "Dit duurde te lang, of het begon in een ander venster. Begin opnieuw.")
    own = parse_qs(urlsplit(off(other)).query)["state"][0]
    code = parse_qs(urlsplit(back).query)["code"][0]
    other.get(f"{asked_provider.BACK}?code={code}&state={own}")  # a code that was given to another browser
    assert told(other)[0] == 400
    for hours in (24, -24):
        with clock.at(clock.now() + timedelta(hours=hours)):
            comes_back(other, provider, "anna")
        assert told(other)[0] == 503
        assert "klokken" in told(other)[1]
    browser.get("/sign-in/provider", headers={"Sec-Fetch-Site": "cross-site"}, follow_redirects=False)
    assert browser.status == 200
    browser.app.config["OIDC_ISSUER"] = f"http://127.0.0.1:{free_port()}"
    other.get("/sign-in/provider")
    assert told(other)[0] == 503
    assert "District geeft nu geen antwoord" in told(other)[1]
    browser.app.config["OIDC_ISSUER"] = provider.issuer.replace("127.0.0.1", "localhost")
    other.get("/sign-in/provider")
    assert told(other)[0] == 400  # it calls itself by another name
    browser.app.config["OIDC_ISSUER"] = ""
    assert other.get("/sign-in").select_one("a[href^='/sign-in/provider']") is None
    other.get("/sign-in/provider")
    assert other.status == 404


def test_the_doctor_looks_at_the_provider(browser: Browser, provider: Provider, anna: Person) -> None:
    check = checking.CHECKS["sign-in of an organisation"]
    assert check(browser.app) is None
    with clock.at(clock.now() + timedelta(minutes=5)):
        assert "clock of District differs by" in str(check(browser.app))
    browser.app.config["OIDC_ORGANISATIONS"] = "district police"
    configure(browser.app)
    assert "not here" in str(check(browser.app))
    for name, wrong in (
        ("SECRET_FILE", "/nowhere/secret"),
        ("ISSUER", f"{provider.issuer}/"),
        ("ISSUER", "http://district.example"),
        ("ISSUER", f"http://127.0.0.1:{free_port()}"),
    ):
        browser.app.config[f"OIDC_{name}"] = wrong
        assert "PORTAL_OIDC_" in str(check(browser.app)), wrong
        browser.app.config.update(provider.settings | {"OIDC_SECRET_FILE": ""})


def test_a_token_is_believed_for_its_signature_alone(browser: Browser, provider: Provider) -> None:
    asked = Asked("a state", clock.now())
    known = {"iss": provider.issuer, "aud": providers.CLIENT, "sub": "anna", "nonce": asked.nonce}
    at = int(clock.now().timestamp())
    known |= {"iat": at, "exp": at + 600}
    secret, other = OctKey.import_key(providers.SECRET), RSAKey.generate_key(2048)
    unsigned = "eyJhbGciOiJub25lIn0." + jwt.encode({"alg": "HS256"}, known, secret).split(".")[1] + "."
    forged = [
        jwt.encode({"alg": "HS256"}, known, secret),
        jwt.encode({"alg": "RS256"}, known, other),
        unsigned,
    ]
    for token in [*forged, "no token"]:
        with pytest.raises(Trouble):
            asked_provider.claims({"id_token": token}, asked)
