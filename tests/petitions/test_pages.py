"""Through the front door, with and without JavaScript: from the desk to a petition with consent."""

import pytest

from portal.accounts.models import OrganisationKind, Role
from portal.dossiers import commands as dossiers
from portal.dossiers.models import Dossier, State
from portal.kernel.db import db
from portal.kernel.tickets import For, ticket
from portal.petitions import commands, queries
from portal.petitions.models import Consent
from tests.browser import Browser
from tests.factories import a_membership, a_person, a_signature, an_issue, an_organisation
from tests.petitions.making import a_bundle, a_platform, counted, lineage_of, says, verbs


def petition_of(ref: str) -> Dossier:
    return db.session.scalars(db.select(Dossier).filter_by(ref=ref)).one()


def text(found: object) -> str:
    return " ".join(found.get_text(" ").split())  # type: ignore[attr-defined]


def test_from_the_desk_to_a_public_petition(either_browser: Browser) -> None:
    browser = either_browser
    _, organiser = a_platform()
    authority = an_organisation()
    bins = [an_issue(title=f"No bin at number {n}") for n in range(3)]
    an_issue(title="Elsewhere", neighbourhood_code="TM01")
    browser.signs_in(organiser).get("/desk")
    boxes = [box["value"] for box in browser.seen.select("input[name=with]")]
    assert sorted(boxes) == sorted(report.ref for report in bins)
    browser.submit("form[action='/petitions/new']", **{"with": [bins[0].ref, bins[1].ref]})
    ticked = {box["value"] for box in browser.seen.select("input[name=dossiers][checked]")}
    assert ticked == {bins[0].ref, bins[1].ref}
    words = {
        "title": "Give us back our bins",
        "body": "They went.",
        "demands": "Put them back.\n\nAsk first.",
    }
    chosen = {"to": [authority.key], "dossiers": list(ticked)}
    browser.submit(**words, **chosen)
    assert browser.seen.select_one("h1").text == words["title"]
    petition = petition_of(browser.url.removeprefix("/d/"))
    assert petition.state == State.DRAFT
    assert [demand.text for demand in queries.demands(petition)] == ["Put them back.", "Ask first."]
    assert [li.text.strip() for li in browser.seen.select("ol.demands li")] == [
        "Put them back.",
        "Ask first.",
    ]
    mails = [m for report in bins for m in browser.mails(to=report.opener.email)]
    assert len(mails) == 2
    browser.get(f"/d/{petition.ref}")
    browser.submit("#petitions-work form")
    assert petition_of(petition.ref).state == State.GATHERING
    assert "0 van 2" in text(browser.seen.select_one("#petitions-lineage .rail")).replace(" of ", " van ")


def test_the_mail_leads_to_three_buttons(either_browser: Browser) -> None:
    browser = either_browser
    platform, organiser = a_platform()
    report = an_issue()
    supporter = a_signature(report, joins_bundle=True).person
    petition = a_bundle(organiser, platform, [report])
    commands.publish(organiser, petition)
    mail = browser.mails(to=report.opener.email)[-1]
    browser.get(browser.link(mail, "/c/"))
    assert petition.title in text(browser.seen)
    assert report.title in text(browser.seen)
    assert {b["value"] for b in browser.seen.select("button[name=answer]")} == {"joined", "apart", "later"}
    assert lineage_of(petition, report).consent == Consent.ASKED  # opening the page answers nothing
    browser.submit("#petitions-consent form", press="button[value=joined]")
    assert browser.status == 200
    assert browser.seen.select_one("#petitions-consent button[value=joined]")["aria-pressed"] == "true"
    assert counted(petition) == {report.opener_id: report.ref, supporter.id: report.ref}
    told = browser.mails(to=supporter.email)[-1]
    step_out = browser.link(told, "/s/")
    page = Browser(browser.app, js=browser.js)
    page.get(step_out)
    assert petition.title in text(page.seen)
    page.submit("form[action$='/withdraw']")
    assert counted(petition) == {report.opener_id: report.ref}
    browser.submit("#petitions-consent form", press="button[value=apart]")
    assert counted(petition) == {}
    browser.submit("#petitions-consent form", press="button[value=joined]")
    assert counted(petition) == {report.opener_id: report.ref}
    assert "K-" in text(browser.get(f"/d/{report.ref}"))


