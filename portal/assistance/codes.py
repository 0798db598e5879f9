"""The code of a receipt, `K7QM-4XTP-29`: it follows from a submit, and is kept as a keyed digest only."""

from portal.kernel.codes import Codes
from portal.kernel.digests import keyed

RECEIPTS = Codes(
    "23456789ACEFHKMPQRTVWXY",
    groups=(4, 4, 2),
    last=-1,
    look_alikes=str.maketrans("SZBGU", "5286V"),
)
"""No two of its characters sound alike, either."""


def code_for(key: str) -> str:
    """The code of one submit of a form: the same when it is sent again because the answer got lost."""
    return RECEIPTS.code(int.from_bytes(keyed("receipt-code", key)))


def digest(code: str) -> str:
    """What is kept of a code. Without the secret key nobody can tell from it which code it was."""
    return keyed("receipt", code.replace("-", "")).hex()
