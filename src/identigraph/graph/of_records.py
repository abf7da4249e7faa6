"""The identity graph of records: their features as identifiers, their scored pairs as evidence."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from identigraph.encoding import Codes, Encoded
from identigraph.graph.clusters import ScoredPairs
from identigraph.graph.identity_graph import IdentityGraph
from identigraph.graph.judgements import Judgements, judged, read_verdicts
from identigraph.graph.keys import Keys
from identigraph.graph.namespaces import Namespace
from identigraph.graph.reading import times_of
from identigraph.graph.sightings import Sightings
from identigraph.records import Records
from identigraph.records.id_pairs import IdPairs
from identigraph.records.tables import read

Ints = npt.NDArray[np.int64]


def graph_of(
    records: Records,
    scored: ScoredPairs,
    *,
    namespaces: tuple[Namespace, ...] = (),
    observed_at: str | None = None,
    judgements: Judgements | None = None,
    one_per_source: bool = False,
) -> IdentityGraph:
    """Return the graph of records: nodes are numbered like the records.

    Args:
        records: the records, with their fields.
        scored: pairs of them.
        namespaces: what their identifiers may do; each reads the feature or column of its name, or of `column`.
        observed_at: the column that says when a record was observed.
        judgements: what people said about pairs.
        one_per_source: whether an entity has at most one record of each source.

    Raises:
        ColumnNotFoundError: a namespace reads a feature that the records do not have.

    Examples:
        >>> records = Records.of({"login": ["ann", "bob", "ann"]})
        >>> graph_of(records, ScoredPairs.none(), namespaces=(Namespace("login"),))
        <IdentityGraph: 3 records, 1 namespace with 3 identifiers>
    """
    times = times_of(records.table, observed_at)
    attributes = {
        space.generic.attribute: records.column(space.generic.attribute)
        for space in namespaces
        if space.generic is not None
    }
    apart: Codes | None = records.sources.codes if one_per_source else None
    return IdentityGraph(
        Keys(records.row_keys(np.arange(len(records)))),
        scored,
        tuple(_sightings(records, space, times) for space in namespaces),
        Judgements() if judgements is None else judgements,
        apart,
        attributes,
    )


def judgements_of(records: Records, table: Any) -> Judgements:
    """Return judgements about records.

    Args:
        records: the records.
        table: any table with the columns ``left_id, right_id, judgement``, and ``left_source, right_source`` where ids
            are unique in their source only; further columns are kept.

    Raises:
        ColumnNotFoundError, ConfigurationError, UnknownIdError: it is no such table, or names no such records.
    """
    frame = read(table)
    named = [name for name in ("left_id", "right_id", "left_source", "right_source") if name in frame.columns]
    left, right = IdPairs.of(frame, what="judgements").rows(records, what="judgements")
    told = frame.drop([*named, "judgement"], strict=False)
    return judged(left.astype(np.int64), right.astype(np.int64), read_verdicts(frame), told)


def _sightings(records: Records, namespace: Namespace, times: Ints) -> Sightings:
    """Return who carries which values of a feature; lists give several to one record."""
    carried = records.elements(namespace.source_column)
    raw = Encoded(carried.codes, carried.values)
    return Sightings.of(namespace, carried.rows, raw, times[carried.rows])
