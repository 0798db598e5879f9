"""Pages of what officials do and what comes of it: answers, terms, questions, verdicts, mails, promises."""

from datetime import timedelta
from typing import Any

from portal.accounts.models import Role
from portal.answers import commands as answers
from portal.answers.models import AnswerKind
from portal.composer import commands as composer
from portal.composer.models import AnswerFile
from portal.dossiers import commands as dossiers
from portal.dossiers.models import State
from portal.kernel import clock, jobs, storage
from portal.kernel.db import db, one
from portal.kernel.policy import NOBODY, SYSTEM
from portal.kernel.tickets import For, ticket
from portal.mailroom import commands as mailroom
from portal.mailroom.models import MailState, Why
from portal.notices.commands import note_bounce
from portal.promises import commands as track
from portal.promises.models import Promise, Voice
from portal.promises.queries import Line
from portal.questions.models import Asked
from portal.staff import commands as staff
from portal.staff.rules import Rule
from portal.verdicts import commands as verdicts
from portal.verdicts.models import Ballot, Round
from tests.access import World
from tests.accessibility.pages import Keeper
from tests.accessibility.recording import LONG, Recorder
from tests.answers.making import Case
from tests.factories import a_person, a_petition, a_signature
from tests.promises.making import a_trial


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


def composing(keeper: Keeper, world: World) -> None:
    """With a template, a draft of somebody else, and a file; refused; one answer to several."""
    case, official, of = world.issue(State.HANDED_OVER), world.people["official"], world.authority
    said = {"kind": "done", "level": "decision", "text": "It is done."}
    template = composer.write_template(official, of, name="Received", text="About {title}.")
    kept = AnswerFile(kind="pdf", name="A drawing", size=10, large=storage.put(b"A drawing.", "pdf"))
    composer.attach(official, case, organisation=of, file=kept)
    colleague = a_person(Role.OFFICIAL, of=of, name="A colleague")
    composer.save(colleague, case, organisation=of, values=said, form="another form")
    composer.be_here(colleague, next(a for a in case.addressees if a.organisation_id == of.id))
    keeper.keep("staff.show", "draft", f"/staff/{case.ref}", official)
    keeper.keep("composer.save", "both", f"/staff/{case.ref}/draft", official, {**said, "text": "Mine."})
    wrong = {"name": "", "text": "{nothing}"}
    keeper.keep("composer.templates", "refused", "/staff/templates", official, wrong)
    keeper.keep("composer.template", "refused", f"/staff/templates/{template.id}", official, wrong)
    two = " ".join(f"{world.issue(State.HANDED_OVER).ref}:9" for _ in range(2))
    for name, query in (("none", "?q=nothing"), ("nothing ticked", "?ref=K-1"), ("one", f"?ref={case.ref}")):
        keeper.keep("composer.several", name, f"/staff/several{query}", official)
    for step in ("preview", "send"):
        sent = {**said, "dossiers": f"{two} K-1:1", "step": step, "once": step}
        keeper.keep("composer.several", step, "/staff/several", official, sent)


def asked_back(keeper: Keeper, world: World) -> None:
    """Is it solved: from the mail, on the page, and what came of it. A question: to reply to, and no more."""
    case, supporter = Case(), a_person(locale=keeper.language)
    mine = [a_signature(case.dossier, person) for person in (supporter, a_person(), a_person())]
    case.answer(AnswerKind.QUESTION, level=None)
    asked = db.session.scalars(db.select(Asked).filter_by(person_id=case.organiser.id)).all()[-1]
    reply = f"/q/{ticket(For.QUESTION, asked.id)}"
    keeper.keep("questions.answer", "asked", reply)
    keeper.keep("questions.answer", "empty", reply, data={"text": ""})
    keeper.keep("dossiers.show", "asked", f"/d/{case.dossier.ref}", case.organiser)
    case.answer(AnswerKind.DONE)
    keeper.keep("questions.answer", "over", reply)
    link = f"/v/{ticket(For.VERDICT, mine[0].id)}"
    for query in ("", "?say=solved"):
        keeper.keep("verdicts.answer", f"asked {query}", f"{link}{query}")
    keeper.keep("verdicts.answer", "nothing chosen", link, data={"says": ""})
    for signature in mine:
        ballot = Ballot(latest_round(case.dossier), signature)
        verdicts.vote(signature.person, ballot, says="not_solved")
    keeper.keep("verdicts.answer", "said", link)
    for who in (supporter, NOBODY, world.people["neighbour"]):
        keeper.keep("dossiers.show", "is it solved", f"/d/{case.dossier.ref}", who)
    with clock.at(clock.now() + timedelta(days=15)):
        verdicts.close(SYSTEM, case.dossier)
    keeper.keep("verdicts.answer", "over", link)
    keeper.keep("dossiers.show", "not solved", f"/d/{case.dossier.ref}")


