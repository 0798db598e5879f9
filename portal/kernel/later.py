"""Libraries that few requests need: what a worker does not use takes no memory and no time at its start."""

from importlib import import_module
from typing import Any


class Later:
    """A library, loaded when something of it is asked for; by whom first, others wait for it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, wanted: str) -> Any:
        return getattr(import_module(self._name), wanted)
