"""What we took from others is exactly what they published, and every icon that is asked for is drawn."""

import hashlib
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
VENDOR = ROOT / "static" / "vendor"
LINE = re.compile(
    r"^\| (?P<file>\S+\.(?:js|css)) \| \S+ \| (?P<version>\S+) \| \S+ \| (?P<sum>[0-9a-f]{64}) \|$", re.M
)
ICON = re.compile(r"""\b(?:icon|draw)\(\s*["']([a-z]+)["']""")


def test_every_vendored_file_is_listed_with_its_own_checksum() -> None:
    listed = {line["file"]: line["sum"] for line in LINE.finditer((VENDOR / "README.md").read_text())}
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(VENDOR.iterdir())
        if path.suffix != ".md"
    }
    assert found == listed


def test_the_listed_version_is_the_one_inside_the_file() -> None:
    for line in LINE.finditer((VENDOR / "README.md").read_text()):
        if line["file"].endswith(".css"):
            continue  # styles do not say it
        assert line["version"] in (VENDOR / line["file"]).read_text()


def test_every_icon_named_in_a_template_exists() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z]+)"', (ROOT / "static" / "icons.svg").read_text()))
    missing = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / "templates").rglob("*.html")
        for name in ICON.findall(path.read_text())
        if name not in drawn
    }
    assert not missing
