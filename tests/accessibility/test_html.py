"""Every page in every state passes the Nu HTML checker: one call of it reads them all."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.accessibility.pages import LANGUAGES, Page, kept

JAR = Path(".venv") / "checkers" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
TOP = Path(__file__).parent.parent.parent
JAVA = ["java", "-Xss2m", "-XX:TieredStopAtLevel=1", "-jar"]
"""For so short a run a better translation of the checker costs more than it gives."""
MISSING = (
    "the Nu HTML checker is not there, or no Java: `make html` installs the one and says what the other needs"
)

pytestmark = pytest.mark.skipif(not (shutil.which("java") and (TOP / JAR).exists()), reason=MISSING)


def messages(pages: list[Page]) -> dict[str, list[str]]:
    """What the checker says: sentence -> the pages and pieces of them it says it of."""
    names = {page.file.name: page for page in pages}
    files = [str(page.file) for page in pages]
    command = [*JAVA, str(TOP / JAR), "--format", "json", "--stdout", "--exit-zero-always"]
    done = subprocess.run([*command, "--errors-only", *files], capture_output=True, text=True, check=True)
    found: dict[str, list[str]] = {}
    for said in json.loads(done.stdout)["messages"]:
        page = names[said["url"].rpartition("/")[2]]
        where = f"{said.get('extract', '')[:160]!r} on {page.name}, {page.language}: {page.url}"
        found.setdefault(said["message"], []).append(where)
    return found


def test_every_page_is_right_html(made: None) -> None:
    pages = [page for language in LANGUAGES for page in kept(language)]
    assert len(pages) > 100
    wrong = messages(pages)
    assert not wrong, "\n".join(["", *(f"{said} {len(on)} × {on[0]}" for said, on in wrong.items())])
