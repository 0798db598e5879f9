"""Pages that no table leads to: behind links from mails, in steps, empty, long, and of what went wrong."""

from typing import Any

from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from portal.accounts.models import OrganisationKind, Role, SignIn
from portal.answers.models import AnswerKind
from portal.dossiers.models import SignatureState, State
from portal.kernel.db import db
from portal.kernel.tickets import For, ticket
from portal.web import errors
from tests.access import World
from tests.accessibility.pages import Keeper
from tests.browser import Browser
from tests.dossiers.spreading import joined_from, looked
from tests.factories import a_person, a_petition, a_plan, a_signature, an_issue, an_organisation
from tests.issues import reporting as reports

LONG = "Zeeduivelvisserijverenigingsgebouwonderhoudsaannemersbedrijf" * 5
"""Three hundred letters without a place to break."""
ERRORS = (400, 403, 404, 405, 409, 413, 422, 500)


class Recorder(Browser):
    """Keeps every page that it meets."""

    def __init__(self, keeper: Keeper, name: str, *, js: bool = False) -> None:
        super().__init__(keeper.app, language=keeper.language, js=js)
        self.keeper, self.name = keeper, name

    def _open(self, method: str, url: str, target: str, **more: Any) -> BeautifulSoup:
        seen = super()._open(method, url, target, **more)
        assert isinstance(self.response, TestResponse)
        path = self.response.request.path
        endpoint, _ = self.app.url_map.bind("localhost").match(path, self.response.request.method)
        self.keeper.keep_answer(endpoint, f"{self.name} {method} {self.status}", self.url, self.response)
        return seen


def lists(keeper: Keeper, world: World) -> None:
    """With something in them, narrowed, empty; the neighbourhood and a part of it."""
    for query in (
        "",
        "?q=olifantenpad",
        "?q=Title&kind=issue",
        "?page=2",
        "?state=handed_over",
        "?neighbourhood=K",
    ):
        keeper.keep("dossiers.index", query or "all", f"/dossiers{query}")
    for code in ("K", "TH04", "TM"):
        keeper.keep("home.neighbourhood", code, f"/n/{code}")
    organiser, official = world.people["organiser"], world.people["official"]
    for query in ("?q=olifantenpad", "?q=Title", "?page=2"):
        keeper.keep("desk.index", query, f"/desk{query}", organiser)
    for query in ("?show=all", "?show=answered", "?page=2"):
        keeper.keep("staff.index", query, f"/staff{query}", official)


def signing_in(keeper: Keeper, world: World) -> None:
    visit = Recorder(keeper, "signing in")
    address = f"{keeper.language}@homes.example"
    visit.get("/sign-in")
    visit.submit("main form", email="not an address")
    visit.submit("main form", email=address)
    link = visit.link(visit.mails(address)[-1], "/in/")
    visit.get(link)
    visit.submit("main form")
    Recorder(keeper, "used link").get(link)
    used = ticket(For.SIGN_IN, db.session.scalars(db.select(SignIn.id)).first() or 0)
    visit.post(f"/in/{used}")


def reporting(keeper: Keeper, world: World) -> None:
    """Every step: met, refused, and when one comes back to it; the thanks, and the link in the mail."""
    visit = Recorder(keeper, "report")
    address = f"reporter-{keeper.language}@homes.example"
    for step in ("photo", "where"):
        visit.get(f"/report/{step}")
    visit.submit("main form", press="button.lamp")
    reports.add_photo(visit, reports.upload(b"no picture", "photo.jpg"))
    reports.find_place(visit, "nergens te vinden")
    reports.add_photo(visit)
    visit.get("/report/photo")
    visit.submit("main form", press="button[value^=cover]")
    reports.choose_place(visit)
    reports.tell_what(visit, title="", body="")
    for title in ("Er wordt hier gedeald in drugs", "Er is brand in de kelder"):
        reports.tell_what(visit, title=title)
    reports.tell_what(visit)
    for step in ("photo", "where", "what", "send"):
        visit.get(f"/report/{step}")
    reports.send(visit, email="not an address")
    reports.send(visit, email=address)
    reports.confirm(visit, address)
    neighbour = Recorder(keeper, "report, signed in").signs_in(world.people["neighbour"])
    reports.to_the_last_step(neighbour, body=LONG, title=LONG[:100])
    keeper.keep("issues.offline", "refused", "/report/at-once", data={"title": ""})


