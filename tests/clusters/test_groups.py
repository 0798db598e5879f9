"""Groups follow what happens on timelines; and what an organiser sees of them and does with them."""

import random
from datetime import timedelta

import pytest

from portal.accounts.models import OrganisationKind, Role
from portal.clusters import commands
from portal.clusters.models import Part, Placed
from portal.dossiers import commands as dossiers
from portal.dossiers.models import Dossier, State
from portal.issues.commands import Incoming, import_reports
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.policy import SYSTEM
from portal.petitions import commands as petitions
from tests.browser import Browser
from tests.clusters.making import BINS, FAR, a_bin, grouped, ids, the_worker_looks, three_bins
from tests.factories import a_membership, a_person, a_petition, a_plan, a_signature, an_issue, an_organisation
from tests.petitions.making import a_bundle, a_platform
from tests.statements import sent


def text(found: object) -> str:
    return " ".join(found.get_text(" ").split())  # type: ignore[attr-defined]


@pytest.mark.usefixtures("app")
def test_what_is_about_the_same_at_one_place_is_a_group() -> None:
    bins = three_bins()
    a_bin(**FAR)
    an_issue(title="A dead tree", body="It may fall on the playground.")
    dutch = a_bin(("Prullenbak weg", "De vuilnisbak bij de metro is weggehaald."), language="nl")
    assert grouped() == set()
    the_worker_looks()
    assert grouped() == {ids(*bins, dutch)}


@pytest.mark.usefixtures("app")
def test_what_is_brought_up_to_date_is_what_is_made_anew() -> None:
    """Opened, hidden, shown again, withdrawn, written anew and split, in a random order with a fixed seed."""
    chance, moderator = random.Random(6), a_person(Role.MODERATOR)  # noqa: S311 (no secret)
    platform, organiser = a_platform()
    every: list[Dossier] = []
    for step in range(40):
        happens = chance.choice(["open"] * 4 + ["hide", "show", "withdraw", "split"])
        one = chance.choice(every) if every else None
        with clock.at(clock.now() + timedelta(days=step * 3)):
            if happens == "open" or one is None:
                past = clock.now() - timedelta(days=chance.randrange(300))
                with clock.at(past):
                    every.append(a_bin(chance.choice(BINS), metres=chance.randrange(500)))
            elif happens == "hide" and one.hidden_at is None:
                dossiers.hide(moderator, one, reason="It names somebody.")
            elif happens == "show" and one.hidden_at is not None:
                dossiers.unhide(moderator, one, reason="It names nobody.")
            elif happens == "withdraw" and one.state == State.OPEN and one.hidden_at is None:
                dossiers.withdraw(one.opener, one, text="It is there again.")
            elif happens == "split" and (row := db.session.get(Placed, one.id)) is not None:
                mates = {n for group in grouped() if one.id in group for n in group}
                if len(mates) > 1:
                    commands.split(organiser, platform, root_id=row.root_id, dossiers=[one])
        the_worker_looks()
    kept = grouped()
    assert kept
    assert db.session.scalar(db.select(db.func.count(Part.dossier_id)))
    db.session.execute(db.delete(Placed))
    db.session.commit()
    commands.begin_anew(SYSTEM, None)
    the_worker_looks()
    assert grouped() == kept


@pytest.mark.usefixtures("app")
def test_reports_from_elsewhere_are_grouped_too() -> None:
    rows = [
        Incoming("elsewhere", str(n), said[0], clock.now(), said[1], lat=52.3217, lon=4.9711)
        for n, said in enumerate(BINS)
    ]
    import_reports(SYSTEM, None, rows=rows)
    the_worker_looks()
    assert [len(group) for group in grouped()] == [3]


