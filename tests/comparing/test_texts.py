"""Measures of texts as graders: each distinct pair scored once, and what measures say is checked."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph import Pairs, Records
from identigraph.comparing import TextMeasure, measured, measures, scored_by
from identigraph.errors import ConfigurationError, InvalidIntermediateError, RangeError

NAMES = st.lists(st.sampled_from(["ann", "anna", "bob", None]), min_size=1, max_size=8)


def squares(values: list[str | None]) -> tuple[Records, np.ndarray, np.ndarray]:
    """Return records, and all pairs of their rows, each with itself and either way."""
    records = Records.of({"v": values})
    left, right = np.indices((len(records),) * 2, dtype=np.int32).reshape(2, -1)
    return records, left, right


@given(NAMES)
def test_a_measure_is_asked_once_for_each_pair_of_distinct_values(values: list[str | None]) -> None:
    asked: list[tuple[str, str]] = []

    def spy(left: str, right: str) -> bool:
        asked.append((left, right))
        return left[0] == right[0]

    records, left, right = squares(values)
    grader = TextMeasure("v", measures.each_pair(spy), (0.5,))
    similarity = grader.similarity(records, left, right)
    there = records.column("v").decoded().to_list()
    assert len(asked) == len({frozenset(pair) for pair in asked})
    assert {frozenset(pair) for pair in asked} == {
        frozenset((a, b)) for a in there for b in there if a and b and a != b
    }
    wanted = [
        float(there[i][0] == there[j][0]) if there[i] and there[j] else None for i, j in zip(left, right, strict=True)
    ]
    assert [None if math.isnan(got) else got for got in similarity.tolist()] == wanted
    assert grader.grades(records, left, right).tolist() == [int(got or 0) for got in wanted]


def test_pairs_come_to_a_measure_in_the_order_of_their_texts() -> None:
    asked: list[tuple[str, str]] = []

    def spy(left: str, right: str) -> float:
        asked.append((left, right))
        return 0.5

    records = Records.of({"v": ["a", "b", "c"]})
    a, b, c = np.argsort(records.column("v").codes)
    TextMeasure("v", measures.each_pair(spy), ()).similarity(records, np.array([b, a, c]), np.array([a, b, a]))
    assert asked == [("a", "b"), ("a", "c")]


def heard(corpora: list[Any]) -> Any:
    """Return a measure that notes its corpus."""

    @measures.measure
    def hearing(left: list[str], right: list[str], *, corpus: Any = None) -> np.ndarray:
        del right
        corpora.append(None if corpus is None else corpus.to_list())
        return np.full(len(left), 0.25)

    return hearing


def test_a_measure_that_takes_a_corpus_gets_the_values_of_all_records() -> None:
    corpora: list[Any] = []
    values = ["ann", "bob", "ann", None, "cy"]
    records = Records.of({"v": values})
    rows = np.argsort(records.position)
    TextMeasure("v", heard(corpora), ()).similarity(records, rows[:1], rows[1:2])
    assert [sorted(map(str, corpus)) for corpus in corpora] == [sorted(map(str, values))]


def test_the_callers_own_corpus_is_kept() -> None:
    corpora: list[Any] = []
    own = Records.of({"v": ["zoe"]}).column("v").decoded()
    comparator = measured("v", heard(corpora), corpus=own)
    assert comparator.compare("ann", "bob").similarity == 0.25
    assert corpora == [["zoe"]] * 2


def test_rare_words_of_the_records_weigh_more() -> None:
    rest = ["grand hotel a", "grand hotel b", "grand hotel c"]
    records = Records.of({"v": ["grand hotel bern", "grand inn bern", "grand hotel basel", *rest]})
    row = np.argsort(records.position)
    shares_rare, shares_common = measured("v", measures.tfidf_cosine).similarities(
        records, Pairs.of(row[[0, 0]], row[[1, 2]])
    )
    assert shares_rare > shares_common


@pytest.mark.parametrize("wrong", [1.5, -0.1, math.nan, math.inf])
def test_what_is_no_similarity_is_an_error_that_names_the_measure_and_counts(wrong: float) -> None:
    def odd(left: str, right: str) -> float:
        return wrong if "x" in left + right else 0.5

    with pytest.raises(InvalidIntermediateError, match=r"measure 'odd'.*numbers from 0 to 1.*2 others among 3 pairs"):
        scored_by("v", odd).compare(["a", "x", "a"], ["b", "b", "x"])
    assert scored_by("v", odd).compare("a", "b").similarity == 0.5


def test_what_a_measure_leaves_open_is_an_error() -> None:
    @measures.measure
    def mute(left: list[str], right: list[str]) -> np.ndarray:
        del right
        return np.full(len(left), np.nan)

    with pytest.raises(InvalidIntermediateError, match="measure 'mute'"):
        measured("v", mute).compare("a", "b")


def test_labels_are_the_name_of_the_measure_and_the_cutoff() -> None:
    dice = measures.qgram_dice
    assert TextMeasure("v", dice, (0.8, 0.5)).labels == ("qgram dice, 0.5", "qgram dice, 0.8")
    assert TextMeasure("v", dice, (0.8,)).labels == ("qgram dice, 0.8",)
    assert TextMeasure("v", dice, (0.8, 0.5), label="near").labels == ("near, 0.5", "near, 0.8")
    assert TextMeasure("v", dice, (0.8,), label="near").labels == ("near",)
    assert TextMeasure("v", dice, ()).labels == ()
    assert scored_by("v", lambda a, b: a < b, 1).labels[1] == "lambda, 1"


def test_the_call_that_makes_it_is_shown_with_the_name_of_the_measure() -> None:
    dice = measures.qgram_dice
    assert repr(TextMeasure("v", dice, (0.8,))) == "TextMeasure('v', measures.qgram_dice, (0.8,))"
    shown = repr(TextMeasure("v", dice, (0.8,), (("q", 3),), "near"))
    assert shown == "TextMeasure('v', measures.qgram_dice, (0.8,), options=(('q', 3),), label='near')"
    own = measures.each_pair(max)
    assert repr(TextMeasure("v", own, ())) == "TextMeasure('v', max, ())"


def test_options_are_checked_by_the_measure_and_cutoffs_by_the_grader() -> None:
    with pytest.raises(RangeError, match="cutoffs must lie between 0 and 1, got 2"):
        measured("v", measures.jaro, 2)
    with pytest.raises(ConfigurationError, match=r"^q must be 1 or more, got 0$"):
        measured("v", measures.qgram_dice, q=0).compare("a", "b")
    with pytest.raises(ConfigurationError, match=r"^code must be one of soundex, "):
        measured("v", measures.same_sound, code="klingon").compare("a", "b")


def test_equal_graders_are_equal_values() -> None:
    assert measured("v", measures.jaro, 0.5) == measured("v", measures.jaro, 0.5)
    assert hash(measured("v", measures.jaro)) == hash(measured("v", measures.jaro, 0.85, 0.7))
    assert measured("v", measures.jaro) != measured("v", measures.osa)
