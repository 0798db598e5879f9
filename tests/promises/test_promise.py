"""A promise from the day it is made: reminded of, asked about, late, kept; or reversed by another body."""

import io
from datetime import timedelta

import pytest
from flask import Flask
from PIL import Image

from portal.accounts.models import Organisation, Role
from portal.accounts.own_data import export
from portal.answers import commands as answers
from portal.dossiers import commands as dossiers
from portal.dossiers.timeline import Entry, first_broken
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import IllegalMove, Invalid, NotAllowed
from portal.kernel.policy import NOBODY, SYSTEM
from portal.kernel.workdays import last_of_month
from portal.promises import commands, queries
from portal.promises.models import MOVES, Level, Promise, PromiseState, Voice
from tests.answers.making import Case
from tests.browser import Browser
from tests.factories import a_person, a_signature, an_organisation
from tests.promises.making import a_promise, days, look_after, promise_of


@pytest.fixture
def case(app: Flask) -> Case:
    return Case()


def entries(case: Case, verb: str) -> list[Entry]:
    wanted = db.select(Entry).filter_by(dossier_id=case.dossier.id, verb=verb).order_by(Entry.seq)
    return list(db.session.scalars(wanted))


def text(browser: Browser) -> str:
    return " ".join(browser.seen.get_text(" ").split())


def asked(browser: Browser, case: Case) -> list[str]:
    """The day has come, and every supporter gets one mail: the links in them."""
    look_after(browser)
    look_after(browser)
    found = [mail for mail in browser.mails() if "/kept/" in mail.get_content()]
    assert len({mail["To"] for mail in found}) == len(found) == 3
    return [browser.link(mail, "/kept/") for mail in found]


def test_its_maker_is_reminded_and_on_the_day_the_supporters_are_asked(browser: Browser, case: Case) -> None:
    for _ in range(3):
        a_signature(case.dossier)
    promise = a_promise(case)
    browser.get(f"/d/{case.dossier.ref}/promises")
    assert "· today" in text(browser)
    browser.mails()
    with clock.at(clock.now() + timedelta(days=24)):
        look_after(browser)
        look_after(browser)
        soon = [m for m in browser.mails(str(case.official.email)) if "/settle" in m.get_content()]
        assert len(soon) == 1
        assert browser.link(soon[0], "/settle") == f"/d/{case.dossier.ref}/promises/{promise.id}/settle"
        assert not [mail for mail in browser.mails() if "/kept/" in mail.get_content()]
    with clock.at(clock.now() + timedelta(days=30)):
        links = asked(browser, case)
        for link, said in zip([*links, links[-1]], ("yes", "no", "no", "unsure"), strict=True):
            browser.get(link)
            browser.submit("main form", press=f"button[value={said}]")
            assert "It is counted" in text(browser)
        assert not entries(case, "promise_late")
        assert queries.tally(promise) == {"yes": 1, "no": 1, "unsure": 1, "silent": 0}
        browser.get(f"/d/{case.dossier.ref}/promises")
        assert "1 says yes 1 says no 1 cannot tell" in text(browser)
    with clock.at(clock.now() + timedelta(days=45)):
        browser.get(link)
        assert "can no longer be answered" in text(browser)
        browser.post(link, {"said": "yes"})
        assert browser.status == 409


def test_its_day_passes_once_and_it_is_kept_late(browser: Browser, case: Case) -> None:
    promise = a_promise(case)
    day, track = promise.by_on, f"/d/{case.dossier.ref}/promises"
    assert day is not None
    with clock.at(clock.now() + timedelta(days=39)):  # the worker was down for nine days
        look_after(browser)
        look_after(browser)
        assert [entry.on for entry in entries(case, "promise_late")] == [day + timedelta(days=1)]
        browser.get(track)
        assert "the day passed 9 days ago" in text(browser)
        official = Browser(browser.app).signs_in(case.official)
        official.get(f"{track}/{promise.id}/settle")
        official.submit(text="They stand there.")
        assert (official.status, "Choose what became of it" in text(official)) == (422, True)
        official.submit(state="kept", text="")
        assert official.status == 422
        official.submit(state="kept", text="They stand there.", url="https://district.example/bins")
        assert official.status == 200
        browser.get(track)
        assert "kept, 9 days after its day" in text(browser)
        assert browser.seen.select_one('a[href="https://district.example/bins"][rel~=noreferrer]')
        assert "39 days" in text(browser)
    assert promise_of(promise.entry).state == PromiseState.KEPT
    assert first_broken(case.dossier) is None


def test_another_body_reverses_it_and_the_days_between_are_counted(browser: Browser, case: Case) -> None:
    police = an_organisation(name="The police")
    said = {"text": "They have the money for it.", "precision": "month", "told_on": days(-60).replace(day=1)}
    told = answers.write_down(case.organiser, case.dossier, of=case.authority, kind="promise", **said)
    refusal = answers.write_down(
        case.organiser, case.dossier, of=police, kind="refused", text="No.", told_on=days(-2)
    )
    promise = promise_of(told)
    assert (promise.by_on, promise.state, promise.level) == (None, "open", None)
    visit = Browser(browser.app).signs_in(case.organiser)
    visit.get(f"/d/{case.dossier.ref}/promises/{promise.id}/settle")
    given = {"state": "reversed", "text": "The police does not want it.", "entry": str(refusal.seq)}
    visit.submit(**given, on=days(-2).isoformat())
    assert visit.status == 422
    assert "Choose who did that" in text(visit)
    visit.submit(**given, on=days(-2).isoformat(), body=police.key)
    assert visit.status == 200
    promise = promise_of(told)
    first = promise.entry.on
    least, most = (days(-2) - last_of_month(first)).days, (days(-2) - first).days
    assert promise.gap is not None
    assert (promise.gap.least, promise.gap.most) == (least, most)
    browser.get(f"/d/{case.dossier.ref}/promises")
    assert f"{least} to {most} days" in text(browser)
    assert "reversed by another body: The police" in text(browser)
    assert browser.seen.select_one(f'a[href="/d/{case.dossier.ref}#e{refusal.seq}"]')
    browser.get(f"/d/{case.dossier.ref}")
    assert "Promise: reversed by another body" in text(browser)


