"""Stems are the same whoever else asks at that moment."""

from flask import Flask

from portal.dossiers import words
from tests.threads import at_once

TEXTS = [f"De fietspaden {n}x liggen vol bladeren {n}y en de lantaarns {n}z flikkeren" for n in range(400)]


def test_stems_of_many_threads_at_once(app: Flask) -> None:
    alone = [words.stems(text) for text in TEXTS]
    words._stem.cache_clear()
    found = at_once(app, *(lambda: [words.stems(text) for text in TEXTS] for _ in range(6)))
    assert all(stems == alone for stems in found)
