"""What is asked of officials about their queue: what to see of it, who does what, by which rules."""

from typing import Any

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from portal.accounts.models import Membership, Organisation
from portal.answers.forms import Needed
from portal.dossiers.forms import FilterForm
from portal.dossiers.models import Kind
from portal.dossiers.queries import Filter
from portal.kernel.errors import Invalid
from portal.staff.models import LONGEST_NAME, Problem, Team
from portal.staff.queries import Show, Sort, Staff, Wish, called
from portal.staff.rules import LONGEST_WORDS, Rule
from portal.staff.texts import CHOOSE, NOBODY, PROBLEMS, SORTED
from portal.web.forms import OnceForm, strip

LONGEST_WHY = 1000
KINDS = {Kind.ISSUE: _("Reports"), Kind.PLAN: _("Plans"), Kind.PETITION: _("Petitions")}


def _of_staff(staff: Staff) -> list[SelectChoice]:
    """Teams and colleagues, as values that `chosen_among` reads."""
    groups = [SelectChoice(f"team-{team.id}", team.name, optgroup=_("Teams")) for team in staff.teams]
    people = [SelectChoice(f"person-{m.id}", called(m), optgroup=_("Colleagues")) for m in staff.colleagues]
    return [*groups, *people]


def chosen_among(staff: Staff, value: str) -> dict[str, Team | Membership | None]:
    """`team-3` or `person-12` as what a command wants; what is no longer there is refused."""
    kind, _, number = value.partition("-")
    wanted = int(number) if number.isdigit() else 0
    if kind == "team" and (team := staff.team(wanted)):
        return {"team": team}
    if kind == "person" and (person := staff.person(wanted)):
        return {"membership": person}
    if kind == "nobody":
        return {}
    raise Invalid("give_to", Problem.NO_TEAM if kind == "team" else Problem.NO_COLLEAGUE)


class QueueFilter(FilterForm):
    """What the queue is narrowed to, from the address of the page."""

    q = StringField(_("Words or reference"), filters=[strip])
    kind = SelectField(_("What kind?"), validate_choice=False)
    whose = SelectField(_("Whose?"), choices=[], validate_choice=False)
    sort = SelectField(_("In which order?"), choices=[], validate_choice=False)

    @classmethod
    def of_staff(cls, given: Any, staff: Staff) -> "QueueFilter":
        form = cls.of(given)
        assert isinstance(form, QueueFilter)  # noqa: S101 (`of` makes what it is called on)
        kinds = [SelectChoice(str(kind), word) for kind, word in KINDS.items()]
        form.kind.choices = [SelectChoice("", _("Any")), *kinds]
        whose = [SelectChoice("", _("Anybody's")), SelectChoice("nobody", _("Nobody's"))]
        form.whose.choices = [*whose, *_of_staff(staff)]
        form.sort.choices = [SelectChoice(str(sort), word) for sort, word in SORTED.items()]
        return form


def wished(given: Any) -> Wish:
    """What the address asks for; what nobody knows is left out."""
    show, sort, kind = given.get("show", ""), given.get("sort", ""), given.get("kind", "")
    names = {name: strip(given.get(name)) or "" for name in ("category", "neighbourhood")}
    return Wish(
        Show(show) if show in set(Show) else Show.WAITING,
        Filter(kind=kind if kind in set(Kind) else "", words=strip(given.get("q")) or "", **names),
        strip(given.get("whose")) or "",
        Sort(sort) if sort in set(Sort) else Sort.DUE,
    )


class StaffForm(OnceForm):
    """A form whose refusals the domain words by a code."""

    def refuse(self, error: Invalid) -> None:
        super().refuse(Invalid(error.field, PROBLEMS.get(error.message, error.message)))


