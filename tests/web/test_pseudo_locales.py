"""One more language is a setting and a catalogue: every page in a longer one, and from right to left."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import Tag
from flask import Flask
from playwright.sync_api import Browser as Chromium

from portal.accounts.models import Role
from portal.answers import commands as answers
from portal.dossiers.models import Dossier
from portal.petitions import commands as petitions
from tests import databases, pseudo
from tests.browser import Browser
from tests.conftest import close, make_app
from tests.factories import a_membership, a_person, a_petition, a_signature, an_issue, an_organisation
from tests.live import LiveServer, Visit

BOTH = [pseudo.LONG, pseudo.FROM_THE_RIGHT]
PUBLIC = [
    "/",
    "/dossiers",
    "/dossiers?q=zzzz",
    "/sign-in",
    "/sign-in/mail",
    "/nowhere",
    "/report/photo",
    "/map",
]
OWN = [
    *("/me", "/me/erase", "/desk", "/staff", "/moderation", "/committee", "/petitions/new"),
    *("/d/{issue}", "/d/{issue}/tell", "/d/{issue}/hand_over", "/d/{issue}/solve", "/d/{issue}/withdraw"),
    *("/d/{petition}", "/d/{petition}/hide", "/d/{draft}", "/d/{draft}/edit", "/d/{draft}/invite"),
    *("/staff/{petition}", "/staff/{petition}/answer"),
]


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pseudo.catalogues(tmp_path_factory.mktemp("pseudo"))


@pytest.fixture
def app(kind: str, tmp_path: Path, spoken: Path) -> Iterator[Flask]:
    """The portal with two more languages and nothing else."""
    url = databases.fresh(kind, tmp_path / "data")
    settings = {"LOCALES": ["en", *BOTH], "BABEL_TRANSLATION_DIRECTORIES": str(spoken)}
    made = make_app(url, tmp_path / "data", **settings)
    with made.app_context():
        yield made
        close(made)
    databases.drop(url)


class World:
    """A little of everything, and somebody who may see it all."""

    def __init__(self) -> None:
        authority, platform = an_organisation(), an_organisation("platform")
        self.person = a_person(name="Ann")
        for organisation, role in (
            *((authority, Role.OFFICIAL), (platform, Role.ORGANISER), (platform, Role.MODERATOR)),
            (an_organisation("committee"), Role.MEMBER),
        ):
            a_membership(self.person, organisation, role)
        self.issue = an_issue(opener=self.person)
        self.petition = self._petition(state="handed_over", addressees=[authority], organisation=platform)
        given = {"kind": "granted", "level": "decision", "text": "We will.", "organisation": authority}
        answers.answer(self.person, self.petition, **given)
        self.draft = self._petition(state="draft", organisation=platform)
        petitions.invite(self.person, self.draft, dossiers=[self.issue])
        a_signature(self.issue, reason="I fell over it.", shown=True)

    def _petition(self, **given: object) -> Dossier:
        return a_petition(opener=self.person, **given)  # type: ignore[arg-type]

    def addresses(self, paths: list[str]) -> list[str]:
        refs = {"issue": self.issue.ref, "petition": self.petition.ref, "draft": self.draft.ref}
        return [path.format(**refs) for path in paths]


@pytest.mark.parametrize("code", BOTH)
def test_every_word_on_every_page_comes_out_of_the_catalogue(app: Flask, code: str) -> None:
    world, left = World(), {}
    told = pseudo.told_by_people()
    visitor, own = Browser(app, language=code), Browser(app, language=code).signs_in(world.person)
    for browser, paths in ((visitor, PUBLIC), (own, OWN)):
        for path in world.addresses(paths):
            page = browser.get(path)
            assert browser.status in {200, 404}, (path, browser.status)
            html = page.select_one("html")
            assert isinstance(html, Tag)
            assert (html["lang"], html["dir"]) == (code, "rtl" if code == "ar" else "ltr"), path
            if found := pseudo.unmarked(page, told):
                left[path] = found
    assert not left


@pytest.mark.parametrize("code", BOTH)
def test_what_is_wrong_with_a_form_is_said_in_the_same_language(app: Flask, code: str) -> None:
    dossier = an_issue()
    visitor = Browser(app, language=code)
    visitor.get(f"/d/{dossier.ref}")
    told = pseudo.told_by_people()
    assert not pseudo.unmarked(visitor.submit("#dossiers-support form", email="nobody"), told)
    assert visitor.status == 422
    visitor.get("/sign-in")
    assert not pseudo.unmarked(visitor.submit(email=""), told)


@pytest.mark.parametrize("code", BOTH)
def test_a_mail_is_in_the_same_language(app: Flask, code: str) -> None:
    visitor = Browser(app, language=code)
    visitor.get("/sign-in")
    visitor.submit(email="reader@homes.example")
    mail = visitor.mails()[-1]
    body = mail.get_body(("plain",))
    assert body is not None
    lines = [str(mail["Subject"]), *body.get_content().split("\n\n")]
    for line in filter(str.strip, lines):
        assert pseudo.OPEN in line or "http" in line or line.strip() == "--", line


@pytest.mark.browser
@pytest.mark.parametrize("code", BOTH)
def test_there_is_room_for_it_on_a_phone(app: Flask, chromium: Chromium, code: str) -> None:
    """In the reading direction nothing sticks out of a screen of 390 pixels."""
    world = World()
    link = _signed_in_by_mail(app, world)
    server = LiveServer(app)
    server.start()
    visit = Visit(chromium, server.url, js=True)
    try:
        wide = {}
        for path in [link, *world.addresses([*PUBLIC, *OWN])]:
            visit.page.goto(f"{path}{'&' if '?' in path else '?'}lang={code}")
            if path == link:
                visit.page.locator("main form button").click()
                visit.page.wait_for_url(lambda url: "/in/" not in url)
                continue
            assert visit.page.locator(f"html[lang={code}]").count() == 1
            over = visit.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if over > 0:
                wide[path] = over
        assert not wide
        visit.complaints.clear()  # /nowhere is not found, and the browser says so
    finally:
        visit.end()
        server.stop()


def _signed_in_by_mail(app: Flask, world: World) -> str:
    visitor = Browser(app)
    visitor.get("/sign-in")
    visitor.submit(email=world.person.email)
    mail = next(mail for mail in visitor.mails() if "/in/" in str(mail))
    return visitor.link(mail, "/in/")
