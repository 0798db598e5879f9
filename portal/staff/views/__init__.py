"""The pages of officials."""

from portal.staff.views import flow, queue, routing, teams  # noqa: F401 (their routes register themselves)
from portal.staff.views.blueprint import staff

__all__ = ["staff"]
