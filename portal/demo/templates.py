"""The templates that the demonstration's authority begins its answers with."""

from collections.abc import Iterator, Sequence
from typing import Any

from portal.composer.commands import write_template
from portal.demo.happenings import Happening, moment
from portal.demo.people import Cast

MORNING = 11


def happenings(cast: Cast, told: Sequence[dict[str, Any]]) -> Iterator[Happening]:
    """Each written by an official, once they work there."""
    for number, given in enumerate(told, 1):
        yield _written(cast, given, f"template:{number}")


def _written(cast: Cast, given: dict[str, Any], key: str) -> Happening:
    words = {name: given[name] for name in ("name", "kind", "text")}

    def do(once: str) -> None:
        write_template(
            cast.with_address(given["as"]), cast.organisation(given["organisation"]), once=once, **words
        )

    return Happening(moment(given["on"], MORNING), key, do)
