"""Evaluations of scores and probabilities as fragments for notebooks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from identigraph.drawing.curves import chart, charts, curve, diagonal, point
from identigraph.drawing.figures import count, counted, probability, share
from identigraph.drawing.markup import Markup, tag
from identigraph.drawing.page import fragment, stressed, tiles

if TYPE_CHECKING:
    from identigraph.metrics.calibration import Calibration
    from identigraph.metrics.thresholds import ScoreEvaluation


def evaluation(found: ScoreEvaluation) -> str:
    """Return the curves of precision against recall and of the ROC, with the key figures."""
    drawn = [_precision_recall(found)] if found.pairs else []
    drawn += [_roc(found)] if found.true_pairs and found.false_pairs else []
    return fragment(_headline(found.pairs), tiles(_areas(found)), charts(*drawn))


def calibration(found: Calibration) -> str:
    """Return the reliability diagram, with the key figures."""
    return fragment(_headline(found.pairs), tiles(_errors(found)), charts(_reliability(found)))


def _headline(pairs: int) -> Markup:
    figure, noun = stressed(pairs, "pair")
    return tag("p", figure, " labeled" + noun, class_="headline")


def _areas(found: ScoreEvaluation) -> Iterator[tuple[str, str, str]]:
    """Yield the name, the figure and the detail of each tile."""
    matching = found.true_pairs + found.missed
    yield "Matches", count(matching), f"{count(found.missed)} of them never scored"
    yield "Average precision", probability(found.average_precision), "area under precision against recall"
    yield "ROC AUC", probability(found.roc_auc), "a match above one that is none"
    if found.pairs:
        best = found.best()
        yield "Best F1", probability(best.f1), f"at a threshold of {best.threshold:.4g}"


def _precision_recall(found: ScoreEvaluation) -> Markup:
    """Return the steps whose area is the average precision, and the point of the best F1."""
    frame = found.precision_recall
    recall, precision = frame["recall"].to_numpy(), frame["precision"].to_numpy()
    steps = curve(np.repeat(np.append(0.0, recall), 2)[1:-1], np.repeat(precision, 2))
    best = found.best()
    text = f"best F1 at {best.threshold:.4g}: precision {share(best.precision)}, recall {share(best.recall)}"
    return chart("Precision and recall", "recall", "precision", steps, point(best.recall, best.precision, text))


def _roc(found: ScoreEvaluation) -> Markup:
    frame = found.roc
    line = curve(frame["false_positive_rate"].to_numpy(), frame["true_positive_rate"].to_numpy())
    return chart("ROC", "false positive rate", "true positive rate", diagonal(), line)


def _errors(found: Calibration) -> Iterator[tuple[str, str, str]]:
    """Yield the name, the figure and the detail of each tile."""
    yield "Calibration error", probability(found.expected_calibration_error), "probability against share of matches"
    yield "Brier", probability(found.brier), "mean squared error"
    yield "Log loss", probability(found.log_loss), "nats"


def _reliability(found: Calibration) -> Markup:
    """Return a point for each bin, with the interval of its share of matches, and where they should lie."""
    rows = found.bins.filter(found.bins["pairs"] > 0).iter_rows(named=True)
    points = [
        point(
            row["mean_probability"],
            row["share_true"],
            f"{row['from']:.3g}–{row['to']:.3g}: {counted(row['pairs'], 'pair')}, {share(row['share_true'])} match "
            f"({share(row['low'])} to {share(row['high'])})",
            interval=(row["low"], row["high"]),
        )
        for row in rows
    ]
    return chart("Reliability", "match probability", "share of matches", diagonal(), *points)
