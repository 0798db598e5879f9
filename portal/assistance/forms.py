"""What is asked of a helper, of who trusts one, and of somebody with a code."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional

from portal.accounts.forms import mail_field, name_field
from portal.accounts.models import Organisation
from portal.accounts.texts import PROBLEMS
from portal.assistance import queries
from portal.assistance.models import MOST_PER_DAY
from portal.assistance.texts import LANGUAGES
from portal.dossiers.forms import REASON, by_main, title_field, words
from portal.kernel.clock import ZONE, now
from portal.places.models import Neighbourhood
from portal.places.queries import buildings_in
from portal.similar.features import Sketch
from portal.similar.queries import sketch
from portal.ties.forms import Kept
from portal.web.forms import MinuteField, OnceForm, at_most, one_line, strip

PLACE, UNIT, WHY, CODE, MOST = 120, 20, 200, 80, 50
LONGEST_TERM = timedelta(days=366)
SAME, ANOTHER = "same", "another"
IN_BUILDING, IN_PART = "building:", "part:"


class HelpForm(OnceForm):
    """What is asked whatever somebody is helped with."""

    name = name_field(
        _("Their name"),
        _("Write their name."),
        _("Only on the list for the authority, unless they want it on the page."),
        own=False,
    )
    shown = BooleanField(_("Show their name on the page"))
    joins_bundle = BooleanField(
        _("Count them too if this is bundled"),
        description=_("If it becomes part of a petition they count there as well."),
    )
    language = RadioField(
        _("Read this aloud"),
        [InputRequired(_("Choose the language in which you read it."))],
        choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()],
        default="nl",
    )
    heard = BooleanField(
        _("I read this aloud and they said yes"),
        [InputRequired(_("Read it aloud, and tick this once they said yes."))],
    )

    def key_of(self, *words: Any) -> str:
        """The same form filled in for the next neighbour is another submit."""
        said = "\n".join(str(word) for word in (self.once.data, self.name.data, *words))
        return hashlib.sha256(said.encode()).hexdigest()

    @property
    def common(self) -> dict[str, Any]:
        names = ("name", "shown", "joins_bundle", "language")
        return {name: self._fields[name].data for name in names}


class SignForForm(HelpForm):
    building = SelectField(_("Their building"), default="")
    unit = StringField(
        _("The number of their home"),
        [at_most(UNIT)],
        [one_line],
        description=_("Only to tell two people with one name apart. Nobody sees it."),
        render_kw={"autocomplete": "off"},
    )
    reason = words(
        _("Why do they join?"),
        hint=_("In their words. Everybody can read this."),
        longest=REASON,
        rows=3,
    )
    twice = RadioField(
        _("Who is it?"),
        [Optional()],
        choices=[
            SelectChoice(SAME, _("The same person: add nothing")),
            SelectChoice(ANOTHER, _("Another person")),
        ],
    )

    def choose(self, organisation: Organisation) -> "SignForForm":
        names = [SelectChoice(name, name) for name in buildings_in(queries.home(organisation))]
        self.twice.flags.required = True
        self.building.choices = [SelectChoice("", _("Another one, or they do not say")), *names]
        return self

    @property
    def asks_who(self) -> bool:
        """Whether somebody with the same name in the same building was found."""
        return bool(self.twice.errors or self.twice.data)

    def key(self, ref: str) -> str:
        return self.key_of(ref, self.building.data, self.unit.data)

    @property
    def given(self) -> dict[str, Any]:
        own = {name: self._fields[name].data for name in ("building", "unit", "reason")}
        return {**self.common, **own, "another": self.twice.data == ANOTHER}


class ReportForForm(Kept, HelpForm):
    title = title_field(_("In one sentence: what is wrong?"))
    body = words(_("What do they tell about it?"), hint=_("Everybody can read this. Call nobody by name."))
    category = SelectField(
        _("What is it about?"),
        [DataRequired(_("Choose one."))],
        choices=lambda: by_main(_("Choose")),
    )
    where = SelectField(_("In which building, or which part?"), [DataRequired(_("Choose where it is."))])
    place = StringField(
        _("Where is it exactly?"),
        [at_most(PLACE)],
        [one_line],
        description=_("For example: at the lift on the first floor"),
    )

    def choose(self, organisation: Organisation) -> "ReportForForm":
        self.buildings = buildings_in(queries.home(organisation))
        flats = [
            SelectChoice(f"{IN_BUILDING}{name}", name, optgroup=_("Buildings")) for name in self.buildings
        ]
        parts = _as_choices(queries.parts(organisation))
        self.where.choices = [SelectChoice("", _("Choose")), *flats, *parts]
        return self

    @property
    def key(self) -> str:
        return self.key_of(self.title.data, self.where.data, self.place.data)

    @property
    def _flat(self) -> str:
        """The building that was chosen, if one was."""
        kind, _colon, name = (self.where.data or "").partition(":")
        return name if f"{kind}:" == IN_BUILDING and name in self.buildings else ""

    @property
    def area(self) -> str:
        """The code of the part of town it is in; empty as long as nothing is chosen."""
        return self.buildings[self._flat] if self._flat else (self.where.data or "").partition(":")[2]

    @property
    def sketch(self) -> Sketch:
        """What is compared of it; the name of a building says where that is."""
        given = {"title": self.title.data, "body": self.body.data, "place_name": self._flat}
        return sketch(given, self.language.data, self.category.data or "")

    @property
    def told(self) -> dict[str, Any]:
        """As columns of a dossier."""
        return {
            "title": self.title.data,
            "body": self.body.data,
            "category_slug": self.category.data,
            "place_name": ", ".join(filter(None, (self._flat, self.place.data))),
            "neighbourhood_code": self.area,
        }


def _as_choices(parts: Iterable[Neighbourhood]) -> list[SelectChoice]:
    return [SelectChoice(f"{IN_PART}{part.code}", part.name, optgroup=_("Parts")) for part in parts]


def local_now() -> datetime:
    """The minute on the clocks of the neighbourhood."""
    return now().astimezone(ZONE).replace(tzinfo=None, second=0, microsecond=0)


class MandateForm(OnceForm):
    problems = PROBLEMS
    name = name_field(_("Their name"), _("Write their name."), own=False)
    email = mail_field(
        _("Their mail address"),
        _("Write their mail address."),
        _("They sign in with it, and find the way to help under Me."),
        own=False,
    )
    starts = MinuteField(_("From"), [InputRequired(_("Choose a day and a time."))], default=local_now)
    ends = MinuteField(
        _("Until"),
        [InputRequired(_("Choose a day and a time."))],
        description=_("At that minute it stops by itself, also in a form that is open."),
    )
    most = IntegerField(
        _("How many neighbours a day, at most?"),
        [InputRequired(_("Write a number.")), NumberRange(1, MOST, _("Choose a number from 1 to 50."))],
        default=MOST_PER_DAY,
    )

    def validate_starts(self, field: Any) -> None:
        soon = field.data and abs(field.data - local_now()) <= LONGEST_TERM
        if field.data and not soon:
            raise ValidationError(_("Choose a day within a year."))

    def validate_ends(self, field: Any) -> None:
        begin = self.starts.data if not self.starts.errors else None
        if field.data and begin and field.data <= max(begin, local_now()):
            raise ValidationError(_("This must be later than the beginning, and later than now."))
        if field.data and begin and field.data > begin + LONGEST_TERM:
            raise ValidationError(_("A year at most. You can give it again."))

    @property
    def given(self) -> dict[str, Any]:
        """What the command wants."""
        term = {"starts_at": self.starts.moment, "ends_at": self.ends.moment, "most_per_day": self.most.data}
        return {"name": self.name.data, "email": self.email.data, **term}


class StopForm(OnceForm):
    reason = StringField(_("Why?"), [at_most(WHY)], [one_line])


class CodeForm(OnceForm):
    code = StringField(
        _("Your code"),
        [DataRequired(_("Type the code."))],
        [lambda value: strip(value)[:CODE]],
        description=_("Ten letters and numbers, for example: K7QM-4XTP-29"),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


class NameForm(CodeForm):
    shown = BooleanField()


class TakeOverForm(CodeForm):
    problems = PROBLEMS
    email = mail_field(
        _("Your mail address"),
        _("Write your mail address."),
        _("You get one mail with a link. Nobody else sees your address."),
    )
