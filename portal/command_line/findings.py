"""docs/roundabout.md: what the ranking finds, in tables."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from portal.command_line.studying import (
    LATER,
    PETITIONS,
    REPORTS,
    SENTENCES,
    Data,
    Folds,
    Measured,
    crossed,
    folds,
)
from portal.similar import ranking
from portal.similar.evaluation import (
    AT,
    Outcome,
    Sheet,
    above,
    likelihood,
    recall,
    reciprocal,
    shown,
    threshold_for,
    threshold_showing,
    wrongly,
)
from portal.similar.features import FEATURES, GROUPS, nearness

FOUND, IN_VAIN = 0.7, 0.3
"""The threshold for petitions finds so many duplicates; that for reports shows so many in vain."""
RULE_METRES = 250
LEAST = -1e6
TEN = 10
"""So many of the quadruples are not of our own making."""
HEAD = """# How well the roundabout sees what belongs together

Written by `portal roundabout learn --data ../shared/data`; the same data give the same figures. Everything is
measured on one half by weights that were learnt on the other, both ways round, split by target: all that is
the same as the same thing lies in one half. The weights that the portal goes by
(`portal/similar/weights.toml`) are then learnt on both halves. How: [ADR 19](adr/0019-one-ranking.md).
"""


def section(known: Mapping[str, Data], *, meant: bool) -> list[tuple[str, str]]:
    """Table and row of each line, with meaning or without."""
    how = "words and meaning" if meant else "words"
    of_reports = folds(known, ranking.REPORT, meant=meant)
    rows = []
    for left_out, more in ((GROUPS["time"], ""), (frozenset[str](), ", and what was open then")):
        halves = folds(known, ranking.PETITION, meant=meant, left_out=left_out)
        rows.append((PETITIONS, _petitions(known[PETITIONS], halves, how + more)))
    rows.append((SENTENCES, _sentences(known, of_reports, how)))
    if not meant:
        rows += [(REPORTS, row) for row in _reports(known[REPORTS], of_reports)]
    return rows


def _row(*cells: Any) -> str:
    shown = [f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in cells]
    return f"| {' | '.join(shown)} |"


def _recalls(outcomes: Sequence[Outcome], least: float = LEAST) -> list[float]:
    return [*(recall(outcomes, at, least) for at in AT), reciprocal(outcomes, least)]


def _petitions(data: Data, halves: Folds, how: str) -> str:
    found = crossed(data, halves)
    threshold = threshold_for(found.asked, FOUND)
    cells = [*_recalls(found.asked), wrongly(found.beside, threshold), shown(found.nothing, threshold)]
    return _row(how, *cells)


def _reports(data: Data, halves: Folds) -> list[str]:
    ranked, ruled = crossed(data, halves), _by(data, _rule)
    threshold = threshold_showing(ranked.nothing, IN_VAIN)
    every = (
        (f"same category within {RULE_METRES} m, the nearest first", ruled, LEAST),
        ("the ranking, all of them shown", ranked, LEAST),
        (f"the ranking, from likelihood {likelihood(threshold):.2f}", ranked, threshold),
    )
    return [
        _row(how, *_recalls(found.asked, least), shown(found.nothing, least)) for how, found, least in every
    ]


def _by(data: Data, score: Callable[[Mapping[str, float]], float | None]) -> Measured:
    """What another rule makes of the same candidates: only those that it scores are shown."""

    def of(sheet: Sheet, *, asked: bool) -> Outcome:
        scores = [score(dict(zip(FEATURES, row, strict=True))) for row in sheet.rows]
        listed = sorted(
            (i for i, s in enumerate(scores) if s is not None), key=lambda i: (-(scores[i] or 0), i)
        )
        right = next((place for place, i in enumerate(listed) if i in sheet.right), None)
        first = scores[listed[0]] if listed else None
        best = None if right is None else scores[listed[right]]
        return Outcome(asked, None if right is None else right + 1, first, best)

    return Measured(
        [of(sheet, asked=True) for sheet in data.asked],
        [of(sheet, asked=False) for sheet in data.nothing],
        [],
    )


def _rule(features: Mapping[str, float]) -> float | None:
    """FixMyStreet's: the same category, within so many metres."""
    near = features["near"]
    return near if features["category"] and near >= nearness(RULE_METRES) else None


