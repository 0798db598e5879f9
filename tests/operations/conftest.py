"""What these tests look into: the log of this process."""

import io
import logging
from collections.abc import Iterator

import pytest

from portal.kernel import logs


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What this process writes into its log, down to the smallest matter, as JSON."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter(logs.JSON))
    ours = logging.getLogger("portal")
    before = ours.level
    ours.addHandler(handler)
    ours.setLevel(logging.DEBUG)
    yield stream
    ours.removeHandler(handler)
    ours.setLevel(before)
