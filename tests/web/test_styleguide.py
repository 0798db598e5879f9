"""The style guide shows every part there is."""

import re
from pathlib import Path

from tests.browser import Browser

TEMPLATES = Path(__file__).parent.parent.parent / "templates"
MACRO = re.compile(r"{%-? macro (\w+)\(")
ELSEWHERE = {
    "tags": "stands in the head of a page",
    "map_data": "attributes of the page of the map",
    "picture": "needs a stored photo",
    "widths": "part of picture",
    "hidden": "draws nothing",
    "filter_fields": "needs the form of a list",
}


def macros() -> dict[str, str]:
    """Macro -> its text, of every part that pages share."""
    found = {}
    for path in (TEMPLATES / "shared").glob("*.html"):
        pieces = MACRO.split(path.read_text())
        found |= dict(zip(pieces[1::2], pieces[2::2], strict=True))
    return found


def called(text: str, names: set[str]) -> set[str]:
    return {name for name in names if re.search(rf"\b{name}\(", text)}


def test_every_macro_stands_in_the_style_guide() -> None:
    known = macros()
    guide = "".join((TEMPLATES / name).read_text() for name in ("styleguide.html", "web/guide.html"))
    shown = called(guide, set(known))
    for _ in known:
        shown |= {inner for name in shown for inner in called(known[name], set(known))}
    assert set(known) - shown <= set(ELSEWHERE), "these parts are shown nowhere"


def test_each_part_has_a_name_of_its_own(browser: Browser) -> None:
    browser.get("/styleguide")
    assert browser.status == 200
    ids = [str(element["id"]) for element in browser.seen.select("[id]")]
    assert len(ids) == len(set(ids)), sorted({name for name in ids if ids.count(name) > 1})
    assert len(browser.seen.select("[data-theme=dark] .card, [data-theme=light] .card")) == 2
