"""Where one is signed in: seen, ended, over by itself; asked again before what is final."""

from datetime import timedelta

import pytest

from portal.accounts.models import Factor, Role, Session
from portal.accounts.tasks import purge
from portal.accounts.words import device_of
from portal.dossiers.models import Signature, SignatureState
from portal.kernel import clock
from portal.kernel.db import db
from tests.accounts.working import is_in, shows, with_app
from tests.browser import Browser
from tests.factories import a_membership, a_person, a_petition, a_signature, an_organisation
from tests.statements import sent

PHONE = "Mozilla/5.0 (Android 16; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/19.0 Safari/605"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/140.0 Safari/537 Edg/140.0"


def comes_in(browser: Browser, email: str, agent: str = PHONE) -> Browser:
    browser.get("/sign-in")
    browser.submit("main form", email=email)
    browser.post(browser.link(browser.mails(email)[-1], "/in/"), headers={"User-Agent": agent})
    return browser


@pytest.mark.parametrize(
    ("agent", "said"),
    [(PHONE, "Firefox, Android"), (MAC, "Safari, Mac"), (WINDOWS, "Edge, Windows"), ("curl/8", ""), ("", "")],
)
def test_a_device_is_told_in_words(agent: str, said: str) -> None:
    assert device_of(agent) == said


def test_one_sees_where_one_is_signed_in_and_ends_it(browser: Browser) -> None:
    person = a_person(locale="en")
    other = comes_in(Browser(browser.app), person.email)
    comes_in(browser, person.email, MAC)
    browser.get("/me/sessions")
    rows = [row.text for row in browser.seen.select("main .lines > li")]
    assert ["this one" in row for row in rows] == [True, False]
    assert ["Safari, Mac" in row for row in rows] == ["Firefox, Android" not in row for row in rows]
    browser.submit("main li:nth-of-type(2) form")
    assert not is_in(other)
    assert is_in(browser)


def test_signing_out_ends_the_session_itself(browser: Browser) -> None:
    comes_in(browser, a_person().email)
    stolen = {cookie.key: cookie.value for cookie in browser.client._cookies.values()}
    browser.post("/sign-out")
    for name, value in stolen.items():
        browser.client.set_cookie(name, value)
    assert not is_in(browser)


def test_signing_out_everywhere_else(browser: Browser) -> None:
    person, neighbour = a_person(), a_person()
    others = [comes_in(Browser(browser.app), person.email) for _ in range(2)]
    beside = comes_in(Browser(browser.app), neighbour.email)
    comes_in(browser, person.email).get("/me/sessions")
    browser.submit("main form[action='/me/sessions']")
    assert not any(is_in(other) for other in others)
    assert is_in(beside)
    assert len(browser.seen.select("main .lines > li")) == 1


def test_nobody_ends_the_session_of_another(browser: Browser) -> None:
    victim = comes_in(Browser(browser.app), a_person().email)
    number = db.session.scalar(db.select(Session.id))
    comes_in(browser, a_person().email).post(f"/me/sessions/{number}/end")
    assert browser.status == 403
    assert is_in(victim)


def test_a_session_ends_by_itself_sooner_for_staff(browser: Browser) -> None:
    neighbour, official = comes_in(Browser(browser.app), a_person().email), Browser(browser.app)
    comes_in(official, a_person(Role.OFFICIAL).email)
    start = clock.now()
    for after, stay in (
        ({"hours": 11}, (True, True)),
        ({"hours": 13}, (True, False)),
        ({"days": 32}, (False,) * 2),  # thirty days unseen, counted by whole days
    ):
        with clock.at(start + timedelta(**after)):
            found = [is_in(who) for who in (neighbour, official)]
            assert tuple(found) == stay, after
    with clock.at(start + timedelta(days=40)):
        purge(job_id=0)
    assert db.session.scalar(db.select(db.func.count(Session.id))) == 0


def test_who_comes_often_still_signs_in_again_some_day(browser: Browser) -> None:
    comes_in(browser, a_person().email)
    start = clock.now()
    for days in range(20, 181, 20):
        with clock.at(start + timedelta(days=days)):
            browser.get("/me")
            assert (browser.url == "/me") is (days < browser.app.config["SESSION_DAYS"]), days


