"""Locality-sensitive hashing: the chance of a pair against its formula, SimHash against a plain vote of the pieces."""

from __future__ import annotations

import math
import random
import warnings
from hashlib import blake2b
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from proposed_pairs import pairs_of

import identigraph as ig
from identigraph import Pairs, Records, blocking
from identigraph.blocking import SimHash, minhash, simhash
from identigraph.blocking.hashing import MOST_HASHES, _hashed, _mixed, banding
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


def chance(similarity: float, bands: int, rows: int) -> float:
    """Return with what probability two sets of this Jaccard similarity share a band."""
    return 1 - (1 - similarity**rows) ** bands


@given(st.floats(0.1, 1), st.floats(0.01, 0.9999))
def test_bands_reach_the_recall_with_the_most_rows_that_so_many_minima_allow(similarity: float, recall: float) -> None:
    bands, rows = banding(similarity, recall)
    assert minhash("a", similarity=similarity, recall=recall).banding == (bands, rows)
    assert bands * rows <= MOST_HASHES
    assert chance(similarity, bands, rows) >= recall - 1e-9
    assert bands == 1 or chance(similarity, bands - 1, rows) < recall
    if rows < 16:
        most = MOST_HASHES // (rows + 1)
        assert chance(similarity, most, rows + 1) < recall + 1e-9


@pytest.mark.parametrize(
    ("similarity", "recall", "expected"),
    [
        (0.5, 0.95, (47, 4)),
        (0.5, 1 - (1 - 0.5**4) ** 63.5, (64, 4)),
        (0.6, 0.95, (38, 5)),
        (0.1, 0.9999, (88, 1)),
        (1, 0.9999, (1, 16)),
        (0.9, 0.01, (1, 16)),
    ],
)
def test_bands_of_known_size(similarity: float, recall: float, expected: tuple[int, int]) -> None:
    assert banding(similarity, recall) == expected


def similar_sets(rng: random.Random, similarity: float, size: int, pair: int) -> list[str]:
    """Return two texts of words of their own, whose sets have the given share in common."""
    shared = round(similarity * size)
    words = [f"{pair}w{word}" for word in range(size)]
    apart = (size - shared) // 2
    texts = [words[: shared + apart], words[:shared] + words[shared + apart :]]
    return [" ".join(rng.sample(text, len(text))) for text in texts]


@quietly
@pytest.mark.parametrize("similarity", [0.2, 0.35, 0.5, 0.7, 0.9])
@pytest.mark.parametrize(("asked", "recall"), [(0.5, 0.95), (0.8, 0.6), (0.3, 0.5)])
def test_the_share_of_pairs_that_are_found_is_that_of_the_formula(
    similarity: float, asked: float, recall: float
) -> None:
    many = 1_000
    rng = random.Random(7)
    texts = [text for pair in range(many) for text in similar_sets(rng, similarity, 20, pair)]
    strategy = minhash("text", similarity=asked, recall=recall, unit="words", seed=3)
    records = Records.of({"text": texts})
    rows = np.argsort(records.position)
    found = int(strategy.candidates(records).holds(Pairs.of(rows[::2], rows[1::2])).sum())
    expected = chance(round(similarity * 20) / 20, *strategy.banding)
    assert abs(found - many * expected) <= 5 * math.sqrt(many * expected * (1 - expected)) + 1


@quietly
def test_few_pairs_that_have_nothing_in_common_are_found() -> None:
    texts = [" ".join(f"{text}w{word}" for word in range(10)) for text in range(500)]
    assert minhash("text", unit="words").candidates(Records.of({"text": texts})).cost == 0


@quietly
@given(st.lists(st.none() | st.text("ab ", min_size=1, max_size=6), min_size=1, max_size=12), st.integers(0, 5))
@pytest.mark.parametrize("unit", [1, 2, "words"])
def test_texts_of_the_same_pieces_are_always_found(unit: Any, texts: list[str | None], seed: int) -> None:
    records = Records.of({"text": texts})
    values = records.column("text").decoded().to_list()

    def pieces(text: str) -> frozenset[str]:
        if unit == "words":
            return frozenset(text.split(" "))
        return frozenset(text[i : i + unit] for i in range(len(text) - unit + 1)) or frozenset([text])

    same = {
        (i, j)
        for i, j in combinations(range(len(values)), 2)
        if values[i] and values[j] and pieces(values[i]) == pieces(values[j])
    }
    assert same <= pairs_of(minhash("text", similarity=1, unit=unit, seed=seed).candidates(records), len(values))
    assert same <= pairs_of(simhash("text", distance=0, unit=unit, seed=seed).candidates(records), len(values))


