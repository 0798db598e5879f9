"""Whether two signatures under one dossier are one person's: the one rule, however each of them came.

`docs/signatures.md` says it in words, with a table of pairs that the tests walk through.
"""

from dataclasses import dataclass
from enum import StrEnum

from portal.dossiers.models import Way


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
    """The number of the home, from paper."""
    way: str = Way.ONLINE


def same(one: Known, other: Known) -> Verdict:
    """Whether these are the same person. It makes no difference which of them came first."""
    if one.address and other.address:
        return _by_address(one, other)
    return _by_name(one, other)


def _by_address(one: Known, other: Known) -> Verdict:
    """A mail address is one person's, or that of two people in one home: with their own names."""
    if one.address != other.address:
        return Verdict.ANOTHER
    one_home = bool(one.building) and one.building == other.building and not _differ(one.unit, other.unit)
    two_names = bool(one.name and other.name) and one.name != other.name
    return Verdict.ANOTHER if one_home and two_names else Verdict.SAME


def _by_name(one: Known, other: Known) -> Verdict:
    """Without an address, at one of them at least, the name and the home have to tell."""
    if one.name != other.name or _differ(one.building, other.building) or _differ(one.unit, other.unit):
        return Verdict.ANOTHER
    return Verdict.SAME if one.name and one.building and other.building else Verdict.ASK


def _differ(one: str, other: str) -> bool:
    """Both are known, and they are not the same."""
    return bool(one and other) and one != other
