"""Changing the name under one's signature, or showing or hiding it: with the link, and signed in."""

import pytest

from portal.dossiers import commands
from portal.dossiers.commands import supporters
from portal.dossiers.models import Dossier, Signature
from portal.kernel.db import db
from portal.kernel.policy import NOBODY
from portal.kernel.tickets import For, ticket
from tests.browser import Browser
from tests.factories import a_person, a_petition, a_signature, an_issue

LINK_FORM, OWN_FORM = "main form[action$='/name']", "#dossiers-support form[action$='/name']"


def link(signature: Signature) -> str:
    return f"/s/{ticket(For.SIGNATURE, signature.id)}"


def shown(browser: Browser, dossier: Dossier) -> str:
    """What everybody reads there about who supports it."""
    return Browser(browser.app).get(f"/d/{dossier.ref}").select_one("#dossiers-support").text


def test_with_the_link_the_name_is_changed_shown_and_hidden(either_browser: Browser) -> None:
    signature = a_signature(a_petition(), name="Ann")
    dossier = signature.dossier
    either_browser.get(link(signature))
    assert "Your name: Ann. It is not shown on the page." in " ".join(either_browser.seen.text.split())
    assert "Ann" not in shown(either_browser, dossier)
    either_browser.submit(LINK_FORM, name=" Ann  de Vries ", shown="y")
    assert either_browser.status == 200
    assert either_browser.url == link(signature)
    assert "Ann de Vries" in shown(either_browser, dossier)
    either_browser.submit(LINK_FORM, shown=None)
    assert "Ann" not in shown(either_browser, dossier)
    db.session.expire_all()
    assert (signature.name, signature.name_key, signature.shown) == ("Ann de Vries", "ann de vries", False)
    assert supporters(dossier) == 1


def test_who_is_signed_in_does_it_on_the_page(either_browser: Browser) -> None:
    dossier, person = an_issue(), a_person(name="Ann")
    a_signature(dossier, person)
    either_browser.signs_in(person).get(f"/d/{dossier.ref}")
    page = either_browser.submit(OWN_FORM, name="Ann B.", shown="y")
    assert "Ann B." in page.select_one("#dossiers-support li.said").text
    assert page.select_one(f"{OWN_FORM} #shown").has_attr("checked")
    assert "Ann B." in shown(either_browser, dossier)
    either_browser.submit(OWN_FORM, shown=None)
    assert "Ann B." not in shown(either_browser, dossier)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("", "Write your name."),
        ("x" * 81, "80 characters"),
        ("www.lamps.example", "Write a name, not an address of a website."),
    ],
)
def test_what_is_wrong_stands_beside_the_field(either_browser: Browser, name: str, expected: str) -> None:
    person = a_person(name="Ann")
    signature = a_signature(an_issue(), person)
    either_browser.get(link(signature))
    either_browser.submit(LINK_FORM, name=name)
    assert either_browser.status == 422
    assert expected in either_browser.seen.select_one("details[open] .field .error").text
    either_browser.get(f"{link(signature)}/name")
    assert either_browser.url == link(signature)
    either_browser.signs_in(person).get(f"/d/{signature.dossier.ref}")
    either_browser.submit(OWN_FORM, name=name)
    assert either_browser.status == 422
    assert expected in either_browser.seen.select_one("details[open] .field .error").text
    db.session.expire_all()
    assert signature.name == "Ann"


def test_who_stepped_out_or_was_struck_out_has_no_name_to_change(either_browser: Browser) -> None:
    for state in ("withdrawn", "invalid"):
        signature = a_signature(an_issue(), state=state)
        assert not either_browser.get(link(signature)).select(LINK_FORM)
        either_browser.post(f"{link(signature)}/name", {"name": "Other", "shown": "y", "once": state})
        assert either_browser.status == 409
        db.session.expire_all()
        assert (signature.name == "Other", signature.shown) == (False, False)


def test_nobody_changes_the_name_of_another(browser: Browser) -> None:
    dossier = an_issue()
    signature = a_signature(dossier, name="Ann")
    browser.signs_in(a_person()).post(f"/d/{dossier.ref}/signatures/name", {"name": "Other", "once": "a"})
    assert browser.status == 404
    browser.post("/s/made-up/name", {"name": "Other", "once": "b"})
    assert browser.status == 404
    db.session.expire_all()
    assert signature.name == "Ann"


def test_another_name_makes_no_second_person(browser: Browser) -> None:
    """Who renames themselves and signs again with the first name and no home is still one person."""
    dossier = an_issue()
    first = commands.sign(NOBODY, dossier, name="Ann", email="ann@homes.example")
    commands.confirm(first.person, first)
    commands.rename_signature(first.person, first, name="Ben", shown=False)
    again = commands.sign(NOBODY, dossier, name="Ann", email="ann@homes.example")
    assert again.id == first.id
    assert supporters(dossier) == 1
