"""Reports from other systems: every kind of file, good rows kept, bad rows told, nothing twice."""

import csv
import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from portal.command_line import main
from portal.dossiers.models import Dossier, State
from portal.dossiers.timeline import Entry, first_broken
from portal.kernel.db import db
from tests.factories import an_issue

DAMAGED = gzip.compress(b"id,title,date\n" + b"1,Lamp,2024-05-01\n" * 9, mtime=0)[:-12]
REPORTS = Path(__file__).parent.parent.parent.parent / "shared" / "data" / "reports"
HEADER = "id,title,description,category,created_at,closed_at,status,lat,lon,address"
GOOD = '7,Lamp broken,"Dark since\nMonday",overig-afval,2024-05-01T10:00:00,,open,52.31336,4.97905,Square 1'

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """`portal import-reports …` on the database of the test, in a folder of its own."""
    monkeypatch.setenv("PORTAL_DATA_DIR", app.config["DATA_DIR"])
    monkeypatch.setenv("PORTAL_DATABASE_URL", app.config["SQLALCHEMY_DATABASE_URI"])
    monkeypatch.chdir(tmp_path)

    def invoke(*given: Any) -> Result:
        db.session.remove()
        return CliRunner().invoke(main, ["import-reports", *map(str, given)], catch_exceptions=False)

    return invoke


