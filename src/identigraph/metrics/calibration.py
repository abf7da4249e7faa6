"""Whether probabilities mean what they say: of the pairs given 0.8, do 80 % match?"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Literal

import attrs
import numpy as np
import polars as pl
from numpy.typing import NDArray

from identigraph.errors import ConfigurationError
from identigraph.metrics import drawn
from identigraph.metrics.contingency import Integers, Labels, check_lengths
from identigraph.metrics.thresholds import Flags, Floats, flags, numbers, pair_weights

LEVEL = 0.95
"""Level of the intervals of shares."""
CLIP = 1e-15
"""How far from 0 and 1 probabilities are held for the logarithm."""


@attrs.frozen(eq=False, repr=False)
class Calibration:
    """How match probabilities agree with the truth. Made by `calibration`.

    Attributes:
        pairs: the number of labeled pairs.
        bins: one row per bin, lowest first: ``from, to, pairs, weight, mean_probability, share_true, low, high``.
            ``pairs`` counts the labeled pairs, ``weight`` what they stand for; ``low`` and ``high`` are the Wilson
            interval of ``share_true`` at 95 %. A bin without a pair has nulls.
        brier: the mean squared difference of probability and truth; 0 at best, 0.25 for 0.5 throughout.
        log_loss: the mean of -ln of the probability given to what is true; 0 at best, 0.69 for 0.5 throughout.
    """

    pairs: int
    bins: pl.DataFrame
    brier: float
    log_loss: float

    @property
    def expected_calibration_error(self) -> float:
        """How far apart probability and share of matches are, in the average pair's bin; NaN without a pair.

        With w the weight of a bin and W that of all::

            ECE = Σ w/W |mean probability - share true|

        Where it is weak: it depends on the bins, and is above 0 by chance alone where these hold few pairs. Its source
        is Naeini, Cooper and Hauskrecht (2015): Obtaining well calibrated probabilities using Bayesian binning. AAAI.
        """
        filled = self.bins.drop_nulls()
        apart = (filled["mean_probability"] - filled["share_true"]).abs()
        return _mean(apart.to_numpy(), filled["weight"].to_numpy())

    def __repr__(self) -> str:
        """Return the key figures."""
        return (
            f"<Calibration: {self.pairs:,} labeled pairs in {self.bins.height:,} bin{'s'[: self.bins.height != 1]}, "
            f"Brier {self.brier:.3f}, log loss {self.log_loss:.3f}, "
            f"calibration error {self.expected_calibration_error:.3f}>"
        )

    def _repr_html_(self) -> str:
        """Return the reliability diagram and the key figures, for a notebook."""
        return drawn.calibration(self)


def calibration(
    probabilities: Labels,
    truth: Labels,
    *,
    bins: int = 10,
    by: Literal["width", "count"] = "width",
    weights: Labels | None = None,
) -> Calibration:
    """Return how match probabilities agree with the truth.

    With p the probability of a pair, y its truth (1 or 0) and averages over all pairs::

        Brier = mean of (p - y)²        log loss = mean of -ln(p if y else 1 - p)

    A matcher can rank pairs well (see `evaluate_scores`) and yet be badly calibrated: the order of probabilities says
    nothing of their size.

    Args:
        probabilities: the match probability of each labeled pair, 0..1. For the logarithm they are held within
            1e-15..1 - 1e-15, so being sure and wrong costs 34.5 and not infinity.
        truth: whether each pair is a match.
        bins: how many bins, at least 1.
        by: ``"width"`` for bins of equal width, from 0 to 1, each with its lower edge and without its upper one, the
            last with both; ``"count"`` for bins of about as many labeled pairs each, that reach from the smallest to
            the largest probability in them. Equal probabilities share a bin, so there may be fewer bins.
        weights: how many pairs each labeled pair stands for, above 0; 1 unless told. Intervals then rest on Kish's
            effective number of pairs, (Σw)² / Σw².

    Returns:
        The calibration; without a pair, all measures are NaN.

    Raises:
        ConfigurationError: lengths differ, values are missing (null or NaN), probabilities lie outside 0..1, weights
            are not above 0, or `bins` or `by` is none of those named.
        UnsupportedInputError: probabilities or weights are not numbers, or truth is not boolean.

    Examples:
        Of the three pairs around 0.8 two match, of the one at 0.2 none does.

        >>> found = calibration([0.8, 0.7, 0.9, 0.2], [True, True, False, False], bins=2)
        >>> found.bins.select("from", "to", "pairs", "share_true").rows()
        [(0.0, 0.5, 1, 0.0), (0.5, 1.0, 3, 0.6666666666666666)]
        >>> round(found.brier, 3), round(found.expected_calibration_error, 3)
        (0.245, 0.15)

    References:
        Brier (1950): Verification of forecasts expressed in terms of probability. Monthly Weather Review 78.
        Wilson (1927): Probable inference, the law of succession, and statistical inference. JASA 22.
        Kish (1965): Survey Sampling. Wiley.
    """
    p, y = numbers("probabilities", probabilities), flags("truth", truth)
    check_lengths("probabilities", len(p), "truth", len(y))
    if outside := int(np.count_nonzero((p < 0) | (p > 1))):
        raise ConfigurationError(f"{outside:,} of {len(p):,} probabilities lie outside 0..1")
    if isinstance(bins, bool) or not isinstance(bins, int) or bins < 1:
        raise ConfigurationError(f"bins must be a whole number of at least 1, got {bins!r}")
    if by not in {"width", "count"}:
        raise ConfigurationError(f"by must be 'width' or 'count', got {by!r}")
    w = pair_weights(weights, len(p)).astype(np.float64)
    table = _by_width(p, y, w, bins) if by == "width" else _by_count(p, y, w, bins)
    given = np.clip(np.where(y, p, 1 - p), CLIP, 1 - CLIP)
    return Calibration(len(p), table, _mean((p - y) ** 2, w), _mean(-np.log(given), w))


def wilson(share_true: Floats, pairs: Floats, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Return the Wilson interval of shares found among so many pairs each.

    With z the normal quantile of the level, p the share and n the pairs::

        (p + z²/2n ± z √(p(1 - p)/n + z²/4n²)) / (1 + z²/n)

    Examples:
        >>> low, high = wilson(np.array([0.5]), np.array([10.0]))
        >>> round(float(low[0]), 3), round(float(high[0]), 3)
        (0.237, 0.763)
    """
    z2 = NormalDist().inv_cdf((1 + level) / 2) ** 2
    middle = share_true + z2 / (2 * pairs)
    half = np.sqrt(z2 * (share_true * (1 - share_true) / pairs + z2 / (4 * pairs**2)))
    scale = 1 + z2 / pairs
    return np.clip((middle - half) / scale, 0, share_true), np.clip((middle + half) / scale, share_true, 1)


