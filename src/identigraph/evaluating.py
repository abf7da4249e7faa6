"""How good a matcher is, judged by the truth: curves, thresholds, calibration, and its errors with their evidence."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.comparing import Comparison, compare
from identigraph.encoding import encode
from identigraph.errors import ColumnNotFoundError, ConfigurationError
from identigraph.matching.labels import Labels
from identigraph.metrics.calibration import Calibration, calibration
from identigraph.metrics.thresholds import ScoreEvaluation, evaluate_scores
from identigraph.pairs import Pairs
from identigraph.records import Records
from identigraph.records.tables import as_text, read
from identigraph.resolution import Resolution
from identigraph.table import Table


@attrs.frozen(eq=False, repr=False)
class MatcherEvaluation:
    """How a matcher scores pairs whose truth is known; made by `evaluate`.

    Args:
        resolution: whose matcher is judged.
        pairs: the pairs.
        match_probability: shape (pairs,).
        truth: shape (pairs,): whether each is of one entity.
        missed: true pairs that were not scored, or not kept.
    """

    resolution: Resolution
    pairs: Pairs
    match_probability: npt.NDArray[np.float64]
    truth: npt.NDArray[np.bool_]
    missed: int

    @cached_property
    def scores(self) -> ScoreEvaluation:
        """Precision, recall and F1 at every threshold on the match probability; both curves, and areas under them."""
        return evaluate_scores(self.match_probability, self.truth, missed=self.missed)

    @cached_property
    def calibration(self) -> Calibration:
        """Whether match probabilities are what they say."""
        return calibration(self.match_probability, self.truth)

    def errors(self, n: int = 20, *, threshold: float = 0.5) -> Table:
        """Return the worst errors, the surest first, with what the matcher says for each.

        Args:
            n: how many.
            threshold: the match probability from which on a pair is taken for a match.

        Returns:
            a table ``left_id, right_id, match_probability, error, evidence``, with sources where there are some;
            ``error`` is *false match* or *missed match*, ``evidence`` one line per comparator: bits, name and level. It
            holds no value of a record; look these up by the ids.
        """
        taken = self.match_probability >= threshold
        wrong = np.flatnonzero(taken != self.truth)
        surest = wrong[np.argsort(-np.abs(self.match_probability[wrong] - threshold), kind="stable")[:n]]
        keys = self.resolution.pair_keys(self.pairs.left[surest], self.pairs.right[surest])
        said = np.where(taken[surest], "false match", "missed match")
        columns = [
            pl.Series("match_probability", self.match_probability[surest]),
            pl.Series("error", said.tolist(), dtype=pl.String),
            pl.Series("evidence", self._evidence(surest), dtype=pl.String),
        ]
        return Table("errors", keys.with_columns(columns))

    def _evidence(self, places: npt.NDArray[np.intp]) -> list[str]:
        resolver, records = self.resolution.resolver, self.resolution.records
        pairs = Pairs(self.pairs.left[places], self.pairs.right[places])
        compared = compare(records, pairs, Comparison(resolver.comparators))
        return [str(resolver.matcher.explain(compared[i])) for i in range(len(compared))]

    def __repr__(self) -> str:
        """Return the counts and the best threshold."""
        if not len(self.truth):
            return "<MatcherEvaluation: no pairs>"
        best = self.scores.best()
        return (
            f"<MatcherEvaluation: {len(self.truth):,} pairs, {int(self.truth.sum()):,} true, {self.missed:,} missed; "
            f"best F1 {best.f1:.3f} from probability {best.threshold:.3f}>"
        )

    def _repr_html_(self) -> str:
        """Return curves, calibration and key figures, for a notebook."""
        return self.scores._repr_html_() + self.calibration._repr_html_()


def evaluate(resolution: Resolution, truth: Any) -> MatcherEvaluation:
    """Return how the matcher of a resolution scores pairs whose truth is known.

    Args:
        resolution: what was resolved.
        truth: either the true entity of records, a table ``record_id, entity_id``, with ``source`` where ids are unique
            in their source only; pairs of records without one are left out. Then all pairs that were kept are judged,
            and true pairs that were not are *missed*. Or labels: a table ``left_id, right_id, match``, or `Labels`;
            then these pairs are scored and judged, and nothing is missed.

    Raises:
        ColumnNotFoundError: a column is missing.
        ConfigurationError: a record has two entities, or none of the records has one.
        UnknownIdError: labels name ids that no record has.

    Examples:
        >>> from identigraph.datasets import customers
        >>> from identigraph.resolver import resolve
        >>> made = customers(300, seed=1)
        >>> result = resolve(made.records, id="record_id", source="source")
        >>> judged = evaluate(result, made.truth)
        >>> judged.scores.best().f1 > 0.8, judged.errors(3).columns[-2:]
        (True, ['error', 'evidence'])
    """
    if isinstance(truth, Labels):
        return _by_labels(resolution, truth)
    table = read(truth)
    return _by_labels(resolution, Labels.of(table)) if "match" in table.columns else _by_entities(resolution, table)


def _by_labels(resolution: Resolution, labels: Labels) -> MatcherEvaluation:
    resolver = resolution.resolver
    left, right = labels.pairs.rows(resolution.records, what="labels")
    pairs = Pairs.of(left, right)
    weights = resolver.matcher.score(compare(resolution.records, pairs, Comparison(resolver.comparators)))
    return MatcherEvaluation(resolution, pairs, resolver.matcher.probabilities(weights), labels.match, 0)


def _by_entities(resolution: Resolution, table: pl.DataFrame) -> MatcherEvaluation:
    entity = _entities(resolution.records, table)
    scored = resolution.scored
    known = (entity[scored.left] >= 0) & (entity[scored.right] >= 0)
    pairs = Pairs(scored.left[known], scored.right[known])
    truth = entity[pairs.left] == entity[pairs.right]
    sizes = np.bincount(entity[entity >= 0]).astype(np.int64)
    missed = int((sizes * (sizes - 1) // 2).sum()) - int(truth.sum())
    probability = scored.match_probability[known].astype(np.float64)
    return MatcherEvaluation(resolution, pairs, probability, truth, missed)


def _entities(records: Records, table: pl.DataFrame) -> npt.NDArray[np.int32]:
    """Return the true entity of each record as a code, -1 where it is not known."""
    on = ["record_id", "source"] if "source" in table.columns and records.has_sources else ["record_id"]
    for name in (*on, "entity_id"):
        if name not in table.columns:
            raise ColumnNotFoundError(name, table.columns, where=" of the truth")
    known = as_text(table.select(*on, "entity_id")).drop_nulls("entity_id").unique()
    repeated = int(known.select(on).is_duplicated().sum())
    if repeated:
        raise ConfigurationError(
            f"{repeated:,} rows of the truth give a record two entities; name sources, or drop them"
        )
    keys = as_text(records.row_keys(np.arange(len(records))))
    found = keys.join(known, on=on, how="left", maintain_order="left").get_column("entity_id")
    if found.null_count() == len(found):
        raise ConfigurationError("the truth names none of the records; are its ids those of the records?")
    return encode(found).codes
