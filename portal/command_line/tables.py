"""Rows out of a CSV, JSON or JSONL file, also a gzipped one, without holding all of it in memory."""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from portal.command_line.reading import Bad

Row = dict[str, str]
HEADER_FROM = 100
"""So many objects of a JSON file are looked at to learn its columns."""
SEPARATORS = ",;\t|"
csv.field_size_limit(1_000_000)


class Unreadable(Exception):
    """The file as a whole cannot be read; the message says why."""


class Table:
    """The rows of a file: first its columns(), then its rows(). `done` counts bytes."""

    def __init__(self, path: Path, encoding: str = "utf-8-sig") -> None:
        self.path, self.encoding = path, encoding
        self.size = path.stat().st_size
        kind = path.name.removesuffix(".gz").rpartition(".")[2].lower()
        self.kind = kind if kind in {"json", "jsonl", "ndjson"} else "csv"
        self.raw: BinaryIO = path.open("rb")
        unpacked: Any = gzip.GzipFile(fileobj=self.raw) if path.name.endswith(".gz") else self.raw
        self.text = io.TextIOWrapper(unpacked, encoding, newline="" if self.kind == "csv" else None)
        self.found = self._guarded()
        self.first: list[tuple[int, Row | Bad]] = []

    def close(self) -> None:
        self.text.close()
        self.raw.close()

    @property
    def done(self) -> int:
        """How many bytes of the file were read."""
        return self.size if self.raw.closed else self.raw.tell()

    def columns(self) -> list[str]:
        """The names of its columns; of JSON, those of the first objects."""
        known: dict[str, None] = {}
        for line, row in self.found:
            self.first.append((line, row))
            if not isinstance(row, Bad):
                known.update(dict.fromkeys(row))
            if self.kind == "csv" and known or len(self.first) >= HEADER_FROM:
                break
        if not known:
            raise Unreadable("There is no row in it.")
        return list(known)

    def rows(self) -> Iterator[tuple[int, Row | Bad]]:
        """Line (or number of the object) and what is in it; columns() comes first."""
        yield from self.first
        yield from self.found

    def _guarded(self) -> Iterator[tuple[int, Row | Bad]]:
        try:
            yield from self._rows()
        except UnicodeDecodeError as error:
            raise Unreadable(f"It is not written in {self.encoding}: try --encoding cp1252.") from error
        except (OSError, EOFError) as error:
            raise Unreadable(f"It is damaged: {error}.") from error

    def _rows(self) -> Iterator[tuple[int, Row | Bad]]:
        found = {"csv": self._csv, "json": self._json}.get(self.kind, self._lines)
        return found()

    def _csv(self) -> Iterator[tuple[int, Row | Bad]]:
        first = self.text.readline()
        separator = max(SEPARATORS, key=first.count)
        header = next(csv.reader([first], delimiter=separator), [])
        if len(set(header)) < len(header):
            raise Unreadable("Two of its columns have the same name.")
        reader, line = csv.reader(self.text, delimiter=separator), 2
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield line, Bad(f"not CSV: {error}")
            else:
                if cells:
                    yield line, _row(header, cells)
            line = reader.line_num + 2

    def _lines(self) -> Iterator[tuple[int, Row | Bad]]:
        for number, line in enumerate(self.text, 1):
            if not line.strip():
                continue
            try:
                yield number, _object(json.loads(line))
            except ValueError:
                yield number, Bad("not JSON")

    def _json(self) -> Iterator[tuple[int, Row | Bad]]:
        try:
            whole = json.load(self.text)
        except json.JSONDecodeError as error:
            raise Unreadable(f"It is not JSON: {error}.") from error
        if isinstance(whole, dict):
            whole = next((value for value in whole.values() if isinstance(value, list)), [whole])
        for number, thing in enumerate(whole if isinstance(whole, list) else [], 1):
            yield number, _object(thing)


def _row(header: list[str], cells: list[str]) -> Row | Bad:
    if len(cells) != len(header):
        return Bad(f"{len(cells)} columns, and the header has {len(header)}")
    return dict(zip(header, cells, strict=True))


def _object(thing: Any) -> Row | Bad:
    """The plain values of an object as text."""
    if not isinstance(thing, dict):
        return Bad("not an object")
    plain = {name: value for name, value in thing.items() if isinstance(value, str | int | float)}
    return {name: str(value) for name, value in plain.items()}
