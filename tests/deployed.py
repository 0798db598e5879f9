"""What stands in deploy/, changed for this machine: other ports, other folders, and nothing else."""

from tests.processes import TOP

DEPLOY = TOP / "deploy"


def here(name: str, changes: dict[str, str]) -> str:
    """This file of deploy/ with these words in the place of its own. Each of them must stand in it."""
    said = (DEPLOY / name).read_text()
    for ours, other in changes.items():
        assert ours in said, f"{name} says no more: {ours}"
        said = said.replace(ours, other)
    return said
