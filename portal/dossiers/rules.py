"""Whether two signatures under one dossier are one person's: the one rule, however each of them came.

`docs/signatures.md` says it in words, with a table of pairs that the tests walk through. What may be the same
is fetched by `queries/alike.py`.
"""

from dataclasses import dataclass
from enum import StrEnum

from portal.dossiers.models import Signature
from portal.dossiers.words import same_home


class Verdict(StrEnum):
    SAME = "same"
    """One person: it counts once."""
    ANOTHER = "another"
    """Two people: both count."""
    ASK = "ask"
    """What is written does not tell. Somebody looks at both; until then it counts once."""


@dataclass(frozen=True)
class Known:
    """What a signature says of the one who gave it; empty where it says nothing."""

    address: str = ""
    """The key of the mail address (`accounts.addresses.key`), never that of a helper."""
    name: str = ""
    """As `words.name_key` makes it."""
    building: str = ""
    unit: str = ""
    """The number of the home, from paper or with help."""

    @classmethod
    def of(cls, signature: Signature) -> "Known":
        address = signature.person.mailbox_key if signature.person is not None else None
        return cls(address or "", signature.name_key, signature.building, signature.unit)


def same(one: Known, other: Known) -> Verdict:
    """Whether these are the same person. It makes no difference which of them came first."""
    if one.address and other.address:
        return _by_address(one, other)
    return _by_name(one, other)


def at_the_table(one: Known, other: Known) -> Verdict:
    """The same, where somebody has the paper in hand: of two in one home who may be one they can tell."""
    verdict = same(one, other)
    if verdict != Verdict.ANOTHER or not _one_home(one, other):
        return verdict
    one_address = bool(one.address) and one.address == other.address
    return Verdict.ASK if one_address or _alike(one.name, other.name) else verdict


def _by_address(one: Known, other: Known) -> Verdict:
    """A mail address is one person's, or that of two people in one home: with their own names."""
    if one.address != other.address:
        return Verdict.ANOTHER
    two_names = bool(one.name and other.name) and one.name != other.name
    return Verdict.ANOTHER if two_names and _one_home(one, other) else Verdict.SAME


def _by_name(one: Known, other: Known) -> Verdict:
    """Without an address, at one of them at least, the name and the home have to tell."""
    elsewhere = bool(one.building and other.building) and one.building != other.building
    if one.name != other.name or elsewhere or not same_home(one.unit, other.unit):
        return Verdict.ANOTHER
    return Verdict.SAME if one.name and one.building and other.building else Verdict.ASK


def _one_home(one: Known, other: Known) -> bool:
    return bool(one.building) and one.building == other.building and same_home(one.unit, other.unit)


def _alike(one: str, other: str) -> bool:
    """The same name; or, as `j jansen` and `johanna jansen`, the same last name and an initial that fits."""
    names, others = one.split(), other.split()
    if one == other or len(names) < 2 or len(others) < 2 or names[-1] != others[-1]:
        return one == other
    return names[0][0] == others[0][0] and 1 in {len(names[0]), len(others[0])}
