"""One person counts once: every line of the table in docs/signatures.md, as it happens."""

from email.message import EmailMessage

import pytest
from flask import Flask

from portal.accounts import addresses
from portal.accounts.queries import person_with
from portal.assistance import codes
from portal.assistance import commands as assistance
from portal.dossiers import commands, journal
from portal.dossiers.commands import supporters
from portal.dossiers.forms import SignForm
from portal.dossiers.models import Dossier, Signature, SignatureState, Way
from portal.dossiers.rules import Known, Verdict, same
from portal.dossiers.words import name_key
from portal.kernel import jobs
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.kernel.policy import NOBODY
from portal.kernel.tickets import For, ticket
from portal.sheets import commands as sheets
from portal.sheets.models import Problem, Typed
from tests.assistance.making import a_mandate
from tests.browser import Browser
from tests.dossiers.pairs import ANOTHER, FILE, PAIRS, SAME, Given, Pair, written
from tests.factories import a_person, a_petition
from tests.sheets.making import a_sheet

SUBJECTS = {
    "Confirm your signature": "confirm",
    "You already support": "already",
    "A third person": "third",
}
NUMBERED = [pytest.param(pair, id=str(number)) for number, pair in enumerate(PAIRS, 1)]


def known(given: Given) -> Known:
    address = given.address and addresses.key(given.address)
    return Known(address, name_key(given.name), given.building, given.unit)


def signatures(dossier: Dossier) -> list[Signature]:
    db.session.expire_all()
    return list(
        db.session.scalars(db.select(Signature).filter_by(dossier_id=dossier.id).order_by(Signature.id))
    )


def sign(browser: Browser, dossier: Dossier, given: Given) -> str:
    """Let somebody sign, and do with the signature what they do; return what they are told."""
    if given.way != Way.ONLINE:
        return enter(dossier, given)
    if not refusal(browser.app, given):
        return "refused"
    actor = NOBODY
    if given.signed_in:
        actor = person_with(given.address) or a_person(email=given.address, name=given.name, locale="en")
    before = len(browser.mails())
    signed = commands.sign(
        actor, dossier, name=given.name, email=given.address, building=given.building, locale="en"
    )
    new = browser.mails()[before:]
    db.session.expire_all()
    if (
        signed.state == SignatureState.PENDING
        and given.then != "pending"
        and (not new or said(new[0]) != "third")
    ):
        commands.confirm(signed.person, signed)
    if given.then == "withdrawn":
        commands.withdraw_signature(signed.person, signed)
    if given.then == "invalid":
        commands.invalidate(a_person("moderator"), signed, why="Not a neighbour.")
    assert len(new) <= 1
    return said(new[0]) if new else "page"


def said(mail: EmailMessage) -> str:
    return next(told for subject, told in SUBJECTS.items() if str(mail["Subject"]).startswith(subject))


def refusal(app: Flask, given: Given) -> bool:
    """Whether the form takes the name."""
    with app.test_request_context(method="POST", data={"name": given.name, "email": given.address}):
        return SignForm(known=False, buildings=[]).validate()


def enter(dossier: Dossier, given: Given) -> str:
    """Somebody types a line of the paper, or helps a neighbour: they hear at once of who counts already."""
    home = {"name": given.name, "building": given.building, "unit": given.unit}
    try:
        if given.way == Way.PAPER:
            sheet = sheets.start(dossier.opener, a_sheet(dossier, dossier.opener))
            sheets.write(dossier.opener, sheet, typed=Typed(**home, email=given.address))
        else:
            mandate = a_mandate(of=dossier.organisation)
            yes = {"code": codes.digest(given.name), "version": "1", "language": "nl"}
            assistance.sign_for(mandate.person, mandate, dossier=dossier, **yes, **home)
    except Invalid as error:
        return {Problem.UNDECIDED: "look", assistance.TWICE: "thanks"}[error.message]
    return "thanks"


def outcome(browser: Browser, pair: Pair) -> tuple[int, tuple[str, ...], str]:
    dossier = a_petition()
    sign(browser, dossier, pair.first)
    if pair.with_ is not None:
        sign(browser, dossier, pair.with_)
    told = sign(browser, dossier, pair.second)
    states = tuple(str(signature.state) for signature in signatures(dossier))
    jobs.work()
    assert list(journal.wrong([dossier])) == []
    return supporters(dossier), states, told


@pytest.mark.parametrize("pair", NUMBERED)
def test_a_pair(browser: Browser, pair: Pair) -> None:
    assert outcome(browser, pair) == (pair.counts, pair.states, pair.told)


@pytest.mark.parametrize("pair", [param for param in NUMBERED if param.values[0].verdict is not None])
def test_it_makes_no_difference_who_came_first(pair: Pair) -> None:
    one, other = known(pair.first), known(pair.second)
    assert same(one, other) == same(other, one) == pair.verdict


