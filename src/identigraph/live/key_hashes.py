"""Blocking keys as 64-bit hashes: the same of one record and of a table.

The upper bits of a hash are the number of the key, so that all keys share one order; the others are mixed of the hashes
of its values. Two different keys of a million records meet by chance once in 10^9 records that are asked for, and cost
a needless comparison then; to look at the values of all that is found would cost more than finding it.

Hashes of texts are Python's, which are others in each process: these are not to be kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.blocking import KeyBlocking
from identigraph.encoding import Encoded
from identigraph.errors import ColumnNotFoundError
from identigraph.fields.derived import Feature
from identigraph.records import Records

Hashes: TypeAlias = npt.NDArray[np.uint64]
Ints: TypeAlias = npt.NDArray[np.int64]

BITS = 64
MASK = 2**BITS - 1
ODD = 0x9E3779B97F4A7C15
"""2^64 over the golden ratio; its powers tell the places of a key apart."""


@attrs.frozen(eq=False, repr=False)
class KeyHashes:
    """Makes the hashes of some keys. Made by `KeyHashes.of`.

    Args:
        features: that the keys read, each once.
        keys: of each key, where its features are and what their hashes are multiplied by.
        shift: how many bits the hashes of values have.
    """

    features: tuple[Feature, ...]
    keys: tuple[tuple[tuple[int, int], ...], ...]
    shift: int

    @classmethod
    def of(cls, keys: tuple[KeyBlocking, ...]) -> KeyHashes:
        """Return what makes the hashes of these keys."""
        features = tuple(dict.fromkeys(feature for key in keys for feature in key.features))
        place = {feature: i for i, feature in enumerate(features)}
        parts = (tuple((place[f], pow(ODD, i + 1, MASK + 1)) for i, f in enumerate(key.features)) for key in keys)
        return cls(features, tuple(parts), BITS - max(len(keys) - 1, 1).bit_length())

    def numbers(self, hashes: Hashes) -> Ints:
        """Return which key each hash is of."""
        return (hashes >> np.uint64(self.shift)).astype(np.int64)

    def of_row(self, row: Mapping[Feature, str | None]) -> list[int]:
        """Return the hash of each key that a record has, rising.

        Raises:
            ColumnNotFoundError: a feature is not told of.
        """
        try:
            values = [row[feature] for feature in self.features]
        except KeyError as error:
            raise ColumnNotFoundError(repr(error.args[0]), map(repr, row), what="feature") from None
        hashed = [None if value is None else hash(value) for value in values]
        found = []
        for number, parts in enumerate(self.keys):
            total = 0
            for place, odd in parts:
                part = hashed[place]
                if part is None:
                    break
                total += part * odd
            else:
                found.append(number << self.shift | (total & MASK) >> (BITS - self.shift))
        return found

    def of_records(self, records: Records) -> Iterator[tuple[Hashes, Ints]]:
        """Yield for key after key the hashes of the records that have it, and their rows.

        Raises:
            ColumnNotFoundError: a feature does not exist.
            ListColumnError: a feature holds lists.
        """
        columns = [records.column(feature) for feature in self.features]
        hashed = [_hashed(column) for column in columns]
        for number, parts in enumerate(self.keys):
            rows = np.flatnonzero(np.logical_and.reduce([columns[place].codes >= 0 for place, _ in parts]))
            total = np.zeros(len(rows), dtype=np.uint64)
            for place, odd in parts:
                total += (hashed[place] * np.uint64(odd))[columns[place].codes[rows]]
            yield total >> np.uint64(BITS - self.shift) | np.uint64(number << self.shift), rows


def _hashed(column: Encoded) -> Hashes:
    """Return the hash of each distinct value."""
    values = column.values
    return np.fromiter(map(hash, values.to_list()), dtype=np.int64, count=len(values)).view(np.uint64)
