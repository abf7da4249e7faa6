"""Canopies: what lies around a center, which centers there are, and that a seed decides."""

from __future__ import annotations

import random
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import identigraph as ig
from identigraph import Records, blocking
from identigraph.blocking import canopies
from identigraph.blocking.canopies import grown
from identigraph.blocking.cosine import Vectors, tfidf
from identigraph.errors import (
    ColumnNotFoundError,
    ConfigurationError,
    EmptyBlockingWarning,
    HotBlockError,
    HotBlockWarning,
    RangeError,
)
from identigraph.text.cutting import words

quietly = pytest.mark.filterwarnings(
    "ignore::identigraph.errors.HotBlockWarning", "ignore::identigraph.errors.EmptyBlockingWarning"
)


def cosines(vectors: Vectors) -> np.ndarray:
    """Return the cosine of any two vectors, to six decimals."""
    dense = np.zeros((len(vectors), vectors.n_terms))
    for row in range(len(vectors)):
        own = slice(vectors.starts[row], vectors.starts[row + 1])
        dense[row, vectors.terms[own]] = vectors.weights[own]
    return np.rint(dense @ dense.T * 1e6) / 1e6


TOKENS = st.lists(st.lists(st.sampled_from("abcdef"), max_size=4), max_size=15)
BOUNDS = st.sampled_from([(0.1, 0.7), (0.3, 0.8), (0.5, 0.5), (0.5, 1.0), (0.7, 0.9), (1.0, 1.0)])


@given(TOKENS, BOUNDS, st.integers(0, 20))
def test_a_canopy_is_all_that_is_near_a_center_and_no_center_is_too_near_an_earlier_one(
    tokens: list[list[str]], bounds: tuple[float, float], seed: int
) -> None:
    loose, tight = bounds
    vectors = tfidf(words(pl.Series([" ".join(text) for text in tokens], dtype=pl.String)))
    canopy, member, centers = grown(vectors, loose, tight, seed)
    similarity = cosines(vectors)
    assert len(set(centers.tolist())) == len(centers)
    for place, center in enumerate(centers.tolist()):
        assert member[canopy == place].tolist() == np.flatnonzero(similarity[center] >= loose).tolist()
        assert (similarity[centers[:place], center] < tight).all()
    with_tokens = [row for row, text in enumerate(tokens) if text]
    assert all((similarity[centers, row] >= tight).any() for row in with_tokens)
    assert set(member.tolist()) == set(with_tokens)


@given(TOKENS, BOUNDS, st.integers(0, 20))
def test_centers_are_drawn_in_an_order_that_the_seed_gives(
    tokens: list[list[str]], bounds: tuple[float, float], seed: int
) -> None:
    loose, tight = bounds
    vectors = tfidf(words(pl.Series([" ".join(text) for text in tokens], dtype=pl.String)))
    similarity = cosines(vectors)
    centers: list[int] = []
    for row in np.random.default_rng(seed).permutation(len(tokens)).tolist():
        if tokens[row] and not any(similarity[center, row] >= tight for center in centers):
            centers.append(row)
    assert grown(vectors, loose, tight, seed)[2].tolist() == centers


@quietly
@given(st.lists(st.none() | st.text("ab", min_size=1, max_size=4), min_size=1, max_size=15), st.integers(0, 3))
@pytest.mark.parametrize("unit", [2, "words"])
def test_records_are_pairs_where_their_texts_share_a_canopy(unit: Any, names: list[str | None], seed: int) -> None:
    records = Records.of({"name": names})
    strategy = canopies("name", loose=0.3, tight=0.7, unit=unit, seed=seed)
    blocks = strategy.blocks(records)
    centers = blocks.names(np.arange(len(blocks.sizes))).to_list()
    values = records.column("name").values.to_list()
    members = [{values[m] for m in blocks.member[blocks.block == b]} for b in range(len(centers))]
    rows = records.column("name").decoded().to_list()
    near = {
        (i, j) for i, j in combinations(range(len(rows)), 2) if any({rows[i], rows[j]} <= canopy for canopy in members)
    }
    found = strategy.candidates(records)
    pairs = [pair for p in found for pair in zip(p.left.tolist(), p.right.tolist(), strict=True)]
    assert sorted(pairs) == sorted(near)
    assert all(center in canopy for center, canopy in zip(centers, members, strict=True))
    assert set().union(*members) == {*rows} - {None}


