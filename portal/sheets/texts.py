"""What sheets and their rows are called on the screen, and the address that stands on them."""

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from portal.accounts.texts import PROBLEMS as MAIL_PROBLEMS
from portal.accounts.texts import ROLES
from portal.dossiers.models import Way
from portal.dossiers.texts import PHOTO_PROBLEMS, Fact, Wording, wording
from portal.dossiers.timeline import Entry
from portal.sheets.models import Mark, Problem, RowState, Sheet, SheetRow, SheetState
from portal.sheets.queries import Sample, Typist
from portal.web.paths import public_url

STATES: dict[str, tuple[str, str, LazyString]] = {
    SheetState.PRINTED: ("print", "dim", lazy("printed")),
    SheetState.ENTERING: ("edit", "wait", lazy("being typed in")),
    SheetState.PAUSED: ("clock", "wait", lazy("begun, not finished")),
    SheetState.ENTERED: ("check", "good", lazy("typed in")),
}
"""Icon, tone and words of each state."""
ROWS: dict[str, tuple[str, str, LazyString]] = {
    RowState.COUNTED: ("check", "good", lazy("counts")),
    RowState.DOUBLE: ("together", "wait", lazy("counted already")),
    RowState.UNREADABLE: ("eye", "bad", lazy("cannot be read")),
    RowState.CROSSED: ("close", "dim", lazy("crossed out")),
    RowState.REMOVED: ("leave", "dim", lazy("taken out")),
}
MARKS: dict[str, LazyString] = {
    Mark.READABLE: lazy("It can be read"),
    Mark.UNREADABLE: lazy("I cannot read it"),
    Mark.CROSSED: lazy("It is crossed out"),
}
PROBLEMS: dict[str, LazyString] = {
    Problem.TOO_LONG: lazy("This is too long."),
    Problem.NO_BUILDING: lazy("Choose a building from the list."),
    Problem.NO_NAME: lazy("Write the name, or say that you cannot read it."),
    Problem.FULL: lazy("All rows of this sheet are typed in. Press “Done with this sheet”."),
    Problem.NO_ROWS: lazy("Type in at least one row first."),
    Problem.NO_REASON: lazy("Write the reason."),
    Problem.NO_VERDICT: lazy("Choose one of the two."),
    Problem.WRONG_CODE: lazy("This is no code of a sheet. Check it for a typing error."),
    Problem.UNKNOWN_CODE: lazy("We know no sheet with this code that you work on."),
    Problem.SOMEBODY_ELSE: lazy("You typed this sheet. Let somebody else of your organisation compare it."),
    Problem.UNDECIDED: lazy("Is this somebody who counts already?"),
    **MAIL_PROBLEMS,
    **PHOTO_PROBLEMS,
}
"""What is wrong, by the code that the domain gives with Invalid, or by the field when it gives another."""

FEW = 5
"""Of fewer people than this nothing is told that only holds for them."""


def address(sheet: Sheet) -> str:
    """What its QR code holds: for everybody the petition, for who may type it in the page to do so."""
    return public_url("sheets.scan", code=sheet.code)


def where(sheet: Sheet) -> str:
    """Building and stairwell; empty for a sheet for everywhere."""
    return ", ".join(part for part in (sheet.building, sheet.stairwell) if part)


def who(typist: Typist) -> str:
    """A colleague by name, others by what they are."""
    role = str(ROLES.get(typist.role, "")) if typist.role else ""
    office = _("%(role)s of %(name)s", role=role, name=typist.organisation) if role else ""
    return f"{typist.name} ({office})" if typist.name and office else typist.name or office or _("somebody")


def came_of(row: SheetRow) -> str:
    """What is said at once when a row was typed."""
    if row.state == RowState.COUNTED:
        return _("Row %(number)s counts.", number=row.number)
    if row.state == RowState.DOUBLE:
        how = already(row)
        return _("Row %(number)s: this person counts already (%(how)s).", number=row.number, how=how)
    return _("Row %(number)s is noted, and does not count.", number=row.number)


def already(row: SheetRow) -> str:
    """How the person of a double counts."""
    on_paper = row.doubles is not None and row.doubles.way == Way.PAPER
    return _("on another line on paper") if on_paper else _("online")


def compared(sample: Sample) -> str:
    """What came of comparing, in one sentence."""
    if not sample.compared:
        return _("Not compared yet.")
    parts = [_("%(right)s of %(all)s right", right=sample.right, all=sample.compared)]
    if sample.wrong:
        parts.append(ngettext("%(num)s wrong", "%(num)s wrong", sample.wrong))
    if left := sample.rows - sample.compared:
        parts.append(ngettext("%(num)s to go", "%(num)s to go", left))
    return ", ".join(parts)


def came(ways: dict[Way, int]) -> str:
    """`184 online + 17 on paper`. Of fewer than five whom somebody helped no number is told."""
    helped = ways.get(Way.ASSISTED, 0)
    if helped < FEW:
        ways = ways | {Way.ONLINE: ways.get(Way.ONLINE, 0) + helped, Way.ASSISTED: 0}
    worded = {
        Way.ONLINE: _("%(number)s online", number=ways.get(Way.ONLINE, 0)),
        Way.PAPER: _("%(number)s on paper", number=ways.get(Way.PAPER, 0)),
        Way.ASSISTED: _("%(number)s with help", number=ways.get(Way.ASSISTED, 0)),
    }
    return " + ".join(said for way, said in worded.items() if ways.get(way) or way == Way.ONLINE)


@wording("sheet_entered")
def _entered(entry: Entry) -> Wording:
    data = entry.data
    counted = ngettext("%(num)s signature", "%(num)s signatures", data["counted"])
    facts: list[Fact] = [(_("Counted"), counted)]
    words = {
        "doubles": _("Counted already"),
        "unreadable": _("Cannot be read"),
        "crossed": _("Crossed out"),
    }
    facts += [(word, str(data[name])) for name, word in words.items() if data.get(name)]
    return Wording(_("Paper sheet %(code)s typed in", code=data["sheet"]), "sheet", "lit", facts)


@wording("sheet_reopened")
def _reopened(entry: Entry) -> Wording:
    return Wording(_("Paper sheet %(code)s opened again", code=entry.data["sheet"]), "again", "wait")
