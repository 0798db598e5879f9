"""The city: every engine of deploy/city on free ports of this machine, and the portal's own processes."""

import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from benchmarks.city.engines import Engine, program
from benchmarks.city.visitor import PUBLIC
from benchmarks.faults.place import RETRY
from benchmarks.faults.sink import Sink
from benchmarks.petition import SECRET
from portal.configuration import push_key
from tests.deployed import DEPLOY, here
from tests.processes import Running, free_port, portal, until

DB1, DB2, PROXY = "10.0.0.11", "10.0.0.12", "127.0.0.1"
PASSWORDS = {"SUPERUSER-PASSWORD": "super", "REPLICATION-PASSWORD": "replication"}
PASSWORD = "password"  # noqa: S105 (of a database that is gone in a few minutes)
CERTIFICATE = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=rotonde.example"]
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
WEBS, WORKERS = 2, 2


class Letters(Sink):
    """A mail server that keeps what people have to read in their mails."""

    def __init__(self) -> None:
        self.texts: list[tuple[str, str]] = []
        super().__init__()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        said = await super().handle_DATA(server, session, envelope)
        mail: Any = message_from_bytes(envelope.content, policy=default)
        body = mail.get_body(("plain", "html")).get_content()
        self.texts += [(address, body) for address in envelope.rcpt_tos]
        return said

    def link(self, to: str, containing: str) -> str:
        """The path behind the newest link to this address that contains this; waits for the mail."""
        until(lambda: self._links(to, containing), f"a mail to {to} with {containing}")
        return self._links(to, containing)[-1]

    def _links(self, to: str, containing: str) -> list[str]:
        words = [w.strip("<>()\"'.,") for address, text in self.texts if address == to for w in text.split()]
        return [w.removeprefix(PUBLIC) for w in words if w.startswith(PUBLIC) and containing in w]


class Node:
    """One database with the Patroni that looks after it."""

    def __init__(self, name: str, engine: Engine, port: int, rest: int) -> None:
        self.name, self.engine, self.port, self.rest = name, engine, port, rest

    def is_(self, what: str) -> bool:
        """What its Patroni says of it: `primary`, `replica`, `sync`."""
        return answers(f"http://127.0.0.1:{self.rest}/{what}")


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=3) as answer:  # noqa: S310 (on this machine)
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


