"""Pages of accounts, and the ways in."""

from portal.accounts.views import factors, pages, provided  # noqa: F401 (they register themselves)
from portal.accounts.views.blueprint import accounts

__all__ = ["accounts"]
