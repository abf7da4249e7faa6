"""What each threshold on the scores of a matcher gives: labeled pairs in, precision and recall out.

A pair is predicted to match where its score is at least the threshold. Invariant: only the order of the scores counts,
so match weights and the probabilities made of them get the same figures.
"""

from __future__ import annotations

import math
from typing import Any

import attrs
import numpy as np
import polars as pl
from numpy.typing import NDArray

from identigraph.errors import ConfigurationError, RangeError, UnsupportedInputError
from identigraph.metrics import drawn
from identigraph.metrics.contingency import Labels, check_lengths
from identigraph.metrics.score import harmonic_mean, share

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

EXACT = 2**53
"""The largest sum of whole weights that is counted in whole numbers."""


@attrs.frozen
class ThresholdScore:
    """What one threshold gives.

    Attributes:
        threshold: pairs with at least this score are predicted to match.
        predicted: how many these are; this and the other counts are sums of weights where there are weights.
        true_positives: how many of them do match.
        false_positives: how many do not.
        false_negatives: matching pairs that are not predicted, missed ones included.
        precision: share of the predicted pairs that match; 1 where none is predicted.
        recall: share of the matching pairs that are predicted; 1 where none matches.
        f1: their harmonic mean.
        false_positive_rate: share of the scored pairs that do not match that is predicted; None where there is none.
    """

    threshold: float
    predicted: float
    true_positives: float
    false_positives: float
    false_negatives: float
    precision: float
    recall: float
    f1: float
    false_positive_rate: float | None


@attrs.frozen(eq=False, repr=False)
class ScoreEvaluation:
    """What every threshold on the scores of a matcher gives. Made by `evaluate_scores`.

    Attributes:
        pairs: the number of labeled pairs.
        true_pairs: how many of them match; the sum of their weights where there are weights.
        false_pairs: how many do not, likewise.
        missed: matching pairs that were never scored.
        thresholds: one row per distinct score, highest first, with the fields of `ThresholdScore`.
    """

    pairs: int
    true_pairs: float
    false_pairs: float
    missed: float
    thresholds: pl.DataFrame

    def at(self, threshold: float) -> ThresholdScore:
        """Return what `threshold`, any number, gives.

        Raises:
            ConfigurationError: it is not a number.

        Examples:
            >>> evaluate_scores([3, 1, 2], [True, True, False]).at(1.5).precision
            0.5
        """
        if math.isnan(threshold):
            raise ConfigurationError("threshold is not a number (NaN)")
        predicted_rows = int((self.thresholds["threshold"] >= threshold).sum())
        if predicted_rows:
            return attrs.evolve(self._row(predicted_rows - 1), threshold=threshold)
        missing = self.true_pairs + self.missed
        recall = share(0, missing)
        rate = 0.0 if self.false_pairs else None
        return ThresholdScore(threshold, 0, 0, 0, missing, 1.0, recall, harmonic_mean(1.0, recall), rate)

    def best(self, beta: float = 1.0) -> ThresholdScore:
        """Return what the score with the largest F-beta gives; of several such scores the highest.

        F-beta weighs recall `beta` times as much as precision::

            F = (1 + beta²) precision recall / (beta² precision + recall)
              = (1 + beta²) TP / ((1 + beta²) TP + beta² FN + FP)

        Where it is weak: the threshold is chosen on the pairs it is judged on, so its figures flatter it; judge it on
        other pairs, above all when few are labeled.

        Args:
            beta: above 0; 0.5 where a wrong link is worse than a missed one, 2 for the reverse.

        Raises:
            ConfigurationError: no pair was scored, or `beta` is not a number above 0.

        Examples:
            Predicting 3 and 2 gives TP 1, FP 1, FN 1; all three, TP 2, FP 1; 3 alone, TP 1, FN 1.

            >>> found = evaluate_scores([3, 1, 2], [True, True, False])
            >>> found.best().threshold, found.best(0.5).threshold
            (1.0, 3.0)

        References:
            van Rijsbergen (1979): Information Retrieval, 2nd edition, chapter 7.
        """
        if not 0 < beta < math.inf:
            raise ConfigurationError(f"beta must be a number above 0, got {beta!r}")
        if self.thresholds.is_empty():
            raise ConfigurationError("no pair was scored, so no threshold is best; give labeled pairs")
        tp, fp, fn = (
            self.thresholds[name].to_numpy() for name in ("true_positives", "false_positives", "false_negatives")
        )
        weighed = (1 + beta**2) * tp
        return self._row(int(np.argmax(weighed / (weighed + beta**2 * fn + fp))))

    @property
    def precision_recall(self) -> pl.DataFrame:
        """Precision against recall: ``threshold, recall, precision``, one row per distinct score, highest first."""
        return self.thresholds.select("threshold", "recall", "precision")

    @property
    def roc(self) -> pl.DataFrame:
        """The receiver operating characteristic: ``threshold, false_positive_rate, true_positive_rate``.

        The first row, where nothing is predicted, has no threshold. Only pairs that were scored take part: neither
        missed matches nor the many pairs that blocking spared. A rate of a class without a pair is null.
        """
        columns = {
            "threshold": [None, *self.thresholds["threshold"]],
            "false_positive_rate": _rates(self.thresholds["false_positives"]),
            "true_positive_rate": _rates(self.thresholds["true_positives"]),
        }
        return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.Float64))

    @property
    def average_precision(self) -> float:
        """Average precision: the area under the steps of precision against recall.

        With P and R the precision and recall at each distinct score, highest first, and R₀ = 0::

            average precision = Σᵢ (Rᵢ - Rᵢ₋₁) Pᵢ

        Missed matches are never reached, so it is at most the share of the matches that was scored. It is NaN where no
        pair matches. Its source is Manning, Raghavan and Schütze (2008): Introduction to Information Retrieval, 8.4.
        """
        if not self.true_pairs + self.missed:
            return math.nan
        steps = np.diff(self.thresholds["recall"].to_numpy(), prepend=0.0)
        return float(steps @ self.thresholds["precision"].to_numpy())

    @property
    def roc_auc(self) -> float:
        """The area under the ROC curve: the chance that a matching pair scores above one that does not match.

        Over all such twos of scored pairs, those with equal scores counting one half (the trapezoidal rule)::

            area = P(s > s') + P(s = s') / 2

        It is NaN where a class has no pair. Where it is weak: pairs that do not match are many and mostly easy, so it
        is near 1 for useful and useless matchers alike; look at `average_precision`. Its source is Hanley and McNeil
        (1982): The meaning and use of the area under a receiver operating characteristic curve. Radiology 143.
        """
        if not (self.true_pairs and self.false_pairs):
            return math.nan
        curve = self.roc
        return float(np.trapezoid(curve["true_positive_rate"], curve["false_positive_rate"]))

    def _row(self, row: int) -> ThresholdScore:
        return ThresholdScore(**self.thresholds.row(row, named=True))

    def __repr__(self) -> str:
        """Return the counts and the two areas."""
        return (
            f"<ScoreEvaluation: {self.pairs:,} labeled pairs, {self.true_pairs:,.0f} true, {self.missed:,.0f} missed; "
            f"average precision {self.average_precision:.3f}, ROC AUC {self.roc_auc:.3f}>"
        )

    def _repr_html_(self) -> str:
        """Return both curves and the key figures, for a notebook."""
        return drawn.evaluation(self)


