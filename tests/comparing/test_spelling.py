"""Misspelled words, against a plain definition."""

from __future__ import annotations

from collections import Counter

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from identigraph.comparing import spelling
from identigraph.comparing.spelling import Vocabulary, spelled
from identigraph.comparing.tokens import TokenIndex
from identigraph.encoding import Encoded, encode

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


COLUMNS = st.lists(st.lists(WORDS, max_size=3).map(" ".join).filter(bool) | st.none(), max_size=8)


def column_of(texts: list[str | None]) -> Encoded:
    """Return texts, dictionary-encoded."""
    return encode(pl.Series(texts, dtype=pl.String))


def word_counts(texts: list[str | None]) -> dict[str, int]:
    """Return how many records have each word."""
    return Counter(word for text in texts if text is not None for word in set(text.split()))


@given(COLUMNS, st.booleans())
def test_known_words_stand_for_what_they_are_spelled_as_among_the_records(texts, spelling: bool) -> None:
    """And the records that have any word standing for it are counted, each once."""
    counts = word_counts(texts)
    vocabulary = Vocabulary.of(column_of(texts), spelling=spelling)
    stands = standing_for(counts) if spelling else {word: word for word in counts}
    standing = word_counts([None if text is None else " ".join(stands[w] for w in text.split()) for text in texts])
    asked = sorted(counts, reverse=True)
    known = [(stands[word], float(standing[stands[word]])) for word in asked]
    assert vocabulary.known(pl.Series(asked, dtype=pl.String)).rows() == known
    assert vocabulary.total == sum(text is not None for text in texts)


@given(COLUMNS, st.lists(WORDS, max_size=4))
def test_unknown_words_stand_for_the_most_frequent_one_a_typo_away(texts, asked) -> None:
    """Or the first of them, and for what that stands for; without spelling, and where none is near, for themselves."""
    counts, found = word_counts(texts), column_of(texts)
    asked = [word for word in asked if word not in counts]
    plain, spelled_out = Vocabulary.of(found), Vocabulary.of(found, spelling=True)
    assert plain.known(pl.Series(asked, dtype=pl.String)).rows() == [(word, 1.0) for word in asked]
    known = {word: (stands, records) for word, stands, records in spelled_out.table.iter_rows()}
    told = []
    for word in asked:
        near = [each for each in known if min(len(each), len(word)) > 4 and OSA.distance(word, each) == 1]
        best = min(near, key=lambda each: (-known[each][1], each), default=None)
        told.append((word, 1.0) if best is None else known[best])
    assert spelled_out.known(pl.Series(asked, dtype=pl.String)).rows() == told


@pytest.mark.parametrize(
    ("asked", "stands"),
    [
        ("gxrden", "garden"),
        ("agrden", "garden"),
        ("gardens", "garden"),
        ("arden", "garden"),
        ("silenx", "silent"),
        ("gxrdex", "gxrdex"),
        ("hal", "hal"),
        ("part13", "part13"),
        ("gärden", "gärden"),
        ("gardnex", "garden"),
    ],
)
def test_typos_of_unknown_words(asked: str, stands: str) -> None:
    """Of short words and those with digits none is a typo of another; a misspelling leads to what it stands for."""
    texts = ["garden hall part12"] * 3 + ["silent gardne"]
    vocabulary = Vocabulary.of(column_of(texts), spelling=True)
    assert vocabulary.known(pl.Series([asked]))["stands"].to_list() == [stands]


def test_of_a_large_vocabulary_unknown_words_stand_for_themselves(monkeypatch) -> None:
    vocabulary = Vocabulary.of(column_of(["garden silent"] * 2), spelling=True)
    monkeypatch.setattr(spelling, "MOST_WORDS", 1)
    assert vocabulary.known(pl.Series(["gxrden", "garden"])).rows() == [("gxrden", 1.0), ("garden", 2.0)]


def test_a_vocabulary_counts_and_shows_no_word() -> None:
    assert repr(Vocabulary.of(column_of(["secret word", None, "word"]))) == "<Vocabulary: 2 words of 2 records>"


@given(COLUMNS.filter(any), COLUMNS, st.booleans())
def test_with_a_given_vocabulary_the_cosine_of_two_texts_stays_when_others_come(old, new, spelling: bool) -> None:
    """Which it does not by itself: words become common."""
    known = Vocabulary.of(column_of(old), spelling=spelling)
    cosines = []
    for texts in (old, [*new, *old]):
        column = column_of(texts)
        codes = column.codes[-len(old) :]
        left, right = (side.ravel() for side in np.meshgrid(codes[codes >= 0], codes[codes >= 0]))
        cosines.append(TokenIndex.of(column, known).cosine(left, right))
    assert cosines[0].tolist() == pytest.approx(cosines[1].tolist(), abs=1e-6)


def test_without_a_given_vocabulary_others_change_the_cosine() -> None:
    old = ["silent garden", "silent hall"]
    cosines = []
    for texts in (old, [*old, "silent", "silent x"]):
        codes = column_of(texts).codes
        cosines.append(float(TokenIndex.of(column_of(texts)).cosine(codes[:1], codes[1:2])[0]))
    assert cosines[0] > cosines[1] + 0.05