@quietly
@pytest.mark.parametrize("make", [minhash, lambda *names, seed: simhash(*names, distance=14, seed=seed)])
def test_a_seed_gives_the_same_again_and_another_something_else(make: Any) -> None:
    rng = random.Random(1)
    texts = ["".join(rng.choices("abcdefgh", k=12)) + "the same ending" for _ in range(150)]
    records, again = Records.of({"text": texts}), Records.of({"text": texts[::-1]})
    found = [pairs_of(make("text", seed=seed).candidates(records), 150) for seed in range(3)]
    assert pairs_of(make("text", seed=1).candidates(again), 150) == found[1]
    assert found[0] != found[1] != found[2] != found[0]
    assert min(map(len, found)) > 20


def test_several_features_are_one_text_and_a_missing_one_is_left_out() -> None:
    records = Records.of({"a": ["red", "red car", None], "b": ["car", None, None], "i": [1, 2, 3]})
    for make in (minhash, simhash):
        (pair,) = pairs_of(make("a", "b").candidates(records), 3)
        assert {records.position[row] for row in pair} == {0, 1}
        assert make("a", "b").candidates(records).reports[0].keyed == 2


@pytest.mark.parametrize("texts", [[], ["one"], [None, None, None]])
@pytest.mark.parametrize("strategy", [minhash("text"), simhash("text", distance=2)])
def test_without_two_texts_there_is_no_pair(texts: list[str | None], strategy: Any) -> None:
    records = Records.of({"text": pl.Series(texts, dtype=pl.String)})
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        assert pairs_of(strategy.candidates(records), len(texts)) == set()
    assert [str(warning.message) for warning in told] == [
        f"{strategy!r} finds no pair: what it reads is missing in all {len(texts)} records"
    ] * (len(texts) > 1)


def votes(text: str, q: int, seed: int) -> int:
    """Return the SimHash of a text, bit by bit: set where most of its pieces set it."""
    pieces = sorted({text[i : i + q] for i in range(len(text) - q + 1)} or {text})
    hashes = [mixed(piece ^ mixed(seed + 1)) for piece in _hashed(pl.Series(pieces)).tolist()]
    return sum(1 << bit for bit in range(64) if sum(h >> bit & 1 for h in hashes) * 2 > len(hashes))


TEXTS = st.lists(
    st.none() | st.text("abc", min_size=1, max_size=9) | st.text("ab", min_size=8, max_size=9), min_size=1, max_size=12
)


@quietly
@given(TEXTS, st.integers(0, 15), st.integers(1, 4), st.integers(0, 3))
def test_simhash_finds_every_pair_within_the_distance_and_none_beyond(
    texts: list[str | None], distance: int, q: int, seed: int
) -> None:
    records = Records.of({"text": texts})
    signature = [text and votes(text, q, seed) for text in (texts[place] for place in records.position)]
    near = {
        (i, j)
        for i, j in combinations(range(len(texts)), 2)
        if signature[i] is not None
        and signature[j] is not None
        and (signature[i] ^ signature[j]).bit_count() <= distance
    }
    assert pairs_of(simhash("text", distance=distance, unit=q, seed=seed).candidates(records), len(texts)) == near