def evaluate_scores(
    scores: Labels, truth: Labels, *, weights: Labels | None = None, missed: float = 0
) -> ScoreEvaluation:
    """Return what each threshold gives: precision, recall, F1 and the curves they draw.

    With TP, FP and FN the pairs rightly and wrongly predicted and the matching ones not predicted::

        precision = TP / (TP + FP)      recall = TP / (TP + FN)      F1 = 2 TP / (2 TP + FP + FN)

    Where it is weak: it speaks of the pairs that were labeled. If these were not drawn at random, say with `weights`
    how many pairs each stands for, or see `estimate_quality`.

    Args:
        scores: the score of each labeled pair, higher where a match is likelier: match weights or probabilities.
        truth: whether each pair is a match.
        weights: how many pairs each labeled pair stands for, above 0; 1 unless told.
        missed: matching pairs that were never scored, say lost at blocking; they count in recall.

    Raises:
        ConfigurationError: lengths differ, scores or truth are missing (null or NaN), or weights are not above 0.
        RangeError: `missed` is negative or not finite.
        UnsupportedInputError: scores or weights are not numbers, or truth is not boolean.

    Examples:
        Above 2.5 one pair is predicted, rightly; a second matching pair scores 1, and one was never scored.

        >>> found = evaluate_scores([3, 1, 2], [True, True, False], missed=1)
        >>> found
        <ScoreEvaluation: 3 labeled pairs, 2 true, 1 missed; average precision 0.556, ROC AUC 0.500>
        >>> found.thresholds.select("threshold", "predicted", "precision", "recall").rows()[:2]
        [(3.0, 1, 1.0, 0.3333333333333333), (2.0, 2, 0.5, 0.3333333333333333)]

    References:
        Christen (2012): Data Matching, chapter 7. Springer.
    """
    values, is_true = numbers("scores", scores), flags("truth", truth)
    check_lengths("scores", len(values), "truth", len(is_true))
    amounts = pair_weights(weights, len(values))
    if not 0 <= missed < math.inf:
        raise RangeError("missed", missed, 0, math.inf)
    table = _threshold_table(values, is_true, amounts, missed)
    true, false = (table[name][-1] if len(values) else 0 for name in ("true_positives", "false_positives"))
    return ScoreEvaluation(len(values), true, false, missed, table)


