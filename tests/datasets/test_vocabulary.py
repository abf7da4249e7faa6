"""Words are drawn from the right group, common ones more often."""

from __future__ import annotations

import re
import sys

import numpy as np
import phonenumbers
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identigraph.datasets.countries import COUNTRIES, Country
from identigraph.datasets.vocabulary import Pool, Vocabulary, filled, vocabulary
from identigraph.errors import MissingExtraError

WEIGHTS = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.floats(0.01, 100), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    return vocabulary(np.random.default_rng(0))


def locale(name: str) -> int:
    """Return the position of the country with the locale `name`."""
    return [c.locale for c in COUNTRIES].index(name)


@settings(deadline=None)
@given(st.lists(WEIGHTS, min_size=1, max_size=6), st.integers(0, 2**32))
def test_words_are_drawn_from_their_group(groups: list[dict[str, float]], seed: int) -> None:
    pool = Pool.of(groups)
    rng = np.random.default_rng(seed)
    asked = rng.integers(0, len(groups), 50)
    drawn = pool.words.gather(pool.draw(rng, asked)).to_list()
    assert all(word in groups[group] for word, group in zip(drawn, asked, strict=True))


def test_words_are_drawn_in_proportion_to_their_weights() -> None:
    pool = Pool.of([{"x": 1}, {"a": 6, "b": 3, "c": 1}])
    drawn = pool.draw(np.random.default_rng(0), np.ones(20_000, dtype=np.int64))
    assert np.bincount(drawn, minlength=4)[1:] / 20_000 == pytest.approx([0.6, 0.3, 0.1], abs=0.02)


def test_the_largest_random_number_draws_the_last_word_of_its_group() -> None:
    """A number just below 1, added to that of a group, may be rounded up to the next group."""

    class Largest:
        def random(self, size: int) -> np.ndarray:
            return np.full(size, np.nextafter(1, 0))

    pool = Pool.of([{"a": 1, "b": 2}] * 100)
    assert pool.draw(Largest(), np.arange(100)).tolist() == list(range(1, 200, 2))


def test_the_empty_word_is_null() -> None:
    assert Pool.of([{"": 1.0}]).words.to_list() == [None]


@settings(deadline=None)
@given(st.text("#NL -x", min_size=1, max_size=10), st.integers(0, 100))
def test_filled_patterns_match(pattern: str, seed: int) -> None:
    classes = {"#": "[0-9]", "N": "[2-9]", "L": "[A-Z]"}
    regex = "".join(classes.get(symbol, re.escape(symbol)) for symbol in pattern)
    which = np.array([0, 1, 0, 1, 1])
    made = filled([pattern, "y"], which, np.random.default_rng(seed)).to_list()
    assert all(re.fullmatch(regex, text) if i == 0 else text == "y" for i, text in zip(which, made, strict=True))


def test_every_symbol_of_a_class_occurs() -> None:
    assert set(filled(["#"], np.zeros(500, dtype=np.int64), np.random.default_rng(0))) == set("0123456789")


@pytest.mark.parametrize("country", COUNTRIES, ids=lambda c: c.locale)
@pytest.mark.parametrize("kind", ["mobiles", "landlines"])
def test_telephone_numbers_are_valid(country: Country, kind: str) -> None:
    """Most made-up numbers are valid in their country, whatever they start with."""
    starts, rest = getattr(country, kind)
    rng = np.random.default_rng(0)
    for start in starts:
        numbers = filled([start.replace("N", "2") + rest], np.zeros(40, dtype=np.int64), rng)
        valid = [phonenumbers.is_valid_number(phonenumbers.parse(f"+{country.calling} {n}")) for n in numbers]
        assert np.mean(valid) > 0.8


def test_nicknames_belong_to_their_names(words: Vocabulary) -> None:
    by_name: dict[str, set[str]] = {}
    numbers = np.repeat(np.arange(len(words.given.words)), 10)
    drawn = words.nicknames.words.gather(words.nicknames.draw(np.random.default_rng(0), numbers))
    for name, nickname in zip(words.given.words.gather(numbers), drawn, strict=True):
        by_name.setdefault(name, set()).add(nickname)
    assert "Bill" in by_name["William"]
    assert "Pepe" in by_name["José"]
    assert "Krzysiek" in by_name["Krzysztof"]
    assert by_name["Serafina"] == {None}


def test_nicknames_of_a_country_are_of_names_in_its_list(words: Vocabulary) -> None:
    starts = np.concatenate([[0], words.given.last + 1])
    for number, country in enumerate(COUNTRIES):
        listed = set(words.given.words[starts[2 * number] : starts[2 * number + 2]])
        assert len(set(country.nicknames or ()) - listed) <= 2


def test_family_names_of_the_united_states_come_by_their_frequency(words: Vocabulary) -> None:
    groups = np.full(20_000, locale("en_US"))
    drawn = words.family.words.gather(words.family.draw(np.random.default_rng(0), groups))
    assert drawn.value_counts(sort=True)["words"][0] == "Smith"


@pytest.mark.parametrize("name", ["de_DE", "it_IT", "nl_NL"])
def test_lists_in_alphabetical_order_are_shuffled(words: Vocabulary, name: str) -> None:
    """Otherwise nearly all common names would start with A."""
    groups = np.full(20_000, locale(name))
    drawn = words.family.words.gather(words.family.draw(np.random.default_rng(0), groups))
    common = drawn.value_counts(sort=True)["words"].head(20)
    assert common.str.slice(0, 1).n_unique() >= 5


def test_names_without_weights_are_skewed(words: Vocabulary) -> None:
    groups = np.full(20_000, locale("fr_FR"))
    drawn = words.family.words.gather(words.family.draw(np.random.default_rng(0), groups))
    counts = drawn.value_counts(sort=True)["count"]
    assert counts[0] > 10 * counts[len(counts) - 1]


def test_streets_have_an_abbreviation_each(words: Vocabulary) -> None:
    pairs = pl.DataFrame({"full": words.streets.words, "short": words.streets_short})
    assert pairs.null_count().row(0) == (0, 0)
    assert pairs.filter(pl.col("short").str.len_chars() > pl.col("full").str.len_chars()).is_empty()
    assert {("Main Street", "Main St"), ("Main Avenue", "Main Ave")} & set(pairs.rows())


def test_without_faker_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "faker", None)
    with pytest.raises(MissingExtraError, match=r"faker.*identigraph\[datasets\]"):
        vocabulary(np.random.default_rng(0))
