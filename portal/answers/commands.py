"""What authorities say to a dossier: by themselves, among themselves, or written down by others."""

from datetime import date
from typing import Any

from portal.accounts.models import Organisation, OrganisationKind, Person, Role
from portal.answers.models import REPLIES, Answer, AnswerKind, Found, Problem, named
from portal.answers.policy import ASKED, Do, addressed
from portal.dossiers.commands import in_whose_name, name_addressee, start_clock
from portal.dossiers.models import LIFECYCLE, Addressee, AddresseeState, Dossier
from portal.dossiers.timeline import Entry, record
from portal.kernel import jobs
from portal.kernel.clock import today
from portal.kernel.commands import command
from portal.kernel.errors import Invalid, NotAllowed
from portal.kernel.workdays import last_of_month

ANSWERING_KINDS = frozenset({OrganisationKind.AUTHORITY, OrganisationKind.COMMITTEE})
LONGEST_NOTE = 5000


@command(Do.ANSWER)
def answer(
    actor: Person,
    dossier: Dossier,
    *,
    organisation: Organisation,
    kind: str,
    text: str,
    level: str | None = None,
    **facts: Any,
) -> Entry:
    """Answer in the name of an authority that the dossier was put to. `facts`: the other fields of Answer."""
    addressee = next((a for a in addressed(actor, dossier) if a.organisation_id == organisation.id), None)
    if addressee is None:
        raise NotAllowed(f"{Do.ANSWER} for {organisation.key}")
    given = Answer(organisation, kind, text, level, **facts)
    _refuse(given.problems(today()))
    _settle(addressee, given, today())
    return _tell(actor, dossier, given, role=Role.OFFICIAL, addressee=organisation.key)


def place(addressee: Addressee, given: Answer, **how: Any) -> Entry:
    """What an authority says without anybody signed in: held to the same rules. For use inside a command."""
    _refuse(given.problems(today()))
    _settle(addressee, given, today())
    return _tell(None, addressee.dossier, given, role=Role.OFFICIAL, addressee=given.organisation.key, **how)


@command(Do.NOTE)
def note(actor: Person, dossier: Dossier, *, text: str, organisation: Organisation | None = None) -> Entry:
    """Write something down for colleagues: only officials of the same authority ever see it."""
    own = [a.organisation for a in addressed(actor, dossier, ASKED)]
    if organisation is not None and organisation not in own:
        raise NotAllowed(f"{Do.NOTE} for {organisation.key}")
    if not text.strip() or len(text) > LONGEST_NOTE:
        raise Invalid("text", Problem.TOO_LONG if text.strip() else Problem.NO_TEXT)
    who = organisation or own[0]
    return record(
        dossier, "noted", by=actor, organisation=who, role=Role.OFFICIAL, text=text.strip(), audience=who
    )


@command(Do.WRITE_DOWN)
def write_down(
    actor: Person,
    dossier: Dossier,
    *,
    of: Organisation,
    kind: str,
    text: str,
    told_on: date,
    precision: str = "day",
    level: str | None = None,
    **facts: Any,
) -> Entry:
    """Write down what an authority said elsewhere, in a letter or at a meeting. It need not be an addressee.

    What was not said (a day, a reason) may stay open: that too is a fact.
    """
    if of.kind not in ANSWERING_KINDS:
        raise Invalid("of", Problem.NO_AUTHORITY)
    if told_on > today():
        raise Invalid("told_on", Problem.NOT_YET)
    given = Answer(of, kind, text, level, **facts)
    _refuse(given.impossible(told_on))
    addressee = next((a for a in dossier.addressees if a.organisation_id == of.id), None)
    moves = addressee is not None and addressee.state in ASKED and LIFECYCLE.can(dossier, "answer")
    if addressee is not None and moves and _since_asked(addressee, told_on, precision):
        _settle(addressee, given, told_on, precision)
    how = {"told_on": told_on, "precision": precision, "written_down_by": writer(actor, dossier)}
    return _tell(actor, dossier, given, addressee=of.key if addressee else None, **how)


def writer(actor: Any, dossier: Dossier) -> dict[str, str]:
    """Who writes something down: an organisation, or nobody by name."""
    organisation = in_whose_name(actor, dossier).get("organisation")
    return named(organisation) if organisation else {"key": "", "name": ""}


def _refuse(found: Found) -> None:
    for field, problem in found:
        raise Invalid(field, problem)


def _since_asked(addressee: Addressee, told_on: date, precision: str) -> bool:
    """Whether this was said after the dossier was put to them; what was said before answers nothing."""
    if precision == "month":
        told_on = last_of_month(told_on)
    return addressee.handed_over_on is None or told_on >= addressee.handed_over_on


def _settle(addressee: Addressee, given: Answer, on: date, precision: str = "day") -> None:
    """Stop the clock of this authority, start that of the next one, and move the dossier."""
    if given.kind in REPLIES:
        return
    if addressee.state == AddresseeState.WAITING:
        addressee.answered_on = on
        addressee.term = {**addressee.term, "answered": precision}
    addressee.state = AddresseeState.ANSWERED
    move = "finish" if given.kind == AnswerKind.DONE else "answer"
    if given.transfer_to is not None and given.kind == AnswerKind.TRANSFERRED:
        addressee.state = AddresseeState.TRANSFERRED
        _ask_next(addressee.dossier, given.transfer_to, on, precision)
        move = "hand_over"
    LIFECYCLE.make(addressee.dossier, move)


def _ask_next(dossier: Dossier, organisation: Organisation, on: date, precision: str) -> None:
    """Put the dossier to another authority; a clock that runs there already runs on."""
    known = next((a for a in dossier.addressees if a.organisation_id == organisation.id), None)
    following = known or name_addressee(dossier, organisation)
    if following.state != AddresseeState.WAITING:
        start_clock(following, on, precision)


def _tell(actor: Person | None, dossier: Dossier, given: Answer, **how: Any) -> Entry:
    """The entry, and the mails to all who support the dossier."""
    entry = record(
        dossier,
        "answered",
        by=actor,
        organisation=given.organisation,
        text=given.text.strip(),
        **given.data(),
        **how,
    )
    jobs.later("notices.answered", entry_id=entry.id)
    return entry
