"""A petition goes on as another one, named on both pages; supporters move along by their own yes alone."""

import pytest
from flask import Flask

from portal.accounts.models import OrganisationKind, Role
from portal.dossiers import commands as dossiers
from portal.dossiers import journal
from portal.dossiers.commands import supporters
from portal.dossiers.models import Dossier, Signature, SignatureState
from portal.dossiers.timeline import first_broken
from portal.kernel import jobs
from portal.kernel.db import db
from portal.kernel.errors import AlreadyDone, Invalid, NotAllowed
from portal.kernel.policy import NOBODY
from portal.kernel.tickets import For, ticket
from portal.petitions import commands, queries
from tests.browser import Browser
from tests.factories import a_membership, a_person, a_petition, a_signature, an_organisation
from tests.petitions.making import told


class Two:
    """A petition with supporters, and another one of the same platform that is being signed."""

    def __init__(self) -> None:
        self.platform = an_organisation(OrganisationKind.PLATFORM)
        self.organiser = a_person(Role.ORGANISER, of=self.platform)
        self.old = a_petition(organisation=self.platform, opener=self.organiser, title="The old one")
        self.new = a_petition(organisation=self.platform, opener=self.organiser, title="The new one")

    def named(self) -> None:
        commands.succeed(self.organiser, self.old, successor=self.new)


@pytest.fixture
def two(app: Flask) -> Two:
    return Two()


def signature(dossier: Dossier, person_id: int | None) -> Signature | None:
    wanted = db.select(Signature).filter_by(dossier_id=dossier.id, person_id=person_id)
    return db.session.scalar(wanted.execution_options(populate_existing=True))


def link(signed: Signature) -> str:
    return f"/move/{ticket(For.MOVE, signed.id)}"


def test_an_organiser_names_it_and_both_pages_say_so(either_browser: Browser, two: Two) -> None:
    visit = either_browser.signs_in(two.organiser)
    visit.get(f"/d/{two.old.ref}")
    visit.click("#petitions-work a[href$=successor]")
    visit.submit("form.panel")
    assert visit.status == 422
    assert "Choose one." in visit.seen.text
    visit.submit("form.panel", successor=two.new.ref)
    assert visit.url == f"/d/{two.old.ref}"
    anybody = Browser(visit.app, js=visit.js)
    old = anybody.get(f"/d/{two.old.ref}")
    assert old.select_one(f"#petitions-succession a[href='/d/{two.new.ref}']")
    assert f"Goes on as {two.new.ref}" in old.select_one(".timeline").text
    new = anybody.get(f"/d/{two.new.ref}")
    assert new.select_one(f"#petitions-succession a[href='/d/{two.old.ref}']")
    assert f"Continues {two.old.ref}" in new.select_one(".timeline").text
    assert not visit.get(f"/d/{two.old.ref}").select("#petitions-work a[href$=successor]")
    assert f"It goes on as {two.new.ref}" in visit.get(f"/d/{two.old.ref}/successor").text
    assert [told(d)[-1][0] for d in (two.old, two.new)] == ["succeeded", "continued"]
    assert [first_broken(db.session.merge(d)) for d in (two.old, two.new)] == [None, None]


def test_only_an_own_yes_signs_the_successor(either_browser: Browser, two: Two) -> None:
    people = {name: a_person(name=name, locale="en") for name in ("yes", "no", "silent")}
    signed = {name: a_signature(two.old, who, reason="Mine.", shown=True) for name, who in people.items()}
    two.named()
    for name, person in people.items():
        (mail,) = either_browser.mails(person.email or "")
        assert f"Hello {name}," in mail.get_content()
        if name == "silent":
            continue
        either_browser.get(either_browser.link(mail, "/move/"))
        assert supporters(two.new) == 0 or name == "no", "opening the page changes nothing"
        either_browser.submit("main form", press=f"button[value={name}]")
    assert [supporters(two.old), supporters(two.new)] == [3, 1]
    moved = signature(two.new, people["yes"].id)
    assert moved is not None
    assert (moved.state, moved.shown, moved.reason) == ("confirmed", False, "")
    assert [signature(two.new, people[name].id) for name in ("no", "silent")] == [None, None]
    assert {s.state for s in signed.values()} == {"confirmed"}
    jobs.work()
    assert list(journal.wrong([two.old, two.new])) == []


def test_who_said_yes_holds_the_new_signature(either_browser: Browser, two: Two) -> None:
    signed = a_signature(two.old)
    two.named()
    either_browser.get(link(signed))
    either_browser.submit("main form", press="button[value=yes]")
    assert either_browser.url.startswith("/s/")
    assert two.new.ref in either_browser.seen.text
    assert "You count there." in either_browser.get(link(signed)).text
    assert not either_browser.seen.select("main form")


def test_nobody_counts_twice(browser: Browser, two: Two) -> None:
    """Neither by saying yes twice, nor by having signed there before, in whatever state."""
    there = {state: a_person() for state in ("pending", "confirmed", "withdrawn", "invalid")}
    old = {state: a_signature(two.old, person) for state, person in there.items()}
    for state, person in there.items():
        if state == "pending":
            dossiers.sign(NOBODY, two.new, name="N", email=person.email)
        else:
            a_signature(two.new, person, state=state)
    two.named()
    asked = [any("/move/" in m.get_content() for m in browser.mails(p.email or "")) for p in there.values()]
    assert asked == [True, False, True, False], "who signed there, or was struck out, is not asked"
    for signed in old.values():
        for once in ("a", "b"):
            browser.post(link(signed), {"answer": "yes", "once": f"{once}{signed.id}"})
    states = {state: getattr(signature(two.new, person.id), "state", None) for state, person in there.items()}
    assert states == {
        "pending": "confirmed",
        "confirmed": "confirmed",
        "withdrawn": "confirmed",
        "invalid": "invalid",
    }
    assert supporters(two.new) == 3
    assert list(journal.wrong([two.new])) == []


