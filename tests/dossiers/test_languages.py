"""What people wrote says in which language, wherever it stands; the language switch stays on the page."""

from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Page

from portal.accounts.models import Role
from portal.answers import commands as answers
from portal.dossiers import commands
from portal.dossiers.texts import Quote, quoted
from portal.kernel import clock
from portal.kernel.language import speaking
from tests.browser import Browser
from tests.dossiers.making import a_photo
from tests.factories import a_membership, a_person, a_petition, a_signature, an_issue, an_organisation

AUTHORITY = {"kind": "promise", "level": "decision"}


def tongue(page: BeautifulSoup, words: str) -> str:
    """The language of the element in which these words stand."""
    main = page.select_one("main")
    assert main is not None
    found = main.find(string=lambda text: bool(text) and words in text)
    assert found is not None, f"no {words}"
    around = found.find_parent(lang=True)
    assert around is not None
    return str(around["lang"])


def test_the_words_of_a_dossier_are_in_the_language_it_was_written_in(browser: Browser) -> None:
    dossier = an_issue(title="De bak is weg", body="Al een week.", language="nl")
    photo = a_photo(dossier, b"A photo")
    photo.alt = "Een lege paal"
    page = browser.get(f"/d/{dossier.ref}")
    assert [tongue(page, words) for words in ("De bak is weg", "Al een week.")] == ["nl", "nl"]
    assert {image["lang"] for image in page.select("img[alt='Een lege paal']")} == {"nl"}
    assert tongue(page, "Tell others") == "en"
    for path in ("/", "/dossiers"):
        assert tongue(browser.get(path), "De bak is weg") == "nl", path
    own = browser.get(f"/d/{dossier.ref}?lang=nl")
    heading = own.select_one("h1")
    assert heading is not None
    assert not heading.has_attr("lang"), "the page says it already"


def test_a_reason_and_an_entry_are_in_the_language_of_the_page_they_were_written_on(browser: Browser) -> None:
    person = a_person()
    dossier = an_issue(opener=person)
    browser.signs_in(person).get(f"/d/{dossier.ref}")
    browser.submit("#dossiers-support form", name="Ann", reason="I fell over it.", shown="y")
    browser.get(f"/d/{dossier.ref}/tell")
    browser.submit(text="We spoke to them.")
    dutch = Browser(browser.app, language="nl").get(f"/d/{dossier.ref}")
    assert [tongue(dutch, words) for words in ("I fell over it.", "We spoke to them.")] == ["en", "en"]
    english = browser.get(f"/d/{dossier.ref}")
    assert [tongue(english, words) for words in ("I fell over it.", "We spoke to them.")] == ["en", "en"]


def test_what_an_authority_says_and_why_is_in_its_language(browser: Browser) -> None:
    authority, official = an_organisation(), a_person()
    a_membership(official, authority, Role.OFFICIAL)
    petition = a_petition(state="handed_over", addressees=[authority])
    with speaking("nl"):
        given = {"organisation": authority, "kind": "refused", "level": "decision"}
        answers.answer(official, petition, text="Wij doen dit niet.", reason="Geen geld.", **given)
    page = browser.get(f"/d/{petition.ref}")
    assert [tongue(page, words) for words in ("Wij doen dit niet.", "Geen geld.")] == ["nl", "nl"]


def test_the_reason_for_hiding_is_in_the_language_of_the_moderator(browser: Browser) -> None:
    moderator = a_person()
    a_membership(moderator, role=Role.MODERATOR)
    dossier = an_issue(title="A name", language="en")
    with speaking("nl"):
        commands.hide(moderator, dossier, reason="Er staat een naam in.")
    assert tongue(browser.get(f"/d/{dossier.ref}"), "Er staat een naam in.") == "nl"
    assert tongue(browser.get("/dossiers"), "Er staat een naam in.") == "nl"


def test_in_a_mail_and_in_a_sentence_a_quotation_is_plain_text(browser: Browser) -> None:
    assert f"{Quote.of('a < b', 'nl')}" == "a < b"
    with browser.app.test_request_context(headers={"Accept-Language": "en"}):
        assert Quote.of("a < b", "nl").__html__() == '<span lang="nl" dir="ltr">a &lt; b</span>'
        assert Quote.of("a < b", "en").__html__() == "a &lt; b"
        assert Quote.of("أين", "ar").__html__() == '<span lang="ar" dir="rtl">أين</span>'
    assert quoted.__doc__


@pytest.mark.parametrize("path", ["/dossiers?q=bin&kind=issue", "/d/{ref}?lang=en", "/sign-in?next=%2Fme"])
def test_the_language_switch_stays_on_the_page(either_browser: Browser, path: str) -> None:
    browser, dossier = either_browser, an_issue()
    browser.get(path.format(ref=dossier.ref))
    before = browser.url.replace("?lang=en", "")
    browser.submit(".top form[action='/language']")
    assert browser.url == before
    assert (browser.seen.select_one("html") or Tag())["lang"] == "nl"


def test_the_language_switch_stays_on_the_page_of_a_refused_form(either_browser: Browser) -> None:
    dossier = an_issue()
    either_browser.get(f"/d/{dossier.ref}")
    either_browser.submit("#dossiers-support form", email="nobody")
    if either_browser.status == 422 and either_browser.seen.select_one(".top"):
        either_browser.submit(".top form[action='/language']")
        assert either_browser.url.startswith(f"/d/{dossier.ref}")
    either_browser.post(
        "/d/K-99999999/signatures", headers={"Referer": f"http://localhost/d/{dossier.ref}?a=b"}
    )
    assert either_browser.status == 404
    either_browser.submit(".top form[action='/language']")
    assert either_browser.url.startswith("/d/")


@pytest.mark.parametrize(
    ("language", "one", "two", "day"),
    [
        ("nl", "1 medestander", "2 medestanders", "1 maart 2026"),
        ("en", "1 supporter", "2 supporters", "1 March 2026"),
    ],
)
def test_numbers_and_days_are_right_in_both(
    browser: Browser, language: str, one: str, two: str, day: str
) -> None:
    with clock.at(datetime(2026, 3, 1, 12, tzinfo=UTC)):
        dossier = an_issue()
        a_signature(dossier)
    visitor = Browser(browser.app, language=language)
    assert one in visitor.get(f"/d/{dossier.ref}").get_text(" ")
    assert day in visitor.seen.get_text(" ")
    a_signature(dossier)
    assert two in visitor.get(f"/d/{dossier.ref}").get_text(" ")
    assert one not in visitor.seen.get_text(" ")


def test_who_comes_by_an_address_with_a_language_keeps_it(browser: Browser) -> None:
    browser.get("/?lang=nl")
    assert (browser.seen.select_one("html") or Tag())["lang"] == "nl"
    browser.get("/dossiers")
    assert (browser.seen.select_one("html") or Tag())["lang"] == "nl"
    browser.get("/dossiers?lang=xx")
    assert (browser.seen.select_one("html") or Tag())["lang"] == "nl"


def test_the_switch_works_in_a_real_browser(phone_page: Page) -> None:
    phone_page.goto("/dossiers?q=bin")
    for language in ("en", "nl"):
        phone_page.locator(f"button[name=lang][value={language}]").click()
        phone_page.locator(f"html[lang={language}]").wait_for(state="attached")
        assert phone_page.url.endswith("/dossiers?q=bin")
    phone_page.wait_for_load_state("load")
