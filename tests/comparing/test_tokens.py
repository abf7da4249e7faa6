"""TF-IDF cosine of words, against a plain definition on dictionaries."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.comparing import TokenCosine, tokens
from identigraph.comparing.tokens import TokenIndex
from identigraph.encoding import encode

TEXTS = st.lists(st.sampled_from(["lg", "canon", "eos", "50d", "camera", "black"]), max_size=6).map(" ".join)
COLUMNS = st.lists(st.one_of(TEXTS, st.none()), min_size=1, max_size=8)


def slow_cosine(values: list[str | None], one: str, other: str) -> float:
    """Return the cosine of two of the values, worked out with dictionaries."""
    present = [value for value in values if value is not None]
    having = Counter(word for value in present for word in set(value.split()))
    a, b = ({word: math.log(1 + len(present) / having[word]) for word in value.split()} for value in (one, other))
    product = sum(weight * b[word] for word, weight in a.items() if word in b)
    norms = math.sqrt(sum(w * w for w in a.values()) * sum(w * w for w in b.values()))
    return product / norms if norms else 0.0


def all_cosines(values: list[str | None]) -> tuple[list[float], list[float]]:
    """Return the cosines of all pairs of distinct values, and what they should be."""
    column = encode(pl.Series(values, dtype=pl.String))
    a, b = np.indices((len(column.values),) * 2, dtype=np.int32).reshape(2, -1)
    distinct = column.values.to_list()
    return TokenIndex.of(column).cosine(a, b).tolist(), [slow_cosine(values, x, y) for x in distinct for y in distinct]


@given(COLUMNS)
def test_the_cosine_is_that_of_the_plain_definition(values) -> None:
    got, expected = all_cosines(values)
    assert got == pytest.approx(expected, abs=1e-6)


@given(COLUMNS, st.integers(1, 5))
def test_the_size_of_chunks_changes_nothing(values, size) -> None:
    whole, _ = all_cosines(values)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens, "CHUNK", size)
        assert all_cosines(values)[0] == whole


@given(COLUMNS)
def test_grades_count_the_cutoffs_and_are_the_same_either_way(all_levels, values) -> None:
    grader = TokenCosine("t", (0.3, 0.7))
    grades = all_levels(grader, {"t": values})
    known = [value if value is not None and value.strip() else None for value in values]
    for i, one in enumerate(known):
        for j, other in enumerate(known):
            cosine = slow_cosine(known, one or "", other or "")
            assert grades[i][j] == grades[j][i] == (cosine >= 0.3 - 1e-6) + (cosine >= 0.7 - 1e-6)


def test_a_rare_word_says_more_than_a_common_one() -> None:
    column = encode(pl.Series(["lg 50d", "lg eos", "50d black", "lg canon", "lg camera"]))
    place = {value: code for code, value in enumerate(column.values)}
    one, common, rare = (np.array([place[v]], dtype=np.int32) for v in ("lg 50d", "lg eos", "50d black"))
    index = TokenIndex.of(column)
    assert index.cosine(one, rare)[0] > index.cosine(one, common)[0] > 0


def test_there_is_one_label_for_each_cutoff() -> None:
    assert TokenCosine("t", (0.3, 0.85)).labels == ("words, 0.3", "words, 0.85")
