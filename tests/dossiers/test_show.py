"""The page of a dossier, and what is left of a hidden one."""

from typing import Any

import pytest
from flask import Flask

from portal.accounts.models import Role
from portal.dossiers import commands, panels
from portal.dossiers.models import Dossier
from portal.dossiers.queries import photo
from portal.kernel.errors import NotFound
from portal.kernel.policy import NOBODY
from tests.browser import Browser
from tests.dossiers.making import a_photo
from tests.factories import a_person, a_petition, a_signature, an_issue, an_organisation


@pytest.fixture
def visitor(browser: Browser) -> Browser:
    browser.language = "en"
    return browser


def test_everything_that_was_written_stands_there(visitor: Browser) -> None:
    dossier = an_issue(
        title="Dark & <wet>", body="One.\nTwo.\n\nThree.", category_slug="lantaarnpaal-straatverlichting"
    )
    page = visitor.get(f"/d/{dossier.ref}")
    assert visitor.status == 200
    assert page.select_one("h1").text == "Dark & <wet>"
    assert page.title.text.startswith("Dark & <wet>")
    assert [p.get_text("|") for p in page.select("article > .stack > p")] == ["One.|Two.", "Three."]
    meta = page.select_one("article > .meta").text
    assert dossier.place_name in meta
    assert "a neighbour" in meta


def test_links_in_words_stay_words(visitor: Browser) -> None:
    dossier = an_issue(body="Look at https://bad.example now.")
    assert "https://bad.example" not in [a["href"] for a in visitor.get(f"/d/{dossier.ref}").select("a")]


def test_the_name_of_who_opened_it_stands_nowhere(visitor: Browser) -> None:
    dossier = an_issue(opener=a_person(name="Very Secret"))
    assert "Very Secret" not in visitor.get(f"/d/{dossier.ref}").text


def test_an_organisation_opens_it_under_its_name(visitor: Browser) -> None:
    platform = an_organisation("platform", name="Heart of the neighbourhood")
    dossier = a_petition(organisation=platform)
    assert "Heart of the neighbourhood" in visitor.get(f"/d/{dossier.ref}").select_one("article > .meta").text


def test_a_reference_in_lower_case_is_found_and_an_unknown_one_is_not(visitor: Browser) -> None:
    visitor.get(f"/d/{an_issue().ref.lower()}")
    assert visitor.status == 200
    for unknown in ("/d/K-9999999", "/d/none", "/photos/none", "/n/none"):
        visitor.get(unknown)
        assert visitor.status == 404, unknown


def test_what_is_not_public_yet_asks_to_sign_in_and_its_owner_sees_it(visitor: Browser) -> None:
    petition = a_petition(state="draft")
    visitor.get(f"/d/{petition.ref}")
    assert visitor.url.startswith("/sign-in?next=")
    page = visitor.signs_in(petition.opener).get(f"/d/{petition.ref}")
    assert "This is not public yet." in page.text
    assert "As soon as this is public, neighbours can join." in page.text
    visitor.signs_in(a_person()).get(f"/d/{petition.ref}")
    assert visitor.status == 403


def test_clocks_stand_beside_the_addressees(visitor: Browser) -> None:
    petition = a_petition(state="handed_over", addressees=[an_organisation(name="The district")])
    clock = visitor.get(f"/d/{petition.ref}").select_one(".clock")
    assert clock.h3.text == "The district"
    assert "working days" in clock.text


def test_similar_dossiers_nearby_are_shown_and_itself_is_not(visitor: Browser) -> None:
    dossier, other = an_issue(title="The lamp is broken"), an_issue(title="Broken lamp here")
    an_issue(title="The lamp is broken", lat=52.3, lon=4.9)
    page = visitor.get(f"/d/{dossier.ref}")
    assert [a["href"] for a in page.select("[aria-labelledby=similar] a")] == [f"/d/{other.ref}"]


