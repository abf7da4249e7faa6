"""Blocking learned from labels: the strategies that together hold the known matches at the least cost.

Each strategy covers some of the matches and costs its pairs: a weighted set cover, for which taking again and again the
strategy with the most new matches per pair comes within a logarithmic factor of the best.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import combinations

import attrs
import numpy as np

from identigraph.blocking.candidates import Candidates, Ints
from identigraph.blocking.checks import check_share, check_whole
from identigraph.blocking.choosing import WORD_CAPS, pair_budget
from identigraph.blocking.hot import pairs_in_blocks
from identigraph.blocking.keys import KeyBlocking
from identigraph.blocking.offering import LARGEST, compound_sizes, is_spread, offered_features, part_of, texts_of
from identigraph.blocking.strategy import BlockingStrategy, Union
from identigraph.blocking.words import words_of
from identigraph.errors import ConfigurationError, FitWarning, NoBlockingError
from identigraph.fields.derived import Feature
from identigraph.notes import warn
from identigraph.pairs import Mask, Pairs
from identigraph.records import Records

MOST_MATCHES = 200_000
"""The most matches that are learned from; of more, every so-manieth is taken."""
ROUNDING = 1e-9
"""What a share of a number of matches may have beyond a whole number and be taken for it."""


@attrs.frozen(eq=False)
class _Choice:
    """A strategy that might be taken.

    Args:
        strategy: the strategy.
        holds: which of the matches it holds.
        cost: the pairs it makes.
    """

    strategy: BlockingStrategy
    holds: Mask
    cost: int


def learn_blocking(
    records: Records,
    matches: BlockingStrategy,
    *,
    recall: float = 0.99,
    budget: int | None = None,
    among: Iterable[BlockingStrategy] = (),
) -> BlockingStrategy:
    """Return the union of strategies that holds at least the share `recall` of known matches, at little cost.

    Chosen from: every feature that the fields offer, exact and coarse (phonetic, prefix, year), every two of them as a
    compound key, the words of texts, and what you add. Again and again the one is taken that holds the most matches
    not held yet per pair it costs, as long as it is within the budget; what the others make needless is dropped at the
    end. Where it is weak: what holds the labelled matches may miss other kinds; label a random sample, not only matches
    that an earlier blocking found.

    Args:
        records: with fields; without any, their columns are offered.
        matches: pairs that are known to be one entity: `given_pairs` of your labels, or ``block_on("entity")`` where a
            column names the entity of labelled records.
        recall: the share of matches to hold, above 0 to 1.
        budget: pairs that all strategies make at the most, counted with repeats; left out, it follows from the number
            of records, see `identigraph.blocking.choosing.pair_budget`.
        among: further strategies to choose from.

    Raises:
        ConfigurationError: there is no match.
        NoBlockingError: nothing within the budget holds any of them.
        RangeError: `recall` or `budget` is not in its range.

    Warns:
        FitWarning: the matches that nothing within the budget holds, with the numbers.

    Examples:
        >>> from identigraph.blocking import given_pairs
        >>> people = {"id": [1, 2, 3, 4], "name": ["ann lee", "anne lee", "bob ray", "bop ray"], "city": ["x"] * 4}
        >>> records = Records.of(people, id="id")
        >>> learn_blocking(records, given_pairs([(1, 2), (3, 4)]))
        block_on(soundex('name'))
    """
    check_share("recall", recall)
    if budget is not None:
        check_whole("budget", budget, 1)
    pairs = _sampled(matches.candidates(records))
    if len(pairs) == 0:
        raise ConfigurationError("learning needs matches: pairs of records that are known to be one entity; got none")
    allowed = pair_budget(len(records)) if budget is None else budget
    offered = [c for c in _offered(records, pairs, among) if 0 < c.cost <= allowed and c.holds.any()]
    if not offered:
        raise NoBlockingError(f"no strategy within {allowed:,} pairs holds any of {len(pairs):,} matches")
    enough = max(math.ceil(recall * len(pairs) - ROUNDING), 1)
    taken = _needed(_cover(offered, len(pairs), enough, allowed))
    _tell(taken, len(pairs), enough, recall, allowed)
    return taken[0].strategy if len(taken) == 1 else Union(tuple(choice.strategy for choice in taken))


def _sampled(matches: Candidates) -> Pairs:
    step = max(-(-matches.cost // MOST_MATCHES), 1)
    batches = [(pairs.left[::step], pairs.right[::step]) for pairs in matches]
    left, right = ([batch[side] for batch in batches] for side in (0, 1))
    return Pairs(np.concatenate(left), np.concatenate(right)) if batches else Pairs.of([], [])


def _offered(records: Records, pairs: Pairs, among: Iterable[BlockingStrategy]) -> Iterator[_Choice]:
    """Yield what there is to choose from: keys, words, and what the caller adds."""
    features = offered_features(records)
    equal = {feature: _equal(records, feature, pairs) for feature in features}
    for feature in features:
        yield from _key(records, (feature,), records.column(feature).counts, pairs, equal[feature])
    for one, other in combinations(features, 2):
        both = equal[one] & equal[other]
        if part_of(one) != part_of(other) and both.any():
            sizes = compound_sizes(records.column(one).codes, records.column(other).codes)
            yield from _key(records, (one, other), sizes, pairs, both)
    words = [attrs.evolve(words_of(name, max_block=cap), quiet=True) for name in texts_of(records) for cap in WORD_CAPS]
    for strategy in [*words, *among]:
        found = strategy.candidates(records)
        yield _Choice(strategy, found.holds(pairs), found.cost)


def _key(records: Records, features: tuple[Feature, ...], sizes: Ints, pairs: Pairs, equal: Mask) -> Iterator[_Choice]:
    """Yield the key of `features`, unless it is hot in many; a hot block does not hold all pairs that are `equal`."""
    if is_spread(sizes):
        key = KeyBlocking(features, quiet=True)
        holds = key.candidates(records).holds(pairs) if sizes.max(initial=0) > LARGEST else equal
        yield _Choice(key, holds, int(pairs_in_blocks(sizes, LARGEST).sum()))


def _equal(records: Records, feature: Feature, pairs: Pairs) -> Mask:
    codes = records.column(feature).codes
    equal: Mask = (codes[pairs.left] == codes[pairs.right]) & (codes[pairs.left] >= 0)
    return equal


def _cover(offered: list[_Choice], matches: int, enough: int, allowed: int) -> list[_Choice]:
    """Return the choices that are taken one after another, each with the most new matches per pair."""
    taken: list[_Choice] = []
    missing = np.ones(matches, dtype=bool)
    left = allowed
    while matches - missing.sum() < enough:
        new = [(int((choice.holds & missing).sum()), choice) for choice in offered if choice.cost <= left]
        found, best = max(new, key=_worth, default=(0, None))
        if best is None or found == 0:
            break
        taken.append(best)
        missing &= ~best.holds
        left -= best.cost
    return taken


def _worth(offer: tuple[int, _Choice]) -> tuple[float, int, str]:
    """Return the new matches per pair of a choice; of equal ones, the shorter to write is worth more."""
    new, choice = offer
    written = repr(choice.strategy)
    return new / choice.cost, -len(written), written


def _needed(taken: list[_Choice]) -> list[_Choice]:
    """Return the choices without those whose matches the others hold, the costly ones tried first."""
    kept = list(taken)
    for choice in sorted(taken, key=lambda c: -c.cost):
        others = [other for other in kept if other is not choice]
        if others and not (choice.holds & ~np.logical_or.reduce([other.holds for other in others])).any():
            kept = others
    return kept


def _tell(taken: list[_Choice], matches: int, enough: int, recall: float, allowed: int) -> None:
    held = int(np.logical_or.reduce([choice.holds for choice in taken]).sum())
    if held < enough:
        warn(
            f"the learned blocking holds {held:,} of {matches:,} matches, {held / matches:.1%}, where {recall:.1%} "
            f"were asked: nothing else within {allowed:,} pairs holds more; raise the budget, or offer more with among",
            FitWarning,
        )
