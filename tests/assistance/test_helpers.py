"""Who lets whom help, what they see of it, and that nobody else learns who helped whom."""

import json
from typing import Any

from portal.accounts import commands as accounts
from portal.accounts.models import OrganisationKind, Role
from portal.assistance.models import Mandate, Receipt
from portal.dossiers import journal
from portal.dossiers.models import Signature
from portal.kernel.db import db
from tests.assistance.making import a_mandate, a_term, later, signs_for, types_code
from tests.browser import Browser
from tests.factories import a_person, a_signature, an_issue, an_organisation

GIVE = "section[aria-labelledby=give] form"


def test_an_organiser_lets_somebody_help_and_stops_it(either_browser: Browser) -> None:
    browser, platform = either_browser, an_organisation(OrganisationKind.PLATFORM)
    person = a_person(email="helper@homes.example")
    browser.signs_in(a_person(Role.ORGANISER, of=platform)).get("/desk")
    browser.click('a[href^="/desk/helpers"]')
    browser.submit(GIVE, **{"name": "Henny", "email": "not an address", **a_term()})
    assert browser.status == 422
    browser.submit(GIVE, email="Helper+x@homes.example")
    assert "Henny can help" in browser.seen.text
    helper = Browser(browser.app).signs_in(person)
    helper.get("/me")
    helper.click('a[href^="/help"]')
    assert helper.status == 200
    dossier = an_issue()
    assert signs_for(helper, dossier, name="Old Neighbour")
    browser.get("/desk/helpers")
    assert "helped 1 neighbour" in browser.seen.text
    assert "Old Neighbour" not in browser.seen.text
    browser.submit("details form", reason="She moved.")
    assert "It stopped" in browser.seen.text
    assert "She moved." in browser.get("/desk/helpers").text
    helper.get("/help")
    assert helper.status == 403


def test_a_helper_stops_by_themselves(either_browser: Browser) -> None:
    mandate = a_mandate()
    either_browser.signs_in(mandate.person).get("/me")
    either_browser.submit("section[aria-labelledby=own-mandates] form")
    assert either_browser.url == "/me"
    assert not either_browser.seen.select("#own-mandates")
    assert db.session.get_one(Mandate, mandate.id).over


def test_who_looks_after_helpers_may_help_too(browser: Browser) -> None:
    platform = an_organisation(OrganisationKind.PLATFORM)
    organiser = a_person(Role.ORGANISER, of=platform)
    a_mandate(of=platform)
    browser.signs_in(organiser).get("/desk/helpers")
    assert not browser.seen.select('a[href^="/help"]')
    a_mandate(organiser, platform)
    browser.get("/desk/helpers")
    browser.click('a[href^="/help"]')
    assert browser.status == 200


def test_a_term_has_to_be_one(browser: Browser) -> None:
    platform = an_organisation(OrganisationKind.PLATFORM)
    browser.signs_in(a_person(Role.ORGANISER, of=platform))
    known = {"name": "Henny", "email": "helper@homes.example", **a_term()}
    for wrong in (
        {"ends": known["starts"]},
        {"ends": "2099-01-01T00:00"},
        {"starts": "0001-01-01T00:00"},
        {"ends": "nonsense"},
        {"most": "0"},
    ):
        browser.get("/desk/helpers")
        browser.submit(GIVE, **known | wrong)
        assert browser.status == 422, wrong
    assert not db.session.scalar(db.select(Mandate.id))


def test_others_see_no_helpers(browser: Browser) -> None:
    platform, core = (an_organisation(kind) for kind in (OrganisationKind.PLATFORM, OrganisationKind.CORE))
    a_mandate(of=platform)
    for person in (a_person(), a_person(Role.ORGANISER), a_person(Role.MODERATOR, of=platform)):
        Browser(browser.app).signs_in(person)
        browser.signs_in(person).get(f"/desk/helpers?as={platform.key}")
        assert browser.status == 403
    browser.signs_in(a_person(Role.CONTACT, of=core)).get("/desk/helpers")
    assert browser.status == 200


