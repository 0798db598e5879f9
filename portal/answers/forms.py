"""What is asked of somebody who answers, notes something, or writes down what an authority said."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from portal.accounts.models import Organisation
from portal.answers import commands, queries
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
    Problem,
)
from portal.answers.texts import KINDS, MAY_DECIDE, NAMES, PROBLEMS, WAS_DECIDED
from portal.dossiers.models import Dossier
from portal.dossiers.timeline import Entry
from portal.kernel.clock import today
from portal.web.forms import OnceForm

PREVIEW, SEND = "preview", "send"
"""The last two steps of an answer: seeing it as others will, and sending it."""


def choices(words: dict[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(str(value), label) for value, label in words.items()]


def _names(organisations: Sequence[Organisation], first: Any = None) -> list[SelectChoice]:
    """Organisations to choose from; `first`: what stands there as long as none is chosen."""
    return choices({**({"": first} if first else {}), **{o.key: o.name for o in organisations}})


def _key(organisations: Sequence[Organisation], key: Any) -> Organisation | None:
    return next((o for o in organisations if o.key == key), None)


class Needed:
    """Says on the page that a field must be filled in; whether it is, the domain judges."""

    field_flags = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        return


class AnswerFields(OnceForm):
    """What every answer has, whoever writes it; each kind shows its own fields."""

    kind = RadioField(_("What kind of answer is it?"), [Needed()], choices=choices(KINDS))
    promise_on = DateField(
        _("When is it ready?"), [Needed(), Optional()], description=_("This day stands with the promise.")
    )
    trial_place = StringField(_("Where is the trial?"), [Needed(), Length(max=LONGEST_PLACE)])
    trial_from = DateField(_("First day of the trial"), [Needed(), Optional()])
    trial_until = DateField(_("Last day of the trial"), [Needed(), Optional()])
    trial_outcome = TextAreaField(
        _("What came of it?"),
        [Length(max=LONGEST_FACT)],
        description=_("Only when the trial is over."),
        render_kw={"rows": 3},
    )
    reason = TextAreaField(_("Why not?"), [Needed(), Length(max=LONGEST_FACT)], render_kw={"rows": 3})
    transfer_to = SelectField(_("To which authority?"), [Needed()], validate_choice=False)
    text = TextAreaField(
        _("Your answer"),
        [Needed(), Length(max=LONGEST_TEXT)],
        description=_("Short and plain. The neighbourhood reads this word for word."),
        render_kw={"rows": 6},
    )
    level = RadioField(
        _("May you decide this?"), [Needed()], choices=choices(MAY_DECIDE), validate_choice=False
    )

    def offer(self, authorities: Callable[[], Sequence[Organisation]], but: str = "") -> None:
        """The authorities to whom it can be passed on, looked up when that is what is chosen."""
        found = authorities() if self.chosen == AnswerKind.TRANSFERRED else []
        others = [o for o in found if o.key != but]
        self.others = {o.key: o for o in others}
        self.transfer_to.choices = _names(others, _("Choose an authority"))

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
        return [
            (name, "y" if value is True else value)
            for name, value in values
            if name != "csrf_token" and value
        ]

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


class AnswerForm(AnswerFields):
    """An official answers in the name of their authority."""

    organisation = SelectField(_("In whose name?"), [Needed()])

    @property
    def first_fields(self) -> list[Any]:
        """What is asked before the kind: nothing, for somebody who works at one authority."""
        return [self.organisation] if len(self.own) > 1 else []

    def speak_for(
        self, own: Sequence[Organisation], authorities: Callable[[], Sequence[Organisation]]
    ) -> "AnswerForm":
        self.own = own
        self.organisation.choices = _names(own)
        self.organisation.data = self.organisation.data or own[0].key
        self.offer(authorities, but=self.organisation.data)
        return self

    def answer(self) -> Answer:
        """What they would say; of the first of their authorities when none of them is chosen."""
        return Answer(_key(self.own, self.organisation.data) or self.own[0], **self.facts())

    def right(self) -> bool:
        self.validate()
        return self.judge(self.answer().problems(today()))

    def entry(self, actor: Any, dossier: Dossier) -> Entry:
        """What would stand on the timeline."""
        return queries.entry_of(dossier, self.answer())


class WriteDownForm(AnswerFields):
    """A neighbour or a platform writes down what an authority said elsewhere."""

    kind = RadioField(
        _("What kind of answer was it?"),
        [Needed()],
        choices=choices({kind: NAMES[kind][0] for kind in KINDS}),
    )
    of = SelectField(_("Who said it?"), [Needed()], validate_choice=False)
    told_on = DateField(_("When was it said?"), [Needed(), Optional()])
    only_month = BooleanField(_("I only know the month"))
    promise_on = DateField(
        _("When is it ready?"), [Optional()], description=_("Leave it open when no day was named.")
    )
    trial_place = StringField(_("Where is the trial?"), [Length(max=LONGEST_PLACE)])
    trial_from = DateField(_("First day of the trial"), [Optional()])
    trial_until = DateField(_("Last day of the trial"), [Optional()])
    reason = TextAreaField(_("Why not?"), [Length(max=LONGEST_FACT)], render_kw={"rows": 3})
    text = TextAreaField(
        _("What did they say?"),
        [Needed(), Length(max=LONGEST_TEXT)],
        description=_("As they said it, and where: in a letter, a mail, at a meeting. No names of people."),
        render_kw={"rows": 6},
    )
    level = RadioField(
        _("Was it a decision?"),
        choices=choices({**WAS_DECIDED, "": _("We do not know")}),
        default="",
    )

    @property
    def first_fields(self) -> list[Any]:
        return [self.of, self.told_on, self.only_month]

    def of_one(
        self, bodies: Sequence[Organisation], authorities: Callable[[], Sequence[Organisation]]
    ) -> "WriteDownForm":
        self.bodies = {o.key: o for o in bodies}
        self.of.choices = _names(bodies, _("Choose who"))
        self.offer(authorities)
        return self

    @property
    def said_on(self) -> date | None:
        """The day, or the first of the month when only that is known."""
        day: date | None = self.told_on.data
        return day.replace(day=1) if day and self.only_month.data else day

    @property
    def precision(self) -> str:
        return "month" if self.only_month.data else "day"

    def right(self) -> bool:
        self.validate()
        said, given = self.said_on, self.of.data in self.bodies
        found: Found = [] if given else [("of", Problem.NO_AUTHORITY)]
        if said is None or said > today():
            found.append(("told_on", Problem.NO_DAY if said is None else Problem.NOT_YET))
        return self.judge([*found, *(self._answer().impossible(said or today()) if given else [])])

    def _answer(self) -> Answer:
        return Answer(self.bodies[self.of.data], **self.facts())

    def told(self) -> dict[str, Any]:
        """What was filled in, as the command wants it; once it is right."""
        of = self.bodies[self.of.data]
        return {"of": of, "told_on": self.said_on, "precision": self.precision, **self.facts()}

    def entry(self, actor: Any, dossier: Dossier) -> Entry:
        """What would stand on the timeline; once it is right."""
        how = {"on": self.said_on, "precision": self.precision, "role": None}
        facts = {"written_down_by": commands.writer(actor, dossier)}
        return queries.entry_of(dossier, self._answer(), facts=facts, **how)


class NoteForm(OnceForm):
    """For colleagues of the same authority only."""

    organisation = HiddenField()
    text = TextAreaField(
        _("Note for colleagues"), [Needed(), Length(max=LONGEST_NOTE)], render_kw={"rows": 3}
    )

    def __init__(self, **given: Any) -> None:
        super().__init__(prefix="note", **given)  # stands on one page with an answer: no id twice

    def speak_for(self, own: Sequence[Organisation]) -> "NoteForm":
        self.own = own
        return self

    @property
    def colleagues(self) -> Organisation:
        """The authority whose officials will see it."""
        return _key(self.own, self.organisation.data) or self.own[0]

    def right(self) -> bool:
        if self.validate() and not (self.text.data or "").strip():
            self.text.errors = [PROBLEMS[Problem.NO_TEXT]]
        return not self.errors