def _by_width(p: Floats, y: Flags, w: Floats, bins: int) -> pl.DataFrame:
    edges = np.linspace(0, 1, bins + 1)
    places = np.minimum(np.searchsorted(edges, p, side="right") - 1, bins - 1)
    return _table(edges[:-1], edges[1:], places, p, y, w)


def _by_count(p: Floats, y: Flags, w: Floats, bins: int) -> pl.DataFrame:
    ordered = np.sort(p)
    starts = np.unique(ordered[np.arange(bins) * len(p) // bins]) if len(p) else ordered
    ends = ordered[np.searchsorted(ordered, starts[1:]) - 1]
    places = np.searchsorted(starts, p, side="right") - 1
    return _table(starts, np.append(ends, ordered[-1:]), places, p, y, w)


def _table(start: Floats, end: Floats, places: Integers, p: Floats, y: Flags, w: Floats) -> pl.DataFrame:
    """Return one row per bin, the `places` being the bin of each pair."""
    bins = len(start)
    pairs = np.bincount(places, minlength=bins)
    weight, probable, true, squares = (
        np.bincount(places, weights=values, minlength=bins).astype(np.float64) for values in (w, w * p, w * y, w**2)
    )
    filled = np.flatnonzero(pairs)
    n = weight[filled] ** 2 / squares[filled]
    share_true = true[filled] / weight[filled]
    low, high = wilson(share_true, n)
    columns = {
        "mean_probability": probable[filled] / weight[filled],
        "share_true": share_true,
        "low": low,
        "high": high,
    }
    frame = pl.DataFrame({"from": start, "to": end, "pairs": pairs, "weight": weight})
    return frame.with_columns(pl.Series(name, _spread(values, filled, bins)) for name, values in columns.items())


def _spread(values: Floats, at: NDArray[np.intp], length: int) -> pl.Series:
    """Return the values at their places, nulls elsewhere."""
    whole = np.full(length, np.nan)
    whole[at] = values
    return pl.Series(whole).fill_nan(None)


def _mean(values: Floats, weights: Floats) -> float:
    return float(values @ weights / weights.sum()) if len(values) else math.nan
