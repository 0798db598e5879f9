"""`make lifecycle`: the states of a dossier and the moves between them, into docs/lifecycle.md.

Nothing in it is written by hand: it is printed from the one table in portal/dossiers/models, and
tests/test_lifecycle.py makes every move of it, and every other one.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from portal.dossiers.models import LIFECYCLE, State

FILE = Path(__file__).parent.parent / "docs" / "lifecycle.md"
FIRST = (State.UNCONFIRMED, State.DRAFT, State.OPEN)
"""Where a dossier begins: a report of somebody who has no account, a petition, any other report or plan."""
HEAD = """# The lifecycle of a dossier

Printed by `make lifecycle` from `LIFECYCLE` in `portal/dossiers/models/dossier.py`: one table for reports,
plans and petitions. Rows are where a dossier stands, columns are moves, a cell says where the move leads;
where a cell is empty the move is refused, whoever asks. Who may make a move is in `docs/access.md`. A test
makes every move from every state, and holds this file to the code.
"""


def lines() -> Iterator[str]:
    yield f"| from | {' | '.join(LIFECYCLE.moves)} |"
    yield f"|---|{'---|' * len(LIFECYCLE.moves)}"
    for state in State:
        cells = [str(to) if state in sources else "" for sources, to in LIFECYCLE.moves.values()]
        yield f"| **{state}** | {' | '.join(cells)} |"


def drawn() -> Iterator[str]:
    """The same as a drawing, for who reads it where Mermaid is drawn."""
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield from (f"    [*] --> {state}" for state in FIRST)
    for move, (sources, to) in LIFECYCLE.moves.items():
        yield from (f"    {state} --> {to}: {move}" for state in State if state in sources)
    yield "```"


def written() -> str:
    """The whole of docs/lifecycle.md."""
    first = f"A dossier begins as {', '.join(FIRST[:-1])} or {FIRST[-1]}."
    return "\n".join([HEAD, *lines(), "", first, "", *drawn(), ""])


def main() -> None:
    FILE.write_text(written())
    sys.stdout.write(f"{FILE.relative_to(FILE.parent.parent)}\n")


if __name__ == "__main__":
    main()
