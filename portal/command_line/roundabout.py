"""How good the roundabout is at seeing what belongs together: measured on labelled pairs, and learnt."""

import json
from pathlib import Path
from typing import Any

import click

from portal.command_line import findings, history, labelled, studying
from portal.command_line.tables import Unreadable
from portal.similar import meaning, ranking
from portal.similar.evaluation import (
    AT,
    Outcome,
    Question,
    Sheet,
    above,
    measures,
    outcome,
    sheets,
    shown,
)
from portal.similar.features import GROUPS, MEANING, Corpus
from portal.similar.ranking import Weights

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
ROOT = Path(__file__).parent.parent.parent
NOTHING = 500


@click.group()
def roundabout() -> None:
    """See what belongs together: measure how well that goes, and learn from it."""


@roundabout.command()
@click.option("--pairs", type=FILE, help="Pairs that people labelled (CSV); else those of this portal.")
@click.option("--candidates", type=FILE, help="What they were chosen from (CSV, JSON or JSONL).")
@click.option("--words", "words_only", is_flag=True, help="By words alone, also where meaning is installed.")
@click.option("--without", multiple=True, type=click.Choice(sorted(GROUPS)), help="Leave a feature out.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
def evaluate(
    pairs: Path | None, candidates: Path | None, words_only: bool, without: tuple[str, ...], as_json: bool
) -> None:
    """Recall at 1, 5 and 10, mean reciprocal rank, and the curve of precision, on labelled pairs.

    Pairs name two rows of the candidates (duplicate_id and existing_id; or later_id and earlier_id, which are
    not the same), or are sentences of four, which need no candidates. Without --pairs it is measured on what
    people of this portal said: me too, belongs with this, no, different; what was bundled, or goes on as one.
    """
    meant = meaning.available() and not words_only
    left_out = frozenset().union(*(GROUPS[name] for name in without))
    try:
        if pairs is None and candidates is not None:
            raise Unreadable("Candidates alone are no labelled pairs: they need --pairs.")
        found = _evaluated(pairs, candidates, meant, left_out) if pairs else _own(words_only, left_out)
    except (Unreadable, history.TooFew, ValueError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(found, indent=1) if as_json else _in_words(found))


def _evaluated(pairs: Path, candidates: Path | None, meant: bool, without: frozenset[str]) -> dict[str, Any]:
    if fours := labelled.quadruples(pairs):
        fours = [tuple(map(meaning.given, four)) for four in fours] if meant else fours
        asked, kind = studying.quadruple_sheets(fours), ranking.REPORT
        nothing: list[Sheet] = []
    elif candidates is None:
        raise Unreadable("Pairs of numbers need --candidates: what they are numbers of.")
    else:
        asked, nothing, kind = _sheets(pairs, candidates, meant)
    weights = ranking.weights()[kind][MEANING if meant else ranking.WORDS]
    return _measured(asked, nothing, weights, without) | {"kind": kind, "meaning": meant}


def _own(words_only: bool, without: frozenset[str]) -> dict[str, Any]:
    """This portal's own history."""
    known = history.own(words_only=words_only, without=without)
    figures = _figures([one.outcome for one in known], [])
    return figures | {"kind": "own", "meaning": history.meant(known)}


def _sheets(pairs: Path, candidates: Path, meant: bool) -> tuple[list[Sheet], list[Sheet], str]:
    known = labelled.pool(candidates)
    asked = labelled.questions(pairs, known)
    if not asked:
        raise Unreadable("No pair has both its numbers among the candidates.")
    if meant:
        wanted = {one.key for q in asked for one in (q.new, *known.candidates(q.new))}
        known = labelled.with_meaning(known, wanted, studying.progress("meanings"))
        asked = labelled.questions(pairs, known)
    free = labelled.unasked(known, asked, NOTHING, studying.SEED) if _finding(asked) and known.places else []
    corpus = Corpus(known.standing)
    kind = ranking.REPORT if asked[0].new.kind in ranking.REPORTS else ranking.PETITION
    told = studying.progress("questions")
    return sheets(asked, known.candidates, corpus, told), sheets(free, known.candidates, corpus), kind


def _finding(asked: list[Question]) -> bool:
    return any(question.right for question in asked)


def _measured(
    asked: list[Sheet], nothing: list[Sheet], weights: Weights, without: frozenset[str]
) -> dict[str, Any]:
    outcomes = [outcome(sheet, weights, without, asked=bool(sheet.right)) for sheet in asked]
    return _figures(outcomes, [outcome(sheet, weights, without, asked=False) for sheet in nothing])


def _figures(outcomes: list[Outcome], rest: list[Outcome]) -> dict[str, Any]:
    """`rest`: of those for which there is nothing to find."""
    found = measures(outcomes)
    if rest:
        found["nothing_to_find"] = len(rest)
        for point in found["curve"]:
            point["shown_in_vain"] = shown(rest, point["score"])
    apart = [score for one in outcomes for score in one.wrong]
    if apart:
        found["told_apart"] = len(apart)
        for point in found["curve"]:
            point["wrongly_the_same"] = sum(score >= point["score"] for score in apart) / len(apart)
    both = [one for one in outcomes if one.right is not None and one.wrong]
    return found | ({"same_above_other": above(both)} if both else {})


def _in_words(found: dict[str, Any]) -> str:
    lines = [f"questions          {found['questions']}"]
    lines += [f"recall at {at:<2}       {found[f'recall_at_{at}']:.3f}" for at in AT]
    lines.append(f"reciprocal rank    {found['mrr']:.3f}")
    if "same_above_other" in found:
        lines.append(f"same above other   {found['same_above_other']:.3f}")
    columns = [name for name in found["curve"][0] if name != "score"] if found["curve"] else []
    lines += ["", "  ".join(f"{name:>16}" for name in columns)]
    lines += ["  ".join(f"{point[name]:16.3f}" for name in columns) for point in found["curve"]]
    return "\n".join(lines)


roundabout.add_command(history.threshold)


@roundabout.command()
@click.option("--data", type=FOLDER, required=True, help="The folder with pairs, petitions and reports.")
@click.option("--report", type=click.Path(path_type=Path), default=ROOT / "docs/roundabout.md")
@click.option("--weights", type=click.Path(path_type=Path), default=ranking.WEIGHTS)
@click.option("--own", is_flag=True, help="Also learn from what people of this portal said, yes and no.")
def learn(data: Path, report: Path, weights: Path, own: bool) -> None:
    """Learn the weights anew from labelled pairs, and write down what they find; takes some ten minutes.

    Figures are measured on one half with weights learnt on the other; then the weights are learnt on both.
    With the extra `portal[meaning]` those with meaning are learnt as well, else they stay as they are.
    """
    kept = {kind: dict(both) for kind, both in ranking.weights().items()} if ranking.WEIGHTS.exists() else {}
    lines: list[tuple[str, str]] = []
    for meant in (False, True) if meaning.available() else (False,):
        known = studying.study(data, meant=meant)
        known |= studying.own(history.all_of_it(), meant=meant) if own else {}
        lines += findings.section(known, meant=meant)
        for kind in studying.TEACHERS:
            name = MEANING if meant else ranking.WORDS
            kept.setdefault(kind, {})[name] = studying.learnt(known, kind, None, meant=meant)
    weights.write_text(ranking.write(kept), encoding="utf-8")
    asked = {name: len(one.asked) for name, one in known.items()}
    report.write_text(findings.report(lines, asked, kept), encoding="utf-8")
    click.echo(f"{weights}\n{report}")
