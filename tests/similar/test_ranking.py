"""What is alike and why, how weights are learnt, and what is said of how good that is."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal.command_line import main
from portal.command_line.studying import HANDWRITTEN
from portal.similar import meaning, ranking
from portal.similar.evaluation import (
    Outcome,
    Question,
    curve,
    halves,
    recall,
    reciprocal,
    shown,
    threshold_for,
    threshold_showing,
)
from portal.similar.features import FEATURES, GROUPS, Corpus, Sketch, compare, compare_all, metres
from portal.similar.learning import Example, learn

BIN = Sketch(
    "bin", "Prullenbak weg bij Kraaiennest", "Overal zwerfvuil.", "nl", "issue", lat=52.317, lon=4.979
)
LAMP = Sketch(
    "lamp", "Lantaarn kapot bij Kraaiennest", kind="issue", lat=52.317, lon=4.979, place="Kraaiennest"
)
TREE = Sketch("tree", "Boom omgewaaid", "Over het fietspad.", kind="issue", lat=52.33, lon=4.99)
NEW = Sketch("new", "Vuilnisbak verdwenen bij Kraaiennest", kind="issue", lat=52.3171, lon=4.979)


def test_every_feature_lies_between_nothing_and_all() -> None:
    corpus = Corpus([BIN, LAMP, TREE])
    for one in (BIN, LAMP, TREE, NEW):
        for other in (BIN, LAMP, TREE):
            found = compare(one, other, corpus)
            assert set(found) == set(FEATURES)
            assert all(0 <= value <= 1.000001 for value in found.values()), found
    assert set(FEATURES) == frozenset().union(*GROUPS.values())


def test_a_thing_is_the_same_whatever_it_is_called_and_a_place_is_no_reason() -> None:
    corpus = Corpus([BIN, LAMP, TREE])
    same, beside = compare(NEW, BIN, corpus), compare(NEW, LAMP, corpus)
    assert same["things"] > beside["things"] == 0
    assert beside["words"] == beside["titles"] == 0, "they have the name of the place in common only"
    assert beside["street"] > 0
    assert same["near"] == beside["near"] > 0.8
    found = ranking.rank(NEW, [TREE, LAMP, BIN], corpus)
    assert [one.sketch.key for one in found] == ["bin", "lamp", "tree"]
    assert found[0].likely > found[1].likely > found[2].likely


def test_among_all_it_tells_which_is_the_nearest_and_what_is_meant_beyond_the_letters() -> None:
    new = Sketch("new", "Hek stuk", category="a", lat=52.0, lon=5.0, vector=(0.8, 0.6), gist=(0.8, 0.6))
    places = {"far": 5.002, "here": 5.0, "there": 5.0}
    others = [Sketch(key, "Hek open", category="a", lat=52.0, lon=lon) for key, lon in places.items()]
    others.append(Sketch("other", "Hek stuk", category="b", lat=52.0, lon=5.0))
    found = compare_all(new, others, Corpus(others))
    assert [one["nearest"] for one in found] == [1 / 3, 1, 1, 0]
    by_title = {
        title: compare(new, Sketch("x", title, vector=(1.0, 0.0), gist=(1.0, 0.0)), Corpus(others))["beyond"]
        for title in ("Hek stuk", "Hek open", "Gat in de omheining")
    }
    assert by_title["Hek stuk"] < by_title["Hek open"] < by_title["Gat in de omheining"] <= 0.8


def test_what_is_not_known_speaks_neither_for_nor_against() -> None:
    corpus = Corpus([BIN, TREE])
    nowhere = Sketch("nowhere", "", kind="issue")
    found = compare(nowhere, BIN, corpus)
    assert metres(nowhere, BIN) is None
    assert 0 < found["near"] < compare(NEW, BIN, corpus)["near"]
    assert [found[name] for name in ("words", "titles", "letters", "things", "category", "place")] == [0] * 6
    assert found["open"] == 1
    closed = Sketch("closed", "Lamp", opened=10, closed=20)
    at = {day: compare(Sketch("x", "Lamp", opened=day), closed, corpus)["open"] for day in (15, 25)}
    assert at == {15: 1, 25: 0}


def test_the_weights_that_made_the_labels_are_found_back() -> None:
    """Of two features one decides; which list has something to find, and which has not, the bias learns."""
    rows = [[float(name == "title") if i == 0 else 0.1 for name in FEATURES] for i in range(4)]
    tests = [Example([*rows[k:], *rows[:k]], frozenset({(4 - k) % 4}), "one") for k in range(4)]
    tests += [Example(rows[1:], frozenset(), "one") for _ in range(4)]
    found, biases = learn(tests, {"one": 1.0}, GROUPS["time"])
    assert found["title"] > 2 > max(weight for name, weight in found.items() if name != "title")
    assert found["title"] + biases["one"] > 0 > sum(found.values()) * 0.1 + biases["one"]
    assert min(found.values()) >= 0
    assert not found.keys() & GROUPS["time"]
    assert learn(tests, {"one": 1.0}, GROUPS["time"]) == (found, biases)


def test_the_weights_are_read_as_they_were_written() -> None:
    known = ranking.weights()
    assert set(known) == set(ranking.SETS)
    assert ranking.read(ranking.write(known)) == known
    assert all(w >= 0 for both in known.values() for one in both.values() for w in one.each.values())


def test_what_is_the_same_lies_in_one_half() -> None:
    some = {name: Sketch(name, name) for name in "abcdefgh"}
    chained = [Question(some["a"], frozenset("b")), Question(some["b"], frozenset("c"))]
    found = halves([*chained, *(Question(some[name]) for name in "defgh")])
    assert found["a"] == found["b"]
    assert set(found.values()) == {0, 1}


def test_recall_and_thresholds_are_counted_right() -> None:
    asked = [Outcome(True, 1, 3.0, 3.0), Outcome(True, 4, 2.0, 1.0), Outcome(True, None, 0.0, None)]
    nothing = [Outcome(False, None, score, None) for score in (2.5, 0.5, -1.0, -2.0)]
    assert [recall(asked, at) for at in (1, 5)] == [1 / 3, 2 / 3]
    assert recall(asked, 5, 2.0) == 1 / 3
    assert reciprocal(asked) == pytest.approx((1 + 1 / 4) / 3)
    assert threshold_for(asked, 0.67) == 1.0
    assert shown(nothing, threshold_showing(nothing, 0.25)) == 0.25
    points = curve([*asked, *nothing])
    assert points[0]["precision"] == 1
    assert points[-1] == pytest.approx(points[-1] | {"precision": 1 / 7, "recall": 1 / 3, "shown": 1})


PETITIONS = (
    ("1", "Ban plastic bags in all shops", "published"),
    ("2", "Save the hedgehogs of Britain", "published"),
    ("3", "Forbid plastic bags in shops", "rejected"),
)


def test_any_file_of_such_a_shape_is_measured(tmp_path: Path) -> None:
    candidates, pairs = tmp_path / "petitions.jsonl", tmp_path / "pairs.csv"
    rows = (
        {"id": n, "action": a, "background": a, "additional_details": "", "state": s} for n, a, s in PETITIONS
    )
    candidates.write_text("\n".join(map(json.dumps, rows)))
    pairs.write_text("duplicate_id,existing_id\n3,1\n9,1\n")
    asked = ["roundabout", "evaluate", "--pairs", str(pairs), "--candidates", str(candidates), "--words"]
    told = CliRunner().invoke(main, [*asked, "--json"])
    found = json.loads(told.stdout)
    assert (found["questions"], found["recall_at_1"], found["mrr"], found["kind"]) == (1, 1, 1, "petition")
    assert found["curve"][-1]["recall"] == 1
    assert "recall at 1        1.000" in CliRunner().invoke(main, asked).stdout
    pairs.write_text("one,other\n3,1\n")
    wrong = CliRunner().invoke(main, asked)
    assert wrong.exit_code == 1
    assert "duplicate_id and existing_id" in wrong.output


def test_our_own_sentences_need_no_candidates() -> None:
    told = CliRunner().invoke(
        main, ["roundabout", "evaluate", "--pairs", str(HANDWRITTEN), "--words", "--json"]
    )
    found = json.loads(told.stdout)
    assert found["questions"] == 30
    assert found["same_above_other"] >= 0.5


@pytest.mark.skipif(not meaning.available(), reason="without the extra portal[meaning] all works on words")
def test_meaning_sees_what_words_do_not() -> None:
    toilet, same, other = (
        meaning.given(Sketch(text, text))
        for text in (
            "Mannen plassen tegen de muur",
            "Er is geen openbaar urinoir",
            "De papiercontainer is vol",
        )
    )
    corpus = Corpus([same, other])
    assert compare(toilet, same, corpus)["meaning"] > compare(toilet, other, corpus)["meaning"]
    assert sum(one * one for one in toilet.vector or ()) == pytest.approx(1)


def test_centred_vectors_have_length_one_and_no_mean() -> None:
    vectors = [(1.0, 2.0), (1.0, 4.0)]
    assert meaning.mean(vectors) == [1.0, 3.0]
    assert [meaning.centred(one, meaning.mean(vectors)) for one in vectors] == [(0.0, -1.0), (0.0, 1.0)]
    assert meaning.centred([1.0, 3.0], meaning.mean(vectors)) == (0.0, 0.0)
