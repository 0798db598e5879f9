"""Password and app of who works here: set up, asked for, never the same code twice, nobody kept outside."""

from datetime import timedelta

import pytest

from portal.accounts import codes, passwords
from portal.accounts.commands import drop_factor, proving, sign_in_with_password
from portal.accounts.models import Factor, RecoveryCode, Role, WrongTry
from portal.configuration import configure
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import Invalid, NotAllowed
from portal.kernel.policy import NOBODY, SYSTEM, require
from portal.staff.policy import Do as StaffDo
from tests.accounts.working import PASSWORD, SECRET, is_in, shows, with_app
from tests.browser import Browser
from tests.factories import a_membership, a_person, an_organisation

STAFF = (Role.OFFICIAL, Role.MEMBER, Role.MODERATOR)
PLACES = {Role.OFFICIAL: "/staff", Role.MEMBER: "/committee", Role.MODERATOR: "/moderation"}


def by_password(browser: Browser, email: str, password: str, code: str) -> None:
    browser.get("/sign-in/password?next=/staff")
    browser.submit("main form", email=email, password=password, code=code)


def by_link(browser: Browser, email: str, to: str = "/me") -> None:
    browser.get(f"/sign-in?next={to}")
    browser.submit("main form", email=email)
    browser.get(browser.link(browser.mails(email)[-1], "/in/"))
    browser.submit("main form")


def test_where_it_is_required_nobody_works_before_it_is_set_up(browser: Browser) -> None:
    browser.app.config["STAFF_FACTOR"] = True
    official = a_person(Role.OFFICIAL)
    by_link(browser, official.email, "/staff")
    assert browser.url == "/me/factor"
    assert browser.seen.select_one(".role-nav a")["href"].startswith("/me/prove")
    secret = browser.seen.select_one("[name=secret]")["value"]
    browser.submit("form.panel", password=PASSWORD, code=shows(secret, later=9))
    assert browser.status == 422
    assert browser.seen.select_one("#code-error")
    assert browser.seen.select_one("[name=secret]")["value"] == secret
    browser.submit("form.panel", password=PASSWORD, code=shows(secret))
    papers = [code.text for code in browser.seen.select("main li code")]
    assert len(set(papers)) == codes.HOW_MANY
    assert browser.headers["Cache-Control"] == "no-store"
    browser.get("/staff")
    assert (browser.status, browser.url) == (200, "/staff")
    assert "app" in browser.mails(official.email)[-1]["Subject"]
    kept = " ".join(db.session.scalars(db.select(RecoveryCode.key)))
    kept += str(db.session.scalar(db.select(Factor.password)))
    assert PASSWORD not in kept
    assert not any(paper in kept or paper.replace("-", "") in kept for paper in papers)


@pytest.mark.parametrize("role", STAFF)
def test_each_such_role_is_led_there_and_a_neighbour_is_not(browser: Browser, role: Role) -> None:
    browser.app.config["STAFF_FACTOR"] = True
    browser.signs_in(a_person(role)).get(PLACES[role])
    assert browser.url == "/me/factor"
    browser.signs_in(a_person(Role.ORGANISER)).get("/desk")
    assert (browser.status, browser.url) == (200, "/desk")


def test_where_it_is_not_required_a_newcomer_is_in_with_one_link(browser: Browser) -> None:
    by_link(browser, a_person(Role.OFFICIAL).email, "/staff")
    assert (browser.status, browser.url) == (200, "/staff")


@pytest.mark.parametrize(
    ("url", "chosen", "required"),
    [
        ("", "", False),
        ("http://localhost:8000", "", False),
        ("https://rotonde.example", "", True),
        ("https://rotonde.example", False, False),
        ("http://localhost", True, True),
    ],
)
def test_a_portal_that_others_can_reach_requires_it(
    browser: Browser, url: str, chosen: object, required: bool
) -> None:
    browser.app.config.update(PUBLIC_URL=url, STAFF_FACTOR=chosen)
    configure(browser.app)
    assert browser.app.config["STAFF_FACTOR"] is required


