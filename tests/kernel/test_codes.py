"""Codes that people type over: no look-alikes, a typing error is told, and what is on paper stays valid."""

from itertools import pairwise

import pytest

from portal.assistance.codes import RECEIPTS
from portal.kernel.codes import Codes
from portal.sheets.models import CODES as SHEETS

KINDS = pytest.mark.parametrize("kind", [SHEETS, RECEIPTS], ids=["sheets", "receipts"])


@KINDS
def test_a_code_is_read_however_it_is_typed(kind: Codes) -> None:
    code = kind.new()
    assert [len(group) for group in code.split("-")] == list(kind.groups)
    bare = code.replace("-", "")
    for typed in (code, code.lower(), bare, f" {code.replace('-', ' ')} ", " ".join(code), f"{bare}-"):
        assert kind.read(typed) == code
    assert [kind.read(typed) for typed in ("", code[:-1], code + "2")] == [""] * 3


@KINDS
def test_every_typing_error_is_told(kind: Codes) -> None:
    code = kind.new().replace("-", "")
    for place, right in enumerate(code):
        wrong = [code[:place] + other + code[place + 1 :] for other in kind.characters if other != right]
        assert not any(map(kind.read, wrong))
    for place, (one, other) in enumerate(pairwise(code)):
        assert one == other or not kind.read(code[:place] + other + one + code[place + 2 :])


@pytest.mark.parametrize(
    ("kind", "look_alikes", "printed"),
    [
        (SHEETS, "01ILOSU", ["XHJT-PKDV", "4AXH-FE69"]),
        (RECEIPTS, "01OILSZBGU", ["K86X-PCQP-X6", "4AF2-2356-YC"]),
    ],
    ids=["sheets", "receipts"],
)
def test_what_was_printed_once_stays_valid(kind: Codes, look_alikes: str, printed: list[str]) -> None:
    assert not set(kind.characters) & set(look_alikes)
    assert [kind.read(code) for code in printed] == printed


def test_what_is_typed_for_a_look_alike_is_read() -> None:
    code = RECEIPTS.code(141)
    assert code.startswith("58")
    assert RECEIPTS.read(f"sB{code[2:]}") == code
