"""When supporters are asked, when that ends early, and when a report is compared with what was done."""

from flask import current_app

from portal.answers.models import REPLIES
from portal.dossiers import journal
from portal.dossiers.commands import FORGETTERS
from portal.dossiers.models import Kind, Signature, State
from portal.dossiers.timeline import Entry, on
from portal.kernel import jobs
from portal.verdicts import commands
from portal.verdicts.models import ASKING, Outcome

FORGETTERS.append(commands.overtake)


@on("answered")
def said_done(entry: Entry) -> None:
    """Ask about it. Whoever supports what joined a petition is asked with that. A replay asks nobody."""
    if entry.data.get("kind") != "done" or "via" in entry.data or not jobs.queued():
        return
    config = current_app.config
    commands.ask(
        entry,
        days=config["VERDICT_DAYS"],
        share=config["VERDICT_SHARE"],
        least=config["VERDICT_LEAST"],
    )


@on("answered", "handed_over", "reopened", "withdrawn")
def moved_on(entry: Entry) -> None:
    if entry.dossier.state not in ASKING:
        commands.overtake(entry.dossier)


@on("judged", "answered", "handed_over", "reopened")
def stands_contested(entry: Entry) -> None:
    """Lists say so as long as nothing else was said about it; a sign of life says nothing."""
    if entry.verb == "judged":
        entry.dossier.contested = entry.data["outcome"] == Outcome.NOT_SOLVED
    elif entry.data.get("kind") not in REPLIES:
        entry.dossier.contested = False


@journal.on("withdrawn", "invalidated")
def stepped_out(signature: Signature, _: int) -> None:
    commands.forget(signature)


@on("opened", "confirmed_report")
def reported(entry: Entry) -> None:
    if entry.dossier.kind == Kind.ISSUE and entry.dossier.state == State.OPEN:
        jobs.later("verdicts.link", dossier_id=entry.dossier_id)
