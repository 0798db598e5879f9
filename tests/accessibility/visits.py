"""Pages that no table leads to: behind links from mails, in steps, empty, long, and of what went wrong."""

from datetime import timedelta

from flask import Response
from werkzeug.test import TestResponse

from portal.accounts.models import Identity, OrganisationKind, Role, SignIn
from portal.dossiers import commands as dossiers
from portal.dossiers.conditions import Conditions
from portal.dossiers.models import Held, SignatureState, State
from portal.kernel import clock
from portal.kernel.commands import transaction
from portal.kernel.db import db
from portal.kernel.outages import Away
from portal.kernel.policy import NOBODY
from portal.kernel.tickets import For, ticket
from portal.petitions import commands as petitions
from portal.web import errors, outage
from tests.access import World
from tests.accessibility.pages import Keeper
from tests.accessibility.recording import LONG, Recorder
from tests.accessibility.visits_of_officials import (
    answering,
    asked_back,
    by_mail,
    clocks,
    composing,
    dividing,
    promising,
)
from tests.accessibility.visits_of_what_belongs import alike, grown, together
from tests.accounts.working import PASSWORD, with_app
from tests.assistance.making import CATEGORY, FORM, a_mandate, fills_in, signs_for, types_code
from tests.dossiers.spreading import joined_from, looked
from tests.factories import a_passkey, a_person, a_petition, a_plan, a_signature, an_issue, an_organisation
from tests.integrity.signing import many
from tests.issues import reporting as reports
from tests.sheets.making import ENTRY, a_sheet

ERRORS = (400, 403, 404, 405, 409, 413, 422, 500, 503)


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
    for query in ("?q=Title", "?q=Title&kind=plan&state=open", "?q=Titel+olifantenpad", "?q=olifantenpad"):
        keeper.keep("search.index", query, f"/search{query}")
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
    visit.get("/me/sessions")
    visit.get("/sign-in/password")
    visit.submit("main form", email=address, password="", code="")
    visit.submit("main form", email=address, password=PASSWORD, code="123456")


def showing_it_is_you(keeper: Keeper, world: World) -> None:
    """Password and app: chosen, refused, the codes; asked for again, by app and by mail; other devices."""
    official = with_app(a_person(Role.OFFICIAL, of=world.authority, name="Showing"))
    waiting = Recorder(keeper, "waits for a code").signs_in(official)
    waiting.get("/me")
    waiting.get("/me/prove")
    waiting.submit("main form", proof="000000")
    chosen = Recorder(keeper, "has an app").signs_in(official, factor_at=clock.now())
    Recorder(keeper, "has no app").signs_in(a_person(Role.OFFICIAL, of=world.authority)).get("/me/passkeys")
    a_passkey(official)
    waiting.get("/me/prove")
    chosen.get("/me/passkeys")
    chosen.submit("form.panel", press="[data-make]")
    chosen.get("/me/sessions")
    chosen.get("/me/factor")
    form = chosen.seen
    chosen.submit("form.panel", password="", code="000000")
    chosen.seen = form
    chosen.submit("form[action='/me/factor/codes']")
    chosen.seen = form
    chosen.submit("form[action='/me/factor/codes']")
    earlier = clock.now() - timedelta(days=1)
    again = Recorder(keeper, "asked again").signs_in(a_person(name="Again"), proven_at=earlier)
    again.get("/me/erase")
    again.submit("form.panel", sure="y")
    again.submit("main form", press="button[name=again]")


def with_a_provider(keeper: Keeper, world: World) -> None:
    """Of an organisation: where it is offered, and the pages of who did not come in by it, and who left."""
    config = keeper.app.config
    config |= {"OIDC_ISSUER": "http://127.0.0.1:9", "OIDC_NAME": "Stadsdeel"}
    visit = Recorder(keeper, "a provider")
    visit.get("/sign-in")
    visit.get("/sign-in/provider", headers={"Sec-Fetch-Site": "cross-site"})
    visit.get("/sign-in/provider/back")
    visit.get("/sign-out/provider")
    official = with_app(a_person(Role.OFFICIAL, of=world.authority))
    with transaction():
        db.session.add(Identity(key=f"of {keeper.language}", person_id=official.id))
    Recorder(keeper, "came in with it").signs_in(official).get("/me/prove")
    config["OIDC_ISSUER"] = ""


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
            keeper.keep(
                "dossiers.signature",
                f"{state} renamed",
                f"/s/{ticket(For.SIGNATURE, signature.id)}/name",
                data={},
            )
    moving_along(keeper, world)
    for row in world.rows["consent"]:
        keeper.keep("petitions.consent", row.name, f"/c/{ticket(For.CONSENT, row.thing.id)}")
    for state in (State.UNCONFIRMED, State.OPEN, "open, hidden"):
        dossier = world.issue(state)
        keeper.keep("issues.confirm", state, f"/r/{ticket(For.REPORT, dossier.id)}")