def test_who_has_one_gives_a_code_after_the_link_and_before_any_work(browser: Browser) -> None:
    official = with_app(a_person(Role.OFFICIAL, Role.MODERATOR))
    by_link(browser, official.email, "/staff")
    assert browser.url.startswith("/me/prove")
    for path in ("/me/factor", "/moderation"):
        browser.get(path)
        assert browser.url.startswith("/me/prove")  # a mailbox alone changes no factor
    browser.get("/me/prove?next=/staff")
    browser.submit("main form", proof="000000")
    assert browser.status == 422
    code = shows()
    browser.submit("main form", proof=code)
    assert (browser.status, browser.url) == (200, "/staff")
    other = Browser(browser.app)
    by_password(other, official.email, PASSWORD, code)
    assert other.status == 422  # that code was used here a moment ago
    with clock.at(clock.now() + timedelta(seconds=codes.STEP)):
        by_password(other, official.email, PASSWORD, shows())
        assert (other.status, other.url) == (200, "/staff")


def test_a_code_works_once_and_none_from_before_it(app: object) -> None:
    person = with_app(a_person(Role.OFFICIAL))

    def comes_in(code: str) -> bool:
        given = {"email": person.email, "password": PASSWORD, "code": code}
        return sign_in_with_password(NOBODY, **given, origin="here") is not None

    assert comes_in(shows(later=1))  # a clock that is ahead
    assert not comes_in(shows(later=1))
    assert not comes_in(shows())
    assert not comes_in(shows(later=-1))
    assert not comes_in(shows(later=2))
    assert codes.step_of(SECRET, "１２３ éé", clock.now()) is None


def test_a_recovery_code_works_once(browser: Browser) -> None:
    person = with_app(a_person(Role.OFFICIAL))
    browser.signs_in(person, factor_at=clock.now()).get("/me/factor")
    browser.submit("form[action='/me/factor/codes']")
    first, second = (code.text for code in browser.seen.select("main li code")[:2])
    other = Browser(browser.app)
    by_password(other, person.email, PASSWORD, f" {first.lower().replace('-', ' ')}")
    assert other.status == 200
    by_password(Browser(browser.app), person.email, PASSWORD, first)
    again = Browser(browser.app)
    by_password(again, person.email, PASSWORD, first)
    assert again.status == 422
    stranger = with_app(a_person(Role.OFFICIAL))
    by_password(again, stranger.email, PASSWORD, second)
    assert again.status == 422
    browser.get("/me/factor")
    browser.submit("form[action='/me/factor/codes']")
    by_password(again, person.email, PASSWORD, second)
    assert again.status == 422  # new ones take the place of the old


def test_nothing_at_the_door_tells_who_exists_not_even_being_locked(browser: Browser) -> None:
    known = with_app(a_person(Role.OFFICIAL))
    without = a_person(Role.OFFICIAL)
    said = {}
    for email in (known.email, without.email, "nobody@homes.example"):
        for time in range(proving.FROM_HERE + 1):
            by_password(browser, email, "wrong password here", "123456")
            assert browser.seen.select_one("#email")["value"] == email
            said[email, time] = browser.status, browser.seen.select_one("#errors").text
    assert len(set(said.values())) == 1
    by_password(browser, known.email, PASSWORD, shows())
    assert browser.status == 422  # locked from this home
    assert {row.whose for row in db.session.scalars(db.select(WrongTry))}.isdisjoint({known.email, known.id})


