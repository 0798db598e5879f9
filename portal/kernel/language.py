"""Which language is spoken: what people write is kept with the language in which they wrote it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_SPOKEN = ContextVar("spoken", default="nl")


def spoken() -> str:
    """The language of whoever writes something now, as far as we know."""
    return _SPOKEN.get()


def speak(language: str) -> None:
    """From now on, in this request."""
    _SPOKEN.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """For a while."""
    before = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(before)