def written(tmp_path: Path, *lines: str, name: str = "city.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    content = "\n".join(lines).encode(encoding) + b"\n"
    path.write_bytes(gzip.compress(content, mtime=0) if name.endswith(".gz") else content)
    return path


def dossiers() -> list[Dossier]:
    return list(db.session.scalars(db.select(Dossier).order_by(Dossier.id)))


def rejected(path: str = "city.rejects.csv") -> list[tuple[str, str]]:
    with Path(path).open(newline="") as file:
        return [(row["line"], row["reason"]) for row in csv.DictReader(file)]


def test_a_row_becomes_a_dossier_with_one_sealed_entry(run: Run, tmp_path: Path) -> None:
    earlier = an_issue()
    result = run(written(tmp_path, HEADER, GOOD), "--source", "Elsewhere")
    assert result.exit_code == 0
    assert "1 good rows: 1 new" in result.output
    assert "opened    created_at" in result.output
    dossier = dossiers()[1]
    assert dossier.ref == f"K-{1000 + dossier.id}" != earlier.ref
    assert (dossier.title, dossier.body, dossier.place_name) == (
        "Lamp broken",
        "Dark since\nMonday",
        "Square 1",
    )
    assert (dossier.category_slug, dossier.neighbourhood_code) == ("overig-afval", "TH04")
    assert (dossier.source, dossier.source_id, dossier.state) == ("Elsewhere", "7", State.OPEN)
    assert dossier.opened_at == datetime(2024, 5, 1, 8, 0, tzinfo=UTC)  # local time in summer
    (entry,) = db.session.scalars(db.select(Entry).filter_by(dossier_id=dossier.id))
    assert entry.verb == "imported"
    assert entry.data == {"source": "Elsewhere", "source_id": "7", "status": "open"}
    assert first_broken(dossier) is None


def test_a_second_run_adds_nothing_twice(run: Run, tmp_path: Path) -> None:
    file = written(tmp_path, HEADER, GOOD, GOOD)
    assert "2 good rows: 1 new, 1 were here already" in run(file).output
    assert "0 new" in run(file).output
    assert "1 new" in run(file, "--source", "another").output
    assert len(dossiers()) == 2


def test_an_imported_dossier_goes_on_like_any_other(run: Run, tmp_path: Path, app: Flask) -> None:
    run(written(tmp_path, HEADER, GOOD))
    issue = an_issue()
    assert issue.id > dossiers()[0].id
    browser = app.test_client()
    page = browser.get(f"/d/{dossiers()[0].ref}", headers={"Accept-Language": "en"}).text
    assert "Reported elsewhere" in page
    assert "city" in page


def test_bad_rows_go_to_a_file_with_line_and_reason(run: Run, tmp_path: Path) -> None:
    file = written(
        tmp_path, HEADER, GOOD, ",No id,x,,2024-05-01,,,,,", "8,No date,x,,,,,,,", "9,Bad,x,,32 May,,,,,",
        "10,Far,x,,2999-01-01,,,,,", "11,Half,x,,2024-05-01,,,52.3,,",
        "12,Nowhere,x,,2024-05-01,,,121000,487000,", "13,,,,2024-05-01,,,,,", "14,Too few,x",
        "15,NaN,x,,2024-05-01,,,nan,4.9,", "16,Good,x,,2024-05-01,,,,,",
        "17,Bad end,x,,2024-05-01,soon,,,,",
    )  # fmt: skip
    result = run(file)
    assert "2 good rows" in result.output
    assert "10 bad rows" in result.output
    found = rejected()
    assert [line for line, _ in found] == [str(n) for n in (4, 5, 6, 7, 8, 9, 10, 11, 12, 14)]
    reasons = [reason for _, reason in found]
    starts = [
        "missing id",
        "bad date",
        "bad date",
        "bad date",
        "bad coord",
        "bad coord",
        "empty",
        "3 columns",
    ]
    assert all(
        reason.startswith(start)
        for reason, start in zip(reasons, [*starts, "bad coord", "bad date"], strict=True)
    )
    assert {d.source_id for d in dossiers()} == {"7", "16"}


def test_rows_without_a_number_get_one_that_stays(run: Run, tmp_path: Path) -> None:
    rows = [
        "datum;soort;lat;lon",
        "01-05-2024;Lamp;52,31336;4,97905",
        "01-05-2024;Lamp;52,31336;4,97905",
        "2.5.2024;Bak;;",
    ]
    file = written(tmp_path, *rows)
    assert "3 good rows: 3 new" in run(file).output
    assert "3 good rows: 0 new" in run(file).output
    assert [d.title for d in dossiers()] == ["Lamp", "Lamp", "Bak"]
    assert dossiers()[0].neighbourhood_code == "TH04"


def test_german_and_dutch_names_of_columns_are_known(run: Run, tmp_path: Path) -> None:
    german = (
        "Vorgangsnummer;Beschreibung;Kategorie;Eingangsdatum;Erledigt am;Status;Breitengrad;Längengrad;Straße"
    )
    row = "A1;Müll liegt herum;Abfall;03.02.2024 14:30;05.02.2024;erledigt;52.31336;4.97905;Weg 1"
    run(written(tmp_path, german, row, name="stadt.csv"))
    dutch = "Meldingsnummer\tOmschrijving\tSoort\tMelddatum\tAfgehandeld op\tStatus\tAdres"
    run(written(tmp_path, dutch, "B1\tDe bak is weg\tAfval\t3-2-2024\t\tnieuw\tPlein 2", name="gemeente.tsv"))
    one, two = dossiers()
    assert (one.title, one.state, one.place_name, one.neighbourhood_code) == (
        "Müll liegt herum", "solved", "Weg 1", "TH04",
    )  # fmt: skip
    assert one.opened_at == datetime(2024, 2, 3, 13, 30, tzinfo=UTC)
    assert (two.title, two.state, two.place_name) == ("De bak is weg", "open", "Plein 2")
    (entry,) = db.session.scalars(db.select(Entry).filter_by(dossier_id=one.id))
    assert entry.data["closed_on"] == "2024-02-05"


@pytest.mark.parametrize("name", ["city.json", "city.jsonl", "city.json.gz", "city.ndjson.gz"])
def test_json_and_jsonl_are_read(run: Run, tmp_path: Path, name: str) -> None:
    good = {
        "service_request_id": 638344,
        "description": "A hole",
        "requested_datetime": "2024-05-01T06:37:38-08:00",
    }
    things: list[Any] = [good | {"lat": 52.31336, "long": 4.97905, "media": None, "extra": {"a": 1}}]
    things += [good | {"service_request_id": None}, "no object"]
    lines = [json.dumps(thing) for thing in things]
    content = (
        [json.dumps({"requests": things})] if ".json" in name.removesuffix("l") and "l" not in name else lines
    )
    result = run(written(tmp_path, *content, name=name))
    assert "1 good rows: 1 new" in result.output
    assert [reason for _, reason in rejected()] == ["missing id", "not an object"]
    assert dossiers()[0].opened_at == datetime(2024, 5, 1, 14, 37, 38, tzinfo=UTC)


def test_columns_can_be_told(run: Run, tmp_path: Path) -> None:
    file = written(tmp_path, "nr,wat,reden,datum", "1,Lamp kapot,Licht,2024-05-01")
    assert "Licht" in (run(file, "--map", "reden=category") and dossiers()[0].title)
    run(file, "--source", "b", "--map", "wat=title", "--map", "nr=-")
    assert (dossiers()[1].title, len(dossiers()[1].source_id)) == ("Lamp kapot", 24)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--map", "nothing"], "COLUMN=FIELD"),
        (["--map", "nothing=title"], "no column 'nothing'"),
        (["--map", "wat=colour"], "no field 'colour'"),
        ([], "No column tells what was reported"),
        (["--map", "wat=title", "--map", "datum=-"], "No column tells when"),
        (["--zone", "Nowhere/Here"], "time zone"),
        (["--encoding", "klingon"], "encoding"),
    ],
)
def test_what_is_not_clear_is_asked_before_anything_is_written(
    run: Run, tmp_path: Path, given: list[str], said: str
) -> None:
    result = run(written(tmp_path, "nr,wat,datum", "1,Lamp kapot,2024-05-01"), *given)
    assert result.exit_code in {1, 2}
    assert said in result.output
    assert dossiers() == []