def test_nobody_is_kept_outside_by_others(browser: Browser) -> None:
    """Neither a colleague behind the same address, nor, with a link by mail, the one who was guessed at."""
    guessed, colleague = with_app(a_person(Role.OFFICIAL)), with_app(a_person(Role.OFFICIAL))
    for _ in range(proving.FROM_HERE):
        by_password(browser, guessed.email, "wrong password here", "123456")
    by_password(browser, guessed.email, PASSWORD, shows())
    assert browser.status == 422
    by_password(browser, colleague.email, PASSWORD, shows())
    assert browser.status == 200
    other = Browser(browser.app)
    by_link(other, guessed.email, "/staff")
    other.submit("main form", proof=shows())
    assert (other.status, other.url) == (200, "/staff")
    with clock.at(clock.now() + proving.SOON + timedelta(minutes=1)):
        by_password(browser, guessed.email, PASSWORD, shows())
        assert browser.status == 200


def test_guessing_codes_from_everywhere_comes_to_an_end(app: object) -> None:
    person = with_app(a_person(Role.OFFICIAL))

    def guess(origin: str, code: str = "000000") -> bool:
        given = {"email": person.email, "password": PASSWORD, "code": code}
        return sign_in_with_password(NOBODY, **given, origin=origin) is not None

    for number in range(proving.FROM_ALL):
        assert not guess(f"home {number}")
    assert not guess("another home", shows())
    assert db.session.scalar(db.select(db.func.count(WrongTry.id))) == proving.FROM_ALL  # and no more rows


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "length"),
        ("x" * 201, "length"),
        ("aaaaaaaaaaaaaaaa", "easy"),
        ("1234567890123", "easy"),
        ("Rotonde12345", "easy"),
        ("janssen janssen 12", "easy"),
    ],
)
def test_a_password_that_is_guessed_first_is_refused(password: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        passwords.check(password, about=("Janssen",))


def test_any_letters_make_a_password(app: object) -> None:
    for password in (PASSWORD, "  spaces are kept  ", "pasta 🍝 op het plein"):
        passwords.check(password)
        assert passwords.fits(passwords.kept(password), password)
        assert not passwords.fits(passwords.kept(password), password.strip() + "x")
    assert not passwords.fits(None, "of nobody")
    assert passwords.kept(PASSWORD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_password_manager_may_fill_it_in(browser: Browser) -> None:
    browser.get("/sign-in/password")
    found = browser.seen.select_one("#password")
    assert (found["type"], found["autocomplete"]) == ("password", "current-password")
    browser.signs_in(a_person(Role.OFFICIAL)).get("/me/factor")
    found = browser.seen.select_one("#password")
    assert (found["type"], found["autocomplete"]) == ("password", "new-password")
    assert browser.seen.select_one("#code")["autocomplete"] == "one-time-code"


def test_another_password_ends_what_is_open_elsewhere(browser: Browser) -> None:
    person = with_app(a_person(Role.OFFICIAL))
    other = Browser(browser.app).signs_in(person)
    browser.signs_in(person, factor_at=clock.now()).get("/me/factor")
    secret = browser.seen.select_one("[name=secret]")["value"]
    browser.submit("form.panel", password=PASSWORD[::-1], code=shows(secret))
    assert browser.status == 200
    assert not is_in(other)
    assert is_in(browser)


def test_the_operator_takes_it_away_from_who_lost_all(browser: Browser) -> None:
    person = with_app(a_person(Role.OFFICIAL))
    browser.signs_in(person)
    drop_factor(SYSTEM, person)
    assert db.session.get(Factor, person.id) is None
    assert not is_in(browser)


def test_ended_or_unproven_the_rules_say_no(app: object) -> None:
    """The rules themselves, whatever page asks them: a membership gives no right before the code."""
    authority = an_organisation()
    person = a_person()
    membership = a_membership(person, authority, Role.OFFICIAL)
    require(person, StaffDo.SEE_QUEUE, authority)
    person.here = person.here.__class__(1, "token", waits="code")
    with pytest.raises(NotAllowed):
        require(person, StaffDo.SEE_QUEUE, authority)
    assert membership in person.all_memberships
