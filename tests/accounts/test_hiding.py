"""No page, file, header or mail tells who acts for a platform; what one showed oneself goes at once."""

from collections.abc import Iterator

from portal.access import ROUTES
from portal.accounts.models import OrganisationKind, Person, Role
from portal.dossiers import commands as dossiers
from portal.dossiers.commands import supporters
from portal.dossiers.models import Dossier
from portal.dossiers.timeline import first_broken
from portal.kernel.tickets import For, ticket
from portal.terms import commands as terms
from tests.browser import Browser, elsewhere
from tests.factories import a_person, a_petition, a_signature, an_issue, an_organisation

NAME, REASON, TOLD = "Zuleika Verborgen", "Mijn zusje valt hier.", "Ik stond er gisteren weer."


def answers(browser: Browser, about: dict[str, str], within: str = "") -> Iterator[tuple[str, str]]:
    """Every address that is read, about this dossier, as nobody gets it: the address, head and body."""
    for endpoint in (e for e, access in ROUTES.items() if "GET" in access.methods and e.startswith(within)):
        for rule in browser.app.url_map.iter_rules(endpoint):
            if "GET" not in (rule.methods or ()):
                continue
            known = {"filename": "mark.svg", "step": "where", **about}
            values = {name: known.get(name, 1) for name in rule.arguments}
            url = str((rule.build(values) or ("", ""))[1])
            answer = elsewhere(browser.app, lambda at=url: browser.client.get(at, buffered=True))
            yield url, f"{answer.status_code} {answer.headers}\n{answer.data.decode(errors='replace')}"


def a_life(organiser: Person) -> tuple[Dossier, Dossier]:
    """A petition, and a report in the name of a neighbour: signed with a name, told of, handed over."""
    platform = organiser.organisations(Role.ORGANISER)[0]
    petition = a_petition(opener=organiser, organisation=platform)
    report = an_issue(opener=organiser)
    for dossier in (petition, report):
        a_signature(dossier, organiser, shown=True, reason=REASON, name=NAME)
        a_signature(dossier, a_person())
        dossiers.tell(organiser, dossier, text=TOLD)
    return petition, report


def told(browser: Browser, about: dict[str, str], within: str = "") -> list[str]:
    said = (NAME, NAME.replace(" ", "%20"), NAME.split()[0], "zuleika")
    return [url for url, answer in answers(browser, about, within) if any(word in answer for word in said)]


def test_hidden_at_once_on_every_route_in_every_file_and_mail(browser: Browser) -> None:
    platform = an_organisation(OrganisationKind.PLATFORM)
    organiser = a_person(Role.ORGANISER, of=platform, name=NAME, email="zuleika@homes.example")
    petition, report = a_life(organiser)
    feed = terms.renew_feed(organiser, platform, locale="en")
    abouts = [
        {"ref": made.ref, "code": "K", "key": platform.key, "ticket": ticket(For.CALENDAR, feed.id)}
        for made in (petition, report)
    ]
    before = {url for about in abouts for url in told(browser, about, "dossiers.")}
    assert before == {f"/d/{made.ref}" for made in (petition, report)}  # where they chose to show it
    signed = [supporters(made) for made in (petition, report)]

    own = Browser(browser.app).signs_in(organiser)
    own.get("/me/hide")
    own.submit("form.panel")
    assert own.url == "/me"
    assert not told(browser, abouts[0])
    assert not told(browser, abouts[1], "dossiers.")
    page = browser.get(f"/d/{petition.ref}").text
    assert REASON in page
    assert [supporters(made) for made in (petition, report)] == signed

    browser.mails()
    dossiers.tell(organiser, petition, text="We gaan door.")
    a_signature(petition, state="pending")
    dossiers.hand_over(organiser, petition, to=[a.organisation for a in petition.addressees])
    after = [mail for mail in browser.mails() if organiser.email not in str(mail["To"])]
    assert after
    assert not [mail for mail in after if "zuleika" in mail.as_string().lower()]


def test_words_go_too_where_one_wants_that(browser: Browser) -> None:
    organiser = a_person(Role.ORGANISER, name=NAME)
    _, report = a_life(organiser)
    browser.signs_in(organiser).get("/me/hide")
    browser.submit("form.panel", words="y")
    seen = Browser(browser.app).get(f"/d/{report.ref}").text
    assert not any(word in seen for word in (NAME, REASON, TOLD))
    assert first_broken(report) is None
