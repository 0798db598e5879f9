"""What is told to all who support a dossier: written once for each language, filled in for each of them."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from portal.dossiers.texts import shown, when
from portal.dossiers.timeline import Entry
from portal.kernel import jobs, series
from portal.kernel.commands import transaction
from portal.kernel.policy import SYSTEM
from portal.kernel.series import Act
from portal.kernel.tickets import For, ticket
from portal.notices import queries
from portal.notices.commands import note_bounce
from portal.notices.delivery import compose, deliver, way_out
from portal.notices.lines import NoSuchMailbox
from portal.notices.queries import Reader
from portal.notices.writing import written
from portal.promises.queries import asked_something, voices_to_ask
from portal.verdicts.queries import asked_with
from portal.verdicts.texts import SAYS
from portal.web.paths import public_url

BLANK = re.compile("\ue000(\\w+)\ue001")
"""Where something of the reader's own is filled in; nobody can type it."""


def _blank(name: str) -> str:
    return f"\ue000{name}\ue001"


def letter(
    told: Entry, template: str, locale: str, others: Sequence[Entry] = (), **more: Any
) -> tuple[str, str]:
    """Subject and text in this language, with blanks for what is the reader's own."""
    with force_locale(locale):
        words = [shown(entry) for entry in (told, *others)]
        choices = [(str(label), f"{_blank('vote')}?say={says}") for says, (label, _icon) in SAYS.items()]
        until = when(more["until"]) if more.get("until") else None
    return written(
        template,
        locale,
        **more
        | {
            "name": _blank("name"),
            "stop": _blank("stop"),
            "open_it": _blank("open_it"),
            "dossier": told.dossier,
            "entry": words[0],
            "entries": words,
            "until": until,
            "choices": choices,
            "page": public_url("dossiers.show", ref=told.dossier.ref, _anchor=f"e{told.seq}"),
        },
    )


def _own(reader: Reader, nameless: str) -> dict[str, str]:
    """What is filled in for this reader."""
    number = reader.signature_id
    return {
        "name": reader.name or nameless,
        "stop": public_url("notices.quiet", ticket=ticket(For.QUIET, number)),
        "open_it": public_url("dossiers.signature", ticket=ticket(For.SIGNATURE, number)),
        "vote": public_url("verdicts.answer", ticket=ticket(For.VERDICT, number)),
    }


def _send(reader: Reader, subject: str, text: str, nameless: str, number: str) -> None:
    own = _own(reader, nameless)
    filled = BLANK.sub(lambda found: own[found[1]], text)
    more = way_out(own["stop"])
    try:
        mail = compose(reader.address, subject, filled, number=number, owner=reader.owner_id, more=more)
        deliver(mail, number=number)
    except NoSuchMailbox as error:
        note_bounce(SYSTEM, partial(queries.person, reader.owner_id), status=error.status)


def _letters(job_id: int, told: Entry, numbers: Sequence[int], template: str, **more: Any) -> dict[int, Act]:
    """For each of these who is to be told: the act that sends it."""
    acts: dict[int, Act] = {}
    readers = queries.readers(told, numbers) if told.dossier.hidden_at is None else []
    texts = {locale: letter(told, template, locale, **more) for locale in {one.locale for one in readers}}
    nameless = {}
    for locale in texts:
        with force_locale(locale):
            nameless[locale] = _("neighbour")
    for reader in readers:
        words = *texts[reader.locale], nameless[reader.locale]
        acts[reader.person_id] = partial(_send, reader, *words, f"{job_id}-{reader.person_id}")
    return acts


def together(job_id: int, *, entry_id: int, others: Sequence[int] = ()) -> dict[str, Any]:
    """Other answers on the same dossier that wait to be told go along: one mail tells all of them.

    "Done" goes by itself: it asks something.
    """
    about = queries.entry(entry_id).dossier_id
    with transaction():
        waiting = {job.arguments["entry_id"]: job for job in jobs.not_begun(job_id, "notices.answer.all")}
        along = [entry for entry in queries.entries([entry_id, *waiting]) if entry.dossier_id == about]
        plain = [entry.id for entry in along if entry.data.get("kind") != "done"]
        if entry_id in plain and len(plain) > 1:
            gone = [waiting[number] for number in plain if number != entry_id]
            others = [*others, *(number for number in plain if number != entry_id)]
            others += [number for job in gone for number in job.arguments.get("others", [])]
            jobs.absorb(job_id, gone, {"entry_id": entry_id, "others": others})
    return {"entry_id": entry_id, "others": list(others)}


def answers(
    job_id: int, numbers: Sequence[int], *, entry_id: int, others: Sequence[int] = ()
) -> Iterator[tuple[int, Act]]:
    """An answer, or several on one dossier; to "done" they are asked whether it is solved.

    Who can be asked about a promise too gets a mail of their own making (`notices.answer`).
    """
    told = queries.entry(entry_id)
    asked = asked_with(told) if told.data.get("kind") == "done" else None
    if asked is None:
        acts = _letters(job_id, told, numbers, "answer", others=queries.entries(others))
    else:
        acts = _letters(job_id, told, numbers, "solved", until=asked.ends_on, kept=[])
        for number in acts.keys() & asked_something(told.dossier_id, numbers):
            how = {"job_id": f"{job_id}-{number}", "entry_id": entry_id, "person_id": number}
            acts[number] = partial(jobs.TASKS["notices.answer"], **how)
    return ((number, acts.get(number)) for number in numbers)


def judgements(job_id: int, numbers: Sequence[int], *, entry_id: int) -> Iterator[tuple[int, Act]]:
    """What supporters said together."""
    acts = _letters(job_id, queries.entry(entry_id), numbers, "judged")
    return ((number, acts.get(number)) for number in numbers)


series.spread("notices.answer", "person_id", queries.supporters_after, answers, begin=together)
series.spread("notices.judgement", "person_id", queries.supporters_after, judgements)
series.spread("notices.move", "signature_id", queries.who_may_move)
series.spread("notices.reworded", "signature_id", queries.signers_after, given=())
series.spread("notices.silences", "person_id", queries.digest_readers)
series.spread("notices.promise_kept", "voice_id", voices_to_ask, given=())
