"""What happens to receipts when the supporters of a dossier are forgotten."""

from portal.assistance.commands import forget_receipts
from portal.dossiers.commands import FORGETTERS

FORGETTERS.append(forget_receipts)
"""Who was helped with it, and by whom, is forgotten with the signatures."""
