"""What an entry of a timeline says to people. Each feature words its own verbs: `@wording("signed")`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from babel.lists import format_list
from flask_babel import format_date, format_datetime, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from portal.accounts.texts import ROLES
from portal.dossiers import pictures
from portal.dossiers.models import Held, Kind, State
from portal.dossiers.sums import due_sum
from portal.dossiers.timeline import REPLIES, Entry
from portal.kernel.clock import today
from portal.kernel.language import spoken
from portal.web.languages import Quote

STATES: dict[str, Any] = {
    State.OPEN: lazy("open"),
    State.GATHERING: lazy("gathering support"),
    State.HANDED_OVER: lazy("waiting for an answer"),
    State.ANSWERED: lazy("answered"),
    State.DONE: lazy("done, says the authority"),
    State.SOLVED: lazy("solved"),
    State.WITHDRAWN: lazy("withdrawn"),
}
"""What everybody can see, as the list can be narrowed to."""

PHOTO_PROBLEMS: dict[str, Any] = {
    pictures.NOT_A_PHOTO: lazy(
        "This file is not a photo that we can read. Choose a JPEG, PNG, WebP or HEIC."
    ),
    pictures.BROKEN: lazy("This photo is broken: it cannot be opened. Choose another one."),
    pictures.TOO_HEAVY: lazy("This photo is larger than 15 MB. Choose a smaller one."),
    pictures.TOO_LARGE: lazy("This photo has more pixels than we can handle. Choose a smaller one."),
}
"""Why a photo is refused, by the code that the domain gives."""
KEPT = lazy("Yours is kept and counts after somebody looked at it.")
HELD: dict[str, Any] = {
    Held.DEVICE: lazy("Many signatures came from your device just now."),
    Held.NETWORK: lazy("Many signatures came from your network just now."),
    Held.STAND: lazy("More signatures came from this stand than it was opened for."),
}
"""Why a signature waits for a look, to the one who gave it."""

Fact = tuple[Any, Any]
"""A label and a value, both ready for the screen."""
Link = tuple[Any, str]
"""What it says, and where it leads."""


@dataclass(frozen=True)
class Wording:
    """An entry in words. `tone` is a window of the timeline: lit dark good bad try wait none plain."""

    title: Any
    icon: str
    tone: str = "plain"
    facts: list[Fact] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    who: Any = None
    """Instead of the organisation or the neighbour behind the entry."""
    photos: list[Any] = field(default_factory=list)
    """With url, thumb_url, alt, language, width and height."""


@dataclass(frozen=True)
class Shown:
    """What the timeline component needs of one entry."""

    seq: int
    verb: str
    title: Any
    icon: str
    tone: str
    when: str
    datetime: str
    who: Any
    text: str
    language: str
    """In which the text was written."""
    facts: list[Fact]
    links: list[Link]
    photos: list[Any] = field(default_factory=list)
    internal: bool = False


@dataclass(frozen=True)
class Context:
    """What later entries say about earlier ones, by number."""

    answered: dict[int, int] = field(default_factory=dict)
    """An entry that asked for an answer -> the entry that gave it."""
    hidden: dict[int, str] = field(default_factory=dict)
    """An entry whose words a moderator took away -> the public reason."""
    whole: bool = False
    """Whether all entries of the dossier are in here, so that a missing answer means that there is none."""


Word = Callable[[Entry], Wording]
WORDINGS: dict[str, Word] = {}


def wording(*verbs: str) -> Callable[[Word], Word]:
    """Let this function put entries of these verbs into words. A verb means one thing only."""

    def register(function: Word) -> Word:
        if twice := WORDINGS.keys() & set(verbs):
            raise ValueError(f"somebody has words already for {', '.join(sorted(twice))}")
        WORDINGS.update(dict.fromkeys(verbs, function))
        return function

    return register


def told(entries: Iterable[Entry]) -> list[Shown]:
    """A dossier's whole timeline in words."""
    known = list(entries)
    context = Context(
        answered={e.data["answers"]: e.seq for e in reversed(known) if _answers(e)},
        hidden={e.data["hides"]: e.data.get("reason", "") for e in known if "hides" in e.data},
        whole=True,
    )
    return [shown(entry, context) for entry in known]


def _answers(entry: Entry) -> bool:
    """Whether it is the answer to an earlier entry; that something was received is none."""
    return "answers" in entry.data and entry.data.get("kind") not in REPLIES


