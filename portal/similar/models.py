"""What the index keeps: of each dossier its stems, of each stem how many dossiers have it, and its spellings.

Beside these tables stands `similar_text`, which the migration makes and the database itself keeps: FTS5 on
SQLite, a `tsvector` on PostgreSQL. Triggers fill it from `similar_dossiers`.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.dossiers.models import PUBLIC, Dossier, State
from portal.kernel.clock import now
from portal.kernel.db import Base, Numbered, db, one_of

THING, FACT = "~", "="
"""How terms begin that are no words: a thing that has many names, and a fact to narrow by."""
ALL, RULES = FACT + "all", FACT + "rules"
"""Two rows among the words: how many dossiers there are, and by which rules the index was made."""
NUMBER_BITS = 31
KNOWN_IN = 2
"""A word that stands in fewer dossiers may be an error itself, and is proposed to nobody."""
SEEN = db.and_(PUBLIC, Dossier.hidden_at.is_(None), Dossier.state != State.WITHDRAWN)
"""What may be found at all. Every answer asks this of the dossier itself, whatever the index says."""
BYTES = String().with_variant(String(collation="C"), "postgresql")
"""A word that is looked up by how it begins: in the same order on both databases."""


class Indexed(Base):
    """What a dossier says, as stems, in the order in which they stand there. Only of those in SEEN."""

    __tablename__ = "similar_dossiers"

    moment: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """When it was opened, in minutes, then its number: by this the newest come first, without sorting."""
    dossier_id: Mapped[int] = mapped_column(unique=True)
    """No foreign key: it is taken out in the transaction that removes the dossier, but after that."""
    language: Mapped[str] = mapped_column(String(2))
    """Of its stems."""
    title: Mapped[str]
    body: Mapped[str]
    about: Mapped[str]
    """Place, neighbourhood and category."""
    marks: Mapped[str]
    """Parts of compounds, things that are named, facts to narrow by."""


class Word(Base):
    """A stem or a thing, and in how many dossiers it stands."""

    __tablename__ = "similar_words"

    stem: Mapped[str] = mapped_column(BYTES, primary_key=True)
    shown: Mapped[str]
    """The shortest word with this stem that was seen: what people are shown."""
    dossiers: Mapped[int]


class Spelling(Base):
    """What is left of a known word when one letter of it is left out: so that errors are found."""

    __tablename__ = "similar_spellings"

    left: Mapped[str] = mapped_column(BYTES, primary_key=True)
    stem: Mapped[str] = mapped_column(BYTES, primary_key=True)


class Meant:
    """What a text means, as the worker found it out; empty until then."""

    text: Mapped[str] = mapped_column(String(16))
    """Of which text: when it is another one now, this is not its meaning."""
    made_by: Mapped[str] = mapped_column(String(8), default="")
    """The edition of what made it: the worker does those of older ones again."""
    whole: Mapped[bytes | None] = mapped_column(LargeBinary)
    gist: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Of its title, where that is worth a vector of its own."""


class Meaning(Meant, Base):
    """Of a dossier that is in the index."""

    __tablename__ = "similar_meanings"
    __table_args__ = (Index(None, "made_by"),)

    dossier_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """No foreign key: as in the index."""


class News(Numbered):
    """Stems that came or went, and are not counted yet: the worker adds them up."""

    __tablename__ = "similar_news"

    step: Mapped[int]
    """1: they came, -1: they went."""
    words: Mapped[str]
    """`stem:word`, between spaces, each stem once."""


class Why(StrEnum):
    """What somebody did by which they said that two belong together, or that they do not."""

    DIFFERENT = "different"
    ME_TOO = "me_too"
    BELONGS = "belongs"
    BUNDLED = "bundled"
    """A platform asks both for one petition."""
    TOGETHER = "together"
    """The people of both go on as one."""


class Label(Numbered):
    """What somebody said of two dossiers: they belong together or not. Without who, so that it can be
    learnt from."""

    __tablename__ = "similar_labels"
    __table_args__ = (CheckConstraint(one_of("why", Why), name="why"),)

    dossier_id: Mapped[int | None] = mapped_column(ForeignKey("dossiers.id", ondelete="CASCADE"), index=True)
    """The one that came later; empty when it was never sent."""
    other_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id", ondelete="CASCADE"), index=True)
    same: Mapped[bool]
    why: Mapped[str] = mapped_column(String(12), default=Why.DIFFERENT, server_default=Why.DIFFERENT)
    compared: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Of what was never sent: how it compared to what was open then, in numbers. No word of it is kept."""
    at: Mapped[datetime] = mapped_column(default=now)


class Threshold(Numbered):
    """How likely it has to be that something is the same to be suggested, as somebody set it by command.

    Rows are added and never changed: the newest of an area counts, and together they tell who set what.
    """

    __tablename__ = "similar_thresholds"
    __table_args__ = (CheckConstraint("value >= 0 AND value <= 1", name="value"), Index(None, "kind", "area"))

    kind: Mapped[str] = mapped_column(String(10))
    """What is being sent: one of ranking.SETS."""
    area: Mapped[str] = mapped_column(String(8))
    """The code of a neighbourhood; empty: everywhere."""
    value: Mapped[float | None]
    """Empty: from then on it has none of its own."""
    set_by: Mapped[str]
    """The name under which the command was given on the machine."""
    set_at: Mapped[datetime] = mapped_column(default=now)
