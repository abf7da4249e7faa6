"""What all measures have in common: a kernel that scores lists of texts becomes a function of two texts or columns.

Invariant: a kernel sees each pair of unequal texts once, and never null; equal texts score 1 without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from itertools import pairwise
from typing import Any, Concatenate, ParamSpec, Protocol, TypeAlias, cast, overload

import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.errors import ConfigurationError, UnsupportedInputError

Texts: TypeAlias = list[str]
Floats: TypeAlias = npt.NDArray[np.float64]
Options = ParamSpec("Options")

EXPECTED = "two texts, or two columns of texts: a polars or pandas Series, a list, a tuple or a numpy array"


class PandasSeries(Protocol):
    """What tells a pandas Series from other columns."""

    @property
    def iloc(self) -> Any:
        """Its values by position."""
        ...


Column: TypeAlias = pl.Series | list[str] | list[str | None] | tuple[str | None, ...] | npt.NDArray[Any] | PandasSeries


class Measure(Protocol[Options]):
    """A similarity of two texts, or of two columns of texts."""

    __name__: str

    @overload
    def __call__(
        self, left: str | None, right: str | None, /, *args: Options.args, **options: Options.kwargs
    ) -> float | None: ...

    @overload
    def __call__(self, left: Column, right: Column, /, *args: Options.args, **options: Options.kwargs) -> pl.Series: ...


def measure(kernel: Callable[Concatenate[Texts, Texts, Options], Floats]) -> Measure[Options]:
    """Return a measure that scores pairs of texts with `kernel`.

    Args:
        kernel: takes two lists of equal length, whose pairs are distinct and unequal, and options by keyword; returns
            the similarity of each pair, 0 to 1.

    Returns:
        A function of two texts or two columns of texts; of equal texts it is 1, of null it is null. The resulting
        column has the name of the kernel.

    Examples:
        >>> @measure
        ... def same_initial(left, right):
        ...     return np.array([float(a[:1] == b[:1]) for a, b in zip(left, right, strict=True)])
        >>> same_initial("ann", "alice"), same_initial("ann", None)
        (1.0, None)
        >>> same_initial(["ann", None, ""], ["bob", "bob", ""]).to_list()
        [0.0, None, 1.0]
    """

    @wraps(kernel)
    def similarity(left: Any, right: Any, /, *args: Options.args, **options: Options.kwargs) -> Any:
        return scored(lambda a, b: kernel(a, b, *args, **options), left, right, kernel.__name__)

    similarity.kernel = kernel  # type: ignore[attr-defined]
    return cast("Measure[Options]", similarity)


def each_pair(function: Callable[[str, str], float]) -> Measure[[]]:
    """Return a measure that calls your own function of two texts, once for each distinct pair.

    Args:
        function: takes two unequal texts and returns a number from 0 to 1, or True or False.

    Examples:
        >>> def same_length(left, right):
        ...     return len(left) == len(right)
        >>> each_pair(same_length)(["ann", "ann"], ["bob", "alice"]).to_list()
        [1.0, 0.0]
    """

    def kernel(left: Texts, right: Texts) -> Floats:
        return np.array([float(function(a, b)) for a, b in zip(left, right, strict=True)], dtype=np.float64)

    kernel.__name__ = getattr(function, "__name__", type(function).__name__).strip("<>")
    kernel.__doc__ = function.__doc__
    return measure(kernel)


def scored(kernel: Callable[[Texts, Texts], Floats], left: Any, right: Any, name: str) -> Any:
    """Return the similarity of two texts, or of two columns as a Series called `name`.

    Raises:
        ConfigurationError: the columns have unequal lengths.
        UnsupportedInputError: there is something other than texts and None, or one text and one column.

    Examples:
        >>> from identigraph.comparing.measures import jaro
        >>> scored(jaro, "martha", "martha", "similarity"), scored(jaro, None, "martha", "similarity")
        (1.0, None)
    """
    if is_text(left) and is_text(right):
        return _of_texts(kernel, left, right)
    rows = pl.DataFrame(_columns(left, right))
    pairs = rows.drop_nulls().filter(pl.col("left") != pl.col("right")).unique(maintain_order=True)
    scores = kernel(pairs.get_column("left").to_list(), pairs.get_column("right").to_list())
    pairs = pairs.with_columns(pl.Series("score", scores, dtype=pl.Float64))
    joined = rows.join(pairs, on=["left", "right"], how="left", maintain_order="left")
    equal = pl.col("left") == pl.col("right")
    return joined.select(pl.when(equal).then(1.0).otherwise(pl.col("score")).alias(name)).to_series()


def _of_texts(kernel: Callable[[Texts, Texts], Floats], left: str | None, right: str | None) -> float | None:
    """Return the similarity of two texts; the kernel runs in any case, for it checks the options."""
    if left is None or right is None or left == right:
        kernel([], [])
        return None if left is None or right is None else 1.0
    return float(kernel([left], [right])[0])


def _columns(left: Any, right: Any) -> dict[str, pl.Series]:
    """Return two columns of texts, of equal length."""
    columns = {name: side if is_text(side) else texts(side) for name, side in (("left", left), ("right", right))}
    for side in columns.values():
        if is_text(side):
            raise UnsupportedInputError(side, "a column, as the other side is one")
    a, b = (len(column) for column in columns.values())
    if a != b:
        raise ConfigurationError(f"columns have unequal lengths: left {a:,}, right {b:,}")
    return columns


def is_text(value: object) -> bool:
    """Tell whether a value is one text, or None.

    Examples:
        >>> is_text("ann"), is_text(None), is_text(["ann"])
        (True, True, False)
    """
    return value is None or isinstance(value, str)


def texts(column: Any) -> pl.Series:
    """Return a column of texts as polars.

    Raises:
        UnsupportedInputError: it is no column, or holds something other than texts and None.

    Examples:
        >>> texts(("ann", None)).to_list()
        ['ann', None]
    """
    if isinstance(column, pl.Series) and column.dtype == pl.String:
        return column
    values = _listed(column)
    if not isinstance(values, list | tuple):
        raise UnsupportedInputError(column, EXPECTED)
    for value in values:
        if not is_text(value):
            raise UnsupportedInputError(value, "texts or None in a column")
    return pl.Series(values, dtype=pl.String)


def _listed(column: Any) -> Any:
    """Return the values of a Series or of an array of one dimension as a list, anything else as it is."""
    if isinstance(column, pl.Series):
        return column.to_list()
    if hasattr(column, "iloc") and column.ndim == 1:
        return column.to_numpy(dtype=object, na_value=None).tolist()
    if isinstance(column, np.ndarray) and column.ndim == 1:
        return column.tolist()
    return column


def in_portions(
    kernel: Callable[[Texts, Texts], Floats], left: Texts, right: Texts, cells: npt.NDArray[np.int64], most: int
) -> Floats:
    """Return what a kernel returns for all pairs, called on some at a time, to hold memory.

    Args:
        kernel: scores pairs of texts.
        left: a text of each pair.
        right: the other text of each pair.
        cells: how much each pair takes.
        most: the cells of a portion, save for one pair more.

    Examples:
        >>> def kernel(left, right):
        ...     return np.full(len(left), len(left), dtype=float)
        >>> in_portions(kernel, ["a", "b", "c"], ["x", "y", "z"], np.array([1, 1, 1]), 2).tolist()
        [1.0, 2.0, 2.0]
    """
    return np.concatenate([kernel(left[low:high], right[low:high]) for low, high in _portions(cells, most)])


def _portions(cells: npt.NDArray[np.int64], most: int) -> Iterator[tuple[int, int]]:
    ends = np.flatnonzero(np.diff(np.cumsum(cells) // most)) + 1
    return pairwise([0, *ends.tolist(), len(cells)])


def lengths_of(values: Texts) -> npt.NDArray[np.int64]:
    """Return the number of characters of each text.

    Examples:
        >>> lengths_of(["ann", ""]).tolist()
        [3, 0]
    """
    return np.fromiter(map(len, values), dtype=np.int64, count=len(values))