def latest_round(dossier: Any) -> Round:
    return db.session.scalars(db.select(Round).filter_by(dossier_id=dossier.id)).one()


def clocks(keeper: Keeper, world: World) -> None:
    """Terms and their change, an answer put off, silence on a timeline and at the committee; a calendar."""
    official, key = world.people["official"], world.authority.key
    visit = Recorder(keeper, "clocks").signs_in(official)
    visit.get(f"/terms/{key}/change")
    visit.submit(unit="calendar", days="99")
    visit.submit(unit="calendar", days="9")
    keeper.keep("terms.show", "of an authority", f"/terms/{key}")
    with clock.at(clock.now() - timedelta(days=150)):
        late = a_petition(state=State.HANDED_OVER)
        asks = {"what": "invitation", "to": world.authority, "awaits_answer": True}
        dossiers.tell(late.opener, late, text="Come and look.", **asks)
    supporter = a_person()
    a_signature(late, supporter)
    jobs.TASKS["terms.lapse"](job_id=0)
    keeper.keep("dossiers.show", "silent", f"/d/{late.ref}")
    keeper.keep("desk.committee", "silent", "/committee", world.people["member"])
    case = world.petition(State.HANDED_OVER)
    visit.get(f"/staff/{case.ref}/later")
    visit.submit("main form", until="2020-01-01", reason="")
    visit.get(f"/calendar/{key}")
    visit.submit("main form")
    signed = a_signature(case, supporter)
    for address in (
        f"/digest/{ticket(For.DIGEST, supporter.id)}",
        f"/news/{ticket(For.NEWS, official.id)}",
        f"/quiet/{ticket(For.QUIET, signed.id)}",
    ):
        visit.get(address)
        visit.submit("main form")
        visit.get(address)
        visit.submit("main form")
    dossiers.withdraw_signature(supporter, signed)
    visit.get(address)


def by_mail(keeper: Keeper, world: World) -> None:
    """What waits, with all that can be wrong; what came back; the page behind the link in the mail back."""
    (row,) = world.rows["mail"]
    row.renew()
    place, dossier = row.thing.addressee, row.thing.addressee.dossier
    for why in Why:
        given = {
            "number": f"{keeper.language} {why}",
            "why": why,
            "text": LONG,
            "sender": f"a@{LONG[:60]}.example",
        }
        waits = mailroom.receive(
            SYSTEM, dossier, addressee=place, state=MailState.WAITING, left_out=2, **given
        )
    for state in (MailState.RETURNED, MailState.PLACED):
        number = f"{keeper.language} {state}"
        made = mailroom.receive(
            SYSTEM, dossier, addressee=place, number=number, state=state, text="We do it."
        )
    unreached = a_person(name=LONG[:80])
    note_bounce(SYSTEM, unreached, status="5.1.1")
    keeper.keep("accounts.me", "not reached", "/me", unreached)
    for name, person in (("official", world.people["official"]), ("moderator", world.people["moderator"])):
        keeper.keep("mailroom.pen", name, "/mail", person)
    said = {"kind": "granted", "level": "decision", "text": "We do it.", "step": "preview"}
    for name, data in (("asked", None), ("preview", said), ("refused", said | {"level": ""})):
        address = f"/mail/{waits.id}/let-in"
        keeper.keep("mailroom.let_in", name, address, world.people["moderator"], data)
    url = f"/mail/{ticket(For.ANSWER, made.id)}"
    for kind in AnswerKind:
        keeper.keep("mailroom.name", kind, f"{url}?kind={kind}")
    keeper.keep("mailroom.name", "preview", url, data=said)
    keeper.keep("mailroom.name", "refused", url, data=said | {"text": ""})
    dossiers.hide(world.people["moderator"], dossier, reason="It names somebody.")
    keeper.keep("mailroom.name", "no more", url)


