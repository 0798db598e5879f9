"""Forty pairs of signatures under one dossier, and what comes of each: the table of docs/signatures.md.

The table in the document is written from here (`python -m tests.dossiers.pairs`), and test_pairs.py walks
through every line of it: document and portal cannot say different things.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portal.dossiers.models import Way
from portal.dossiers.rules import Verdict

FILE = Path(__file__).parents[2] / "docs" / "signatures.md"
BEGIN, END = "<!-- pairs: begin -->\n", "<!-- pairs: end -->\n"
SAME, ANOTHER, ASK = Verdict.SAME, Verdict.ANOTHER, Verdict.ASK


@dataclass(frozen=True)
class Given:
    """What somebody writes, and what they do afterwards."""

    name: str
    address: str = ""
    building: str = ""
    unit: str = ""
    way: Way = Way.ONLINE
    signed_in: bool = False
    then: str = "confirmed"
    """pending: does not open the mail; withdrawn: steps out again; invalid: a moderator strikes it out."""

    def __str__(self) -> str:
        home = f"{self.building} {self.unit}".strip()
        how = {Way.PAPER: "on paper", Way.ASSISTED: "with help"}.get(self.way, "")
        how = "signed in" if self.signed_in else how
        then = {
            "pending": "does not confirm",
            "withdrawn": "steps out",
            "invalid": "is struck out",
        }.get(self.then, "")
        code = f"`{self.address}`" if self.address else ""
        return ", ".join(part for part in (self.name, code, home, how, then) if part)


@dataclass(frozen=True)
class Pair:
    first: Given
    second: Given
    rule: str
    verdict: Verdict | None
    """None where the two alone do not decide: a third at one address, a name that is refused."""
    counts: int
    states: tuple[str, ...]
    """Of every signature that there is afterwards, in order."""
    told: str
    """The one who came second."""
    with_: Given | None = None
    """Somebody of the first one's home who signed before the second one came."""


TOLD = {
    "confirm": "mail: confirm",
    "already": "mail: it counts already",
    "third": "mail to the first: a third tried",
    "page": "page: it counts",
    "refused": "form: write a name, not an address of a website",
    "thanks": "nothing more: it was said on the spot",
    "look": "nothing yet; who enters it sees both and chooses",
}
ADDRESS, SPELLING = "one address, one person", "two spellings of one address"
OTHER_ADDRESS = "two addresses, two people"
HOME = "one address, two names, one building: a household"
NO_HOME = "one address, two names, not one known building: one person"
PAPER = "without an address: name and home"
ann = Given("Ann de Vries", "ann@homes.example")
home = Given("Ann de Vries", "ann@homes.example", "Kempering")
ben = Given("Ben Mensah", "ann@homes.example", "Kempering")
ONE, TWO = ("confirmed",), ("confirmed", "confirmed")


def again(first: str, second: str, rule: str = SPELLING) -> Pair:
    """The same name with two addresses that are one mailbox."""
    return Pair(Given("Ann", first), Given("Ann", second), rule, SAME, 1, ONE, "already")


def two(first: str, second: str) -> Pair:
    return Pair(Given("Ann", first), Given("Ann", second), OTHER_ADDRESS, ANOTHER, 2, TWO, "confirm")


def paper(name: str, building: str = "", unit: str = "", address: str = "", way: Way = Way.PAPER) -> Given:
    return Given(name, address, building, unit, way)