def shown(entry: Entry, context: Context = Context()) -> Shown:
    """One entry in words, in the reader's language. Without a context nothing is said about its answer."""
    words = WORDINGS.get(entry.verb, _something)(entry)
    facts, links, text, tone, icon = [*words.facts], [*words.links], entry.text or "", words.tone, words.icon
    if entry.data.get("awaits_answer") and entry.seq in context.answered:
        links.append((_("To the answer"), f"#e{context.answered[entry.seq]}"))
    elif entry.data.get("awaits_answer") and context.whole:
        facts += [*_due(entry), (_("Answer"), silence((today() - entry.on).days))]
        tone, icon = "none", "late"
    if entry.seq in context.hidden:
        facts, links, text = [(_("Hidden by a moderator"), quoted(entry, context.hidden[entry.seq]))], [], ""
        words = replace(words, photos=[])
    return Shown(
        seq=entry.seq,
        verb=entry.verb,
        title=words.title,
        icon=icon,
        tone=tone,
        when=when(entry.on, entry.precision),
        datetime=entry.on.isoformat()[: 7 if entry.precision == "month" else 10],
        who=words.who if words.who is not None else who(entry),
        text=text,
        language=entry.language or spoken(),
        facts=facts,
        links=links,
        photos=words.photos,
        internal=entry.audience_id is not None,
    )


def _due(entry: Entry) -> list[Fact]:
    """By when a letter is to be answered; those from before it had a clock say nothing."""
    if "due_on" not in entry.data:
        return []
    return [(_("Answer due before"), due_sum(entry.data["term"], date.fromisoformat(entry.data["due_on"])))]


def quoted(entry: Entry, words: str) -> Quote:
    """Somebody's own words among ours, in the language of this entry."""
    return Quote.of(words, entry.language or spoken())


def _why(entry: Entry, name: str) -> list[Fact]:
    return [(_("Why"), quoted(entry, entry.data.get(name, "")))]


def kept(why: str | None) -> str:
    """What is said to somebody whose signature waits for a look; empty when it does not."""
    return f"{HELD[why]} {KEPT}" if why else ""


def silence(days: int) -> str:
    """A missing answer, in days: a fact and no verdict."""
    return ngettext("no answer: %(num)s day", "no answer: %(num)s days", days)


def when(on: date, precision: str = "day") -> str:
    """The day, or the month when only that is known."""
    return str(format_date(on, "MMMM y" if precision == "month" else "d MMMM y"))


def held(begins: datetime | None, ends: datetime | None = None) -> str:
    """When a plan is held: "Saturday 5 December 2026, 14:00–16:00"; empty when it has no day."""
    if begins is None:
        return ""
    until = f"–{format_datetime(ends, 'HH:mm')}" if ends else ""
    return f"{format_datetime(begins, 'EEEE d MMMM y, HH:mm')}{until}"


def who(entry: Entry) -> str:
    """Organisation and role, never a person's name; and who wrote it down, if that was another."""
    writer = _("a neighbour")
    if entry.organisation is not None:
        role = ROLES.get(entry.role or "")
        writer = f"{entry.organisation.name} ({role})" if role else entry.organisation.name
    about = entry.data.get("about")
    if not about or (entry.organisation is not None and about["key"] == entry.organisation.key):
        return writer
    return _("%(organisation)s, written down by %(writer)s", organisation=about["name"], writer=writer)


def in_a_row(words: Iterable[Any]) -> str:
    """Several words as one: "A, B and C"."""
    return str(format_list([str(word) for word in words], locale=get_locale()))


def _day(text: str) -> str:
    return when(date.fromisoformat(text))


# --- the verbs of a dossier


OPENED = {
    Kind.ISSUE: (lazy("Reported"), "report"),
    Kind.PLAN: (lazy("Plan made"), "light"),
    Kind.PETITION: (lazy("Petition begun"), "sheet"),
}

TOLD: dict[str, tuple[Any, str, str]] = {
    "news": (lazy("News"), "say", "lit"),
    "call": (lazy("Call: help us"), "say", "lit"),
    "document": (lazy("Document"), "doc", "plain"),
    "invitation": (lazy("Invitation"), "mail", "plain"),
    "meeting": (lazy("Meeting"), "people", "lit"),
    "joint_action": (lazy("Action together"), "together", "lit"),
    "trial": (lazy("Trial"), "trial", "try"),
    "result": (lazy("Result"), "check", "good"),
    "motion": (lazy("Motion"), "gavel", "dark"),
    "hearing": (lazy("Hearing"), "gavel", "dark"),
    "advice": (lazy("Advice"), "gavel", "dark"),
    "recognition": (lazy("Recognised"), "check", "good"),
}
"""What can be told: its title, icon and tone."""

