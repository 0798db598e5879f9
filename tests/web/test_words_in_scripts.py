"""What JavaScript says to people stands in the page, in their language: scripts hold no words themselves."""

import re
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
SCRIPTS = sorted((TOP / "static" / "js").glob("*.js"))
STRING = re.compile(
    r"""//[^\n]*|/\*.*?\*/"""
    r"""|(?<=[(,=:\[!&|?{};\s])/(?![*/\s])(?:\\.|\[[^\]\n]*\]|[^/\\\n])+/[a-z]*"""
    r"""|"(?P<double>(?:\\.|[^"\\\n])*)"|'(?P<single>(?:\\.|[^'\\\n])*)'|`(?P<back>(?:\\.|[^`\\])*)`""",
    re.DOTALL,
)
"""Comments and regular expressions, which are passed over, and strings of three kinds."""
FAULT = re.compile(r"new \w*Error\([^)]*\)")
"""For whoever mends it."""
SENTENCE = re.compile(r"^[A-Z][a-z]+[a-z ,.!?…]*$|[a-z]+ [a-z]+ [a-z]+|[a-z]{2,}[.!?…]$")
"""One word with a capital, three words in a row, or a word that ends a sentence."""
NAMES = re.compile(
    r"^(?:use strict|[A-Z][A-Za-z]*(?:Error|Up|Down|Left|Right)|Escape|Enter|Tab|Home|End|Delete|Backspace"
    r"|Space|GET|POST|Date|Content-Type|Cache-Control|HX-[\w-]+|Point|Polygon|Feature\w*|Accept)$"
)
"""Names of keys, errors, headers and formats, not for people."""


def strings(source: str) -> list[str]:
    found = []
    for match in STRING.finditer(FAULT.sub("", source)):
        words = match["double"] or match["single"] or match["back"] or ""
        found.append(re.sub(r"\$\{[^}]*\}", " ", words).strip())
    return [words for words in found if words]


def for_people(words: str) -> bool:
    if NAMES.match(words) or re.search(r"[<>{}\[\]=/#:;@_]|\b(?:and|no)-", words):
        return False
    return bool(SENTENCE.search(words))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_holds_no_words_for_people(path: Path) -> None:
    found = [words for words in strings(path.read_text()) if for_people(words)]
    assert not found, "let it stand in the page, where it is translated"


def test_it_would_be_found() -> None:
    source = """
    say('Not sent: try again'); // Not a word of this
    const { length } = "is being sent now".split(/"/);
    button.textContent = `Copied`;
    """
    assert strings(source) == ["Not sent: try again", "is being sent now", "Copied"]
    assert all(
        for_people(words) for words in ["Copied", "is being sent now", "Try again.", "new reports here"]
    )
    assert not [
        words for words in ["data-part", "click", "Escape", "a[href] > b", "margin-top"] if for_people(words)
    ]
