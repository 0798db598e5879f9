"""Signing, confirming, stepping out: through the front door, with and without JavaScript."""

import pytest
from flask import Flask

from portal.accounts.models import Person
from portal.dossiers import commands
from portal.dossiers.models import Dossier, Signature
from portal.dossiers.queries import support
from portal.kernel.commands import transaction
from portal.kernel.db import db
from portal.kernel.policy import NOBODY
from portal.kernel.tickets import For, ticket
from tests.browser import Browser
from tests.factories import a_person, a_signature, an_issue

FORM = "#dossiers-support form"
SUPPORT = "section#dossiers-support"


@pytest.fixture
def visitor(either_browser: Browser) -> Browser:
    either_browser.language = "en"
    return either_browser


def number(dossier: Dossier) -> int:
    db.session.expire_all()
    return support(NOBODY, dossier).count


def link(signature: Signature) -> str:
    return f"/s/{ticket(For.SIGNATURE, signature.id)}"


def test_a_neighbour_joins_and_confirms_by_mail(visitor: Browser) -> None:
    dossier = an_issue()
    visitor.get(f"/d/{dossier.ref}")
    visitor.submit(FORM, name="Neighbour", email="Buur@Example.org", reason="It is dark.", shown="y")
    assert "in your mail" in visitor.seen.text
    assert number(dossier) == 0
    (mail,) = visitor.mails("example.org")
    visitor.get(visitor.link(mail, "/s/"))
    assert number(dossier) == 0, "opening the page changes nothing: mail scanners do"
    visitor.submit("main form", press="button.lamp")
    assert number(dossier) == 1
    assert "Your signature counts" in visitor.seen.text
    page = visitor.get(f"/d/{dossier.ref}")
    assert page.select_one("#dossiers-count b").text == "1"
    reason = page.select_one("#dossiers-support li.said").text
    assert "It is dark." in reason
    assert "Neighbour" in reason


def test_the_answer_is_the_same_for_a_known_address(visitor: Browser) -> None:
    dossier = an_issue()
    known = a_signature(dossier).person
    said = []
    for once, address in (("one", known.email), ("two", "unknown@example.org")):
        data = {"name": "X", "email": address, "once": once}
        visitor.post(f"/d/{dossier.ref}/signatures", data, target=SUPPORT)
        said.append(visitor.seen.text)
    assert said[0] == said[1]


