"""How good a set of decisions is, from few labels: a stratified sample of pairs in, estimates with intervals out.

The pairs are cut into strata, say by match probability, so that those of one stratum got the same decision. `allocate`
says how many to label in each, `estimate_quality` what the labels tell of all.
"""

from __future__ import annotations

import math
from heapq import heapify, heappop, heapreplace
from typing import Any

import attrs
import numpy as np
import polars as pl
from numpy.typing import NDArray

from identigraph.errors import ConfigurationError, RangeError
from identigraph.metrics.contingency import Integers, Labels, check_lengths
from identigraph.metrics.thresholds import Flags, Floats, flags, numbers

PRIOR = 0.5
"""Both parameters of the beta prior of the share of matches in a stratum: that of Jeffreys."""


@attrs.frozen
class QualityEstimate:
    """Precision, recall and F1 of a set of decisions, estimated, each with its interval.

    Attributes:
        precision: share of the pairs decided to match that do; 1 where none is.
        precision_low: lower end of its interval.
        precision_high: upper end of its interval.
        recall: share of the matching pairs that were decided to match; 1 where none matches.
        recall_low: lower end of its interval.
        recall_high: upper end of its interval.
        f1: their harmonic mean.
        f1_low: lower end of its interval.
        f1_high: upper end of its interval.
        level: level of the intervals.
        labeled: how many pairs were labeled.
        pairs: how many pairs there are in all strata.
    """

    precision: float
    precision_low: float
    precision_high: float
    recall: float
    recall_low: float
    recall_high: float
    f1: float
    f1_low: float
    f1_high: float
    level: float
    labeled: int
    pairs: int

    def to_frame(self) -> pl.DataFrame:
        """Return one row per measure, with the columns ``measure``, ``estimate``, ``low`` and ``high``.

        Examples:
            >>> estimate_quality([0, 1], [1, 1], [True, False], [True, False]).to_frame().rows()[0]
            ('precision', 1.0, 1.0, 1.0)
        """
        rows = [
            ("precision", self.precision, self.precision_low, self.precision_high),
            ("recall", self.recall, self.recall_low, self.recall_high),
            ("f1", self.f1, self.f1_low, self.f1_high),
        ]
        return pl.DataFrame(rows, schema=["measure", "estimate", "low", "high"], orient="row")


def allocate(sizes: Labels, spread: Labels, n: int, *, least: int = 2) -> Integers:
    """Return how many of `n` labels each stratum gets, so that the estimated number of matches varies least.

    This is Neyman's allocation: labels go where there are many pairs whose truth is open. With N the size and S the
    spread of a stratum its share is proportional to N S, within bounds. It is exact in whole numbers: the label after
    the k-th of a stratum is worth N S / √(k(k + 1)), and the labels that are worth most are taken.

    Args:
        sizes: how many pairs each stratum has.
        spread: the standard deviation of the truth in each stratum, √(p(1 - p)) with p a guess of its share of matches,
            say its mean match probability; where it is 0 for all, labels are proportional to size.
        n: how many pairs are to be labeled.
        least: how many labels each stratum gets in any case, if it has as many pairs; at least 1.

    Returns:
        A number per stratum, at most its size; together `n`, or all pairs if there are fewer. Of strata that are worth
        the same, the larger and then the earlier comes first.

    Raises:
        ConfigurationError: lengths differ, sizes are not whole numbers of 0 or more, a spread is negative or not
            finite, `least` is below 1, or `n` is not enough to give each stratum the least.

    Examples:
        N S is 100, 50 and 0; of 17 labels two are fixed for the third, and the rest is shared two to one.

        >>> allocate([200, 100, 1_000], [0.5, 0.5, 0], 17).tolist()
        [10, 5, 2]

    References:
        Neyman (1934): On the two different aspects of the representative method. JRSS 97.
        Cochran (1977): Sampling Techniques, 3rd edition, chapter 5. Wiley.
        Wright (2017): Exact optimal sample allocation: more efficient than Neyman. Statistics and Probability Letters.
    """
    limits, deviations = _whole_numbers("sizes", sizes), numbers("spread", spread)
    check_lengths("sizes", len(limits), "spread", len(deviations))
    if wrong := int(np.count_nonzero(~((deviations >= 0) & np.isfinite(deviations)))):
        raise ConfigurationError(f"{wrong:,} of {len(deviations):,} spreads are not finite numbers of 0 or more")
    if least < 1:
        raise ConfigurationError(f"least must be at least 1, got {least!r}; a stratum without a label tells nothing")
    labels = np.minimum(limits, least)
    if n < labels.sum():
        raise ConfigurationError(
            f"n is {n!r}, but {least} labels for each stratum make {int(labels.sum()):,}; label more pairs, "
            "merge strata, or lower least"
        )
    return limits if n >= limits.sum() else _shared(labels, limits, deviations, n - int(labels.sum()))


