"""`make sbom`: what the portal is made of, as CycloneDX 1.6, from the lock file and what is vendored.

The same lock gives the same file, but for licences: those are what the installed libraries say of themselves.
"""

import json
import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

TOP = Path(__file__).parent.parent
LOCK, VENDOR = TOP / "requirements" / "run.txt", TOP / "static" / "vendor" / "README.md"
PIN = re.compile(r"^(?P<name>[A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)")
DIGEST = re.compile(r"--hash=sha256:([0-9a-f]{64})")
LONGEST = 60
"""A longer one is the licence itself, and not its name."""
VENDORED = re.compile(r"^\| (\S+\.(?:js|css)) \| (\S+) \| (\S+) \| (\S+) \| ([0-9a-f]{64}) \|$", re.M)


def libraries() -> list[dict[str, Any]]:
    """Each pinned library, with the digests of all its files: there is one for each platform."""
    found: list[dict[str, Any]] = []
    for line in LOCK.read_text().splitlines():
        if pin := PIN.match(line):
            purl = f"pkg:pypi/{pin['name'].lower()}@{pin['version']}"
            found.append({"type": "library", "name": pin["name"], "version": pin["version"]})
            found[-1] |= {"bom-ref": purl, "purl": purl, **licence(pin["name"]), "properties": []}
        elif digest := DIGEST.search(line):
            found[-1]["properties"].append({"name": "requirements:sha256", "value": digest[1]})
    return found


def licence(name: str) -> dict[str, Any]:
    """What the installed library says; nothing where it is not installed or does not say."""
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return {}
    if said["License-Expression"]:
        return {"licenses": [{"expression": said["License-Expression"]}]}
    marks = [mark.rpartition(" :: ")[2] for mark in said.get_all("Classifier", []) if "License ::" in mark]
    if not marks and 0 < len(said["License"] or "") < LONGEST:
        marks = [said["License"]]
    return {"licenses": [{"license": {"name": mark}} for mark in marks]} if marks else {}


def vendored() -> list[dict[str, Any]]:
    """Each file taken from others, with its digest."""
    return [
        {
            "type": "file",
            "bom-ref": f"static/vendor/{file}",
            "name": file,
            "version": version,
            "purl": f"pkg:npm/{package}@{version}",
            "licenses": [{"license": {"id": named}}],
            "hashes": [{"alg": "SHA-256", "content": digest}],
        }
        for file, package, version, named, digest in VENDORED.findall(VENDOR.read_text())
    ]


def bill() -> dict[str, Any]:
    """The whole."""
    project = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
    own = {"type": "application", "bom-ref": project["name"], "name": "rotonde"}
    own |= {"version": project["version"], "licenses": [{"expression": project["license"]}]}
    found = [*libraries(), *vendored()]
    needs = {"ref": own["bom-ref"], "dependsOn": [one["bom-ref"] for one in found]}
    made = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1}
    return made | {"metadata": {"component": own}, "components": found, "dependencies": [needs]}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(bill(), indent=1) + "\n")
