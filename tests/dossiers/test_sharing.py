"""What others show of a link to a dossier: tags, a picture, a short address and its QR code."""

import io
import json
from pathlib import Path

import pytest
from PIL import Image

from portal.accounts.models import Role
from portal.dossiers import commands
from portal.web.meta import rounded
from portal.web.paths import without_language
from tests.browser import Browser
from tests.factories import a_membership, a_person, a_petition, a_signature, an_issue

BLNS = Path(__file__).parents[3] / "shared" / "data" / "fuzz" / "blns.json"
ABSENT = "shared/data/fuzz is not beside the checkout"
HARD = [
    "W" * 300,
    "Prullenbakken " * 21,
    "🚮👨‍👩‍👧 \u202eweg\u202c z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞",
    "أين ذهبت صناديق القمامة في حي K؟",
    "部落格",
]


def tag(browser: Browser, name: str) -> str:
    found = browser.seen.select_one(f"meta[property='{name}'], meta[name='{name}']")
    assert found is not None, f"no {name} on {browser.url}"
    return str(found["content"])


def picture(browser: Browser, address: str = "") -> Image.Image:
    address = address or tag(browser, "og:image")
    browser.get(address.removeprefix("http://localhost"))
    assert browser.status == 200
    assert browser.response is not None
    return Image.open(io.BytesIO(browser.response.data))


def test_a_link_to_a_dossier_shows_what_it_is_about(browser: Browser) -> None:
    words = "Since Monday.\n\nNobody knows why."
    dossier = an_issue(title="The bin is gone", body=words, place_name="Karspeldreef")
    a_signature(dossier)
    browser.get(f"/d/{dossier.ref}")
    assert tag(browser, "og:title") == "The bin is gone"
    assert tag(browser, "og:url") == f"http://localhost/d/{dossier.ref}"
    assert tag(browser, "description") == tag(browser, "og:description")
    for words in ("1 supporter", "Karspeldreef", "Since Monday. Nobody knows why."):
        assert words in tag(browser, "description")
    assert tag(browser, "og:locale") == "en_US"
    assert tag(browser, "twitter:card") == "summary_large_image"
    assert "The bin is gone" in tag(browser, "og:image:alt")
    canonical = browser.seen.select_one("link[rel=canonical]")
    assert canonical is not None
    assert canonical["href"] == f"http://localhost/d/{dossier.ref}"


def test_the_list_and_the_front_page_say_what_they_are(browser: Browser) -> None:
    an_issue()
    browser.get("/dossiers?kind=issue&q=")
    assert tag(browser, "og:url") == "http://localhost/dossiers?kind=issue"
    assert "1 dossier" in tag(browser, "description")
    browser.get("/")
    assert tag(browser, "og:url") == "http://localhost/"
    assert tag(browser, "description")
    assert picture(browser).size == (1200, 630)


def test_the_picture_is_drawn_once_and_changes_with_what_is_on_it(browser: Browser) -> None:
    dossier = an_issue()
    browser.get(f"/d/{dossier.ref}")
    before = tag(browser, "og:image")
    drawn = picture(browser)
    assert (drawn.format, drawn.size) == ("PNG", (1200, 630))
    assert browser.response is not None
    assert len(browser.response.data) < 100_000
    assert "immutable" in browser.headers["Cache-Control"]
    path = before.removeprefix("http://localhost")
    browser.get(path, headers={"If-None-Match": browser.headers["ETag"]})
    assert browser.status == 304

    a_signature(dossier)
    browser.get(f"/d/{dossier.ref}")
    assert tag(browser, "og:image") != before
    browser.get(path)
    assert browser.status == 200, "who kept the old address gets the picture of today"
    assert "immutable" not in browser.headers["Cache-Control"]


def test_the_picture_speaks_the_language_of_the_page_that_named_it(browser: Browser) -> None:
    dossier = an_issue()
    browser.get(f"/d/{dossier.ref}")
    english = tag(browser, "og:image")
    browser.get(f"/d/{dossier.ref}?lang=nl")
    assert tag(browser, "og:locale") == "nl_NL"
    assert tag(browser, "og:image") != english
    assert picture(browser).tobytes() != picture(browser, english).tobytes()


def test_a_large_number_does_not_make_a_new_picture_each_time() -> None:
    about = {0: 0, 1: 1, 99: 99, 100: 100, 109: 100, 128: 120, 1234: 1200, 999_999: 990_000}
    assert {number: rounded(number) for number in about} == about


@pytest.mark.parametrize("title", HARD)
def test_no_title_breaks_the_picture(browser: Browser, title: str) -> None:
    dossier = an_issue(title=title, place_name=title)
    browser.get(f"/d/{dossier.ref}")
    assert picture(browser).size == (1200, 630)


@pytest.mark.skipif(not BLNS.exists(), reason=ABSENT)
def test_nothing_that_people_type_breaks_the_picture(browser: Browser) -> None:
    words = [word for word in json.loads(BLNS.read_text()) if word.strip() and "\0" not in word]
    dossier = an_issue(title=" ".join(words)[:2000])
    browser.get(f"/d/{dossier.ref}")
    assert picture(browser).size == (1200, 630)


def test_what_not_everybody_may_see_has_no_picture_and_cannot_be_told(browser: Browser) -> None:
    moderator = a_person()
    a_membership(moderator, role=Role.MODERATOR)
    hidden, draft = an_issue(), a_petition(state="draft")
    commands.hide(moderator, hidden, reason="It names somebody.")
    browser.signs_in(moderator)
    for dossier in (hidden, draft):
        browser.get(f"/d/{dossier.ref}")
        assert browser.status == 200
        assert not browser.seen.select("meta[property^=og], .share")
        browser.get(f"/d/{dossier.ref}/preview.png")
        assert browser.status == 404


@pytest.mark.parametrize("short", ["K-{}", "k-{}"])
def test_a_short_address_leads_to_the_page(browser: Browser, short: str) -> None:
    dossier = an_issue(title="Short")
    browser.get("/" + short.format(1000 + dossier.id))
    assert browser.url == f"/d/{dossier.ref}"
    browser.get("/K-999999999")
    assert browser.status == 404


def test_the_short_address_is_what_goes_round(browser: Browser) -> None:
    dossier = an_issue(title="A & B")
    browser.get(f"/d/{dossier.ref}")
    panel = browser.seen.select_one(".share")
    assert panel is not None
    short = f"http://localhost/{dossier.ref}"
    field = panel.select_one("input[readonly]")
    assert field is not None
    assert field["value"] == short
    assert panel.select_one("[role=img] svg path") is not None
    links = [str(link["href"]) for link in panel.select("a")]
    assert all(f"localhost/{dossier.ref}" in link and "A%20%26%20B" in link for link in links)
    assert [button["data-needs"] for button in panel.select("button[hidden]")] == ["share", "clipboard"]


def test_the_language_of_an_address_is_taken_out_of_it() -> None:
    assert without_language("/d/K-1042?lang=en") == "/d/K-1042"
    assert without_language("/dossiers?q=bin&lang=en&kind=issue") == "/dossiers?q=bin&kind=issue"
