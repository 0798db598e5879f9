"""Making the index of all that is said in dossiers anew."""

import time

import click

from portal.command_line.context import application
from portal.similar.commands import rebuild


@click.group()
def similar() -> None:
    """The index by which dossiers are found, and seen to be alike."""


@similar.command("rebuild")
def rebuild_it() -> None:
    """Make the index anew: after a change of portal/similar/synonyms.txt, or when `doctor` says so.

    The portal goes on meanwhile, and finds by the old one.
    """
    with application():
        begun = time.perf_counter()
        number = rebuild()
    click.echo(f"{number:,} dossiers are in the index, after {time.perf_counter() - begun:.0f} seconds.")
