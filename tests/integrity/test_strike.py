"""A burst is marked, looked at, struck out and put back: exact at each step, and told on the timeline."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from portal.accounts import commands as accounts
from portal.accounts.models import Role
from portal.dossiers import commands
from portal.dossiers.conditions import Conditions
from portal.dossiers.models import Dossier, Signature, SignatureState, Strike
from portal.dossiers.timeline import Entry, first_broken
from portal.kernel.db import db
from portal.kernel.errors import Invalid, NotAllowed
from portal.petitions import commands as petitions
from portal.petitions.models import Consent
from tests.browser import Browser
from tests.factories import a_person, a_petition, a_signature, an_issue, an_organisation
from tests.integrity.signing import many, nothing_is_wrong, number, states
from tests.petitions.making import a_bundle, a_platform, says
from tests.statements import sent

AFTERNOON = datetime(2026, 11, 20, 13, 5, tzinfo=UTC)
"""Between 14:00 and 15:00 in the neighbourhood."""
BURST = 500


@pytest.fixture
def petition(app: Flask) -> Dossier:
    """Some neighbours each hour of a day; then a burst from one network."""
    petition = a_petition()
    for hour in range(6):
        at = AFTERNOON - timedelta(days=1) + timedelta(hours=hour)
        many(petition, 3, name=f"Buur van {'abcdef'[hour]}", at=at, network=f"{hour:016}")
    many(petition, 40, name="Gast", at=AFTERNOON, network=None)
    many(petition, BURST, name="Proef", at=AFTERNOON, network="f" * 16, domain="mailinator.com")
    a_signature(petition, state="pending", name="Proef van iemand")
    return petition


def verbs(dossier: Dossier) -> list[str]:
    db.session.expire_all()
    wanted = db.select(Entry.verb).filter_by(dossier_id=dossier.id).order_by(Entry.seq)
    return [verb for verb in db.session.scalars(wanted) if verb not in {"counted", "reached"}]


def test_a_burst_is_marked_struck_out_and_put_back(petition: Dossier, either_browser: Browser) -> None:
    browser, url = either_browser, f"/d/{petition.ref}/integrity"
    everybody, before = 18 + 40 + BURST, states(petition)
    browser.signs_in(a_person(Role.MODERATOR)).get(url)
    stands_out(browser)
    strikes_the_crowd(browser, everybody)
    assert number(petition) == 58
    assert states(petition)[SignatureState.INVALID] == BURST
    assert verbs(petition)[-1] == "struck"
    nothing_is_wrong(petition)
    assert f"{BURST} of" not in browser.seen.text, "what is struck out is marked no more"
    is_told(browser, petition)
    browser.get(url)
    browser.click("a[href$='/undo']")
    browser.submit("main form.panel", reason="It was a school.")
    assert number(petition) == everybody
    assert states(petition) == before
    assert verbs(petition)[-2:] == ["struck", "strike_undone"]
    nothing_is_wrong(petition)
    assert first_broken(petition) is None
    assert f"{BURST} signatures are put back" in browser.get(f"/d/{petition.ref}").text
    assert not browser.get(url).select("a[href$='/undo']")


def stands_out(browser: Browser) -> None:
    """The marks, in sentences; and no digest anywhere."""
    text = browser.seen.text
    assert "540 signatures came on 20 November 2026 between 14:00 and 15:00. Another hour has 3." in text
    assert f"{BURST} of the 540 signatures that came on 20 November 2026 between 14:00 and 15:00" in text
    assert "are from one network (A)." in text
    assert f"{BURST} names differ only by a number at the end (P…)." in text
    assert f"{BURST} of 559 mail addresses are made to be thrown away." in text
    assert "f" * 16 not in str(browser.seen)
    assert browser.seen.select("svg.chart .marked")


def strikes_the_crowd(browser: Browser, everybody: int) -> None:
    """From the mark to what would happen, and on."""
    crowd = next(li for li in browser.seen.select("li") if "are from one network" in li.text and li.a)
    browser.get(str(crowd.a["href"]))
    assert f"{BURST} signatures" in browser.seen.select_one("#found").parent.text
    assert [dd.text for dd in browser.seen.select("dl.facts dd")] == [str(everybody), "58"]
    rows = browser.seen.select("tbody tr")
    assert len(rows) == 20
    assert rows[0].td.text == "P… 1…"
    browser.submit("form.panel[method=post]")
    assert browser.status == 422
    assert "Write the reason." in browser.seen.text
    browser.submit("form.panel[method=post]", reason="One network, names in a row.")


def is_told(browser: Browser, petition: Dossier) -> None:
    """For everybody, and without anybody."""
    page = browser.get(f"/d/{petition.ref}")
    told = page.select_one("#timeline").find_parent("section").text
    assert f"{BURST} signatures no longer count" in told
    assert "558 before, 58 after" in told
    assert "One network, names in a row." in told
    assert "they came from one network and when they came" in told
    assert "1…" not in told


def test_conditions_hold_together_and_what_waited_waits_again(petition: Dossier) -> None:
    moderator = a_person(Role.MODERATOR)
    leaving = many(petition, 1, name="Proef weg", at=AFTERNOON, network=None)[0]
    erased = many(petition, 1, name="Proef gewist", at=AFTERNOON, network=None)[0]
    commands.withdraw_signature(leaving.person, leaving)
    before, told = states(petition), number(petition)
    conditions = Conditions(name="PROEF", until=AFTERNOON + timedelta(days=300))
    with pytest.raises(Invalid):
        commands.strike(moderator, petition, conditions=conditions, expected=3, reason="Names in a row.")
    assert number(petition) == told
    strike = commands.strike(
        moderator, petition, conditions=conditions, expected=BURST + 2, reason="Names in a row."
    )
    assert strike.after == strike.before - BURST - 1 == number(petition)
    assert states(petition)[SignatureState.WITHDRAWN] == 1, "who stepped out is left alone"
    assert states(petition).get(SignatureState.PENDING, 0) == 0
    accounts.erase(erased.person, erased.person)
    commands.undo_strike(moderator, strike, reason="It was a school.")
    after = states(petition)
    assert after[SignatureState.PENDING] == before[SignatureState.PENDING]
    assert after[SignatureState.CONFIRMED] == before[SignatureState.CONFIRMED] - 1
    assert after[SignatureState.INVALID] == 1, "who asked to be forgotten meanwhile stays out"
    nothing_is_wrong(petition)
    with pytest.raises(NotAllowed):
        commands.undo_strike(moderator, strike, reason="Again.")


def test_who_is_struck_out_leaves_the_bundle_and_comes_back(app: Flask) -> None:
    part = an_issue()
    signature = a_signature(part, a_person(), joins_bundle=True, name="Proef")
    platform, organiser = a_platform()
    petition = a_bundle(organiser, platform, [part])
    says(part, petition, Consent.JOINED)
    petitions.publish(organiser, petition)
    before = number(petition)
    moderator = a_person(Role.MODERATOR)
    strike = commands.strike(
        moderator, part, conditions=Conditions(name="proef"), expected=1, reason="No neighbour."
    )
    assert number(petition) == before - 1
    assert db.session.get(Signature, signature.id).state == "invalid"
    commands.undo_strike(moderator, strike, reason="A neighbour after all.")
    assert number(petition) == before
    nothing_is_wrong(petition)
    nothing_is_wrong(part)


def test_organisers_look_and_moderators_strike(petition: Dossier, browser: Browser) -> None:
    organiser = a_person(Role.ORGANISER, of=petition.organisation)
    browser.signs_in(organiser).get(f"/d/{petition.ref}")
    browser.click("a[href$='/integrity']")
    assert browser.status == 200
    named = next(li for li in browser.seen.select("li") if "differ only by a number" in li.text)
    assert named.a is None, "the beginning of a name is for moderators"
    browser.get(f"/d/{petition.ref}/integrity/preview?disposable=y&way=online&domain=mailinator.com")
    assert f"{BURST} signatures" in browser.seen.text
    assert "Only a moderator can strike them out." in browser.seen.text
    assert not browser.seen.select("main form[method=post]")
    data = {"disposable": "y", "expected": BURST, "reason": "So."}
    browser.post(f"/d/{petition.ref}/integrity/strike", data)
    assert browser.status == 403
    assert db.session.scalar(db.select(db.func.count(Strike.id))) == 0


@pytest.mark.parametrize("where", ["", "/preview", "/strikes/1/undo"])
def test_another_platform_sees_nothing(browser: Browser, where: str) -> None:
    petition = a_petition()
    signature = a_signature(petition)
    commands.strike(
        a_person(Role.MODERATOR),
        petition,
        conditions=Conditions(name=signature.name),
        expected=1,
        reason="So.",
    )
    for person in (a_person(Role.ORGANISER), a_person(Role.CONTACT, of=petition.organisation), a_person()):
        browser.signs_in(person).get(f"/d/{petition.ref}/integrity{where}")
        assert browser.status == 403
        assert browser.get(f"/d/{petition.ref}/held") is not None
        assert browser.status == 403
        assert not browser.get(f"/d/{petition.ref}").select("a[href$='/integrity']")


def test_the_view_asks_as_little_for_many_as_for_few(app: Flask) -> None:
    asked = []
    organisation = an_organisation("platform")
    organiser = a_person(Role.ORGANISER, of=organisation)
    petition = a_petition(organisation=organisation, opener=organiser)
    url = f"/d/{petition.ref}/integrity"
    for size in (2, 60):
        many(petition, size, name=f"Buur {'ab'[size > 2]}", at=AFTERNOON, network="a" * 16)
        browser = Browser(app).signs_in(organiser)
        browser.get(url)
        with sent() as statements:
            browser.get(url)
        asked.append(len(statements))
    assert asked[0] == asked[1] <= 12, "\n\n".join(s[-300:] for s in statements)
