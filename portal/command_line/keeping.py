"""`portal backup` and `portal restore`: all that a portal is, taken while it runs and checked afterwards."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from flask import Flask
from sqlalchemy import String, inspect, text

from portal import settings
from portal.command_line import dumping, packing
from portal.command_line.checking import timelines
from portal.command_line.context import application
from portal.kernel import migrations, storage
from portal.kernel.clock import now
from portal.kernel.db import Base, db
from portal.kernel.errors import NotFound
from portal.kernel.storage import KEY

ROWS = 1000


@click.command()
@click.argument("target", type=click.Path(path_type=Path), metavar="FILE-OR-FOLDER")
def backup(target: Path) -> None:
    """Write all that the portal is, while it runs: one file if the name ends in .tar.gz, else a folder.

    It holds the database, the uploaded files and the keys: who has it can read everything, and act as the
    portal. Keep it on another machine, and as safe as this one.
    """
    target = target.absolute()
    if target.exists():
        raise click.ClickException(f"{target} is there already; a backup is written under a new name.")
    if not target.parent.is_dir():
        raise click.ClickException(f"{target.parent} is no folder.")
    with application() as app:
        try:
            about = _write(app, target)
        except OSError as error:
            raise click.ClickException(f"No backup was made: {error.strerror} ({error.filename}).") from error
    click.echo(f"{target}: the database ({about['bytes'] / 1e6:.1f} MB), {about['files']} files, the keys.")


def _write(app: Flask, target: Path) -> dict[str, Any]:
    """The files, the database, then the files that came meanwhile: none that a row names is missing."""
    folder, into = Path(app.config["DATA_DIR"]), packing.package(target)
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as beside:
            there = set(_add(into, storage.all_keys()))
            url = db.engine.url
            name = packing.DATABASES[url.get_backend_name()]
            database = Path(beside) / name
            revision = migrations.current()
            dumping.dump(url, database)
            into.add(database, name)
            there |= set(_add(into, (key for key in storage.all_keys() if key not in there)))
            for key in packing.KEYS:
                if (folder / key).exists():
                    into.add(folder / key, key)
            about: dict[str, Any] = {"made_at": now().isoformat(), "revision": revision, "files": len(there)}
            about |= {"engine": url.get_backend_name(), "sha256": packing.digest(database)}
            about["bytes"] = database.stat().st_size
            words = Path(beside) / packing.ABOUT
            words.write_text(json.dumps(about, indent=1))
            into.add(words, packing.ABOUT)
        into.finish()
    except BaseException:
        into.give_up()
        raise
    return about


def _add(into: packing.Package, keys: Iterator[str]) -> Iterator[str]:
    """A file that was removed between the look and the copy is one that no row names any more."""
    for key in keys:
        try:
            with storage.lying(key) as path:
                into.add(path, f"{packing.FILES}/{key[:2]}/{key}")
        except (FileNotFoundError, NotFound):
            continue
        yield key


@click.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True), metavar="FILE-OR-FOLDER")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    default=lambda: os.environ.get("PORTAL_DATA_DIR") or settings.DATA_DIR,
    show_default="PORTAL_DATA_DIR",
    help="The data folder, which must be new or empty.",
)
def restore(source: Path, into: Path) -> None:
    """Put a backup into a new place, bring it to this version, and check every timeline and every file.

    With PORTAL_DATABASE_URL a backup of PostgreSQL goes into that database, which must be empty; with
    PORTAL_S3_BUCKET the files go into that bucket, which must be empty too.
    """
    into = into.absolute()
    if into.exists() and any(into.iterdir()):
        raise click.ClickException(f"{into} is not empty; a backup is put back into a new place.")
    try:
        about = packing.unpack(source, into)
        with application(DATA_DIR=str(into)) as app:
            if app.config["S3_BUCKET"] and not storage.is_empty():
                raise click.ClickException("The bucket of PORTAL_S3_BUCKET is not empty.")
            _take_in(about, into / packing.DATABASES[about["engine"]])
            storage.take_in(into / packing.FILES)
            wrong = _checked()
    except BaseException as error:
        _emptied(into)
        if isinstance(error, OSError):
            words = f"Nothing was put back: {error.strerror} ({error.filename})."
            raise click.ClickException(words) from error
        raise
    click.echo(f"The portal as it was at {about['made_at']} is in {into}.")
    if wrong:
        raise SystemExit(1)


def _emptied(folder: Path) -> None:
    for path in folder.iterdir() if folder.is_dir() else ():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _take_in(about: dict[str, Any], file: Path) -> None:
    """The database of a backup into the one of the settings, at this version's revision."""
    engine, url = about["engine"], db.engine.url
    elsewhere = engine == "sqlite" and url.database != str(file)
    if url.get_backend_name() != engine or elsewhere:
        way = {"sqlite": "unset PORTAL_DATABASE_URL", "postgresql": "set PORTAL_DATABASE_URL to an empty one"}
        raise dumping.CannotDump(f"The backup is of {engine}: {way[engine]}.")
    if not migrations.knows(about["revision"]):
        raise dumping.CannotDump("The backup is of a newer version of the portal than this one.")
    if engine == "sqlite":
        problem = dumping.ailing(file)
        if problem:
            raise dumping.CannotDump(f"Its database is damaged: {problem}.")
    elif inspect(db.engine).get_table_names():
        raise dumping.CannotDump("The database of PORTAL_DATABASE_URL is not empty.")
    else:
        dumping.load(url, file)
        file.unlink()
        with db.engine.begin() as connection:
            connection.execute(text("ANALYZE"))  # else it plans for a while as if every table were empty
    migrations.upgrade()


def _checked() -> int:
    """Say of timelines and files how many are well; return how many are not."""
    total, broken = timelines()
    click.echo(f"{total} timelines checked, {broken} broken.")
    changed, found = 0, set()
    for key in storage.all_keys():
        found.add(key)
        if storage.named(storage.get(key), key.partition(".")[2]) != key:
            changed += 1
            click.echo(f"The file {key} is not what was uploaded.", err=True)
    missing = named() - found
    for key in sorted(missing):
        click.echo(f"The file {key} is missing.", err=True)
    click.echo(f"{len(found)} files checked, {changed} changed, {len(missing)} missing.")
    return broken + changed + len(missing)


def named() -> set[str]:
    """The keys of all files that a row of the database names."""
    found: set[str] = set()
    for table in Base.metadata.sorted_tables:
        for column in (column for column in table.columns if type(column.type) is String):
            long = db.select(column).where(db.func.length(column).between(66, 70))
            for value in db.session.scalars(long.execution_options(yield_per=ROWS)):
                if KEY.fullmatch(value):
                    found.add(value)
    return found