def test_a_link_of_another_purpose_opens_nothing(browser: Browser) -> None:
    platform, organiser = a_platform()
    report = an_issue()
    petition = a_bundle(organiser, platform, [report])
    number = lineage_of(petition, report).id
    browser.get(f"/c/{ticket(For.SIGNATURE, number)}")
    assert browser.status == 404
    browser.get(f"/c/{ticket(For.CONSENT, number + 1000)}")
    assert browser.status == 404
    browser.post(f"/c/{ticket(For.CONSENT, number)}", {"answer": "released"})
    assert browser.status == 422
    browser.post(f"/c/{ticket(For.CONSENT, number)}", {})
    assert browser.status == 422
    assert lineage_of(petition, report).consent == Consent.ASKED


def test_a_number_that_no_row_can_have_is_not_found(browser: Browser) -> None:
    browser.signs_in(a_person()).get(f"/d/{an_issue().ref}/consent/{10**30}")
    assert browser.status == 404


def test_after_hand_over_the_answer_stays(either_browser: Browser) -> None:
    platform, organiser = a_platform()
    report = an_issue()
    petition = a_bundle(organiser, platform, [report])
    commands.publish(organiser, petition)
    says(report, petition, Consent.JOINED)
    dossiers.hand_over(organiser, petition)
    url = f"/c/{ticket(For.CONSENT, lineage_of(petition, report).id)}"
    either_browser.get(url)
    assert not either_browser.seen.select("button[name=answer]")
    either_browser.post(url, {"answer": "apart"}, target="section#petitions-consent")
    assert either_browser.status == 409
    assert lineage_of(petition, report).consent == Consent.JOINED


def test_for_an_organisation_whoever_speaks_for_it_answers_signed_in(browser: Browser) -> None:
    platform, organiser = a_platform()
    core = an_organisation(OrganisationKind.CORE)
    opener, successor = a_person(Role.CONTACT, of=core), a_person(Role.CONTACT, of=core)
    report = an_issue(opener=opener, organisation_id=core.id)
    petition = a_bundle(organiser, platform, [report])
    for person in (opener, successor):
        link = browser.link(browser.mails(to=person.email)[-1], "/c/")
    browser.get(link)
    assert browser.url.startswith("/sign-in")
    browser.signs_in(a_person()).get(link)
    assert browser.status == 403
    browser.signs_in(successor).get(link)
    browser.submit("#petitions-consent form", press="button[value=joined]")
    assert lineage_of(petition, report).consent == Consent.JOINED
    commands.publish(organiser, petition)
    assert counted(petition) == {}  # the core joined, and nobody was asked to be counted as a person


def test_the_way_back_from_a_report(browser: Browser) -> None:
    platform, organiser = a_platform()
    report = an_issue()
    petition = a_bundle(organiser, platform, [report])
    browser.get(f"/d/{report.ref}")
    assert petition.title not in browser.seen.text, "a draft is nobody's business yet"
    asked = Browser(browser.app).signs_in(report.opener)
    asked.get(f"/d/{report.ref}")
    asked.click(f"a[href^='/d/{report.ref}/consent/']")
    asked.submit("#petitions-consent form", press="button[value=joined]")
    commands.publish(organiser, petition)
    browser.get(f"/d/{report.ref}")
    browser.click("#petitions-bundled a")
    assert browser.seen.select_one("h1").text == petition.title
    assert report.ref in text(browser.seen.select_one("#petitions-lineage"))


def test_a_hidden_report_keeps_its_place_in_the_lineage(browser: Browser) -> None:
    platform, organiser = a_platform()
    report = an_issue(title="An unkind word")
    petition = a_bundle(organiser, platform, [report])
    commands.publish(organiser, petition)
    says(report, petition, Consent.JOINED)
    dossiers.hide(a_person(Role.MODERATOR), report, reason="It names a person.")
    browser.get(f"/d/{petition.ref}")
    lineage = text(browser.seen.select_one("#petitions-lineage"))
    assert report.ref in lineage
    assert "unkind" not in lineage


def test_changing_a_draft_asks_those_who_joined_again(browser: Browser) -> None:
    platform, organiser = a_platform()
    joined, asked = an_issue(), an_issue()
    petition = a_bundle(organiser, platform, [joined, asked])
    says(joined, petition, Consent.JOINED)
    browser.signs_in(organiser).get(f"/d/{petition.ref}/edit")
    to = [a.organisation.key for a in petition.addressees]
    browser.submit("main form", to=to)
    assert lineage_of(petition, joined).consent == Consent.JOINED
    browser.get(f"/d/{petition.ref}/edit")
    browser.submit("main form", to=to, demands="Never come back.")
    assert lineage_of(petition, joined).consent == Consent.ASKED
    assert verbs(petition)[-2:] == ["edited", "edited"]
    assert len(browser.mails(to=joined.opener.email)) == 2
    assert len(browser.mails(to=asked.opener.email)) == 1


