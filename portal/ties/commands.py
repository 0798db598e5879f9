"""Saying that two dossiers belong together, that one is the same, or that they differ."""

from collections.abc import Collection, Mapping
from typing import Any

from portal.dossiers.commands import in_whose_name
from portal.dossiers.models import Dossier
from portal.dossiers.timeline import record
from portal.kernel.commands import command, lock
from portal.kernel.db import db
from portal.kernel.policy import allowed, require
from portal.similar.commands import label, label_unsent, unlabel
from portal.similar.features import Sketch
from portal.similar.models import Why
from portal.similar.queries import in_numbers
from portal.ties import queries
from portal.ties.models import Says, Tie
from portal.ties.policy import Do

Said = Mapping[str, Collection[int]]
"""What was said while something was written: one of Says -> the numbers of the dossiers it was said of."""


@command(Do.TIE)
def tie(actor: Any, dossier: Dossier, *, other: Dossier) -> Tie:
    """Say that it belongs with the other. Said twice, or from both sides, it is the same."""
    require(actor, Do.BE_TIED, other)
    known = queries.between(dossier, other)
    if known is None:
        known = Tie(dossier_id=dossier.id, other_id=other.id)
        db.session.add(known)
        db.session.flush()
        label(dossier, other, Why.BELONGS)
        if dossier.public:
            tell(actor, known, dossier, other)
    return known


def tell(actor: Any, known: Tie, dossier: Dossier, other: Dossier) -> None:
    """One entry on the timeline of each. In the transaction under way."""
    for one in sorted((dossier, other), key=lambda side: side.id):
        lock(one)
        one.tied = True
    known.told = True
    whose = in_whose_name(actor, dossier)
    record(dossier, "tied", by=actor, ref=other.ref, **whose)
    record(other, "tied", by=actor, ref=dossier.ref, **whose)


@command(Do.UNTIE)
def untie(actor: Any, dossier: Dossier, *, other: Dossier) -> Dossier:
    """Take back that these two belong together, whichever of them said so. Done twice it is the same."""
    both = sorted((dossier, other), key=lambda side: side.id)
    for one in both:
        lock(one)
    known = queries.between(dossier, other)
    if known is None:
        return dossier
    told = known.told
    db.session.delete(known)
    db.session.flush()
    unlabel(dossier, other, Why.BELONGS)
    for one in both:
        one.tied = queries.is_tied(one)
    if told:
        whose = in_whose_name(actor, dossier)
        record(dossier, "untied", by=actor, ref=other.ref, **whose)
        record(other, "untied", by=actor, ref=dossier.ref, **whose)
    return dossier


def keep(actor: Any, dossier: Dossier, said: Said) -> None:
    """What was said of others while this one was written. For use inside the command that makes it.

    Whatever went away meanwhile is left out: nobody's report waits for that.
    """
    for other in queries.named(said.get(Says.DIFFERENT, ())):
        label(dossier, other, Why.DIFFERENT)
    for other in queries.named(said.get(Says.BELONGS, ())):
        if other.id != dossier.id and allowed(actor, Do.BE_TIED, other):
            tie(actor, dossier, other=other)


@command(Do.JOIN_INSTEAD, alone=False)
def join_instead(actor: Any, other: Dossier, *, new: Sketch, area: str | None) -> None:
    """Theirs is the same: they go and join it. Of what they wrote nothing is kept but how alike it was."""
    label_unsent(other, in_numbers(new, other, area))