def test_a_promise_is_put_right_by_a_note_that_stays(browser: Browser, case: Case) -> None:
    promise = a_promise(case)
    before, visit = promise.by_on, Browser(browser.app).signs_in(case.official)
    path = f"/d/{case.dossier.ref}/promises/{promise.id}/correct"
    visit.get(path)
    visit.submit(text="Nothing is different.")
    assert visit.status == 422
    with clock.at(clock.now() + timedelta(days=31)):
        look_after(visit)
        assert promise_of(promise.entry).state == PromiseState.LATE
        visit.get(path)
        later = days(30)
        facts = {"by_on": later.isoformat(), "role": "district manager", "level": "civil_service"}
        visit.submit(text="The bins came from abroad.", **facts)
        assert visit.status == 200
        promise = promise_of(promise.entry)
        assert (promise.by_on, promise.state, promise.level) == (later, "open", Level.CIVIL_SERVICE)
        note = entries(case, "promise_corrected")[0]
        assert note.data["changed"]["by_on"] == [str(before), str(later)]
        browser.get(f"/d/{case.dossier.ref}")
        assert "The bins came from abroad." in text(browser)
        commands.look_after(SYSTEM, promise)
    with clock.at(clock.now() + timedelta(days=31 + 24)):
        commands.look_after(SYSTEM, promise)
        assert promise.reminded_for == later, "another day is another reminder"


@pytest.mark.parametrize("state", list(PromiseState))
@pytest.mark.parametrize("wanted", list(commands.KEPT_BY))
def test_every_move_between_states(case: Case, state: PromiseState, wanted: PromiseState) -> None:
    """What became of it can change again, each time with an entry; the same twice cannot be said."""
    promise, other = a_promise(case), an_organisation()
    bring(promise, state, other)
    assert promise.state == state
    how = {"state": wanted, "text": "So it went.", "body": other}
    if wanted == state:
        with pytest.raises(IllegalMove):
            commands.settle(case.organiser, promise, **how)
        return
    commands.settle(case.organiser, promise, **how)
    assert promise.state == wanted
    assert entries(case, "promise_settled")[-1].data["state"] == wanted
    assert not MOVES.can(promise, "pass_day")


def bring(promise: Promise, state: PromiseState, other: Organisation) -> None:
    if state == PromiseState.LATE:
        with clock.at(clock.now() + timedelta(days=40)):
            commands.look_after(SYSTEM, promise)
    elif state != PromiseState.OPEN:
        organiser = a_person(Role.ORGANISER)
        commands.settle(organiser, promise, state=state, text="First.", body=other)


def test_what_cannot_be(case: Case) -> None:
    promise = a_promise(case)
    for field, given in (
        ("state", {"state": "open"}),
        ("on", {"on": days(1)}),
        ("on", {"on": days(-1)}),
        ("body", {"state": "taken_over"}),
        ("body", {"state": "reversed", "body": case.authority}),
        ("text", {"text": " "}),
    ):
        with pytest.raises(Invalid) as refused:
            commands.settle(case.organiser, promise, **{"state": "kept", "text": "Done.", **given})
        assert refused.value.field == field
    for actor in (NOBODY, a_person(), a_person(Role.OFFICIAL), a_person(Role.MODERATOR)):
        with pytest.raises(NotAllowed):
            commands.settle(actor, promise, state="kept", text="Done.")


def test_a_petitions_promise_has_one_row_and_no_copy_with_what_joined_it(case: Case) -> None:
    told = a_promise(case).entry
    assert [p.entry_id for p in queries.promises_of(case.dossier)] == [told.id]


def test_what_somebody_said_is_theirs_to_take_along_and_forgotten_afterwards(case: Case) -> None:
    person, silent = a_person(), a_person()
    for one in (person, silent):
        a_signature(case.dossier, one)
    promise = a_promise(case)
    with clock.at(clock.now() + timedelta(days=30)):
        commands.look_after(SYSTEM, promise)
        voices = {v.signature.person_id: v for v in db.session.scalars(db.select(Voice)) if v.signature}
        with pytest.raises(NotAllowed):
            commands.say(silent, voices[person.id], said="yes")
        commands.say(person, voices[person.id], said="no")
        assert export(person)["promises"][0]["said"] == "no"
        dossiers.withdraw(case.organiser, case.dossier)
        dossiers.forget(SYSTEM, case.dossier)
    assert queries.tally(promise) == {"yes": 0, "no": 1, "unsure": 0, "silent": 0}
    assert export(person)["promises"] == []


def test_a_photo_shows_it_and_a_broken_one_is_refused(app: Flask, case: Case) -> None:
    promise, official = a_promise(case), Browser(app).signs_in(case.official)
    official.get(f"/d/{case.dossier.ref}/promises/{promise.id}/settle")
    given = {"state": "kept", "text": "They stand there.", "alt": "Five bins"}
    official.submit(**given, photo=(io.BytesIO(b"no picture"), "bins.jpg"))
    assert official.status == 422
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(picture, "PNG")
    picture.seek(0)
    official.submit(**given, photo=(picture, "bins.png"))
    shown = official.seen.select_one(f"#p{promise.id} img[alt='Five bins']")
    assert shown is not None
    official.get(str(shown["src"]))
    assert official.status == 200