def test_an_organiser_looks_and_starts_a_petition(browser: Browser) -> None:
    """The desk leads to the group, the group to the petition with its words, and that asks for consent."""
    _, organiser = a_platform()
    bins = three_bins()
    a_signature(bins[0])
    tree = an_issue(title="A dead tree", body="It may fall on the playground.")
    the_worker_looks()
    browser.signs_in(organiser).get("/desk")
    browser.click("a[href*='/desk/groups']")
    panel = text(browser.seen.select_one("main li.panel"))
    assert "3 dossiers" in panel
    assert "bin" in panel
    assert tree.title not in panel
    browser.click("main li.panel a")
    page = text(browser.seen.select_one("main"))
    for one in bins:
        assert one.ref in page
        assert one.title in page
    assert "Please put the bins back." in text(browser.seen.select_one("[aria-labelledby=words]"))
    assert browser.seen.select_one("svg.map .pin")
    browser.submit("form[action*=bundle]", dossiers=[bins[0].ref, bins[1].ref])
    assert browser.url.startswith("/petitions/new")
    form = browser.seen.select_one("main form")
    assert form.select_one("[name=title]")["value"] in {one.title for one in bins}
    assert form.select_one("[name=demands]").text.strip() == "Please put the bins back."
    chosen = {str(box["value"]) for box in form.select("[name=dossiers][checked]")}
    assert chosen == {bins[0].ref, bins[1].ref}


def test_what_is_hidden_or_withdrawn_is_in_no_group(browser: Browser) -> None:
    """At once, before the worker looked; and its words are in nothing that is proposed."""
    _, organiser = a_platform()
    bins = [*three_bins(), a_bin()]
    the_worker_looks()
    browser.signs_in(organiser).get(f"/desk/groups/{bins[0].ref}")
    assert "4 dossiers" in text(browser.seen.select_one("main"))
    dossiers.hide(a_person(Role.MODERATOR), bins[0], reason="It names somebody.")
    dossiers.withdraw(bins[3].opener, bins[3], text="It is there again.")
    browser.get(f"/desk/groups/{bins[0].ref}")
    assert browser.status == 404
    browser.get(f"/desk/groups/{bins[1].ref}")
    page = text(browser.seen.select_one("main"))
    assert "2 dossiers" in page
    assert bins[0].title not in page
    assert "put the bins back" not in page
    browser.get("/desk/groups")
    assert browser.seen.select_one("main li.panel") is None
    the_worker_looks()
    assert db.session.get(Placed, bins[0].id) is None


def test_a_group_is_split_and_put_together_again(browser: Browser) -> None:
    platform, organiser = a_platform()
    bins = [*three_bins(), a_bin(), a_bin()]
    the_worker_looks()
    browser.signs_in(organiser).get(f"/desk/groups/{bins[0].ref}")
    action = f"/desk/groups/{bins[0].ref}/split?as={platform.key}"
    browser.post(action, {"dossiers": []})
    assert browser.status == 422
    browser.post(action, {"dossiers": [one.ref for one in bins]})
    assert browser.status == 422
    assert "at least one" in text(browser.seen.select_one("#errors"))
    browser.post(action, {"dossiers": [bins[0].ref, bins[4].ref]})
    assert grouped() == {ids(bins[0], bins[4]), ids(*bins[1:4])}
    newcomer = a_bin(BINS[2], metres=40)
    the_worker_looks()
    assert {group for group in grouped() if newcomer.id in group}
    assert not {group for group in grouped() if ids(bins[0], bins[1]) <= group}
    browser.get(f"/desk/groups/{bins[1].ref}")
    browser.submit("form[action*=rejoin]")
    assert grouped() == {ids(*bins, newcomer)}


def test_what_was_set_aside_comes_back_when_it_has_grown(browser: Browser) -> None:
    platform, organiser = a_platform()
    bins = [*three_bins(), a_bin()]
    the_worker_looks()
    browser.signs_in(organiser).get(f"/desk/groups/{bins[0].ref}")
    browser.submit("form[action*=aside]", reason=" ")
    assert browser.status == 422
    browser.get(f"/desk/groups/{bins[0].ref}")
    browser.submit("form[action*=aside]", reason="The district is counting bins first.")

    def shown() -> int:
        browser.get("/desk/groups")
        return len(browser.seen.select("main li.panel"))

    assert shown() == 0
    assert "counting bins first" in text(browser.seen.select_one("[aria-labelledby=asides]"))
    bins += [a_bin(), a_bin()]
    the_worker_looks()
    dossiers.hide(a_person(Role.MODERATOR), bins[0], reason="It names somebody.")
    the_worker_looks()
    assert shown() == 0  # the oldest is gone, and two more are not enough
    beside = a_person(Role.ORGANISER, of=an_organisation(OrganisationKind.PLATFORM))
    assert Browser(browser.app).signs_in(beside).get("/desk/groups").select("main li.panel")
    a_bin()
    the_worker_looks()
    assert shown() == 1
    assert "3 came since" in text(browser.seen.select_one("main li.panel"))
    browser.submit("[aria-labelledby=asides] form")
    assert shown() == 1
    assert browser.seen.select_one("[aria-labelledby=asides]") is None
    assert platform.key in str(browser.seen)