def test_a_feature_adds_its_panel(visitor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(actor: Any, dossier: Dossier) -> dict[str, Any] | None:
        return None if dossier.title == "Bare" else {}

    monkeypatch.setattr(panels, "PANELS", [*panels.PANELS, panels.Panel("roundabout/how.html", "side", load)])
    assert "How it works" in visitor.get(f"/d/{an_issue().ref}").text
    assert "How it works" not in visitor.get(f"/d/{an_issue(title='Bare').ref}").text


# Photos


def test_photos_have_their_size_and_can_be_kept(visitor: Browser) -> None:
    dossier = an_issue()
    first, second = a_photo(dossier), a_photo(dossier, b"another")
    page = visitor.get(f"/d/{dossier.ref}")
    images = [
        (i["src"], i["width"], i["height"], i["alt"])
        for i in page.select("article img")
        if not i.find_parent(class_="timeline")
    ]
    assert images == [
        (f"/photos/{first.large}", "1200", "675", "A dark square."),
        (f"/photos/{second.small}", "480", "270", "A dark square."),
    ]
    visitor.get(images[0][0])
    assert visitor.response.data == b"large"
    assert visitor.headers["Content-Type"] == "image/webp"
    assert visitor.headers["Cache-Control"] == "public, s-maxage=60, max-age=31536000, immutable"
    visitor.get(images[0][0], headers={"If-None-Match": visitor.headers["ETag"]})
    assert visitor.status == 304


def test_a_photo_that_two_dossiers_have_is_seen_as_long_as_one_is(app: Flask, visitor: Browser) -> None:
    hidden, moderator = an_issue(), a_person(Role.MODERATOR)
    key = a_photo(hidden).large
    commands.hide(moderator, hidden, reason="A face.")
    visitor.get(f"/photos/{key}")
    assert visitor.status == 404
    visitor.signs_in(moderator).get(f"/photos/{key}")
    assert visitor.status == 200
    assert "private" in visitor.headers["Cache-Control"]  # what a moderator sees is nobody else's
    with pytest.raises(NotFound):
        photo(NOBODY, key)
    a_photo(an_issue())
    assert photo(NOBODY, key)


# Hidden


@pytest.fixture
def hidden(app: Flask) -> Dossier:
    dossier = an_issue(title="Nasty title", body="Nasty body", lat=52.3145, lon=4.9785)
    a_photo(dossier)
    commands.tell(dossier.opener, dossier, text="Nasty news")
    a_signature(dossier, reason="Nasty reason", shown=True, name="Somebody Shown")
    commands.hide(a_person(Role.MODERATOR), dossier, reason="It names somebody.")
    return dossier


def test_a_hidden_dossier_keeps_only_where_when_and_why(hidden: Dossier, visitor: Browser) -> None:
    page = visitor.get(f"/d/{hidden.ref}")
    assert visitor.status == 200
    for kept in (hidden.ref, hidden.place_name, "It names somebody."):
        assert kept in page.text
    assert not page.select("main img, .timeline")
    assert "Somebody Shown" not in page.text
    assert "Hidden by a moderator" in page.title.text


@pytest.mark.parametrize("url", ["/", "/n/TH04", "/dossiers", "/dossiers?q=nasty", "/dossiers?state=open"])
def test_none_of_its_words_stand_in_a_list(hidden: Dossier, visitor: Browser, url: str) -> None:
    assert "asty" not in visitor.get(url).text
    if url == "/dossiers":
        assert "It names somebody." in visitor.seen.text


def test_a_moderator_sees_what_was_hidden_and_can_show_it_again(hidden: Dossier, visitor: Browser) -> None:
    page = visitor.signs_in(a_person(Role.MODERATOR)).get(f"/d/{hidden.ref}")
    assert "Nasty body" in page.text
    assert "Only moderators see this page like this." in page.text
    assert page.select_one(f"a[href='/d/{hidden.ref}/unhide']")


def test_nobody_can_join_what_is_hidden(hidden: Dossier, visitor: Browser) -> None:
    visitor.signs_in(a_person()).post(f"/d/{hidden.ref}/signatures", {"once": "a"})
    assert visitor.status == 403
