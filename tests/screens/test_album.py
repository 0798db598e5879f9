"""Every page has its picture, or a reason to have none; and every picture is of a page that is there."""

import re
from pathlib import Path

from flask import Flask

from portal.access import ROUTES
from tests.accessibility.pages import PAGELESS
from tests.screens.album import DEMO, SET_UP
from tests.screens.studio import SIZES, THEMES, Screen

FOLDER = Path(__file__).parent.parent.parent / "docs" / "screens"
SCREENS = [*DEMO, *SET_UP]
UNPICTURED = {
    "accounts.ask_provider": "a heading, a sentence and two links",
    "accounts.back_from_provider": "a heading, a sentence and two links",
    "accounts.left": "a sentence and a link",
    "assistance.withdraw": "the receipt again, which is pictured, with a sentence more",
    "assistance.show_name": "the receipt again, which is pictured, with a sentence more",
}
"""Routes whose page has no picture of its own, and why."""
PRINTED = "print-"
"""How the pictures of what is printed begin: tests/printing makes those."""


def shown(app: Flask, screen: Screen) -> str:
    """The route that answers with it."""
    if screen.of:
        return screen.of
    path = re.sub(r"\{\w+\}", "1", screen.path).partition("?")[0]
    endpoint, _ = app.url_map.bind("localhost").match(path)
    return str(endpoint)


def test_every_page_is_pictured(app: Flask) -> None:
    found = {shown(app, screen) for screen in SCREENS if screen.of != "error"}
    assert found <= set(ROUTES), found - set(ROUTES)
    pages = {name for name, access in ROUTES.items() if "GET" in access.methods} - set(PAGELESS)
    assert sorted(pages - found) == sorted(UNPICTURED)


def test_every_picture_is_of_a_screen() -> None:
    names = [screen.name for screen in SCREENS]
    assert len(names) == len(set(names))
    wanted = {f"{name}-{size}-{theme}.png" for name in names for size in SIZES for theme in THEMES}
    there = {file.name for file in FOLDER.glob("*.png")}
    assert wanted <= there, f"make screens, or some of them: {sorted(wanted - there)}"
    assert all(name.startswith(PRINTED) for name in there - wanted), there - wanted
