"""How many statements a page sends to the database: few, and as many for 100 rows as for one."""

from flask import Flask

from portal.accounts.models import Organisation, Person, Role
from portal.dossiers import commands
from portal.dossiers.models import Dossier
from portal.kernel.commands import transaction
from tests.browser import Browser
from tests.dossiers.making import a_photo
from tests.factories import a_person, a_petition, a_signature, an_issue, an_organisation
from tests.statements import sent

MOST, LOOKS_AFTER = 12, 13
"""A moderator also sees how many mails wait there."""
FOR_NOBODY = {"/dossiers": 4, "/d/": 6}
"""Whoever has not signed in, as nearly everybody who reads: by the beginning of the address."""
LIGHT = "lantaarnpaal-straatverlichting"
SEARCHED = "/dossiers?q=lamp&neighbourhood=K"
MANY = 100


def statements(app: Flask, url: str, person: Person | None) -> list[str]:
    browser = Browser(app)
    if person is not None:
        browser.signs_in(person)
    browser.get(url)  # what is read once per process is read now
    with sent() as seen:
        browser.get(url)
    assert browser.status == 200
    return seen


class World:
    """A platform, its organiser, and one dossier of each kind with all that a page may show of it."""

    def __init__(self) -> None:
        self.platform: Organisation = an_organisation("platform")
        self.organiser = a_person(Role.ORGANISER, of=self.platform)
        self.issue = an_issue(opener=a_person(), lat=52.3145, lon=4.9785)
        self.petition = a_petition(organisation=self.platform, opener=self.organiser, state="handed_over")
        self.authority = self.petition.addressees[0].organisation
        self.people = {
            "nobody": None,
            "resident": self.issue.opener,
            "organiser": self.organiser,
            "official": a_person(Role.OFFICIAL, of=self.authority),
            "moderator": a_person(Role.MODERATOR),
        }
        self.grow(1)

    def grow(self, times: int) -> None:
        with transaction():  # one commit: each waits for the disk
            for _ in range(times):
                an_issue(title=self.issue.title, lat=52.3145, lon=4.9785, category_slug=LIGHT)
                a_petition(organisation=self.platform, opener=self.organiser, state="handed_over")
                an_organisation("core", neighbourhood_code="TH05")
                for dossier in (self.issue, self.petition):
                    self.fill(dossier)

    def fill(self, dossier: Dossier) -> None:
        a_signature(dossier, shown=True, reason="Because.")
        commands.tell(dossier.opener, dossier, text="News.", awaits_answer=True)
        commands.hand_over(dossier.opener, dossier, to=[an_organisation()])
        a_photo(dossier, str(dossier.entry_count).encode())


def test_a_page_asks_little_and_as_much_for_many_rows(app: Flask) -> None:
    world = World()
    lists = ["/", "/n/TH", "/dossiers", "/dossiers?kind=issue&state=open", SEARCHED]
    cells = [(url, who) for url in lists for who in ("nobody", "organiser")]
    cells += [(f"/d/{d.ref}", who) for d in (world.issue, world.petition) for who in world.people]
    few = {(url, who): statements(app, url, world.people[who]) for url, who in cells}
    world.grow(MANY - 1)
    for url, who in cells:
        many = statements(app, url, world.people[who])
        said = f"{url} for {who}: {len(few[url, who])}, {len(many)}:\n" + "\n\n".join(many)
        assert len(many) == len(few[url, who]), said
        assert len(many) <= most(url, who), said


def most(url: str, who: str) -> int:
    known = [number for path, number in FOR_NOBODY.items() if who == "nobody" and url.startswith(path)]
    return known[0] if known else LOOKS_AFTER if who == "moderator" else MOST