def test_a_dry_run_writes_nothing_but_the_bad_rows(run: Run, tmp_path: Path) -> None:
    result = run(written(tmp_path, HEADER, GOOD, "x"), "--dry-run", "--rejects", "bad.csv")
    assert "1 good rows. This was a dry run" in result.output
    assert rejected("bad.csv") == [("4", "1 columns, and the header has 10")]
    assert dossiers() == []


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "no row"),
        ("a.csv", b"id,title,date\n", "no row"),
        ("a.csv", b"id,id,date\n1,2,3\n", "same name"),
        ("a.csv", b"id,title,date\n1,caf\xe9,2024-05-01\n", "cp1252"),
        ("a.json", b"{", "not JSON"),
        ("a.csv.gz", DAMAGED, "damaged"),
        ("a.csv.gz", b"id,title,date\n", "damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_one_sentence(
    run: Run, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    result = run(tmp_path / name)
    assert result.exit_code == 1
    assert said in result.output.splitlines()[-1]


def test_other_encodings_and_characters_that_cannot_be_kept(run: Run, tmp_path: Path) -> None:
    rows = ("id,title,date", "1,caf\u00e9\x00 \x07broken,2024-05-01")
    result = run(
        written(tmp_path, *rows, encoding="cp1252"), "--encoding", "cp1252", "--zone", "America/New_York"
    )
    assert result.exit_code == 0
    assert dossiers()[0].title == "café broken"
    assert dossiers()[0].opened_at == datetime(2024, 5, 1, 4, tzinfo=UTC)


def test_long_words_are_cut_for_the_title_and_whole_in_the_body(run: Run, tmp_path: Path) -> None:
    text = "The lamp is broken again. " * 40
    run(written(tmp_path, "id,description,date", f"1,{text},2024-05-01"))
    dossier = dossiers()[0]
    assert dossier.title.endswith("…")
    assert len(dossier.title) <= 100
    assert dossier.body == text.strip()


REAL = {
    "amsterdam_examples_nl.csv": (67, 0),
    "assen_signalen_2026.csv": (300, 200),
    "konstanz_2020_2022_de.csv": (300, 0),
    "zurich_zwn_points.csv.gz": (300, 0),
    "boston_311_2015_dev.csv.gz": (300, 200),
    "katwijk_fixi_metadata.csv.gz": (300, 0),
}
"""File -> rows that are taken over of its first, and how many at least are closed."""


@pytest.mark.skipif(not REPORTS.exists(), reason="shared/data/reports is not beside the checkout")
@pytest.mark.parametrize("name", REAL)
def test_real_files_are_taken_over_whole(run: Run, tmp_path: Path, name: str) -> None:
    rows, closed = REAL[name]
    opener: Any = gzip.open if name.endswith(".gz") else open
    with opener(REPORTS / name, "rt", encoding="utf-8", newline="") as file:
        some = list(islice(csv.reader(file), rows + 1))
    part = tmp_path / name.removesuffix(".gz")
    with part.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(some)
    assert f"{rows} good rows: {rows} new, 0 were here already." in run(part).output
    assert f"{rows} good rows: 0 new" in run(part).output
    found = dossiers()
    assert len(found) == rows
    assert all(d.title for d in found)
    assert sum(d.state == State.SOLVED for d in found) >= closed
    assert [first_broken(d) for d in found[:50]] == [None] * 50
    assert not list(tmp_path.glob("*.rejects.csv"))
