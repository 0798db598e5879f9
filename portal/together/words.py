"""A first draft of what two would say together, put together from their own words and no others."""

import re
from collections.abc import Iterable, Sequence

from portal.dossiers.words import telling

ALIKE = 0.7
"""Two sentences that share so much of their telling words say the same."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def joint_body(mine: str, theirs: str, longest: int) -> str:
    """What one says, and below it the sentences of the other one that are not in it yet."""
    said = _sentences(mine)
    more = [sentence for sentence in _sentences(theirs) if not _said(sentence, said)]
    whole = "\n\n".join(part for part in (mine.strip(), " ".join(more)) if part)
    return whole if len(whole) <= longest else mine.strip()


def joint_demands(mine: Sequence[str], theirs: Iterable[str], most: int) -> list[str]:
    """All that both ask, each thing once."""
    found = list(mine)
    for demand in theirs:
        if not _said(demand, found):
            found.append(demand)
    return found[:most]


def _sentences(text: str) -> list[str]:
    return [sentence.strip() for sentence in _SENTENCE.split(text) if sentence.strip()]


def _said(sentence: str, said: Sequence[str]) -> bool:
    return not telling(sentence) or any(_same(sentence, other) for other in said)


def _same(one: str, other: str) -> bool:
    """Whether they say the same: in most words, and in every number ("at 9" is not "at 10")."""
    own, theirs = set(telling(one)), set(telling(other))
    numbers = set(re.findall(r"\d+", one)) <= set(re.findall(r"\d+", other))
    return numbers and len(own & theirs) >= ALIKE * min(len(own), len(theirs)) > 0
