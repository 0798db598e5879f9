"""Tells the demonstration to the portal: through its commands, with the clock set to each moment.

Every happening is submitted under its own key, so that an interrupted replay goes on where it was: what was
done already is recognised and not done twice. A few happenings share a transaction; either all of them are
kept or none.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from portal.accounts.commands import prepare_sign_in
from portal.accounts.models import Role
from portal.demo import dossiers, offices, people, promised, story, templates
from portal.demo.happenings import Happening, in_order
from portal.demo.people import LOCALE, Cast
from portal.demo.signing import READS_MAIL
from portal.dossiers.commands import add_up_all, renew_all
from portal.kernel import clock, jobs
from portal.kernel.commands import Submission, transaction
from portal.kernel.db import db
from portal.kernel.policy import SYSTEM
from portal.kernel.tickets import For
from portal.notices.writing import ticket_link
from portal.promises.tasks import look_after_all
from portal.terms.tasks import lapse_all

DATA = Path(__file__).parent / "data"
TOGETHER = 30
"""Happenings in one transaction: every commit waits for the disk."""
LAST = "end"
"""The key of the last happening, whatever it is: once it is there, the demonstration is complete."""
SHOWN = {
    "neighbour": Role.RESIDENT,
    "platform organiser": Role.ORGANISER,
    "official": Role.OFFICIAL,
    "committee member": Role.MEMBER,
    "moderator": Role.MODERATOR,
}
"""The roles to try, as the terminal names them: each the first person of the data file who has it."""


def complete() -> bool:
    """Whether the demonstration is there already."""
    return db.session.get(Submission, _once(LAST)) is not None


def steps() -> list[Callable[[], None]]:
    """What is to be done, in order; for a progress bar."""
    told = plan()
    parts = [told[n : n + TOGETHER] for n in range(0, len(told), TOGETHER)]
    return [partial(_do, part) for part in parts]


def plan() -> list[Happening]:
    """All happenings in order."""
    invented, true = _read("dossiers"), _read("kbuurt_story")
    cast = Cast(invented, true)
    told = [*people.happenings(cast, invented["story"]["organisation_neighbourhoods"])]
    for dossier in true["dossiers"]:
        told += story.happenings(cast, _completed(dossier, invented["story"]) | _tried(dossier["key"]))
    for dossier in invented["dossiers"]:
        told += dossiers.happenings(cast, dossier)
    told += promised.happenings(cast, _read("promises")["events"])
    told += templates.happenings(cast, invented["templates"])
    told += offices.happenings(cast, _read("offices"))
    *others, last = in_order(told)
    return [*others, Happening(last.at, LAST, last.do)]


def role_links(*, works: timedelta) -> list[tuple[str, str]]:
    """A role and a link that signs in as somebody who has it; none where there is no demonstration."""
    if not complete():
        return []
    members = _read("dossiers")["members"]
    first = {name: next(m["email"] for m in members if m["role"] == role) for name, role in SHOWN.items()}
    return [(name, _link(email, works)) for name, email in first.items()]


def _link(email: str, works: timedelta) -> str:
    link = prepare_sign_in(SYSTEM, None, email=email, locale=LOCALE, works=works)
    return ticket_link("accounts.enter", For.SIGN_IN, link.id)


def _do(part: list[Happening]) -> None:
    with transaction(), jobs.unqueued():
        for happening in part:
            with clock.at(happening.at):
                happening.do(_once(happening.key))
            with clock.at(happening.at + READS_MAIL):
                add_up_all()
                renew_all()
                look_after_all()
            if happening is part[-1]:
                _silences(happening)


def _silences(happening: Happening) -> None:
    """What the worker writes down; no digest will tell of it."""
    with clock.at(happening.at + READS_MAIL):
        lapse_all()


def _once(key: str) -> str:
    return f"demo:{key}"


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text())
    return found


def _tried(key: str) -> dict[str, Any]:
    """What the story's blog tells of a trial beside its outcome."""
    known = _read("promises")["trials"]
    return {"trial": known[key]} if key in known else {}


def _completed(told: dict[str, Any], added: dict[str, Any]) -> dict[str, Any]:
    """A dossier of the story with what the portal needs beside it: its buurt, a picture, demands."""
    key = told["key"]
    area = {"area": added["areas"][key]} if key in added["areas"] else {}
    demands = {"demands": added["demands"][key]} if key in added["demands"] else {}
    return told | area | demands | added["photos"].get(key, {})