def dividing(keeper: Keeper, world: World) -> None:
    """A team with people in it, filters that are kept, and rules: written, tried out, switched on."""
    official, of = world.people["official"], world.authority
    name = f"{LONG[:40]} {keeper.language}"
    team = staff.found_team(official, of, name=name)
    known = [membership for membership in official.memberships if membership.organisation_id == of.id]
    staff.change_team(official, team, name=name, members=known)
    staff.save_filter(official, of, name=LONG[:60], given={"show": "late"})
    for query in ("?show=late&q=lamp", "?sort=newest"):
        keeper.keep("staff.index", f"kept {query}", f"/staff{query}", official)
    here = f"/authorities/{of.key}"
    keeper.keep("staff.teams", "some", f"{here}/teams", official)
    keeper.keep("staff.team", "with people", f"{here}/teams/{team.id}", official)
    rules = [Rule(words=LONG[:100], team=team.id), Rule(words="metro", authority=world.other.key)]
    staff.write_rules(official, of, rules=rules, fallback=known[0])
    keeper.keep("staff.routing", "rules", f"{here}/routing", official)
    staff.note_trial(official, of)
    keeper.keep("staff.routing", "tried out", f"{here}/routing?tried=1", official)
    staff.switch_on(official, of)
    keeper.keep("staff.routing", "switched on", f"{here}/routing", official)


def promising(keeper: Keeper, world: World) -> None:
    """What was promised, tried and decided, whole and empty; the ledgers; the question to a supporter."""
    case, signed = world.issue(State.HANDED_OVER), a_person()
    a_signature(case, signed)
    organiser, official = world.people["organiser"], world.people["official"]
    said = {"kind": "promise", "text": LONG, "told_on": clock.today(), "promise_on": clock.today()}
    told = answers.write_down(organiser, case, of=world.authority, **said)
    promise = one(Promise, entry_id=told.id)
    track.look_after(SYSTEM, promise)
    link = f"/kept/{ticket(For.KEPT, one(Voice, promise_id=promise.id).id)}"
    keeper.keep("promises.kept", "asked", link)
    keeper.keep("promises.kept", "said", link, data={"said": "yes"})
    keeper.keep("promises.kept", "after it", link)
    how = {"state": "reversed", "body": world.other, "text": LONG, "url": "https://district.example"}
    track.settle(organiser, promise, entry=told, **how)
    trial = a_trial(organiser, case)
    track.observe(organiser, trial, text=LONG)
    track.document(organiser, case, step="motion", title=LONG[:200], body=world.other, on=clock.today())
    where = {"role": "alderman", "recording": "Council", "url": "https://council.example", "at_seconds": 498}
    track.cite(organiser, case, quote=LONG, on=clock.today(), comment=LONG, promise=promise, **where)
    for who, person in (("nobody", NOBODY), ("organiser", organiser)):
        keeper.keep("promises.show", f"whole {who}", f"/d/{case.ref}/promises", person)
    track.reply(official, Line(case, world.authority), text=LONG)
    for endpoint, url in (("authority", f"a/{world.authority.key}"), ("neighbourhood", "n/K")):
        keeper.keep(f"promises.{endpoint}", "lines", f"/ledger/{url}", official)
        keeper.keep(f"promises.{endpoint}", "of others", f"/ledger/{url}")
    keeper.keep("promises.authority", "none", f"/ledger/a/{world.other.key}")
