"""Bringing in neighbourhoods and place names from the shipped files."""

from typing import Any

from portal.kernel.commands import command
from portal.kernel.db import db
from portal.places.models import Neighbourhood, Place
from portal.places.policy import Do
from portal.places.queries import forget_outlines, plain


@command(Do.LOAD)
def load(
    actor: Any,
    _: None,
    *,
    neighbourhoods: list[dict[str, Any]],
    places: list[dict[str, Any]],
    streets: list[str],
) -> None:
    """Write the neighbourhoods down or bring them up to date, and replace the names of places and streets."""
    for row in neighbourhoods:
        db.session.merge(Neighbourhood(**row))
    db.session.execute(db.delete(Place))
    rows = [{**row, "search": plain(row["name"])} for row in places]
    rows += [{"name": name, "kind": "street", "search": plain(name)} for name in streets]
    for row in rows:
        for missing in ("lat", "lon", "neighbourhood_code"):
            row.setdefault(missing, None)
    db.session.execute(db.insert(Place), rows)
    forget_outlines()
