"""The most similar texts, against TF-IDF vectors that are plain dictionaries."""

from __future__ import annotations

import math
import random
from collections import Counter
from itertools import combinations
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from proposed_pairs import pairs_of

import identigraph as ig
from identigraph import Records, blocking
from identigraph.blocking import HotPolicy, texts, top_k
from identigraph.errors import (
    ColumnNotFoundError,
    ConfigurationError,
    EmptyBlockingWarning,
    HotBlockError,
    HotBlockWarning,
    RangeError,
)

quietly = pytest.mark.filterwarnings(
    "ignore::identigraph.errors.HotBlockWarning", "ignore::identigraph.errors.EmptyBlockingWarning"
)
PairSet = set[tuple[int, int]]
Similarities = dict[tuple[str, str], float]


def similarities(values: set[str], unit: Any) -> Similarities:
    """Return the TF-IDF cosine of any two texts, to six decimals."""
    tokens = {}
    for value in values:
        padded = f" {value} "
        grams = [padded[i : i + unit] for i in range(len(padded) - unit + 1)] if unit != "words" else value.split(" ")
        tokens[value] = Counter(grams or [padded])
    frequency = Counter(token for counts in tokens.values() for token in counts)
    weights = {
        value: {token: tf * (math.log((1 + len(values)) / (1 + frequency[token])) + 1) for token, tf in counts.items()}
        for value, counts in tokens.items()
    }
    length = {value: math.sqrt(sum(w * w for w in found.values())) for value, found in weights.items()}

    def product(a: str, b: str) -> float:
        return sum(weight * weights[b].get(token, 0) for token, weight in weights[a].items())

    return {(a, b): round(product(a, b) / length[a] / length[b], 6) for a in values for b in values}


def nearest_texts(rows: list[tuple[str | None, str]], k: int, unit: Any, floor: float, *, across: bool) -> PairSet:
    """Return the pairs of equal texts, and of each with its `k` most similar others, ties in alphabetical order."""
    known = [(text, source if across else "") for text, source in rows]
    similar = similarities({text for text, _ in rows if text}, unit)
    near = set()
    for text, source in {*known}:
        if text:
            others = {(-similar[text, t], t, s) for t, s in known if t and t != text and not (across and s == source)}
            near |= {(text, source, t, s) for less, t, s in sorted(others)[:k] if -less >= floor}
    found = set()
    for i, j in combinations(range(len(known)), 2):
        (a, here), (b, there) = known[i], known[j]
        if a and b and not (across and here == there) and (a == b or {(a, here, b, there), (b, there, a, here)} & near):
            found.add((i, j))
    return found


def check(names: list[str | None], sources: list[str], k: int, unit: Any, floor: float, *, across: bool) -> None:
    """Compare the pairs with those of the plain loop."""
    records = Records.of({"name": names, "source": sources}, source="source")
    values = records.column("name").decoded().to_list()
    rows = list(zip(values, [sources[place] for place in records.position], strict=True))
    found = top_k("name", k=k, unit=unit, min_similarity=floor, across=across).candidates(records)
    assert pairs_of(found, len(rows)) == nearest_texts(rows, k, unit, floor, across=across)
    assert found.reports[0].keyed == sum(bool(text) for text, _ in rows)


NAMES = st.lists(st.none() | st.text("ab ", min_size=1, max_size=6).map(str.strip), min_size=1, max_size=14)


@quietly
@given(NAMES, st.data(), st.integers(1, 4), st.sampled_from([1, 3, "words"]), st.sampled_from([0.2, 0.6, 1]))
@pytest.mark.parametrize("across", [False, True])
def test_each_text_is_paired_with_its_nearest_and_with_its_equals(
    across: bool, names: list[str | None], data: st.DataObject, k: int, unit: Any, floor: float
) -> None:
    sources = data.draw(st.lists(st.sampled_from("abc"), min_size=len(names), max_size=len(names)))
    check(names, sources, k, unit, floor, across=across)


@quietly
@pytest.mark.parametrize("across", [False, True])
@pytest.mark.parametrize("k", [1, 2])
def test_of_many_texts_each_is_paired_with_its_nearest(across: bool, k: int) -> None:
    draw = random.Random(k)
    for _ in range(15):
        names = ["".join(draw.choices("ab ", k=draw.randint(1, 6))).strip() or None for _ in range(16)]
        check(names, draw.choices("abc", k=16), k, 1, 0.2, across=across)


def test_equal_texts_use_up_no_neighbor_across_sources_either() -> None:
    records = Records.of(
        {source: {"name": [name]} for source, name in zip("abcd", ["johnson"] * 3 + ["jonson"], strict=True)}
    )
    assert len(pairs_of(top_k("name", k=1, across=True).candidates(records), 4)) == 6


