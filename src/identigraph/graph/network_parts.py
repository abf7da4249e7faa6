"""The nodes and edges of a graph of networkx as arrays of row numbers: what `from_networkx` reads.

Nodes and edges come with attributes, any of which may be missing on any of them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from numbers import Integral, Real
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.encoding import Codes, Encoded, encode, run_starts
from identigraph.errors import ColumnTypeError, ConfigurationError, UnsupportedInputError
from identigraph.graph.clusters import ScoredPairs
from identigraph.graph.judgements import VERDICTS, Judgements, judged
from identigraph.graph.keys import Keys
from identigraph.graph.namespaces import Namespace
from identigraph.graph.reading import WEIGHTS, as_times, read_weights
from identigraph.graph.sightings import NEVER, Sightings
from identigraph.odds import log2_odds
from identigraph.pairs import Pairs

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Told = Mapping[str, Any]
Nodes = Mapping[Hashable, Told]
Edge = tuple[Any, Any, Told]

RECORD, IDENTIFIER = "record", "identifier"
"""The kinds of nodes."""
SCORED, CARRIES = "scored", "carries"
"""The kinds of edges, beside `VERDICTS`."""
ATTRIBUTE, TOLD = "attribute.", "told."
"""What the names of attributes of records, and of further columns of judgements, begin with."""
TIMES = (str, Real, date)
"""What times may be; each sort is read as a column of its own."""


@attrs.frozen
class Edges:
    """The edges of a network, by what they say.

    Args:
        carried: record number, name of a value, and attributes.
        scored, judged: two record numbers, and attributes.
    """

    carried: list[Edge]
    scored: list[Edge]
    judged: list[Edge]


def named_by(nodes: Nodes, attribute: str, *, own: bool) -> dict[Hashable, Any]:
    """Return an attribute of each node; where it is missing the node's name, or ``""`` in a network of our own.

    Examples:
        >>> named_by({"a": {"value": "x"}, "b": {}}, "value", own=False)
        {'a': 'x', 'b': 'b'}
    """
    return {name: told.get(attribute, "" if own else name) for name, told in nodes.items()}


def numbered(records: Nodes, *, own: bool) -> tuple[Keys, dict[Hashable, int]]:
    """Return the keys of records, and the number of each node.

    Raises:
        UnsupportedInputError: an id is neither text nor a whole number.
        ConfigurationError: two nodes are one record.
    """
    ids = list(named_by(records, "record_id", own=own).values())
    for each in ids:
        if isinstance(each, bool) or not isinstance(each, str | Integral):
            raise UnsupportedInputError(each, "ids of records as text or whole numbers, in record_id or as names")
    whole = bool(ids) and not any(isinstance(each, str) for each in ids)
    column = pl.Series([int(each) if whole else str(each) for each in ids], dtype=pl.Int64 if whole else pl.String)
    sources = pl.Series([str(told.get("source", "")) for told in records.values()], dtype=pl.String)
    mentioned = pl.DataFrame({"source": sources, "record_id": column})
    keys = Keys.of([mentioned])
    if len(keys) < len(mentioned):
        raise ConfigurationError(f"{len(mentioned):,} nodes are {len(keys):,} records: no two may share source and id")
    return keys, dict(zip(records, keys.numbers(mentioned).tolist(), strict=True))


def edges_of(edges: Iterable[tuple[Hashable, Hashable, Told]], number: Mapping[Hashable, int]) -> Edges:
    """Return edges by what they say; nodes without a number are values.

    Raises:
        ConfigurationError: an edge between a record and a value says something else than that the one carries the
            other, one between records says that, or an edge joins values.

    Examples:
        >>> edges_of([("a", "x", {}), ("b", "a", {})], {"a": 0, "b": 1})
        Edges(carried=[(0, 'x', {})], scored=[(1, 0, {})], judged=[])
    """
    found = Edges([], [], [])
    wrong = 0
    for left, right, told in edges:
        one, other = (left, right) if left in number else (right, left)
        kind = told.get("kind")
        if one in number and other not in number and kind not in (SCORED, *VERDICTS):
            found.carried.append((number[one], other, told))
        elif one in number and other in number and kind != CARRIES:
            part = found.judged if kind in VERDICTS else found.scored
            part.append((number[one], number[other], told))
        else:
            wrong += 1
    if wrong:
        told_what = "edges join records with records, or as 'carries' a record with a value it carries"
        raise ConfigurationError(f"{told_what}; {wrong:,} do neither")
    return found


def scored_of(edges: Sequence[Edge]) -> ScoredPairs:
    """Return edges as scored pairs; of edges between the same records the strongest.

    Raises:
        ConfigurationError: an edge joins a record with itself, or its weight is no number.
        RangeError: probabilities or weights outside 0 to 1.

    Examples:
        >>> scored_of([(1, 0, {"weight": 0.5}), (0, 1, {"match_weight": 2.0})]).match_probability.tolist()
        [0.800000011920929]
    """
    pairs = Pairs.of([edge[0] for edge in edges], [edge[1] for edge in edges])
    told = [edge[2] for edge in edges]
    probability = _probabilities(told)
    codes = pairs.codes()
    order = np.lexsort((-probability, codes))
    first = order[run_starts(codes[order])]
    kept = probability[first].astype(np.float32)
    bits = [_number(told[i].get("match_weight") if "match_probability" in told[i] else None) for i in first.tolist()]
    given = np.array(bits, dtype=np.float64)
    weight = np.where(np.isnan(given), log2_odds(kept), given).astype(np.float32)
    return ScoredPairs(pairs.left[first], pairs.right[first], weight, kept)


def judged_of(edges: Sequence[Edge], names: Iterable[str]) -> Judgements:
    """Return edges as judgements, with the further columns of these names and of all that are on edges.

    Raises:
        ConfigurationError: a record is judged against itself.
    """
    told = [edge[2] for edge in edges]
    columns = _columns(told, TOLD, names)
    further = pl.DataFrame([pl.Series(name, values, strict=False) for name, values in columns.items()])
    said = pl.Series([each["kind"] for each in told], dtype=pl.String)
    left, right = (np.array([edge[end] for edge in edges], dtype=np.int64) for end in (0, 1))
    return judged(left, right, said, further)


def sightings_of(space: Namespace, edges: Sequence[Edge], values: Mapping[Hashable, Any]) -> Sightings:
    """Return what edges say of the values of one namespace, values as they are.

    Raises:
        ColumnTypeError: a time is neither text, nor a number, nor a date.
    """
    here = [(row, str(values[name]), told.get("observed_at")) for row, name, told in edges if name in values]
    rows = np.array([row for row, _, _ in here], dtype=np.int64)
    raw = encode(pl.Series([value for _, value, _ in here], dtype=pl.String))
    seen = Sightings.of(attrs.evolve(space, normalize=_unchanged), rows, raw, _times([time for *_, time in here]))
    return attrs.evolve(seen, namespace=space)


def apart_of(records: Sequence[Told]) -> Codes | None:
    """Return a code for each label that keeps records apart, None where no record has one.

    Examples:
        >>> apart_of([{"apart": "b"}, {}, {"apart": "a"}]).tolist()
        [1, -1, 0]
    """
    labels = [told.get("apart") for told in records]
    if all(label is None for label in labels):
        return None
    return _encoded(labels).codes


def attributes_of(records: Sequence[Told], names: Iterable[str]) -> dict[str, Encoded]:
    """Return the attributes of these names and of all that are on records.

    Examples:
        >>> found = attributes_of([{"attribute.city": "Bern"}, {}], ["name"])
        >>> {name: column.decoded().to_list() for name, column in found.items()}
        {'name': [None, None], 'city': ['Bern', None]}
    """
    return {name: _encoded(values) for name, values in _columns(records, ATTRIBUTE, names).items()}


def _unchanged(values: pl.Series) -> pl.Series:
    return values


def _encoded(values: Iterable[Any]) -> Encoded:
    return encode(pl.Series([None if value is None else str(value) for value in values], dtype=pl.String))


def _columns(told: Sequence[Told], prefix: str, names: Iterable[str]) -> dict[str, list[Any]]:
    """Return the attributes with a prefix as columns by their names without it, those of `names` first."""
    found = {name.removeprefix(prefix) for each in told for name in each if str(name).startswith(prefix)}
    every = dict.fromkeys([*names, *sorted(found)])
    return {name: [each.get(prefix + name) for each in told] for name in every}


def _probabilities(told: Sequence[Told]) -> Floats:
    """Return the probability of each edge, from the first of the attributes of `WEIGHTS` that it has; with none, 1."""
    probability = np.ones(len(told))
    first = [next((name for name in WEIGHTS if each.get(name) is not None), None) for each in told]
    for weight in WEIGHTS:
        there = [i for i, name in enumerate(first) if name == weight]
        column = pl.Series(weight, [_number(told[i][weight]) for i in there], dtype=pl.Float64)
        probability[there] = read_weights(column.to_frame())
    return probability


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, Real) else None


def _times(told: Sequence[Any]) -> Ints:
    """Return times as microseconds since 1970, `NEVER` where missing."""
    times = np.full(len(told), NEVER)
    sorts = [next((sort for sort in TIMES if isinstance(time, sort)), type(time)) for time in told]
    for sort in set(sorts) - {type(None)}:
        if sort not in TIMES:
            raise ColumnTypeError("observed_at", sort.__qualname__)
        places = [i for i, each in enumerate(sorts) if each is sort]
        times[places] = as_times(pl.Series("observed_at", [told[i] for i in places], strict=False))
    return times
