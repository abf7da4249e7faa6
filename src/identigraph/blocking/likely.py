"""Pairs that are likely matches, found without labels: what blocking keys are judged by.

From a sample of records, each with those whose texts are nearest over all fields: such a pair needs to agree on no
field exactly. What the two agree on is weighed by how rare it is, as evidence against the odds that two records are one
entity at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.blocking.candidates import Ints, distinct
from identigraph.blocking.cosine import nearest, tfidf
from identigraph.blocking.offering import field_of, offered_features
from identigraph.blocking.pieces import cut
from identigraph.encoding import encode, first_rows, take
from identigraph.fields import Category, PersonName
from identigraph.fields.derived import Derived, Feature
from identigraph.odds import probability_of
from identigraph.pairs import Mask, Pairs
from identigraph.records import Records

Floats = npt.NDArray[np.float64]

SAMPLE = 10_000
"""About how many records are looked at."""
MOST_PAIRS = 6_000
"""The most likely pairs that are kept; of more, every so-manieth is."""
SHARED = 20
"""Of values that more records share none are sampled."""
UNLIKELY = 0.1
"""A pair less likely than that is no likely match."""
NEIGHBORS = 8
"""How many nearest records each is paired with."""
UNIT = 4
"""Characters of the pieces by which texts are near."""
MOST_CARRIED = 200
"""Records of the sample that carry a piece at the most, for it to count."""
LEAST = 0.1
"""The least cosine of two texts."""
DIFFERENT = 2.0
"""The evidence, in bits, against a match where two values agree in nothing."""
FRACTION = 2.0**20
"""Weights are whole multiples of one over this, so that their sums are exact in any order."""


@attrs.frozen(eq=False)
class LikelyPairs:
    """Pairs of records, and how likely each is a match, from 0 to 1."""

    pairs: Pairs
    weight: Floats

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.pairs)


def text_fields(records: Records) -> tuple[str, ...]:
    """Return the fields that tell records apart as texts: all but categories, those with the most values first."""
    names = [name for name, kind in records.fields.items() if not isinstance(kind, Category)]
    names = names if records.fields else [name for name in records.table.columns if name not in records.lists]
    return tuple(sorted(names, key=lambda name: (-len(records.column(name).values), name)))


def likely_pairs(records: Records, features: Sequence[Feature]) -> LikelyPairs:
    """Return likely matches among a sample of records.

    Args:
        records: with fields.
        features: what may agree.
    """
    rows = sampled_rows(records)
    fields = text_fields(records)
    if not fields:
        return LikelyPairs(Pairs.of([], []), np.empty(0))
    columns = [take(records.column(f).values, records.column(f).codes[rows]).alias(f) for f in fields]
    joined = pl.DataFrame(columns).select(pl.concat_str(pl.all(), separator=" ", ignore_nulls=True))
    texts = encode(joined.to_series().replace("", None))
    vectors = tfidf(cut(" " + texts.values + " ", UNIT)).rarest(MOST_CARRIED)
    query, neighbor, _ = nearest(vectors, NEIGHBORS, min_similarity=LEAST)
    codes = distinct(np.minimum(query, neighbor) << 32 | np.maximum(query, neighbor))
    first = rows[first_rows(texts.codes, len(texts.values))]
    pairs = Pairs.of(first[codes >> 32], first[codes & 0xFFFFFFFF])
    weight = probability(records, features, pairs)
    likely = np.flatnonzero(weight >= UNLIKELY)
    kept = likely[:: max(-(-len(likely) // MOST_PAIRS), 1)]
    return LikelyPairs(Pairs(pairs.left[kept], pairs.right[kept]), weight[kept])


def sampled_rows(records: Records) -> Ints:
    """Return some of the records: for each exact feature, all records of some of the values that a few share."""
    if len(records) <= SAMPLE:
        return np.arange(len(records))
    features = [f for f in offered_features(records) if isinstance(f, str)]
    chosen = np.zeros(len(records), dtype=bool)
    for feature in features:
        column = records.column(feature)
        few = np.flatnonzero((column.counts > 1) & (column.counts <= SHARED))
        step = max(int(column.counts[few].sum()) * len(features) / SAMPLE, 1.0)
        picked = np.zeros(len(column.values) + 1, dtype=bool)
        picked[few[np.unique(np.arange(0, len(few), step).astype(np.int64))]] = True
        chosen |= picked[column.codes]
    return np.flatnonzero(chosen)


def probability(records: Records, features: Sequence[Feature], pairs: Pairs) -> Floats:
    """Return how likely each pair is a match, by the rarest thing that it agrees on in each field.

    Equal values that a share f of the records carry are ``log2(1 / f)`` bits of evidence; of a field the feature counts
    that gives the most, and given and family names count apart. A field with nothing equal is evidence against. As many
    pairs are expected to match as there are records.
    """
    total = np.full(len(pairs), -np.log2(max(len(records), 2)))
    for group in _evidence(records, features).values():
        best = np.zeros(len(pairs))
        both = np.zeros(len(pairs), dtype=bool)
        for feature in group:
            column = records.column(feature)
            left = column.codes[pairs.left]
            equal = agreeing(records, feature, pairs)
            bits = np.log2(len(records) / np.append(column.counts, 1))
            best = np.maximum(best, np.where(equal, bits[left], 0.0))
            both |= (left >= 0) & (column.codes[pairs.right] >= 0)
        total += np.where(both & (best == 0), -DIFFERENT, best)
    weight: Floats = np.rint(FRACTION * probability_of(total)) / FRACTION
    return weight


def agreeing(records: Records, feature: Feature, pairs: Pairs) -> Mask:
    """Tell which pairs have equal values of a feature."""
    codes = records.column(feature).codes
    equal: Mask = (codes[pairs.left] == codes[pairs.right]) & (codes[pairs.left] >= 0)
    return equal


def _evidence(records: Records, features: Sequence[Feature]) -> Mapping[str, list[Feature]]:
    """Return the features by what they are evidence of: their field, or given or family name."""
    groups: dict[str, list[Feature]] = {}
    for feature in features:
        root = feature.root if isinstance(feature, Derived) else feature
        field = field_of(root)
        name = isinstance(records.fields.get(field), PersonName)
        if not name or root in (f"{field}.given", f"{field}.family"):
            groups.setdefault(root if name else field, []).append(feature)
    return groups
