"""Blocking chosen from the data: keys that find the most likely matches per pair, under a budget of pairs.

Each field offers features to block on, exact and coarse. Every feature by itself and every two that are no forms of one
another are candidate keys. They are judged without labels, by pairs of a sample of records that are likely matches (see
`identigraph.blocking.likely`): again and again the key is taken that finds the most of them per pair it costs, where
one that a key has found already counts half, one that two have found a quarter. So what errors may take from one key
another still holds. Where records are few, the words of texts and the nearest texts of whole records come on top.

Invariant: the choice depends neither on the order of records nor on that of fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import attrs
import numpy as np

from identigraph.blocking.candidates import Ints
from identigraph.blocking.hot import pairs_in_blocks
from identigraph.blocking.keys import KeyBlocking, all_pairs
from identigraph.blocking.likely import LEAST, UNIT, LikelyPairs, agreeing, likely_pairs, text_fields
from identigraph.blocking.offering import (
    LARGEST,
    MOST_HOT,
    compound_sizes,
    key_features,
    part_of,
    refines,
    texts_of,
)
from identigraph.blocking.strategy import BlockingStrategy, Union
from identigraph.blocking.texts import TextNeighbors, top_k
from identigraph.blocking.words import PieceBlocking, words_of
from identigraph.encoding import Codes
from identigraph.errors import NoBlockingError
from identigraph.fields import FreeText, Organisation, PersonName
from identigraph.fields.derived import Feature
from identigraph.pairs import Mask
from identigraph.records import Records

SINGLE_SHARE = 0.2
"""The most of the budget that one key may take."""
MOST_KEYS = 40
"""The most keys that are taken: each pair is looked up in all keys before its own."""
OVERHEAD = 2.0
"""What a key costs besides its pairs, in shares of the budget that one key of the most has."""
MOST_FEATURES = 48
"""The most features that are combined: those that tell likely matches best from other pairs."""
COUNTED = 30_000
"""With more records than so many, the pairs of a key are estimated from so many of them."""
AGAIN = 0.5
"""What a likely match counts that a key has found already; of two keys, the square of it, and so on."""
ANYTHING = 1.0
"""Matches that any key is taken to find besides the likely ones: without any of those, the cheapest keys are taken."""
FEW_PAIRS = 100_000
"""With so many pairs in all, or fewer, all are compared."""
LEAST_BUDGET = 250_000
"""Pairs that are always worth their time."""
WORD_SHARE = 1.0
"""The most, as a share of the budget, that words may make on top of it."""
WORD_CAPS = (200, 100, 50, 25, 12, 6)
"""Records that may carry a word, tried from the most to the least."""
MOST_TEXTS = 60_000
"""The most records whose nearest texts are found: the time grows with the square."""
NEAR_SHARE = 1 / 3
"""The share of the budget, per record, that is the number of nearest texts."""
FEWEST_NEAR, MOST_NEAR = 10, 50
"""How many nearest texts of a record there are at least and at the most."""
CARRIED = 20_000_000
"""A piece counts that at the most this many records, divided by the number of all, carry."""


def pair_budget(n: int) -> int:
    """Return how many candidate pairs are worth their time for `n` records.

    Generous where records are few, for recall is lost at blocking first; falling from 90 pairs a record to 25.

    Examples:
        >>> pair_budget(1_000), pair_budget(50_000), pair_budget(100_000), pair_budget(1_000_000)
        (90000, 4500000, 3500000, 25000000)
    """
    share = np.interp(np.log10(max(n, 1)), [np.log10(50_000), 5.0, 6.0], [90.0, 35.0, 25.0])
    return round(n * share)


@attrs.frozen(eq=False)
class _Candidate:
    """A key that might be chosen, and the pairs it stands for."""

    features: tuple[Feature, ...]
    pairs: int
    holds: Mask

    def contains(self, features: tuple[Feature, ...]) -> bool:
        """Tell whether the pairs of a key of `features` are among these: each feature here is there, or a finer form.

        Weak: a coarse form may be missing where the fine one is there, and pairs of such records are not among these.
        """
        return all(any(refines(theirs, ours) for theirs in features) for ours in self.features)


def choose_blocking(records: Records, *, budget: int | None = None) -> BlockingStrategy:
    """Return a blocking strategy for `records`, from their fields and within a budget of pairs.

    Where all pairs are few, or within the budget, it is `all_pairs`.

    Args:
        records: with fields.
        budget: pairs that all keys make at the most, counted with repeats (with more than 30,000 records about, for
            then they are counted in a sample); words may make as many again, and the nearest texts a third. Left
            out, it follows from the number of records.

    Raises:
        NoBlockingError: no two records share a value, or all that is shared is shared by too many.

    Examples:
        >>> from identigraph.fields import Email
        >>> records = Records.of({"mail": ["a@x.com", "b@x.com", "a@x.com", "c@x.com"]}, fields={"mail": Email()})
        >>> choose_blocking(records, budget=5)
        block_on('mail.local')
    """
    everything = len(records) * (len(records) - 1) // 2
    if everything <= (FEW_PAIRS if budget is None else budget):
        return all_pairs()
    allowed = max(pair_budget(len(records)), LEAST_BUDGET) if budget is None else budget
    features = key_features(records)
    if not features:
        raise NoBlockingError("no two records share any value to block on")
    keys = choose_keys(records, features, likely_pairs(records, features), allowed)
    strategies = (*keys, *_words(records, allowed), *_nearest(records, allowed))
    if not strategies:
        raise NoBlockingError("every value that records share is shared by too many to block on")
    return strategies[0] if len(strategies) == 1 else Union(strategies)


def choose_keys(records: Records, features: Sequence[Feature], likely: LikelyPairs, allowed: int) -> list[KeyBlocking]:
    """Return the keys that find the most of the likely matches per pair, and `allowed` pairs together."""
    offered = sorted(_offered(records, features, likely, allowed), key=lambda key: (key.pairs, repr(key.features)))
    return [KeyBlocking(key.features, quiet=True) for key in _covering(offered, likely, allowed)]


def _covering(offered: list[_Candidate], likely: LikelyPairs, allowed: int) -> list[_Candidate]:
    """Return the keys that are taken one after another; one that is contained in a later one is dropped again."""
    chosen: list[_Candidate] = []
    if not offered:
        return chosen
    holds = np.array([key.holds for key in offered], dtype=np.float64)
    cost = np.array([key.pairs for key in offered], dtype=np.float64)
    price = cost + allowed * OVERHEAD / MOST_KEYS
    free = np.ones(len(offered), dtype=bool)
    while len(chosen) < MOST_KEYS:
        found = np.sum([key.holds for key in chosen], axis=0) if chosen else np.zeros(len(likely))
        worth = (holds @ (likely.weight * AGAIN ** np.minimum(found, 20)) + ANYTHING) / price
        left = allowed - sum(key.pairs for key in chosen)
        fits = free & (cost <= left)
        if not fits.any():
            break
        taken = offered[int(np.argmax(np.where(fits, worth, -1.0)))]
        chosen = [*(key for key in chosen if not taken.contains(key.features)), taken]
        free &= [not taken.contains(key.features) for key in offered]
    return chosen


def _offered(records: Records, features: Sequence[Feature], likely: LikelyPairs, allowed: int) -> Iterator[_Candidate]:
    """Yield the keys of one feature and of two that are no forms of one another, none of which is too costly."""
    counter = _PairCounter.of(records)
    most = SINGLE_SHARE * allowed
    equal = {feature: agreeing(records, feature, likely.pairs) for feature in features}
    for feature in features:
        if 0 < (pairs := counter.pairs((feature,))) <= most:
            yield _Candidate((feature,), pairs, equal[feature])
    for one, other in combinations(_telling(records, features, equal, likely), 2):
        both = equal[one] & equal[other]
        if _independent(one, other) and 0 < (pairs := counter.pairs((one, other))) <= most:
            yield _Candidate((one, other), pairs, both)


def _independent(one: Feature, other: Feature) -> bool:
    """Tell whether two features are no forms of one another."""
    return part_of(one) != part_of(other) and not refines(one, other) and not refines(other, one)


def _telling(
    records: Records, features: Sequence[Feature], equal: dict[Feature, Mask], likely: LikelyPairs
) -> list[Feature]:
    """Return the features that are combined, where there are many."""
    if len(features) <= MOST_FEATURES:
        return list(features)

    def bits(feature: Feature) -> float:
        counts = records.column(feature).counts.astype(np.float64)
        chance = float((counts * (counts - 1)).sum()) / max(len(records) * (len(records) - 1), 1)
        return float(likely.weight[equal[feature]].sum() + ANYTHING) * -float(np.log2(max(chance, 1e-18)))

    worth = {feature: bits(feature) for feature in features}
    return sorted(sorted(features, key=lambda f: (-worth[f], repr(f)))[:MOST_FEATURES], key=repr)


@attrs.frozen(eq=False)
class _PairCounter:
    """Counts the pairs of keys, in all records or a sample of them."""

    records: Records
    rows: slice
    share: float

    @classmethod
    def of(cls, records: Records) -> _PairCounter:
        """Return the counter for `records`, whose order follows from their content and from nothing else."""
        step = max(len(records) // COUNTED, 1)
        return cls(records, slice(None, None, step), 1 / step)

    def pairs(self, features: tuple[Feature, ...]) -> int:
        """Return how many pairs the key makes; 0 where too many of the records are in hot blocks."""
        sizes = self._sizes([self.records.column(feature).codes[self.rows] for feature in features])
        hot = sizes > LARGEST * self.share
        if sizes[hot].sum() > MOST_HOT * sizes.sum():
            return 0
        thinned = pairs_in_blocks((sizes[hot] / self.share).astype(np.int64), LARGEST).sum()
        whole = (sizes[~hot] * (sizes[~hot] - 1) // 2).sum() / self.share**2
        return int(thinned + whole)

    def _sizes(self, codes: list[Codes]) -> Ints:
        if len(codes) > 1:
            return compound_sizes(codes[0], codes[1])
        counts = np.bincount(codes[0][codes[0] >= 0]).astype(np.int64)
        return counts[counts > 0]


def _words(records: Records, budget: int) -> list[PieceBlocking]:
    """Return word blocking of all texts together, with the largest cap whose pairs stay within their share."""
    texts = texts_of(records)
    sizes = words_of(*texts).blocks(records).sizes if texts else np.empty(0, dtype=np.int64)
    for cap in WORD_CAPS:
        if 0 < pairs_in_blocks(sizes, cap, "skip").sum() <= WORD_SHARE * budget:
            return [attrs.evolve(words_of(*texts, max_block=cap), quiet=True)]
    return []


def _nearest(records: Records, budget: int) -> list[TextNeighbors]:
    """Return the strategy of the nearest texts of whole records, where these are few enough and no mere code."""
    fields = text_fields(records)
    telling = len(fields) > 1 or isinstance(records.fields.get("".join(fields)), FreeText | Organisation | PersonName)
    if len(records) > MOST_TEXTS or not telling:
        return []
    k = min(max(round(NEAR_SHARE * budget / len(records)), FEWEST_NEAR), MOST_NEAR)
    near = top_k(*fields, k=k, unit=UNIT, min_similarity=LEAST, max_carried=max(CARRIED // len(records), 2))
    return [attrs.evolve(near, quiet=True)]
