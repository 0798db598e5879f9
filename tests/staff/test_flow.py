"""Workload and flow: the same numbers as bars, in a table, and in a file that calculates nothing."""

import csv
import io
from datetime import timedelta

from flask import Flask

from portal.kernel import clock
from portal.kernel.db import db
from portal.staff import commands
from portal.staff.queries import flow
from tests.answers.making import Case
from tests.browser import Browser
from tests.staff.making import a_colleague, a_team
from tests.statements import sent


def a_case(days: int) -> Case:
    with clock.at(clock.now() - timedelta(days=days)):
        made = Case()
    made.official.name = "Wouter"
    db.session.commit()
    return made


def tables(browser: Browser) -> dict[str, dict[str, list[str]]]:
    """Chart -> place of its axis -> numbers, as the tables have them."""
    return {
        section["aria-labelledby"]: {
            row.th.text: [cell.text for cell in row.select("td")] for row in section.select("tbody tr")
        }
        for section in browser.seen.select("main section.sec")
    }


def test_charts_tables_and_file_say_the_same(app: Flask, browser: Browser) -> None:
    case = a_case(50)
    team = a_team(case.official, case.authority, name='=HYPERLINK("http://x.example")')
    mine = case.official.memberships[0]
    for back in (20, 9, 0):
        with clock.at(clock.now() - timedelta(days=back)):
            case.dossier = case.another()
    commands.assign(case.official, case.dossier, organisation=case.authority, membership=mine)
    case.dossier = case.another()
    commands.assign(case.official, case.dossier, organisation=case.authority, team=team)
    case.dossier = case.another()
    case.answer()
    browser.language = "en"
    here = f"/authorities/{case.authority.key}/flow"
    page = browser.signs_in(case.official).get(here)
    found = tables(browser)
    assert found["load"] == {"Wouter": ["1"], f"Team {team.name}": ["1"], "Nobody": ["3"]}
    assert list(found["weeks"].values())[-1][1] == "1"
    assert sum(int(came) for came, _went in found["weeks"].values()) == 6
    assert found["due"]["earlier"] == ["1"]
    ages = [numbers[0] for numbers in found["ages"].values()]
    assert (sum(map(int, ages)), ages[0], ages[4]) == (5, "2", "1")
    for section in page.select("main section.sec"):
        bars = section.select("svg.chart rect")
        cells = [int(cell.text) for cell in section.select("td")]
        assert [float(bar["height"]) > 0 for bar in bars] == [number > 0 for number in cells]
        assert max(float(bar["height"]) for bar in bars) == 100
    browser.get(f"{here}.csv")
    assert browser.headers["Content-Type"] == "text/csv; charset=utf-8"
    written = list(csv.reader(io.StringIO(browser.response.text)))
    assert [row[3] for row in written[1:]] == [
        n for rows in found.values() for row in rows.values() for n in row
    ]
    assert not [c for row in written for c in row if c.startswith(("=", "+", "-", "@"))]
    assert all(len(row) == 4 for row in written)


def test_a_name_that_is_a_formula_stays_a_name_in_the_file(app: Flask, browser: Browser) -> None:
    case = a_case(1)
    a_colleague(case.authority, name="=1+1")
    browser.language = "en"
    browser.signs_in(case.official).get(f"/authorities/{case.authority.key}/flow.csv")
    assert "'=1+1" in [row[1] for row in csv.reader(io.StringIO(browser.response.text))]


def test_as_many_queries_however_many_there_are(app: Flask) -> None:
    case = a_case(20)
    db.session.expire_all()
    with sent() as few:
        flow(case.official, case.authority)
    for _ in range(10):
        case.another()
    db.session.expire_all()
    with sent() as many:
        flow(case.official, case.authority)
    assert len(many) == len(few) <= 14
