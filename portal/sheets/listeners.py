"""What a sheet does when something happens to a signature, in the transaction of the deed itself."""

from portal.dossiers import journal
from portal.dossiers.commands import FORGETTERS
from portal.dossiers.models import Signature, Way
from portal.kernel.db import db
from portal.sheets.commands import become_double, forget_photos
from portal.sheets.models import RowState, SheetRow
from portal.sheets.queries import equal_online

FORGETTERS.append(forget_photos)


@journal.on("withdrawn")
def row_follows(signature: Signature, _: int) -> None:
    """A signature from paper stops counting: its owner signed online, or stepped out."""
    if signature.way != Way.PAPER:
        return
    for row in db.session.scalars(db.select(SheetRow).filter_by(signature_id=signature.id)).all():
        online = equal_online(signature)
        row.state = RowState.REMOVED if online is None else RowState.DOUBLE
        row.signature_id, row.doubles_id = None, online.id if online is not None else None


@journal.on("confirmed")
def row_was_waiting(signature: Signature, _: int) -> None:
    """Somebody stood on paper while their signature online waited for its mail: now that one counts."""
    wanted = db.select(SheetRow).filter_by(doubles_id=signature.id, state=RowState.COUNTED)
    for row in db.session.scalars(wanted).all():
        become_double(row, signature)
