"""Routing: the first rule that fits, tried out before it works; the rest always lands with somebody."""

from typing import Any

import pytest
from flask import Flask

from portal.accounts import commands as accounts
from portal.accounts.models import Role
from portal.answers.models import AnswerKind
from portal.dossiers import commands as dossiers
from portal.dossiers.models import Dossier
from portal.dossiers.timeline import Entry, first_broken
from portal.kernel.db import db
from portal.kernel.errors import Invalid, NotAllowed
from portal.kernel.policy import NOBODY, SYSTEM
from portal.staff import commands
from portal.staff.models import Problem, RoutingState
from portal.staff.queries import routing
from portal.staff.rules import Look, Rule, first
from tests.answers.making import Case
from tests.browser import Browser
from tests.factories import a_person, an_issue, an_organisation
from tests.staff.making import a_colleague, a_team, case_of

LAMPS = Look("lantaarnpaal", "wegen", "TH04", " lamp plein donker ")


def lies_in(wide: str, narrow: str) -> bool:
    return narrow.startswith({"K": "TH"}.get(wide, wide))


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        (Rule(), True),
        (Rule(category="lantaarnpaal"), True),
        (Rule(category="wegen"), True),
        (Rule(category="afval"), False),
        (Rule(neighbourhood="K"), True),
        (Rule(neighbourhood="TM"), False),
        (Rule(words="bank, lampen"), True),
        (Rule(words="lamp plein; bank"), True),
        (Rule(words="lamp bank"), False),
        (Rule(words=" ,; "), True),
        (Rule(category="wegen", neighbourhood="K", words="donker"), True),
        (Rule(category="wegen", neighbourhood="TM", words="donker"), False),
    ],
)
def test_all_that_a_rule_says_must_hold(rule: Rule, fits: bool) -> None:
    assert first([rule], LAMPS, lies_in) == (0 if fits else None)
    assert Rule.read(rule.data()) == rule


def test_the_first_that_fits_decides() -> None:
    rules = [Rule(words="bank"), Rule(words="lamp", team=1), Rule(category="wegen", team=2)]
    assert first(rules, LAMPS, lies_in) == 1
    assert first(rules[::-1], LAMPS, lies_in) == 0
    assert first([], LAMPS, lies_in) is None


@pytest.fixture
def case(app: Flask) -> Case:
    return Case()


def put(case: Case, title: str, **given: Any) -> Dossier:
    opener = a_person()
    report = an_issue(opener=opener, title=title, **given)
    dossiers.hand_over(opener, report, to=[case.authority])
    return report


def switched_on(case: Case, *rules: Rule, fallback: Any) -> None:
    commands.write_rules(case.official, case.authority, rules=rules, fallback=fallback)
    commands.note_trial(case.official, case.authority)
    commands.switch_on(case.official, case.authority)


def assigned(dossier: Dossier) -> list[Entry]:
    wanted = db.select(Entry).filter_by(dossier_id=dossier.id, verb="assigned")
    return list(db.session.scalars(wanted.order_by(Entry.seq)))


def test_what_comes_in_goes_where_the_list_says_and_the_rest_to_a_person(case: Case) -> None:
    """On handing over and on passing on; each with an entry that only colleagues see."""
    hanna = a_colleague(case.authority, name="Hanna")
    streets = a_team(case.official, case.authority, hanna)
    before = put(case, "The lamp is out")
    assert assigned(before) == [], "without a list nothing is given to anybody"
    switched_on(case, Rule(words="lamp", team=streets.id), fallback=hanna)
    lamp, rest = put(case, "A lamp is out"), put(case, "Something else")
    assert case_of(before, case.authority).team_id is None
    own = case_of(lamp, case.authority), case_of(rest, case.authority)
    assert [(c.team_id, c.membership_id) for c in own] == [(streets.id, None), (None, hanna.id)]
    assert [e.data["rule"] for e in assigned(lamp) + assigned(rest)] == [1, None]
    assert {e.audience_id for e in assigned(lamp) + assigned(rest)} == {case.authority.id}
    assert first_broken(lamp) is first_broken(rest) is None

    elsewhere = an_organisation()
    opener = a_person()
    passed = an_issue(opener=opener, title="Another lamp")
    dossiers.hand_over(opener, passed, to=[elsewhere])
    other = Case()
    other.authority, other.official, other.dossier = elsewhere, a_person(Role.OFFICIAL, of=elsewhere), passed
    other.answer(AnswerKind.TRANSFERRED, transfer_to=case.authority)
    assert case_of(passed, case.authority).team_id == streets.id
    assert len(assigned(passed)) == 1, "and nothing at the one that passed it on"


def test_what_is_somebodys_already_stays_theirs(case: Case) -> None:
    hanna = a_colleague(case.authority)
    mine = case.official.memberships[0]
    commands.assign(case.official, case.dossier, organisation=case.authority, membership=mine)
    case.answer(AnswerKind.GRANTED)
    switched_on(case, fallback=hanna)
    dossiers.reopen(case.organiser, case.dossier, text="It is back.")
    dossiers.hand_over(case.organiser, case.dossier, to=[case.authority])
    assert case_of(case.dossier, case.authority).membership_id == mine.id


def test_it_lands_with_a_person_also_when_who_was_named_left_and_the_team_is_closed(case: Case) -> None:
    hanna = a_colleague(case.authority)
    streets = a_team(case.official, case.authority, hanna)
    switched_on(case, Rule(words="lamp", team=streets.id), fallback=hanna)
    commands.close_team(case.official, streets)
    lamp = put(case, "A lamp")
    assert case_of(lamp, case.authority).membership_id == hanna.id
    accounts.end_membership(SYSTEM, hanna)
    rest = put(case, "The rest")
    assert case_of(rest, case.authority).membership_id == case.official.memberships[0].id


