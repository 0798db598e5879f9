"""Rows of the table of access: what one is, and those about who supports a dossier, also on paper."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from secrets import token_hex
from types import SimpleNamespace
from typing import Any

from portal.accounts.models import Organisation, OrganisationKind
from portal.accounts.queries import sessions_of
from portal.answers import commands as answers
from portal.answers.models import AnswerKind, Level
from portal.assistance.models import Mandate
from portal.assistance.queries import mandate_for
from portal.composer import commands as composer
from portal.composer.models import AnswerFile, AnswerTemplate
from portal.dossiers import commands as dossiers
from portal.dossiers.conditions import Conditions
from portal.dossiers.models import Dossier, Held, Stand, State, Strike
from portal.kernel import storage
from portal.kernel.clock import today
from portal.kernel.db import db, one
from portal.kernel.policy import NOBODY, SYSTEM
from portal.mailroom import commands as mailroom
from portal.mailroom.models import Mail, MailState, Why
from portal.mailroom.reading.attachments import Kept
from portal.printing import commands as printing
from portal.printing.models import PrintJob
from portal.promises import commands as promises
from portal.promises.models import Promise, Trial
from portal.promises.queries import Line
from portal.questions import commands as questions
from portal.questions.models import Question, QuestionState
from portal.sheets.models import Sheet
from portal.verdicts.queries import ballot
from tests.assistance.making import a_mandate
from tests.factories import a_passkey, a_person, a_session, a_signature, an_organisation
from tests.promises.making import a_trial
from tests.sheets.making import a_sheet_that_is


@dataclass
class Row:
    """A line of a table: a thing in a state, made when it is asked for; `renew`: another one."""

    kind: str
    state: str
    make: Callable[[], Any]
    url: Callable[[Any], dict[str, Any]] = lambda thing: {}
    """What an address says about this thing."""
    about: Callable[[Any, Any], Any] = lambda thing, actor: thing
    """What the policy is asked about this thing and a person."""

    @cached_property
    def thing(self) -> Any:
        return self.make()

    def renew(self) -> None:
        self.__dict__.pop("thing", None)

    @property
    def name(self) -> str:
        return f"{self.kind}: {self.state}".replace("_", " ").strip(": ")


class SupportRows:
    """What a world of people and dossiers makes of signatures: sheets, mandates, stands, strikes."""

    people: dict[str, Any]
    rows: dict[str, list[Row]]
    platform: Organisation
    authority: Organisation
    issue: Callable[..., Dossier]
    petition: Callable[[str], Dossier]

    def _session(self) -> SimpleNamespace:
        """What is asked of one; the row itself goes when its owner signs out everywhere else."""
        neighbour = self.people["neighbour"]
        a_session(neighbour)
        return SimpleNamespace(id=sessions_of(neighbour)[0].id, person_id=neighbour.id)

    def _passkey(self) -> SimpleNamespace:
        """What is asked of one; the row itself goes when its owner removes it."""
        neighbour = self.people["neighbour"]
        return SimpleNamespace(id=a_passkey(neighbour).id, person_id=neighbour.id)

    def _printed(self) -> PrintJob:
        how = {"organisation": self.platform, "buildings": [("", "")], "copies": 1, "rows": 10}
        petition = self.petition(State.GATHERING)
        made: PrintJob = printing.order(self.people["organiser"], petition, language="nl", **how)
        printing.finish(SYSTEM, made, key=storage.put(f"Sheets of {petition.ref}".encode(), "pdf"))
        return made

    def _sheet(self, state: str) -> Row:
        """A sheet of the platform's petition; the organiser typed it."""

        def made() -> Sheet:
            return a_sheet_that_is(state, self.petition(State.GATHERING), self.people["organiser"])

        return Row("sheet", state, made, lambda sheet: {"code": sheet.code, "number": 1})

    def _helping(self, state: str) -> Row:
        """Everybody here who has an account helps, or helped, for one platform."""

        def made() -> tuple[Organisation, Dossier]:
            platform = an_organisation(OrganisationKind.PLATFORM)
            for person in [*self.people.values(), a_person()]:
                if person.is_authenticated and state != "none":
                    a_mandate(person, platform, state=state)
            return platform, self.issue(State.OPEN)

        def own(thing: tuple[Organisation, Dossier], actor: Any) -> Any:
            known = actor.is_authenticated and state != "none"
            return mandate_for(actor, thing[0].key) if known else a_mandate(of=thing[0])

        return Row("own mandate", state, made, lambda thing: {"as": thing[0].key, "ref": thing[1].ref}, own)

    def _mandates(self, state: str) -> Callable[[], Mandate]:
        return lambda: a_mandate(self.people["neighbour"], self.platform, state=state)

    def _of(self, mandate: Mandate) -> dict[str, Any]:
        return {"mandate_id": mandate.id}

    def _watched(self, kind: str, make: Callable[[str], Dossier]) -> Row:
        """One signature counts and one waits for a look."""

        def made() -> Dossier:
            dossier = make(State.GATHERING if kind == "petition" else State.OPEN)
            a_signature(dossier, name="Somebody")
            trace = dossiers.Trace(held=Held.NETWORK)
            signature = dossiers.sign(
                NOBODY, dossier, name="Another", email=f"{token_hex(6)}@homes.example", trace=trace
            )
            dossiers.confirm(signature.person, signature)
            return dossier

        return Row(kind, "with signatures", made, lambda dossier: {"ref": dossier.ref})

    def _filed(self, state: str) -> Row:
        """A dossier whose answer came with a document; a moderator may have hidden it since."""

        def made() -> Dossier:
            dossier, official = self.issue(State.HANDED_OVER), self.people["official"]
            own = {"organisation": self.authority}
            key = storage.put(f"With {dossier.ref}".encode(), "pdf")
            file = AnswerFile(kind="pdf", name="A drawing", size=10, large=key)
            composer.attach(official, dossier, file=file, **own)
            said = {"kind": "done", "text": "It is done.", "level": "decision"}
            composer.send(official, dossier, files=[key], **own, **said)
            if state == "hidden":
                dossiers.hide(self.people["moderator"], dossier, reason="It names somebody.")
            return dossier

        def url(dossier: Dossier) -> dict[str, Any]:
            wanted = db.select(AnswerFile.large).filter_by(dossier_id=dossier.id)
            return {"ref": dossier.ref, "key": db.session.scalar(wanted)}

        return Row("a file with an answer", state, made, url)

    def _template(self) -> AnswerTemplate:
        words = {"name": "Received", "text": "About {title}."}
        made: AnswerTemplate = composer.write_template(self.people["official"], self.authority, **words)
        return made

    def _strike(self) -> Strike:
        dossier = self.rows["watched"][0].make()
        given: dict[str, Any] = {
            "conditions": Conditions(name="Somebody"),
            "expected": 1,
            "reason": "One machine.",
        }
        made: Strike = dossiers.strike(self.people["moderator"], dossier, **given)
        return made

    def _stand(self) -> Stand:
        petition = self.petition(State.GATHERING)
        given: dict[str, Any] = {"place": "The metro", "hours": 4, "most": 100}
        made: Stand = dossiers.open_stand(self.people["organiser"], petition, **given)
        return made

    def _mail(self) -> Mail:
        """A mail that waits for who works for the authority, with a file like no other."""
        dossier = self.petition(State.HANDED_OVER)
        (addressee,) = dossier.addressees
        word = token_hex(8)
        file = Kept(storage.put(word.encode(), "txt"), "txt", len(word))
        given = {"number": word, "state": MailState.WAITING, "why": Why.NOT_SURE, "text": "We look at it."}
        made: Mail = mailroom.receive(SYSTEM, dossier, addressee=addressee, files=[file], **given)
        return made

    def _promised(self) -> Promise:
        """Of the authority, about a report that was handed over to it."""
        issue = self.issue(State.HANDED_OVER)
        told = {"kind": "promise", "text": "A lamp comes.", "told_on": today()}
        entry = answers.write_down(issue.opener, issue, of=self.authority, **told)
        made: Promise = one(Promise, entry_id=entry.id)
        return made

    def _trial(self, state: str) -> Trial:
        made = a_trial(self.people["official"], self.issue(State.HANDED_OVER), by=self.authority)
        if state == "closed":
            over = {"outcome": "It helped.", "decision": "none_yet"}
            promises.close_trial(self.people["official"], made, **over)
        return made

    def _promise_rows(self) -> dict[str, list[Row]]:
        def line() -> Line:
            promise = self._promised()
            return Line(promise.dossier, promise.organisation, promise)

        def where(line: Line) -> dict[str, Any]:
            return {"key": self.authority.key, **self._place("promise_id")(line.promise)}

        trials = [
            Row("a trial of the authority", s, lambda s=s: self._trial(s), self._place("trial_id"))
            for s in ("open", "closed")
        ]
        promised = Row("", "a promise of the authority", self._promised, self._place("promise_id"))
        own = Row("", "a promise of the authority", line, where)
        return {"promise": [promised], "trial": trials, "line": [own]}

    def _place(self, number: str) -> Callable[[Any], dict[str, Any]]:
        return lambda thing: {"ref": thing.dossier.ref, number: thing.id}

    def _asked(self) -> Dossier:
        """Everybody here who has an account supports it; the authority calls it done."""
        dossier: Dossier = self.issue(State.OPEN)
        dossiers.hand_over(dossier.opener, dossier)
        for person in self.people.values():
            if person.is_authenticated:
                a_signature(dossier, person)
        return self._said(dossier, AnswerKind.DONE)

    def _said(self, dossier: Dossier, kind: str) -> Dossier:
        said = {"kind": kind, "text": "We looked at it.", "level": Level.DECISION}
        answers.answer(self.people["official"], dossier, organisation=self.authority, **said)
        return dossier

    def _supported(self) -> Row:
        return Row(
            "supported by all", "done", self._asked, lambda d: {"ref": d.ref}, lambda d, who: ballot(who, d)
        )

    def _question(self, kind: str, state: str) -> Row:
        """What the authority asks those whose dossier it is; they replied, or not yet."""

        def made() -> Question:
            make = self.petition if kind == "petition" else self.issue
            dossier = self._said(make(State.HANDED_OVER), AnswerKind.QUESTION)
            question = db.session.scalars(db.select(Question).filter_by(dossier_id=dossier.id)).one()
            if state == QuestionState.REPLIED:
                questions.reply(self.people["opener"], question, text="The left one.")
            return question

        return Row(kind, state, made, lambda q: {"ref": q.dossier.ref, "question_id": q.id})