PAIRS = [
    again("ann@homes.example", "ann@homes.example", ADDRESS),
    again("ann@homes.example", "ANN@Homes.Example"),
    again("ann@homes.example", "ann+petition@homes.example"),
    again("a.n.n@gmail.com", "ann@gmail.com"),
    again("ann@gmail.com", "ann@googlemail.com"),
    again("ann@protonmail.com", "an.n@pm.me"),
    again("ann@icloud.com", "ann@me.com"),
    again("ann@yandex.ru", "ann@ya.ru"),
    again("ann@fastmail.com", "petition@ann.fastmail.com"),
    again("ann@bücher.example", "ann@xn--bcher-kva.example"),
    again("ren\u00e9@homes.example", "RENE\u0301@homes.example"),
    two("a.nn@homes.example", "ann@homes.example"),
    two("ann@hotmail.com", "ann@outlook.com"),
    two("ann@straße.example", "ann@strasse.example"),
    two("ann@homes.example", "ann@work.example"),
    Pair(Given("Ann de Vries", "ann@homes.example", then="pending"), ann, ADDRESS, SAME, 1, ONE, "confirm"),
    Pair(Given("Ann de Vries", "ann@homes.example", then="withdrawn"), ann, ADDRESS, SAME, 1, ONE, "confirm"),
    Pair(
        Given("Ann de Vries", "ann@homes.example", then="invalid"),
        ann,
        "struck out stays struck out",
        SAME,
        0,
        ("invalid",),
        "already",
    ),
    Pair(
        home,
        Given("ANN DE-VRIES", "ann@homes.example", "Kempering"),
        "two spellings of one name",
        SAME,
        1,
        ONE,
        "already",
    ),
    Pair(
        Given("José Gómez", "j@homes.example", "Kempering"),
        Given("Jose Gomez", "j@homes.example", "Kempering"),
        "two spellings of one name",
        SAME,
        1,
        ONE,
        "already",
    ),
    Pair(ann, Given("Ben Mensah", "ann@homes.example"), NO_HOME, SAME, 1, ONE, "already"),
    Pair(home, Given("Ben Mensah", "ann@homes.example", "Kouwenoord"), NO_HOME, SAME, 1, ONE, "already"),
    Pair(ann, ben, NO_HOME, SAME, 1, ONE, "already"),
    Pair(home, ben, HOME, ANOTHER, 2, TWO, "confirm"),
    Pair(
        home,
        Given("Ben Mensah", "ann@homes.example", "Kempering", then="pending"),
        HOME,
        ANOTHER,
        1,
        ("confirmed", "pending"),
        "confirm",
    ),
    Pair(
        Given("Ann de Vries", "ann@homes.example", "Kempering", then="withdrawn"),
        ben,
        HOME,
        ANOTHER,
        1,
        ("withdrawn", "confirmed"),
        "confirm",
    ),
    Pair(home, ben, "each of a household counts once", ANOTHER, 2, TWO, "already", with_=ben),
    Pair(
        home,
        Given("Cem Aydin", "ann@homes.example", "Kempering"),
        "a third at one address is taken for the first",
        None,
        2,
        TWO,
        "third",
        with_=ben,
    ),
    Pair(
        Given("Ann de Vries", "ann@homes.example", "Kempering", then="pending"),
        Given("Cem Aydin", "ann@homes.example", "Kempering"),
        "a third changes nothing, whoever confirmed",
        None,
        1,
        ("pending", "confirmed"),
        "third",
        with_=ben,
    ),
    Pair(
        ann,
        Given("Buy at www.lamps.example", "b@homes.example"),
        "a name is no website",
        None,
        1,
        ONE,
        "refused",
    ),
    Pair(
        Given("Ann", "ann@homes.example", signed_in=True),
        Given("Ann", "ann@homes.example", signed_in=True),
        ADDRESS,
        SAME,
        1,
        ONE,
        "page",
    ),
    Pair(Given("Ann", "ann@homes.example", signed_in=True), ann, ADDRESS, SAME, 1, ONE, "already"),
    Pair(
        Given("Ann", "ann@homes.example", then="pending"),
        Given("Ann", "ann@homes.example", signed_in=True),
        ADDRESS,
        SAME,
        1,
        ONE,
        "page",
    ),
    Pair(home, paper("Ann de Vries", "Kempering", "12"), PAPER, SAME, 1, ONE, "thanks"),
    Pair(home, paper("A. Vries", "", "", "Ann+x@homes.example"), ADDRESS, SAME, 1, ONE, "thanks"),
    Pair(
        paper("Ann de Vries", "Kempering", "12"),
        paper("ann de vries", "Kempering", "14"),
        "one name, two homes: two people",
        ANOTHER,
        2,
        TWO,
        "thanks",
    ),
    Pair(
        paper("Ann de Vries", "Kempering", "12"),
        paper("Ben Mensah", "Kempering", "12"),
        PAPER,
        ANOTHER,
        2,
        TWO,
        "thanks",
    ),
    Pair(
        ann,
        paper("Ann de Vries", "Kempering", "12"),
        "one name, a home unknown: somebody looks",
        ASK,
        1,
        ONE,
        "look",
    ),
    Pair(
        paper("Ann de Vries", "Kempering", "12"),
        paper("Ann de Vries", "Kempering", "12", way=Way.ASSISTED),
        PAPER,
        SAME,
        1,
        ONE,
        "thanks",
    ),
    Pair(
        ben,
        paper("Oma Mensah", "Kempering", way=Way.ASSISTED),
        "the helper's address is not theirs: name and home",
        ANOTHER,
        2,
        TWO,
        "thanks",
    ),
]


def table() -> Iterator[str]:
    yield "| | First | Second | Rule | Counts | States | The second is told |"
    yield "|--:|---|---|---|--:|---|---|"
    for number, pair in enumerate(PAIRS, 1):
        first = f"{pair.first}; then {pair.with_}" if pair.with_ else str(pair.first)
        cells = (first, pair.second, pair.rule, pair.counts, ", ".join(pair.states), TOLD[pair.told])
        yield f"| {number} | " + " | ".join(map(str, cells)) + " |"


def written() -> str:
    """The whole document, with the table as it is here."""
    before, _, rest = FILE.read_text().partition(BEGIN)
    return before + BEGIN + "\n".join(["", *table(), "", ""]) + END + rest.partition(END)[2]


if __name__ == "__main__":
    FILE.write_text(written())
