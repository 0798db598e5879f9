"""What two sides may say to each other, in whatever order and at the same moment, and what comes of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.accounts import commands as accounts
from portal.accounts.models import Organisation, Person
from portal.accounts.own_data import export
from portal.dossiers import commands as dossiers
from portal.dossiers import journal
from portal.dossiers.commands import supporters
from portal.dossiers.models import Dossier, Signature
from portal.dossiers.timeline import first_broken
from portal.kernel import clock, jobs
from portal.kernel.db import db
from portal.kernel.errors import Invalid, NotAllowed
from portal.kernel.policy import SYSTEM
from portal.petitions import commands as petitions
from portal.petitions.queries import demands
from portal.similar.models import Label, Why
from portal.together import commands, queries
from portal.together.models import Party, Proposal, Says
from portal.together.words import joint_body
from tests.browser import Browser
from tests.factories import a_person, a_petition, a_signature
from tests.petitions.making import counted, verbs
from tests.statements import sent
from tests.threads import at_once
from tests.together.making import a_platform, agree, between, clothes, opens_mail, says, seat


class Two:
    """Plans of two neighbours that the worker saw to be alike."""

    def __init__(self) -> None:
        self.one, self.other = a_person(name="Ada", locale="en"), a_person(name="Bo", locale="en")
        self.host, self.guest = clothes(0, self.one), clothes(1, self.other)
        a_signature(self.host)
        jobs.work()

    @property
    def asked(self) -> Proposal:
        return between(self.host, self.guest)


@pytest.fixture
def two(app: Flask) -> Two:
    return Two()


def mails(browser: Browser, person: Person, word: str = "Do you do it together?") -> int:
    return len([mail for mail in browser.mails(person.email or "") if word in str(mail["Subject"])])


def test_a_no_is_respected_by_everybody(browser: Browser, two: Two) -> None:
    """It costs nothing and is never asked again: not by the worker, not by hand, not after a change."""
    says(opens_mail(Browser(browser.app), two.one), "yes", name="Ada")
    visit = opens_mail(browser, two.other)
    says(visit, "no")
    assert "It was not to be." in visit.seen.text
    assert not visit.seen.select("main form")
    assert mails(browser, two.one, "Each goes on by itself") == 1
    commands.look(SYSTEM, two.guest)
    for person, own, other in ((two.one, two.host, two.guest), (two.other, two.guest, two.host)):
        page = Browser(browser.app).signs_in(person)
        page.get(f"/d/{own.ref}/together")
        assert not page.seen.select("input[name=other]")
        page.submit("main form", ref=other.ref)
        assert (page.status, "It is not asked again." in page.seen.text) == (422, True)
    assert [mails(browser, person) for person in (two.one, two.other)] == [1, 1]
    assert two.asked.state == "refused"
    with pytest.raises(NotAllowed):
        commands.answer(two.one, seat(two.asked, two.host), says=Says.YES, version=1, name="Ada")
    assert [verbs(two.host), verbs(two.guest)] == [["opened"], ["opened"]], "a no is nobody's business"


def test_later_comes_back_once(browser: Browser, two: Two) -> None:
    """After a month, or when it has clearly grown; and then no more."""
    says(opens_mail(browser, two.other), "later")
    start = clock.now()
    asked = [mails(browser, two.other)]
    for days in (29, 31, 32, 90):
        with clock.at(start + timedelta(days=days)):
            jobs.later("together.ask_again")
            db.session.commit()
            asked.append(mails(browser, two.other))
            if days == 32:
                party = seat(two.asked, two.guest)
                commands.answer(two.other, party, says=Says.LATER, version=two.asked.version)
    assert asked == [1, 1, 2, 2, 2]
    assert "We ask once more, and then no more." in browser.mails(two.other.email or "")[-1].get_content()
    assert mails(browser, two.one) == 1


def test_later_comes_back_when_it_has_grown(browser: Browser, two: Two) -> None:
    commands.answer(two.other, seat(two.asked, two.guest), says=Says.LATER, version=1)
    grown = []
    for _ in range(queries.GROWN_BY):
        grown.append(len(queries.later()))
        a_signature(two.guest)
    assert (set(grown), [party.dossier_id for party in queries.later()]) == ({0}, [two.guest.id])


def yes(party: Party) -> Callable[[], Any]:
    party_id, person_id, version = party.id, party.dossier.opener_id, party.proposal.version

    def deed() -> Any:
        person = db.session.get_one(Person, person_id)
        given = {"says": Says.YES, "version": version, "name": "Somebody"}
        commands.answer(person, db.session.get_one(Party, party_id), **given)

    return deed


def test_two_say_yes_at_the_same_moment(app: Flask, two: Two) -> None:
    """They go on as one, once; whoever supports both counts once."""
    both = a_person()
    for dossier in (two.host, two.guest):
        a_signature(dossier, both)
    seats = [seat(two.asked, dossier) for dossier in (two.host, two.guest)]
    assert at_once(app, *(yes(party) for party in seats)) == [None, None]
    db.session.expire_all()
    assert two.asked.state == "agreed"
    assert [partner.dossier_id for partner in queries.partners(two.host)] == [two.host.id, two.guest.id]
    assert [verbs(two.host).count("united"), verbs(two.guest).count("united")] == [1, 1]
    label = db.session.scalars(db.select(Label)).one()
    assert {label.dossier_id, label.other_id} == {two.host.id, two.guest.id}
    assert (label.why, label.same) == (Why.TOGETHER, True)
    assert supporters(two.host) == 2
    petitions.move_along(both, next(s for s in _signatures(two.guest) if s.person_id == both.id))
    assert counted(two.host)[both.id] is None, "their own signature stays their own"
    commands.part(two.other, queries.partner_of(two.guest))
    assert both.id in counted(two.host)
    assert [first_broken(d) for d in (two.host, two.guest)] == [None, None]
    jobs.work()
    assert list(journal.wrong([two.host, two.guest])) == []


def _signatures(dossier: Dossier) -> list[Any]:
    return list(db.session.scalars(db.select(Signature).filter_by(dossier_id=dossier.id)))


def test_a_yes_and_handing_over_at_the_same_moment(app: Flask, two: Two) -> None:
    """One of the two is first: what an authority has got is done together with nobody any more."""
    agree(two.asked, two.other)
    platform = a_platform()
    platform_id, host_id = platform.id, two.host.id
    authority = a_petition().addressees[0].organisation_id

    def hand_over() -> Any:
        to = [db.session.get_one(Organisation, authority)]
        platform, host = db.session.get_one(Person, platform_id), db.session.get_one(Dossier, host_id)
        dossiers.hand_over(platform, host, to=to)

    said, handed = at_once(app, yes(seat(two.asked, two.host)), hand_over)
    db.session.expire_all()
    assert handed is None
    assert (two.asked.state == "agreed") == (said is None)
    assert two.host.state == "handed_over"
    assert said is None or isinstance(said, NotAllowed)


def test_nobody_says_yes_to_words_that_they_did_not_see(browser: Browser, two: Two) -> None:
    """The draft changes while the other one reads it: what they typed is kept, and they look again."""
    reader = opens_mail(Browser(browser.app), two.other)
    writer = opens_mail(browser, two.one)
    says(writer, "yes", name="Ada", title="Kleding voor iedereen")
    says(reader, "yes", name="Bo", body="Iets anders.")
    assert reader.status == 422
    assert "Kleding voor iedereen" in reader.seen.select("section[aria-labelledby=now]")[0].text
    assert reader.seen.select("textarea[name=body]")[0].text.strip() == "Iets anders."
    says(reader, "yes")
    assert two.asked.state == "open", "whoever said yes to other words is asked again"
    assert seat(two.asked, two.host).says == "asked"
    says(opens_mail(writer, two.one), "yes")
    db.session.expire_all()
    assert (two.asked.state, two.host.body) == ("agreed", "Iets anders.")
    supporter = next(s.person for s in _signatures(two.host) if s.person_id != two.one.id)
    (mail,) = [m for m in browser.mails(supporter.email) if "Iets anders." in m.get_content()]
    browser.get(browser.link(mail, "/s/"))
    assert two.host.ref in browser.seen.text


def drafted(who: Person, title: str, asks: list[str]) -> Dossier:
    """A petition of this organiser's platform that is being signed."""
    given = {"body": "De lijn wordt geknipt.", "to": [a_petition().addressees[0].organisation]}
    platform = who.memberships[0].organisation
    made: Dossier = petitions.draft(who, platform, title=title, demands=asks, **given)
    petitions.publish(who, made)
    return made


