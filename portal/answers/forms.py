"""What is asked of somebody who answers, notes something, or writes down what an authority said."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from portal.accounts.models import Organisation
from portal.answers.commands import LONGEST_NOTE
from portal.answers.models import (
    FIELDS,
    LONGEST_FACT,
    LONGEST_PLACE,
    LONGEST_TEXT,
    REPLIES,
    Answer,
    AnswerKind,
    Found,
    Level,
    Problem,
)
from portal.kernel.clock import today
from portal.web.forms import OnceForm

KINDS: dict[str, Any] = {
    AnswerKind.ACKNOWLEDGEMENT: _("We have it and look at it"),
    AnswerKind.QUESTION: _("A question back"),
    AnswerKind.PROMISE: _("A promise"),
    AnswerKind.TRIAL: _("A trial"),
    AnswerKind.GRANTED: _("Yes"),
    AnswerKind.PARTLY_GRANTED: _("Partly yes"),
    AnswerKind.REFUSED: _("No"),
    AnswerKind.TRANSFERRED: _("Not for us, we pass it on"),
    AnswerKind.DONE: _("It is done"),
}
LEVELS: dict[str, Any] = {
    Level.DECISION: _("Yes, this is a decision"),
    Level.ADVICE: _("No, this is an advice"),
}
PROBLEMS: dict[str, Any] = {
    Problem.NO_KIND: _("Choose what kind of answer it is."),
    Problem.NO_LEVEL: _("Say whether this is a decision or an advice."),
    Problem.NO_TEXT: _("Write what you want to say."),
    Problem.TOO_LONG: _("This is too long. Make it shorter."),
    Problem.NO_DAY: _("Fill in a day."),
    Problem.DAY_PASSED: _("This day has passed already. Choose a later one."),
    Problem.NO_PLACE: _("Write where the trial is held."),
    Problem.ENDS_BEFORE: _("The trial ends before it begins. Change one of the two days."),
    Problem.NO_OUTCOME: _("The trial is over. Write what came of it."),
    Problem.NO_REASON: _("Write why not. The neighbourhood has a right to the reason."),
    Problem.NO_AUTHORITY: _("Choose an authority."),
    Problem.SAME_AUTHORITY: _("This is the authority itself. Choose another one."),
    Problem.NOT_YET: _("This day is still to come. Choose the day on which it was said."),
}
KIND, EDIT, PREVIEW, SEND = "kind", "edit", "preview", "send"
"""Steps of an answer: choose its kind, change the words, see it as others will, and send it."""


class Needed:
    """Says on the page that a field must be filled in; whether it is, the domain judges."""

    field_flags = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        return


class AnswerFields(OnceForm):
    """What every answer has, whoever writes it; each kind shows its own fields."""

    kind = RadioField(_("What kind of answer is it?"), [Needed()], choices=list(KINDS.items()))
    promise_on = DateField(_("When is it ready?"), [Optional()])
    trial_place = StringField(_("Where is the trial?"), [Length(max=LONGEST_PLACE)])
    trial_from = DateField(_("First day of the trial"), [Optional()])
    trial_until = DateField(_("Last day of the trial"), [Optional()])
    trial_outcome = TextAreaField(_("What came of it?"), [Length(max=LONGEST_FACT)], render_kw={"rows": 3})
    reason = TextAreaField(_("Why not?"), [Length(max=LONGEST_FACT)], render_kw={"rows": 3})
    transfer_to = SelectField(_("To which authority?"), [Needed()], validate_choice=False)
    text = TextAreaField(_("The answer"), [Needed(), Length(max=LONGEST_TEXT)], render_kw={"rows": 6})
    level = RadioField(
        _("May you decide this?"), [Needed()], choices=list(LEVELS.items()), validate_choice=False
    )
    step = HiddenField()

    def offer(self, others: Sequence[Organisation]) -> None:
        """The authorities to whom it can be passed on."""
        self.others = {o.key: o for o in others}
        self.transfer_to.choices = [("", _("Choose an authority")), *((o.key, o.name) for o in others)]

    @property
    def chosen(self) -> str:
        """The kind of answer, as soon as one is chosen."""
        return self.kind.data if self.kind.data in set(AnswerKind) else ""

    def own_fields(self) -> list[Any]:
        """The fields of the chosen kind, those that every answer has at the end."""
        names = [*FIELDS.get(self.chosen, ()), "text", *([] if self.chosen in REPLIES else ["level"])]
        return [self._fields[name] for name in names]

    def typed(self) -> list[tuple[str, Any]]:
        """Name and value of all that was filled in, to be carried along unseen."""
        values = [(name, field.data) for name, field in self._fields.items()]
        return [(n, "y" if v is True else v) for n, v in values if n not in {"step", "csrf_token"} and v]

    def facts(self) -> dict[str, Any]:
        """What was filled in, as the commands want it."""
        own = {name: self._fields[name].data for name in FIELDS.get(self.chosen, ())}
        if "transfer_to" in own:
            own["transfer_to"] = self.others.get(own["transfer_to"])
        return {"kind": self.chosen, "level": self.level.data or None, "text": self.text.data or "", **own}

    def judge(self, found: Found) -> bool:
        """Put each problem beside its field, in words; whether there is none."""
        for name, problem in found:
            field = self._fields[name]
            if not field.errors:
                field.errors = [PROBLEMS[problem]]
        return not self.errors


def _key(organisations: Sequence[Organisation], key: Any) -> Organisation | None:
    return next((o for o in organisations if o.key == key), None)


class AnswerForm(AnswerFields):
    """An official answers in the name of their authority."""

    organisation = SelectField(_("In whose name?"), [Needed()])

    def speak_for(self, own: Sequence[Organisation], others: Sequence[Organisation]) -> "AnswerForm":
        self.own = own
        self.organisation.choices = [(o.key, o.name) for o in own]
        self.organisation.data = self.organisation.data or own[0].key
        self.offer([o for o in others if o.key != self.organisation.data])
        return self

    def answer(self) -> Answer:
        """What they would say; of the first of their authorities when none of them is chosen."""
        return Answer(_key(self.own, self.organisation.data) or self.own[0], **self.facts())

    def right(self) -> bool:
        self.validate()
        return self.judge(self.answer().problems(today()))


class WriteDownForm(AnswerFields):
    """A neighbour or a platform writes down what an authority said elsewhere."""

    of = SelectField(_("Who said it?"), [Needed()], validate_choice=False)
    told_on = DateField(_("When was it said?"), [Needed(), Optional()])
    only_month = BooleanField(_("I only know the month"))

    def of_one(self, bodies: Sequence[Organisation], others: Sequence[Organisation]) -> "WriteDownForm":
        self.bodies = bodies
        self.of.choices = [("", _("Choose who")), *((o.key, o.name) for o in bodies)]
        self.offer(others)
        return self

    @property
    def said_on(self) -> date | None:
        """The day, or the first of the month when only that is known."""
        day: date | None = self.told_on.data
        return day.replace(day=1) if day and self.only_month.data else day

    @property
    def precision(self) -> str:
        return "month" if self.only_month.data else "day"

    def answer(self) -> Answer | None:
        body = _key(self.bodies, self.of.data)
        return Answer(body, **self.facts()) if body else None

    def right(self) -> bool:
        self.validate()
        said, given = self.said_on, self.answer()
        found: Found = [] if given else [("of", Problem.NO_AUTHORITY)]
        if said is None or said > today():
            found.append(("told_on", Problem.NO_DAY if said is None else Problem.NOT_YET))
        return self.judge([*found, *(given.impossible(said or today()) if given else [])])


class NoteForm(OnceForm):
    """For colleagues of the same authority only."""

    organisation = HiddenField()
    text = TextAreaField(
        _("Note for colleagues"), [Needed(), Length(max=LONGEST_NOTE)], render_kw={"rows": 3}
    )

    def right(self) -> bool:
        if self.validate() and not (self.text.data or "").strip():
            self.text.errors = [PROBLEMS[Problem.NO_TEXT]]
        return not self.errors
