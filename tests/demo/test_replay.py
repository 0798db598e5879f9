"""The demonstration, told through the commands: whole, true to its data, the same after an interruption."""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.accounts.models import Person
from portal.accounts.queries import organisation, person_with
from portal.demo import replay
from portal.dossiers.commands import supporters
from portal.dossiers.models import (
    Addressee,
    AddresseeState,
    Dossier,
    Signature,
    SignatureState,
    State,
)
from portal.dossiers.texts import told as worded
from portal.dossiers.timeline import Entry, first_broken
from portal.issues.models import Draft
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.jobs import Job
from portal.petitions.models import Consent, Lineage
from portal.promises.models import Span
from portal.promises.queries import track
from tests import databases
from tests.browser import Browser
from tests.conftest import close, make_app
from tests.demo.standing import stands
from tests.demo.telling import told_on

LIFECYCLES = [
    (Dossier.state, State),
    (Signature.state, SignatureState),
    (Addressee.state, AddresseeState),
    (Lineage.consent, Consent),
]
INVENTED: list[dict[str, Any]] = json.loads((replay.DATA / "dossiers.json").read_text())["dossiers"]
STORY: dict[str, Any] = json.loads((replay.DATA / "kbuurt_story.json").read_text())


def called(title: str) -> Dossier:
    return db.session.scalars(db.select(Dossier).filter_by(title=title)).one()


def entries(dossier: Dossier) -> list[Entry]:
    return list(db.session.scalars(db.select(Entry).filter_by(dossier_id=dossier.id).order_by(Entry.seq)))


def of_the_story(key: str) -> Dossier:
    return called(next(d["title"] for d in STORY["dossiers"] if d["key"] == key))


@pytest.mark.parametrize(
    ("column", "states"), LIFECYCLES, ids=["dossier", "signature", "addressee", "consent"]
)
def test_each_state_of_each_lifecycle_occurs(told: Flask, column: Any, states: Any) -> None:
    assert set(db.session.scalars(db.select(column).distinct())) == set(states)


def test_every_timeline_is_whole(told: Flask) -> None:
    every = db.session.scalars(db.select(Dossier)).all()
    assert len(every) == len(INVENTED) + len(STORY["dossiers"])
    assert [first_broken(dossier) for dossier in every if first_broken(dossier)] == []


def test_time_never_runs_back_on_a_timeline(told: Flask) -> None:
    wanted = db.select(Entry.dossier_id, Entry.seq, Entry.at).order_by(Entry.dossier_id, Entry.seq)
    by_number = [tuple(row) for row in db.session.execute(wanted)]
    assert by_number == sorted(by_number, key=lambda row: (row[0], row[2], row[1]))
    assert max(row[2] for row in by_number) < clock.now()


@pytest.mark.parametrize("data", INVENTED, ids=lambda data: data["key"])
def test_each_dossier_stands_where_its_data_says(told: Flask, data: dict[str, Any]) -> None:
    """A bundle moves what joined it, and brings a petition more supporters than signed there."""
    dossier, bundles = called(data["title"]), [key for d in INVENTED for key in d.get("parts", [])]
    if data["key"] not in bundles:
        assert dossier.state == data["state"]
    waits = dossier.state in {State.DRAFT, State.UNCONFIRMED}
    reported = dossier.kind != "petition" and dossier.organisation_id is None and not waits
    at_least = max(data["supporters"], int(reported))
    if "parts" in data:
        assert supporters(dossier) > at_least
    else:
        assert supporters(dossier) == at_least
    assert bool(dossier.hidden_at) == data.get("hidden", False)
    assert [a.alt for a in dossier.attachments] == ([data["alt"]] if "photo" in data else [])


def test_the_urinal_shows_trial_promise_and_refusal(told: Flask) -> None:
    seen = [e for e in entries(of_the_story("plaskruis")) if e.verb in {"told", "answered"}]
    kinds = {e.data.get("what") or e.data.get("kind"): e for e in seen}
    trial, promise, refusal = (kinds[name] for name in ("trial", "promise", "refused"))
    assert trial.seq < promise.seq < refusal.seq
    assert ((trial.on.year, trial.on.month), trial.precision) == ((2021, 7), "month")
    assert ((promise.on.year, promise.on.month), promise.precision) == ((2021, 10), "month")
    assert (refusal.on, refusal.precision) == (date(2021, 11, 23), "day")
    by = [e.organisation.key for e in (trial, promise, refusal) if e.organisation]
    assert by == ["hvdk", "gebiedsteam", "politie"]
    assert "geen geld" in trial.data["outcome"]


def test_the_invitation_is_unanswered_with_the_days_since(told: Flask) -> None:
    seen = entries(of_the_story("buurtplatformrecht"))
    invitation = next(e for e in seen if e.data.get("what") == "invitation")
    assert (invitation.on, invitation.data["to"]["key"]) == (date(2021, 10, 14), "stadsdeel")
    days = (clock.today() - date(2021, 10, 14)).days
    with told.test_request_context(headers={"Accept-Language": "en"}):
        shown = next(entry for entry in worded(seen) if entry.seq == invitation.seq)
        assert any(str(days) in str(value).replace(",", "") for _, value in shown.facts)