def estimate_quality(
    strata: Labels,
    sizes: Labels,
    predicted: Labels,
    truth: Labels,
    *,
    level: float = 0.95,
    draws: int = 4_000,
    seed: int = 0,
) -> QualityEstimate:
    """Return precision and recall of a set of decisions, estimated from labeled pairs drawn at random in each stratum.

    With N pairs in a stratum, n of them labeled and t of these matching, a stratum is estimated to hold T = N t/n
    matches. With sums over the strata decided to match, or over all::

        precision = Σ_match T / Σ_match N        recall = Σ_match T / Σ_all T
        F1 = 2 Σ_match T / (Σ_match N + Σ_all T)

    For the intervals T is drawn again and again from what the labels leave possible: the t matches that were seen, and
    of the N - n unseen pairs a binomial number, with a share drawn from Beta(t + ½, n - t + ½). The ends of an interval
    are quantiles of the figures so drawn, moved outward where they would leave out the estimate. Where all pairs are
    labeled nothing is open and the interval is a point.

    Where it is weak: a large stratum in which few were labeled and none matches still may hold many matches, and recall
    says so with a wide interval; label more there. Each stratum adds half a match and half a mismatch that nobody saw,
    so with few labels in strata that are nearly pure the intervals lie too low: of six such strata with nine labels
    each a 95 % interval may hold the truth in 80 % of audits, with forty in 95 %. Pairs in no stratum, say those that
    blocking never proposed, are not counted in recall.

    Args:
        strata: the stratum of each labeled pair, a number from 0.
        sizes: how many pairs each stratum has, labeled ones included.
        predicted: for each stratum, whether its pairs were decided to match.
        truth: whether each labeled pair is a match.
        level: level of the intervals, between 0 and 1.
        draws: how often T is drawn, at least 1.
        seed: draws them.

    Raises:
        ConfigurationError: lengths differ, values are missing, a stratum that has pairs has no labeled one, more pairs
            of a stratum are labeled than it has, a labeled pair is in no stratum, or sizes are not whole numbers of 0
            or more.
        RangeError: `level` is not between 0 and 1, or `draws` is below 1.
        UnsupportedInputError: `predicted` or `truth` is not boolean, or `strata` or `sizes` are not numbers.

    Examples:
        Of 100 links two of four labeled are right, so 50 of 100; of 40 pairs let go one of four should be a link, 10.

        >>> found = estimate_quality([0] * 4 + [1] * 4, [100, 40], [True, False], [1, 1, 0, 0, 1, 0, 0, 0])
        >>> found.precision, round(found.recall, 3), round(found.f1, 3)
        (0.5, 0.833, 0.625)
        >>> found.precision_low < 0.2 < 0.8 < found.precision_high
        True

    References:
        Cochran (1977): Sampling Techniques, 3rd edition, chapters 5 and 6. Wiley.
        Ericson (1969): Subjective Bayesian models in sampling finite populations. JRSS B 31.
        Brown, Cai, DasGupta (2001): Interval estimation for a binomial proportion. Statistical Science 16.
    """
    limits, is_predicted = _whole_numbers("sizes", sizes), flags("predicted", predicted)
    check_lengths("sizes", len(limits), "predicted", len(is_predicted))
    places, is_true = _whole_numbers("strata", strata), flags("truth", truth)
    check_lengths("strata", len(places), "truth", len(is_true))
    if not 0 < level < 1:
        raise RangeError("level", level, 0, 1)
    if draws < 1:
        raise RangeError("draws", draws, 1, math.inf)
    labeled = _labeled(places, limits)
    true = np.bincount(places[is_true], minlength=len(limits))
    estimates = _quality((limits * true / np.maximum(labeled, 1))[None, :], limits, is_predicted)
    drawn = _quality(_possible(limits, labeled, true, draws, seed), limits, is_predicted)
    precision, recall, f1 = (
        _with_interval(float(estimate), figures, level) for (estimate,), figures in zip(estimates, drawn, strict=True)
    )
    return QualityEstimate(*precision, *recall, *f1, level, len(places), int(limits.sum()))


