"""What comes with an answer stands with its entry: also with those of the dossiers that joined a petition."""

from portal.composer.commands import forget_draft
from portal.composer.models import AnswerDraft, AnswerFile, Presence
from portal.composer.queries import is_kept
from portal.dossiers.commands.forgetting import FORGETTERS
from portal.dossiers.models import Dossier
from portal.dossiers.pictures import HELD
from portal.dossiers.timeline import Entry, on
from portal.kernel.db import db

COPIED = ("kind", "name", "size", "large", "small", "large_avif", "small_avif", "small_width", "small_height")


@on("answered")
def place(entry: Entry) -> None:
    """In the transaction of the answer, while the files are still with its draft or with the petition."""
    for fact in entry.data.get("files", []):
        wanted = db.select(AnswerFile).filter_by(large=fact["key"], organisation_id=entry.organisation_id)
        source = db.session.scalar(wanted.order_by(AnswerFile.id.desc()).limit(1))
        if source is not None:
            known = {name: getattr(source, name) for name in COPIED}
            placed = AnswerFile(dossier_id=entry.dossier_id, organisation_id=source.organisation_id, **known)
            placed.entry_id = entry.id
            db.session.add(placed)


def forget(dossier: Dossier) -> None:
    """Once a dossier is over for long, nobody writes there any more."""
    for draft in db.session.scalars(db.select(AnswerDraft).filter_by(dossier_id=dossier.id)).all():
        forget_draft(draft)
    db.session.execute(db.delete(Presence).where(Presence.dossier_id == dossier.id))


HELD.append(is_kept)
FORGETTERS.append(forget)
