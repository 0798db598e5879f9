"""`make register`: every column that says something of a person, into docs/personal-data.md."""

from collections.abc import Iterator
from pathlib import Path

from portal.kernel.db import Base
from portal.personal import PERSONAL, PLAIN, Kept, to_classify

FILE = Path(__file__).parent.parent / "docs" / "personal-data.md"
HEAD = """# Register of personal data

Made by `make register` from the models and from `portal/personal.py`, in which every column of every table is
classified; a test fails when a column is not, or when this file is older than they are. {personal} of {all}
columns say something of a person, in {tables} tables.

What is published leaves the portal: a name that its owner shows, and words on a page, are read and kept by
others. Files that are sent by mail lie with who got them. A web server in front of the portal may write
addresses into its own log. A backup holds what was there when it was made. Where a reference to a person
outlives their erasure, it leads to a row in which nothing is left.

| where | what | why | who sees it | how long |
|---|---|---|---|---|
"""


def columns() -> dict[str, set[str]]:
    """Table -> its columns that are to be classified."""
    tables = Base.metadata.tables.values()
    found = {table.name: {column.name for column in table.columns if to_classify(column)} for table in tables}
    return {name: known for name, known in found.items() if known}


def lines() -> Iterator[str]:
    for table, kept in sorted(PERSONAL.items()):
        yield from (_line(table if not number else "", one) for number, one in enumerate(kept))


def _line(table: str, kept: Kept) -> str:
    named = ", ".join(f"`{column}`" for column in kept.columns.split())
    where = f"`{table}`" if table else ""
    return f"| {where} | {named} | {kept.why} | {kept.who} | {kept.until} |"


def classified() -> Iterator[tuple[str, str]]:
    """Table and column, once for each time that it is named."""
    for table, kept in PERSONAL.items():
        yield from ((table, column) for one in kept for column in one.columns.split())
    for table, names in PLAIN.items():
        yield from ((table, column) for column in names.split())


def written() -> str:
    personal = sum(len(one.columns.split()) for kept in PERSONAL.values() for one in kept)
    numbers = {
        "personal": personal,
        "all": sum(len(table.columns) for table in Base.metadata.tables.values()),
    }
    return HEAD.format(**numbers, tables=len(PERSONAL)) + "\n".join(lines()) + "\n"


if __name__ == "__main__":
    FILE.write_text(written())
