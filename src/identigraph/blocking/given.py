"""The caller's own pairs, by the ids of their records."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from identigraph.blocking.candidates import ListedCandidates
from identigraph.blocking.hot import tell_empty
from identigraph.blocking.strategy import Algebra
from identigraph.records import Records
from identigraph.records.id_pairs import IdPairs


@attrs.frozen(eq=False, repr=False)
class GivenPairs(Algebra):
    """Pairs that the caller lists. Made by `given_pairs`.

    Args:
        pairs: the pairs of ids.
    """

    pairs: IdPairs

    def candidates(self, records: Records) -> ListedCandidates:
        """Return the pairs, each once.

        Raises:
            UnknownIdError: ids that no record has.
            ConfigurationError: ids that records of several sources have, where no sources are named; or a record that
                is paired with itself.

        Warns:
            EmptyBlockingWarning: there is no pair.
        """
        left, right = (rows.astype(np.int64) for rows in self.pairs.rows(records))
        found = ListedCandidates.of(repr(self), left, right, len(np.unique(np.concatenate([left, right]))))
        tell_empty(found.reports[0], len(records))
        return found

    def __repr__(self) -> str:
        """Return the number of pairs; never an id."""
        return f"<GivenPairs: {len(self.pairs):,} pairs>"


def given_pairs(pairs: Any) -> GivenPairs:
    """Return the strategy that proposes the pairs you list, for example those of another tool.

    The order within a pair and repeats mean nothing.

    Args:
        pairs: any table (see `identigraph.records.tables`) with the columns ``left_id`` and ``right_id``, and with
            ``left_source`` and ``right_source`` where ids are unique in their source only; or a sequence of pairs of
            ids.

    Raises:
        ConfigurationError: a column is missing, or an id is null.
        UnsupportedInputError: it is no table.

    Examples:
        >>> records = Records.of({"id": [7, 8, 9], "name": ["ann", "anne", "bob"]}, id="id")
        >>> mine = given_pairs([(7, 8), (8, 7)])
        >>> mine, sum(len(pairs) for pairs in mine.candidates(records))
        (<GivenPairs: 2 pairs>, 1)
    """
    return GivenPairs(IdPairs.of(pairs))