def test_what_is_open_about_it_already(browser: Browser) -> None:
    platform, organiser = a_platform()
    bins = three_bins()
    draft = a_bundle(organiser, platform, bins[:2], title="Bins for the metro")
    other = a_petition(title="Give every square a litter bin", body="Bins, bins, bins.", language="en")
    lamps = a_petition(title="Light for the stairs", body="It is dark.", language="en")
    the_worker_looks()
    browser.signs_in(organiser).get(f"/desk/groups/{bins[2].ref}")
    about = text(browser.seen.select_one("[aria-labelledby=about]"))
    assert draft.title in about
    assert f"{bins[0].ref}, {bins[1].ref}" in about
    assert other.title in about
    assert lamps.title not in about
    browser.get("/desk/groups")
    assert browser.seen.select("main li.panel")  # one of them was not asked yet
    petitions.invite(organiser, draft, dossiers=[bins[2]])
    browser.get("/desk/groups")
    assert not browser.seen.select("main li.panel")


def test_what_rises_this_week(browser: Browser) -> None:
    """Four about rats, where one a month came; and as many lamps as every week."""
    _, organiser = a_platform()
    for week in range(12):
        with clock.at(clock.now() - timedelta(days=7 * week + 8)):
            if week % 4 == 0:
                an_issue(title="A rat", language="en")
            for _ in range(2):
                an_issue(title="The lamp flickers", language="en")
    for _ in range(4):
        an_issue(title="Rats in the shed", language="en")
    for _ in range(3):
        an_issue(title="The lamp flickers", language="en")
    browser.signs_in(organiser).get("/desk/groups")
    rises = text(browser.seen.select_one("[aria-labelledby=trends]"))
    assert "rats" in rises
    assert "4 now, usually 0" in rises
    assert "lamp" not in rises


def test_only_who_bundles_here(browser: Browser) -> None:
    three_bins()
    the_worker_looks()
    far = a_person(Role.ORGANISER, of=an_organisation(OrganisationKind.PLATFORM, neighbourhood_code="TM"))
    browser.signs_in(far).get("/desk/groups")
    assert not browser.seen.select("main li.panel")
    assert "as soon as three" in text(browser.seen.select_one(".empty")).lower()
    coalition = an_organisation(OrganisationKind.COALITION)
    a_membership(far, coalition, Role.ORGANISER)
    browser.get(f"/desk/groups?as={coalition.key}")
    assert browser.seen.select("main li.panel")
    browser.signs_in(a_person(Role.CONTACT)).get("/desk/groups")
    assert browser.status == 403


def statements(browser: Browser, address: str) -> int:
    with sent() as seen:
        browser.get(address)
    return len(seen)


def test_a_page_costs_the_same_for_one_group_and_for_ten(browser: Browser) -> None:
    _, organiser = a_platform()
    browser.signs_in(organiser)
    first = three_bins()
    the_worker_looks()
    addresses = ("/desk/groups", f"/desk/groups/{first[0].ref}")
    for address in addresses:
        browser.get(address)
    few = [statements(browser, address) for address in addresses]
    for n in range(9):
        three_bins(lat=52.3217 + 0.01 * n, lon=4.99)
    a_plan(title="Bins for all", lat=52.3217, lon=4.9711)
    the_worker_looks()
    many = [statements(browser, address) for address in addresses]
    assert many == few
    assert max(many) <= 12
