"""Labels: pairs of records of which a person has said whether they are one entity."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.comparing import Comparison, compare
from identigraph.components import connected_components
from identigraph.errors import ColumnNotFoundError, ConfigurationError
from identigraph.matching.matcher import Labeled
from identigraph.pairs import Pairs
from identigraph.records import Records
from identigraph.records.id_pairs import IdPairs
from identigraph.records.tables import read

YES = ["true", "1", "1.0", "yes", "y", "match", "same"]
NO = ["false", "0", "0.0", "no", "n", "non-match", "nonmatch", "no match", "different", "distinct"]
UNSURE = ["", "unsure", "unknown", "?", "skip"]

UNFAIR = ["disagreeing", "off block"]
"""Reasons for which `suggest_labels` picks pairs that tell more than how they agree."""


@attrs.frozen(eq=False, repr=False)
class Labels:
    """Labeled pairs; made by `Labels.of`.

    Args:
        pairs: the pairs, by the ids of their records.
        match: shape (pairs,): whether each is of one entity.
        answered: shape (rows,): which rows of the table had an answer.
        fair: shape (pairs,): whether each was picked by chance, or by how it agrees alone.
        stands_for: shape (pairs,): how many pairs each stands for, 0 where it was not drawn at random.
    """

    pairs: IdPairs
    match: npt.NDArray[np.bool_]
    answered: npt.NDArray[np.bool_]
    fair: npt.NDArray[np.bool_]
    stands_for: npt.NDArray[np.float64]

    @classmethod
    def of(cls, table: Any) -> Labels:
        """Return the labels in a table.

        Args:
            table: any table with the columns ``left_id``, ``right_id`` and ``match``, and with ``left_source`` and
                ``right_source`` where ids are unique in their source only. A match is true, 1, ``"yes"``, ``"match"``
                or ``"same"``; none is false, 0, ``"no"``, ``"non-match"`` or ``"different"``; null and ``"unsure"`` are
                no answer. Pairs whose ``reason``, if there is such a column, is *disagreeing* or *off block* do not set
                probabilities: they were picked for more than how they agree. A number in ``pairs``, if there is such a
                column, says how many pairs a pair stands for that was drawn at random.

        Raises:
            ColumnNotFoundError: there is no column ``match``.
            ConfigurationError: another answer, two answers for one pair, an id that is null, or a column of ids that is
                missing.

        Examples:
            >>> Labels.of({"left_id": [1, 1, 2], "right_id": [2, 3, 3], "match": ["yes", "no", None]})
            <Labels: 2 pairs, 1 match, 1 unsure>
        """
        frame = read(table)
        if "match" not in frame.columns:
            raise ColumnNotFoundError("match", frame.columns, where=" of labels")
        said = frame.get_column("match").cast(pl.String).str.to_lowercase().str.strip_chars().fill_null("")
        unknown = int((~said.is_in([*YES, *NO, *UNSURE])).sum())
        if unknown:
            raise ConfigurationError(
                f"{unknown:,} of {len(said):,} answers in column 'match' are none of true, false, 'yes', 'no', "
                "'match', 'non-match', 'unsure'; write one of these"
            )
        sure = ~said.is_in(UNSURE)
        pairs = IdPairs.of(frame.filter(sure), what="labels")
        reason = frame.get_column("reason") if "reason" in frame.columns else said.clear(len(said))
        unfair = reason.cast(pl.String).is_in(UNFAIR).fill_null(value=False).filter(sure)
        match = said.filter(sure).is_in(YES)
        _check_contradictions(pairs.table, match)
        return cls(pairs, match.to_numpy(), sure.to_numpy(), ~unfair.to_numpy(), _stands_for(frame.filter(sure)))

    def compared(self, records: Records, comparison: Comparison) -> Labeled:
        """Return how the labeled pairs agree, with the entities that they are of.

        Pairs that have a record in common are of one group, and so are those that share one with the same third pair.

        Raises:
            UnknownIdError: ids that no record has.
            ConfigurationError: ids that records of several sources have, where no sources are named.
        """
        left, right = self.pairs.rows(records, what="labels")
        groups = connected_components(len(records), left, right)[left]
        return Labeled(
            compare(records, Pairs.of(left, right), comparison), self.match, groups, self.fair, self.stands_for
        )

    def __len__(self) -> int:
        """Return the number of pairs with an answer."""
        return len(self.match)

    @property
    def told(self) -> str:
        """The counts, in words."""
        matches, unsure = int(self.match.sum()), int((~self.answered).sum())
        left = f", {unsure:,} unsure" if unsure else ""
        return f"{len(self):,} pairs, {matches:,} match{'es' if matches != 1 else ''}{left}"

    def __repr__(self) -> str:
        """Return the counts; never an id."""
        return f"<Labels: {self.told}>"


def _stands_for(frame: pl.DataFrame) -> npt.NDArray[np.float64]:
    """Return how many pairs each row stands for: one where nothing is said of any."""
    if "pairs" not in frame.columns:
        return np.ones(frame.height)
    said = frame.get_column("pairs").cast(pl.Float64, strict=False).fill_null(0.0).fill_nan(0.0)
    return said.clip(0.0).to_numpy()


def _check_contradictions(pairs: pl.DataFrame, match: pl.Series) -> None:
    """Raise where a pair, in either order, is said to match and not to match."""
    ends = []
    for side in ("left", "right"):
        parts = [name for name in (f"{side}_source", f"{side}_id") if name in pairs.columns]
        ends.append(pairs.select(pl.concat_str(parts, separator="\x1f")).to_series())
    one, other = ends
    first = one <= other
    sides = pl.DataFrame({"one": one.zip_with(first, other), "other": other.zip_with(first, one), "match": match})
    answers = sides.group_by("one", "other").agg(pl.col("match").n_unique())
    twice = int((answers.get_column("match") > 1).sum())
    if twice:
        raise ConfigurationError(f"{twice:,} of {answers.height:,} labeled pairs have two answers; keep one of each")
