"""What a store holds in memory: a resolution, the numbers of its records, and what people decided."""

from __future__ import annotations

import json

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.identity import JudgementLog, Register
from identigraph.pairs import Pairs
from identigraph.resolution import Resolution

Ints = npt.NDArray[np.int64]


@attrs.frozen(eq=False, repr=False)
class State:
    """The state of a store after a change.

    Args:
        resolution: records, evidence, entities.
        numbers: shape (records,): the number of the version of each record; rising with the order of arrival.
        log: the judgements of people.
        change: the number of the last change.
        highest: the highest number ever given to a record.
    """

    resolution: Resolution
    numbers: Ints
    log: JudgementLog = attrs.field(factory=JudgementLog)
    change: int = 0
    highest: int = 0

    @classmethod
    def first(cls, resolution: Resolution) -> State:
        """Return the state of a store that begins with a resolution."""
        numbers = resolution.records.position + 1
        return cls(resolution, numbers, highest=len(numbers))

    def followed(self, resolution: Resolution, log: JudgementLog) -> State:
        """Return the state after an update of the resolution."""
        before, came = resolution.row_before, resolution.row_before < 0
        numbers = np.empty(len(before), dtype=np.int64)
        numbers[~came] = self.numbers[before[~came]]
        arrival = np.argsort(resolution.records.position[came], kind="stable")
        numbers[np.flatnonzero(came)[arrival]] = self.highest + 1 + np.arange(int(came.sum()))
        return State(resolution, numbers, log, self.change + 1, self.highest + int(came.sum()))

    @property
    def register(self) -> Register:
        """Every id that was issued, and what became of it."""
        return self.resolution.register

    @property
    def pairs(self) -> pl.DataFrame:
        """One row per scored pair, by number: ``one, other, pattern, weight, probability``."""
        scored, patterns = self.resolution.scored, self.resolution.patterns
        asked = pl.repeat(None, len(scored) - len(patterns), dtype=pl.Int64, eager=True)
        told = {
            "pattern": pl.concat([pl.Series(patterns, dtype=pl.Int64), asked]),
            "weight": scored.match_weight.astype(np.float64),
            "probability": scored.match_probability.astype(np.float64),
        }
        return self._numbered(Pairs(scored.left, scored.right)).with_columns(**told)

    @property
    def siblings(self) -> pl.DataFrame:
        """One row per pair of siblings, by number: ``one, other, probability``."""
        found = self.resolution.siblings
        return self._numbered(found.pairs).with_columns(probability=pl.Series(found.probability))

    @property
    def records(self) -> pl.DataFrame:
        """One row per record: ``number, source, record_id, content``, the last a JSON list of its columns."""
        table = self.resolution.records
        keys = table.row_keys(np.arange(len(table)))
        content = [json.dumps(row, ensure_ascii=False) for row in table.table.iter_rows()]
        return keys.with_columns(number=pl.Series(self.numbers), content=pl.Series(content, dtype=pl.String))

    def _numbered(self, pairs: Pairs) -> pl.DataFrame:
        one, other = self.numbers[pairs.left], self.numbers[pairs.right]
        return pl.DataFrame({"one": np.minimum(one, other), "other": np.maximum(one, other)})
