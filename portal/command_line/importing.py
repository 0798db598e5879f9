"""`portal import-reports`: reports from another system, each a dossier of its own here."""

import codecs
import csv
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from portal.command_line.columns import NAMES, Unclear, mapping
from portal.command_line.context import application
from portal.command_line.reading import Bad, Reader
from portal.command_line.running import prepare
from portal.command_line.tables import Row, Table, Unreadable
from portal.issues.commands import Incoming, import_reports
from portal.kernel.cells import cell
from portal.kernel.policy import SYSTEM

BATCH = 1000
"""Reports in one transaction: between two of them others can write."""
SOURCE = 80
"""Most characters of the name of a source."""


class Rejects:
    """The file with the rows that were not taken over; it is made when there is one."""

    def __init__(self, path: Path) -> None:
        self.path, self.count = path, 0
        self.file: Any = None

    def add(self, line: int, reason: Bad, row: Row | Bad) -> None:
        if self.file is None:
            self.file = self.path.open("w", newline="", encoding="utf-8")
            csv.writer(self.file).writerow(["line", "reason", "row"])
        kept = "" if isinstance(row, Bad) else json.dumps(row, ensure_ascii=True)
        csv.writer(self.file).writerow([line, cell(str(reason)), cell(kept)])
        self.count += 1

    def close(self) -> None:
        if self.file is not None:
            self.file.close()


def reports(table: Table, reader: Reader, rejects: Rejects) -> Iterator[Incoming]:
    """The good rows; the bad ones go to the rejects."""
    for line, row in table.rows():
        try:
            if isinstance(row, Bad):
                raise row
            yield reader.read(row)
        except Bad as reason:
            rejects.add(line, reason, row)


def batches(table: Table, reader: Reader, rejects: Rejects) -> Iterator[list[Incoming]]:
    """The good rows by the thousand, under a bar that follows the bytes of the file."""
    batch: list[Incoming] = []
    with click.progressbar(length=table.size, label="Reading", width=30) as bar:
        for report in reports(table, reader, rejects):
            batch.append(report)
            if len(batch) == BATCH:
                yield batch
                batch = []
                bar.update(max(0, table.done - bar.pos))
        yield batch
        bar.update(table.size - bar.pos)


def show(name: str, all_columns: list[str], columns: dict[str, str]) -> None:
    """Which column is read as what, before anything is written."""
    click.echo(f"Columns of {name}:")
    for field, column in columns.items():
        click.echo(f"  {field:9} {column}")
    if left := [column for column in all_columns if column not in columns.values()]:
        click.echo(f"  not used  {', '.join(left)}")


def _told(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    pairs = [text.rpartition("=") for text in given]
    for column, _, field in pairs:
        if not column or not field:
            raise click.BadParameter(f"{field!r} is not COLUMN=FIELD")
    return {column: field for column, _, field in pairs}


def _zone(_context: click.Context, _option: click.Parameter, name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise click.BadParameter(f"{name!r} is no time zone such as Europe/Amsterdam") from error


def _encoding(_context: click.Context, _option: click.Parameter, name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError as error:
        raise click.BadParameter(f"{name!r} is no encoding such as utf-8 or cp1252") from error


@click.command("import-reports")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", default="", help="Name of the system they come from; else the name of the file.")
@click.option(
    "--map",
    "told",
    multiple=True,
    callback=_told,
    metavar="COLUMN=FIELD",
    help=f"Read this column as one of: {', '.join(NAMES)}; or - to leave it out. May be given more often.",
)
@click.option(
    "--zone", default="Europe/Amsterdam", show_default=True, callback=_zone, help="Of times without one."
)
@click.option(
    "--encoding", default="utf-8-sig", show_default="utf-8", callback=_encoding, help="Of the file."
)
@click.option("--dry-run", is_flag=True, help="Read everything, write nothing but the file of bad rows.")
@click.option(
    "--rejects", "rejected", type=click.Path(dir_okay=False, path_type=Path), help="File for the bad rows."
)
def command(
    file: Path,
    source: str,
    told: dict[str, str],
    zone: ZoneInfo,
    encoding: str,
    dry_run: bool,
    rejected: Path | None,
) -> None:
    """Take over reports from FILE: CSV, JSON or JSONL, also gzipped. A second run adds nothing twice."""
    stem = file.name.removesuffix(".gz").rpartition(".")[0] or file.name
    rejects = Rejects(rejected or Path(f"{stem}.rejects.csv"))
    try:
        with closing(Table(file, encoding)) as table, closing(rejects):
            header = table.columns()
            columns = mapping(header, told)
            show(file.name, header, columns)
            reader = Reader((source or stem)[:SOURCE], columns, zone)
            good = batches(table, reader, rejects)
            read = count(good) if dry_run else take_over(good)
    except (Unreadable, Unclear) as error:
        raise click.ClickException(f"{file.name}: {error}") from error
    if rejects.count:
        click.echo(f"{rejects.count:,} bad rows, with the reason of each: {rejects.path}")
    if not read:
        raise SystemExit(1)


def count(good: Iterator[list[Incoming]]) -> int:
    """How many good rows there are."""
    read = sum(len(batch) for batch in good)
    click.echo(f"{read:,} good rows. This was a dry run: nothing was written.")
    return read


def take_over(good: Iterator[list[Incoming]]) -> int:
    """Write them down; how many good rows there were."""
    read = new = 0
    with application() as app:
        prepare(app)
        for batch in good:
            read += len(batch)
            new += import_reports(SYSTEM, None, rows=batch)
    click.echo(f"{read:,} good rows: {new:,} new, {read - new:,} were here already.")
    return read