def test_petitions_of_two_platforms_ask_what_both_ask(browser: Browser) -> None:
    """By hand, with the number of the other one; the demands of both, each once."""
    one, other = a_platform(), a_platform()
    mine = drafted(one, "Metro 53 rijdt door naar Centraal", ["Laat metro 53 doorrijden."])
    theirs = drafted(other, "Houd de lijn heel", ["Laat metro 53 doorrijden!", "Vraag het de reizigers."])
    visit = browser.signs_in(one)
    visit.get(f"/d/{mine.ref}")
    visit.click("#together-asked a[href$=together]")
    visit.submit("main form", ref="K-1")
    assert (visit.status, "no petition or plan with this number" in visit.seen.text) == (422, True)
    visit.submit("main form", ref=str(theirs.ref).lower())
    asks = visit.seen.select("textarea[name=demands]")[0].text.split("\n")
    assert [line.strip() for line in asks if line.strip()] == [
        "Laat metro 53 doorrijden.",
        "Vraag het de reizigers.",
    ]
    assert not visit.seen.select("input[name=name]"), "a platform has a name"
    says(visit, "yes")
    desk = Browser(browser.app).signs_in(other)
    assert f"Together with {mine.ref}?" in desk.get("/desk/together").select("#together")[0].text
    says(opens_mail(desk, other), "yes")
    page = Browser(browser.app).get(f"/d/{mine.ref}")
    assert "Vraag het de reizigers." in page.select("ol.demands")[0].text
    names = [who.memberships[0].organisation.name for who in (one, other)]
    assert [line.text for line in page.select("#together li b")] == names
    dossiers.withdraw(one, mine)
    assert queries.partners(theirs) == [], "a host that stops lets go of all"
    assert [demand.text for demand in demands(mine)] == ["Laat metro 53 doorrijden."]


