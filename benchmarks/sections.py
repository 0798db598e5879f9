"""docs/performance.md, of which several commands write a part each: a part is a heading of level two.

And other pages of which a part is written by a command.
"""

import re
from pathlib import Path

REPORT = Path(__file__).parent.parent / "docs" / "performance.md"


def kept(title: str, page: Path = REPORT) -> str:
    """The part with this heading as it stands, heading included; empty if there is none."""
    found = re.search(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", page.read_text(), re.M | re.S)
    return found.group(0).rstrip() if found else ""


def write(title: str, body: str, page: Path = REPORT) -> None:
    """Put this part in the place of the one with the same heading, or at the end."""
    new, old, report = f"## {title}\n\n{body}", kept(title, page), page.read_text().rstrip()
    page.write_text((report.replace(old, new) if old else f"{report}\n\n{new}") + "\n")


def others(report: str) -> list[str]:
    """The parts that stand in the file and not in this report: another command made them."""
    here = set(re.findall(r"^## .*$", report, re.M))
    titles = re.findall(r"^## (.*)$", REPORT.read_text(), re.M)
    return [kept(title) for title in titles if f"## {title}" not in here]
