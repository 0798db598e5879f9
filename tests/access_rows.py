"""Rows of the table of access: what one is, and those about who supports a dossier, also on paper."""

from collections.abc import Callable
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

from portal.accounts.models import Organisation, OrganisationKind
from portal.answers import commands as answers
from portal.assistance.models import Mandate
from portal.assistance.queries import mandate_for
from portal.dossiers import commands as dossiers
from portal.dossiers.conditions import Conditions
from portal.dossiers.models import Dossier, Held, Stand, State, Strike
from portal.kernel import storage
from portal.kernel.clock import today
from portal.kernel.db import one
from portal.kernel.policy import NOBODY, SYSTEM
from portal.printing import commands as printing
from portal.printing.models import PrintJob
from portal.promises import commands as promises
from portal.promises.models import Promise, Trial
from portal.promises.queries import Line
from portal.sheets.models import Sheet
from tests.assistance.making import a_mandate
from tests.factories import a_person, a_signature, an_organisation
from tests.promises.making import a_trial
from tests.sheets.making import a_sheet_that_is


@dataclass
class Row:
    """A line of a table: a thing in a state, for real. `make` makes such a thing, `renew` another one."""

    kind: str
    state: str
    make: Callable[[], Any]
    url: Callable[[Any], dict[str, Any]] = lambda thing: {}
    """What an address says about this thing."""
    about: Callable[[Any, Any], Any] = lambda thing, actor: thing
    """What the policy is asked about this thing and a person."""
    thing: Any = field(init=False)

    def __post_init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        self.thing = self.make()

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
