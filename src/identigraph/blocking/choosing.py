"""Blocking chosen from the data: many cheap keys, under a budget of pairs.

Each field offers features to block on, exact and coarse (phonetic, prefix, year). Every feature by itself and every two
that are no forms of one another are candidate keys; their pairs are counted, and the cheapest are taken until the
budget is spent. A key that another one contains adds nothing and is left out. Fields of several words are blocked on
their words as well.

Invariant: the choice depends neither on the order of records nor on that of fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

import attrs
import numpy as np

from identigraph.blocking.hot import pairs_in_blocks
from identigraph.blocking.keys import KeyBlocking, all_pairs
from identigraph.blocking.offering import (
    LARGEST,
    compound_sizes,
    is_spread,
    offered_features,
    part_of,
    refines,
    texts_of,
)
from identigraph.blocking.strategy import BlockingStrategy, Union
from identigraph.blocking.words import PieceBlocking, words_of
from identigraph.errors import NoBlockingError
from identigraph.fields.derived import Feature
from identigraph.records import Records

SINGLE_SHARE = 0.2
"""The most of the budget that one key may take."""
MOST_KEYS = 40
"""The most keys that are taken: each pair is looked up in all keys before its own."""
FEW_PAIRS = 100_000
"""With so many pairs in all, or fewer, all are compared."""
WORD_SHARE = 0.5
"""The most of the budget that the words of a field may take; they come on top of the keys."""
WORD_CAPS = (200, 100, 50, 25, 12, 6)
"""Records that may carry a word, tried from the most to the least."""


def pair_budget(n: int) -> int:
    """Return how many candidate pairs are worth their time for `n` records.

    Generous where records are few, for recall is lost at blocking first; falling from 60 pairs a record to 20.

    Examples:
        >>> pair_budget(1_000), pair_budget(100_000), pair_budget(1_000_000)
        (60000, 4000000, 20000000)
    """
    return int(n * np.interp(np.log10(max(n, 1)), [4.0, 5.0, 6.0], [60.0, 40.0, 20.0]))


@attrs.frozen(eq=False)
class _Candidate:
    """A key that might be chosen, and the pairs it stands for."""

    features: tuple[Feature, ...]
    pairs: int

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
        budget: pairs that all keys make at the most, counted with repeats; the words of each text may make half as many
            again. Left out, it follows from the number of records.

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
    allowed = pair_budget(len(records)) if budget is None else budget
    features = offered_features(records)
    if not features:
        raise NoBlockingError("no two records share any value to block on")
    chosen = _cheapest(_singles(records, features), [], allowed)
    chosen = _cheapest(_doubles(records, features, chosen), chosen, allowed)
    words = [w for name in texts_of(records) if (w := _word_blocking(records, name, allowed)) is not None]
    strategies = (*(KeyBlocking(c.features, quiet=True) for c in chosen[:MOST_KEYS]), *words)
    if not strategies:
        raise NoBlockingError("every value that records share is shared by too many to block on")
    return strategies[0] if len(strategies) == 1 else Union(strategies)


def _cheapest(candidates: Iterable[_Candidate], chosen: list[_Candidate], allowed: int) -> list[_Candidate]:
    """Return the keys `chosen` so far and the cheapest of `candidates` that the rest of the budget allows.

    A key is dropped, and its pairs are free again, when one is taken that contains it.
    """
    for candidate in sorted(candidates, key=lambda c: (c.pairs, repr(c.features))):
        others = [other for other in chosen if not candidate.contains(other.features)]
        left = allowed - sum(other.pairs for other in others)
        fits = candidate.pairs <= min(SINGLE_SHARE * allowed, left)
        if fits and not any(other.contains(candidate.features) for other in others):
            chosen = [*others, candidate]
    return chosen


def _singles(records: Records, features: list[Feature]) -> Iterator[_Candidate]:
    """Yield the keys of one feature."""
    for feature in features:
        sizes = records.column(feature).counts
        if is_spread(sizes):
            yield _Candidate((feature,), int(pairs_in_blocks(sizes, LARGEST).sum()))


def _doubles(records: Records, features: list[Feature], chosen: list[_Candidate]) -> Iterator[_Candidate]:
    """Yield the keys of two features that are no forms of one another, but those that a chosen key contains."""
    for one, other in combinations(features, 2):
        if part_of(one) != part_of(other) and not any(key.contains((one, other)) for key in chosen):
            sizes = compound_sizes(records.column(one).codes, records.column(other).codes)
            pairs = int(pairs_in_blocks(sizes, LARGEST).sum())
            if pairs and is_spread(sizes):
                yield _Candidate((one, other), pairs)


def _word_blocking(records: Records, name: str, budget: int) -> PieceBlocking | None:
    """Return word blocking with the largest cap whose pairs stay within their share of the budget."""
    sizes = words_of(name).blocks(records).sizes
    for cap in WORD_CAPS:
        if 0 < pairs_in_blocks(sizes, cap, "skip").sum() <= WORD_SHARE * budget:
            return attrs.evolve(words_of(name, max_block=cap), quiet=True)
    return None
