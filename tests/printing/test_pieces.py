"""Each piece, as it comes out of the printer."""

from collections.abc import Callable, Iterator
from functools import cache

import pytest
from flask import Flask

from portal.dossiers.models import Dossier, State
from portal.kernel.commands import transaction
from portal.kernel.db import db
from portal.petitions.models import Demand
from portal.printing import writing
from portal.printing.models import SINGLE, Piece
from portal.web.lettering import clean
from tests import databases
from tests.browser import Browser
from tests.conftest import close, make_app
from tests.factories import a_petition, a_plan, an_issue, an_organisation
from tests.printing.paper import Print

Fetch = Callable[..., Print]
MARGIN = 7.9
SIZES = {"poster-a3": (297, 420), "poster-a4": (210, 297), "flyer-a5": (148, 210)}
SIZES |= {"banner": (2000, 1000), "door-card": (100, 210)}
WORD = "Zeeduivelvisserijverenigingsgebouwonderhoudsaannemersbedrijf" * 2
SENTENCE = "Wij vragen licht, bankjes en een veilige oversteek bij de metro, zodat kinderen ook in de winter "
TITLES = {
    "one letter": "Ω",
    "usual": "Geef de prullenbakken terug: schone galerijen in de K-buurt",
    "long": (SENTENCE * 4)[:300],
    "one word": WORD,
    "many scripts": "Çöpler gelsin! Đèn đường ở quảng trường cần được sửa, ngay bây giờ! Żółć, ǫ, ʻokina",
}
FEW, MANY = ("Zet de bakken terug.",), tuple(f"{n}: {SENTENCE * 4}"[:300] for n in range(10))


def letters(text: str) -> str:
    """Without spaces, and without hyphens, which say that a word goes on."""
    return "".join(letter for letter in text if letter.isalnum())


