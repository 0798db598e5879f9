"""What is asked of somebody who does something with a dossier, or looks for some."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    Form,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from portal.accounts.models import Organisation
from portal.dossiers import queries
from portal.dossiers.commands import LONGEST_HOURS, MOST
from portal.dossiers.facets import Facets
from portal.dossiers.forms.fields import EVERYBODY, REASON, words
from portal.dossiers.models import AddresseeState, Dossier, Kind
from portal.dossiers.queries import Filter
from portal.dossiers.texts import STATES, TOLD, when
from portal.dossiers.timeline import Entry
from portal.kernel.clock import today
from portal.places.queries import neighbourhood, neighbourhoods
from portal.web.forms import OnceForm, Options, at_most, boxes, one_line, strip

PLACE_NAME, LINK = 80, 500
OPTIONS = Options()
EARLIEST = date(1950, 1, 1)
Entries = Callable[[], list[Entry]]
Others = Callable[[], list[Organisation]]
WEB = re.compile(r"https?://[^\s/]+\.[^\s/]+\S*$")


def host_of(address: str) -> str:
    """The name in a web address; empty when there is none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:  # brackets that hold no number
        return ""


class ActForm(OnceForm):
    """The form of one of the deeds in views/acts.py."""

    def choose(self, dossier: Dossier, entries: Entries, others: Others) -> None:
        """Fill in what can be chosen: earlier entries, other organisations; looked up by who needs them."""


class WordsForm(ActForm):
    text = words(_("What do you want to say about it?"), hint=EVERYBODY)


class WhyForm(ActForm):
    text = words(_("What is still wrong?"), _("Write what is still wrong."), hint=EVERYBODY)


class ReasonForm(ActForm):
    reason = words(
        _("The reason"),
        _("Write the reason."),
        hint=_("It is public: it stands on the page and on the timeline. Name nobody."),
        longest=REASON,
    )


class TellForm(ActForm):
    what = RadioField(
        _("What is it?"),
        [DataRequired(_("Choose one."))],
        choices=[SelectChoice(name, word[0]) for name, word in TOLD.items()],
        default="news",
    )
    text = words(_("What happened?"), _("Write what happened."), hint=_("Facts. Call nobody by name."))
    told_on = DateField(_("On which day?"), [Optional()], description=_("Leave it empty for today."))
    month_only = BooleanField(_("Only the month is known"))
    about = SelectField(
        _("Whose words or deed is it?"), description=_("You write it down; it stands there as theirs.")
    )
    to = SelectField(_("To whom did it go?"), description=_("For a letter or an invitation."))
    awaits_answer = BooleanField(
        _("It asks for an answer"), description=_("The page counts the days until there is one.")
    )
    answers = SelectField(_("Is it the answer to something?"))
    link = StringField(
        _("Where can one read or see it?"),
        [Length(max=LINK, message=_("This address is too long."))],
        [strip],
        description=_("An address that begins with https://"),
        render_kw={"inputmode": "url"},
    )

    def choose(self, dossier: Dossier, entries: Entries, others: Others) -> None:
        self.others = {organisation.key: organisation for organisation in others()}
        names = [SelectChoice(key, organisation.name) for key, organisation in self.others.items()]
        self.about.choices = [SelectChoice("", _("Ours")), *names]
        self.to.choices = [SelectChoice("", _("Nobody in particular")), *names]
        known = entries()
        answered = {entry.data.get("answers") for entry in known}
        asking = [e for e in known if e.data.get("awaits_answer") and e.seq not in answered]
        letters = [SelectChoice(str(e.seq), f"{when(e.on)}: {e.text}"[:80]) for e in asking]
        self.answers.choices = [SelectChoice("", _("No")), *letters]
        if not asking:
            del self.answers

    def validate_told_on(self, field: Any) -> None:
        if field.data and not EARLIEST <= field.data <= today():
            raise ValidationError(_("Choose a day that has been."))

    def validate_link(self, field: Any) -> None:
        if field.data and not (WEB.match(field.data) and host_of(field.data)):
            raise ValidationError(_("Write an address that begins with https://"))

    @property
    def given(self) -> dict[str, Any]:
        facts: dict[str, Any] = {"what": self.what.data, "text": self.text.data, "told_on": self.told_on.data}
        facts["precision"] = "month" if self.month_only.data else "day"
        facts |= {"about": self.others.get(self.about.data), "to": self.others.get(self.to.data)}
        facts["awaits_answer"] = self.awaits_answer.data
        if self.answers and self.answers.data:
            facts["answers"] = int(self.answers.data)
        if self.link.data:
            facts["links"] = [{"url": self.link.data, "label": host_of(self.link.data)}]
        return facts


PROPOSERS: list[Callable[[Dossier], Iterable[str]]] = []
"""Who else knows to which authorities a dossier belongs, by key: ticked beforehand where none is named."""


