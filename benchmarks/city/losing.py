"""The leading database is killed, as if its machine lost power, while people sign and report."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.city.place import City, Node
from benchmarks.city.visitor import NAME
from benchmarks.faults.people import PATIENCE, People
from benchmarks.faults.place import WAITING, Account, account
from benchmarks.http import Line

SIGNERS = 6
BEFORE, AFTER = 10.0, 10.0
"""Seconds that people sign before it is killed, and after all is well."""
LOOK = 0.05


@dataclass
class Lost:
    """What came of it. Times are seconds since it was killed."""

    promoted: float
    signed: float
    """Until a signature was acknowledged that was sent after it."""
    back: float
    """Until the one that was killed, and started again as soon as the other led, followed synchronously."""
    longest: float
    """The longest time in which no form was taken."""
    rate: float
    """Signatures a second before it."""
    saw: str
    account: Account


def lose_the_leader(city: City, ref: str, sights: Callable[..., str]) -> Lost:
    people = People([f"https://127.0.0.1:{city.port}"], ref, signers=SIGNERS, line=_line)
    try:
        people.well_after(time.monotonic())
        before = len(people.signed)
        time.sleep(BEFORE)
        rate = (len(people.signed) - before) / BEFORE
        old, new = sorted(city.nodes, key=lambda node: not node.is_("primary"))
        moment = time.monotonic()
        old.engine.kill()
        promoted = _seconds(moment, lambda: new.is_("primary"), "the other leads")
        old.engine.start()
        signed = people.well_after(moment)
        back = _seconds(moment, lambda: _follows(old), "the one that was killed follows")
        time.sleep(AFTER)
    finally:
        people.stop()
    _seconds(time.monotonic(), lambda: city.ask(WAITING) == [0], "all mails are out")
    told = sorted(one.told for one in people.signed + people.reported)
    longest = max(later - earlier for earlier, later in pairwise(told))
    return Lost(promoted, signed, back, longest, rate, sights(people.saw), account(city, people))


def _follows(node: Node) -> bool:
    return node.is_("sync")


def _line(address: str, number: int) -> Line:
    """Everybody comes from a home of their own."""
    return Line(address, name=NAME, home=f"127.0.{2 + number // 250}.{number % 250 + 1}")


def _seconds(moment: float, happened: Callable[[], bool], what: str) -> float:
    while not happened():
        if time.monotonic() - moment > PATIENCE:
            raise TimeoutError(f"not after {PATIENCE} s: {what}")
        time.sleep(LOOK)
    return time.monotonic() - moment