def moving_along(keeper: Keeper, world: World) -> None:
    """Whether a supporter moves along to a successor: asked, after a yes, and too late."""
    old, new = world.petition(State.GATHERING), world.petition(State.GATHERING)
    signed, late = a_signature(old), a_signature(old, state=SignatureState.WITHDRAWN)
    petitions.succeed(world.people["organiser"], old, successor=new)
    for signature in (signed, late):
        keeper.keep("petitions.move", signature.state, f"/move/{ticket(For.MOVE, signature.id)}")
    petitions.move_along(signed.person, signed)
    keeper.keep("petitions.move", "counted", f"/move/{ticket(For.MOVE, signed.id)}")
    for dossier in (old, new):
        keeper.keep("dossiers.show", "succession", f"/d/{dossier.ref}")
    organiser = world.people["organiser"]
    keeper.keep("petitions.succeed", "named", f"/d/{old.ref}/successor", organiser)
    keeper.keep("petitions.succeed", "refused", f"/d/{new.ref}/successor", organiser, {})


def signatures(keeper: Keeper, world: World) -> None:
    """A crowd that stands out, by its conditions; what waits for a look; a stand, open and over."""
    petition, moderator = world.petition(State.GATHERING), world.people["moderator"]
    organiser = world.people["organiser"]
    crowd = clock.now() - timedelta(hours=3)
    many(petition, 3, name="Buur van a", at=crowd - timedelta(days=1), network=None)
    many(petition, 24, name="Proef", at=crowd, network="f" * 16, domain="mailinator.com")
    held = dossiers.sign(
        NOBODY, petition, name="Wacht", email="wacht@homes.example", trace=dossiers.Trace(held=Held.DEVICE)
    )
    keeper.keep("dossiers.signature", "held", f"/s/{ticket(For.SIGNATURE, held.id)}")
    dossiers.confirm(held.person, held)
    keeper.keep("dossiers.signature", "held, confirmed", f"/s/{ticket(For.SIGNATURE, held.id)}")
    keeper.keep("dossiers.show", "own held", f"/d/{petition.ref}", held.person)
    for name, person in (("organiser", organiser), ("moderator", moderator)):
        keeper.keep("integrity.show", name, f"/d/{petition.ref}/integrity", person)
        for query in ("", "?name=proef", "?name=nobody", "?disposable=y&since=nonsense"):
            keeper.keep(
                "integrity.preview", name + query, f"/d/{petition.ref}/integrity/preview{query}", person
            )
    keeper.keep("integrity.held", "some", f"/d/{petition.ref}/held", organiser)
    keeper.keep("integrity.held", "none", f"/d/{world.petition(State.GATHERING).ref}/held", organiser)
    keeper.keep("desk.moderation", "held", "/moderation", moderator)
    keeper.keep("desk.index", "held", "/desk", organiser)
    conditions = Conditions(disposable=True)
    dossiers.strike(moderator, petition, conditions=conditions, expected=24, reason="One machine.")
    keeper.keep("integrity.show", "struck out", f"/d/{petition.ref}/integrity", moderator)
    stand = dossiers.open_stand(organiser, petition, place="The metro", hours=4, most=100)
    url = f"/d/{petition.ref}/stand/{ticket(For.STAND, stand.id)}"
    keeper.keep("dossiers.stand", "open", url)
    keeper.keep("dossiers.stand", "refused", url, data={"name": ""})
    keeper.keep("dossiers.stands", "open", f"/d/{petition.ref}/stands", organiser)
    dossiers.close_stand(organiser, stand)
    keeper.keep("dossiers.stand", "over", url)
    keeper.keep("dossiers.stands", "over", f"/d/{petition.ref}/stands", organiser)