def test_a_seed_gives_the_same_again_and_another_something_else() -> None:
    rng = random.Random(4)
    names = ["".join(rng.choices("abcd", k=6)) for _ in range(60)]
    records, again = Records.of({"name": names}), Records.of({"name": names[::-1]})

    def costs(of: Records) -> list[int]:
        return [canopies("name", loose=0.2, tight=0.4, seed=seed).candidates(of).cost for seed in range(5)]

    assert costs(records) == costs(again)
    assert len(set(costs(records))) > 1


def test_a_crowded_canopy_is_hot() -> None:
    records = Records.of({"name": ["johnson"] * 12 + ["johnsons"] * 3})
    with pytest.warns(HotBlockWarning) as told:
        found = canopies("name", loose=0.4, max_block=14).candidates(records)
    assert str(told[0].message).startswith(
        "canopies('name', loose=0.4, tight=0.8, max_block=14): blocks of more than 14 "
    )
    assert found.reports[0].largest == 15
    with pytest.raises(HotBlockError, match="puts 15 records into one block"):
        canopies("name", loose=0.4, max_block=14, hot="raise").candidates(records)


def test_texts_without_a_neighbor_are_a_warning() -> None:
    with pytest.warns(EmptyBlockingWarning) as told:
        canopies("name").candidates(Records.of({"name": ["red", "blue", None]}))
    assert str(told[0].message) == (
        "canopies('name', loose=0.5, tight=0.8) finds no pair: 2 of 3 records have a key, and no two share one"
    )


@pytest.mark.parametrize(
    "strategy",
    [
        canopies("a"),
        canopies("a", ig.soundex("b"), loose=0.25, tight=0.25, unit="words", seed=3, max_block=7, hot="skip"),
        canopies("a", unit=4, hot="split", split_by=("b",)),
    ],
)
def test_what_a_strategy_shows_makes_it_again(strategy: object) -> None:
    assert eval(repr(strategy), {**vars(blocking), **vars(ig)}) == strategy  # noqa: S307


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (canopies, ConfigurationError, "canopies needs at least one feature, for example canopies('name')"),
        (lambda: canopies(3), ConfigurationError, "canopies takes names and derived features, got int"),
        (lambda: canopies("a", loose=0), RangeError, "loose must lie between 0 and 1, got 0"),
        (lambda: canopies("a", loose=0.5, tight=0.4), RangeError, "tight must lie between 0.5 and 1, got 0.4"),
        (lambda: canopies("a", tight=1.1), RangeError, "tight must lie between 0.5 and 1, got 1.1"),
        (lambda: canopies("a", seed=-1), RangeError, "seed must lie between 0 and 999999, got -1"),
        (lambda: canopies("a", unit=0), ConfigurationError, "unit must be 'words' or the length of character q-grams"),
        (lambda: canopies("a", hot="split"), ConfigurationError, "hot='split' needs features to split by"),
        (
            lambda: canopies("a", hot="split", split_by=(3,)),
            ConfigurationError,
            "canopies takes names and derived feat",
        ),
    ],
)
def test_arguments_that_make_no_sense_are_refused(make: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error) as caught:
        make()
    assert str(caught.value).startswith(said)


def test_an_unknown_column_is_an_error() -> None:
    with pytest.raises(ColumnNotFoundError, match="no field or column 'nam'; did you mean 'name'"):
        canopies("nam").candidates(Records.of({"name": ["a", "b"]}))
