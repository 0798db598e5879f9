"""What somebody says of suggestions, read from the form in which they stand."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectChoice
from wtforms.validators import InputRequired

from portal.dossiers.models import Dossier
from portal.similar.queries import Suggestion
from portal.ties.models import Says
from portal.web.forms import OnceForm, whole

REMEMBERED = (Says.BELONGS, Says.DIFFERENT)
"""What is remembered until it is sent. Who says "me too" goes elsewhere."""
CARRIED, SEEN = "said", "seen"


@dataclass(frozen=True)
class Answer:
    """A button that was pressed, and the number of the dossier it is about."""

    says: Says
    number: int


class UntieForm(OnceForm):
    """Which of those that it is said to belong with does not."""

    other = RadioField(_("Which one does not belong with it?"), [InputRequired(_("Choose one."))])

    def __init__(self, found: Sequence[Dossier], **more: Any) -> None:
        super().__init__(**more)
        self.other.choices = [SelectChoice(str(d.ref), f"{d.ref} · {d.title}") for d in found]
        self.other.validate_choice = False  # what is taken away already may be taken away again


class Kept:
    """What a form itself keeps of suggestions, where no draft does. For a form to be of as well."""

    @cached_property
    def answer(self) -> Answer | None:
        """The button of a suggestion that sent it."""
        return pressed()

    @cached_property
    def said(self) -> dict[str, list[int]]:
        return after(carried(), self.answer)

    @property
    def joins(self) -> bool:
        """Whether it is sent to go and join another one."""
        return self.answer is not None and self.answer.says == Says.ME_TOO

    @property
    def asks(self) -> bool:
        """Whether it is sent to see what is alike, or to say that something is not, and not to be kept."""
        answered = self.answer is not None and self.answer.says == Says.DIFFERENT
        return bool(request.form.get("suggest")) or answered

    def unseen(self, found: Iterable[Suggestion]) -> bool:
        """Whether it was sent, and some of these were not shown before that."""
        shown = {*carried()[SEEN], *self.said[Says.BELONGS]}
        return request.method == "POST" and any(one.dossier.id not in shown for one in found)


def pressed() -> Answer | None:
    """The button of a suggestion, if that is what sent the form: `belongs=12`."""
    for says in Says:
        number = whole(request.form.get(says))
        if number is not None:
            return Answer(says, number)
    return None


def after(said: Mapping[str, Collection[int]], answer: Answer | None) -> dict[str, list[int]]:
    """What was said before and this; of one dossier the last word counts."""
    found = {str(says): set(said.get(says, ())) for says in REMEMBERED}
    if answer is not None:
        for says, numbers in found.items():
            numbers.discard(answer.number)
            if says == answer.says:
                numbers.add(answer.number)
    return {says: sorted(numbers) for says, numbers in found.items()}


def carried() -> dict[str, list[int]]:
    """What a form itself keeps where no draft does: `said=different-12`; what it showed: `said=seen-12`."""
    found: dict[str, list[int]] = {str(says): [] for says in (*REMEMBERED, SEEN)}
    for told in request.form.getlist(CARRIED):
        says, _dash, number = told.partition("-")
        if says in found and (known := whole(number)) is not None:
            found[says].append(known)
    return found
