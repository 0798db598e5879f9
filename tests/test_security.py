"""docs/security.md is true as far as a machine can tell: each proof exists, each number stands there once."""

import ast
import re
from pathlib import Path

from portal import settings

TOP = Path(__file__).parent.parent
TEXT = (TOP / "docs" / "security.md").read_text()
ROW = re.compile(r"^\| (\d+\.\d+\.\d+[^|]*) \| ([^|]+) \| (met|partly|not met|n/a) \| (.*) \|$", re.M)
ROWS = ROW.findall(TEXT)


def names_in(path: str) -> set[str]:
    tree = ast.parse((TOP / path).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_test_that_is_named_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)
    assert len(named) > 100
    assert not [f"{path}::{name}" for path, name in named if name not in names_in(path)]


def test_every_file_and_setting_that_is_named_exists() -> None:
    files = set(re.findall(r"`?((?:docs|portal|tests)/[\w/.-]+\.(?:py|md))", TEXT))
    assert not [path for path in files if not (TOP / path).exists()]
    assert "PUBLIC_URL" in TEXT
    words = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", TEXT)) - {"LINK_WORKS"}
    assert not [word for word in words if not hasattr(settings, word)]


def test_no_requirement_stands_there_twice_and_each_has_its_reason() -> None:
    numbers = [number for row in ROWS for number in re.findall(r"\d+\.\d+\.\d+", row[0])]
    assert len(numbers) == len(set(numbers))
    lines = [line for line in TEXT.splitlines() if re.match(r"\| \d", line)]
    assert len(lines) == len(ROWS)
    for number, _what, state, proof in ROWS:
        assert proof.strip() or state == "n/a", f"{number} has no proof"