class HandOverForm(ActForm):
    to = boxes(
        _("To whom?"),
        _("Choose at least one."),
        description=_("Each of them gets a day by which an answer is due."),
    )
    text = words(_("What do you want to say with it?"), hint=EVERYBODY)

    def choose(self, dossier: Dossier, entries: Entries, others: Others) -> None:
        self.others = {organisation.key: organisation for organisation in others()}
        self.to.choices = [SelectChoice(key, organisation.name) for key, organisation in self.others.items()]
        if not self.is_submitted():
            named = [a for a in dossier.addressees if a.state == AddresseeState.NAMED]
            proposed = [key for propose in PROPOSERS for key in propose(dossier)] if not named else []
            self.to.data = [addressee.organisation.key for addressee in named] or proposed
            if proposed:
                self.to.description = _(
                    "What is ticked was proposed by its subject, place and words. You choose."
                )

    @property
    def given(self) -> dict[str, Any]:
        return {"to": [self.others[key] for key in self.to.data], "text": self.text.data}


def _from_one_to(most: int) -> list[Any]:
    said = _("Choose a number from 1 to %(number)s.", number=most)
    return [InputRequired(said), NumberRange(1, most, said)]


class StandForm(ActForm):
    place = StringField(
        _("Where does it stand?"),
        [DataRequired(_("Write where it stands.")), at_most(PLACE_NAME)],
        [one_line],
        description=_("For instance: the metro station. Everybody can read it on the timeline."),
    )
    hours = IntegerField(
        _("For how many hours?"),
        _from_one_to(LONGEST_HOURS),
        default=4,
        render_kw={"min": 1, "max": LONGEST_HOURS},
    )
    most = IntegerField(
        _("How many signatures do you expect at most?"),
        _from_one_to(MOST),
        description=_("What comes beyond it is kept, and counts after somebody looked at it."),
        default=100,
        render_kw={"min": 1, "max": MOST},
    )


class NarrowingForm(Form):
    """What a list is narrowed to, from the address of the page; what nobody knows is left out."""

    q = StringField(_("Words"), filters=[strip])

    @property
    def chosen(self) -> Filter:
        known = {name: str(value or "") for name, value in self.data.items() if name not in self.errors}
        return Filter(words=known.pop("q"), **known)


class FilterForm(NarrowingForm):
    kind = SelectField(choices=[SelectChoice(kind) for kind in ("", *map(str, Kind))], default="")
    state = SelectField(_("How does it stand?"), default="", widget=OPTIONS)
    category = SelectField(_("What is it about?"), default="", widget=OPTIONS)
    neighbourhood = SelectField(_("Which neighbourhood?"), default="", widget=OPTIONS)

    @classmethod
    def of(cls, given: MultiDict[str, str]) -> "FilterForm":
        form = cls(given)
        states = [SelectChoice(name, word) for name, word in STATES.items()]
        form.state.choices = [SelectChoice("", _("Any")), *states]
        form.category.choices = _categories()
        form.neighbourhood.choices = _neighbourhoods(strip(given.get("neighbourhood")))
        form.validate()
        return form

    def keep_what_occurs(self, facets: Facets) -> None:
        """Offer no choice that finds nothing, and say what each of the others finds."""
        self._keep(self.state, facets.of("state"))
        self._keep(self.category, facets.once("mains", lambda: _by_main(facets.of("category"))))
        areas = facets.once("areas", lambda: _by_area(facets.of("neighbourhood")))
        self._keep(self.neighbourhood, areas)

    def _keep(self, field: SelectField, counted: Counter[str]) -> None:
        kept = [
            choice for choice in field.choices if counted[choice.value] or choice.value in {"", field.data}
        ]
        field.choices = [replace(choice, label=_label(choice, counted[choice.value])) for choice in kept]


def _label(choice: SelectChoice, number: int) -> str:
    return f"{choice.label} ({number})" if number else str(choice.label)


def _by_main(counted: Counter[str]) -> Counter[str]:
    """With the main categories, each of which counts what is under it; not one that has one under it only."""
    mains: dict[str, list[str]] = {}
    for category in queries.categories():
        if counted[category.slug]:
            mains.setdefault(category.main, []).append(category.slug)
    return counted + Counter(
        {m: sum(counted[s] for s in slugs) for m, slugs in mains.items() if len(slugs) > 1}
    )


def _by_area(counted: Counter[str]) -> Counter[str]:
    """What lies in each of the neighbourhoods that can be chosen."""
    found = Counter[str]()
    for area in neighbourhoods():
        covers = tuple(area.covers)
        found[area.code] = sum(
            n for code, n in counted.items() if code == area.code or code.startswith(covers)
        )
    return found


def _categories() -> list[SelectChoice]:
    """By main category, each of which can be chosen as a whole."""
    language, found = str(get_locale()), [SelectChoice("", _("Anything"))]
    for category in queries.categories():
        main = category.main_name(language)
        if found[-1].optgroup != main:
            found.append(SelectChoice(category.main, _("All of: %(name)s", name=main), optgroup=main))
        found.append(SelectChoice(category.slug, category.name(language), optgroup=main))
    return found


def _neighbourhoods(chosen: str) -> list[SelectChoice]:
    """By district, the portal's own first; and the one from the address, which may be a part of one."""
    known = neighbourhoods()
    home = next((n.district for n in known if n.code == current_app.config["NEIGHBOURHOOD"]), "")
    found = [SelectChoice("", _("Everywhere"))]
    if chosen and chosen not in {n.code for n in known} and (part := neighbourhood(chosen)):
        found.append(SelectChoice(part.code, part.name))
    own_first = sorted(known, key=lambda n: n.district != home)
    return found + [SelectChoice(n.code, n.name, optgroup=n.district) for n in own_first]