FACTS: dict[str, Any] = {
    "place": lazy("Where"),
    "period": lazy("How long"),
    "with_whom": lazy("With whom"),
    "cost": lazy("Cost"),
    "outcome": lazy("Outcome"),
    "after": lazy("Afterwards"),
    "vote": lazy("Vote"),
    "number": lazy("Number"),
}
VOTES = {"unanimous": lazy("unanimous")}


def _something(entry: Entry) -> Wording:
    """A verb from a later version of the portal: what is known of it is still true."""
    return Wording(_("Something was written down"), "info")


@wording("opened")
def _opened(entry: Entry) -> Wording:
    title, icon = OPENED.get(entry.data.get("kind", ""), OPENED[Kind.ISSUE])
    return Wording(title, icon, "lit")


@wording("counted")
def _counted(entry: Entry) -> Wording:
    number = int(entry.data["supporters"])
    return Wording(ngettext("%(num)s supporter", "%(num)s supporters", number), "people")


@wording("signed")
def _signed(entry: Entry) -> Wording:
    return Wording(_("Signed, not confirmed yet"), "mail")


@wording("confirmed")
def _confirmed(entry: Entry) -> Wording:
    return Wording(_("A neighbour joined"), "lamp", "lit")


@wording("signature_withdrawn")
def _signature_withdrawn(entry: Entry) -> Wording:
    return Wording(_("A neighbour stepped out"), "close")


@wording("signature_invalidated")
def _signature_invalidated(entry: Entry) -> Wording:
    return Wording(
        _("A signature no longer counts"),
        "close",
        facts=_why(entry, "why"),
    )


@wording("reached")
def _reached(entry: Entry) -> Wording:
    number = int(entry.data["supporters"])
    title = ngettext("%(num)s supporter", "%(num)s supporters", number)
    return Wording(title, "lamp", "lit", who=_("the neighbourhood"))


@wording("forgotten")
def _forgotten(entry: Entry) -> Wording:
    number = int(entry.data["supporters"])
    title = ngettext(
        "The name of %(num)s supporter was removed; the number stays",
        "The names of %(num)s supporters were removed; the number stays",
        number,
    )
    return Wording(title, "people", who=_("the portal"))


@wording("told")
def _told(entry: Entry) -> Wording:
    title, icon, tone = TOLD.get(entry.data.get("what", ""), TOLD["news"])
    facts: list[Fact] = []
    if "to" in entry.data:
        facts.append((_("To"), entry.data["to"]["name"]))
    for name, label in FACTS.items():
        if value := entry.data.get(name):
            facts.append((label, VOTES.get(value) or quoted(entry, value)))
    if "video" in entry.data:
        facts.append((_("Video"), _video(entry.data["video"])))
    links = [(link.get("label") or link["url"], link["url"]) for link in entry.data.get("links", [])]
    return Wording(title, icon, tone, facts, links)


def _video(video: dict[str, Any]) -> str:
    minutes, seconds = divmod(int(video.get("at_seconds", 0)), 60)
    return _("%(name)s, from %(time)s", name=video.get("label", ""), time=f"{minutes}:{seconds:02}")


@wording("handed_over")
def _handed_over(entry: Entry) -> Wording:
    to = entry.data.get("to", [])
    title = _("Handed over to %(names)s", names=in_a_row(a["name"] for a in to)) if to else _("Handed over")
    due = [a for a in to if a.get("due_on")]
    facts = [(a["name"], _("answer due before %(day)s", day=_day(a["due_on"]))) for a in due]
    via = entry.data.get("via")
    links = [(_("As part of petition %(ref)s", ref=via), f"/d/{via}")] if via else []
    return Wording(title, "stamp", "dark", facts, links)


@wording("withdrawn")
def _withdrawn(entry: Entry) -> Wording:
    return Wording(_("Withdrawn by those who opened it"), "close", "none")


@wording("solved")
def _solved(entry: Entry) -> Wording:
    return Wording(_("Solved, say those who opened it"), "check", "good")


@wording("reopened")
def _reopened(entry: Entry) -> Wording:
    return Wording(_("Opened again: it is not solved"), "again", "bad")


@wording("hidden")
def _hidden(entry: Entry) -> Wording:
    return Wording(_("Hidden by a moderator"), "eye", facts=_why(entry, "reason"))


@wording("unhidden")
def _unhidden(entry: Entry) -> Wording:
    return Wording(
        _("Shown again by a moderator"),
        "eye",
        facts=_why(entry, "reason"),
    )
