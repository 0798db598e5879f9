"""Making anew what follows from all dossiers: the index, the groups, the numbers of the map."""

import time

import click

from portal.clusters.commands import begin_anew, grow
from portal.command_line.context import application
from portal.kernel.policy import SYSTEM
from portal.maps import commands as of_map
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


@click.group()
def clusters() -> None:
    """Groups of dossiers that are about the same, at the same place and time."""


@clusters.command("rebuild")
def rebuild_clusters() -> None:
    """Look at every dossier anew. The worker keeps the groups up to date: this gives the same ones."""
    with application():
        begun = time.perf_counter()
        number = begin_anew(SYSTEM, None)
        with click.progressbar(length=number, label="Groups", width=30) as bar:
            while done := grow(SYSTEM, None):
                bar.update(done)
    click.echo(f"{number:,} dossiers were looked at, in {time.perf_counter() - begun:.0f} seconds.")


@click.group("map")
def map_() -> None:
    """The map, and what it knows beforehand."""


@map_.command("recount")
def recount() -> None:
    """Count anew how many dossiers lie where. The worker keeps these numbers: this gives the same ones."""
    with application():
        begun = time.perf_counter()
        number = of_map.count_anew(SYSTEM, None)
        with click.progressbar(length=number, label="Squares", width=30) as bar:
            while done := of_map.count(SYSTEM, None):
                bar.update(done)
    click.echo(f"{number:,} dossiers were counted, in {time.perf_counter() - begun:.0f} seconds.")
