"""Pictures that people send: checked before they are opened, made small, rid of all that cannot be seen."""

from portal.dossiers.pictures.keeping import (
    HELD,
    SPARED,
    WHOLE,
    Box,
    cover,
    described,
    forget,
    forget_files,
    keep,
    keep_large,
    replace,
)
from portal.dossiers.pictures.reading import (
    BROKEN,
    FIELD,
    LARGE,
    MOST_BYTES,
    NOT_A_PHOTO,
    SMALL,
    TOO_HEAVY,
    TOO_LARGE,
    TURNS,
)
from portal.dossiers.pictures.telling import Told, told

__all__ = [
    "BROKEN",
    "FIELD",
    "HELD",
    "WHOLE",
    "Box",
    "LARGE",
    "MOST_BYTES",
    "NOT_A_PHOTO",
    "SMALL",
    "SPARED",
    "TOO_HEAVY",
    "TOO_LARGE",
    "TURNS",
    "Told",
    "cover",
    "described",
    "forget",
    "forget_files",
    "keep",
    "keep_large",
    "replace",
    "told",
]
