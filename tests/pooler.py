"""PgBouncer between the tests and their PostgreSQL, in transaction mode, where one asks for it.

PORTAL_TEST_POOLER=1 PORTAL_TEST_DATABASES=postgresql make test ARGS="tests/dossiers"
"""

import os
import pwd
import shutil
import subprocess
import time
from pathlib import Path

from tests.deployed import here

WANTED = "PORTAL_TEST_POOLER" in os.environ
PORT = 6432
"""Part of the name of its socket, in a folder of this run: no port is taken."""


def begin(folder: Path, server: Path, owner: str | None) -> None:
    """Start one that lends connections to every database of the server whose socket is in that folder."""
    program = shutil.which("pgbouncer", path=os.environ["PATH"] + ":/usr/sbin")
    if program is None or owner is None:
        raise RuntimeError("PORTAL_TEST_POOLER asks for PgBouncer, and for a user other than root to run it")
    folder.mkdir()
    shutil.chown(folder, owner)
    said = here(
        "pgbouncer/pgbouncer.ini",
        {
            "rotonde = host=127.0.0.1 port=5432 dbname=rotonde": f"* = host={server} user=postgres",
            "listen_addr = 127.0.0.1": f"listen_addr =\npidfile = {folder}/pid",
            f"listen_port = {PORT}": f"listen_port = {PORT}\nunix_socket_dir = {folder}",
            "auth_type = scram-sha-256": "auth_type = any",
            "auth_file = /etc/pgbouncer/userlist.txt": "",
            "default_pool_size = 20": "default_pool_size = 4",  # so that a connection has many borrowers
            "reserve_pool_size = 5": "reserve_pool_size = 0",
        },
    )
    (folder / "ini").write_text(said)
    words = [program, "-q", "-d", str(folder / "ini")]
    group = pwd.getpwnam(owner).pw_gid
    subprocess.run(words, user=owner, group=group, extra_groups=[], check=True, stdin=subprocess.DEVNULL)
    while not (folder / f".s.PGSQL.{PORT}").exists():
        time.sleep(0.05)


def url(folder: Path, database: str) -> str:
    return f"postgresql+psycopg://postgres@/{database}?host={folder}&port={PORT}"
