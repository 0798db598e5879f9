"""The story of the clothes, from three plans in one week to one with three partners, and back."""

from flask import Flask

from portal.accounts.models import Person
from portal.dossiers import journal
from portal.dossiers.commands import supporters
from portal.dossiers.models import Dossier
from portal.dossiers.timeline import first_broken
from portal.kernel.db import db
from tests.browser import Browser
from tests.factories import a_person, a_signature
from tests.issues import reporting
from tests.petitions.making import verbs
from tests.together.making import TITLES, a_platform, at_noon, between, clothes, opens_mail, says, seat

CLOTHES = "overig-openbare-ruimte"


def reports_plan(visit: Browser, person: Person, title: str, days: int) -> str:
    """A neighbour makes a plan, step by step, and confirms it; what the last page said before sending."""
    reporting.choose_place(visit)
    begins = at_noon(days).strftime("%Y-%m-%dT%H:%M")
    body = f"{person.name} komt met tafels."  # word for word the same would be the likeliest of all
    reporting.tell_what(visit, title=title, body=body, kind="plan", category=CLOTHES, begins_at=begins)
    seen = visit.seen.text
    reporting.send(visit, email=person.email or "", name=person.name)
    reporting.confirm(visit, person.email or "")
    return seen


def the_plan(title: str) -> Dossier:
    return db.session.scalars(db.select(Dossier).filter_by(title=title)).one()


class Story:
    """Chapter by chapter; each begins where the one before it ended."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.organiser = a_platform()
        self.platform = self.organiser.memberships[0].organisation.name
        self.first = clothes(0, self.organiser)
        for _ in range(3):
            a_signature(self.first)
        self.sam, self.noor = a_person(name="Sam", locale="en"), a_person(name="Noor", locale="en")
        self.moving, self.staying = a_person(locale="en"), a_person(locale="en")
        self.desk = Browser(app).signs_in(self.organiser)

    def seen(self, dossier: Dossier) -> str:
        """What everybody reads on its page."""
        return Browser(self.app).get(f"/d/{dossier.ref}").text

    def partners(self, dossier: Dossier) -> list[str]:
        page = Browser(self.app).get(f"/d/{dossier.ref}")
        return [line.text for line in page.select("#together li b")]

    def counts(self) -> list[int]:
        return [supporters(dossier) for dossier in (self.first, self.second, self.third)]

    def two_get_the_hint_before_they_send(self) -> None:
        seen = reports_plan(Browser(self.app), self.sam, TITLES[1], 21)
        assert "Somebody else plans something here that week. Do it together?" in seen
        assert TITLES[0] in seen
        self.second = the_plan(TITLES[1])
        for who in (self.moving, self.staying):
            a_signature(self.second, who)
        seen = reports_plan(Browser(self.app), self.noor, TITLES[2], 22)
        assert "2 others plan something here that week. Do it together?" in seen
        self.third = the_plan(TITLES[2])
        assert self.counts() == [3, 3, 1]

    def two_agree_on_a_draft(self) -> None:
        """What is mailed names nobody; what one writes to the others they read after the last yes."""
        visit = opens_mail(Browser(self.app), self.sam)
        mail = visit.mails(self.sam.email or "")[-1].get_content()
        assert self.first.title in mail
        assert not any(word in mail for word in (self.organiser.name, self.organiser.email or "@"))
        assert "Sorteren begint om 9 uur." in visit.seen.select("textarea[name=body]")[0].text
        says(visit, "yes")
        assert "Under which name do you want" in visit.seen.select("#name-error")[0].text
        says(visit, "yes", name="Sam van de weggeefkast", body="Samen sorteren.", note="Bel 06")
        question = seat(between(self.first, self.second), self.first)
        self.desk.get(f"/d/{self.first.ref}/together/{question.id}")
        assert "Bel 06" not in self.desk.seen.text
        assert self.partners(self.first) == [], "one yes is not enough"
        says(self.desk, "yes")
        assert self.partners(self.first) == [self.platform, "Sam van de weggeefkast"]
        assert "Samen sorteren." in self.seen(self.first)
        assert "Bel 06" not in self.seen(self.first)
        assert "Bel 06" in self.desk.get(f"/d/{self.first.ref}").text
        assert f"Goes on together, as {self.first.ref}" in self.seen(self.second)

    def supporters_move_by_their_own_yes(self) -> None:
        """Sam said it already, and is moved with that; one says it; one is silent."""
        assert self.counts() == [4, 3, 1]
        visit = Browser(self.app)
        mail = next(m for m in visit.mails(self.moving.email or "") if "/move/" in m.get_content())
        visit.get(visit.link(mail, "/move/"))
        visit.submit("main form", press="button[value=yes]")
        assert "You count there." in visit.get(visit.link(mail, "/move/")).text
        assert self.counts() == [5, 3, 1]

    def the_third_joins_what_two_do(self) -> None:
        """All three have a say; the words stay as they are, so that nobody is asked twice."""
        proposal = between(self.first, self.third)
        everybody = [self.first.id, self.second.id, self.third.id]
        assert sorted(side.dossier_id for side in proposal.parties) == everybody
        says(opens_mail(Browser(self.app), self.noor), "yes", name="Noor")
        says(opens_mail(Browser(self.app), self.sam), "yes")
        assert len(self.partners(self.first)) == 2
        self.desk.get(f"/d/{self.first.ref}")
        self.desk.click("#together-asked a[href*=together]")
        says(self.desk, "yes")
        named = [self.platform, "Sam van de weggeefkast", "Noor"]
        assert [self.partners(d) for d in (self.first, self.second, self.third)] == [named] * 3
        assert self.counts() == [6, 3, 1]

    def one_parts_and_then_all(self) -> None:
        """Exactly those who moved along go back; alone again, it says what it said before."""
        leaving = Browser(self.app).signs_in(self.sam)
        leaving.get(f"/d/{self.second.ref}")
        leaving.click("#together a[href$=part]")
        leaving.submit("main form")
        assert self.partners(self.first) == [self.platform, "Noor"]
        assert self.counts() == [4, 3, 1]
        assert "Samen sorteren." in self.seen(self.first)
        self.desk.get(f"/d/{self.first.ref}/part")
        self.desk.submit("main form")
        assert self.counts() == [3, 3, 1]
        assert self.partners(self.first) == []
        assert "Sorteren begint om 9 uur." in self.seen(self.first)


def test_the_story_of_the_clothes(app: Flask) -> None:
    story = Story(app)
    story.two_get_the_hint_before_they_send()
    story.two_agree_on_a_draft()
    story.supporters_move_by_their_own_yes()
    story.the_third_joins_what_two_do()
    story.one_parts_and_then_all()
    three = (story.first, story.second, story.third)
    Browser(app).mails()
    db.session.expire_all()
    assert verbs(story.first) == ["opened", "united", "united", "parted", "parted"]
    assert [first_broken(dossier) for dossier in three] == [None] * 3
    assert list(journal.wrong(three)) == []
    assert [between(*pair).state for pair in ((three[0], three[1]), (three[0], three[2]))] == ["refused"] * 2
