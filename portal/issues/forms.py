"""What is asked of somebody who reports, step by step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from flask import request
from flask_babel import lazy_gettext as _
from flask_wtf.file import MultipleFileField
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    SubmitField,
    ValidationError,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from portal.accounts.forms import NAME, name_field
from portal.dossiers.forms import PICTURES, SignForm, by_main, title_field, words
from portal.dossiers.models import Kind
from portal.dossiers.pictures import WHOLE, Told
from portal.issues.models import BODY
from portal.issues.pictures import AFTER, BEFORE, MOST
from portal.issues.queries import HERE, PLACE_NAME
from portal.issues.texts import KINDS, PROBLEMS, Choices
from portal.kernel.clock import ZONE, now
from portal.kernel.errors import Invalid
from portal.web.forms import MinuteField, OnceForm, at_most, one_line, strip, whole


def options(groups: Choices) -> list[SelectChoice]:
    """The options of a list with groups."""
    return [
        SelectChoice(value, label, optgroup=group or None)
        for group, pairs in groups.items()
        for value, label in pairs
    ]


class StepForm(OnceForm):
    problems = PROBLEMS


class PhotoForm(StepForm):
    photo = MultipleFileField(
        _("Take or choose photos"),
        [Optional()],
        description=_("Up to 5 photos. Where and when a photo was made is removed from it."),
        render_kw={"accept": PICTURES, "multiple": True},
    )
    photo_lat = HiddenField()
    photo_lon = HiddenField()
    photo_taken = HiddenField()
    skip = SubmitField(_("Without a photo"))

    @property
    def noted(self) -> Told:
        """What the device read from the photo before it made it smaller."""
        return Told.of(*(self[name].data or "" for name in ("photo_lat", "photo_lon", "photo_taken")))

    @property
    def _act(self) -> tuple[str, int]:
        """The button that was pressed, and of which photo: `remove-12`."""
        name, _dash, text = request.form.get("act", "").partition("-")
        number = whole(text)
        return (name, number) if number is not None else ("", 0)

    @property
    def covers(self) -> int | None:
        """The photo that is to be covered."""
        name, number = self._act
        return number if name == "cover" else None

    @property
    def acts(self) -> bool:
        return bool(self._act[0])

    @property
    def changes(self) -> dict[str, Any]:
        """For the command: what is said of the photos, and the button that was pressed."""
        name, number = self._act
        said = {whole(key[4:]): strip(text) for key, text in request.form.items() if key.startswith("alt-")}
        alts = {photo: text for photo, text in said.items() if photo is not None}
        moves = {"earlier": (number, BEFORE), "later": (number, AFTER)}
        return {"alts": alts, "removed": number if name == "remove" else None, "moved": moves.get(name)}

    def refuse_file(self, error: Invalid, name: str, *, alone: bool) -> None:
        """Say what is wrong, and with which file when there are more."""
        said = self.worded(error) if alone else f"{name[-NAME:]}: {self.worded(error)}"
        self.photo.errors = [*self.photo.errors, said]


class CoverForm(OnceForm):
    """Parts of a photo that nobody should see; each a box in thousandths: `box=120,300,90,40`."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of a photo that can be ticked."""

    row: int
    column: int
    box: str


COLUMNS, MOST_ROWS = 6, 12
"""A finger fits on a sixth of the screen of a phone."""


