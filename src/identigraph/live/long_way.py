"""The long way of a live index: what one record finds among all others, asked of tables."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from identigraph.blocking.touching import touching
from identigraph.comparing import Comparison
from identigraph.identity.events import Key
from identigraph.live.engine import Candidate
from identigraph.live.verdicts import Verdict
from identigraph.records import Records
from identigraph.records.joining import joined_records
from identigraph.records.rows import Rows
from identigraph.resolution import Resolution
from identigraph.scoring import scored_pairs


def candidates_among(resolution: Resolution, key: Key, columns: Mapping[str, str | None]) -> list[Candidate]:
    """Return the scored pairs that one more record would have, by the rows of the others; nothing changes.

    Args:
        resolution: the others.
        key: of the record; its id may be empty.
        columns: its columns as text.
    """
    resolver, before = resolution.resolver, resolution.records
    came = resolver.reading(Records.of_rows(_row(before, key, columns)))
    records = joined_records(before, came)
    new = records.position == records.position.max()
    proposed = resolver.blocking.candidates(records)
    pairs = touching(resolver.linkable(records, proposed), new, ())
    pairs = pairs.where(new[pairs.left] | new[pairs.right])
    comparison = Comparison(resolver.comparators)
    scored = scored_pairs(
        resolver.matcher, comparison, records, [(pairs, comparison.patterns(records, pairs))], resolver.keep
    )
    row = np.flatnonzero(new)[0]
    others = np.where(scored.pairs.left == row, scored.pairs.right, scored.pairs.left)
    others = others - (others > row)  # the rows of the others keep their order
    told = (others, scored.packed, scored.pairs.match_weight, scored.pairs.match_probability)
    return [
        Candidate(slot, pattern, Verdict(weight, weight, chance))
        for slot, pattern, weight, chance in zip(*(column.tolist() for column in told), strict=True)
    ]


def _row(records: Records, key: Key, columns: Mapping[str, str | None]) -> Rows:
    """Return one record as rows of the table that others are from."""
    names = records.table.columns
    content = pl.DataFrame({name: [columns.get(name)] for name in names}, schema=dict.fromkeys(names, pl.String))
    typed = pl.Series([key[1] or "0"], dtype=pl.String).cast(records.ids.dtype)
    return Rows(content, typed, pl.Series([key[0]]), records.has_ids, records.has_sources, records.lists)
