"""What came of the faults, as docs/reliability.md."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.faults.breaking import HOLD
from benchmarks.faults.place import Account

FILE = Path(__file__).parent.parent.parent / "docs" / "reliability.md"
CITY = "## The leading database of a city is killed"
"""From this heading on the page is written by benchmarks/city."""
HEAD = (
    "| fault | database | what people saw besides what they asked for | acknowledged | lost | doubled "
    "| answers after, s | mails out after, s |"
)
ABOUT = """# Reliability

Made by `python -m benchmarks.faults` (Python {python}; what goes away is gone for {hold:.0f} s
unless another time stands beside the table): `portal
serve`, with two web processes and the worker, is broken while three people sign one after the other, one
reports with a photo, and the worker mails to a mail server of the bench. Who is refused or gets no answer
sends the same form again until it is taken. Afterwards every form that was acknowledged is looked for in
the tables and at the mail server, and `portal verify` reads every timeline.

*Acknowledged*: forms that people were told are kept. *Lost*: of these, rows or mails that are missing.
*Doubled*: rows that are there twice; mails that went out twice stand beside it, each with the Message-ID
of the first, so that the receiving server can tell. *Answers after*: from the end of the fault until a
signature and a report that were sent after it are both taken. *Mails out after*: until nothing waits any
more; a job that failed is tried again after 2 s here (by default after a minute), then 4, 8 … *No
answer*: the connection broke off; a browser says so itself, and with JavaScript the page keeps what was
typed and says to try again.

A worker that is killed between a mail server's "taken" and its own note of it hands that mail over again: at
most one each time it is killed, and whether that is seen in a run is chance.
"""


@dataclass
class Outcome:
    name: str
    kind: str
    saw: Counter[tuple[int, str]] = field(default_factory=Counter)
    account: Account | None = None
    well: float = 0
    mailed: float | None = None
    said: str = ""
    told: list[str] = field(default_factory=list)
    skipped: str = ""
    right: bool = True

    @property
    def tracebacks(self) -> int:
        return self.said.count("Traceback (most recent call last)")

    @property
    def bad(self) -> bool:
        found = self.account
        wrong = found and (found.lost or found.doubled or found.dead or not found.verified)
        return bool(wrong) or not self.right


def sights(saw: Counter[tuple[int, str]]) -> str:
    cells = [
        f"{number}× {f'{status} ' if status else ''}{text}" for (status, text), number in saw.most_common()
    ]
    return "; ".join(cells) or "nothing"


def row(outcome: Outcome) -> str:
    if outcome.skipped:
        return f"| {outcome.name} | {outcome.kind} | not tried: {outcome.skipped} |  |  |  |  |  |"
    found = outcome.account
    cells = [outcome.name, outcome.kind]
    if found is None:
        cells += ["; ".join(outcome.told), "", "nothing" if outcome.right else "**wrong**", ""]
        cells += [f"{outcome.well:.1f}", ""]
    else:
        twice = f"; {len(found.mails_doubled)} mails" if found.mails_doubled else ""
        cells += [sights(outcome.saw), str(found.acknowledged), str(len(found.lost) or "nothing")]
        cells += [f"{len(found.doubled) or 'nothing'}{twice}", f"{outcome.well:.1f}", f"{outcome.mailed:.1f}"]
    return f"| {' | '.join(cells)} |"


def shown(outcome: Outcome) -> Outcome:
    """To the screen as it comes, with what is to be looked into."""
    print(row(outcome), flush=True)
    found = outcome.account
    if found and (found.lost or found.doubled or found.mails_doubled or found.dead or not found.verified):
        print(f"    {found}", flush=True)
    if outcome.tracebacks or outcome.bad:
        print(f"    {outcome.tracebacks} tracebacks\n{outcome.said[-6000:]}", flush=True)
    return outcome


def remarks(outcomes: Iterable[Outcome]) -> Iterator[str]:
    for outcome in outcomes:
        of = f"*{outcome.name}*, {outcome.kind}: "
        if outcome.account:
            yield from (f"- {of}{told}" for told in outcome.told)
            if outcome.account.dead:
                yield f"- {of}{outcome.account.dead} dead letters."
            if not outcome.account.verified:
                yield f"- {of}`portal verify` found a broken timeline."
        if outcome.tracebacks:
            yield f"- {of}{outcome.tracebacks} tracebacks in the log."


def _whose(line: str) -> tuple[str, str]:
    """The fault and the database that a row of the table, or a remark beside it, is about."""
    found = re.match(r"\| (.+?) \| (\w+) \|", line) or re.match(r"- \*(.+?)\*, (\w+): ", line)
    return (found[1], found[2]) if found else ("", "")


def write(outcome: Outcome, names: list[str], *, python: str) -> None:
    """Put it into the page, in the place of what an earlier run found; the others stay as they are."""
    page, city, rest = (FILE.read_text() if FILE.exists() else "").partition(CITY)
    lines = page.splitlines()
    others = [line for line in lines if _whose(line)[0] in names]
    lines = [line for line in others if _whose(line) != (outcome.name, outcome.kind)]
    lines += [row(outcome), *remarks([outcome])]
    lines.sort(key=lambda line: (names.index(_whose(line)[0]), _whose(line)[1] != "SQLite"))
    table = [ABOUT.format(hold=HOLD, python=python), HEAD, "|---" * 8 + "|"]
    table += [line for line in lines if line.startswith("|")]
    noted = [line for line in lines if line.startswith("-")]
    whole = [*table, *(["", "## Beside the table", "", *noted] if noted else [])]
    FILE.write_text("\n".join(whole) + "\n" + (f"\n{city}{rest}" if city else ""))
