"""`make access`: who may call what in which state, into docs/access.md.

Nothing in it is written by hand: every cell is what the policy says about real rows in a database, and
tests/test_access_table.py calls every cell through HTTP.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import count, groupby
from pathlib import Path
from secrets import token_hex
from typing import Any

from flask import Flask

from portal import create_app
from portal.access import ANYONE, OPERATOR, ROUTES, TICKET
from portal.accounts import commands as accounts
from portal.accounts.models import OrganisationKind, Person, Role
from portal.dossiers import commands as dossiers
from portal.dossiers.models import Dossier, Signature, SignatureState, State
from portal.dossiers.queries import signature_of
from portal.kernel.commands import transaction
from portal.kernel.db import db
from portal.kernel.policy import NOBODY, RULES, SYSTEM, allowed
from portal.notices import commands as notices
from portal.notices.models import Follow
from portal.petitions import commands as petitions
from portal.petitions.models import Consent, Lineage
from tests import databases, factories
from tests.access_rows import Row, SupportRows
from tests.assistance.making import MANDATES
from tests.clusters.making import group_rows
from tests.dossiers.making import a_photo
from tests.factories import a_membership, a_person, a_petition, a_plan, a_signature, an_issue, an_organisation
from tests.sheets.making import SHEETS
from tests.staff.making import staff_rows
from tests.together.making import together_rows

FILE = Path(__file__).parent.parent / "docs" / "access.md"
ELSEWHERE = "TM"
WHO = {
    "nobody": "has not signed in",
    "neighbour": "has an account, and nothing to do with it",
    "opener": "opened it, and has no role in an organisation (any more)",
    "contact": "is a contact of the core (report, plan) or platform (petition) in whose name it is",
    "organiser": "is an organiser of the platform of the place; the petitions are in this platform's name",
    "organiser beside": "is an organiser of another platform of the same place",
    "organiser elsewhere": "is an organiser of the platform of another place",
    "official": "works for the authority that it names, and that is asked once it is handed over",
    "official elsewhere": "works for another authority",
    "member": "is a member of a district committee",
    "moderator": "is a moderator",
    "ended": "was all of this, from contact to moderator, until yesterday",
}
"""The columns, and what each of them is to the subject of a row."""
HIDDEN = ", hidden"
ISSUES = [
    *(s for s in State if s not in {State.DRAFT, State.GATHERING}),
    "handed_over, hidden",
]
PETITIONS = [
    *(s for s in State if s not in {State.UNCONFIRMED, State.OPEN}),
    *("draft, hidden", "gathering, hidden", "handed_over, hidden"),
]
WORDS = {"handed_over": "handed over", "handed_over, hidden": "handed over and hidden"}
WORDS |= {f"{state}, hidden": f"{state} and hidden" for state in ("draft", "gathering")}
WORDS |= {"asked, petition handed_over": "asked for a petition that is handed over"}
WORDS |= {"asked, petition draft, hidden": "asked for a petition that is hidden"}
"""How a state is called in the table, if not as in the code."""
OTHERS = {ANYONE: "For anyone", TICKET: "For who holds the link from a mail"}
OTHERS |= {OPERATOR: "For a program of this machine, or with the token of the setting"}
HEAD = """# Who may call what

Role × route × state. Made by `make access` from the list of routes in `portal/access.py` and the rules in
each `policy.py`, asked about real rows. A test fails when this file is older than they are, and calls each
of the {cells} cells through HTTP on both databases.