class DivideForm(StaffForm):
    """Of the dossiers that are ticked: whose they are from now on, or to which authority they go."""

    refs = SelectMultipleField(validate_choice=False)
    give_to = SelectField(_("Give it to"), [Needed()], validate_choice=False)
    pass_to = SelectField(_("Pass it on to"), [Needed()], validate_choice=False)

    def offer(self, staff: Staff, others: list[Organisation]) -> "DivideForm":
        self.staff = staff
        nobody = SelectChoice("nobody", NOBODY)
        self.give_to.choices = [SelectChoice("", CHOOSE), nobody, *_of_staff(staff)]
        self.others = {o.key: o for o in others if o.id != staff.organisation.id}
        names = [SelectChoice(o.key, o.name) for o in self.others.values()]
        self.pass_to.choices = [SelectChoice("", _("Choose an authority")), *names]
        return self

    def right(self, deed: str) -> bool:
        self.validate()
        if not self.refs.data:
            self.refuse(Invalid("", str(_("Tick at least one dossier."))))
        if deed == "pass_on" and self.pass_to.data not in self.others:
            self.refuse(Invalid("pass_to", str(_("Choose an authority."))))
        if deed == "assign" and not self.give_to.data:
            self.refuse(Invalid("give_to", Problem.NO_COLLEAGUE))
        return not (self.errors or self.form_errors)

    def beside(self) -> "DivideForm":
        """With ids of its own: it stands on one page with that of the whole list."""
        for field in (self.give_to, self.pass_to):
            field.id = field.label.field_id = f"case-{field.id}"
        return self


class NameForm(StaffForm):
    """The name of a team, or of a filter that somebody keeps."""

    name = StringField(_("Name"), [Needed(), Length(max=LONGEST_NAME)], [strip])


class TeamForm(NameForm):
    members = SelectMultipleField(
        _("Who is in it?"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def of_staff(self, staff: Staff, team: Team) -> "TeamForm":
        self.staff = staff
        self.members.choices = [SelectChoice(str(m.id), called(m)) for m in staff.colleagues]
        if not self.is_submitted():
            self.name.data = team.name
            self.members.data = [str(m.membership_id) for m in team.members if staff.person(m.membership_id)]
        return self

    @property
    def chosen(self) -> list[Membership]:
        found = (self.staff.person(int(number)) for number in self.members.data or [] if number.isdigit())
        return [membership for membership in found if membership is not None]


class RuleForm(StaffForm):
    """One more rule at the end of the list; and with whom lands what none fits."""

    step = HiddenField()
    category = SelectField(_("What is it about?"), validate_choice=False)
    neighbourhood = SelectField(_("Which neighbourhood?"), validate_choice=False)
    words = TextAreaField(
        _("One of these words"),
        [Length(max=LONGEST_WORDS)],
        [strip],
        description=_("With commas between. Words without a comma between them must all occur."),
        render_kw={"rows": 2},
    )
    leads_to = SelectField(_("Then it goes to"), [Needed()], validate_choice=False)
    fallback = SelectField(_("What no rule fits lands with"), [Needed()], validate_choice=False)

    def of_staff(self, staff: Staff, others: list[Organisation]) -> "RuleForm":
        known = FilterForm.of(MultiDict())
        self.staff = staff
        self.category.choices = known.category.choices
        self.neighbourhood.choices = known.neighbourhood.choices
        groups = [SelectChoice(f"team-{t.id}", t.name, optgroup=_("Teams")) for t in staff.teams]
        self.others = {o.key: o for o in others if o.id != staff.organisation.id}
        away = [
            SelectChoice(f"authority-{o.key}", o.name, optgroup=_("Another authority"))
            for o in self.others.values()
        ]
        self.leads_to.choices = [SelectChoice("", _("Choose a team or an authority")), *groups, *away]
        people = [SelectChoice(str(m.id), called(m)) for m in staff.colleagues]
        self.fallback.choices = [SelectChoice("", CHOOSE), *people]
        return self

    @property
    def rule(self) -> Rule:
        """As it was filled in; Invalid when it leads nowhere or says nothing."""
        kind, _dash, value = (self.leads_to.data or "").partition("-")
        to: dict[str, Any] = {}
        if kind == "team" and value.isdigit() and self.staff.team(int(value)):
            to = {"team": int(value)}
        elif kind == "authority" and value in self.others:
            to = {"authority": value}
        else:
            raise Invalid("leads_to", str(_("Choose where it goes.")))
        given: dict[str, Any] = {
            name: self._fields[name].data or "" for name in ("category", "neighbourhood", "words")
        }
        if not any(given.values()):
            raise Invalid("category", str(_("Say at least one thing by which a dossier is known.")))
        return Rule(**given, **to)
