"""The database, or room on the disk, is away: a sentence says so, and nothing that was typed is lost."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

from portal.dossiers.models import Signature
from portal.kernel.db import db
from tests.browser import Browser
from tests.conftest import close, make_app
from tests.factories import an_issue

NOWHERE = {
    "sqlite": "sqlite:///{0}/gone/portal.db",
    "postgresql": "postgresql+psycopg://nobody@/none?host={0}",
}
SENTENCE = {"sqlite": "We cannot open or keep files", "postgresql": "We cannot reach our records"}
TYPED = {
    "name": "Ellen Voorbeeld",
    "email": "ellen@homes.example",
    "once": "key-1",
    "reason": "Té <b>donker</b>",
}


def test_without_a_database_every_page_says_so_and_a_form_is_sent_again_from_it(
    kind: str, tmp_path: Path
) -> None:
    app = make_app(NOWHERE[kind].format(tmp_path), tmp_path / "data")
    with app.app_context():
        browser = Browser(app)
        with browser.client.session_transaction() as session:
            session["_user_id"] = "a token"  # whose that is cannot be asked, either
        for path in ("/", "/me", "/d/K-1?a=1"):
            browser.get(path)
            assert (browser.status, browser.headers["Retry-After"]) == (503, "10"), path
            assert browser.headers["Cache-Control"] == "no-store"
            assert SENTENCE[kind] in browser.seen.h1.text
        assert browser.seen.select_one("main a.button")["href"] == "/d/K-1?a=1"
        browser.post("/d/K-1/signatures", TYPED)
        form = browser.seen.select_one("main form")
        assert (browser.status, form["action"]) == (503, "/d/K-1/signatures")
        assert {field["name"]: field["value"] for field in form.select("input")} == TYPED
        browser.post("/d/K-1/signatures", TYPED | {"password": "secret"})
        assert "secret" not in browser.response.text
        browser.post("/report/at-once", TYPED, headers={"Accept": "application/json"})
        assert SENTENCE[kind] in browser.response.json["errors"][0]["said"]
        browser.js = True
        browser.post("/d/K-1/signatures", TYPED, target="section#dossiers-support")
        assert (browser.status, browser.headers["HX-Reswap"]) == (503, "none"), (
            "what is typed stays where it is"
        )
        close(app)


@pytest.mark.parametrize("kind", ["sqlite"])
def test_on_a_full_disk_one_can_read_and_what_was_sent_counts_once_there_is_room(own_app: Flask) -> None:
    path = f"/d/{an_issue().ref}"
    room = [1]

    @event.listens_for(db.engine, "checkout")
    def limit(connection: object, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count={room[0]}")  # type: ignore[attr-defined]

    db.session.remove()
    db.engine.dispose()
    browser = Browser(own_app)
    browser.get(path)
    assert browser.status == 200
    told = 0
    while browser.status in {200, 303}:  # there is room between the rows for some
        told += 1
        other = {"name": f"Neighbour {told}", "email": f"n{told}@homes.example", "once": f"once-{told}"}
        browser.post(f"{path}/signatures", TYPED | other, follow_redirects=False)
        assert told < 50
    assert browser.status == 503
    assert "We have no room" in browser.seen.h1.text
    browser.get(path)
    assert browser.status == 200
    browser.post(f"{path}/signatures", TYPED)
    assert browser.status == 503
    room[0] = 100_000
    for _ in range(2):
        browser.submit("main form") if browser.status == 503 else browser.post(f"{path}/signatures", TYPED)
        assert browser.status == 200
    names = [signed.name for signed in db.session.scalars(db.select(Signature))]
    assert (names.count(TYPED["name"]), len(names)) == (1, told)
