"""The dead letters of the outbox: what failed too often, to be looked at and tried again."""

import click

from portal.command_line.context import application
from portal.kernel import jobs


@click.command("dead-letters")
@click.option("--again", "everything", is_flag=True, help="Have all of them tried again.")
@click.argument("numbers", nargs=-1, type=int)
def dead_letters(everything: bool, numbers: tuple[int, ...]) -> None:
    """Show the jobs that failed too often; with their NUMBERS, or --again, have them tried again."""
    with application():
        found = jobs.dead()
        if not everything and not numbers:
            for job in found:
                click.echo(
                    f"{job.id:>8}  {job.task:24} {job.attempts:>3} attempts  "
                    f"given up {job.dead_at:%Y-%m-%d %H:%M} UTC  {job.error or 'its worker died'}"
                )
            click.echo(f"{len(found)} dead letters.")
            return
        unknown = sorted(set(numbers) - {job.id for job in found})
        if unknown:
            raise click.BadParameter(f"not among the dead letters: {', '.join(map(str, unknown))}")
        chosen = [job.id for job in found] if everything else list(numbers)
        click.echo(f"{jobs.revive(chosen)} are tried again, as soon as a worker comes by.")