def _shared(labels: Integers, limits: Integers, deviations: Floats, left: int) -> Integers:
    """Return the labels with those that are left given, one by one, to where the next is worth most."""

    def worth(stratum: int) -> tuple[float, float, int]:
        size = float(limits[stratum]) / math.sqrt(labels[stratum] * (labels[stratum] + 1.0))
        return -size * float(deviations[stratum]), -size, stratum

    waiting = [worth(int(stratum)) for stratum in np.flatnonzero(labels < limits)]
    heapify(waiting)
    for _ in range(left):
        *_, stratum = waiting[0]
        labels[stratum] += 1
        if labels[stratum] < limits[stratum]:
            heapreplace(waiting, worth(stratum))
        else:
            heappop(waiting)
    return labels


def _labeled(places: Integers, limits: Integers) -> Integers:
    """Return how many pairs of each stratum are labeled, found to be possible and to tell of every stratum."""
    if outside := int(np.count_nonzero(places >= len(limits))):
        raise ConfigurationError(
            f"{outside:,} of {len(places):,} labeled pairs are in no stratum; sizes names {len(limits):,}, from 0 on"
        )
    labeled = np.bincount(places, minlength=len(limits))
    if over := int(np.count_nonzero(labeled > limits)):
        raise ConfigurationError(
            f"{over:,} of {len(limits):,} strata have more labeled pairs than pairs; give each labeled pair once, and "
            "sizes that count them"
        )
    unknown = (labeled == 0) & (limits > 0)
    if count := int(np.count_nonzero(unknown)):
        raise ConfigurationError(
            f"{count:,} of {len(limits):,} strata, with {int(limits[unknown].sum()):,} pairs, have no labeled pair; "
            "label some of each, or merge strata that got the same decision"
        )
    return labeled


def _possible(limits: Integers, labeled: Integers, true: Integers, draws: int, seed: int) -> Integers:
    """Return how many matches each stratum may hold, a row per draw."""
    random = np.random.default_rng(seed)
    shares = random.beta(true + PRIOR, labeled - true + PRIOR, size=(draws, len(limits)))
    return true + random.binomial(limits - labeled, shares)


def _quality(matches: NDArray[Any], limits: Integers, is_predicted: Flags) -> Floats:
    """Return precision, recall and F1, a row each, where the strata hold so many matches; a column per row of these."""
    found, every = matches[:, is_predicted].sum(axis=1), matches.sum(axis=1)
    said = np.full(len(matches), limits[is_predicted].sum())
    return np.array([_shares(found, said), _shares(found, every), _shares(2 * found, said + every)])


def _shares(part: NDArray[Any], whole: NDArray[Any]) -> Floats:
    """Return `part` of `whole`, 1 where there is nothing to have a share of."""
    shares: Floats = np.divide(part, whole, out=np.ones(len(part)), where=whole > 0)
    return shares


def _with_interval(estimate: float, drawn: Floats, level: float) -> tuple[float, float, float]:
    """Return the estimate, and the ends of the interval of what was drawn that holds it."""
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return estimate, min(float(low), estimate), max(float(high), estimate)


def _whole_numbers(name: str, given: Labels) -> Integers:
    values = numbers(name, given)
    if wrong := int(np.count_nonzero(~((values >= 0) & (values == np.floor(values)) & np.isfinite(values)))):
        raise ConfigurationError(f"{wrong:,} of {len(values):,} values of {name} are not whole numbers of 0 or more")
    return values.astype(np.int64)
