"""Pages of dossiers."""

from portal.dossiers.views import acts, pages, sharing, signing, standing  # noqa: F401 (they register themselves)
from portal.dossiers.views.blueprint import dossiers

__all__ = ["dossiers"]
