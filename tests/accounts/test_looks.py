"""Who looks into what neighbours entrusted to us leaves a row; who reads what is public leaves none."""

from datetime import timedelta

from portal.access import ROUTES
from portal.accounts.models import Look, Role, Seen
from portal.accounts.tasks import purge
from portal.accounts.texts import LOOKS
from portal.kernel import clock
from portal.kernel.db import db
from tests.browser import Browser
from tests.factories import a_person, a_petition, a_signature
from tests.sheets.making import a_sheet


def rows() -> list[tuple[int, str, str]]:
    return [
        (look.person_id, look.what, look.about)
        for look in db.session.scalars(db.select(Look).order_by(Look.id))
    ]


def test_a_look_is_a_row_that_moderators_and_the_committee_see(browser: Browser) -> None:
    organiser = a_person(Role.ORGANISER, name="Looking Organiser")
    petition = a_petition(opener=organiser, organisation=organiser.organisations(Role.ORGANISER)[0])
    supporter = a_signature(petition, a_person(name="Seen Supporter", email="seen@homes.example"))
    sheet = a_sheet(petition, organiser)
    browser.signs_in(organiser)
    browser.get(f"/d/{petition.ref}")
    assert rows() == []
    browser.get(f"/d/{petition.ref}/integrity/preview?name=seen")
    browser.get(f"/d/{petition.ref}/held")
    browser.get(f"/sheets/{sheet.code}")
    browser.get("/sheets/7F3K-NONE")
    mine = organiser.id
    assert rows() == [
        (mine, Seen.EXAMPLES, petition.ref),
        (mine, Seen.HELD, petition.ref),
        (mine, Seen.SHEET, sheet.code),
    ]
    for role in (Role.MODERATOR, Role.MEMBER):
        seen = Browser(browser.app).signs_in(a_person(role)).get("/moderation/looks").select_one("main").text
        assert seen.count("Looking Organiser") == 3
        assert sheet.code in seen
        assert supporter.name not in seen
    assert browser.get("/moderation/looks")
    assert browser.status == 403
    assert len(browser.signs_in(organiser).get("/me/data.json").text) == 0
    assert [look["what"] for look in browser.response.json["looks"]] == ["examples", "held", "sheet"]
    with clock.at(clock.now() + timedelta(days=366)):
        purge(job_id=0)
    assert rows() == []


def test_who_is_refused_saw_nothing(browser: Browser) -> None:
    petition = a_petition()
    browser.signs_in(a_person()).get(f"/d/{petition.ref}/integrity/preview?name=seen")
    assert browser.status == 403
    assert rows() == []


def test_every_kind_of_look_has_words_and_a_route() -> None:
    assert set(LOOKS) == set(Seen) == {access.look for access in ROUTES.values() if access.look}