def test_who_helped_whom_is_for_moderators_only(browser: Browser) -> None:
    """Not on a page, not in what is taken along, not in a mail."""
    mandate = a_mandate(a_person(name="Henny Helper", email="helper@homes.example"))
    dossier = an_issue()
    helper = Browser(browser.app).signs_in(mandate.person)
    code = signs_for(helper, dossier, shown="y", reason="It is dark.")
    organiser = a_person(Role.ORGANISER, of=mandate.organisation)
    for person in (None, a_person(), organiser, dossier.opener, a_person(Role.OFFICIAL)):
        visitor = Browser(browser.app)
        if person is not None:
            visitor.signs_in(person)
        visitor.get(f"/d/{dossier.ref}")
        assert "Old Neighbour" in visitor.seen.text
        assert not [word for word in ("Henny Helper", "helper@homes") if word in str(visitor.seen)]
    moderator = Browser(browser.app).signs_in(a_person(Role.MODERATOR))
    assert "entered by Henny Helper" in moderator.get(f"/d/{dossier.ref}").text
    types_code(browser, code)
    browser.submit('form[action="/receipt/take-over"]', email="old@homes.example")
    browser.get(browser.link(browser.mails("old@homes.example")[-1], "/take-over/"))
    browser.submit("main form")
    assert not [mail for mail in browser.mails() if "Henny" in str(mail) or "helper@homes" in str(mail)]
    db.session.expire_all()
    owner = db.session.scalars(db.select(Signature).filter_by(dossier_id=dossier.id)).one().person
    told = Browser(browser.app).signs_in(owner)
    told.get("/me/data.json")
    assert told.response is not None
    assert "Henny" not in told.response.text
    assert "Old Neighbour" in told.response.text


def test_own_data_of_a_helper_has_numbers_and_not_whom(browser: Browser) -> None:
    mandate, dossier = a_mandate(), an_issue()
    browser.signs_in(mandate.person)
    signs_for(browser, dossier, name="Old Neighbour")
    browser.get("/me/data.json")
    assert browser.response is not None
    assert "Old Neighbour" not in browser.response.text
    (kept,) = json.loads(browser.response.text)["helping"]
    assert (kept["organisation"], kept["helped"]) == (mandate.organisation.name, 1)


def test_a_helper_who_is_forgotten_is_gone_from_what_they_did(browser: Browser) -> None:
    mandate, dossier = a_mandate(), an_issue()
    helper = Browser(browser.app).signs_in(mandate.person)
    code = signs_for(helper, dossier)
    accounts.erase(mandate.person, mandate.person)
    db.session.expire_all()
    assert not db.session.scalar(db.select(Signature.id).where(Signature.helper_id.is_not(None)))
    assert not db.session.scalar(db.select(Receipt.id).where(Receipt.helper_id.is_not(None)))
    ended = db.session.get_one(Mandate, mandate.id)
    assert (ended.over, ended.name) == (True, "")
    assert not list(journal.wrong([dossier]))
    types_code(browser, code)
    browser.submit('form[action="/receipt/withdraw"]')
    assert "You stopped" in browser.seen.text


def test_the_share_says_a_number_from_five_on(browser: Browser) -> None:
    mandate, dossier = a_mandate(), an_issue()
    helper = Browser(browser.app).signs_in(mandate.person)
    a_signature(dossier)
    assert "with help of" not in browser.get(f"/d/{dossier.ref}").text
    for name in "ABCD":
        signs_for(helper, dossier, name=name)
    assert "fewer than 5 with help" in browser.get(f"/d/{dossier.ref}").text
    signs_for(helper, dossier, name="E")
    assert "5 of 6 with help of a trusted resident" in browser.get(f"/d/{dossier.ref}").text


def test_a_mandate_begins_at_its_minute(browser: Browser) -> None:
    mandate: Any = a_mandate(state="later")
    browser.signs_in(mandate.person).get("/help")
    assert browser.status == 403
    browser.get("/me")
    assert mandate.organisation.name in browser.seen.text
    with later(hours=1):
        browser.get("/help")
        assert browser.status == 200