# The page

COLUMNS = ["recall at 1", "at 5", "at 10", "reciprocal rank"]
TABLES = {
    PETITIONS: (
        "Petitions",
        "The United Kingdom's, 2020 to 2022: {petitions} that moderators rejected as the same as a "
        "published one, each among all 1,270 published ones, of which the best ranked of those named "
        "counts. *Wrongly the same*: of the 946 pairs of published petitions most alike that "
        "moderators let stand (a few are the same nevertheless), how many lie above the likelihood "
        "that finds 70 % of duplicates. *In vain*: of 300 published petitions taken by chance, for "
        "how many anything is shown at that likelihood; much of that may be right, and is labelled by"
        " nobody. *And what was open then* uses the features of time, as the portal does: by {how} that "
        "finds {timed} at 1 and at 5. The other lines are learnt and measured without them, by the texts "
        "alone, which cannot tell which of several alike was the one that moderators named.",
        [*COLUMNS, "wrongly the same", "in vain"],
    ),
    REPORTS: (
        "Reports",
        "Boston's, 2015: {reports} reports of which one was closed as a duplicate of the other. The "
        "later one is asked, and its candidates are what was open then within 500 m or at the same "
        "address; what had been closed, or lies elsewhere, counts as not found. They have a category,"
        " a place and a time and hardly any words. *In vain*: of 1,000 reports that were no "
        "duplicate, for how many anything is shown.",
        [*COLUMNS, "in vain"],
    ),
    SENTENCES: (
        "Dutch sentences",
        "Not real: forty quadruples written by hand, ten for a smoke test and thirty of the K-buurt's"
        " own kind (`portal/similar/handwritten.csv`). Each asks for the same in other words among "
        "the 120 other sentences. *Same above other*: how often that scores above something else at "
        "the same place; where that is, the sentences alone tell. The weights are learnt from the other half "
        "of these, and from {lessons} quadruples on other subjects, written to learn from "
        "(`portal/similar/taught.csv`). The synonyms come from the names and descriptions of Signalen's "
        "categories, from the words that ship with ours, and from what those that teach say in two ways; "
        "none was added because of a sentence that is measured. Yet whoever chose the words, and whoever "
        "wrote the thirty, had read all of these sentences: it is no independent test. So {later} more "
        "were written later (`portal/similar/later.csv`), when the words were all chosen, and no word was "
        "added because of them: those are what to go by. They teach nothing; but that meaning counts "
        "*beyond* the letters was kept because it told both these and those that teach better apart.",
        [*COLUMNS, "same above other, of ten", "of thirty", "of these forty", "of sixty written later"],
    ),
}


def report(rows: Sequence[tuple[str, str]], asked: Mapping[str, int], known: ranking.Known) -> str:
    """The whole page."""
    parts = [HEAD]
    for name, (title, text, columns) in TABLES.items():
        lines = [row for table, row in rows if table == name]
        parts += [f"## {title}\n", text.format(**asked, **_timed(rows)), ""]
        parts += [_row("by", *columns), _row(*["---"] * (len(columns) + 1)), *lines, ""]
    parts += ["## Weights\n", "Each times a feature between 0 and 1; none is below zero.\n"]
    sets = [(kind, name) for kind, both in known.items() for name in both]
    parts += [_row("feature", *(f"{kind}, {name}" for kind, name in sets)), _row(*["---"] * (len(sets) + 1))]
    parts += [
        _row(each, *(f"{known[kind][name].each[each]:.2f}" for kind, name in sets)) for each in FEATURES
    ]
    return "\n".join([*parts, ""])


def _timed(rows: Sequence[tuple[str, str]]) -> dict[str, str]:
    """What the features of time do for petitions, by the best there is: the last two lines of their table."""
    lines = [row.strip("| ").split(" | ") for table, row in rows if table == PETITIONS]
    how, within = lines[-2][0], lines[-1]
    return {"how": how, "timed": f"{within[1]} and {within[2]}"}


def _sentences(known: Mapping[str, Data], halves: Folds, how: str) -> str:
    found, later = (crossed(known[name], halves).asked for name in (SENTENCES, LATER))
    return _row(how, *_recalls(found), above(found[:TEN]), above(found[TEN:]), above(found), above(later))
