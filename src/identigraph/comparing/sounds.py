"""Whether two names sound alike, as a grader: the phonetic codes of each distinct value are found once."""

from __future__ import annotations

from collections.abc import Iterable

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.calls import call_repr
from identigraph.comparing.comparator import Grades, Similarities, grade_present, measure_present
from identigraph.comparing.measures.sounds import CODES, Code
from identigraph.encoding import Codes, Encoded
from identigraph.errors import ConfigurationError
from identigraph.fields.derived import Feature
from identigraph.pairs import Rows
from identigraph.records import Records
from identigraph.text import phonetic

Ints = npt.NDArray[np.int64]


def _check_code(instance: object, attribute: attrs.Attribute[str], value: str) -> None:
    del instance, attribute
    if value not in CODES:
        raise ConfigurationError(f"code must be one of {', '.join(CODES)}, got {value!r}")


@attrs.frozen
class SameSound:
    """Two values have a phonetic code in common; those of match rating agree by the rule of that method.

    Args:
        feature: a name.
        code: as for `measures.same_sound`, which says the same of two texts.

    Raises:
        ConfigurationError: there is no such code.
    """

    feature: Feature
    code: Code = attrs.field(default="soundex", validator=_check_code)

    __repr__ = call_repr

    @property
    def labels(self) -> tuple[str, ...]:
        """The one label."""
        return (f"same {self.code.replace('_', ' ')}",)

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return 1 where both sound alike."""
        column = records.column(self.feature)
        return grade_present(column, left, right, lambda a, b: self._alike(records, column, a, b))

    def similarity(self, records: Records, left: Rows, right: Rows) -> Similarities:
        """Return 1 where both sound alike and 0 where not, NaN where a value is missing."""
        column = records.column(self.feature)
        return measure_present(column, left, right, lambda a, b: self._alike(records, column, a, b).astype(np.float64))

    def _alike(self, records: Records, column: Encoded, a: Codes, b: Codes) -> npt.NDArray[np.bool_]:
        if self.code == "match_rating":
            distinct, place = np.unique((a.astype(np.int64) << 32) | b, return_inverse=True)
            sides = (column.values.gather(codes) for codes in (distinct >> 32, distinct & 0xFFFFFFFF))
            agree: npt.NDArray[np.bool_] = phonetic.match_rating_agreement(*sides).fill_null(value=False).to_numpy()
            return agree[place]
        remembered = ("sounds", self.feature, self.code)
        heard = records.remember(remembered, lambda: _numbered(CODES[self.code](column.values)))
        return _any_equal(heard[a], heard[b])


def _numbered(codes: pl.Series) -> Ints:
    """Return the codes of each value as numbers, shape (values, codes at the most), filled up with -1."""
    several = codes.str.split(" ").fill_null([])
    width = max(int(several.list.len().max() or 0), 1)  # type: ignore[arg-type]
    known = several.explode().drop_nulls()
    vocabulary = pl.Enum(known.filter(known != "").unique().sort())
    sides: Iterable[pl.Series] = (several.list.get(place, null_on_oob=True) for place in range(width))
    columns = [side.replace("", None).cast(vocabulary).to_physical().cast(pl.Int64).fill_null(-1) for side in sides]
    return np.column_stack([column.to_numpy() for column in columns])


def _any_equal(a: Ints, b: Ints) -> npt.NDArray[np.bool_]:
    """Tell for each pair of rows whether they have a number in common."""
    alike = np.zeros(len(a), dtype=bool)
    for one in a.T:
        for other in b.T:
            alike |= (one == other) & (one >= 0)
    return alike