✓ may. Who may not gets 403 or 404; who has not signed in is asked to. States that follow each other and say
the same share a line.
"""
AFTER = """
Issues and plans are opened in the name of a core, petitions in that of a platform. What is solved or
withdrawn was with the authority before."""
CONSENTS = [Consent.ASKED, Consent.LATER, Consent.APART, Consent.JOINED, Consent.RELEASED]
DO = {str(do): do for do in RULES}
QUESTIONS = {endpoint: access for endpoint, access in ROUTES.items() if access.who in DO}
"""The routes that ask for a permission; the others are for anyone, or for who holds a link from a mail."""
number = count(1)


def words() -> dict[str, str]:
    """A title and a body like no other."""
    n = next(number)
    return {"title": f"Title {n} of the table.", "body": f"Body {n} of the table."}


class World(SupportRows):
    """People in every role, and every kind of subject in every state; in the database that is open."""

    def __init__(self) -> None:
        self.core = an_organisation(OrganisationKind.CORE)
        self.platform = an_organisation(OrganisationKind.PLATFORM)
        self.authority, self.other = an_organisation(), an_organisation()
        self.people: dict[str, Any] = {who: a_person() for who in WHO} | {"nobody": NOBODY}
        self._appoint()
        whole = [
            *(self._dossier("issue or plan", state, self.issue) for state in ISSUES),
            *(self._dossier("petition", state, self.petition) for state in PETITIONS),
        ]
        own = [s for s in SignatureState if s != SignatureState.ANONYMISED]
        self.rows: dict[str, list[Row]] = {
            "": [Row("", "whatever the state", lambda: None)],
            "oneself": [Row("", "oneself", lambda: None, about=lambda thing, actor: actor)],
            "session": [Row("", "the neighbour's", self._session, lambda one: {"session_id": one.id})],
            "passkey": [Row("", "the neighbour's", self._passkey, lambda one: {"passkey_id": one.id})],
            "dossier": whole,
            "photo": whole,
            "plan": [self._dossier("plan", state, self.plan) for state in ISSUES],
            "one of several": [row for row in whole if row.kind == "petition"],
            "petition": [row for row in whole if row.kind == "petition" or row.state == State.OPEN],
            "own signature": [self._signed(state) for state in ["none", *own]],
            "organisation": [self._named("its platform", "platform"), self._named("its core", "core")],
            "authority": [Row("", "the authority that one works for", lambda: None, about=self._at_work)],
            "print job": [Row("", "the organiser's sheets", self._printed, lambda job: {"print_id": job.id})],
            "follow": [Row("", "the neighbour's device", self._follow, lambda one: {"follow_id": one.id})],
            "sheet": [self._sheet(state) for state in SHEETS],
            "own mandate": [self._helping(state) for state in ["none", *MANDATES]],
            "mandate": [Row("the neighbour's mandate", s, self._mandates(s), self._of) for s in MANDATES],
            "invitation": list(self._lineages(lambda lineage: lineage.petition.ref)),
            "consent": list(self._lineages(lambda lineage: lineage.dossier.ref)),
            "watched": [self._watched("petition", self.petition), self._watched("issue or plan", self.issue)],
        }
        self._answered()

    def _answered(self) -> None:
        """What came with answers: files, terms, verdicts, questions, mails, promises, the queue."""
        self.rows["answer file"] = [self._filed("answered"), self._filed("hidden")]
        authority = Row("", "its authority", lambda: self.authority, lambda made: {"key": made.key})
        self.rows["one authority"] = [authority]
        platform = Row("", "its platform", lambda: self.platform, lambda made: {"key": made.key})
        self.rows["one with a calendar"] = [authority, platform]
        self.rows["template"] = [Row("", "of the authority", self._template, lambda t: {"template_id": t.id})]
        self.rows["strike"] = [Row("", "what was struck out", self._strike, self._place("strike_id"))]
        self.rows["ballot"] = [self._supported()]
        asked = [("issue or plan", "open"), ("issue or plan", "replied"), ("petition", "open")]
        self.rows["question"] = [self._question(kind, state) for kind, state in asked]
        mail = Row("", "waits", self._mail, lambda mail: {"mail_id": mail.id, "key": mail.files[0].key})
        self.rows["mail"] = [mail]
        self.rows |= self._promise_rows()
        self.rows["stand"] = [Row("", "a stand of the platform", self._stand, self._place("stand_id"))]
        self.rows |= staff_rows(self.authority, self.people)
        self.rows |= group_rows(self)
        self.rows["plan"] = [self._dossier("plan", state, self.plan) for state in (State.OPEN, State.SOLVED)]
        self.rows |= together_rows(self.people["organiser"], lambda: self.petition(State.GATHERING))

    def _appoint(self) -> None:
        people, core, platform = self.people, self.core, self.platform
        far = an_organisation(OrganisationKind.PLATFORM, neighbourhood_code=ELSEWHERE)
        a_membership(people["contact"], core, Role.CONTACT)
        a_membership(people["contact"], platform, Role.CONTACT)
        a_membership(people["organiser"], platform, Role.ORGANISER)
        a_membership(people["organiser beside"], role=Role.ORGANISER)
        a_membership(people["organiser elsewhere"], far, Role.ORGANISER)
        a_membership(people["official"], self.authority, Role.OFFICIAL)
        a_membership(people["official elsewhere"], self.other, Role.OFFICIAL)
        a_membership(people["member"], role=Role.MEMBER)
        a_membership(people["moderator"], far, Role.MODERATOR)
        whole = {core: [Role.CONTACT], platform: [Role.CONTACT, Role.ORGANISER, Role.MODERATOR]}
        whole |= {self.authority: [Role.OFFICIAL], an_organisation(OrganisationKind.COMMITTEE): [Role.MEMBER]}
        for organisation, roles in whole.items():
            for role in roles:
                accounts.end_membership(SYSTEM, a_membership(people["ended"], organisation, role))

    def issue(self, state: str, make: Callable[..., Dossier] = an_issue, **given: Any) -> Dossier:
        """In the name of the core, by the opener; `make=a_plan` for a plan."""
        first = State.UNCONFIRMED if state == State.UNCONFIRMED else State.OPEN
        known = {"organisation_id": self.core.id, **words(), **given}
        made = make(state=first, opener=self.people["opener"], **known)
        with transaction():
            dossiers.name_addressee(made, self.authority)
        return self._brought(made, state, self.people["opener"])

    def put_to_another(self) -> Dossier:
        """To the authority of the official elsewhere."""
        made = self.issue(State.OPEN)
        dossiers.hand_over(self.people["opener"], made, to=[self.other])
        return made

    def plan(self, state: str) -> Dossier:
        return self.issue(state, a_plan)

    def petition(self, state: str) -> Dossier:
        """In the name of the platform; of somebody who organised it and does so no more."""
        first = State.DRAFT if state.startswith(State.DRAFT) else State.GATHERING
        given = {"organisation": self.platform, "addressees": [self.authority]}
        made = a_petition(state=first, opener=self.people["organiser"], **given, **words())
        self._brought(made, state, self.people["organiser"])
        with transaction():
            made.opener = self.people["opener"]
        return made

    def _brought(self, dossier: Dossier, wanted: str, by: Person) -> Dossier:
        """What is over or hidden was with the authority before, where that can be."""
        state = wanted.removesuffix(HIDDEN)
        if state in {State.SOLVED, State.WITHDRAWN}:
            factories.STEPS[State.HANDED_OVER](dossier, by)
        if state != dossier.state:
            factories.STEPS[State(state)](dossier, by)
        if wanted.endswith(HIDDEN):
            dossiers.hide(self.people["moderator"], dossier, reason="It names somebody.")
        return dossier

    def _dossier(self, kind: str, state: str, make: Callable[[str], Dossier]) -> Row:
        """A dossier with a photo of its own."""

        def made() -> Dossier:
            dossier = make(state)
            a_photo(dossier, f"A photo of {dossier.ref}".encode())
            return dossier

        return Row(kind, state, made, lambda d: {"ref": d.ref, "key": d.attachments[0].large})

    def _signed(self, state: str) -> Row:
        """A dossier that a stranger signed first, and then everybody here who has an account."""

        def made() -> Dossier:
            dossier = an_issue()
            a_signature(dossier)
            for person in self.people.values():
                if person.is_authenticated and state != "none":
                    a_signature(dossier, person, state=state)
            return dossier

        def own(dossier: Dossier, actor: Any) -> Any:
            first = db.select(Signature).filter_by(dossier_id=dossier.id).order_by(Signature.id).limit(1)
            return signature_of(actor, dossier) or db.session.scalar(first)

        return Row("own signature", state, made, lambda dossier: {"ref": dossier.ref}, own)

    def _named(self, name: str, attribute: str) -> Row:
        return Row("", name, lambda: getattr(self, attribute), lambda organisation: {"as": organisation.key})

    def _at_work(self, thing: None, actor: Any) -> Any:
        own = actor.organisations(Role.OFFICIAL) if actor.is_authenticated else []
        return next(iter(own), self.authority)

    def _lineages(self, whose: Callable[[Lineage], str | None]) -> Iterator[Row]:
        """What is asked of one who opened a dossier; `whose` reference the address has."""
        states = [*CONSENTS, "asked, petition handed_over", f"asked, petition draft{HIDDEN}"]
        for part, organisation in (("for oneself", None), ("in a core's name", self.core.id)):
            for state in states:
                yield Row(
                    f"dossier opened {part}",
                    state,
                    lambda state=state, organisation=organisation: self.lineage(state, organisation),
                    lambda lineage: {"ref": whose(lineage), "lineage_id": lineage.id},
                )

    def _follow(self) -> Follow:
        keys = {"endpoint": f"https://push.example/{next(number)}", "p256dh": "key", "auth": "key"}
        made: Follow = notices.follow(self.people["neighbour"], an_issue(), **keys)
        return made

    def lineage(self, state: str, organisation_id: int | None) -> Lineage:
        part = self.issue(State.OPEN, organisation_id=organisation_id)
        consent, _, of = state.partition(", petition ")
        petition, organiser = self.petition(State.DRAFT), self.people["organiser"]
        petitions.invite(organiser, petition, dossiers=[part])
        lineage = db.session.scalars(db.select(Lineage).filter_by(dossier_id=part.id)).one()
        if consent == Consent.RELEASED:
            petitions.drop(organiser, lineage)
        elif consent != Consent.ASKED:
            speaker = self.people["opener" if organisation_id is None else "contact"]
            petitions.consent(speaker, lineage, answer=Consent(consent))
        if of == State.HANDED_OVER:
            petitions.publish(organiser, petition)
        if of:
            self._brought(petition, of, organiser)
        return lineage

    def cells(self, what: str, row: Row) -> dict[str, bool]:
        """For each role, whether it has this permission."""
        self._look_again()
        return {who: self.may(what, row, who) for who in self.people}

    def may(self, what: str, row: Row, who: str) -> bool:
        """Whether this person has this permission."""
        actor = self.people[who]
        return allowed(actor, DO[what], row.about(row.thing, actor))

    def _look_again(self) -> None:
        """At what everybody is since something was done: at all of them at once, for it is done often."""
        known = [person for person in self.people.values() if person is not NOBODY]
        if any(db.inspect(person).expired for person in known):
            of_all = db.select(Person).where(
                Person.id.in_(db.inspect(person).identity[0] for person in known)
            )
            whole = of_all.options(db.selectinload(Person.memberships)).execution_options(
                populate_existing=True
            )
            db.session.scalars(whole).all()

    def table(self, endpoint: str) -> list[tuple[Row, dict[str, bool]]]:
        access = QUESTIONS[endpoint]
        return [(row, self.cells(access.who, row)) for row in self.rows[access.subject]]


def address(app: Flask, endpoint: str, method: str, values: dict[str, Any]) -> str:
    """Of this route, about the thing with these values; what is no part of the path goes behind it."""
    rules = [rule for rule in app.url_map.iter_rules(endpoint) if method in (rule.methods or ())]
    known = rules[0].arguments | {"as"}
    given = {name: value for name, value in values.items() if name in known}
    return app.url_map.bind("localhost").build(endpoint, given, method)


def lines(table: list[tuple[Row, dict[str, bool]]]) -> Iterator[str]:
    """The table; rows that follow each other and say the same are one."""
    yield "| | " + " | ".join(WHO) + " |"
    yield "|---|" + ":-:|" * len(WHO)
    for (kind, cells), same in groupby(table, lambda line: (line[0].kind, line[1])):
        states = ", ".join(WORDS.get(row.state, row.state) for row, _ in same)
        name = f"{kind}: {states}" if kind and states else kind or states
        yield f"| {name} | " + " | ".join("✓" if may else " " for may in cells.values()) + " |"


def paths(app: Flask, endpoint: str) -> str:
    rule = next(app.url_map.iter_rules(endpoint)).rule
    return " · ".join(f"`{method} {rule}`" for method in ROUTES[endpoint].methods.split())


def written(app: Flask, world: World) -> str:
    """The whole of docs/access.md."""
    tables = {endpoint: world.table(endpoint) for endpoint in QUESTIONS}
    cells = sum(len(tables[e]) * len(WHO) * len(a.methods.split()) for e, a in QUESTIONS.items())
    parts = [HEAD.format(cells=cells), *(f"- **{who}**: {what}" for who, what in WHO.items()), AFTER]
    for endpoint, access in QUESTIONS.items():
        about = f", asked about: {access.subject}" if access.subject else ""
        parts += [f"\n## {endpoint}\n\n{paths(app, endpoint)}", f"\nPermission `{access.who}`{about}.\n"]
        parts += lines(tables[endpoint])
    for who, title in OTHERS.items():
        parts.append(f"\n## {title}\n")
        parts += [f"- {paths(app, e)} {e}" for e, access in ROUTES.items() if access.who == who]
    return "\n".join(parts) + "\n"


def main() -> None:
    """On a database of its own, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(DATA_DIR=folder, DATABASE_URL="", SECRET_KEY=token_hex())
        databases.fill(app)
        with app.app_context():
            FILE.write_text(written(app, World()))
            db.session.remove()
            db.engine.dispose()
    sys.stdout.write(f"{FILE.relative_to(FILE.parent.parent)}\n")


if __name__ == "__main__":
    main()