def test_the_desk_tells_of_clashes(browser: Browser) -> None:
    """Of what the organisation plans itself; on the page for its day, too, with the day that is typed."""
    organiser = a_platform()
    own, near, next_to_it = clothes(0, organiser), clothes(1, a_person()), clothes(2, a_person())
    far = clothes(2, a_person(), lat=52.33)
    yoga = clothes(2, a_person(), title="Yoga", body="", begins_at=own.begins_at)
    clothes(2, a_person(), title="Schaken", body="")
    visit = browser.signs_in(organiser)
    visit.get("/desk")
    visit.click("a[href*='/desk/together']")
    told = [str(link["href"]) for link in visit.seen.select("#clashes li a:not(.go)")]
    assert told == [f"/d/{plan.ref}" for plan in (near, next_to_it, yoga)]
    assert str(far.ref) not in visit.seen.text
    visit.click(f"#clashes a[href$='{yoga.ref}'].go")
    assert visit.seen.select("input[name=ref]")[0]["value"] == yoga.ref
    visit.get(f"/d/{own.ref}")
    visit.click("#issues-planned a")
    assert "3 others plan something here that week" in visit.seen.text
    visit.submit("main form", begins_at="2001-01-01T10:00")
    assert (visit.status, "This moment is over." in visit.seen.text) == (422, True)
    later = (clock.now() + timedelta(days=60)).strftime("%Y-%m-%dT%H:%M")
    visit.submit("main form", begins_at=later, ends_at="")
    assert not visit.seen.select("#issues-clashes li")
    assert "A day is set" in Browser(browser.app).get(f"/d/{own.ref}").select(".timeline")[0].text


def test_the_first_draft_says_what_both_say(two: Two) -> None:
    """Nothing twice, and nothing lost: another hour is another sentence."""
    assert two.asked.body == "Sorteren begint om 9 uur.\n\nSorteren begint om 10 uur."
    assert joint_body("Er is koffie. Kom!", "Er is koffie, kom.", 100) == "Er is koffie. Kom!"


def test_who_is_gone_leaves_no_name(browser: Browser, two: Two) -> None:
    agree(two.asked, two.one, two.other)
    assert export(two.other)["together"][0]["named"] == "Sam"
    accounts.erase(two.other, two.other)
    page = browser.get(f"/d/{two.host.ref}").select("#together li b")
    assert [line.text for line in page] == ["Sam", "a neighbour"]


def test_who_hides_is_named_no_more_and_still_takes_part(browser: Browser, two: Two) -> None:
    agree(two.asked, two.one, two.other)
    accounts.hide_traces(two.other, two.other, words=False)
    page = browser.get(f"/d/{two.host.ref}").select("#together li b")
    assert [line.text for line in page] == ["Sam", "a neighbour"]


def test_what_is_hidden_or_over_is_asked_by_nobody(browser: Browser, two: Two) -> None:
    dossiers.withdraw(two.other, two.guest)
    page = opens_mail(browser, two.one)
    assert "it waits" in page.seen.text
    assert not page.seen.select("main form")
    with pytest.raises(Invalid):
        commands.propose(two.one, two.host, other=two.guest)


def test_a_page_asks_the_database_little(browser: Browser, two: Two) -> None:
    """Who carries it with others and has a question to answer asks one thing more than anybody else."""
    agree(two.asked, two.one, two.other)
    clothes(2, a_person())
    jobs.work()
    url, petition = f"/d/{two.host.ref}", a_petition()
    cells = [(url, None, 13), (url, two.one, 14), (f"/d/{petition.ref}", petition.opener, 12)]
    for page, person, most in cells:
        visit = Browser(browser.app)
        if person is not None:
            visit.signs_in(person)
        visit.get(page)
        with sent() as asked:
            visit.get(page)
        assert len(asked) <= most, "\n".join(asked)