@pytest.mark.parametrize("distance", [0, 1, 2, 3, 5, 15])
def test_no_bits_that_differ_hide_a_pair_within_the_distance(distance: int, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(distance)
    one = [draw.getrandbits(64) for _ in range(200)]
    other = [bits ^ sum(1 << bit for bit in draw.sample(range(64), distance)) for bits in one]
    signatures = np.array([*one, *other], dtype=np.uint64)
    monkeypatch.setattr(SimHash, "_signatures", lambda *_: (np.arange(400), signatures))
    records = Records.of({"text": [f"{number:03}" for number in range(400)]})
    rows = np.argsort(records.column("text").codes)
    pairs = Pairs.of(rows[:200], rows[200:])
    assert simhash("text", distance=distance).candidates(records).holds(pairs).all()


def test_each_bit_of_pieces_is_set_in_about_half_of_them() -> None:
    hashes = _mixed(_hashed(pl.Series([str(number) for number in range(4_000)])))
    share = [int(((hashes >> np.uint64(bit)) & np.uint64(1)).sum()) / 4_000 for bit in range(64)]
    assert min(share) > 0.46
    assert max(share) < 0.54


def mixed(number: int) -> int:
    """Return the finalizer of SplitMix64, in whole numbers of any size."""
    number = (number ^ number >> 30) * 0xBF58476D1CE4E5B9 % 2**64
    number = (number ^ number >> 27) * 0x94D049BB133111EB % 2**64
    return number ^ number >> 31


@given(st.lists(st.integers(0, 2**64 - 1), min_size=1), st.lists(st.text(max_size=3), min_size=1))
def test_pieces_have_the_same_hash_on_every_machine(numbers: list[int], pieces: list[str]) -> None:
    assert _mixed(np.array(numbers, dtype=np.uint64)).tolist() == [*map(mixed, numbers)]
    digests = [blake2b(piece.encode(), digest_size=8).digest() for piece in pieces]
    assert _hashed(pl.Series(pieces)).tolist() == [int.from_bytes(digest, "little") for digest in digests]
    assert mixed(1) == 6_238_072_747_940_578_789


@pytest.mark.parametrize("strategy", [minhash("text", max_block=11), simhash("text", distance=0, max_block=11)])
def test_a_hot_band_is_thinned_out_and_called_by_its_text(strategy: Any) -> None:
    records = Records.of({"text": ["the same text"] * 20 + ["something else"] * 2})
    with pytest.warns(HotBlockWarning) as told:
        found = strategy.candidates(records)
    assert str(told[0].message).startswith(f"{strategy!r}: blocks of more than 11 records were thinned out: ")
    assert len(pairs_of(found, 22)) == 20 * 10 - 55 + 1
    blocks = strategy.blocks(records)
    names = blocks.names(np.arange(len(blocks.sizes))).to_list()
    assert {(name, size) for name, size in zip(names, blocks.sizes.tolist(), strict=True)} == {
        ("the same text", 20),
        ("something else", 2),
    }
    with pytest.raises(HotBlockError, match="puts 20 records into one block"):
        type(strategy)(**{**_arguments(strategy), "policy": blocking.HotPolicy(11, "raise")}).candidates(records)


def _arguments(strategy: Any) -> dict[str, Any]:
    return {name: getattr(strategy, name) for name in strategy.__slots__ if not name.startswith("__")}


def test_a_band_is_called_by_the_first_text_in_it() -> None:
    records = Records.of({"text": ["b a", "a b", "c"]})
    blocks = minhash("text", unit="words").blocks(records)
    assert set(blocks.names(blocks.block[blocks.sizes[blocks.block] == 2])) == {"a b"}


def test_texts_that_nobody_shares_pieces_with_are_a_warning() -> None:
    records = Records.of({"text": ["red", "blue", None]})
    with pytest.warns(EmptyBlockingWarning, match="finds no pair: 2 of 3 records have a key, and no two share one$"):
        minhash("text").candidates(records)
    with pytest.warns(EmptyBlockingWarning, match="finds no pair: 2 of 3 records have a key, and no two share one$"):
        simhash("text", distance=0).candidates(records)


@pytest.mark.parametrize(
    "strategy",
    [
        minhash("a"),
        minhash("a", ig.soundex("b"), similarity=0.35, recall=0.5, unit="words", seed=9, max_block=7, hot="skip"),
        minhash("a", unit=2, hot="split", split_by=("b",)),
        simhash("a"),
        simhash("a", "b", distance=0, unit=5, seed=2, max_block=100, hot="raise"),
    ],
)
def test_what_a_strategy_shows_makes_it_again(strategy: object) -> None:
    assert eval(repr(strategy), {**vars(blocking), **vars(ig)}) == strategy  # noqa: S307


@pytest.mark.parametrize("make", [minhash, simhash])
@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"features": ()}, ConfigurationError, "{} needs at least one feature, for example {}('name')"),
        ({"features": (3,)}, ConfigurationError, "{} takes names and derived features, got int"),
        ({"seed": -1}, RangeError, "seed must lie between 0 and 999999, got -1"),
        ({"seed": 2**60}, RangeError, "seed must lie between 0 and 999999, got 1152921504606846976"),
        ({"unit": 0}, ConfigurationError, "unit must be 'words' or the length of character q-grams, 1 to 20, got 0"),
        ({"max_block": 1}, RangeError, "max_block must lie between 2 and inf, got 1"),
        ({"hot": "split"}, ConfigurationError, "hot='split' needs features to split by, for example split_by=('postco"),
        ({"hot": "split", "split_by": (3,)}, ConfigurationError, "{} takes names and derived features, got int"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(
    make: Any, arguments: dict[str, Any], error: type[Exception], said: str
) -> None:
    features = arguments.get("features", ("a",))
    with pytest.raises(error) as caught:
        make(*features, **{name: value for name, value in arguments.items() if name != "features"})
    assert str(caught.value).startswith(said.replace("{}", make.__name__))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: minhash("a", similarity=0.09), "similarity must lie between 0.1 and 1, got 0.09"),
        (lambda: minhash("a", similarity=1.01), "similarity must lie between 0.1 and 1, got 1.01"),
        (lambda: minhash("a", recall=0.001), "recall must lie between 0.01 and 0.9999, got 0.001"),
        (lambda: minhash("a", recall=1), "recall must lie between 0.01 and 0.9999, got 1"),
        (lambda: simhash("a", distance=-1), "distance must lie between 0 and 15, got -1"),
        (lambda: simhash("a", distance=16), "distance must lie between 0 and 15, got 16"),
    ],
)
def test_numbers_out_of_range_are_refused(make: Any, said: str) -> None:
    with pytest.raises(RangeError) as caught:
        make()
    assert str(caught.value) == said


@pytest.mark.parametrize("strategy", [minhash("nam"), simhash("nam")])
def test_an_unknown_column_is_an_error(strategy: Any) -> None:
    with pytest.raises(ColumnNotFoundError, match="no field or column 'nam'; did you mean 'name'"):
        strategy.candidates(Records.of({"name": ["a", "b"]}))
