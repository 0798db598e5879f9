"""Arabic letters in the form that their neighbours ask of them, because what sets our pages joins none."""

import unicodedata
from functools import cache

FORMS = (*range(0xFB50, 0xFDFC), *range(0xFE70, 0xFEFD))
"""Where Unicode keeps each letter in each form."""


@cache
def _known() -> dict[str, dict[str, str]]:
    """Letter, or two that become one -> form (isolated, initial, medial, final) -> how that is written."""
    found: dict[str, dict[str, str]] = {}
    for number in FORMS:
        form, *letters = unicodedata.decomposition(chr(number)).split()[:3] or [""]
        if form and len(letters) <= 2:
            word = "".join(chr(int(letter, 16)) for letter in letters)
            if len(word) == 1 or word[0] == "\u0644" and form in {"<isolated>", "<final>"}:
                found.setdefault(word, {}).setdefault(form.strip("<>"), chr(number))
    return {word: forms for word, forms in found.items() if len(word) == 1 or word[1] in ALEFS}


ALEFS = "\u0622\u0623\u0625\u0627"
"""With a lam before it each of them is one letter."""


def joined(text: str) -> str:
    """The text with each Arabic letter as it is written where it stands."""
    known = _known()
    if not any(letter in known for letter in text):
        return text
    parts = _parts(text)
    written = [_form(parts, place, known) for place in range(len(parts))]
    return "".join(written)


def _parts(text: str) -> list[str]:
    """Letters; a lam with its alef is one."""
    found: list[str] = []
    for letter in text:
        if found and found[-1] == "\u0644" and letter in ALEFS:
            found[-1] += letter
        else:
            found.append(letter)
    return found


def _form(parts: list[str], place: int, known: dict[str, dict[str, str]]) -> str:
    forms = known.get(parts[place], {})
    before, after = _beside(parts, place, -1), _beside(parts, place, 1)
    from_before = "initial" in known.get(before, {}) and "final" in forms
    to_after = "initial" in forms and "final" in known.get(after, {})
    wanted = {(True, True): "medial", (True, False): "final", (False, True): "initial"}
    return forms.get(wanted.get((from_before, to_after), "isolated"), parts[place])


def _beside(parts: list[str], place: int, step: int) -> str:
    """The next letter on this side; vowel signs above and below do not part two letters."""
    place += step
    while 0 <= place < len(parts) and unicodedata.combining(parts[place][0]):
        place += step
    return parts[place] if 0 <= place < len(parts) else ""
