"""docs/performance.md, of which several commands write a part each: a part is a heading of level two."""

import re
from pathlib import Path

REPORT = Path(__file__).parent.parent / "docs" / "performance.md"


def kept(title: str) -> str:
    """The part with this heading as it stands, heading included; empty if there is none."""
    found = re.search(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", REPORT.read_text(), re.M | re.S)
    return found.group(0).rstrip() if found else ""


def write(title: str, body: str) -> None:
    """Put this part in the place of the one with the same heading, or at the end."""
    new, old, report = f"## {title}\n\n{body}", kept(title), REPORT.read_text().rstrip()
    REPORT.write_text((report.replace(old, new) if old else f"{report}\n\n{new}") + "\n")


def others(report: str) -> list[str]:
    """The parts that stand in the file and not in this report: another command made them."""
    here = set(re.findall(r"^## .*$", report, re.M))
    titles = re.findall(r"^## (.*)$", REPORT.read_text(), re.M)
    return [kept(title) for title in titles if f"## {title}" not in here]
