"""deploy/ is what the tools accept, and the portal works behind it: nginx before it, PgBouncer below it."""

import configparser
import json
import os
import pwd
import re
import shutil
import ssl
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from portal import settings
from portal.kernel.db import db
from tests import databases
from tests.conftest import close, make_app
from tests.deployed import DEPLOY, here
from tests.factories import an_issue
from tests.live import LiveServer
from tests.processes import TOP, free_port, until

CITY = DEPLOY / "city"
UNITS = [*sorted((DEPLOY / "systemd").iterdir()), CITY / "seaweedfs.service"]


def tool(name: str) -> str:
    found = shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin")
    if found is None:
        pytest.skip(f"{name} is not on this machine")
    return found


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    verify = tool("systemd-analyze")
    for unit in UNITS:
        said = unit.read_text().replace(
            "/opt/rotonde/.venv/bin/litestream", "/bin/true"
        )  # not everybody has it
        (tmp_path / unit.name).write_text(said.replace("/opt/rotonde", str(TOP)))
    words = [verify, "verify", "--man=no", *(str(tmp_path / unit.name) for unit in UNITS)]
    own = os.environ | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:/usr/lib/systemd/system:/lib/systemd/system"}
    done = subprocess.run(words, env=own, capture_output=True, text=True)
    ours = [line for line in done.stderr.splitlines() if "rotonde" in line]
    assert not ours, done.stderr


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda u: u.name)
def test_a_unit_can_do_little_else(unit: Path) -> None:
    done = subprocess.run(
        [tool("systemd-analyze"), "security", "--offline=true", "--threshold=35", str(unit)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_the_container_is_made_of_what_there_is() -> None:
    said = (DEPLOY / "Containerfile").read_text()
    copied = [line.split()[1:-1] for line in said.splitlines() if line.startswith("COPY ")]
    copied = [names for names in copied if not names[0].startswith("--from")]
    assert all((TOP / name).exists() for names in copied for name in names)
    if shutil.which("hadolint"):
        subprocess.run(["hadolint", str(DEPLOY / "Containerfile")], check=True)


ENVIRONMENTS = [DEPLOY / "rotonde.env", CITY / "rotonde.env"]


def test_a_city_is_configured_as_its_engines_read_it(tmp_path: Path) -> None:
    """`deploy/city/try` starts them all; here they, or a parser, read what they are given."""
    for file in ENVIRONMENTS:
        names = re.findall(r"^(?:# )?PORTAL_(\w+)=", file.read_text(), re.M)
        assert names
        assert not [name for name in names if name != "SECRET_KEY" and not hasattr(settings, name)], file
    yaml = pytest.importorskip("yaml")
    patroni = yaml.safe_load((CITY / "patroni.yml").read_text())
    assert patroni["bootstrap"]["dcs"]["synchronous_mode"] is True
    assert yaml.safe_load((CITY / "etcd.yml").read_text())["enable-grpc-gateway"] is True
    carried = yaml.safe_load((DEPLOY / "litestream" / "litestream.yml").read_text())["dbs"][0]
    assert carried["path"] == "/var/lib/rotonde/portal.db"
    rights = json.loads((CITY / "s3.json").read_text())["identities"][0]["actions"]
    assert all(right.endswith(":rotonde") for right in rights), "the portal's key opens no other bucket"
    pooler = configparser.ConfigParser()
    pooler.read(CITY / "pgbouncer.ini")
    assert pooler["pgbouncer"]["pool_mode"] == "transaction"
    checked = subprocess.run(
        [tool("haproxy"), "-c", "-f", str(CITY / "haproxy.cfg")], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stderr
    assert "warn" not in checked.stderr.lower(), checked.stderr


@pytest.mark.skipif(
    "PORTAL_TEST_CITY" not in os.environ, reason="takes minutes; PORTAL_TEST_CITY=1 asks for it"
)
def test_a_city_loses_nothing_when_its_leader_is_killed() -> None:
    done = subprocess.run([str(CITY / "try")], capture_output=True, text=True)
    if "This machine has no" in done.stderr:
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stdout + done.stderr
    assert "everything that was started has ended" in done.stdout


CERTIFICATE = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=rotonde.example"]


@pytest.fixture
def proxy(app: Flask, tmp_path: Path) -> Iterator[str]:
    """The portal behind nginx as deploy/ configures it, on other ports and with a certificate of our own."""
    nginx, openssl = tool("nginx"), tool("openssl")
    server, port = LiveServer(app), free_port()
    app.config |= {"PROXIES": 1}
    folder = tmp_path / "nginx"
    for name in ("cache", "log"):
        (folder / name).mkdir(parents=True)
    made = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run([openssl, *CERTIFICATE, *made], check=True, capture_output=True)
    site = here(
        "nginx/rotonde.conf",
        {
            "server 127.0.0.1:8000;": f"server {server.url.removeprefix('http://')};",
            "listen 80;": f"listen 127.0.0.1:{free_port()};",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{port} ssl http2;",
            "/etc/letsencrypt/live/rotonde.example": str(folder),
            "/var/cache/nginx/rotonde": str(folder / "cache"),
            "/var/log/nginx": str(folder / "log"),
        },
    )
    site = "\n".join(line for line in site.splitlines() if "listen [::]" not in line)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    root = "user root;" if os.geteuid() == 0 else ""  # else its workers may not write in our folder
    whole = f"{root} daemon off; pid {folder}/pid; events {{}} http {{ {temporary} {site} }}"
    (folder / "nginx.conf").write_text(whole)
    command = [nginx, "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert tried.returncode == 0, tried.stderr
    assert "warn" not in tried.stderr
    server.start()
    running = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        yield f"https://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait()
        server.stop()


def ask(url: str, **headers: str) -> tuple[int, dict[str, str]]:
    """A certificate of our own is taken."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    request = urllib.request.Request(url, headers={"Host": "rotonde.example"} | headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, context=trusting, timeout=20) as answer:  # noqa: S310
            return answer.status, dict(answer.headers)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, dict(refused.headers)


@pytest.mark.parametrize("kind", ["sqlite"])
def test_the_portal_works_behind_nginx(proxy: str, tmp_path: Path) -> None:
    def up() -> bool:
        try:
            return ask(f"{proxy}/sign-in")[0] == 200
        except urllib.error.URLError:
            return False

    until(up, "nginx answers")
    _, page = ask(f"{proxy}/sign-in?who=reader@homes.example", **{"X-Request-Id": "given-by-a-visitor"})
    assert page["Strict-Transport-Security"].startswith("max-age=")
    assert page["X-Request-Id"] != "given-by-a-visitor"
    for closed in ("metrics", "readyz", "healthz"):
        assert ask(f"{proxy}/{closed}")[0] == 404
    status, file = ask(f"{proxy}/static/css/tokens.css?v=1", **{"Accept-Encoding": "br"})
    assert (status, file.get("Content-Encoding")) == (200, "br"), file
    assert "immutable" in file["Cache-Control"]
    pages = [ask(f"{proxy}/dossiers", **headers)[1] for headers in ({}, {}, {"Cookie": "rotonde=somebody"})]
    assert ["public" in seen["Cache-Control"] for seen in pages] == [True, True, False]
    assert pages[0]["X-Request-Id"] != pages[1]["X-Request-Id"]
    kept = [file.read_bytes() for file in (tmp_path / "nginx" / "cache_pages").rglob("*") if file.is_file()]
    assert len(kept) == 1
    assert b"/dossiers" in kept[0]
    log = (tmp_path / "nginx" / "log" / "rotonde.log").read_text()
    assert page["X-Request-Id"] in log, "both logs have the same id"
    assert "sign-in" not in log
    assert "reader@" not in log


@pytest.fixture
def pooled(tmp_path: Path) -> Iterator[Flask]:
    """The portal on PostgreSQL through PgBouncer, which lends two connections, for one transaction each."""
    bouncer, owner = tool("pgbouncer"), "postgres"
    if "postgresql" not in databases.KINDS:
        pytest.skip("the tests run on SQLite alone")
    if owner not in {entry.pw_name for entry in pwd.getpwall()} or os.geteuid() != 0:
        pytest.skip("PgBouncer does not run as root, and there is nobody else here to run it")
    url = databases.fresh("postgresql", tmp_path / "data")
    name, port = url.partition("?")[0].rpartition("/")[2], free_port()
    where = f"host={databases.cluster().folder} user=postgres"
    ini = here(
        "pgbouncer/pgbouncer.ini",
        {
            "rotonde = host=127.0.0.1 port=5432 dbname=rotonde": f"{name} = {where}",
            "listen_port = 6432": f"listen_port = {port}\nunix_socket_dir =",
            "auth_type = scram-sha-256": "auth_type = any",
            "auth_file = /etc/pgbouncer/userlist.txt": "",
            "default_pool_size = 20": "default_pool_size = 2",
            "reserve_pool_size = 5": "reserve_pool_size = 0",
        },
    )
    file = Path(databases.cluster().folder) / f"{name}.ini"
    file.write_text(ini)
    file.chmod(0o644)
    group = pwd.getpwnam(owner).pw_gid
    running = subprocess.Popen(
        [bouncer, "-q", str(file)], user=owner, group=group, extra_groups=[], stderr=subprocess.DEVNULL
    )
    app = make_app(f"postgresql+psycopg://postgres@127.0.0.1:{port}/{name}", tmp_path, DATABASE_POOLER=True)
    try:
        with app.app_context():
            yield app
            close(app)
    finally:
        running.terminate()
        running.wait()
        databases.drop(url)


def test_the_portal_works_through_pgbouncer(pooled: Flask) -> None:
    """What a driver would keep prepared on one connection is asked on another, which knows nothing of it."""

    def up() -> bool:
        try:
            return db.session.scalar(text("SELECT 1")) == 1
        except OperationalError:
            db.session.rollback()
            return False

    until(up, "PgBouncer answers")
    issue = an_issue()
    path = f"/d/{issue.ref}"
    db.session.remove()
    with db.engine.connect() as often, db.engine.connect() as other:
        for _ in range(10):
            assert often.scalar(text("SELECT count(*) FROM dossiers")) == 1
            often.commit()
        other.execute(text("SELECT 1"))  # and keeps the connection that served the ten
        assert often.scalar(text("SELECT count(*) FROM dossiers")) == 1
    client = pooled.test_client()
    assert [client.get(path).status_code for _ in range(3)] == [200] * 3
    url = str(pooled.config["DATABASE_URL"])
    databases.drop(url)
    assert [client.get(path).status_code for _ in range(3)] == [503] * 3, "away, though the pooler is there"
