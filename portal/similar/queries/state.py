"""Whether the index says what the dossiers say."""

from enum import StrEnum

from portal.dossiers.models import Dossier
from portal.kernel.db import db
from portal.similar import meaning
from portal.similar.models import RULES, SEEN, Indexed, Meaning, News, Word
from portal.similar.words import fingerprint

MANY = 10_000
"""News that nobody added up: no worker runs."""


class Behind(StrEnum):
    """What is wrong with it."""

    MISSING = "missing"
    """Dossiers are not in it that should be, or are and should not."""
    RULES = "rules"
    """It was made by other rules or other lists of words."""
    NEWS = "news"
    MEANING = "meaning"
    """What means something is installed, and of some dossiers nobody ever asked it."""


def behind() -> Behind | None:
    """What is wrong with the index, if anything is."""
    belongs = db.select(Dossier.id).where(SEEN)
    there = db.select(Indexed.dossier_id)
    for one, other in ((belongs, there), (there, belongs)):
        if db.session.scalar(one.except_(other).limit(1)) is not None:
            return Behind.MISSING
    made_by = db.session.scalar(db.select(Word.shown).where(Word.stem == RULES))
    if made_by is not None and made_by != fingerprint():
        return Behind.RULES
    waiting = db.session.scalar(db.select(db.func.count(News.id))) or 0
    if waiting > MANY:
        return Behind.NEWS
    unasked = there.except_(db.select(Meaning.dossier_id)).limit(1)
    return Behind.MEANING if meaning.available() and db.session.scalar(unasked) is not None else None
