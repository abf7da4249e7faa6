"""Sets in common: against Python sets, from lists and from texts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph import Pairs, Records, prefix
from identigraph.comparing import Measured, SharedElements, lists, shared
from identigraph.errors import ColumnNotFoundError, ConfigurationError, RangeError
from identigraph.fields import Email

SETS = st.lists(st.sets(st.sampled_from("abcdef"), max_size=5), min_size=2, max_size=7)


def all_pairs(comparator: Measured, values: list[Any], **options: Any) -> tuple[list[list[int]], list[list[float]]]:
    """Return levels and similarities of every row with every row."""
    records = Records.of({"v": values}, **options)
    n, row = len(records), np.argsort(records.position)
    left, right = (row[side.ravel()].astype(np.int32) for side in np.indices((n, n)))
    pairs = Pairs(left, right)
    levels, similarities = comparator.levels(records, pairs), comparator.similarities(records, pairs)
    return levels.reshape(n, n).tolist(), similarities.reshape(n, n).tolist()


@given(SETS, st.integers(1, 9))
def test_portions_of_pairs_change_nothing(values: list[set[str]], chunk: int) -> None:
    whole = all_pairs(shared("v"), [sorted(value) for value in values])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lists, "CHUNK", chunk)
        again = all_pairs(shared("v"), [sorted(value) for value in values])
    assert np.array_equal(whole[0], again[0])
    assert np.array_equal(whole[1], again[1], equal_nan=True)


@given(SETS, st.sampled_from([";", "|", ", "]))
def test_texts_with_separators_are_as_lists(values: list[set[str]], separator: str) -> None:
    texts = [separator.join(sorted(value)) for value in values]
    levels, similarities = all_pairs(shared("v", separator=separator), texts)
    as_lists = all_pairs(shared("v"), [sorted(value) for value in values])
    assert levels == as_lists[0]
    assert np.array_equal(similarities, as_lists[1], equal_nan=True)
    for i, one in enumerate(values):
        for j, other in enumerate(values):
            jaccard = len(one & other) / len(one | other) if one and other else math.nan
            assert similarities[i][j] == pytest.approx(jaccard, nan_ok=True)


@pytest.mark.parametrize(
    ("options", "labels"),
    [
        ({}, ("differs", "shares, jaccard 0.01", "shares, jaccard 0.5", "shares, jaccard 1")),
        ({"coefficient": "dice"}, ("differs", "shares, dice 0.01", "shares, dice 0.5", "shares, dice 1")),
        ({"coefficient": "any"}, ("differs", "shares any")),
    ],
)
def test_levels_are_what_is_shared(options: Any, labels: tuple[str, ...]) -> None:
    assert shared("v", **options).labels == labels


def test_what_shares_nothing_is_level_0_whatever_the_cutoffs() -> None:
    levels, _ = all_pairs(shared("v", 0, 0.4), [["a", "b"], ["b", "c", "d"], ["x"]])
    assert levels == [[2, 1, 0], [1, 2, 0], [0, 0, 2]]
    levels, similarities = all_pairs(shared("v", 0.9, coefficient="any"), [["a", "b"], ["b", "c", "d"], ["x"]])
    assert levels == [[1, 1, 0], [1, 1, 0], [0, 0, 1]]
    assert similarities == levels


def test_elements_are_read_as_words_and_count_once() -> None:
    levels, similarities = all_pairs(shared("v"), [["New", "new ", "VIP"], ["vip", "new"], [" ", None]])
    assert levels[0] == [3, 3, -1]
    assert similarities[0][:2] == [1, 1]


def test_elements_of_a_field_are_normalized_by_its_kind() -> None:
    mails = [["Ann@X.com", "bob@x.com"], ["ann@x.com", "no mail"], ["nothing"]]
    levels, similarities = all_pairs(shared("v"), mails, fields={"v": Email()})
    assert (levels[0][1], similarities[0][1]) == (2, 0.5)
    assert levels[2] == [-1, -1, -1]


def test_single_values_are_sets_of_one_and_features_may_be_derived() -> None:
    assert all_pairs(shared("v"), ["a", "A", None])[0] == [[3, 3, -1], [3, 3, -1], [-1, -1, -1]]
    comparator = shared(prefix("v", 2), separator=None)
    assert all_pairs(comparator, [["bern", "rome"], ["bergen"], ["oslo"]])[1][0] == [1, 0.5, 0]
    assert comparator.columns == ("v",)
    assert comparator.name == "prefix('v', 2)"


def test_nobody_has_anything() -> None:
    assert all_pairs(shared("v"), [None, None])[0] == [[-1, -1], [-1, -1]]
    records = Records.of({"v": ["a"]})
    none = np.zeros(0, dtype=np.int32)
    assert SharedElements("v").similarity(records, none, none).tolist() == []
    assert SharedElements("v").grades(records, none, none).tolist() == []


def test_wrong_options_are_refused() -> None:
    with pytest.raises(
        ConfigurationError, match=r"^coefficient must be one of jaccard, dice, overlap, any, got 'cosine'$"
    ):
        shared("v", coefficient="cosine")  # type: ignore[arg-type]
    with pytest.raises(RangeError, match=r"^cutoffs must lie between 0 and 1, got 2$"):
        shared("v", 2)
    with pytest.raises(ConfigurationError, match="separator must not be empty"):
        shared("v", separator="").compare("a", "b")
    with pytest.raises(ColumnNotFoundError, match=r"^no field or column 'tgas'; did you mean 'tags'"):
        shared("tgas").compare({"tags": "a"}, {"tags": "a"})


def test_the_call_that_makes_it_is_shown() -> None:
    assert repr(shared("v", 0.5, separator=";").measure) == "SharedElements('v', cutoffs=(0.5,), separator=';')"