class City:
    """Made by `start`, which leaves nothing running if it fails; ended by `stop`."""

    def __init__(self, folder: Path, tell: Callable[[str], None] = print) -> None:
        self.folder, self.tell = folder, tell
        self.engines: list[Engine] = []
        self.portals: list[Running] = []
        self.nodes: list[Node] = []
        self.sink = Letters()
        self.etcd, self.leader, self.replica, self.pooler = (free_port() for _ in range(4))
        self.files, self.port = free_port(), free_port()
        self.data = folder / "portal"
        self.data.mkdir()
        self.push_key = push_key(self.data)
        self.engine = sa.create_engine(self.through(self.leader), pool_pre_ping=True)

    def through(self, port: int, name: str = "rotonde") -> str:
        return f"postgresql+psycopg://rotonde:{PASSWORD}@127.0.0.1:{port}/{name}"

    @property
    def settings(self) -> dict[str, str]:
        """Of deploy/city/rotonde.env, as it stands there, with the addresses of this city."""
        known = {
            "PORTAL_HOST=10.0.0.21": "PORTAL_HOST=127.0.0.1",
            "LONG-AND-THE-SAME-EVERYWHERE": SECRET,
            "PORTAL_PUSH_KEY=THE-SAME-EVERYWHERE": f"PORTAL_PUSH_KEY={self.push_key}",
            "PASSWORD@127.0.0.1:6432": f"{PASSWORD}@127.0.0.1:{self.pooler}",
            "http://10.0.0.31:8333": f"http://127.0.0.1:{self.files}",
            "10.0.0.41": "127.0.0.1",
            "PORTAL_SMTP_PORT=25": f"PORTAL_SMTP_PORT={self.sink.port}",
        }
        lines = [line for line in here("city/rotonde.env", known).splitlines() if line[:1] not in {"#", ""}]
        said = dict(line.removeprefix("PORTAL_").split("=", 1) for line in lines)
        own = {"STAFF_FACTOR": "false", "JOB_RETRY_SECONDS": RETRY, "JOB_LEASE_SECONDS": "5"}
        return said | own | {"SMTP_SECONDS": "3", "LOG": "words"}

    def start(self) -> "City":
        try:
            self._databases()
            self._between()
            self._storage()
            done = portal("migrate", data=self.data, **self.settings)
            if done.returncode:
                raise RuntimeError(done.stdout + done.stderr)
            self._portals()
            self._proxy()
        except BaseException:
            self.stop()
            raise
        return self

    def run(self, name: str, *words: str, root: bool = False, **files: str) -> Engine:
        """Start an engine in a folder of its own, with these files in it."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        for file, content in files.items():
            (folder / file).write_text(content)
        engine = Engine(name, folder, *words, root=root)
        self.engines.append(engine)
        return engine.start()

    def _databases(self) -> None:
        peers = free_port()
        config = here(
            "city/etcd.yml",
            {
                f"listen-peer-urls: http://{DB1}:2380": f"listen-peer-urls: http://127.0.0.1:{peers}",
                f"{DB1}:2379": f"127.0.0.1:{self.etcd}",
                f"initial-advertise-peer-urls: http://{DB1}:2380": f"initial-advertise-peer-urls: http://127.0.0.1:{peers}",
                f"etcd1=http://{DB1}:2380,etcd2=http://{DB2}:2380,etcd3=http://10.0.0.13:2380": f"etcd1=http://127.0.0.1:{peers}",
                "/var/lib/etcd/rotonde": str(self.folder / "etcd" / "data"),
            },
        )
        self.run("etcd", "etcd", "--config-file", str(self.folder / "etcd" / "config"), config=config)
        until(lambda: answers(f"http://127.0.0.1:{self.etcd}/health"), "etcd answers")
        for name in ("db1", "db2"):
            self.nodes.append(self._node(name))
            state = "primary" if name == "db1" else "sync"
            until(lambda state=state: self.nodes[-1].is_(state), f"{name} is {state}; see its log")
            self.tell(f"{name} is {state}")
        self._owner()

    def _node(self, name: str) -> Node:
        folder, port, rest = self.folder / name, free_port(), free_port()
        config = here(
            "city/patroni.yml",
            {
                "name: db1": f"name: {name}",
                f"{DB1}:8008": f"127.0.0.1:{rest}",
                f"{DB1}:5432": f"127.0.0.1:{port}",
                f"{DB1}:2379,{DB2}:2379,10.0.0.13:2379": f"127.0.0.1:{self.etcd}",
                "/var/lib/postgresql/15/rotonde": str(folder / "data"),
                "/var/lib/postgresql/rotonde.pgpass": str(folder / "pgpass"),
                "/usr/lib/postgresql/15/bin": str(Path(program("postgres")).resolve().parent),
                "/var/run/postgresql": str(folder),
                "10.0.0.0/24": "127.0.0.1/32",
                **PASSWORDS,
            },
        )
        engine = self.run(name, "patroni", str(folder / "config"), config=config)
        return Node(name, engine, port, rest)

    def _owner(self) -> None:
        """The portal's own user and database, made where the leader is."""
        words = f"host=127.0.0.1 port={self.nodes[0].port} user=postgres password=super"
        with psycopg.connect(f"{words} dbname=postgres", autocommit=True) as connection:
            connection.execute(f"CREATE ROLE rotonde LOGIN PASSWORD '{PASSWORD}'".encode())
            connection.execute(b"CREATE DATABASE rotonde OWNER rotonde")

    def _between(self) -> None:
        """haproxy, which knows who leads, and before it the pooler."""
        checked = {
            f"server db{n} 10.0.0.1{n}:5432 check port 8008": (
                f"server db{n} 127.0.0.1:{node.port} check port {node.rest}"
            )
            for n, node in enumerate(self.nodes, 1)
        }
        ports = {"127.0.0.1:5000": f"127.0.0.1:{self.leader}", "127.0.0.1:5001": f"127.0.0.1:{self.replica}"}
        file = str(self.folder / "haproxy" / "config")
        self.run("haproxy", "haproxy", "-db", "-f", file, config=here("city/haproxy.cfg", checked | ports))
        ini = here(
            "city/pgbouncer.ini",
            {
                "port=5000": f"port={self.leader}",
                "port=5001": f"port={self.replica}",
                "listen_port = 6432": f"listen_port = {self.pooler}\nunix_socket_dir =",
                "/etc/pgbouncer/userlist.txt": str(self.folder / "pgbouncer" / "users"),
            },
        )
        users = f'"rotonde" "{PASSWORD}"\n'
        file = str(self.folder / "pgbouncer" / "config")
        self.run("pgbouncer", "pgbouncer", "-q", file, config=ini, users=users)
        until(lambda: self.ask("SELECT 1"), "the leader answers through haproxy")

    def _storage(self) -> None:
        unit = here("city/seaweedfs.service", {"10.0.0.31": "127.0.0.1"}).replace("\\\n", "")
        words = next(line for line in unit.splitlines() if line.startswith("ExecStart=")).split()[1:]
        folder = self.folder / "weed"
        moved = {"-dir=/var/lib/seaweedfs": f"-dir={folder}"}
        moved |= {"-s3.config=/opt/seaweedfs/s3.json": f"-s3.config={folder}/s3"}
        words = [moved.get(word, word) for word in words] + [f"-s3.port={self.files}"]
        words += [f"-{of}.port={free_port()}" for of in ("master", "volume", "filer")]
        words += [f"-{of}.port.grpc={free_port()}" for of in ("master", "volume", "filer", "s3")]
        words += ["-volume.preStopSeconds=0", "-master.volumeSizeLimitMB=64"]
        self.run("weed", "weed", *words, s3=here("city/s3.json", {}))
        wrong = import_module("botocore.exceptions")

        def made() -> bool:
            try:
                self.bucket().create_bucket(Bucket="rotonde")
            except (wrong.BotoCoreError, wrong.ClientError):
                return False
            return True

        until(made, "SeaweedFS makes a bucket")

    def bucket(self) -> Any:
        keys = {"aws_access_key_id": "S3-KEY", "aws_secret_access_key": "S3-SECRET"}
        where = {"endpoint_url": f"http://127.0.0.1:{self.files}", "region_name": "us-east-1"}
        return import_module("boto3").client("s3", **where, **keys)

    def kept(self) -> int:
        """How many files lie in the bucket."""
        return sum(1 for _ in self.bucket().list_objects_v2(Bucket="rotonde").get("Contents", []))

    def _portals(self) -> None:
        for number in range(WEBS):
            words = ("serve", "--no-worker", "--workers", "1")
            self.portals.append(Running(*words, data=self.data / f"web{number}", **self.settings))
        for web in self.portals:
            web.wait_until_it_answers()
        for number in range(WORKERS):
            self.portals.append(Running("work", data=self.data / f"worker{number}", **self.settings))

    def _proxy(self) -> None:
        folder = self.folder / "nginx"
        for name in ("cache", "logs"):
            (folder / name).mkdir(parents=True)
        made = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
        subprocess.run([program("openssl"), *CERTIFICATE, *made], check=True, capture_output=True)
        webs = {f"10.0.0.2{n}:8000": f"127.0.0.1:{web.port}" for n, web in enumerate(self.portals[:WEBS], 1)}
        one = (DEPLOY / "nginx" / "rotonde.conf").read_text().partition("upstream rotonde {")[2]
        one = f"upstream rotonde {{{one.partition('}')[0]}}}\n"
        site = here(
            "nginx/rotonde.conf",
            {
                one: here("city/nginx-upstream.conf", webs),
                "listen 80;": f"listen 127.0.0.1:{free_port()};",
                "listen 443 ssl http2;": f"listen 127.0.0.1:{self.port} ssl http2;",
                "/etc/letsencrypt/live/rotonde.example": str(folder),
                "/var/cache/nginx/rotonde": str(folder / "cache"),
                "/var/log/nginx": str(folder / "logs"),
            },
        )
        site = "\n".join(line for line in site.splitlines() if "listen [::]" not in line)
        temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in TEMPORARY)
        config = f"user root; daemon off; pid {folder}/pid; events {{}} http {{ {temporary} {site} }}"
        words = ["nginx", "-e", str(folder / "error.log"), "-c", str(folder / "config")]
        self.run("nginx", *words, root=True, config=config)

    def ask(self, statement: str) -> list[Any]:
        try:
            with self.engine.connect() as connection:
                return list(connection.execute(sa.text(statement)).scalars())
        except sa.exc.OperationalError:
            return []

    def stop(self) -> None:
        """End everything that was started here, each by its number, and look whether it is gone."""
        for number, running in enumerate(self.portals):
            if running.process.poll() is None:
                running.terminate()
            (self.data / f"log{number}").write_text(running.said)
        self.engine.dispose()
        for engine in reversed(self.engines):
            engine.stop()
        self.sink.close()