def test_each_is_asked_once(browser: Browser, two: Two) -> None:
    signed = a_signature(two.old)
    two.named()
    with pytest.raises(AlreadyDone):
        two.named()
    succession = queries.succession_of(two.old.id)
    assert succession is not None
    for _ in range(2):
        jobs.TASKS["notices.moving"](job_id=0, succession_id=succession.id)
        assert len(browser.mails(signed.person.email or "")) == 1


def test_each_of_a_household_is_asked_by_name(browser: Browser, two: Two) -> None:
    for name in ("Ann", "Ben"):
        given = {"name": name, "email": "home@homes.example", "building": "Kempering", "locale": "en"}
        made = dossiers.sign(NOBODY, two.old, **given)
        dossiers.confirm(made.person, made)
    before = len(browser.mails("home@homes.example"))
    two.named()
    mails = browser.mails("home@homes.example")[before:]
    assert [mail.get_content().splitlines()[0] for mail in mails] == ["Hello Ann,", "Hello Ben,"]
    browser.get(browser.link(mails[1], "/move/"))
    browser.submit("main form", press="button[value=yes]")
    (moved,) = db.session.scalars(db.select(Signature).filter_by(dossier_id=two.new.id)).all()
    assert (moved.name, moved.building) == ("Ben", "Kempering")


def test_who_stepped_out_or_comes_too_late_cannot_move_along(either_browser: Browser, two: Two) -> None:
    out, late = a_signature(two.old), a_signature(two.old)
    two.named()
    dossiers.withdraw_signature(out.person, out)
    either_browser.get(link(out))
    assert "cannot move along any more" in either_browser.seen.text
    dossiers.withdraw(two.organiser, two.new)
    for signed in (out, late):
        either_browser.post(link(signed), {"answer": "yes", "once": str(signed.id)})
        assert either_browser.status == 409
    assert supporters(two.new) == 0


def test_a_link_without_a_successor_opens_nothing(browser: Browser, two: Two) -> None:
    signed = a_signature(two.old)
    browser.get(link(signed))
    assert browser.status == 404
    browser.get(f"/move/{ticket(For.SIGNATURE, signed.id)}")
    assert browser.status == 404


def test_an_answer_that_is_none_changes_nothing(browser: Browser, two: Two) -> None:
    signed = a_signature(two.old)
    two.named()
    browser.post(link(signed), {"answer": "perhaps"})
    assert browser.status == 409
    assert supporters(two.new) == 0


def test_what_can_be_a_successor(app: Flask, two: Two) -> None:
    """Another petition of the same organisation, or of its coalition, that is being signed; no circles."""
    coalition = an_organisation(OrganisationKind.COALITION)
    two.platform.parent_id = coalition.id
    db.session.commit()
    a_membership(two.organiser, coalition, Role.ORGANISER)
    above = a_petition(organisation=coalition, opener=two.organiser)
    others = [
        a_petition(organisation=two.platform, opener=two.organiser, state="draft"),
        a_petition(organisation=two.platform, opener=two.organiser, state="handed_over"),
        a_petition(),
        two.old,
    ]
    assert {d.id for d in queries.successors(two.organiser, two.old)} == {two.new.id, above.id}
    for other in others:
        with pytest.raises(Invalid):
            commands.succeed(two.organiser, two.old, successor=other)
    two.named()
    with pytest.raises(Invalid):
        commands.succeed(two.organiser, two.new, successor=two.old)
    commands.succeed(two.organiser, two.new, successor=above)
    assert [s.successor_id for s in queries.successions(two.new)] == [two.new.id, above.id]


def test_nobody_else_names_it(app: Flask, two: Two) -> None:
    for actor in (NOBODY, a_person(), a_person(Role.ORGANISER), a_person(Role.CONTACT, of=two.platform)):
        with pytest.raises(NotAllowed):
            commands.succeed(actor, two.old, successor=two.new)
    signed = a_signature(two.old)
    two.named()
    with pytest.raises(NotAllowed):
        commands.move_along(a_person(), signed)


def test_without_another_petition_the_page_says_what_to_do(browser: Browser, app: Flask) -> None:
    organiser = a_person(Role.ORGANISER, of=(platform := an_organisation(OrganisationKind.PLATFORM)))
    petition = a_petition(organisation=platform, opener=organiser)
    browser.signs_in(organiser).get(f"/d/{petition.ref}/successor")
    assert browser.seen.select_one("a[href='/petitions/new']")
    assert not browser.seen.select("main form")


def test_somebody_brought_there_by_a_bundle_makes_it_their_own(app: Flask, two: Two) -> None:
    signed = a_signature(two.old)
    carried = a_signature(two.new, signed.person)
    carried.via_id = a_petition().id
    db.session.commit()
    two.named()
    moved = commands.move_along(signed.person, signed)
    assert (moved.id, moved.via_id, moved.state) == (carried.id, None, SignatureState.CONFIRMED)
    assert supporters(two.new) == 1
