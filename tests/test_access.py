"""portal/access.py is true: each route, called by nobody and by a neighbour who has nothing to do with it."""

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
CALLS = [(endpoint, method) for endpoint, access in ROUTES.items() for method in access.methods.split()]
CLOSED = [(e, m) for e, m in CALLS if ROUTES[e].who not in {ANYONE, TICKET, OPERATOR, *OPEN_TO_ALL}]
TICKETS = [(e, m) for e, m in CALLS if ROUTES[e].who == TICKET]
OPEN = [(e, m) for e, m in CALLS if ROUTES[e].who in {ANYONE, *OPEN_TO_ALL}]


@pytest.fixture
def visit(app: Flask) -> Browser:
    return Browser(app)


def call(browser: Browser, endpoint: str, method: str) -> int:
    """The status of a call with a subject that exists."""
    rule = next(rule for rule in browser.app.url_map.iter_rules(endpoint) if method in (rule.methods or ()))
    url = address(browser.app, rule)
    ask = browser.get if method == "GET" else browser.post
    ask(url, follow_redirects=False)
    return browser.status


def address(app: Flask, rule: Rule) -> str:
    made = a_petition() if rule.endpoint.startswith("petitions.") else an_issue()
    values = {"ref": made.ref, "code": "K", "ticket": "abc", "key": "abc", "step": "where", "lineage_id": 1}
    values |= {"filename": "mark.svg", "session_id": 999}
    with app.test_request_context():
        built = rule.build({name: values.get(name, 1) for name in rule.arguments})
    assert built is not None
    return built[1]


def test_what_is_open_to_all_is_so_by_a_rule(app: Flask) -> None:
    public = an_issue()
    assert all(allowed(NOBODY, do, public) for do in RULES if do in OPEN_TO_ALL)


@pytest.mark.parametrize(("endpoint", "method"), CLOSED)
def test_nobody_is_asked_to_sign_in(visit: Browser, endpoint: str, method: str) -> None:
    status = call(visit, endpoint, method)
    to_sign_in = status == 303 and visit.headers["Location"].startswith("/sign-in")
    assert to_sign_in or status == 404, status


@pytest.mark.parametrize(("endpoint", "method"), CLOSED)
def test_a_neighbour_is_refused_what_is_not_theirs(visit: Browser, endpoint: str, method: str) -> None:
    status = call(visit.signs_in(a_person()), endpoint, method)
    own = {200, 303, 422} if endpoint in ONESELF else {403, 404}
    assert status in own


@pytest.mark.parametrize(("endpoint", "method"), TICKETS)
def test_a_ticket_that_was_not_made_here_opens_nothing(visit: Browser, endpoint: str, method: str) -> None:
    assert call(visit, endpoint, method) == 404


@pytest.mark.parametrize(("endpoint", "method"), OPEN)
def test_what_is_for_anyone_is_for_anyone(visit: Browser, endpoint: str, method: str) -> None:
    status = call(visit, endpoint, method)
    assert status in {200, 303, 400, 404, 422} or (endpoint, status) == ("operations.ready", 503)
    assert "/sign-in?" not in visit.headers.get("Location", "")
