"""The command line: `portal COMMAND`, or `python -m portal COMMAND`. Exit code 0 well, 1 not, 2 misused."""

import click

from portal.command_line import (
    checking,
    importing,
    indexing,
    keeping,
    letters,
    moving,
    receiving,
    roundabout,
    running,
)

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=CONTEXT)
def main() -> None:
    """Rotonde: a portal with which a neighbourhood makes itself heard."""


for command in (
    running.start,
    running.serve,
    running.work,
    running.migrate,
    running.demo,
    running.sign_in_link,
    running.forget_factor,
    checking.verify,
    checking.doctor,
    keeping.backup,
    keeping.restore,
    moving.move,
    letters.dead_letters,
    importing.command,
    indexing.similar,
    indexing.clusters,
    indexing.map_,
    receiving.receive,
    receiving.set_mailbox,
    roundabout.roundabout,
):
    main.add_command(command)
