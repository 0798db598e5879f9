"""What people of this portal said of two dossiers: measured, learnt from, and what thresholds come of it."""

import getpass
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from typing import Any

import click

from portal.command_line.context import application
from portal.kernel.policy import SYSTEM
from portal.places.queries import area, drawn_around
from portal.similar import ranking
from portal.similar.commands import set_threshold
from portal.similar.features import MEANING
from portal.similar.queries import EVERYWHERE, Judged, Least, judged, least, set_before

FEWEST = 5
"""So many pairs have to be said to belong together before anything is measured by them."""
STEPS = (0.01, 0.02, 0.04, 0.06, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Thresholds that are shown, beside the one that counts now."""
NAMES = {ranking.REPORT: "Reports", ranking.PETITION: "Plans and petitions"}
SOURCES = "“me too”, “belongs with this”, bundling, and doing it together"


class TooFew(Exception):
    """There is nothing to measure by; the message says how much there is."""


def own(*, words_only: bool, without: Set[str]) -> list[Judged]:
    """All that was labelled here, when it is enough; TooFew when it is not."""
    found = all_of_it(words_only=words_only, without=without)
    yes = sum(same for one in found for _, same in one.answers(1, given=True))
    if yes < FEWEST:
        raise TooFew(
            f"Too few labelled pairs in this portal's own history: {yes} say that two belong together, and "
            f"it takes {FEWEST}. They come from {SOURCES}. "
            "Until then, measure by files: --pairs FILE --candidates FILE."
        )
    return found


def all_of_it(*, words_only: bool = False, without: Set[str] = frozenset()) -> list[Judged]:
    with application():
        return list(judged(words_only=words_only, without=without))


def meant(found: Iterable[Judged]) -> bool:
    """Whether meaning was compared for any of them."""
    return any(seen.features.get(MEANING) for one in found for seen in one.seen)


# Thresholds


def at(found: Sequence[Judged], value: float, *, given: bool) -> dict[str, float | None]:
    """What this threshold gives: how many of the pairs that would be shown say yes, and what is shown."""
    answers = [answer for one in found for answer in one.answers(value, given=given)]
    shown = [same for is_shown, same in answers if is_shown]
    yes = sum(same for _, same in answers)
    return {
        "value": value,
        "precision": sum(shown) / len(shown) if shown else None,
        "shown": len(shown) / len(answers),
        "found": sum(shown) / yes if yes else None,
    }


def table(kind: str, code: str, found: Sequence[Judged]) -> dict[str, Any]:
    """One neighbourhood, or everywhere: what counts now, and what each value would give."""
    now = least(kind, code or None)
    answers = [same for one in found for _, same in one.answers(1, given=True)]
    steps = [at(found, value, given=True) for value in STEPS if value != now.value] if answers else []
    steps += [at(found, now.value, given=now.given) | {"now": True}] if answers else []
    return {
        "kind": kind,
        "neighbourhood": code,
        "now": now.value,
        "from": now.area,
        "pairs": len(answers),
        "yes": sum(answers),
        "values": sorted(steps, key=lambda step: step["value"] or 0),
    }


def tables(kind: str, only: str | None) -> list[dict[str, Any]]:
    """Everywhere first, then each neighbourhood that has labelled pairs; `only`: that one alone."""
    every = [one for one in judged() if one.kind == kind]
    if only:
        around = area(only)
        within = [one for one in every if around and one.area and around.contains(one.area)]
        return [table(kind, only, within)]
    by: dict[str, list[Judged]] = defaultdict(list)
    for one in every:
        if (drawn := drawn_around(one.area)) is not None:
            by[drawn.code].append(one)
    return [table(kind, EVERYWHERE, every), *(table(kind, code, by[code]) for code in sorted(by))]


def _called(code: str | None) -> str:
    known = area(code) if code else None
    return f"{known.name} ({known.code})" if known else "everywhere"


def _now(found: dict[str, Any]) -> str:
    source = "by default" if found["from"] is None else f"as set for {_called(found['from'])}"
    return f"{NAMES[found['kind']]}, {_called(found['neighbourhood'])}: from {found['now']:g} on, {source}."


def _in_words(found: dict[str, Any]) -> str:
    pairs = f"{found['pairs']} labelled pairs, {found['yes']} of them yes"
    few = found["yes"] < FEWEST
    lines = [_now(found), f"{pairs}{': too few to go by' if few else ''}."]
    if found["values"]:
        lines.append("".join(f"{name:>11}" for name in ("value", "precision", "shown", "found")))
    for step in found["values"]:
        figures = [step[name] for name in ("precision", "shown", "found")]
        said = "".join(f"{'-' if figure is None else format(figure, '.3f'):>11}" for figure in figures)
        lines.append(f"{step['value']:11g}{said}{'  now' if step.get('now') else ''}")
    return "\n".join(lines)


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container need not know a name for its user
        return f"user {os.getuid()}"


def _log(kind: str) -> list[dict[str, Any]]:
    return [
        {"neighbourhood": row.area, "value": row.value, "by": row.set_by, "at": row.set_at.isoformat()}
        for row in set_before(kind)
    ]


def _known(_context: Any, _option: Any, code: str | None) -> str | None:
    if code is not None and len(code) > 8:
        raise click.BadParameter(f"{code} is no code of a neighbourhood, such as TG03.")
    return code


@click.command()
@click.option("--set", "value", type=click.FloatRange(0, 1), help="From which likelihood on one is shown.")
@click.option("--unset", is_flag=True, help="No own value any more: as around it.")
@click.option(
    "--neighbourhood", "code", callback=_known, help="Its code, such as K or TG03; else everywhere."
)
@click.option(
    "--kind", type=click.Choice(ranking.SETS), help="What is being sent; --set: reports by default."
)
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
def threshold(value: float | None, unset: bool, code: str | None, kind: str | None, as_json: bool) -> None:
    """How likely it has to be that something is the same to be suggested before one sends.

    Shows what each value would give on the pairs that people here labelled: precision (of the pairs that
    would be shown, how many say yes), the share of all pairs that would be shown, and the share of the yes
    that would be found. A neighbourhood without a value of its own has that of the area around it.
    """
    if unset and value is not None:
        raise click.UsageError("Either --set or --unset.")
    with application():
        if code is not None and area(code) is None:
            raise click.ClickException(f"No neighbourhood has the code {code}.")
        if unset or value is not None:
            _set(kind or ranking.REPORT, code or EVERYWHERE, value)
            return
        kinds = [kind] if kind else list(ranking.SETS)
        found = [one for each in kinds for one in tables(each, code)]
        log = {each: _log(each) for each in kinds}
        lines = [*map(_in_words, found), *(line for each in kinds for line in _told(each, log[each]))]
    click.echo(json.dumps({"thresholds": found, "log": log}, indent=1) if as_json else "\n\n".join(lines))


def _told(kind: str, rows: list[dict[str, Any]]) -> Iterable[str]:
    for row in rows:
        value = "no own value" if row["value"] is None else f"{row['value']:g}"
        where = f"{NAMES[kind].lower()}, {_called(row['neighbourhood'])}"
        yield f"{row['at'][:16]} {row['by']} set {value} for {where}."


def _set(kind: str, code: str, value: float | None) -> None:
    before = least(kind, code or None)
    set_threshold(SYSTEM, None, kind=kind, area=code, value=value, by=_who())
    after: Least = least(kind, code or None)
    click.echo(_now({"kind": kind, "neighbourhood": code, "now": after.value, "from": after.area}))
    click.echo(f"Before: {before.value:g}. The other kind stays as it was.")
