"""What came of the city, as a part of docs/reliability.md."""

import re
import subprocess

from benchmarks.city.engines import program
from benchmarks.city.losing import Lost
from benchmarks.faults.report import CITY, FILE

VERSIONS = {
    "patroni": ["--version"],
    "etcd": ["--version"],
    "postgres": ["--version"],
    "pgbouncer": ["--version"],
    "haproxy": ["-v"],
    "nginx": ["-v"],
    "weed": ["version"],
}
NAMES = {"weed": "SeaweedFS", "postgres": "PostgreSQL", "pgbouncer": "PgBouncer", "patroni": "Patroni"}
NUMBER = re.compile(r"\d+\.\d+(\.\d+)?")


def engines() -> str:
    """What it is made of, with versions."""
    found = []
    for name, words in VERSIONS.items():
        said = subprocess.run([program(name), *words], capture_output=True, text=True, check=True)
        number = NUMBER.search(re.sub(r"^version \S+ ", "version ", said.stdout + said.stderr))
        found.append(f"{NAMES.get(name, name)} {number[0] if number else '?'}")
    return ", ".join(found)


def told(lost: Lost) -> str:
    found = lost.account
    rows = {
        "people sign before it, a second": f"{lost.rate:.1f}",
        "the other database leads after, s": f"{lost.promoted:.1f}",
        "a signature and a report sent after it are taken after, s": f"{lost.signed:.1f}",
        "no form was taken for, s": f"{lost.longest:.1f}",
        "the one that was killed follows again, and commits wait for it, after, s": f"{lost.back:.1f}",
        "people saw besides what they asked for": lost.saw,
        "forms acknowledged": str(found.acknowledged),
        "lost": str(len(found.lost) or "nothing"),
        "doubled": str(len(found.doubled) or "nothing"),
        "mails that went out twice": str(len(found.mails_doubled)),
        "`portal verify`": "every timeline is whole" if found.verified else "**broken**",
    }
    lines = ["|  |  |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows.items())]
    return "\n".join([f"{engines()}.", "", *lines])


ABOUT = """Made by `deploy/city/try --write`: `deploy/city` on one machine, every engine on a
port of its own; two databases under Patroni, haproxy and PgBouncer before them, SeaweedFS, two web processes
and two workers, and nginx. First the loop is walked through nginx, over HTTPS and without JavaScript: two
reports with photos, a co-signature, a bundle with the consent of both, handing over, an answer. Then six
people sign and one reports, as above, and the leading database and its Patroni are killed with `kill -9`;
they are started again as soon as the other one leads. Where a leader vanishes without a word, Patroni waits
for `ttl` (20 s) before another one may lead: most of the time below.
"""


def write(said: str) -> None:
    """Put it at the end of the page, in the place of what an earlier run found."""
    page = FILE.read_text().partition(CITY)[0].rstrip()
    FILE.write_text(f"{page}\n\n{CITY}\n\n{ABOUT}\n{said}\n")