def test_the_document_has_this_table() -> None:
    assert len(PAIRS) == 40
    assert FILE.read_text() == written(), "run python -m tests.dossiers.pairs"


# A handful through the front door

FORM = "#dossiers-support form"


def through_the_door(browser: Browser, dossier: Dossier, given: Given) -> None:
    browser.get(f"/d/{dossier.ref}")
    browser.submit(FORM, name=given.name, email=given.address)
    assert browser.status == 200
    mail = browser.mails()[-1]
    browser.get(browser.link(mail, "/s/"))
    if browser.seen.select("main form button.lamp"):
        browser.submit("main form", press="button.lamp")


@pytest.mark.parametrize("number", [2, 5, 10, 13, 21])
def test_a_pair_through_the_door(either_browser: Browser, number: int) -> None:
    pair, dossier = PAIRS[number - 1], a_petition()
    for given in (pair.first, pair.second):
        through_the_door(either_browser, dossier, given)
    assert supporters(dossier) == pair.counts
    assert tuple(str(s.state) for s in signatures(dossier)) == pair.states


def test_a_name_that_is_a_website_is_refused_beside_its_field(either_browser: Browser) -> None:
    dossier = a_petition()
    either_browser.get(f"/d/{dossier.ref}")
    either_browser.submit(FORM, name="Cheap lamps: lamps.nl", email="b@homes.example")
    assert either_browser.status == 422
    assert (
        "Write a name, not an address of a website." in either_browser.seen.select_one(".field .error").text
    )
    assert signatures(dossier) == []


@pytest.mark.parametrize(
    "name", ["J.de Vries", "A.B. van Dam", "Dr. Me", "Sam Live", "Anne-Marie O'Neil", "Ó Súilleabháin, N."]
)
def test_a_name_is_no_website(app: Flask, name: str) -> None:
    assert refusal(app, Given(name, "a@homes.example"))


@pytest.mark.parametrize(
    "name", ["https://lamps.example", "WWW.lamps", "lamps.com", "go to lamps.amsterdam.nl/x"]
)
def test_a_website_is_no_name(app: Flask, name: str) -> None:
    assert not refusal(app, Given(name, "a@homes.example"))


def test_the_second_of_a_household_has_mails_and_a_page_of_their_own(browser: Browser) -> None:
    dossier = a_petition()
    for name in ("Ann de Vries", "Ben Mensah"):
        commands.sign(
            NOBODY, dossier, name=name, email="home@homes.example", building="Kempering", locale="en"
        )
    first, second = browser.mails("home@homes.example")
    for mail, name, other in ((first, "Ann de Vries", "Ben"), (second, "Ben Mensah", "Ann")):
        text = mail.get_content()
        assert f"Hello {name}," in text
        assert f"This is about the signature of {name}, and nobody else." in text
        assert other not in text
    links = [browser.link(mail, "/s/") for mail in (first, second)]
    assert links[0] != links[1]
    browser.get(links[1])
    browser.submit("main form", press="button.lamp")
    assert [s.state for s in signatures(dossier)] == ["pending", "confirmed"]
    browser.get(links[1])
    browser.submit("main form[action$=withdraw]")
    assert [s.state for s in signatures(dossier)] == ["pending", "withdrawn"]
    browser.get(links[0])
    browser.submit("main form", press="button.lamp")
    assert supporters(dossier) == 1


def test_the_mail_about_a_third_says_what_can_be_done(browser: Browser) -> None:
    dossier = a_petition()
    for name in ("Ann", "Ben", "Cem"):
        commands.sign(
            NOBODY, dossier, name=name, email="home@homes.example", building="Kempering", locale="en"
        )
    text = browser.mails()[-1].get_content()
    assert "Hello Ann," in text
    assert "does not count, and nothing changed" in " ".join(text.split())
    assert "or on paper" in " ".join(text.split())
    assert [s.name for s in signatures(dossier)] == ["Ann", "Ben"]


def test_whose_ticket_it_is_decides(browser: Browser) -> None:
    """The link of one of a household never moves the other's signature."""
    dossier = a_petition()
    first, second = (
        commands.sign(NOBODY, dossier, name=name, email="h@homes.example", building="Kempering")
        for name in ("Ann", "Ben")
    )
    browser.post(f"/s/{ticket(For.SIGNATURE, second.id)}", {"once": "a"})
    assert [s.state for s in signatures(dossier)] == ["pending", "confirmed"]
    assert second.person.household_of is first.person


def test_the_verdict_of_a_pair_is_what_the_rule_says() -> None:
    assert same(Known("a", "ann", "Kempering", "1"), Known("a", "ben", "Kempering", "2")) == SAME
    assert same(Known("a", "ann", "Kempering"), Known("", "ann", "Kempering", "2")) == SAME
    assert same(Known("", "", "Kempering"), Known("", "", "Kempering")) == Verdict.ASK
    assert same(Known("a", "ann"), Known("b", "ann")) == ANOTHER
