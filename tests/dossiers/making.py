"""What the tests of dossiers need beside the factories."""

from portal.dossiers.models import Attachment, Dossier
from portal.kernel import storage
from portal.kernel.commands import transaction
from portal.kernel.db import db


def a_photo(dossier: Dossier | None, content: bytes = b"large") -> Attachment:
    with transaction():
        made = Attachment(
            dossier_id=dossier and dossier.id,
            large=storage.put(content, "webp"),
            small=storage.put(content + b" made small", "webp"),
            width=1200,
            height=675,
            small_width=480,
            small_height=270,
            alt="A dark square.",
        )
        db.session.add(made)
    return made
