"""The study behind the weights: labelled pairs, learnt on one half, measured on the other, both ways."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

import click

from portal.command_line import labelled
from portal.similar import meaning, ranking
from portal.similar.evaluation import Outcome, Question, Sheet, halves, outcome, sheets
from portal.similar.features import FEATURES, GROUPS, MEANING, Corpus, Sketch
from portal.similar.learning import Example, learn, shortened
from portal.similar.queries.judging import Judged, Seen
from portal.similar.ranking import Weights

SEED = 20261128
NOTHING = {"petitions": 300, "reports": 1_000}
"""So many that are the same as nothing are asked as well."""
FILES = ("handwritten.csv", "taught.csv", "later.csv")
HANDWRITTEN, TAUGHT, WRITTEN_LATER = (Path(meaning.__file__).with_name(name) for name in FILES)
SET = {"kind": 0.5, "lineage": 2.0}
"""No labelled pair is of two kinds or has a lineage: these weights are set by hand."""
SETS = ("petitions", "reports", "sentences", "lessons", "later")
PETITIONS, REPORTS, SENTENCES, LESSONS, LATER = SETS
OWN_REPORTS, OWN_PETITIONS = OWN = ("own reports", "own petitions")
TEACHERS = {
    ranking.REPORT: {REPORTS: 1.0, SENTENCES: 1.0, LESSONS: 2.0, PETITIONS: 0.5, OWN_REPORTS: 1.0},
    ranking.PETITION: {PETITIONS: 1.0, OWN_PETITIONS: 1.0},
}
"""What each kind is learnt from, and how much that counts: reports have few words, sentences teach those.
What people of this portal said counts only where it is asked for."""

USELESS = {ranking.REPORT: frozenset({"sentence", "headline"}), ranking.PETITION: frozenset({"beyond"})}
"""Features that a report does not have: it is one sentence, and its title is all of it. They are not learnt
from the petitions that teach it words. Petitions are about no place: their letters may count."""


@dataclass(frozen=True)
class Data:
    """One set of sheets: with something to find, with nothing to find, and pairs that were let stand."""

    asked: list[Sheet]
    nothing: list[Sheet]
    beside: list[Sheet]


def progress(what: str, every: int = 100) -> Callable[[int], None]:
    """Says how far it is, for what takes minutes."""

    def told(done: int) -> None:
        if done % every == 0:
            click.echo(f"{what}: {done}", err=True)

    return told


def study(folder: Path, *, meant: bool) -> dict[str, Data]:
    """All sets in this folder, as sheets; `meant`: with meaning, which takes some minutes."""
    return {
        PETITIONS: petitions(folder, meant=meant),
        REPORTS: reports(folder),
        SENTENCES: sentences([folder / "pairs/nl_civic_pairs_handwritten_dev.csv", HANDWRITTEN], meant=meant),
        LESSONS: sentences([TAUGHT], meant=meant),
        LATER: sentences([WRITTEN_LATER], meant=meant),
    }


def petitions(folder: Path, *, meant: bool) -> Data:
    """The United Kingdom's: rejected as the same as another one, or let stand beside it."""
    known = labelled.pool(folder / "petitions/uk_petitions_2020_2022.jsonl.gz")
    same, let_be = (folder / f"pairs/uk_petition_{kind}_dev.csv" for kind in ("duplicates", "coexisting"))
    if meant:
        wanted = {one.key for one in known.standing} | {q.new.key for q in labelled.questions(same, known)}
        known = labelled.with_meaning(known, wanted, progress("meanings"))
    corpus, asked = Corpus(known.standing), labelled.questions(same, known)
    beside = labelled.questions(let_be, known)
    others = {q.new.key: [known.everything[key] for key in sorted(q.wrong)] for q in beside}
    free = labelled.unasked(known, asked, NOTHING[PETITIONS], SEED)
    return Data(
        sheets(asked, known.candidates, corpus, progress("petitions")),
        sheets(free, known.candidates, corpus, progress("petitions that stand")),
        sheets(beside, lambda new: others[new.key], corpus),
    )


def reports(folder: Path) -> Data:
    """Boston's: closed as the same as another one."""
    known = labelled.pool(folder / "reports/boston_311_2015_dev.csv.gz")
    asked = labelled.questions(folder / "pairs/boston_duplicates_dev.csv", known)
    free = labelled.unasked(known, asked, NOTHING[REPORTS], SEED)
    corpus = Corpus(known.standing)
    found = [sheets(some, known.candidates, corpus, progress("reports")) for some in (asked, free)]
    return Data(found[0], found[1], [])


