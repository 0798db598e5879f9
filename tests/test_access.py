"""portal/access.py is true: each route, called by nobody and by a neighbour who has nothing to do with it."""

from collections.abc import Iterable, Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from portal.access import ANYONE, OPERATOR, ROUTES, TICKET
from portal.kernel.policy import NOBODY, RULES, allowed
from tests.browser import Browser
from tests.factories import a_person, a_petition, an_issue

OPEN_TO_ALL = {"accounts.ask_sign_in", "dossiers.read", "dossiers.share", "dossiers.sign", "notices.follow"}
OPEN_TO_ALL |= {"printing.print"}
"""Permissions that nobody in particular has, on what is public."""
ONESELF = {
    "accounts.me",
    "accounts.export",
    "accounts.erase",
    "accounts.prove",
    "accounts.sessions",
    "accounts.hide",
    "notices.reach",
}
ANSWERS = {200, 303, 400, 404, 422}
Call = tuple[str, str]
CALLS: list[Call] = [(e, method) for e, access in ROUTES.items() for method in access.methods.split()]
CLOSED = [(e, m) for e, m in CALLS if ROUTES[e].who not in {ANYONE, TICKET, OPERATOR, *OPEN_TO_ALL}]
TICKETS = [(e, m) for e, m in CALLS if ROUTES[e].who == TICKET]
OPEN = [(e, m) for e, m in CALLS if ROUTES[e].who in {ANYONE, *OPEN_TO_ALL}]


def called(browser: Browser, calls: Iterable[Call]) -> Iterator[tuple[Call, int]]:
    """The status of each of these, each about something of its own."""
    for endpoint, method in calls:
        rules = browser.app.url_map.iter_rules(endpoint)
        rule = next(rule for rule in rules if method in (rule.methods or ()))
        ask = browser.get if method == "GET" else browser.post
        ask(address(browser.app, rule), follow_redirects=False)
        yield (endpoint, method), browser.status


def address(app: Flask, rule: Rule) -> str:
    named = "ref" in rule.arguments
    made = (a_petition() if rule.endpoint.startswith("petitions.") else an_issue()) if named else None
    values = {"ref": made.ref if made else "", "code": "K", "ticket": "abc", "key": "abc", "step": "where"}
    values |= {"filename": "mark.svg", "session_id": 999, "lineage_id": 1}
    with app.test_request_context():
        built = rule.build({name: values.get(name, 1) for name in rule.arguments})
    assert built is not None
    return built[1]


def test_what_is_open_to_all_is_so_by_a_rule(app: Flask) -> None:
    public = an_issue()
    assert all(allowed(NOBODY, do, public) for do in RULES if do in OPEN_TO_ALL)


def test_nobody_is_asked_to_sign_in(browser: Browser) -> None:
    wrong = [
        (call, status)
        for call, status in called(browser, CLOSED)
        if status != 404 and not (status == 303 and browser.headers["Location"].startswith("/sign-in"))
    ]
    assert not wrong


def test_a_neighbour_is_refused_what_is_not_theirs(browser: Browser) -> None:
    browser.signs_in(a_person())
    others = [(endpoint, method) for endpoint, method in CLOSED if endpoint not in ONESELF]
    assert not [(call, status) for call, status in called(browser, others) if status not in {403, 404}]


@pytest.mark.parametrize("endpoint", sorted(ONESELF))
def test_a_neighbour_may_see_what_is_theirs(browser: Browser, endpoint: str) -> None:
    browser.signs_in(a_person())
    own = [(e, method) for e, method in CLOSED if e == endpoint]
    assert own
    assert {status for _, status in called(browser, own)} <= {200, 303, 422}


def test_a_ticket_that_was_not_made_here_opens_nothing(browser: Browser) -> None:
    assert not [(call, status) for call, status in called(browser, TICKETS) if status != 404]


def test_what_is_for_anyone_is_for_anyone(browser: Browser) -> None:
    wrong = [
        (call, status)
        for call, status in called(browser, OPEN)
        if (call[0], status) != ("operations.ready", 503)
        and (status not in ANSWERS or "/sign-in?" in browser.headers.get("Location", ""))
    ]
    assert not wrong