def test_a_new_role_shortens_what_is_open(browser: Browser) -> None:
    person = a_person()
    comes_in(browser, person.email)
    a_membership(person, an_organisation(), Role.OFFICIAL)
    with clock.at(clock.now() + timedelta(hours=13)):
        assert not is_in(browser)


def test_knowing_who_is_here_takes_one_statement(browser: Browser) -> None:
    browser.signs_in(a_person())
    with sent() as statements:
        browser.get("/token")
    assert len([one for one in statements if "people" in one or "sessions" in one]) == 1
    kept = db.session.execute(db.select(db.metadata.tables["sessions"])).all()
    assert "127.0.0.1" not in str(kept)


def long_ago() -> dict[str, object]:
    return {"proven_at": clock.now() - timedelta(hours=2)}


def test_before_what_is_final_a_code_from_the_mail_is_asked(browser: Browser) -> None:
    person = a_person()
    browser.signs_in(person, **long_ago()).get("/me/erase")
    browser.submit("form.panel", sure="y")
    assert browser.status == 403
    assert person.erased_at is None
    browser.submit("main form", press="button[name=again]", proof="")
    (mail,) = browser.mails(person.email)
    code = mail.get_body(("plain",)).get_content().split("\n\n")[2].strip()
    browser.submit("main form", proof="1234 5678")
    assert browser.status == 422
    browser.submit("main form", proof=code)
    db.session.refresh(person)
    assert person.erased_at is not None


def test_a_code_from_the_mail_is_good_for_one_session_and_ten_minutes(browser: Browser) -> None:
    person = a_person()
    browser.signs_in(person, **long_ago()).get("/me/prove?next=/me")
    browser.submit("main form", press="button[name=again]", proof="")
    browser.submit("main form", press="button[name=again]", proof="")
    (mail,) = browser.mails(person.email)  # once a minute
    code = mail.get_body(("plain",)).get_content().split("\n\n")[2].strip()
    other = Browser(browser.app).signs_in(person, **long_ago())
    other.get("/me/prove")
    other.submit("main form", proof=code)
    assert other.status == 422
    with clock.at(clock.now() + timedelta(minutes=11)):
        browser.submit("main form", proof=code)
        assert browser.status == 422


def test_who_has_an_app_is_not_forgotten_by_who_has_their_mailbox(browser: Browser) -> None:
    official = with_app(a_person(Role.OFFICIAL))
    comes_in(browser, official.email or "").get("/me/erase")
    browser.submit("form.panel", sure="y")
    assert browser.status == 403
    assert browser.seen.select_one("main [name=again]") is None
    assert official.erased_at is None


def test_another_factor_wants_a_fresh_sign_in(browser: Browser) -> None:
    official = a_person(Role.OFFICIAL)
    browser.signs_in(official, **long_ago()).get("/me/factor")
    assert browser.url == "/me/prove?next=/me/factor"
    browser.post("/me/factor", {"password": "of nobody at all", "code": "123456", "secret": "A" * 32})
    assert browser.status == 403
    assert "of nobody at all" not in browser.seen.select_one("main").decode()
    assert db.session.get(Factor, official.id) is None


def test_what_was_typed_for_many_signatures_is_kept_until_the_code_came(browser: Browser) -> None:
    moderator = with_app(a_person(Role.MODERATOR))
    petition = a_petition()
    for n in range(3):
        a_signature(petition, a_person(name=f"Proef {n}"))
    browser.signs_in(moderator, factor_at=clock.now(), **long_ago())
    browser.get(f"/d/{petition.ref}/integrity/preview?name=proef")
    browser.submit("form[action$='/strike']", reason="One machine wrote them.")
    assert browser.status == 403
    browser.submit("main form", proof="000000")
    assert browser.status == 422
    browser.submit("main form", proof=shows())
    assert browser.status == 200
    found = db.select(Signature.state).where(Signature.dossier_id == petition.id)
    assert set(db.session.scalars(found)) == {SignatureState.INVALID}
    assert "One machine wrote them." in browser.get(f"/d/{petition.ref}").text