def test_nothing_is_ticked_beforehand(visitor: Browser) -> None:
    page = visitor.get(f"/d/{an_issue().ref}")
    assert not page.select(f"{FORM} [checked]")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"name": "", "email": "a@example.org"}, "Write your name."),
        ({"name": "N", "email": ""}, "Write your mail address."),
        ({"name": "N", "email": "nonsense"}, "This is not a mail address."),
        ({"name": "N" * 81, "email": "a@example.org"}, "80 characters"),
        ({"name": "N", "email": "a@example.org", "reason": "x" * 501}, "500 characters"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_all_is_kept(
    visitor: Browser, given: dict[str, str], expected: str
) -> None:
    dossier = an_issue()
    visitor.get(f"/d/{dossier.ref}")
    page = visitor.submit(FORM, **({"reason": "Because.", "shown": "y"} | given))
    assert visitor.status == 422
    assert expected in page.select_one(".field .error").text
    assert page.select_one("#errors a[href^='#']")
    assert page.select_one("#shown").has_attr("checked")
    assert page.select_one("#reason").text.strip() == given.get("reason", "Because.")
    assert page.select_one("#name")["value"] == given["name"]
    assert visitor.js == (page.select_one("h1") is None)
    assert db.session.scalar(db.select(db.func.count(Signature.id))) == 0


def test_a_refused_form_can_be_loaded_again(browser: Browser) -> None:
    dossier = an_issue()
    browser.get(f"/d/{dossier.ref}/signatures")
    assert browser.url == f"/d/{dossier.ref}"


def test_who_is_signed_in_counts_at_once_and_steps_out(visitor: Browser) -> None:
    dossier, person = an_issue(), a_person(name="Known")
    visitor.signs_in(person).get(f"/d/{dossier.ref}")
    assert not visitor.seen.select("#email")
    assert visitor.seen.select_one("#name")["value"] == "Known"
    page = visitor.submit(FORM)
    assert number(dossier) == 1
    assert page.select_one("#dossiers-count b").text == "1"
    assert "You joined." in page.text
    page = visitor.submit(FORM)
    assert number(dossier) == 0
    assert page.select_one("#dossiers-count b").text == "0"
    assert page.select_one("#name")


def test_who_is_signed_in_needs_a_name_only_to_be_shown(visitor: Browser) -> None:
    dossier = an_issue()
    visitor.signs_in(a_person(name="")).get(f"/d/{dossier.ref}")
    visitor.submit(FORM, shown="y")
    assert "Write the name that may be shown." in visitor.seen.text
    visitor.get(f"/d/{dossier.ref}")
    visitor.submit(FORM)
    assert number(dossier) == 1


def test_a_repeated_submit_is_the_same_submit(visitor: Browser) -> None:
    dossier = an_issue()
    for _ in range(3):
        data = {"name": "N", "email": "n@example.org", "once": "same"}
        visitor.post(f"/d/{dossier.ref}/signatures", data, target=SUPPORT)
        assert visitor.status == 200
    assert db.session.scalar(db.select(db.func.count(Signature.id)).filter_by(dossier_id=dossier.id)) == 1
    assert len(visitor.mails("n@example.org")) == 1


def test_stepping_out_without_a_signature_is_no_page(visitor: Browser) -> None:
    visitor.signs_in(a_person()).post(f"/d/{an_issue().ref}/signatures/withdraw", {"once": "a"})
    assert visitor.status == 404


def test_whatever_is_over_cannot_be_joined(visitor: Browser) -> None:
    dossier = an_issue(state="withdrawn")
    page = visitor.get(f"/d/{dossier.ref}")
    assert "One cannot join any more." in page.text
    assert not page.select(FORM)
    visitor.post(f"/d/{dossier.ref}/signatures", {"name": "N", "email": "n@example.org", "once": "a"})
    assert number(dossier) == 0


# The link in the mail


def test_one_tap_withdraws(visitor: Browser) -> None:
    signature = a_signature(an_issue(), reason="Mine", shown=True)
    visitor.get(link(signature))
    assert "Your signature counts." in visitor.seen.text
    assert visitor.seen.select("a[href^='https://wa.me/']")
    page = visitor.submit("main form[action$=withdraw]")
    assert "You stepped out." in page.text
    assert not page.select("main form")
    assert number(signature.dossier) == 0


def test_confirming_twice_or_after_stepping_out(visitor: Browser) -> None:
    signature = a_signature(an_issue(), state="pending")
    for once in ("one", "two"):
        visitor.post(link(signature), {"once": once})
        assert visitor.status == 200
    assert number(signature.dossier) == 1
    visitor.post(link(signature) + "/withdraw", {"once": "three"})
    visitor.post(link(signature), {"once": "four"})
    assert visitor.status == 409
    assert "You stepped out." in visitor.seen.text
    assert number(signature.dossier) == 0


def test_a_signature_taken_out_by_a_moderator_says_why(visitor: Browser) -> None:
    signature = a_signature(an_issue(), state="invalid")
    assert "Not a neighbour." in visitor.get(link(signature)).text
    for url in (link(signature), link(signature) + "/withdraw"):
        visitor.post(url, {"once": url[-9:]})
        assert visitor.status == 409
    person = signature.person
    assert "took your signature out" in visitor.signs_in(person).get(f"/d/{signature.dossier.ref}").text


def test_a_signature_whose_owner_was_forgotten(app: Flask, visitor: Browser) -> None:
    signature = a_signature(an_issue())
    with transaction():
        signature.state, signature.person_id, signature.name = "anonymised", None, ""
    assert "no owner any more" in visitor.get(link(signature)).text
    visitor.post(link(signature), {"once": "a"})
    assert visitor.status == 409


def test_a_hidden_dossier_is_not_named_on_the_page_of_a_signature(visitor: Browser) -> None:
    dossier = an_issue(title="Nasty")
    signature = a_signature(dossier)
    commands.hide(a_person("moderator"), dossier, reason="A name.")
    page = visitor.get(link(signature))
    assert visitor.status == 200
    assert "Nasty" not in page.text


def test_somebody_carried_here_by_a_bundle_makes_the_signature_their_own(visitor: Browser) -> None:
    report, petition = an_issue(), an_issue()
    signature = a_signature(petition)
    with transaction():
        signature.via_id = report.id
    page = visitor.get(link(signature))
    assert f"because you joined {report.ref}" in page.text
    visitor.submit("main form", press="button.lamp")
    db.session.expire_all()
    assert signature.via_id is None


def test_a_made_up_link_opens_nothing(visitor: Browser) -> None:
    visitor.get("/s/made-up")
    assert visitor.status == 404
    visitor.post("/s/made-up/withdraw", {"once": "a"})
    assert visitor.status == 404


def test_a_person_counts_once_whatever_way_they_came(visitor: Browser) -> None:
    dossier, person = an_issue(), a_person(email="one.person@gmail.com")
    a_signature(dossier, person)
    data = {"name": "N", "email": "OneP.erson+x@googlemail.com", "once": "a"}
    visitor.post(f"/d/{dossier.ref}/signatures", data, target=SUPPORT)
    (mail,) = visitor.mails("gmail.com")
    visitor.post(visitor.link(mail, "/s/"), {"once": "b"})
    assert number(dossier) == 1
    assert db.session.scalar(db.select(db.func.count(Person.id)).where(Person.email.like("%gmail.com"))) == 1


def test_the_next_one_at_the_same_device_sends_the_same_form_anew(visitor: Browser) -> None:
    """Back to the filled in form, with the key that it had."""
    dossier = an_issue()
    for name in ("first", "second", "second"):
        visitor.get(f"/d/{dossier.ref}")
        visitor.submit(FORM, once="same", name=name, email=f"{name}@homes.example")
    assert [len(visitor.mails(f"{name}@homes.example")) for name in ("first", "second")] == [1, 1]


def test_a_name_begins_no_paragraph_of_a_mail(visitor: Browser) -> None:
    dossier = an_issue()
    visitor.get(f"/d/{dossier.ref}")
    given = {"name": "Sam\r\n\r\nOpen your door", "email": "sam@homes.example"}
    visitor.submit(FORM, **given)
    (mail,) = visitor.mails("sam@homes.example")
    assert "\nOpen" not in mail.get_content()
