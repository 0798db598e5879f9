"""Routing: rules in an order, of which the first that fits a dossier says where it goes. No database here."""

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from portal.similar.words import either, tokens

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
    def wanted(self) -> list[list[tuple[str, ...]]]:
        """Groups of words, of which one has to occur; each word as its stems in whatever language."""
        found = ([either(word) for word in tokens(part)] for part in _BETWEEN.split(self.words))
        return [group for group in found if group]

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
    """The terms of title, body and place, each between spaces: stems, and the parts of compounds."""


Covers = Callable[[str, str], bool]
"""(neighbourhood of a rule, that of a dossier) -> whether the second lies in the first."""


def fits(rule: Rule, look: Look, covers: Covers) -> bool:
    """Whether this rule is about such a dossier."""
    if rule.category and rule.category not in (look.category, look.main):
        return False
    if rule.neighbourhood and not covers(rule.neighbourhood, look.neighbourhood):
        return False
    wanted = rule.wanted
    return not wanted or any(all(_occurs(stems, look) for stems in group) for group in wanted)


def _occurs(stems: tuple[str, ...], look: Look) -> bool:
    """Also as the beginning of a longer word."""
    return any(f" {stem}" in look.search for stem in stems)


def first(rules: Sequence[Rule], look: Look, covers: Covers) -> int | None:
    """Place in the list of the first rule that fits; None when none does."""
    return next((place for place, rule in enumerate(rules) if fits(rule, look, covers)), None)