def test_several_features_are_one_text() -> None:
    records = Records.of({"a": ["red", "red car", "blue"], "b": ["car", None, "van"]})
    ((left, right),) = pairs_of(top_k("a", "b", k=1).candidates(records), 3)
    assert {records.position[left], records.position[right]} == {0, 1}


def test_blocks_are_called_by_their_text() -> None:
    records = Records.of({"name": ["johnson", "jonson", "johnson", "ray"]})
    for across in (False, True):
        blocks = top_k("name", k=1, across=across).blocks(records)
        names = blocks.names(pl.int_range(len(blocks.sizes), eager=True).to_numpy()).to_list()
        assert names == ["johnson", "jonson", "ray", *([] if across else ["johnson", "jonson"])]
        assert blocks.sizes.tolist() == [2, 1, 1, *([] if across else [3, 3])]


def test_too_many_texts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert texts.MOST_TEXTS == 3_000_000
    monkeypatch.setattr(texts, "MOST_TEXTS", 1_000)
    names = [f"name {number}" for number in range(1_001)]
    with pytest.raises(ConfigurationError) as caught:
        top_k("name").candidates(Records.of({"name": names}))
    assert str(caught.value) == "top_k looks at no more than 1,000 different texts, got 1,001; use blocking.minhash"
    assert top_k("name", k=1).candidates(Records.of({"name": names[1:]})).cost >= 500


def test_texts_of_many_records_are_hot() -> None:
    records = Records.of({"name": ["johnson"] * 12 + ["jonson"] * 3})
    with pytest.warns(HotBlockWarning) as told:
        found = top_k("name", k=1, max_block=14).candidates(records)
    assert str(told[0].message) == (
        "top_k('name', k=1, max_block=14): blocks of more than 14 records were thinned out: 2 in all, the largest of "
        "15; 20 pairs are not compared; add a feature to the key, or raise max_block"
    )
    assert told[0].filename == __file__
    assert len(pairs_of(found, 15)) == 66 + len(
        {(i, j) for i, j in combinations(range(15), 2) if j >= 12 and j - i <= 10}
    )
    with pytest.raises(HotBlockError, match="puts 15 records into one block"):
        top_k("name", k=1, max_block=14, hot="raise").candidates(records)


@pytest.mark.parametrize(("names", "said"), [
    (["red", "blue", None], "2 of 3 records have a key, and no two share one"),
    ([None, None, None], "what it reads is missing in all 3 records"),
])  # fmt: skip
def test_no_similar_texts_are_a_warning(names: list[str | None], said: str) -> None:
    with pytest.warns(EmptyBlockingWarning) as told:
        top_k("name").candidates(Records.of({"name": names}))
    assert str(told[0].message) == f"top_k('name', k=10) finds no pair: {said}"


@pytest.mark.parametrize("n", [0, 1])
@pytest.mark.parametrize("across", [False, True])
def test_without_two_records_there_is_no_pair_and_nothing_to_warn_of(n: int, across: bool) -> None:
    records = Records.of({"name": ["x"][:n]})
    assert pairs_of(top_k("name", across=across).candidates(records), n) == set()


@pytest.mark.parametrize(
    "strategy",
    [
        top_k("a"),
        top_k("a", ig.soundex("b"), k=3, unit="words", min_similarity=0.5, across=True, max_block=7, hot="skip"),
        top_k("a", unit=4, hot="split", split_by=("b",)),
    ],
)
def test_what_a_strategy_shows_makes_it_again(strategy: object) -> None:
    assert eval(repr(strategy), {**vars(blocking), **vars(ig)}) == strategy  # noqa: S307
    assert top_k("a").policy == HotPolicy()


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (top_k, ConfigurationError, "top_k needs at least one feature, for example top_k('name')"),
        (lambda: top_k(3), ConfigurationError, "top_k takes names and derived features, got int"),
        (lambda: top_k("a", k=0), RangeError, "k must lie between 1 and inf, got 0"),
        (lambda: top_k("a", min_similarity=0), RangeError, "min_similarity must lie between 0 and 1, got 0"),
        (
            lambda: top_k("a", unit=21),
            ConfigurationError,
            "unit must be 'words' or the length of character q-grams, 1 to",
        ),
        (lambda: top_k("a", max_block=1), RangeError, "max_block must lie between 2 and inf, got 1"),
        (lambda: top_k("a", hot="split", split_by=(3,)), ConfigurationError, "top_k takes names and derived features"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(make: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error) as caught:
        make()
    assert str(caught.value).startswith(said)


def test_an_unknown_column_is_an_error() -> None:
    with pytest.raises(ColumnNotFoundError, match="no field or column 'nam'; did you mean 'name'"):
        top_k("nam").candidates(Records.of({"name": ["a", "b"]}))
