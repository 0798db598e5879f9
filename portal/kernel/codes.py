"""Codes that people read aloud and type over: letters and numbers in groups, of which no two look alike."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Codes:
    """One kind of code. Its last character tells every wrong one, and every two that changed places.

    For that there is a prime number of characters, and the sum of all in a code, each times its place, is a
    multiple of it; the last one counts `last` times.
    """

    characters: str
    groups: tuple[int, ...]
    """How many there are in each."""
    last: int
    look_alikes: Mapping[int, int] = field(default_factory=dict)
    """What is typed for what stands there."""

    def new(self) -> str:
        """One by chance."""
        return self.code(secrets.randbelow(len(self.characters) ** (sum(self.groups) - 1)))

    def code(self, number: int) -> str:
        """The code with this number; beyond the last one they begin anew."""
        size, free = len(self.characters), sum(self.groups) - 1
        return self._whole("".join(self.characters[number // size**place % size] for place in range(free)))

    def read(self, typed: str) -> str:
        """The code that was typed, in any case and with anything between; empty when it is none."""
        typed = typed.upper().translate(self.look_alikes)
        bare = "".join(character for character in typed if character.isalnum())
        possible = len(bare) == sum(self.groups) and set(bare) <= set(self.characters)
        code = self._whole(bare[:-1]) if possible else ""
        return code if code.endswith(bare[-1:]) else ""

    def _whole(self, start: str) -> str:
        size = len(self.characters)
        total = sum(place * self.characters.index(one) for place, one in enumerate(start, 1))
        rest = iter(start + self.characters[-total * pow(self.last, -1, size) % size])
        return "-".join("".join(next(rest) for _ in range(length)) for length in self.groups)