def cells(width: int, height: int) -> list[Cell]:
    """A photo in parts, at least as high as wide: a finger must fit on each."""
    rows = max(1, min(MOST_ROWS, COLUMNS * height // width))
    return [Cell(row, column, _part(row, column, rows)) for row in range(rows) for column in range(COLUMNS)]


def _part(row: int, column: int, rows: int) -> str:
    left, right = (WHOLE * at // COLUMNS for at in (column, column + 1))
    top, bottom = (WHOLE * at // rows for at in (row, row + 1))
    return f"{left},{top},{right - left},{bottom - top}"


def _subjects() -> list[SelectChoice]:
    return by_main(_("Choose …"))


class DayForm(OnceForm):
    """When a plan is held, if it has a day."""

    begins_at = MinuteField(_("From"), [Optional()])
    ends_at = MinuteField(_("Until"), [Optional()])

    @classmethod
    def of(cls, begins_at: datetime | None, ends_at: datetime | None, **known: Any) -> Self:
        """With the day that is known, on a clock of the neighbourhood."""
        days = {"begins_at": begins_at, "ends_at": ends_at}
        clock = {name: day and day.astimezone(ZONE).replace(tzinfo=None) for name, day in days.items()}
        return cls(data=known | clock)

    def validate_begins_at(self, field: Any) -> None:
        if field.moment and field.moment < now():
            raise ValidationError(_("This moment is over. Choose a later one, or leave it empty."))

    def validate_ends_at(self, field: Any) -> None:
        if field.moment and not (self.begins_at.moment and self.begins_at.moment < field.moment):
            raise ValidationError(_("It ends after it begins."))

    @property
    def day(self) -> dict[str, datetime | None]:
        return {"begins_at": self.begins_at.moment, "ends_at": self.ends_at.moment}


class WhatForm(DayForm):
    kind = RadioField(
        _("Kind"), [InputRequired(_("Choose one."))], choices=options({"": KINDS}), default=Kind.ISSUE
    )
    title = title_field(_("In one sentence"))
    body = words(
        _("Tell more"),
        hint=_("What do you see, since when, what would help? Name nobody."),
        longest=BODY,
        **{"rows": 5, "data-most": BODY},
    )
    likely = RadioField(_("What is it about?"), choices=[], validate_choice=False)
    category = SelectField(_("All subjects"), choices=_subjects, validate_choice=False)
    suggest = SubmitField(_("Suggest"))

    def validate_category(self, field: Any) -> None:
        if not self.about:
            raise ValidationError(_("Choose what it is about."))

    @property
    def typed(self) -> dict[str, str]:
        """What is kept of it, right or not."""
        return {
            "kind": self.kind.data or "",
            "title": self.title.data,
            "body": self.body.data.replace("\r\n", "\n"),
            "category": self.about,
            **{name: moment.isoformat() if moment else "" for name, moment in self.day.items()},
        }

    def say_beside(self, *, likely: bool) -> None:
        """That no subject was chosen is said beside the likely ones, where there are any."""
        if likely:
            self.likely.errors, self.category.errors = self.category.errors, ()

    @property
    def about(self) -> str:
        """The category that is chosen: from the whole list if something is there, else of the likely ones."""
        known = {choice.value for choice in self.category.choices}
        chosen = self.category.data or self.likely.data or ""
        return chosen if chosen in known else ""


class WhereForm(StepForm):
    place = StringField(
        _("Search for a street or a place"),
        filters=[strip],
        description=_("For example: Kraaiennest"),
        render_kw={"autocomplete": "off", "type": "search", "maxlength": PLACE_NAME},
    )
    choice = RadioField(_("Which one is it?"), choices=[], validate_choice=False)
    building = SelectField(_("Your building"), validate_choice=False)
    neighbourhood = SelectField(
        _("The neighbourhood"),
        description=_("For a street, or when your place is not in the list. Search above for other ones."),
        validate_choice=False,
    )
    search = SubmitField(_("Search"))
    by_photo = SubmitField(_("Use the place of the photo"))
    lat = HiddenField()
    lon = HiddenField()

    @property
    def chosen(self) -> dict[str, str | None]:
        names = ("place", "choice", "building", "neighbourhood", "lat", "lon")
        return {name: self.data[name] for name in names}

    def is_search(self, known: Mapping[str, Any]) -> bool:
        """Whether the list of places is asked for, with the button or by going on with other words in it."""
        typed_anew = self.choice.data == HERE and not (self.neighbourhood.data or self.building.data)
        other_words = self.place.data != known.get("place", "") and bool(self.place.data)
        return not self.located and (self.search.data or (typed_anew and other_words))

    @property
    def located(self) -> bool:
        """Whether the device told where it is: with that the form is sent by itself."""
        return bool(self.lat.data and self.lon.data)

    def forget_device(self) -> None:
        """A form that comes back must not send the same point again."""
        self.lat.data = self.lon.data = ""


class SendForm(StepForm):
    """For somebody who is signed in name and address are known: `known=True` leaves them out."""

    name = name_field(_("Your name"), _("Write your name."), _("It is not shown on the page."))
    email = SignForm.email
    joins_bundle = SignForm.joins_bundle

    def __init__(self, *, known: bool, **given: Any) -> None:
        super().__init__(**given)
        if known:
            del self.name, self.email


class AtOnceForm(SendForm, WhatForm):
    """A whole report on one page: written without network, by somebody who cannot search for a place then."""

    photo = MultipleFileField(
        _("Take or choose photos"),
        [Optional(), Length(max=MOST, message=_("Five photos at most."))],
        description=_("No faces or number plates, please. Where it was taken is removed from the file."),
        render_kw={"accept": "image/*"},
    )
    place = StringField(
        _("Where is it?"),
        [at_most(PLACE_NAME)],
        [one_line],
        description=_("A street, a building, a square. For example: by the lift of Kraaiennest"),
    )
    neighbourhood = SelectField(_("The neighbourhood"), validate_choice=False)
    category = SelectField(_("What is it about?"), [Optional()], choices=_subjects, default="")
    lat = HiddenField()
    lon = HiddenField()
    misread = BooleanField(_("No, my report is about something else"))

    def __init__(self, *, known: bool, **given: Any) -> None:
        super().__init__(known=known, **given)
        self.place.flags.required = True

    def validate_place(self, field: Any) -> None:
        if not field.data and not (self.lat.data and self.lon.data):
            raise ValidationError(_("Say where it is."))

    @property
    def chosen(self) -> dict[str, str | None]:
        """The place, as the step for it has it."""
        return {name: self.data[name] for name in ("place", "neighbourhood", "lat", "lon")}

    @property
    def typed(self) -> dict[str, str]:
        """All but what it is about, which need not be said."""
        return {name: told for name, told in super().typed.items() if name != "category"}

    @property
    def given(self) -> dict[str, Any]:
        return {name: self.data[name] for name in ("name", "email", "joins_bundle") if name in self.data}


class ConfirmForm(OnceForm):
    """One button and nothing else."""


class DiscardForm(OnceForm):
    """One button; `number`: which draft, where it is not the one of this device."""

    number = HiddenField()
