"""Every sentence of the screen and the mails exists in Dutch, and what is compiled is what was translated."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup

TOP = Path(__file__).parent.parent
WORDS = TOP / "portal" / "translations" / "nl" / "LC_MESSAGES"
TEMPLATES = [path for path in sorted((TOP / "templates").rglob("*")) if path.suffix in {".html", ".txt"}]
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
CALL = re.compile(r"\b(?:_|gettext|ngettext|lazy_gettext|lazy)\((?!\s*[\"'])")
UNSEEN = r"{% block body_class %}.*?{% endblock %}|{% set \w+ %}.*?{% endset %}|{#.*?#}|{%.*?%}|{{.*?}}"
UNSEEN += r"|\bdata-[\w-]+=\"[^\"]*\""
SPOKEN = ["alt", "title", "placeholder", "aria-label"]
NAMES = {"rotonde", "whatsapp", "english", "nederlands", "en", "nl", "pdf"}
"""The same in every language."""

Key = str | tuple[str, ...] | list[str]


def words_that_mark() -> dict[str, object]:
    """Babel's own keywords and those that `make messages` adds to them."""
    recipe = next(line for line in (TOP / "Makefile").read_text().splitlines() if " extract " in line)
    added = re.findall(r"-k (\w+)", recipe)
    assert added
    return DEFAULT_KEYWORDS | parse_keywords(added)


@cache
def sentences() -> dict[Key, str]:
    """Every marked sentence of the code and the templates, as they are now, and where it stands."""
    mappings = tomllib.loads((TOP / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    methods = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    found = extract_from_dir(TOP, methods, keywords=words_that_mark(), directory_filter=_ours)
    return {words: f"{file}:{line}" for file, line, words, _comments, _context in found}


def _ours(folder: str) -> bool:
    return Path(folder).relative_to(TOP).parts[0] in {"portal", "templates"}


@cache
def dutch() -> Catalog:
    with (WORDS / "messages.po").open("rb") as file:
        return read_po(file, locale="nl", abort_invalid=True)


def translated() -> dict[Key, Message]:
    return {message.id: message for message in dutch() if message.id}


def forms(words: Key) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)


def test_what_is_marked_is_found() -> None:
    places = " ".join(sentences().values())
    assert {"portal/petitions/texts.py", "templates/base.html", "templates/notices/sign_in.txt"} <= set(
        re.findall(r"[\w/.]+(?=:)", places)
    )


def test_every_sentence_exists_in_dutch() -> None:
    missing = {where: words for words, where in sentences().items() if words not in translated()}
    assert not missing, "run `make messages` and translate what is new"


def test_nothing_is_left_open() -> None:
    words = translated().values()
    empty = [m.id for m in words if not all(forms(m.string)) or not forms(m.string)]
    assert not empty, "translate these in messages.po, and run `make messages` again"
    assert not [m.id for m in words if m.fuzzy], "look at these and take the mark `fuzzy` away"


def test_nothing_is_kept_that_is_no_longer_said() -> None:
    assert not set(translated()) - set(sentences()), "run `make messages`"
    assert not dutch().obsolete


def test_what_is_filled_in_is_the_same() -> None:
    wrong = []
    for message in translated().values():
        asked = {name for form in forms(message.id) for name in PLACEHOLDER.findall(form)}
        for form in forms(message.string):
            given = set(PLACEHOLDER.findall(form))
            single = isinstance(message.id, tuple) and form == message.string[0]
            # One may be said without its number: "one day".
            if given != asked and not (single and given | {"num"} == asked):
                wrong.append((message.id, form))
            if "%" in PLACEHOLDER.sub("", form) and "%" not in PLACEHOLDER.sub("", forms(message.id)[0]):
                wrong.append((message.id, form))
    assert not wrong


def test_as_many_forms_as_dutch_has() -> None:
    many = [message for message in translated().values() if isinstance(message.id, tuple)]
    assert not [message.id for message in many if len(message.string) != dutch().num_plurals]


def test_the_compiled_words_are_those_that_were_written() -> None:
    with (WORDS / "messages.mo").open("rb") as file:
        compiled = {forms(message.id): forms(message.string) for message in read_mo(file) if message.id}
    written = {forms(message.id): forms(message.string) for message in translated().values()}
    assert compiled == written, "run `make messages`"


def test_nothing_of_one_machine_stands_in_it() -> None:
    text = (WORDS / "messages.po").read_text()
    assert str(TOP) not in text
    assert not re.findall(r"^#: (?:/|.*:\d)", text, re.MULTILINE), "places without line numbers: they move"


def test_what_translates_has_a_name_that_is_known() -> None:
    """`from flask_babel import lazy_gettext as lazy`: babel looks for the name, so it has to know it."""
    for path in sorted((TOP / "portal").rglob("*.py")):
        tree = ast.parse(path.read_text())
        names = set(translators(tree))
        assert names <= set(words_that_mark()), path
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
        marks = [node for node in calls if isinstance(node.func, ast.Name) and node.func.id in names]
        assert all(isinstance(node.args[0], ast.Constant) for node in marks), (
            f"{path}: write the sentence itself"
        )


def translators(tree: ast.Module) -> Iterator[str]:
    """What the functions that translate are called in this module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "flask_babel":
            yield from (alias.asname or alias.name for alias in node.names if "gettext" in alias.name)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(TOP)))
def test_nothing_visible_is_left_unmarked(path: Path) -> None:
    """Words between tags, and in the attributes that are read aloud or shown."""
    source = path.read_text()
    assert not CALL.findall(source), "write the sentence itself"
    page = BeautifulSoup(re.sub(UNSEEN, " ", source, flags=re.DOTALL), "html.parser")
    for key in page.select("kbd"):
        key.decompose()  # what stands on the keyboard
    spoken = [str(tag.get(name, "")) for tag in page.select("*") for name in SPOKEN]
    said = " ".join([page.get_text(" "), *spoken])
    assert not {word for word in re.findall(r"[^\W\d_]{2,}", said) if word.lower() not in NAMES}
