"""`python -m tests.screens`: the pictures in docs/screens/; with words, those with one of them in their name.

First what everybody meets in the demo as it is, then what has to be set up: so the lists hold the demo alone.
"""

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.live import launch
from tests.processes import Running
from tests.screens.album import DEMO, SET_UP
from tests.screens.scene import scene
from tests.screens.studio import Screen, Studio, light

FOLDER = Path(__file__).parent.parent.parent / "docs" / "screens"


def wanted(screens: Iterable[Screen], words: list[str]) -> list[Screen]:
    return [screen for screen in screens if not words or any(word in screen.name for word in words)]


def keep(studio: Studio, screens: Iterable[Screen], words: dict[str, str]) -> None:
    for screen in screens:
        for end, taken in studio.take(screen, words):
            (FOLDER / f"{screen.name}-{end}.png").write_bytes(light(taken))
        sys.stdout.write(f"{screen.name}\n")


def main(words: list[str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data,
        sync_playwright() as playwright,
        Running("start", data=Path(data)) as running,
    ):
        running.wait_until_it_answers()
        studio = Studio(launch(playwright), running)
        keep(studio, wanted(DEMO, words), {})
        if rest := wanted(SET_UP, words):
            keep(studio, rest, scene(Path(data)))
        studio.chromium.close()


if __name__ == "__main__":
    main(sys.argv[1:])
