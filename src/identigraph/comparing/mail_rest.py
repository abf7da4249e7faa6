"""What is left of an e-mail address that is masked, or of which only the digits remain."""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.calls import call_repr
from identigraph.comparing.comparator import Grades, Similarities
from identigraph.comparing.graders import strings_of
from identigraph.comparing.people import Joined, joined
from identigraph.pairs import Mask, Rows
from identigraph.records import Records

HEAD = 4
"""Letters of a beginning that are looked at."""
TYPOS = 2


@attrs.frozen
class RestOfMail:
    """What is left of an address that one record at least has not whole, looked for in that of the other.

    Grades, rising: an address fits a mask (``ann***@x.com``); digits that stand for the address, such as a telephone
    number, are those in the other but for two typos, or one; the same digits.

    Args:
        field: a field of `Email`.
    """

    field: str

    __repr__ = call_repr

    @property
    def columns(self) -> tuple[str, ...]:
        """The column of the addresses."""
        return (self.field,)

    @property
    def labels(self) -> tuple[str, ...]:
        """What the grades say."""
        return ("fits the mask", "digits, 2 typos", "digits, 1 typo", "same digits")

    def present(self, records: Records, left: Rows, right: Rows) -> Mask:
        """Tell where one address is not whole, and something is left to compare."""
        found: Mask = self._best(records, left, right) >= 0
        return found

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return the grade of each pair, 0 where what is left does not agree, or there is nothing to compare."""
        return np.maximum(self._best(records, left, right), 0).astype(np.int8)

    def similarity(self, records: Records, left: Rows, right: Rows) -> Similarities:
        """Return a quarter of the grade of each pair, NaN where there is nothing to compare."""
        best = self._best(records, left, right)
        return np.where(best < 0, np.nan, best / 4)

    def _best(self, records: Records, left: Rows, right: Rows) -> npt.NDArray[np.int8]:
        whole = records.column(self.field).codes
        best = np.full(len(left), -1, dtype=np.int8)
        rest = np.flatnonzero((whole[left] < 0) | (whole[right] < 0))
        left, right = left[rest], right[rest]
        both = joined(records, f"{self.field}.beginning", f"{self.field}.local")
        found = np.maximum(_fits(both, left, right), _fits(both, right, left))
        best[rest] = np.maximum(found, self._digits(records, left, right))
        return best

    def _digits(self, records: Records, left: Rows, right: Rows) -> npt.NDArray[np.int8]:
        feature = f"{self.field}.digits"
        codes = records.column(feature).codes
        a, b = codes[left], codes[right]
        found = np.where((a < 0) | (b < 0), np.int8(-1), np.int8(4) * (a == b)).astype(np.int8)
        at = np.flatnonzero(found == 0)
        typos = strings_of(records, feature).osa(a[at], b[at], TYPOS)
        found[at] = np.where(typos > TYPOS, 0, 4 - typos)
        return found


def _fits(both: Joined, left: Rows, right: Rows) -> npt.NDArray[np.int8]:
    """Return 1 where the left's beginning is that of the other's local part or mask, 0 where not, -1 without."""
    start = both.first[left]
    other = np.where(both.second[right] >= 0, both.second[right], both.first[right])
    found = np.full(len(left), -1, dtype=np.int8)
    at = np.flatnonzero((start >= 0) & (other >= 0))
    known = np.minimum(both.strings.length[start[at]], both.strings.length[other[at]])
    found[at] = both.strings.common_start(start[at], other[at]) >= np.minimum(known, HEAD)
    return found


def mails_in_pieces(records: Records, field: str) -> int:
    """Return how many records have something left of an address, and no address.

    Examples:
        >>> from identigraph.fields import Email
        >>> records = Records.of({"mail": ["ann***@x.com", "ann@x.com", "0170 555 123", None]})
        >>> mails_in_pieces(records.with_fields({"mail": Email()}), "mail")
        2
    """
    whole, *rest = (records.column(f"{field}{part}").codes for part in ("", ".beginning", ".digits"))
    return int(((whole < 0) & ((rest[0] >= 0) | (rest[1] >= 0))).sum())
