"""What the processes of a portal count: requests, mails, signatures; added up when somebody asks for them.

Each process counts in a file of its own, which all can read (prometheus_client calls this its multiprocess
mode). The files of processes that are gone are put together, so that a sum never falls while any goes on.
"""

import fcntl
import hashlib
import os
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.metrics_core import Metric
from prometheus_client.mmap_dict import MmapedDict, mmap_key
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

OURS = CollectorRegistry()
STEPS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
REQUESTS = Counter(
    "portal_requests", "Requests that were answered.", ["endpoint", "method", "status"], registry=OURS
)
SECONDS = Histogram(
    "portal_request_seconds", "How long an answer took.", ["endpoint"], registry=OURS, buckets=STEPS
)
MAILS = Counter("portal_mails", "Mails: sent, or failed and tried again.", ["outcome"], registry=OURS)
JOBS = Counter("portal_jobs", "Jobs of the worker: done, or failed.", ["task", "outcome"], registry=OURS)
SIGNATURES = Counter("portal_signatures", "What happened to signatures.", ["verb"], registry=OURS)
"""All have labels: one without would choose at import where it counts, before a process shares."""
HOST = socket.gethostname()
GONE = "gone"
_shared: list[Path] = []


def folder(app: Flask) -> Path:
    """Where the files lie: in memory if there is such a place, because a full disk would end who counts."""
    if app.config["METRICS_DIR"]:
        return Path(app.config["METRICS_DIR"])
    data = str(app.config["DATA_DIR"])
    memory = Path("/dev/shm")  # noqa: S108 (the folder in it is closed to others, and looked at below)
    mine = memory / f"rotonde-{os.geteuid()}-{hashlib.sha256(data.encode()).hexdigest()[:12]}"
    if not memory.is_dir() or mine.exists() and mine.stat().st_uid != os.geteuid():
        return Path(data) / "metrics"
    return mine


def share(app: Flask) -> None:
    """From here on this process, and those that it forks, count where all processes of the portal do."""
    found = folder(app)
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    _put_together(found)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(found)
    values.ValueClass = values.MultiProcessValue(_process)
    _shared[:] = [found]


def _process() -> str:
    """The machine belongs to it: containers give the same numbers."""
    return f"{HOST}-{os.getpid()}"


def exposition(*more: Collector) -> bytes:
    """Everything that was counted by all processes, and what these say now, as Prometheus reads it."""
    registry = CollectorRegistry()
    for collector in more:
        registry.register(collector)
    if not _shared:
        return generate_latest(registry) + generate_latest(OURS)
    MultiProcessCollector(registry, str(_shared[0]))
    with _alone(_shared[0]):
        return generate_latest(registry)


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _put_together(place: Path) -> None:
    """The files of processes of this machine that are gone become one for each kind."""
    with _alone(place):
        for kind in ("counter", "histogram"):
            dead = [file for file in place.glob(f"{kind}_{HOST}-*.db") if not _lives(file)]
            if not dead:
                continue
            whole, unfinished = place / f"{kind}_{GONE}.db", place / f"{kind}_{GONE}.part"
            files = [str(file) for file in (*dead, whole) if file.exists()]
            _write(unfinished, MultiProcessCollector.merge(files, accumulate=False))
            unfinished.replace(whole)
            for file in dead:
                file.unlink()


def _lives(file: Path) -> bool:
    number = int(file.stem.rpartition("-")[2])
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _write(file: Path, metrics: Iterable[Metric]) -> None:
    file.unlink(missing_ok=True)
    kept = MmapedDict(str(file))
    for metric in metrics:
        for sample in metric.samples:
            names, labels = list(sample.labels), list(sample.labels.values())
            key = mmap_key(metric.name, sample.name, names, labels, metric.documentation)
            kept.write_value(key, sample.value, 0.0)
    kept.close()
