"""Pages of reporting."""

from portal.issues import panels  # noqa: F401 (registers itself)
from portal.issues.views import at_once, confirm, day, drafts, steps  # noqa: F401 (they register themselves)
from portal.issues.views.blueprint import issues

__all__ = ["issues"]
