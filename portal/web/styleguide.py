"""What the style guide shows: every part in each of its states, all made up and named as an example."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FileField,
    Form,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, Optional

Text = Any  # a word to be worded later, in the visitor's language
TODAY = date(2022, 6, 20)
LONG_WORD = "Bewonerscommissievergaderingsuitnodigingsbrievenbusproblematiek"
WIDEST = "M" * 300
"""The longest title there may be, of the widest letter, with no place to break."""
STATES = (
    "unconfirmed", "draft", "open", "gathering", "handed_over", "answered", "done", "solved", "withdrawn",
)  # fmt: skip


@dataclass(frozen=True)
class Card:
    ref: str
    kind: str
    state: str
    title: Text
    supporters: int = 0
    excerpt: Text = ""
    place_name: Text = ""
    category_name: Text = ""
    opened_at: datetime | None = None
    url: str = "#cards"


@dataclass(frozen=True)
class Photo:
    thumb_url: str
    url: str
    alt: Text
    width: int = 96
    height: int = 72


@dataclass(frozen=True)
class Entry:
    seq: int
    icon: str
    tone: str
    title: Text
    verb: str = "sample"
    when: Text = _("1 June 2022")
    datetime: str = "2022-06-01"
    who: Text = ""
    text: Text = ""
    facts: list[tuple[Text, Text]] = field(default_factory=list)
    links: list[tuple[Text, str]] = field(default_factory=list)
    photos: list[Photo] = field(default_factory=list)
    internal: bool = False
    language: str = ""


@dataclass(frozen=True)
class Named:
    name: Text


@dataclass(frozen=True)
class Addressee:
    organisation: Named
    handed_over_on: date | None
    due_on: date | None
    days_left: int = 0
    answered_on: date | None = None
    answered: Text = ""
    sum_text: Text = ""
    questions: Text = ""


@dataclass(frozen=True)
class Page:
    number: int
    total: int
    has_previous: bool
    has_next: bool

    def url_for(self, number: int) -> str:
        return f"?page={number}#pages"


@dataclass(frozen=True)
class Samples:
    cards: list[Card]
    states: list[Card]
    entries: list[Entry]
    addressees: list[Addressee]
    page: Page
    form: Form
    now: datetime
    today: date
    edges: list[Card]
    refused: Entry
    picture: dict[str, Any]


class SampleForm(Form):
    name = StringField(_("Your name"), [DataRequired(_("Write your name.")), Length(max=80)])
    mail = EmailField(_("Mail address"), [DataRequired(_("Write a mail address with an @ in it."))])
    when = DateField(_("When is it ready?"), [Optional()])
    building = SelectField(_("Building"), [Optional()])
    more = TextAreaField(_("Tell more"), [Optional(), Length(max=2000)])
    bundle = RadioField(_("May it be put together with other reports?"), [DataRequired(_("Choose one."))])
    public = BooleanField(_("Show my name on the list"))
    photo = FileField(_("Take or choose a photo"), [Optional()])


def sample_form() -> Form:
    """A form that came back, with two things wrong."""
    form = SampleForm()
    form.building.choices = [
        SelectChoice("", _("I would rather not say")),
        SelectChoice("a", _("Building A"), optgroup=_("High")),
        SelectChoice("b", _("Building B"), optgroup=_("High")),
        SelectChoice("c", _("Street C"), optgroup=_("Low")),
    ]
    form.bundle.choices = [SelectChoice("ask", _("Ask me first")), SelectChoice("yes", _("Yes, if it fits"))]
    form.process(MultiDict({"name": "", "mail": "neighbour", "when": "2022-09-01", "bundle": "ask"}))
    form.validate()
    form.mail.errors = [_("Write a mail address with an @ in it.")]
    return form


def sample_cards() -> list[Card]:
    seen = datetime(2022, 6, 1, 9, 30, tzinfo=UTC)
    lamp, bins = _("A lamp that does not burn"), _("Bring the bins back")
    place, light = _("Building A"), _("Light")
    return [
        Card(
            "K-1042", "issue", "open", lamp, 12, _("It has been dark here since Monday."), place, light, seen
        ),
        Card("K-1044", "plan", "gathering", _("A garden on the roof"), 1, "", _("Street C"), "", seen),
        Card("K-1057", "petition", "handed_over", bins, 231, _("Put to two authorities."), "", "", seen),
        Card("K-1058", "issue", "open", lamp, 0, "", place, light, seen),
        Card("K-999999", "petition", "gathering", WIDEST, 999_999, WIDEST, WIDEST[:150], light, seen),
    ]


def sample_edges() -> list[Card]:
    """Nobody, one, very many; a word that fits no line, and a title as long as it may be."""
    long = (f"{LONG_WORD} " * 6)[:300]
    return [
        Card("K-1001", "issue", "open", _("Nobody joined yet"), 0),
        Card("K-1002", "issue", "handed_over", LONG_WORD, 1, LONG_WORD, LONG_WORD, LONG_WORD),
        Card("K-999999", "petition", "answered", long, 999_999, long, _("Building A"), _("Light")),
    ]


def sample_entries() -> list[Entry]:
    """One entry for each tone and each thing that an entry can carry."""
    us, them = _("the platform (example)"), _("an authority (example)")
    facts: list[tuple[Text, Text]] = [(_("Where"), _("Building A")), (_("How long"), _("three weeks"))]
    photo = Photo("/static/mark.svg", "/static/mark.svg", _("Example of a photo"))
    return [
        Entry(1, "report", "plain", _("Reported"), who=_("a resident"), photos=[photo]),
        Entry(2, "lamp", "lit", _("100 supporters"), who=_("the neighbourhood")),
        Entry(3, "trial", "try", _("Trial started"), who=us, facts=facts),
        Entry(4, "stamp", "dark", _("Handed over"), who=us, links=[(_("Read the letter"), "#e4")]),
        Entry(5, "promise", "wait", _("Promise"), who=them, text=_("Here stand the words of the promise.")),
        Entry(6, "lock", "plain", _("Note"), who=them, text=_("Here stands a note."), internal=True),
        Entry(7, "check", "good", _("Done, says the authority"), who=them),
        Entry(8, "again", "bad", _("Reopened"), who=_("the supporters")),
        Entry(9, "late", "none", _("No answer"), who=_("counted until today")),
    ]


def sample_addressees() -> list[Addressee]:
    start = TODAY - timedelta(days=32)
    due = start + timedelta(weeks=6)
    late, answered = TODAY - timedelta(days=14), TODAY - timedelta(days=3)
    who, total = Named(_("An authority (example)")), _("Handed over + 6 weeks")
    return [
        Addressee(who, start, due, (due - TODAY).days, sum_text=total),
        Addressee(who, late - timedelta(weeks=6), late, -14, sum_text=total),
        Addressee(who, start, due, (due - TODAY).days, answered, _("Answered on %(day)s", day=answered)),
        Addressee(who, start, None),
    ]


def sample_picture() -> dict[str, Any]:
    """Of three buildings two are lit, one of them with a name that fits no line."""
    lit = [[_("Building A"), 5], [_("Building B"), 0], [LONG_WORD, 100]]
    cores = [[_("the platform (example)"), True]]
    rest = {"unknown": 25, "areas": [LONG_WORD], "paper": 10, "assisted": 5, "much": 50}
    return {"buildings": lit, "cores": cores, **rest}


def samples() -> Samples:
    return Samples(
        cards=sample_cards(),
        states=[Card("K-1000", "issue", state, state) for state in STATES],
        entries=sample_entries(),
        addressees=sample_addressees(),
        page=Page(number=2, total=57, has_previous=True, has_next=True),
        form=sample_form(),
        now=datetime(2022, 6, 20, 12, 0, tzinfo=UTC),
        today=TODAY,
        edges=sample_edges(),
        refused=Entry(5, "promise", "bad", _("Promise"), who=_("an authority (example)"), text=LONG_WORD),
        picture=sample_picture(),
    )
