"""What the generators refuse."""

from __future__ import annotations

import numpy as np
import pytest

from identigraph.datasets.checking import MOST_RECORDS, MOST_SEED, check_size
from identigraph.errors import ConfigurationError, RangeError


@pytest.mark.parametrize(
    ("n", "seed"), [(1, 0), (MOST_RECORDS, MOST_SEED), (np.int64(7), np.uint8(3))], ids=["least", "most", "numpy"]
)
def test_whole_numbers_in_range_are_accepted(n: int, seed: int) -> None:
    check_size(n, seed)


@pytest.mark.parametrize(
    ("n", "seed", "name"), [(0, 0, "n"), (MOST_RECORDS + 1, 0, "n"), (1, -1, "seed"), (1, MOST_SEED + 1, "seed")]
)
def test_numbers_out_of_range_are_refused_by_name(n: int, seed: int, name: str) -> None:
    with pytest.raises(RangeError, match=f"^{name} must lie between"):
        check_size(n, seed)


@pytest.mark.parametrize(("n", "seed", "name"), [(True, 0, "n"), (2.0, 0, "n"), (1, "0", "seed"), (1, None, "seed")])
def test_what_is_no_whole_number_is_refused_by_name_and_type(n: object, seed: object, name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{name} must be a whole number, got (bool|float|str|NoneType)$"):
        check_size(n, seed)
