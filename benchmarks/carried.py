"""`python -m benchmarks.carried`: SQLite carried away by Litestream, lost with its machine, and brought back.

With deploy/litestream/litestream.yml as it stands, to a SeaweedFS on this machine. People sign, one after the
other; then Litestream and who writes are killed in the midst of it, and the folder of the database is lost.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.city.engines import Engine
from benchmarks.petition import SECRET, prepare
from portal.kernel.db import db
from tests.deployed import here
from tests.processes import free_port, portal, until

SECONDS = 20.0
WRITE = """
import sys, time
from portal import create_app
from portal.dossiers import commands
from portal.dossiers.models import Dossier
from portal.kernel.db import db
from portal.kernel.policy import NOBODY
app = create_app()
with app.app_context():
    ref = sys.argv[1]
    for number in range(1_000_000):
        dossier = db.session.scalars(db.select(Dossier).filter_by(ref=ref)).one()
        email = f"carried{number}@bench.example"
        commands.sign(NOBODY, dossier, name="A signer", email=email, locale="nl")
        print(email, time.time(), flush=True)
"""
SIGNED = "SELECT p.email FROM signatures s JOIN people p ON p.id = s.person_id WHERE p.email LIKE 'carried%'"


def storage(folder: Path) -> tuple[Engine, str]:
    """A SeaweedFS with a bucket for it."""
    port = free_port()
    words = [
        "server",
        f"-dir={folder}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-master.telemetry=false",
        "-filer",
    ]
    words += ["-s3", f"-s3.port={port}", f"-s3.config={folder}/s3", "-s3.port.iceberg=0", "-s3.port.lance=0"]
    words += ["-volume.max=0", "-volume.preStopSeconds=0", "-master.volumeSizeLimitMB=64"]
    words += [f"-{of}.port={free_port()}" for of in ("master", "volume", "filer")]
    words += [f"-{of}.port.grpc={free_port()}" for of in ("master", "volume", "filer", "s3")]
    (folder / "s3").write_text(here("city/s3.json", {":rotonde": ":rotonde-database"}))
    engine = Engine("weed", folder, "weed", *words, root=True).start()
    wrong: Any = import_module("botocore.exceptions")
    keys = {"aws_access_key_id": "S3-KEY", "aws_secret_access_key": "S3-SECRET", "region_name": "us-east-1"}
    client = import_module("boto3").client("s3", endpoint_url=f"http://127.0.0.1:{port}", **keys)

    def made() -> bool:
        try:
            client.create_bucket(Bucket="rotonde-database")
        except (wrong.BotoCoreError, wrong.ClientError):
            return False
        return True

    until(made, "SeaweedFS makes a bucket")
    return engine, f"http://127.0.0.1:{port}"


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # and everything that was started, too
    with tempfile.TemporaryDirectory(prefix="carried-") as name:
        folder, data = Path(name), Path(name) / "data"
        data.mkdir()
        (folder / "weed").mkdir()
        weed, address = storage(folder / "weed")
        try:
            print(try_it(folder, data, address))
        finally:
            weed.stop()


def try_it(folder: Path, data: Path, address: str) -> str:
    file = data / "portal.db"
    present = prepare(f"sqlite:///{file}", data, 0)
    config = folder / "litestream.yml"
    changes = {"/var/lib/rotonde/portal.db": str(file), "https://STORAGE-THAT-SPEAKS-S3": address}
    config.write_text(here("litestream/litestream.yml", changes))
    (folder / "carrying").mkdir()
    carrying = Engine(
        "litestream", folder / "carrying", "litestream", "replicate", "-config", str(config), root=True
    )
    carrying.start()
    words = [sys.executable, "-c", WRITE, present.ref]
    writing = subprocess.Popen(words, env=os.environ | present.environment, stdout=subprocess.PIPE, text=True)
    time.sleep(SECONDS)
    killed = time.time()
    carrying.kill()
    writing.kill()
    lines = [line.split() for line in writing.communicate()[0].splitlines() if len(line.split()) == 2]
    shutil.rmtree(data)
    data.mkdir()
    began = time.perf_counter()
    (folder / "back").mkdir()
    words = ["litestream", "restore", "-config", str(config), str(file)]
    back = Engine("litestream", folder / "back", *words, root=True).start()
    if back.process and back.process.wait():
        raise SystemExit(carrying.log.read_text() + back.log.read_text())
    took = time.perf_counter() - began
    verified = portal("verify", data=data, SECRET_KEY=SECRET)
    kept = set(present.inside(lambda: _kept()))
    told = [(who, float(at)) for who, at in lines if float(at) <= killed]
    lost = [killed - at for who, at in told if who not in kept]
    said = verified.stdout.strip().splitlines() or [verified.stderr]
    return (
        f"{len(told)} signatures acknowledged in {SECONDS:.0f} s, killed in the midst: {len(lost)} lost, of"
        f" the last {max(lost, default=0):.1f} s. Brought back in {took:.1f} s. `portal verify`: {said[-1]}"
    )


def _kept() -> list[str]:
    return list(db.session.scalars(db.text(SIGNED)))


if __name__ == "__main__":
    main()
