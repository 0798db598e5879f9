"""What is filled in at each form of the table so that it goes through, for who may send it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from portal.dossiers.commands.moving import PETITION_DAYS
from portal.dossiers.limits import HELD
from portal.dossiers.models import Signature
from portal.kernel.clock import today
from portal.kernel.db import db
from portal.kernel.workdays import term
from tests.access import World
from tests.assistance.making import CATEGORY, a_term
from tests.clusters.making import of_groups
from tests.factories import a_petition
from tests.notices.devices import a_device
from tests.staff.making import by_officials
from tests.together.making import a_yes

Facts = dict[str, Any]
TEXT = {"text": "It was said on the square."}
SAID = {"step": "send", "kind": "granted", "level": "decision", **TEXT}
HELPED = {"name": "Somebody", "language": "nl", "heard": "y"}


def _held() -> list[int]:
    """Every signature that waits for a look."""
    return list(db.session.scalars(db.select(Signature.id).where(HELD)))


def _later() -> str:
    """A working day after that on which what was handed over today is due."""
    return term(today(), PETITION_DAYS + 1).due.isoformat()


def _day() -> str:
    return today().isoformat()


def _petition(world: World) -> Facts:
    return {"title": "Light", "body": "It is dark.", "demands": "A lamp.", "to": world.other.key}


def _trial(world: World) -> Facts:
    return {"places": "The square", "from_on": _day(), "until_on": _day(), "radius": "150", **TEXT}


def _quote(world: World) -> Facts:
    heard = {"url": "https://council.example", "at": "8:18", "level": ""}
    return {"quote": "Why?", "role": "councillor", "recording": "Council", "on": _day(), **heard}


def _reported(world: World) -> Facts:
    return {**HELPED, "title": "It is dark", "category": CATEGORY, "where": "part:TH04"}


def _delayed(world: World) -> Facts:
    return {"organisation": world.authority.key, "until": _later(), "reason": "It is measured."}


def _template(world: World) -> Facts:
    return {"name": "Received", "text": "About {title}."}


def of_staff(name: str) -> Callable[[World], Facts]:
    return lambda world: by_officials(world)[f"staff.{name}"]


FORMS: dict[str, Callable[[World], Facts]] = {
    "accounts.sign_in": lambda world: {"email": "somebody@homes.example"},
    "accounts.me": lambda world: {"name": "Somebody", "locale": "en"},
    "dossiers.sign": lambda world: {"name": "Somebody", "email": "somebody@homes.example"},
    "dossiers.rename_own": lambda world: {"name": "Somebody else"},
    "dossiers.tell": lambda world: {"what": "news", "about": "", "to": "", **TEXT},
    "dossiers.hand_over": lambda world: {"to": world.other.key},
    "dossiers.reopen": lambda world: TEXT,
    "dossiers.hide": lambda world: {"reason": "It names somebody."},
    "dossiers.unhide": lambda world: {"reason": "It names nobody."},
    "dossiers.stands": lambda world: {"place": "The metro", "hours": "4", "most": "100"},
    "integrity.held": lambda world: {"groups": _held(), "last": 10**6, "decision": "let"},
    "integrity.strike": lambda world: {"name": "Somebody", "expected": "1", "reason": "One machine."},
    "integrity.undo": lambda world: {"reason": "It was a school."},
    "issues.day": lambda world: {"begins_at": f"{today() + timedelta(days=9)}T14:00"},
    "ties.untie": lambda world: {"other": world.issue("open").ref or ""},
    "together.propose": lambda world: {"ref": a_petition().ref or ""},
    "together.answer_for": lambda world: {**a_yes(), "says": "later"},
    "mailroom.let_in": lambda world: SAID,
    "notices.follow": lambda world: a_device(),
    "petitions.new": _petition,
    "petitions.edit": _petition,
    "petitions.succeed": lambda world: {"successor": world.petition("gathering").ref or ""},
    "petitions.invite": lambda world: {"dossiers": world.issue("open").ref or ""},
    "petitions.consent_for": lambda world: {"answer": "later"},
    **dict.fromkeys(("clusters.bundle", "clusters.split", "clusters.set_aside"), of_groups),
    "sheets.write": lambda world: {"name": "Somebody Else"},
    "sheets.reopen": lambda world: {"reason": "A row was forgotten."},
    "sheets.check": lambda world: {"verdict": "right"},
    "assistance.sign": lambda world: HELPED,
    "assistance.report": _reported,
    "assistance.helpers": lambda world: {"name": "S", "email": "somebody@homes.example", **a_term()},
    "answers.answer": lambda world: SAID,
    "answers.note": lambda world: {"note-text": "For colleagues."},
    "answers.write_down": lambda world: {"of": world.other.key, "told_on": _day(), **SAID},
    "printing.order": lambda world: {"copies": "1", "rows": "20", "language": "nl"},
    "verdicts.vote": lambda world: {"says": "solved"},
    "questions.reply": lambda world: {"text": "The left one."},
    "composer.templates": _template,
    "composer.template": _template,
    "composer.several": lambda world: {"dossiers": f"{world.put_to_another().ref}:1", **SAID},
    "promises.correct": lambda world: {"role": "district manager", "level": "", **TEXT},
    "promises.settle": lambda world: {"state": "kept", **TEXT},
    "promises.hold_trial": _trial,
    "promises.observe": lambda world: TEXT,
    "promises.close_trial": lambda world: {"outcome": "It helped.", "decision": "stops"},
    "promises.document": lambda world: {
        "step": "motion",
        "title": "Motion 1254",
        "body": world.other.key,
        "on": _day(),
    },
    "promises.cite": _quote,
    "promises.reply": lambda world: TEXT,
    "terms.change": lambda world: {"about": "petition", "unit": "working", "days": "30"},
    "terms.extend": _delayed,
    **{f"staff.{name}": of_staff(name) for name in ("divide", "save", "teams", "team", "routing")},
}


def filled_in(world: World, endpoint: str) -> Facts:
    """What goes through, if one may."""
    return FORMS[endpoint](world) if endpoint in FORMS else {}