def numbers(name: str, given: Labels) -> Floats:
    """Return them as an array, none missing.

    Raises:
        ConfigurationError: some are null or NaN.
        UnsupportedInputError: they are not numbers.

    Examples:
        >>> numbers("scores", [1, 2]).tolist()
        [1.0, 2.0]
    """
    series = _series(given)
    if series is None or not (series.dtype.is_numeric() or series.dtype == pl.Null):
        raise UnsupportedInputError(given, f"numbers for {name}")
    return _complete(name, series.cast(pl.Float64).fill_nan(None)).to_numpy()


def flags(name: str, given: Labels) -> Flags:
    """Return them as an array, none missing; 0 and 1 will do for booleans.

    Raises:
        ConfigurationError: some are null.
        UnsupportedInputError: they are not booleans.

    Examples:
        >>> flags("truth", [0, 1]).tolist()
        [False, True]
    """
    series = _series(given)
    is_bits = series is not None and series.dtype.is_integer() and series.is_between(0, 1).all()
    if series is None or not (is_bits or series.dtype in {pl.Boolean, pl.Null}):
        raise UnsupportedInputError(given, f"booleans for {name}")
    return _complete(name, series.cast(pl.Boolean)).to_numpy()


def pair_weights(weights: Labels | None, pairs: int) -> NDArray[Any]:
    """Return how many pairs each labeled pair stands for, 1 unless told; integers stay integers.

    Raises:
        ConfigurationError: there is not one for each, or they are not above 0 and finite.

    Examples:
        >>> pair_weights(None, 2).tolist(), pair_weights([2.5, 1], 2).tolist()
        ([1, 1], [2.5, 1.0])
    """
    if weights is None:
        return np.ones(pairs, dtype=np.int64)
    given = numbers("weights", weights)
    check_lengths("weights", len(given), "truth", pairs)
    if wrong := int(np.count_nonzero((given <= 0) | np.isinf(given))):
        raise ConfigurationError(
            f"{wrong:,} of {pairs:,} weights are not above 0 and finite; leave out pairs that stand for none"
        )
    is_whole = (given == np.floor(given)).all() and given.sum() < EXACT
    return given.astype(np.int64) if is_whole else given


def _series(given: Labels) -> pl.Series | None:
    """Return what is given as a series, whole numbers and fractions mixed as fractions; None if that cannot be."""
    if given is None or isinstance(given, str | bytes):
        return None
    plain = given.tolist() if isinstance(given, np.ndarray) and given.dtype == object else given
    try:
        return pl.Series(values=plain, strict=False)
    except TypeError:
        return None


def _complete(name: str, series: pl.Series) -> pl.Series:
    """Return the series, found to have no null."""
    if missing := series.null_count():
        raise ConfigurationError(
            f"{missing:,} of {len(series):,} values of {name} are missing (null or NaN); leave out these pairs"
        )
    return series


def _threshold_table(values: Floats, is_true: Flags, amounts: NDArray[Any], missed: float) -> pl.DataFrame:
    """Return one row per distinct score, highest first."""
    order = np.argsort(-values, kind="stable")
    ordered = values[order]
    ends = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], [True])[: len(ordered)])
    tp = np.cumsum(np.where(is_true, amounts, 0)[order])[ends]
    fp = np.cumsum(np.where(is_true, 0, amounts)[order])[ends]
    fn = tp[-1:] - tp + missed
    matching = tp[-1:] + missed
    return pl.DataFrame(
        {
            "threshold": ordered[ends],
            "predicted": tp + fp,
            "true_positives": tp,
            "false_positives": fp,
            "false_negatives": fn,
            "precision": tp / (tp + fp),
            "recall": tp / matching if matching.any() else np.ones(len(tp)),
            "f1": 2 * tp / (2 * tp + fp + fn),
            "false_positive_rate": _rates(pl.Series(fp))[1:],
        }
    )


def _rates(cumulated: pl.Series) -> pl.Series:
    """Return 0 and then the cumulated counts as shares of their last; nulls where that is 0."""
    counts = pl.concat([pl.Series([0.0]), cumulated.cast(pl.Float64)])
    total = counts[-1]
    return counts / total if total else pl.Series([None] * len(counts), dtype=pl.Float64)
