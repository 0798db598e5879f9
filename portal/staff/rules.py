"""Routing: rules in an order, of which the first that fits a dossier says where it goes. No database here."""

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from portal.dossiers import words

MOST = 100
LONGEST_WORDS = 200
_BETWEEN = re.compile(r"[,;]")


@dataclass(frozen=True)
class Rule:
    """All that is given must hold, what is empty always does. It leads to a team or another authority."""

    category: str = ""
    """A category or a main category."""
    neighbourhood: str = ""
    words: str = ""
    """Between commas: one of them has to occur; of several words together, all."""
    team: int | None = None
    authority: str = ""
    """Key of the authority it is for, if that is another one: the official gets it as a proposal."""

    @property
    def wanted(self) -> list[list[str]]:
        """The stems of each word or group of words, of which one has to occur."""
        found = (words.stems(part) for part in _BETWEEN.split(self.words))
        return [stems for stems in found if stems]

    def data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "Rule":
        return cls(**{name: kept[name] for name in cls.__dataclass_fields__ if name in kept})


@dataclass(frozen=True)
class Look:
    """What a rule looks at."""

    category: str
    main: str
    neighbourhood: str
    search: str
    """The stems of title, body and place, each between spaces."""


Covers = Callable[[str, str], bool]
"""(neighbourhood of a rule, that of a dossier) -> whether the second lies in the first."""


def fits(rule: Rule, look: Look, covers: Covers) -> bool:
    """Whether this rule is about such a dossier."""
    if rule.category and rule.category not in (look.category, look.main):
        return False
    if rule.neighbourhood and not covers(rule.neighbourhood, look.neighbourhood):
        return False
    wanted = rule.wanted
    return not wanted or any(all(f" {stem}" in look.search for stem in stems) for stems in wanted)


def first(rules: Sequence[Rule], look: Look, covers: Covers) -> int | None:
    """Place in the list of the first rule that fits; None when none does."""
    return next((place for place, rule in enumerate(rules) if fits(rule, look, covers)), None)
