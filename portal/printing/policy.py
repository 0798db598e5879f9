"""Who prints what."""

from enum import StrEnum
from typing import Any

from portal.dossiers.policy import not_hidden, visible
from portal.kernel.policy import RULES, allowed, anyone, is_system
from portal.sheets.policy import Do as SheetsDo


class Do(StrEnum):
    PRINT = "printing.print"
    """Posters, flyers and cards: they say what everybody can read."""
    SAMPLE = "printing.sample"
    """To see what a sheet will look like."""
    ORDER = "printing.order"
    """Signature sheets, which are made for whoever goes round with them."""
    FETCH = "printing.fetch"
    ADVANCE = "printing.advance"
    FINISH = "printing.finish"
    PURGE = "printing.purge"


def may_issue(actor: Any, dossier: Any) -> bool:
    return allowed(actor, SheetsDo.ISSUE, dossier)


def ordered_it(actor: Any, job: Any) -> bool:
    return actor.is_authenticated and job.person_id == actor.id


RULES.update(
    {
        Do.PRINT: [[anyone, visible, not_hidden]],
        Do.SAMPLE: [[may_issue]],
        Do.ORDER: [[may_issue]],
        Do.FETCH: [[ordered_it]],
        Do.ADVANCE: [[is_system]],
        Do.FINISH: [[is_system]],
        Do.PURGE: [[is_system]],
    }
)