def helping(keeper: Keeper, world: World) -> None:
    """A helper signs and reports, refused and right; the desk; and what is done with the code."""
    mandate = a_mandate(of=world.platform)
    dossier = world.issue(State.OPEN)
    helper = Recorder(keeper, "helper").signs_in(mandate.person)
    helper.get("/help?q=olifantenpad")
    signs_for(helper, dossier, name="", heard=None)
    code = signs_for(helper, dossier, building="Kempering")
    signs_for(helper, dossier, building="Kempering")
    helper.get("/help/report")
    helper.submit(FORM)
    fills_in(helper, LONG[:80], title=LONG[:100], where="part:TH04", category=CATEGORY)
    desk = Recorder(keeper, "desk of helpers").signs_in(world.people["organiser"])
    desk.get("/desk/helpers")
    desk.submit("section[aria-labelledby=give] form", name="", most="0")
    holder, address = Recorder(keeper, "code"), f"helped-{keeper.language}@homes.example"
    types_code(holder, "nonsense")
    types_code(holder, code)
    for path, more in (("name", {}), ("take-over", {"email": "no"}), ("take-over", {"email": address})):
        holder.submit(f'form[action="/receipt/{path}"]', **more)
    link = holder.link(holder.mails(address)[-1], "/take-over/")
    holder.get(link)
    holder.submit('main form:not([action="/receipt/withdraw"])')
    types_code(holder, code)
    code = signs_for(helper, dossier, name="Another")
    types_code(holder, code)
    holder.submit('form[action="/receipt/take-over"]', email=address)
    link = holder.link(holder.mails(address)[-1], "/take-over/")
    types_code(holder, code)
    holder.submit('form[action="/receipt/withdraw"]')
    holder.get(link)
    for endpoint in ("withdraw", "show_name", "ask_take_over"):
        url = {"withdraw": "withdraw", "show_name": "name", "ask_take_over": "take-over"}[endpoint]
        keeper.keep(f"assistance.{endpoint}", "wrong code", f"/receipt/{url}", data={"code": "nonsense"})


def printing(keeper: Keeper, world: World) -> None:
    """Sheets: the form, refused, being made, ready."""
    petition = world.petition(State.GATHERING)
    visit = Recorder(keeper, "printing").signs_in(world.people["organiser"])
    visit.get(f"/d/{petition.ref}/print?piece=sheets")
    visit.submit("#printing-chosen form", copies="0")
    visit.submit("#printing-chosen form", copies="2")
    waiting = visit.url
    visit.mails()
    visit.get(waiting)
    visit.get(f"/d/{petition.ref}/print?piece=sheets")


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
    keeper.keep("search.index", "long", f"/search?q={LONG[:60]}")
    keeper.keep("desk.index", "long", "/desk", world.people["organiser"])
    keeper.keep("home.index", "long", "/")
    keeper.keep("accounts.me", "long", "/me", person)


def wrong(keeper: Keeper, world: World) -> None:
    """Each refusal as a page."""
    keeper.keep("error 404", "nowhere", "/nowhere")
    keeper.keep("error 404", "nowhere, signed in", "/nowhere", world.people["neighbour"])
    for status in ERRORS:
        with keeper.app.test_request_context("/nowhere", headers={"Accept-Language": keeper.language}):
            answer = outage.page(Away.DATABASE) if status == 503 else errors.refuse(status)
        keeper.keep_answer(f"error {status}", "", "/nowhere", _answered(answer))
    typed = {"name": "Somebody", "email": "somebody@homes.example"}
    headers = {"Accept-Language": keeper.language}
    with keeper.app.test_request_context("/nowhere", method="POST", data=typed, headers=headers) as sent:
        assert sent.request.form
        keeper.keep_answer("error 503", "sent", "/nowhere", _answered(outage.page(Away.ROOM)))


def _answered(answer: Response) -> TestResponse:
    return TestResponse([answer.data], answer.status, answer.headers, None)  # type: ignore[arg-type]


def paper(keeper: Keeper, world: World) -> None:
    """Typing in a sheet: a wrong code, a row that is right, one that is asked about, comparing, no sheet."""
    organiser = world.people["organiser"]
    petition = world.petition(State.GATHERING)
    keeper.keep("sheets.index", "of one without", f"/sheets?of={petition.ref}", organiser)
    sheet = a_sheet(petition, organiser)
    keeper.keep("sheets.index", "wrong code", "/sheets?code=7F3K", organiser)
    visit = Recorder(keeper, "typing").signs_in(organiser)
    visit.get(f"/sheets/{sheet.code}")
    visit.submit("form.begin")
    for name in ("J. Jansen", LONG[:80], "Johanna Jansen"):
        visit.submit(ENTRY, name=name)
    visit.submit(ENTRY, press="button[value=yes]")
    visit.get(f"/sheets/{sheet.code}?row=1")
    visit.submit("form.close")
    keeper.keep("sheets.show", "to compare", f"/sheets/{sheet.code}", world.people["contact"])


VISITS = (
    by_mail,
    lists,
    signing_in,
    showing_it_is_you,
    with_a_provider,
    reporting,
    links_from_mails,
    signatures,
    answering,
    composing,
    paper,
)
VISITS += (printing, helping, spread, long_words, wrong, asked_back, clocks, dividing, promising, together)
VISITS += (grown, alike)


def empty(keeper: Keeper) -> None:
    """A portal in which nothing has happened yet, for each of those who have a page of their own."""
    people = {role: a_person(role) for role in Role if role != Role.RESIDENT} | {"neighbour": a_person()}
    keeper.keep("home.index", "empty", "/")
    keeper.keep("home.neighbourhood", "empty", "/n/K")
    keeper.keep_plain([(f"{who}, empty", person) for who, person in people.items()])
