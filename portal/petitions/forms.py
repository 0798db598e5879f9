"""What is asked of those who write a petition, and of those who are asked to join one."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from wtforms import (
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length

from portal.accounts.models import Organisation
from portal.dossiers.forms import by_main
from portal.dossiers.models import Dossier, Kind
from portal.petitions import queries
from portal.petitions.commands import ANSWERS, BODY, TITLE
from portal.petitions.models import Consent
from portal.petitions.texts import PROBLEMS
from portal.similar.features import Sketch
from portal.similar.queries import sketch
from portal.ties.forms import Kept
from portal.ties.models import Says
from portal.ties.queries import tied_refs
from portal.web.forms import OnceForm, boxes, strip

PLACE = 120
EMPTY = _("Fill this in.")
LONG = _("This is too long.")


class BundleForm(OnceForm):
    problems = PROBLEMS


def named(dossier: Dossier, belongs_with: Sequence[str] = ()) -> SelectChoice:
    """A dossier to choose, and what it is said to belong with."""
    tied = f" · {_('belongs with %(refs)s', refs=', '.join(belongs_with))}" if belongs_with else ""
    return SelectChoice(str(dossier.ref), f"{dossier.ref} · {dossier.title}{tied}")


def choices(dossiers: Sequence[Dossier]) -> list[SelectChoice]:
    tied = tied_refs([dossier.id for dossier in dossiers])
    return [named(dossier, tied.get(dossier.id, ())) for dossier in dossiers]


class PetitionForm(BundleForm):
    """The words of a petition."""

    title = StringField(
        _("Title of the petition"), [DataRequired(EMPTY), Length(max=TITLE, message=LONG)], [strip]
    )
    body = TextAreaField(
        _("Why does the neighbourhood ask this?"),
        [DataRequired(EMPTY), Length(max=BODY, message=LONG)],
        [strip],
        description=_("In a few plain sentences."),
    )
    demands = TextAreaField(
        _("What do you ask?"),
        [DataRequired(PROBLEMS["no_demand"])],
        [strip],
        description=_("Each demand on a line of its own, ten at most."),
    )
    to = boxes(_("To whom?"), PROBLEMS["no_authority"])
    category = SelectField(_("What is it about?"), choices=lambda: by_main(_("Anything")), default="")
    place_name = StringField(_("Where?"), [Length(max=PLACE, message=LONG)], [strip])

    def __init__(self, petition: Dossier | None = None, **more: Any) -> None:
        super().__init__(**more)
        self.authorities = {o.key: o for o in queries.authorities()}
        self.to.choices = [SelectChoice(key, o.name) for key, o in self.authorities.items()]
        if petition is not None and not self.is_submitted():
            self._fill(petition)

    def _fill(self, petition: Dossier) -> None:
        self.title.data, self.body.data = petition.title, petition.body
        self.demands.data = "\n".join(demand.text for demand in queries.demands(petition))
        self.to.data = [addressee.organisation.key for addressee in petition.addressees]
        self.category.data, self.place_name.data = petition.category_slug or "", petition.place_name

    @property
    def given(self) -> dict[str, Any]:
        """What the command wants."""
        return {
            "title": self.title.data,
            "body": self.body.data,
            "demands": self.demands.data.splitlines(),
            "to": [self.authorities[key] for key in self.to.data],
            "category_slug": self.category.data or None,
            "place_name": self.place_name.data,
        }


PROPOSED = ("title", "body", "demands", "category", "place_name")
"""What an address can fill in already."""


class NewForm(Kept, PetitionForm):
    """A new petition, with the dossiers that were chosen for it, and words that were proposed."""

    dossiers = boxes(
        _("Which dossiers are asked to join?"),
        description=_("Whoever opened one gets a mail as soon as you save: join, keep apart or later."),
        validate_choice=False,
    )

    def __init__(
        self, organisation: Organisation, refs: list[str], proposed: Mapping[str, str], **more: Any
    ) -> None:
        more |= {name: proposed[name] for name in PROPOSED if name in proposed}
        super().__init__(**more)
        wanted = self.dossiers.data or [] if self.is_submitted() else refs
        chosen = queries.invitable(organisation, [*refs, *wanted])
        self.parts = queries.with_what_belongs(organisation, chosen)
        self.dossiers.choices = choices(self.parts)
        if not self.is_submitted():
            self.dossiers.data = [dossier.ref for dossier in chosen]

    def validate_dossiers(self, field: Any) -> None:
        if set(field.data or ()) - {dossier.ref for dossier in self.parts}:
            raise ValidationError(PROBLEMS["not_invitable"])

    @property
    def given(self) -> dict[str, Any]:
        chosen = [dossier for dossier in self.parts if dossier.ref in (self.dossiers.data or ())]
        return super().given | {"dossiers": chosen, "language": str(get_locale()), "said": self.said}

    @property
    def sketch(self) -> Sketch:
        """What is compared of it."""
        given = {"title": self.title.data, "body": self.body.data, "place_name": self.place_name.data}
        return sketch({**given, "kind": Kind.PETITION}, str(get_locale()), self.category.data or "")

    @property
    def others(self) -> set[int]:
        """What need not be suggested: what is part of it, and what is said to differ."""
        return {*self.said[Says.DIFFERENT], *(dossier.id for dossier in self.parts)}


class InviteForm(BundleForm):
    """More dossiers for a petition: `shown` can be ticked, whatever may be invited can be sent."""

    dossiers = boxes(
        _("Which dossiers do you ask?"), _("Choose at least one dossier."), validate_choice=False
    )

    def __init__(self, organisation: Organisation | None, shown: Sequence[Dossier], **more: Any) -> None:
        super().__init__(**more)
        self.dossiers.choices = choices(shown)
        self.parts = queries.invitable(organisation, self.dossiers.data or [])

    def validate_dossiers(self, field: Any) -> None:
        if set(field.data or ()) - {dossier.ref for dossier in self.parts}:
            raise ValidationError(PROBLEMS["not_invitable"])

    @property
    def given(self) -> dict[str, Any]:
        return {"dossiers": self.parts}


class SuccessorForm(BundleForm):
    """Which petition this one goes on as."""

    successor = RadioField(_("Which petition?"), [InputRequired(_("Choose one."))])

    def __init__(self, possible: Sequence[Dossier], **more: Any) -> None:
        super().__init__(**more)
        self.possible = {str(petition.ref): petition for petition in possible}
        self.successor.choices = [named(petition) for petition in possible]

    @property
    def given(self) -> dict[str, Any]:
        return {"successor": self.possible[self.successor.data]}


class MoveForm(BundleForm):
    """Two buttons: yes or no."""

    answer = RadioField(choices=[SelectChoice("yes"), SelectChoice("no")])


class ConsentForm(BundleForm):
    """Three buttons. The same answer twice is one answer, so it needs no key."""

    answer = RadioField(choices=[SelectChoice(str(answer)) for answer in sorted(ANSWERS)])

    @property
    def given(self) -> dict[str, Any]:
        return {"answer": Consent(self.answer.data)}
