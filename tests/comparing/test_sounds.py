"""Whether two names sound alike, by the codes of their values: as the measure of two texts says."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph import Records
from identigraph.comparing import SameSound, measures
from identigraph.comparing.measures.sounds import Code
from identigraph.errors import ConfigurationError

NAMES = st.sampled_from(
    ["schmidt", "smith", "meyer", "maier", "robert", "rupert", "catherine", "kathryn", "moskowitz", "peters", "7", None]
)


@given(st.sampled_from(get_args(Code)), st.lists(NAMES, min_size=1, max_size=6))
def test_names_sound_alike_as_the_measure_says(all_levels, code, names) -> None:
    grades = all_levels(SameSound("v", code), {"v": names})
    for i, one in enumerate(names):
        for j, other in enumerate(names):
            if one != other:
                assert grades[i][j] == (measures.same_sound(one, other, code=code) or 0)


def test_similarity_is_1_or_0_and_missing_where_a_value_is() -> None:
    records = Records.of({"v": ["meyer", "maier", "lee", None]})
    row = np.argsort(records.position)
    left, right = row[[0, 0, 0]], row[[1, 2, 3]]
    similarity = SameSound("v", "cologne").similarity(records, left, right).tolist()
    assert similarity == pytest.approx([1, 0, np.nan], nan_ok=True)
    assert SameSound("v", "match_rating").similarity(records, left, right).tolist()[1:] == pytest.approx(
        [0, np.nan], nan_ok=True
    )


def test_one_of_several_codes_in_common_is_enough_and_none_is_no_code() -> None:
    records = Records.of({"v": ["smith", "schmidt", "7", "8"]})
    row = np.argsort(records.position)
    grades = SameSound("v", "double_metaphone").grades(records, row[[0, 0, 2]], row[[1, 2, 3]])
    assert grades.tolist() == [1, 0, 0]


def test_values_without_a_letter_have_no_code() -> None:
    records = Records.of({"v": ["7", "8"]})
    for code in get_args(Code):
        assert SameSound("v", code).grades(records, np.array([0]), np.array([1])).tolist() == [0]


def test_codes_have_labels_and_others_are_refused() -> None:
    assert SameSound("v").labels == ("same soundex",)
    assert SameSound("v", "double_metaphone").labels == ("same double metaphone",)
    with pytest.raises(ConfigurationError, match=r"^code must be one of soundex, .*, got 'klingon'$"):
        SameSound("v", "klingon")  # type: ignore[arg-type]