def links_from_mails(keeper: Keeper, world: World) -> None:
    """A signature in each of its states; a report to confirm; a question to answer."""
    for state in SignatureState:
        if state != SignatureState.ANONYMISED:
            signature = a_signature(world.issue(State.OPEN), state=state)
            keeper.keep("dossiers.signature", state, f"/s/{ticket(For.SIGNATURE, signature.id)}")
    for row in world.rows["consent"]:
        keeper.keep("petitions.consent", row.name, f"/c/{ticket(For.CONSENT, row.thing.id)}")
    for state in (State.UNCONFIRMED, State.OPEN, "open, hidden"):
        dossier = world.issue(state)
        keeper.keep("issues.confirm", state, f"/r/{ticket(For.REPORT, dossier.id)}")


def answering(keeper: Keeper, world: World) -> None:
    """The form for each kind of answer, and as neighbours will read it."""
    case = world.issue(State.HANDED_OVER)
    organiser, official = world.people["organiser"], world.people["official"]
    places = (("answers.answer", f"/staff/{case.ref}/answer", official),)
    places += (("answers.write_down", f"/d/{case.ref}/written-down", organiser),)
    for endpoint, url, person in places:
        for kind in AnswerKind:
            keeper.keep(endpoint, kind, f"{url}?kind={kind}", person)
        said = {"kind": "granted", "level": "decision", "text": "It was said.", "of": world.authority.key}
        keeper.keep(endpoint, "preview", url, person, said | {"step": "preview", "told_on": "2022-06-01"})


def spread(keeper: Keeper, world: World) -> None:
    """Flats that are lit, some of them."""
    petition = a_petition(organisation=world.platform)
    joined_from(petition, "Kleiburg", 6)
    joined_from(petition, "", 6)
    looked(petition)
    keeper.keep("dossiers.show", "flats that are lit", f"/d/{petition.ref}")
    keeper.keep("dossiers.index", "flats that are lit", f"/dossiers?q={petition.ref}")


def long_words(keeper: Keeper, world: World) -> None:
    """Titles, names and places as long as they may be, in every place where they are shown."""
    core = an_organisation(OrganisationKind.CORE, name=f"Kern {LONG}"[:120])
    person = a_person(Role.CONTACT, of=core, name=LONG[:80])
    issue = an_issue(
        title=LONG, body=f"{LONG} {LONG}", place_name=LONG[:150], opener=person, organisation_id=core.id
    )
    for made in (issue, a_plan(title=LONG), a_petition(title=LONG, body=LONG, organisation=world.platform)):
        a_signature(made, a_person(name=LONG[:80]), shown=True, reason=LONG)
        keeper.keep("dossiers.show", f"long {made.kind}", f"/d/{made.ref}")
        keeper.keep("dossiers.tell", f"long {made.kind}", f"/d/{made.ref}/tell", made.opener)
    keeper.keep("dossiers.index", "long", f"/dossiers?q={LONG[:60]}")
    keeper.keep("desk.index", "long", "/desk", world.people["organiser"])
    keeper.keep("home.index", "long", "/")
    keeper.keep("accounts.me", "long", "/me", person)


def wrong(keeper: Keeper, world: World) -> None:
    """Each refusal as a page."""
    keeper.keep("error 404", "nowhere", "/nowhere")
    keeper.keep("error 404", "nowhere, signed in", "/nowhere", world.people["neighbour"])
    for status in ERRORS:
        with keeper.app.test_request_context("/nowhere", headers={"Accept-Language": keeper.language}):
            answer = errors.refuse(status)
        made = TestResponse([answer.data], answer.status, answer.headers, None)  # type: ignore[arg-type]
        keeper.keep_answer(f"error {status}", "", "/nowhere", made)


VISITS = (lists, signing_in, reporting, links_from_mails, answering, spread, long_words, wrong)


def empty(keeper: Keeper) -> None:
    """A portal in which nothing has happened yet, for each of those who have a page of their own."""
    people = {role: a_person(role) for role in Role if role != Role.RESIDENT} | {"neighbour": a_person()}
    keeper.keep("home.index", "empty", "/")
    keeper.keep("home.neighbourhood", "empty", "/n/K")
    keeper.keep_plain([(f"{who}, empty", person) for who, person in people.items()])
