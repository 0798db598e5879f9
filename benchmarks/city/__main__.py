"""`python -m benchmarks.city`: start the city of deploy/city on this machine, walk the loop, kill its leader.

deploy/city/try                 says what came of it
deploy/city/try --write         and puts it into docs/reliability.md
deploy/city/try --only loop     without killing anything
"""

import argparse
import signal
import sys
import tempfile
import time
from contextvars import Context
from pathlib import Path

from benchmarks.city import report
from benchmarks.city.engines import missing
from benchmarks.city.loop import Loop, somebody_is_there
from benchmarks.city.losing import lose_the_leader
from benchmarks.city.place import City
from benchmarks.faults.report import sights
from portal import create_app
from portal.kernel.db import db
from tests.factories import a_petition


def world(city: City) -> str:
    """Who is needed for the loop, and a petition to sign; gives its reference."""

    def made() -> str:
        app = create_app(**city.settings | {"DATABASE_URL": city.through(city.leader)})
        with app.app_context():
            somebody_is_there()
            ref = str(a_petition().ref)
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()
        return ref

    return Context().run(made)


def main() -> None:
    asked = argparse.ArgumentParser(prog="deploy/city/try")
    asked.add_argument("--write", action="store_true", help="put it into docs/reliability.md")
    asked.add_argument("--only", choices=["loop"], help="do not kill anything")
    asked.add_argument("--keep", type=Path, help="a folder in which everything stays, to look at the logs")
    given = asked.parse_args()
    if lacking := missing():
        raise SystemExit(f"This machine has no {', no '.join(lacking)}: see deploy/city/try.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # and everything that was started, too
    with tempfile.TemporaryDirectory(prefix="city-") as temporary:
        folder = given.keep or Path(temporary)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o711)  # the engines' own user must find its folders in it
        run(City(folder), loop_only=given.only == "loop", write=given.write)


def run(city: City, *, loop_only: bool, write: bool) -> None:
    began = time.monotonic()
    city.start()
    try:
        print(f"the city stands after {time.monotonic() - began:.0f} s: {report.engines()}", flush=True)
        ref = world(city)
        steps = Loop(city).walk()
        print("\n".join(steps), flush=True)
        if not loop_only:
            lost = lose_the_leader(city, ref, sights)
            said = report.told(lost)
            print(said, flush=True)
            if write:
                report.write(said)
            if lost.account.lost or lost.account.doubled or not lost.account.verified:
                raise SystemExit(f"something acknowledged is wrong: {lost.account}")
    finally:
        city.stop()
    print("everything that was started has ended", flush=True)


if __name__ == "__main__":
    main()
