"""What can be seen of sheets, and who signed already."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import joinedload

from portal.accounts import addresses
from portal.accounts.models import Membership, Organisation, Role
from portal.accounts.queries import person_with
from portal.dossiers.models import Dossier, Signature, Way
from portal.dossiers.policy import reaches
from portal.dossiers.queries import Page, lies_in
from portal.dossiers.queries.alike import WITH_OWNER, counting, of_this_address, of_this_name
from portal.dossiers.rules import Known, Verdict, at_the_table, same
from portal.dossiers.words import name_key
from portal.kernel.clock import today
from portal.kernel.db import HIGHEST, db, find
from portal.kernel.errors import NotFound
from portal.kernel.policy import require
from portal.sheets.models import CODES, Checked, Sheet, SheetRow, Typed
from portal.sheets.policy import Do

PAGE = 30


# Sheets


def sheets_of(actor: Any, dossier: Dossier) -> list[Sheet]:
    """The sheets of this petition, the newest first."""
    require(actor, Do.LIST, dossier)
    wanted = db.select(Sheet).filter_by(dossier_id=dossier.id)
    return list(db.session.scalars(wanted.order_by(Sheet.issued_at.desc(), Sheet.id.desc())))


def known(code: str) -> Sheet:
    """The sheet with this code, however it is typed; NotFound when there is none."""
    written = CODES.read(code)
    found = db.session.scalar(db.select(Sheet).filter_by(code=written)) if written else None
    if found is None:
        raise NotFound(code)
    return found


def by_code(actor: Any, code: str) -> Sheet:
    """The same, for who may look at it."""
    found = known(code)
    require(actor, Do.READ, found)
    return found


def issuers(actor: Any, dossier: Dossier) -> list[Organisation]:
    """In whose name the actor may print sheets for this dossier: that of the dossier itself first."""
    organised = actor.organisations(Role.ORGANISER) if actor.is_authenticated else []
    own = [one for one in organised if one.id == dossier.organisation_id]
    return own + [one for one in organised if one not in own and reaches(one, dossier.neighbourhood_code)]


def listing(actor: Any, dossier: Dossier | None = None, number: int = 1) -> Page:
    """The sheets that the actor works on, or those of one petition; the newest first."""
    require(actor, Do.OPEN)
    wanted = db.select(Sheet).join(Dossier, Sheet.dossier_id == Dossier.id)
    if dossier is None:
        wanted = wanted.where(_mine(actor))
    else:
        require(actor, Do.LIST, dossier)
        wanted = wanted.where(Sheet.dossier_id == dossier.id)
    ids = wanted.with_only_columns(Sheet.id).subquery()
    total = db.session.scalar(db.select(db.func.count()).select_from(ids)) or 0
    page = Page([], max(1, number), total, PAGE)
    page.number = min(page.number, page.last)
    newest = wanted.options(joinedload(Sheet.dossier)).order_by(Sheet.issued_at.desc(), Sheet.id.desc())
    page.items = list(db.session.scalars(newest.limit(PAGE).offset((page.number - 1) * PAGE)))
    return page


def _mine(actor: Any) -> Any:
    """The same as Do.READ, as a condition."""
    if Role.MODERATOR in actor.roles:
        return db.true()
    own = actor.organisation_ids(Role.ORGANISER, Role.CONTACT)
    ways = [Sheet.organisation_id.in_(own), Dossier.organisation_id.in_(own)]
    for organisation in actor.organisations(Role.ORGANISER):
        if organisation.neighbourhood_code is not None:
            ways.append(lies_in(organisation.neighbourhood_code))
        elif reaches(organisation, None):
            return db.true()
    return db.or_(*ways)


# Rows


@dataclass(frozen=True)
class Tally:
    """How many rows of a sheet are in which state."""

    counted: int = 0
    double: int = 0
    unreadable: int = 0
    crossed: int = 0
    removed: int = 0

    @property
    def rows(self) -> int:
        return self.counted + self.double + self.unreadable + self.crossed + self.removed


def tallies(sheets: Iterable[Sheet]) -> dict[int, Tally]:
    """For each of these sheets, in one query."""
    found: dict[int, dict[str, int]] = {sheet.id: {} for sheet in sheets}
    wanted = db.select(SheetRow.sheet_id, SheetRow.state, db.func.count(SheetRow.id))
    wanted = wanted.where(SheetRow.sheet_id.in_(found)).group_by(SheetRow.sheet_id, SheetRow.state)
    for sheet_id, state, number in db.session.execute(wanted):
        found[sheet_id][state] = number
    return {sheet_id: Tally(**states) for sheet_id, states in found.items()}


def rows_of(sheet: Sheet) -> list[SheetRow]:
    """Its rows, the last one first, each with its signature and the one it doubles."""
    wanted = db.select(SheetRow).filter_by(sheet_id=sheet.id).order_by(SheetRow.number.desc())
    signature = joinedload(SheetRow.signature).joinedload(Signature.person)
    return list(db.session.scalars(wanted.options(signature, joinedload(SheetRow.doubles))))


def row(sheet: Sheet, number: int) -> SheetRow:
    wanted = db.select(SheetRow).filter_by(sheet_id=sheet.id, number=number)
    found = db.session.scalar(wanted) if number <= HIGHEST else None
    if found is None:
        raise NotFound(f"row {number} of {sheet.code}")
    return found


# Who types, and who compares


@dataclass(frozen=True)
class Typist:
    """Who has a sheet in hand; the name only for colleagues of the same organisation."""

    name: str
    role: str
    organisation: str


def typist(actor: Any, sheet: Sheet) -> Typist | None:
    """Who types in a sheet, or did so last."""
    person = sheet.entering_by
    if person is None:
        return None
    concerned = (sheet.organisation_id, sheet.dossier.organisation_id)
    theirs = sorted(person.current_memberships, key=lambda one: one.organisation_id not in concerned)
    colleagues = {one.organisation_id for one in actor.current_memberships}
    shared = any(one.organisation_id in colleagues for one in theirs)
    if not theirs:
        return Typist("", "", "")
    return Typist(person.name if shared else "", theirs[0].role, theirs[0].organisation.name)


def typed_by(sheet: Sheet) -> set[int]:
    """Who typed at least one of its rows."""
    wanted = db.select(SheetRow.typed_by_id).filter_by(sheet_id=sheet.id).distinct()
    return {number for number in db.session.scalars(wanted) if number is not None}


def somebody_else(sheet: Sheet, but: Iterable[int]) -> bool:
    """Whether the organisation of this sheet has an organiser or contact who is none of these."""
    wanted = db.select(Membership.id).where(
        Membership.organisation_id == sheet.organisation_id,
        Membership.role.in_([Role.ORGANISER, Role.CONTACT]),
        Membership.starts_on <= today(),
        db.or_(Membership.ends_on.is_(None), Membership.ends_on >= today()),
        Membership.person_id.not_in(list(but)),
    )
    return db.session.scalar(wanted.limit(1)) is not None


def may_compare(actor: Any, sheet: Sheet) -> bool:
    """Not who typed it, as long as there is somebody else."""
    typists = typed_by(sheet)
    return actor.id not in typists or not somebody_else(sheet, typists)


@dataclass(frozen=True)
class Sample:
    """What came of comparing rows with the paper, for one sheet or for all of a petition."""

    sheets: int
    rows: int
    right: int
    wrong: int

    @property
    def compared(self) -> int:
        return self.right + self.wrong


def sample(dossier: Dossier) -> Sample:
    """Of all sheets of this petition, in one query."""
    numbers = [db.func.count(db.case((SheetRow.checked == checked, 1))) for checked in Checked]
    wanted = db.select(db.func.count(db.distinct(Sheet.id)), db.func.count(SheetRow.id), *numbers)
    wanted = wanted.join(SheetRow, SheetRow.sheet_id == Sheet.id).where(SheetRow.sampled)
    found = db.session.execute(wanted.where(Sheet.dossier_id == dossier.id)).one()
    return Sample(*found)


def sample_of(rows: Sequence[SheetRow]) -> Sample:
    """Of one sheet."""
    taken = [row.checked for row in rows if row.sampled]
    return Sample(1, len(taken), taken.count(Checked.RIGHT), taken.count(Checked.WRONG))


# Who signed already


@dataclass(frozen=True)
class Match:
    """A signature of the same dossier that counts, and may be of the same person."""

    signature: Signature
    certain: bool


def read_from(typed: Typed) -> Known:
    """What a line of the paper says of the one who wrote it; Invalid("email", …) for what is no address."""
    address = addresses.key(typed.email) if typed.email else ""
    return Known(address, name_key(typed.name), typed.building, typed.unit)


def match(dossier: Dossier, line: Known, *, but: int | None = None) -> Match | None:
    """Whether whoever wrote this line counts already; `but`: not by this signature, which is the line's own.

    Where they may do so (`rules.at_the_table`), the one who has the paper says whether they do.
    """
    may_be = None
    for found in _candidates(dossier, line):
        verdict = at_the_table(line, Known.of(found)) if found.id != but else Verdict.ANOTHER
        if verdict == Verdict.SAME:
            return Match(found, True)
        may_be = may_be or (found if verdict == Verdict.ASK else None)
    return Match(may_be, False) if may_be is not None else None


def _candidates(dossier: Dossier, line: Known) -> Iterator[Signature]:
    """By the mail address, by the whole name, and in the same building by the last name."""
    wanted = [of_this_address(dossier.id, line)] if line.address else []
    wanted.append(of_this_name(dossier.id, line))
    if line.building:
        last = line.name.rpartition(" ")[2]
        neighbours = counting(dossier.id).filter_by(building=line.building)
        wanted.append(neighbours.where(Signature.name_key.endswith(f" {last}", autoescape=True)))
    for query in wanted:
        yield from db.session.scalars(query.options(WITH_OWNER))


@dataclass(frozen=True)
class Hint:
    """Who counts already and may be the same: the name from paper, or what its owner chose to show."""

    name: str
    unit: str
    on_paper: bool


def hint(sheet: Sheet, signature_id: int) -> Hint:
    found = find(Signature, signature_id)
    if found.dossier_id != sheet.dossier_id:
        raise NotFound(f"signature {signature_id}")
    on_paper = found.way == Way.PAPER
    return Hint(found.name if on_paper or found.shown else "", found.unit if on_paper else "", on_paper)


def waiting(dossier: Dossier, email: str) -> Signature | None:
    """The signature from this mailbox that cannot count, yet or any more: a person has one row at most."""
    person = person_with(email)
    if person is None:
        return None
    wanted = db.select(Signature).filter_by(dossier_id=dossier.id, person_id=person.id)
    return db.session.scalar(wanted)


def equal_online(signature: Signature) -> Signature | None:
    """What counts in the place of a signature from paper, and is not from paper: the newest."""
    paper = Known.of(signature)
    wanted = of_this_name(signature.dossier_id, paper).where(Signature.way != Way.PAPER)
    found = db.session.scalars(wanted.options(WITH_OWNER))
    return next((one for one in reversed(found.all()) if same(paper, Known.of(one)) == Verdict.SAME), None)


def has_photo(key: str) -> bool:
    """Whether a sheet has this file."""
    return db.session.scalar(db.select(Sheet.id).filter_by(photo=key).limit(1)) is not None
