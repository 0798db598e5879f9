"""The fields of a template, such as {title}: which there are, and how they are filled in for a dossier."""

import re
from collections.abc import Mapping

FIELDS = ("title", "reference", "place", "due date", "supporters", "authority", "today")
_FIELD = re.compile(r"\{([^{}]*)\}")
_LOOSE = re.compile(r"[{}]")


def unknown(text: str) -> list[str]:
    """What stands between braces and is no field, each once; a brace without its partner is one too."""
    found = [name for name in _FIELD.findall(text) if _plain(name) not in FIELDS]
    loose = _LOOSE.findall(_FIELD.sub("", text))
    return list(dict.fromkeys([*(f"{{{name}}}" for name in found), *loose]))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with what is known of a dossier in the place of its fields."""
    return _FIELD.sub(lambda match: values.get(_plain(match[1]), match[0]), text)


def _plain(name: str) -> str:
    return " ".join(name.replace("_", " ").casefold().split())
