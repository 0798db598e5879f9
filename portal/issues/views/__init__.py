"""Pages of reporting."""

from portal.issues.views import at_once, confirm, steps  # noqa: F401 (they register themselves)
from portal.issues.views.blueprint import issues

__all__ = ["issues"]
