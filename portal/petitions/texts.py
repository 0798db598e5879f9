"""What a bundle is called on the screen: consents, what is wrong with a field, its verbs on the timeline."""

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from portal.dossiers.texts import Fact, Link, Wording, in_a_row, wording
from portal.dossiers.timeline import Entry
from portal.petitions.models import Consent, Problem

CONSENTS: dict[str, tuple[str, str, LazyString]] = {
    Consent.JOINED: ("check", "good", lazy("joins")),
    Consent.ASKED: ("clock", "wait", lazy("no answer yet")),
    Consent.LATER: ("clock", "wait", lazy("later")),
    Consent.APART: ("close", "dim", lazy("stays apart, own choice")),
    Consent.RELEASED: ("again", "dim", lazy("let go")),
}
"""Icon, tone and words of each consent."""
STRANDS = {Consent.ASKED: "later", Consent.LATER: "later", Consent.APART: "no"}
"""How its strand is drawn; those that joined run into the trunk."""
PROBLEMS: dict[str, LazyString] = {
    Problem.EMPTY: lazy("Fill this in."),
    Problem.TOO_LONG: lazy("This is too long."),
    Problem.NO_DEMAND: lazy("Write at least one demand."),
    Problem.TOO_MANY: lazy("Write ten demands at most."),
    Problem.NO_AUTHORITY: lazy("Choose at least one authority."),
    Problem.NOT_INVITABLE: lazy("One of these dossiers cannot be asked any more. Choose again."),
    Problem.NO_ANSWER: lazy("Choose one of the three."),
    Problem.NO_SUCCESSOR: lazy("This petition cannot be chosen any more. Choose again."),
    Problem.OVER: lazy("This dossier is over or hidden: it cannot join a petition now."),
}


def _dossier(ref: str) -> Link:
    return ref, f"/d/{ref}"


def _petition(entry: Entry) -> list[Link]:
    return [_dossier(entry.data["petition"])]


def _signatures(number: int) -> str:
    return ngettext("%(num)s signature", "%(num)s signatures", number)


@wording("edited")
def _edited(entry: Entry) -> Wording:
    again = entry.data.get("asked_again", [])
    facts: list[Fact] = [(_("Asked again, because the text changed"), in_a_row(again))] if again else []
    return Wording(_("Text changed"), "edit", facts=facts)


@wording("invited")
def _invited(entry: Entry) -> Wording:
    if "petition" in entry.data:
        return Wording(_("Asked to join a petition"), "ask", "try", links=_petition(entry))
    refs = entry.data["refs"]
    title = ngettext("%(num)s dossier asked to join", "%(num)s dossiers asked to join", len(refs))
    return Wording(title, "ask", "try", links=[_dossier(ref) for ref in refs])


@wording("dropped")
def _dropped(entry: Entry) -> Wording:
    return Wording(_("Invitation taken back"), "close", links=[_dossier(entry.data["ref"])])


@wording("published")
def _published(entry: Entry) -> Wording:
    facts = _carried(entry)
    if joined := entry.data.get("joined"):
        facts.insert(0, (_("Made from"), ngettext("%(num)s dossier", "%(num)s dossiers", joined)))
    return Wording(_("Open for signing"), "sheet", "lit", facts)


@wording("joined")
def _joined(entry: Entry) -> Wording:
    ref = entry.data["ref"]
    return Wording(_("%(ref)s joins", ref=ref), "together", "lit", _carried(entry), [_dossier(ref)])


@wording("kept_apart")
def _kept_apart(entry: Entry) -> Wording:
    if "petition" in entry.data:
        return Wording(_("Stays apart from the petition"), "close", links=_petition(entry))
    ref = entry.data["ref"]
    return Wording(_("%(ref)s stays apart", ref=ref), "close", "plain", _gone(entry), [_dossier(ref)])


@wording("postponed")
def _postponed(entry: Entry) -> Wording:
    if "petition" in entry.data:
        return Wording(_("Decides later about joining"), "clock", links=_petition(entry))
    ref = entry.data["ref"]
    return Wording(_("%(ref)s decides later", ref=ref), "clock", "plain", _gone(entry), [_dossier(ref)])


@wording("bundled")
def _bundled(entry: Entry) -> Wording:
    return Wording(_("Joins a petition"), "together", "lit", links=_petition(entry))


@wording("released")
def _released(entry: Entry) -> Wording:
    return Wording(_("No longer asked by, or part of, a petition"), "again", links=_petition(entry))


@wording("succeeded")
def _succeeded(entry: Entry) -> Wording:
    ref = entry.data["successor"]
    return Wording(_("Goes on as %(ref)s", ref=ref), "together", "lit", links=[_dossier(ref)])


@wording("continued")
def _continued(entry: Entry) -> Wording:
    ref = entry.data["petition"]
    return Wording(_("Continues %(ref)s", ref=ref), "together", "lit", links=[_dossier(ref)])


@wording("taken_apart")
def _taken_apart(entry: Entry) -> Wording:
    return Wording(_("Taken apart: each dossier goes on by itself"), "again", "none", _gone(entry))


def _carried(entry: Entry) -> list[Fact]:
    number = entry.data.get("carried", 0)
    return [(_("Supporters who come along"), _signatures(number))] if number else []


def _gone(entry: Entry) -> list[Fact]:
    number = entry.data.get("gone", 0)
    return [(_("No longer counted here"), _signatures(number))] if number else []
