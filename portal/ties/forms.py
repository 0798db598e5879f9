"""What somebody says of suggestions, read from the form in which they stand."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask import request

from portal.ties.models import Says
from portal.web.forms import whole

KEPT = (Says.BELONGS, Says.DIFFERENT)
"""What is remembered until it is sent. Who says "me too" goes elsewhere."""
CARRIED, SEEN = "said", "seen"


@dataclass(frozen=True)
class Answer:
    """A button that was pressed, and the number of the dossier it is about."""

    says: Says
    number: int


def pressed() -> Answer | None:
    """The button of a suggestion, if that is what sent the form: `belongs=12`."""
    for says in Says:
        number = whole(request.form.get(says))
        if number is not None:
            return Answer(says, number)
    return None


def after(said: Mapping[str, Collection[int]], answer: Answer | None) -> dict[str, list[int]]:
    """What was said before and this; of one dossier the last word counts."""
    found = {str(says): set(said.get(says, ())) for says in KEPT}
    if answer is not None:
        for says, numbers in found.items():
            numbers.discard(answer.number)
            if says == answer.says:
                numbers.add(answer.number)
    return {says: sorted(numbers) for says, numbers in found.items()}


def carried() -> dict[str, list[int]]:
    """What a form itself keeps where no draft does: `said=different-12`; what it showed: `said=seen-12`."""
    found: dict[str, list[int]] = {str(says): [] for says in (*KEPT, SEEN)}
    for told in request.form.getlist(CARRIED):
        says, _dash, number = told.partition("-")
        if says in found and (known := whole(number)) is not None:
            found[says].append(known)
    return found
