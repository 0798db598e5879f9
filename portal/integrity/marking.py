"""What stands out among a dossier's signatures. A mark is a fact and no verdict."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal.dossiers.conditions import Conditions
from portal.integrity.queries import ALIKE, HOUR, Numbers

BURST = 20
"""Fewer signatures in an hour are never a burst."""
TIMES = 5
"""So many times the usual hour is one."""
SHARE = 0.25
"""A network, or a way of beginning a name, that has more than this part of all is marked."""


@dataclass(frozen=True)
class Mark:
    """`facts` are for the sentence of this kind; `conditions` find the signatures that it is about."""

    kind: str
    facts: dict[str, Any] = field(default_factory=dict)
    conditions: Conditions = field(default_factory=Conditions)
    names: bool = False
    """Its conditions hold the beginning of a name."""


def threshold(numbers: Numbers, hour: datetime) -> float:
    return max(BURST, TIMES * numbers.usual_beside(hour))


def is_burst(numbers: Numbers, hour: datetime) -> bool:
    number = numbers.hours.get(hour, 0)
    return number > BURST and number > threshold(numbers, hour)


def marks(numbers: Numbers) -> list[Mark]:
    """All that stands out, by kind."""
    return [
        *_bursts(numbers),
        *_crowds(numbers),
        *_networks(numbers),
        *_names(numbers),
        *_rapid(numbers),
        *_disposable(numbers),
    ]


def _bursts(numbers: Numbers) -> Iterator[Mark]:
    for hour, number in sorted(numbers.hours.items()):
        if is_burst(numbers, hour):
            facts = {"hour": hour, "number": number, "usual": numbers.usual_beside(hour)}
            yield Mark("burst", facts, Conditions(since=hour, until=hour + HOUR))


def _crowds(numbers: Numbers) -> Iterator[Mark]:
    for crowd in numbers.crowded:
        within = numbers.hours.get(crowd.hour, 0)
        if crowd.number > threshold(numbers, crowd.hour) and crowd.number > within * SHARE:
            facts = {"hour": crowd.hour, "number": crowd.number, "all": within, "network": crowd.network}
            found = Conditions(network=crowd.first, since=crowd.hour, until=crowd.hour + HOUR)
            yield Mark("crowd", facts, found)


def _networks(numbers: Numbers) -> Iterator[Mark]:
    for network in numbers.networks:
        if network.number > BURST and network.number > numbers.totals.live * SHARE:
            facts = {"number": network.number, "all": numbers.totals.live, "network": network.letter}
            yield Mark("network", facts, Conditions(network=network.first))


def _names(numbers: Numbers) -> Iterator[Mark]:
    for name in numbers.names:
        kind = "numbered" if name.spellings > 1 else "same_name"
        facts = {"number": name.number, "letter": name.name[:1].upper()}
        yield Mark(kind, facts, Conditions(name=name.name), names=True)


def _rapid(numbers: Numbers) -> Iterator[Mark]:
    for name in numbers.rapid:
        hour = name.hour
        if hour is not None and name.number > numbers.hours.get(hour, 0) * SHARE:
            facts = {"hour": hour, "number": name.number, "letter": name.name[:1].upper()}
            found = Conditions(name=name.name.strip(), since=hour, until=hour + HOUR)
            yield Mark("rapid", facts, found, names=True)


def _disposable(numbers: Numbers) -> Iterator[Mark]:
    number = numbers.totals.disposable
    if number >= ALIKE:
        facts = {"number": number, "all": numbers.totals.live}
        yield Mark("disposable", facts, Conditions(disposable=True))
