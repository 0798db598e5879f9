"""When a question goes out, and when nobody waits for a reply to it any more."""

from flask import current_app

from portal.dossiers.commands import FORGETTERS
from portal.dossiers.timeline import Entry, on
from portal.kernel import jobs
from portal.questions import commands

FORGETTERS.append(commands.forget)
NO_ANSWER = frozenset({"acknowledgement", "question"})


@on("answered")
def asked_or_answered(entry: Entry) -> None:
    """What neighbours wrote down they know already; what was said about a petition goes with that."""
    kind, config = entry.data.get("kind"), current_app.config
    if kind not in NO_ANSWER:
        commands.drop(entry.dossier, entry.organisation_id)
    elif kind == "question" and not {"via", "written_down_by"} & set(entry.data) and jobs.queued():
        commands.ask(entry, days=config["QUESTION_DAYS"], remind_after=config["QUESTION_REMINDER_DAYS"])


@on("withdrawn", "solved")
def is_over(entry: Entry) -> None:
    commands.drop(entry.dossier)
