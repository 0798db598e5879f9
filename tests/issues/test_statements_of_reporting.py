"""How many statements it takes to send a report: eight, and as many where a hundred were sent before."""

from flask import Flask

from portal.kernel.commands import transaction
from tests.browser import Browser, elsewhere
from tests.factories import an_issue
from tests.issues.reporting import to_the_last_step
from tests.statements import sent

MOST, MANY = 8, 100


def _sending(app: Flask, name: str) -> list[str]:
    browser = Browser(app)
    to_the_last_step(browser)
    facts = {"name": name, "email": f"{name}@homes.example", "once": name}
    with sent() as statements:
        answer = elsewhere(app, lambda: browser.client.post("/report/send", data=facts))
    assert answer.status_code == 303
    return statements


def test_sending_a_report_takes_as_little_where_many_were_sent(app: Flask) -> None:
    few = _sending(app, "first")
    with transaction():
        for _ in range(MANY):
            an_issue()
    assert _sending(app, "second") == few
    assert len(few) <= MOST
