"""A lifecycle: the named moves between the states of one kind of thing."""

from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import Any

from portal.kernel.errors import IllegalMove


class Lifecycle:
    """`Lifecycle(publish=({DRAFT}, OPEN), …)`: from which states a move may be made, and where it leads."""

    def __init__(self, **moves: tuple[AbstractSet[StrEnum], StrEnum]) -> None:
        self.moves = moves

    def can(self, thing: Any, move: str) -> bool:
        return thing.state in self.moves[move][0]

    def make(self, thing: Any, move: str) -> None:
        if not self.can(thing, move):
            raise IllegalMove(f"{move} from {thing.state}")
        thing.state = self.moves[move][1]