def asked_of(title: str, demands: tuple[str, ...], **given: object) -> Dossier:
    platform = an_organisation("platform", name="Buurtplatform K-buurt")
    to = [
        an_organisation(name="Stadsdeel Zuidoost"),
        an_organisation(name="Gemeente Amsterdam, afdeling Licht"),
    ]
    petition = a_petition(title=title, organisation=platform, addressees=to, **given)
    with transaction():
        db.session.add_all(
            Demand(petition_id=petition.id, position=n, text=text) for n, text in enumerate(demands)
        )
    return petition


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One for all: nothing here changes anything."""
    data = tmp_path_factory.mktemp("printing")
    url = databases.fresh("sqlite", data)
    made = make_app(url, data, PUBLIC_URL="https://rotonde.example")
    with made.app_context():
        yield made
        close(made)
    databases.drop(url)


@pytest.fixture(scope="module")
def printed(portal: Flask) -> Iterator[Fetch]:
    """The piece of a dossier as it is fetched, made once."""
    opened: list[Print] = []

    @cache
    def fetch(ref: str, piece: Piece, language: str = "nl") -> Print:
        browser = Browser(portal)
        browser.get(f"/d/{ref}/print.pdf?piece={piece}&language={language}")
        assert browser.response is not None
        assert (browser.status, browser.response.mimetype) == (200, "application/pdf")
        opened.append(Print(browser.response.data))
        return opened[-1]

    yield fetch
    for found in opened:
        found.close()


@pytest.fixture(scope="module")
def petitions(portal: Flask) -> dict[str, str]:
    """Title and number of demands -> reference."""
    asked = {"few": FEW, "many": MANY, "none": ()}
    return {
        f"{title}, {number}": str(asked_of(TITLES[title], asked[number]).ref)
        for title in TITLES
        for number in asked
    }


@pytest.mark.parametrize("piece", SINGLE)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_piece_leads_to_the_dossier_and_says_so_in_words(
    printed: Fetch, petitions: dict[str, str], piece: Piece, language: str
) -> None:
    ref = petitions["usual, few"]
    found = printed(ref, piece, language)
    assert (found.pages, found.size()) == (1, SIZES[piece])
    dpi = 20 if piece == Piece.BANNER else 100
    assert found.codes(dpi=dpi) == [f"https://rotonde.example/{ref}"]
    assert found.codes(dpi=dpi, grey=True) == [f"https://rotonde.example/{ref}"]
    for words in (TITLES["usual"], "Buurtplatform K-buurt", ref, f"rotonde.example/{ref}"):
        assert words in found.text()
    if piece != Piece.BANNER:
        assert "Zet de bakken terug." in found.text()
    if piece not in {Piece.BANNER, Piece.DOOR_CARD}:
        assert "Stadsdeel Zuidoost" in found.text()
        assert found.code_side() >= 44.5


@pytest.mark.parametrize("piece", SINGLE)
@pytest.mark.parametrize("number", ["few", "many", "none"])
@pytest.mark.parametrize("title", TITLES)
def test_every_title_fits(
    printed: Fetch, petitions: dict[str, str], piece: Piece, title: str, number: str
) -> None:
    found = printed(petitions[f"{title}, {number}"], piece)
    assert not found.letters_outside(MARGIN)
    assert not found.overlapping()
    assert letters(clean(TITLES[title])) in letters(found.text())


@pytest.mark.parametrize("piece", [Piece.POSTER_A3, Piece.POSTER_A4, Piece.FLYER_A5])
def test_demands_that_do_not_fit_say_where_they_stand(
    printed: Fetch, petitions: dict[str, str], piece: Piece
) -> None:
    ref = petitions["long, many"]
    assert f"You find the whole text at rotonde.example/{ref}." in printed(ref, piece, "en").text()


@pytest.mark.parametrize("piece", SINGLE)
def test_fonts_are_in_the_file(printed: Fetch, petitions: dict[str, str], piece: Piece) -> None:
    fonts = printed(petitions["usual, few"], piece).fonts()
    assert fonts
    assert all(embedded for _, embedded in fonts)


@pytest.mark.parametrize("piece", SINGLE)
def test_it_is_black_on_white_and_saves_toner(
    printed: Fetch, petitions: dict[str, str], piece: Piece
) -> None:
    found = printed(petitions["usual, few"], piece)
    dpi = 20 if piece == Piece.BANNER else 100
    assert found.darkness() < 0.2
    if piece != Piece.BANNER:
        assert found.darkest() < 0.8
    grey, wide = found.picture(dpi=dpi, grey=True), found.size()[0]
    letter, (left, top, right, bottom) = next(
        (letter, box) for letter, box in found.boxes() if box[3] - box[1] > wide / 60 and letter == "G"
    )
    scale = grey.width / wide
    shades = grey.crop(
        [round(side * scale) for side in (left - 1, top - 1, right + 1, bottom + 1)]
    ).getextrema()
    assert letter
    assert shades[0] < 40 < 230 < shades[1]


@pytest.mark.parametrize("piece", SINGLE)
def test_the_same_words_make_the_same_file(portal: Flask, petitions: dict[str, str], piece: Piece) -> None:
    browser = Browser(portal)
    address = f"/d/{petitions['usual, few']}/print.pdf?piece={piece}&language=nl"
    browser.get(address)
    assert browser.response is not None
    first, etag = browser.response.data, str(browser.headers["ETag"])
    writing.document.cache_clear()
    browser.get(address)
    assert browser.response.data == first
    name = f"{petitions['usual, few']}-{piece}-nl.pdf"
    assert browser.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    browser.get(address, headers={"If-None-Match": etag})
    assert (browser.status, browser.response.data) == (304, b"")


@pytest.mark.parametrize("piece", SINGLE)
def test_the_proof_is_a_light_picture(portal: Flask, petitions: dict[str, str], piece: Piece) -> None:
    browser = Browser(portal)
    browser.get(f"/d/{petitions['usual, few']}/print?piece={piece}")
    picture = browser.seen.select_one(".proof img")
    assert picture is not None
    browser.get(str(picture["src"]))
    assert browser.response is not None
    assert browser.response.mimetype == "image/png"
    assert len(browser.response.data) < 120_000
    assert "immutable" in browser.headers["Cache-Control"]


@pytest.mark.parametrize("make", [an_issue, a_plan])
def test_reports_and_plans_have_a_kit_too(
    printed: Fetch, portal: Flask, make: Callable[..., Dossier]
) -> None:
    made = make(title="De lamp is stuk")
    text = printed(made.ref, Piece.POSTER_A4).text()
    assert "De lamp is stuk" in text
    assert str(made.ref) in text


def test_what_is_over_does_not_ask_to_sign(printed: Fetch, portal: Flask) -> None:
    over = a_petition(state=State.SOLVED)
    text = printed(over.ref, Piece.POSTER_A4, "en").text()
    assert "See what came of it" in text
    assert "Sign it" not in text


def test_the_document_has_a_title_and_a_language(printed: Fetch, petitions: dict[str, str]) -> None:
    ref = petitions["usual, few"]
    found = printed(ref, Piece.POSTER_A4)
    assert found.pdf.get_metadata_value("Title").startswith(f"{ref} · ")
    assert b"/Lang (nl)" in found.content
