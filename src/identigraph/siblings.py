"""Pairs that are more likely siblings than anything else: members of one household, sister firms, models of a series.

The third class of the model keeps them from being merged; here they are kept as relations between entities. The class
also draws pairs that merely live in one small town, for the parts of an address are no independent evidence. So two
fields must agree, or one be equal as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.comparing import Comparisons
from identigraph.comparing.layout import Layout, Levels, Packed
from identigraph.encoding import distinct_places
from identigraph.fields import PersonName
from identigraph.graph import Clusters
from identigraph.matching import FellegiSunter, Matcher, Parameters, model_of
from identigraph.matching.parameters import Table
from identigraph.pairs import Mask, Pairs
from identigraph.records import Records

Floats = npt.NDArray[np.float64]

LIKELY = 0.5
"""Pairs are kept that are siblings with more than this probability."""
TELLING = 1.0
"""Bits that a comparator says for siblings, at the least, to agree."""
HOUSEHOLD, SIBLINGS = "same household", "siblings"
"""What these relations are called: of people, of all else."""


@attrs.frozen(eq=False, repr=False)
class Siblings:
    """Pairs of records that are siblings with more than one half probability.

    Args:
        pairs: the pairs, by row number.
        probability: shape (pairs,): of being siblings.
    """

    pairs: Pairs
    probability: Floats

    @classmethod
    def none(cls) -> Siblings:
        """Return no pairs."""
        return cls.joined([])

    @classmethod
    def joined(cls, parts: list[Siblings]) -> Siblings:
        """Return the pairs of all parts."""
        rows, none = np.zeros(0, dtype=np.int32), np.zeros(0)
        left = np.concatenate([rows, *(part.pairs.left for part in parts)])
        right = np.concatenate([rows, *(part.pairs.right for part in parts)])
        return cls(Pairs(left, right), np.concatenate([none, *(part.probability for part in parts)]))

    @classmethod
    def among(cls, pairs: Pairs, packed: Packed, matcher: Matcher, layout: Layout) -> Siblings:
        """Return those of some pairs that are siblings by the model of a matcher; none where it has no such class."""
        model = model_of(matcher)
        if model is None or not (model.household or model.editions):
            return cls.none()
        distinct, place = distinct_places(packed)
        probability = model.sibling_probability(Comparisons(layout, distinct))
        telling = probability > LIKELY
        if telling.any():
            telling[telling] = _telling(model, layout.levels(distinct[telling]))
        likely: Mask = telling[place]
        return cls(pairs.where(likely), probability[place][likely])

    def where(self, mask: Mask) -> Siblings:
        """Return the pairs that `mask` keeps."""
        return Siblings(self.pairs.where(mask), self.probability[mask])

    def between(self, clusters: Clusters, records: Records) -> pl.DataFrame:
        """Return one row per pair of clusters as relations have them: ``left, right, relation, by, links, certainty``.

        The lower cluster is left; links counts the pairs of records, certainty is the highest of theirs.
        """
        one, other = clusters.labels[self.pairs.left], clusters.labels[self.pairs.right]
        people = any(isinstance(kind, PersonName) for kind in records.fields.values())
        rows = pl.DataFrame(
            {"left": np.minimum(one, other), "right": np.maximum(one, other), "certainty": self.probability}
        )
        told = rows.filter(pl.col("left") != pl.col("right")).group_by("left", "right")
        return told.agg(
            pl.lit(HOUSEHOLD if people else SIBLINGS).alias("relation"),
            pl.lit("scored").alias("by"),
            pl.len().cast(pl.Int64).alias("links"),
            pl.col("certainty").max(),
        )

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.pairs)

    def __repr__(self) -> str:
        """Return the count."""
        return f"<Siblings: {len(self):,} pairs>"


def _telling(model: FellegiSunter, levels: Levels) -> Mask:
    """Return in which patterns two fields speak for siblings of one kind, or the whole of one is equal."""
    p = model.fitted
    telling = np.zeros(len(levels), dtype=bool)
    for names, siblings in ((model.household, p.h), (model.editions, p.e)):
        if siblings:
            telling |= _agreeing(p, names, siblings, levels)
    return telling


def _agreeing(p: Parameters, names: Sequence[str], siblings: Table, levels: Levels) -> Mask:
    layout, whole = p.layout, np.zeros(len(levels), dtype=bool)
    agreed: dict[str, Mask] = {}
    for name in names:
        place = layout.place(name)
        field, _, part = name.partition(".")
        bits = np.append(np.log2(np.array(siblings[place]) / np.array(p.u[place])), 0.0)[levels[:, place]]
        agreed[field] = agreed.get(field, np.zeros(len(levels), dtype=bool)) | (bits > TELLING)
        if not part:
            whole |= (bits > TELLING) & (levels[:, place] >= layout.equal_from(place))
    found: Mask = np.sum(list(agreed.values()), axis=0) + whole >= 2
    return found
