"""Judgements: what a person has said about pairs of records.

``must_link``: they are one entity. ``cannot_link``: they are not. ``unsure``: somebody looked and could not tell; it
changes nothing, and is kept.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.components import connected_components
from identigraph.errors import ColumnNotFoundError, ConfigurationError
from identigraph.pairs import Pairs

Ints = npt.NDArray[np.int64]

VERDICTS = ("must_link", "cannot_link", "unsure")


def no_pairs() -> Pairs:
    """Return no pairs."""
    return Pairs.of([], [])


@attrs.frozen(eq=False, repr=False)
class Judgements:
    """Judged pairs, each once, in the order of their records.

    Args:
        must: pairs that are one entity.
        cannot: pairs that are not.
        unsure: pairs of which nobody could tell.
        told: for each pair of one verdict, by the verdict, further columns of the judgements, such as author, reason.
    """

    must: Pairs = attrs.field(factory=no_pairs)
    cannot: Pairs = attrs.field(factory=no_pairs)
    unsure: Pairs = attrs.field(factory=no_pairs)
    told: Mapping[str, pl.DataFrame] = attrs.field(factory=dict)

    @property
    def by_verdict(self) -> dict[str, Pairs]:
        """The pairs of each verdict, in the order of `VERDICTS`."""
        return dict(zip(VERDICTS, (self.must, self.cannot, self.unsure), strict=True))

    def groups(self, n: int) -> Ints:
        """Return for each of `n` records the lowest one that must-links lead to."""
        return connected_components(n, self.must.left, self.must.right)

    def contradictions(self, n: int) -> Pairs:
        """Return the pairs that cannot be linked, and that must-links join."""
        labels = self.groups(n)
        return self.cannot.where(labels[self.cannot.left] == labels[self.cannot.right])

    def __len__(self) -> int:
        """Return the number of judged pairs."""
        return len(self.must) + len(self.cannot) + len(self.unsure)

    def __repr__(self) -> str:
        """Return the counts."""
        return (
            f"<Judgements: {len(self.must):,} must-link, {len(self.cannot):,} cannot-link, {len(self.unsure):,} unsure>"
        )


def read_verdicts(table: pl.DataFrame) -> pl.Series:
    """Return the verdict of each row.

    Raises:
        ColumnNotFoundError: there is no column ``judgement``.
        ConfigurationError: a verdict is none of `VERDICTS`.

    Examples:
        >>> read_verdicts(pl.DataFrame({"judgement": ["must-link", "UNSURE"]})).to_list()
        ['must_link', 'unsure']
    """
    if "judgement" not in table.columns:
        raise ColumnNotFoundError("judgement", table.columns, where=" in the judgements")
    said = table.get_column("judgement").cast(pl.String).str.to_lowercase().str.strip_chars()
    said = said.str.replace_all(r"[\s-]+", "_")
    wrong = int((~said.is_in(VERDICTS).fill_null(value=False)).sum())
    if wrong:
        raise ConfigurationError(f"{wrong:,} of {len(said):,} judgements are none of {', '.join(map(repr, VERDICTS))}")
    return said


def judged(left: Ints, right: Ints, said: pl.Series, told: pl.DataFrame) -> Judgements:
    """Return judgements of pairs of row numbers, repeats dropped.

    Raises:
        ConfigurationError: a record is judged against itself.
    """
    pairs = Pairs.of(left, right)
    frame = pl.DataFrame({"left": pairs.left, "right": pairs.right, "said": said})
    frame = frame.hstack(told.drop(frame.columns, strict=False))
    once = frame.sort(frame.columns).unique(["left", "right", "said"], keep="first", maintain_order=True)
    parts = {verdict: once.filter(pl.col("said") == verdict) for verdict in VERDICTS}
    sides = {
        verdict: Pairs(*(part.get_column(end).to_numpy() for end in ("left", "right")))
        for verdict, part in parts.items()
    }
    kept = {verdict: part.drop("left", "right", "said") for verdict, part in parts.items()}
    return Judgements(sides["must_link"], sides["cannot_link"], sides["unsure"], kept)
