"""Model numbers compared: what is shared, how common it is, what is a part of another."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph.comparing import SameModel, model_numbers, models

NUMBERS = st.lists(st.sampled_from(["rx1200", "rx1200b", "rx1201", "x120", "24734", "124734"]), max_size=3)
COLUMNS = st.lists(NUMBERS.map(" ".join), min_size=1, max_size=7)


@pytest.mark.parametrize(
    ("one", "other", "grade"),
    [
        ("rx1200", "rx1201", 0),
        ("rx1200 zd10", "zd10 zd20", 3),
        ("rx1200", "rx1200b", 1),
        ("abrx1200b", "rx1200", 1),
        ("rx120", "rx12", 1),
        ("rx120", "rx1", 0),
        ("rx1200 rx1200b", "rx1200", 3),
        ("rx1200", None, 0),
    ],
)
def test_numbers_are_shared_or_parts_of_one_another_or_differ(all_levels, one, other, grade) -> None:
    assert all_levels(SameModel("v"), {"v": [one, other]})[0][1] == grade


@pytest.mark.parametrize(("carriers", "records", "grade"), [(2, 2, 3), (3, 3, 2), (3, 1200, 3), (4, 1200, 2)])
def test_a_number_that_more_than_two_and_one_in_four_hundred_have_is_common(
    raw_records, carriers, records, grade
) -> None:
    values = [f"rx1200 zd{i:04}" for i in range(carriers)] + [f"{i:08}" for i in range(records - carriers)]
    made = raw_records({"v": values})
    row = np.argsort(made.position).astype(np.int32)
    assert SameModel("v").grades(made, row[:1], row[1:2]).tolist() == [grade]


@given(COLUMNS, st.integers(1, 5))
def test_the_size_of_chunks_changes_nothing(all_levels, values, size) -> None:
    whole = all_levels(SameModel("v"), {"v": values})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models, "CHUNK", size)
        assert all_levels(SameModel("v"), {"v": values}) == whole


def test_the_comparator_reads_the_model_numbers_of_a_text() -> None:
    comparator = model_numbers("title")
    assert (comparator.name, comparator.feature) == ("title.model_numbers",) * 2
    assert comparator.columns == ("title",)
