"""What is kept of groups: to which each dossier belongs, what changed since, and what people said of them."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.clock import now
from portal.kernel.db import Base, Numbered
from portal.kernel.language import spoken


class Placed(Base):
    """A dossier and the group it belongs to. Not of those that are hidden, private or withdrawn.

    No foreign keys: a row is taken out in the transaction that takes its dossier away from the public.
    """

    __tablename__ = "cluster_dossiers"
    __table_args__ = (Index(None, "spot"), Index(None, "root_id"), Index(None, "part_id"))

    dossier_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root_id: Mapped[int]
    """The oldest dossier of its group: by this the group is known."""
    moment: Mapped[int] = mapped_column(BigInteger)
    """When it was opened, in minutes."""
    spot: Mapped[str]
    terms: Mapped[str] = mapped_column(Text)
    """What it is about, between spaces."""
    category: Mapped[str]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    part_id: Mapped[int | None]
    """Those that people said belong together have the same number here."""


class Change(Numbered):
    """A dossier on whose timeline something happened since the worker looked last."""

    __tablename__ = "cluster_changes"

    dossier_id: Mapped[int]


class Made(Base):
    """By which rules the groups were made. One row, which the worker locks while it works."""

    __tablename__ = "cluster_rules"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    fingerprint: Mapped[str]


class SetAside(Numbered):
    """An organisation does not want to bundle a group now, and says why."""

    __tablename__ = "cluster_set_asides"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    reason: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(default=spoken)


class SetAsideDossier(Base):
    """What was in the group then: what is in it beside these has come since."""

    __tablename__ = "cluster_set_aside_dossiers"
    __table_args__ = (Index(None, "set_aside_id"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    set_aside_id: Mapped[int] = mapped_column(ForeignKey("cluster_set_asides.id"))


class Part(Base):
    """What people said of a dossier: it belongs together with those that have the same part."""

    __tablename__ = "cluster_parts"

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    part_id: Mapped[int]
    """The number of the dossier that was the oldest of it then."""
    split_id: Mapped[int]
    """The number of the oldest of what was one group before: by this it is put together again."""