def own(history: Iterable[Judged], *, meant: bool) -> dict[str, Data]:
    """What people of this portal said. Where something was only called different, nothing beside it teaches:
    nobody said whether that is right.

    `meant`: only that of which the meaning was compared.
    """
    found = {name: Data([], [], []) for name in OWN}
    every = [one for one in history if not meant or any(seen.features.get(MEANING) for seen in one.seen)]
    half = halves(Question(Sketch(one.key, ""), _keys(one, same=True)) for one in every)
    for one in every:
        data = found[OWN_REPORTS if one.kind == ranking.REPORT else OWN_PETITIONS]
        if right := _keys(one, same=True):
            data.asked.append(_own_sheet(one, one.seen, right, half[one.key]))
        elif wrong := [seen for seen in one.seen if seen.same is False]:
            data.nothing.append(_own_sheet(one, wrong, frozenset(), half[one.key]))
    return found


def _keys(one: Judged, *, same: bool) -> frozenset[str]:
    return frozenset(seen.key for seen in one.seen if seen.same is same)


def _own_sheet(one: Judged, candidates: Sequence[Seen], right: Set[str], half: int) -> Sheet:
    rows = [[seen.features[name] for name in FEATURES] for seen in candidates]
    keys = [seen.key for seen in candidates]
    places = frozenset(place for place, key in enumerate(keys) if key in right)
    return Sheet(one.key, half, keys, places, frozenset(), rows)


def sentences(files: Iterable[Path], *, meant: bool) -> Data:
    """Dutch sentences of four, written by hand: to be measured, or only to teach."""
    fours = [four for path in files for four in labelled.quadruples(path)]
    if meant:
        fours = [tuple(map(meaning.given, four)) for four in fours]
    return Data(quadruple_sheets(fours), [], [])


def quadruple_sheets(fours: Sequence[tuple[Sketch, ...]]) -> list[Sheet]:
    """Each anchor before all the sentences that are no anchor; wrong is what is said of the same place."""
    standing = [one for four in fours for one in four[1:]]
    asked = [Question(four[0], frozenset({four[1].key}), frozenset({four[2].key})) for four in fours]
    return sheets(asked, lambda new: standing, Corpus(standing))


# Learning


def examples(known: Mapping[str, Data], names: Iterable[str], half: int | None) -> Iterator[Example]:
    """What is learnt from: one half of these sets, or all of them."""
    for name in names:
        every = [s for s in known[name].asked if s.right] + known[name].nothing
        for sheet in every:
            if half is None or sheet.half == half or name == LESSONS:
                yield Example(*shortened(sheet.rows, sheet.right), name)


def learnt(
    known: Mapping[str, Data], kind: str, half: int | None, *, meant: bool, left_out: Set[str] = frozenset()
) -> Weights:
    """Weights of one kind from one half, or from all; `left_out`: features that it is to do without.

    With the bias of the first of its sets: only there some are the same as nothing.
    """
    without = SET.keys() | USELESS[kind] | left_out | (frozenset() if meant else GROUPS[meaning.NAME])
    worth = {name: much for name, much in TEACHERS[kind].items() if name in known}
    found, biases = learn(list(examples(known, worth, half)), worth, without)
    zero = dict.fromkeys(without - SET.keys(), 0.0)
    return Weights({**found, **SET, **zero}, biases[next(iter(worth))] - SET["kind"])


Folds = tuple[Weights, Weights]
"""What one half teaches, and what the other does."""


def folds(known: Mapping[str, Data], kind: str, *, meant: bool, left_out: Set[str] = frozenset()) -> Folds:
    """The weights of one kind, learnt on each half."""
    one, other = (learnt(known, kind, half, meant=meant, left_out=left_out) for half in (0, 1))
    return one, other


@dataclass(frozen=True)
class Measured:
    """What weights of the other half make of each sheet."""

    asked: list[Outcome]
    nothing: list[Outcome]
    beside: list[Outcome]


def crossed(data: Data, halves: Folds) -> Measured:
    """Every sheet by the weights that were learnt on the half in which it is not."""

    def of(some: Sequence[Sheet], *, asked: bool) -> list[Outcome]:
        return [outcome(sheet, halves[1 - sheet.half], asked=asked) for sheet in some]

    return Measured(of(data.asked, asked=True), of(data.nothing, asked=False), of(data.beside, asked=False))
