"""What people here said of two dossiers: measured by `roundabout evaluate`, and thresholds set from it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from portal.command_line import main, studying
from portal.kernel.commands import transaction
from portal.kernel.db import db
from portal.kernel.policy import NOBODY, SYSTEM
from portal.similar import commands as index
from portal.similar import ranking
from portal.similar.models import Threshold, Why
from portal.similar.queries import judged, sketch, suggest
from portal.ties.commands import join_instead
from tests.factories import an_issue

Run = Callable[..., Result]
THINGS = ("bin", "lamp", "bench", "tree", "lift")
LAMP = {"title": "Lamp is dark at night", "lat": 52.3310, "lon": 4.97}


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`portal roundabout …` on the database of the test."""
    monkeypatch.setenv("PORTAL_DATA_DIR", app.config["DATA_DIR"])
    monkeypatch.setenv("PORTAL_DATABASE_URL", app.config["SQLALCHEMY_DATABASE_URI"])
    monkeypatch.setattr("getpass.getuser", lambda: "operator")

    def invoke(*given: Any) -> Result:
        db.session.commit()
        db.session.remove()
        return CliRunner().invoke(main, ["roundabout", *map(str, given)])

    return invoke


def a_history() -> None:
    """Five pairs that belong together, one told apart, and one report that was never sent."""
    for number, thing in enumerate(THINGS):
        here = {"lat": 52.33 + number / 1000, "lon": 4.97, "place_name": ""}
        older = an_issue(title=f"The {thing} here is broken", **here)
        newer = an_issue(title=f"Broken {thing} since a week", **here)
        beside = an_issue(title=f"Dirt beside the {thing}", body="Rats.", **here)
        with transaction():
            index.label(older, newer, Why.BELONGS)
            index.label(beside, older, Why.DIFFERENT)
    index.count(SYSTEM, None)
    lamp = sketch(LAMP | {"body": "Secret words"}, "en")
    first = suggest(lamp)[0].dossier
    join_instead(NOBODY, first, new=lamp, area="TM01")


def test_ones_own_history_is_measured_or_too_short(run: Run) -> None:
    short = run("evaluate")
    assert short.exit_code == 1
    assert "Too few labelled pairs in this portal's own history: 0 say" in short.output
    assert "need --pairs" in run("evaluate", "--candidates", __file__).output
    a_history()
    found = json.loads(run("evaluate", "--words", "--json").stdout)
    assert (found["questions"], found["told_apart"], found["kind"], found["meaning"]) == (6, 5, "own", False)
    assert found["recall_at_1"] == found["mrr"] == 1
    assert found["curve"][-1]["precision"] < 1, "five of them belong with nothing"
    assert found["curve"][-1]["wrongly_the_same"] > 0
    without = json.loads(run("evaluate", "--json", "--without", "words", "--without", "distance").stdout)
    assert without["mrr"] <= 1
    assert "recall at 5        1.000" in run("evaluate").stdout


def test_a_threshold_is_shown_and_set_for_a_neighbourhood(run: Run) -> None:
    a_history()
    told = run("threshold", "--kind", "report").stdout
    assert "Reports, everywhere: from 0.04 on, by default." in told
    assert "11 labelled pairs, 6 of them yes." in told
    assert "Reports, K-buurt (K): from 0.04 on, by default.\n10 labelled pairs, 5 of them yes." in told
    assert "too few to go by" in told, "in Gein one was labelled"
    tables = json.loads(run("threshold", "--json").stdout)["thresholds"]
    values = tables[0]["values"]
    assert [step["value"] for step in values] == sorted(step["value"] for step in values)
    assert values[0]["shown"] >= values[-1]["shown"]
    assert values[-1]["precision"] is None or values[-1]["precision"] >= values[0]["precision"]
    assert all(t["pairs"] == 0 for t in tables if t["kind"] == "petition")

    seen = suggest(sketch(LAMP, "en"), area="TH04")
    assert seen
    done = run("threshold", "--set", "0.999999", "--neighbourhood", "K")
    assert "Reports, K-buurt (K): from 0.999999 on, as set for K-buurt (K)." in done.output
    assert "Before: 0.04." in done.output
    assert suggest(sketch(LAMP, "en"), area="TH04") == [], "it lies in the K-buurt and has none of its own"
    assert len(suggest(sketch(LAMP, "en"), area="TM01")) == len(seen)
    run("threshold", "--set", "0", "--neighbourhood", "TH04")
    assert len(suggest(sketch(LAMP, "en"), area="TH04")) >= len(seen)
    run("threshold", "--set", "0.999999")
    assert suggest(sketch(LAMP, "en"), area="TM01") == []
    run("threshold", "--unset", "--neighbourhood", "TH04")
    run("threshold", "--unset", "--neighbourhood", "K")
    rows = db.session.scalars(db.select(Threshold).order_by(Threshold.id)).all()
    assert [(row.area, row.value, row.set_by) for row in rows] == [
        ("K", 0.999999, "operator"),
        ("TH04", 0, "operator"),
        ("", 0.999999, "operator"),
        ("TH04", None, "operator"),
        ("K", None, "operator"),
    ]
    told = run("threshold", "--neighbourhood", "K", "--kind", "report").stdout
    assert "Reports, K-buurt (K): from 0.999999 on, as set for everywhere." in told
    assert "operator set no own value for reports, K-buurt (K)." in told
    assert run("threshold", "--set", "0.5", "--neighbourhood", "NOWHERE").exit_code == 1
    assert run("threshold", "--set", "7").exit_code == 2


def test_both_yes_and_no_teach(run: Run) -> None:
    a_history()
    known = studying.own(judged(), meant=False)
    taught = known[studying.OWN_REPORTS]
    assert (len(taught.asked), len(taught.nothing)) == (6, 5)
    assert all(len(sheet.rows) == 1 and not sheet.right for sheet in taught.nothing), (
        "only what was called different"
    )
    assert not known[studying.OWN_PETITIONS].asked
    assert studying.own(judged(), meant=True)[studying.OWN_REPORTS].asked == []
    examples = list(studying.examples(known, [studying.OWN_REPORTS], None))
    each, _ = studying.learn(examples, {studying.OWN_REPORTS: 1.0})
    weights = ranking.Weights(each, 0)
    same = [
        weights.score(dict(zip(ranking.FEATURES, s.rows[min(s.right)], strict=True))) for s in taught.asked
    ]
    other = [weights.score(dict(zip(ranking.FEATURES, s.rows[0], strict=True))) for s in taught.nothing]
    assert min(same) > max(other)
