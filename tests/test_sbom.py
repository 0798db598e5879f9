"""`make sbom` names everything that runs, and nothing else."""

import json
import re
import subprocess
import sys

from tests.processes import TOP


def test_the_bill_is_the_lock_and_what_is_vendored() -> None:
    done = subprocess.run([sys.executable, str(TOP / "bin" / "sbom.py")], capture_output=True, check=True)
    bill = json.loads(done.stdout)
    locked = re.findall(r"^([\w.-]+)(?:\[.*\])?==(\S+)", (TOP / "requirements" / "run.txt").read_text(), re.M)
    found = {(one["name"], one["version"]): one for one in bill["components"]}
    assert len(locked) > 40
    assert {(name, version) for name, version in locked} <= set(found)
    files = {one["name"]: one for one in bill["components"] if one["type"] == "file"}
    assert set(files) == {path.name for path in (TOP / "static" / "vendor").iterdir() if path.suffix != ".md"}
    assert len(bill["components"]) == len(locked) + len(files)
    assert all(one["properties"] for one in bill["components"] if one["type"] == "library"), "each has hashes"
    assert len({one["bom-ref"] for one in bill["components"]}) == len(bill["components"])
    assert bill["dependencies"][0]["dependsOn"] == [one["bom-ref"] for one in bill["components"]]