def test_what_became_of_the_urinal_and_of_the_motion(told: Flask) -> None:
    """Promised in October, reversed by another body in November; most steps after the motion stand open."""
    urinal = track(of_the_story("plaskruis"))
    (kept,), (tried,) = urinal.promises, urinal.trials
    assert (kept.promise.state, kept.promise.organisation.key) == ("reversed", "gebiedsteam")
    assert kept.promise.settled_by is not None
    assert (kept.promise.settled_by.key, kept.promise.level) == ("politie", "civil_service")
    assert kept.promise.gap == Span(23, 53)
    assert kept.promise.evidence[0].entry is not None
    assert kept.promise.evidence[0].entry.data["kind"] == "refused"
    assert (tried.trial.decision, tried.trial.with_whom) == ("none_yet", "de mannen op het plein")
    assert tried.nearby is not None
    assert [w.name for w in tried.nearby.windows] == ["before", "during", "after"]
    right = track(of_the_story("buurtplatformrecht"))
    taken = {str(place.step): bool(place.taken) for place in right.chain}
    assert [step for step, there in taken.items() if there] == ["motion", "committee"]
    assert right.citations[0].moment == "https://youtu.be/6-ybDPlrgcY?t=498"


def test_three_give_clothes_away_together(told: Flask) -> None:
    """The three parties of the story are one plan with three names, on the page and the timeline of each."""
    visitor = Browser(told)
    page = visitor.get(f"/d/{of_the_story('kleding').ref}")
    names = [line.text for line in page.select("#together li b")]
    assert len(names) == 3
    assert names[0] == "Hart voor de K-buurt"
    for title in (
        "Winterkleding weggeven bij het metrostation",
        "Kleding voor wie het koud heeft",
    ):
        page = visitor.get(f"/dossiers?q={title}").select("a[href^='/d/K-']")[0]
        seen = visitor.get(str(page["href"]))
        assert [line.text for line in seen.select("#together li b")] == names
        assert "Goes on together, as" in seen.select(".timeline")[0].text


def test_the_ledger_counts_the_days_of_the_invitation(told: Flask) -> None:
    visitor = Browser(told)
    with clock.at(datetime(2022, 2, 22, 12, tzinfo=UTC)):
        page = visitor.get("/ledger/a/stadsdeel").get_text(" ")
    assert "no answer: 131 days" in page
    assert "Uitnodiging per e-mail" in page


def test_the_platform_is_recognised_by_the_committee(told: Flask) -> None:
    assert organisation("hvdk").recognised_on == date(2022, 3, 24)


def test_the_bundle_has_seven_reports_five_of_which_joined(told: Flask) -> None:
    petition = called(next(d["title"] for d in INVENTED if d["key"] == "bakken_terug"))
    asked = db.session.scalars(db.select(Lineage.consent).filter_by(petition_id=petition.id))
    assert Counter(asked) == {Consent.JOINED: 5, Consent.APART: 1, Consent.ASKED: 1}
    signed = db.session.scalars(db.select(Signature.person_id).filter_by(dossier_id=petition.id)).all()
    assert len(signed) == len(set(signed))


def test_a_newcomer_sees_a_team_a_rule_and_a_mail_that_waits(told: Flask) -> None:
    """The rule sorts what came after it: a rack for bikes went to the team, a petition to the person."""
    visit = Browser(told).signs_in(person_with("collega@stadsdeel.example"))
    visit.get("/mail")
    assert "in elk portiek" in visit.seen.select_one("article blockquote").text
    assert visit.seen.select_one("a[href$='let-in']")
    visit.get("/authorities/demo_stadsdeel/routing")
    assert "fietsenrek" in visit.seen.select_one("main").text
    visit.get("/authorities/demo_stadsdeel/teams")
    assert "Straten en pleinen" in visit.seen.select_one("main").text
    owners = {
        e.dossier.title: e.data["team"]
        for e in db.session.scalars(db.select(Entry).filter_by(verb="assigned"))
    }
    assert [bool(owners[title]) for title in sorted(owners)] == [
        "fietsenrekken" in title for title in sorted(owners)
    ]
    assert {True, False} == {bool(team) for team in owners.values()}


def test_nothing_is_left_to_be_mailed_and_no_draft_lies_about(told: Flask) -> None:
    for model in (Job, Draft):
        assert db.session.scalar(db.select(db.func.count()).select_from(model)) == 0


def test_nobody_has_an_address_that_could_be_real(told: Flask) -> None:
    assert [e for e in db.session.scalars(db.select(Person.email)) if e and not e.endswith(".example")] == []


def test_each_role_has_a_link_that_signs_in(told: Flask) -> None:
    links = dict(replay.role_links(works=timedelta(hours=1)))
    assert list(links) == ["neighbour", "platform organiser", "official", "committee member", "moderator"]
    for role, link in links.items():
        visitor = Browser(told)
        visitor.get(link.removeprefix("http://localhost"))
        visitor.submit("main form")
        visitor.get("/me")
        assert (visitor.status, visitor.url) == (200, "/me"), role


def test_without_the_demonstration_there_are_no_links(app: Flask) -> None:
    assert not replay.complete()
    assert replay.role_links(works=timedelta(hours=1)) == []
    assert person_with("buur@kbuurt.example") is None


def test_a_telling_that_was_broken_off_comes_to_the_same() -> None:
    """Told whole on the one kind of database, and on the other broken off three times."""
    first, *others = [_standing(told_on(kind)) for kind in databases.KINDS]
    assert all(other == first for other in others)


def _standing(telling: tuple[str, Path]) -> object:
    app = make_app(*telling)
    with app.app_context():
        assert replay.complete()
        found = stands()
        close(app)
    return found