def test_a_list_works_only_once_it_was_tried_out_and_somebody_gets_the_rest(case: Case) -> None:
    hanna = a_colleague(case.authority)
    rules = [Rule(words="lamp", authority="x")]

    def refused() -> str:
        with pytest.raises(Invalid) as error:
            commands.switch_on(case.official, case.authority)
        return error.value.message

    assert refused() == Problem.NO_RULE
    commands.write_rules(case.official, case.authority, rules=rules, fallback=hanna)
    assert refused() == Problem.NOT_TRIED
    commands.note_trial(case.official, case.authority)
    commands.write_rules(case.official, case.authority, rules=rules, fallback=None)
    assert refused() == Problem.NOT_TRIED, "it was changed since"
    commands.note_trial(case.official, case.authority)
    assert refused() == Problem.NO_FALLBACK
    switched_on(case, *rules, fallback=hanna)
    accounts.end_membership(SYSTEM, hanna)
    with pytest.raises(Invalid):
        commands.write_rules(case.official, case.authority, rules=rules, fallback=hanna)
    for actor in (NOBODY, SYSTEM, case.organiser, a_person(Role.OFFICIAL), a_person(Role.MEMBER)):
        with pytest.raises(NotAllowed):
            commands.switch_off(actor, case.authority)
    commands.switch_off(a_person(Role.MODERATOR), case.authority)
    assert routing(case.authority, RoutingState.ON) is None
    assert assigned(put(case, "A lamp")) == []


def test_written_tried_out_and_switched_on_through_the_page(case: Case, browser: Browser) -> None:
    other = an_organisation(name="The tram company")
    hanna = a_colleague(case.authority, name="Hanna")
    a_team(case.official, case.authority, hanna, name="Streets")
    lamp, stop = put(case, "The lamp is out"), put(case, "The stop has no roof")
    browser.language = "en"
    here = f"/authorities/{case.authority.key}/routing"
    page = browser.signs_in(case.official).get(here)
    assert "switched off" in page.select_one("main").text
    team = browser.seen.select_one("#leads_to option[value^=team]")["value"]
    browser.submit("form.panel", leads_to=team, words="stop")
    browser.submit("form.panel", leads_to=f"authority-{other.key}", words="stop", neighbourhood="K")
    browser.submit("form.panel", leads_to=team, words="lamp")
    browser.submit("form:has([value='up:1'])")
    rules = [" ".join(rule.select_one("p").text.split()) for rule in browser.seen.select("ol.lines > li")]
    assert rules == [
        "1. K-buurt · “stop” → The tram company",
        "2. “stop” → Team Streets",
        "3. “lamp” → Team Streets",
    ]
    browser.submit("form:has([value='remove:1'])")
    assert not browser.seen.select("[value=on]"), "it was not tried out"
    browser.submit("form:has([value=try])")
    outcomes = [[c.text.strip() for c in row.select("td")] for row in browser.seen.select("table tbody tr")]
    assert [row[0] for row in outcomes] == ["1", "1", "1"]
    for reference, row in zip((stop.ref, lamp.ref, case.dossier.ref), outcomes, strict=True):
        assert str(reference) in row[1]
    browser.submit("form:has([value=on])")
    assert browser.status == 422
    assert "must be a colleague of today" in browser.seen.select_one("#errors").text
    browser.get(here)
    browser.submit("form.panel:has([name=fallback])", press="[value=land]", fallback=str(hanna.id))
    browser.submit("form:has([value=try])")
    browser.submit("form:has([value=on])")
    assert "switched on" in browser.seen.select_one("main .row").text
    browser.get(here)
    browser.submit("form:has([value=off])")
    assert "switched off" in browser.seen.select_one("main").text


def test_what_the_list_says_is_proposed_to_who_passes_on_and_to_who_hands_over(
    case: Case, app: Flask
) -> None:
    other = an_organisation()
    team = a_team(case.official, case.authority)
    rules = [Rule(words="stop", authority=other.key), Rule(words="lamp", team=team.id)]
    switched_on(case, *rules, fallback=case.official.memberships[0])
    new = put(case, "A stop without a bench")
    page = Browser(app).signs_in(case.official).get(f"/staff/{new.ref}")
    assert page.select_one("form.divide option[selected]")["value"] == other.key, (
        "one button is left to press"
    )
    for title, keys in (("A lamp by the stop", []), ("A lamp", [case.authority.key]), ("A bench", [])):
        opener = a_person()
        own = an_issue(opener=opener, title=title, body="")
        page = Browser(app).signs_in(opener).get(f"/d/{own.ref}/hand_over")
        assert [box["value"] for box in page.select("[name=to][checked]")] == keys, title
        assert ("was proposed" in page.text) == bool(keys)


def test_a_rule_says_something_and_leads_somewhere(case: Case, browser: Browser) -> None:
    a_team(case.official, case.authority)
    browser.language = "en"
    browser.signs_in(case.official).get(f"/authorities/{case.authority.key}/routing")
    team = browser.seen.select_one("#leads_to option[value^=team]")["value"]
    for given, sentence in (
        ({"words": "lamp"}, "Choose where it goes"),
        ({"words": "lamp", "leads_to": "team-999"}, "Choose where it goes"),
        ({"words": "", "leads_to": team}, "Say at least one thing"),
    ):
        browser.submit("form.panel", **given)
        assert browser.status == 422
        assert sentence in browser.seen.select_one("#errors").text
    assert routing(case.authority, RoutingState.DRAFT) is None
