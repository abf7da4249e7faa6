"""Misspelled words, against a plain definition."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from identigraph.comparing import spelling
from identigraph.comparing.spelling import Vocabulary, spelled
from identigraph.comparing.tokens import TokenIndex
from identigraph.encoding import encode

WORDS = st.text("ab", min_size=4, max_size=7)


def standing_for(counts: dict[str, int]) -> dict[str, str]:
    """Return the word that each stands for."""
    vocabulary = sorted(counts)
    places = spelled(pl.Series(vocabulary, dtype=pl.String), np.array([float(counts[word]) for word in vocabulary]))
    return {word: vocabulary[place] for word, place in zip(vocabulary, places.tolist(), strict=True)}


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"garden": 9, "gardne": 1}, {"gardne": "garden"}),
        ({"garden": 9, "garen": 1}, {"garen": "garden"}),
        ({"garden": 9, "gardenn": 1}, {"gardenn": "garden"}),
        ({"garden": 9, "gorden": 1}, {"gorden": "garden"}),
        ({"garden": 9, "goredn": 1}, {}),
        ({"garden": 1, "gorden": 1}, {"gorden": "garden"}),
        ({"garden": 9, "gorden": 2}, {}),
        ({"garden": 20, "gorden": 2}, {"gorden": "garden"}),
        ({"gardeny": 9, "xgarden": 1}, {}),
        ({"hall": 9, "halls": 1}, {}),
        ({"part12": 9, "part13": 1}, {}),
        ({"gaarden": 2, "garden": 30, "gardens": 1}, {"gaarden": "garden", "gardens": "garden"}),
    ],
)
def test_rare_words_stand_for_frequent_ones_a_typo_away(counts, expected) -> None:
    assert standing_for(counts) == {word: expected.get(word, word) for word in counts}


def test_what_leads_to_a_word_that_leads_on_stands_for_the_last() -> None:
    assert standing_for({"gardens": 1, "gardenz": 1, "garden": 1, "gardn": 5}) == {
        "gardens": "gardn", "gardenz": "gardn", "garden": "gardn", "gardn": "gardn"
    }  # fmt: skip


@given(st.dictionaries(WORDS, st.integers(1, 30), max_size=8))
def test_each_word_leads_by_typos_to_one_that_is_no_rarer_and_stands_for_itself(counts) -> None:
    found = standing_for(counts)
    for word, other in found.items():
        assert found[other] == other
        assert counts[other] >= counts[word]
        if other == word and len(word) > 4:
            near = [each for each in counts if each != word and len(each) > 4 and OSA.distance(word, each) == 1]
            frequent = [each for each in near if (counts[each], word) > (counts[word], each)]
            sharers = [each for each in near if each in frequent and counts[each] == max(counts.values())]
            assert counts[word] > 1 or not sharers


@given(st.dictionaries(WORDS, st.integers(1, 30), max_size=8))
def test_a_word_moves_only_if_rare(counts) -> None:
    for word, other in standing_for(counts).items():
        assert other == word or counts[word] == 1 or counts[word] * 10 <= counts[other]


def test_a_large_vocabulary_is_taken_as_it_stands(monkeypatch) -> None:
    monkeypatch.setattr(spelling, "MOST_WORDS", 1)
    assert standing_for({"garden": 9, "gorden": 1}) == {"garden": "garden", "gorden": "gorden"}


def test_misspelled_words_count_as_the_words_they_stand_for() -> None:
    column = encode(pl.Series(["silent garden", "slient garden", "silent gardne garden", "silent hall"]))
    codes = column.codes[:2].astype(np.int32)
    one, other = codes[:1], codes[1:]
    index = TokenIndex.of(column, Vocabulary.of(column, spelling=True))
    assert TokenIndex.of(column).cosine(one, other)[0] < 0.9
    assert index.cosine(one, other)[0] == pytest.approx(1)
    assert index.cosine(one, column.codes[2:3])[0] == pytest.approx(1)
