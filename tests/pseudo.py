"""Languages that nobody speaks, made from the sentences of the code: they show what was not marked, what has
no room for longer words, and what does not turn around for those who read from right to left.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from bs4 import BeautifulSoup, Comment, Doctype, NavigableString, Tag

from portal.kernel.db import Base, db
from tests.test_translations import SPOKEN, forms, sentences

LONG, FROM_THE_RIGHT = "eo", "ar"
"""Codes of real languages, so that days and numbers have words and plurals have forms."""
OPEN, SHUT = "⟦", "⟧"
PLACEHOLDER = re.compile(r"(%\(\w+\)[sd]|%%)")
ACCENTS = str.maketrans("aceginorsuyACEGINORSU", "áçéğíñöřšůýÁÇÉĞÍÑÖŘŠŮ")
ARABIC = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "ابشدعفغهيجكلمنوپقرسطثوصخيز" * 2
)
NAMES = {"Rotonde", "WhatsApp", "English", "Esperanto", "العربية"}
"""The same in every language."""
WORD = re.compile(r"[^\W\d_]{2,}")
UNSEEN = ["script", "style", "template", "time", "title", "output", "kbd"]
KEPT = re.compile(r"K-\d+|\S+@\S+|https?://\S+")
MARKED = re.compile(rf"{OPEN}[^{OPEN}{SHUT}]*{SHUT}")


def long(text: str) -> str:
    """Accented, and by 40 percent longer."""
    return _written(_apart(text, ACCENTS), len(text))


def from_the_right(text: str) -> str:
    return _written(_apart(text, ARABIC), len(text) // 2)


def _apart(text: str, letters: dict[int, int]) -> str:
    pieces = PLACEHOLDER.split(text)
    return "".join(piece if PLACEHOLDER.fullmatch(piece) else piece.translate(letters) for piece in pieces)


def _written(text: str, length: int) -> str:
    more = "~ " * (length // 5) if length > 10 else "~" * (length * 2 // 5)
    return f"{OPEN}{text}{more.rstrip()}{SHUT}"


def catalogues(folder: Path) -> Path:
    """Both languages, compiled, as `make messages` would leave them."""
    for code, write in ((LONG, long), (FROM_THE_RIGHT, from_the_right)):
        catalogue = Catalog(locale=code)
        for key in sentences():
            many = forms(key)
            said = [write(many[-1])] * catalogue.num_plurals if len(many) > 1 else write(many[0])
            catalogue.add(tuple(many) if len(many) > 1 else many[0], said)
        file = folder / code / "LC_MESSAGES" / "messages.mo"
        file.parent.mkdir(parents=True)
        with file.open("wb") as opened:
            write_mo(opened, catalogue)
    return folder


def told_by_people() -> list[str]:
    """Everything in the database that is words of people or names, the longest first."""
    found: set[str] = set()
    for table in Base.metadata.tables.values():
        wanted = [column for column in table.columns if issubclass(column.type.python_type, str)]
        for row in db.session.execute(db.select(*wanted)) if wanted else []:
            found |= {part.strip() for value in row if value for part in str(value).splitlines()}
    return sorted((words for words in found if len(words) > 1), key=len, reverse=True)


def unmarked(page: BeautifulSoup, told: Iterable[str]) -> set[str]:
    """What stands on the page and did not come out of the catalogue, nor from people."""
    left = set()
    for text in _shown(page):
        rest, before = text, ""
        while before != rest:
            before, rest = rest, MARKED.sub(" ", rest)
        rest = KEPT.sub(" ", rest)
        if not WORD.search(rest):
            continue
        for words in told:
            rest = rest.replace(words, " ")
        if set(WORD.findall(rest)) - NAMES:
            left.add(text.strip())
    return left


def _shown(page: BeautifulSoup) -> Iterable[str]:
    body = page.body or page
    for node in body.find_all(string=True):
        if type(node) in {Comment, Doctype} or not isinstance(node, NavigableString):
            continue
        if not node.find_parent(UNSEEN) and not node.find_parent(_says_its_language):
            yield str(node)
    for tag in body.find_all(True):
        for name in SPOKEN:
            if isinstance(tag, Tag) and tag.get(name) and not _says_its_language(tag):
                yield str(tag[name])


def _says_its_language(tag: Tag) -> bool:
    """Words of people, or the name of another language on its button."""
    return tag.name != "html" and tag.has_attr("lang")