def test_asking_more_and_taking_back(either_browser: Browser) -> None:
    browser = either_browser
    platform, organiser = a_platform()
    first, second = an_issue(title="A bin is gone"), an_issue(title="The lamp is out")
    petition = a_bundle(organiser, platform, [first])
    browser.signs_in(organiser).get(f"/d/{petition.ref}/invite?q=lamp")
    assert [box["value"] for box in browser.seen.select("input[name=dossiers]")] == [second.ref]
    browser.submit("main form[method=post]", dossiers=[second.ref])
    assert lineage_of(petition, second).consent == Consent.ASKED
    browser.submit(f"form[action$='/{lineage_of(petition, second).id}/drop']")
    assert lineage_of(petition, second).consent == Consent.RELEASED
    assert verbs(second)[-1] == "released"
    assert [part.dossier for part in queries.parts(petition)] == [first]


def test_taking_apart_asks_first(either_browser: Browser) -> None:
    platform, organiser = a_platform()
    petition = a_bundle(organiser, platform, [an_issue()])
    either_browser.signs_in(organiser).get(f"/d/{petition.ref}")
    either_browser.click("a[href$='/take-apart']")
    assert petition_of(petition.ref).state == State.DRAFT
    either_browser.submit("main form")
    assert petition_of(petition.ref).state == State.WITHDRAWN
    stranger = Browser(either_browser.app).signs_in(a_person())
    stranger.get(f"/d/{petition.ref}")
    assert stranger.status == 403  # it was a draft, and is not made public by this


def test_what_is_wrong_stands_beside_its_field(either_browser: Browser) -> None:
    browser = either_browser
    platform, organiser = a_platform()
    browser.signs_in(organiser).get("/petitions/new")
    browser.submit("main form", title="Only a title")
    assert browser.status == 422
    wrong = {field["id"] for field in browser.seen.select("[aria-invalid]")}
    assert {"body", "demands"} <= wrong
    authority = an_organisation()
    browser.get("/petitions/new")
    many = "\n".join(["One more."] * 11)
    browser.submit("main form", title="T", body="B", demands=many, to=authority.key)
    assert browser.status == 422
    assert browser.seen.select_one("#demands")["aria-invalid"] == "true"
    assert browser.seen.select_one("#title")["value"] == "T"
    assert queries.petitions_of(platform) == []


@pytest.mark.parametrize("where", ["elsewhere", "hidden", "over"])
def test_only_what_may_be_invited_is_offered_or_taken(browser: Browser, where: str) -> None:
    given = {"elsewhere": {"neighbourhood_code": "TM01"}, "over": {"state": "solved"}}.get(where, {})
    report = an_issue(**given)
    if where == "hidden":
        dossiers.hide(a_person(Role.MODERATOR), report, reason="It names a person.")
    platform, organiser = a_platform()
    authority = an_organisation()
    browser.signs_in(organiser).get(f"/petitions/new?with={report.ref}")
    assert not browser.seen.select("input[name=dossiers]")
    words = {"title": "T", "body": "B", "demands": "D", "to": authority.key, "dossiers": report.ref}
    browser.post("/petitions/new", words)
    assert browser.status == 422
    assert queries.petitions_of(platform) == []


def test_sent_twice_is_one_petition(browser: Browser) -> None:
    platform, organiser = a_platform()
    authority = an_organisation()
    words = {"title": "T", "body": "B", "demands": "D", "to": authority.key, "once": "the-same-key"}
    for _ in range(2):
        browser.signs_in(organiser).post("/petitions/new", words)
        assert browser.status == 200
    assert len(queries.petitions_of(platform)) == 1


def test_who_organises_two_chooses_in_whose_name(browser: Browser) -> None:
    platform, organiser = a_platform()
    coalition = an_organisation(OrganisationKind.COALITION)
    a_membership(organiser, coalition, Role.ORGANISER)
    far = an_issue(neighbourhood_code="TM01")
    authority = an_organisation()
    browser.signs_in(organiser).get(f"/petitions/new?as={coalition.key}&with={far.ref}")
    browser.submit("main form", title="T", body="B", demands="D", to=authority.key)
    assert [p.title for p, _ in queries.petitions_of(coalition)] == ["T"]
    assert lineage_of(queries.petitions_of(coalition)[0][0], far).consent == Consent.ASKED
