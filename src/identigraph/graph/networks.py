"""Identity graphs as graphs of networkx: to look at, to draw, to write as GraphML, and back.

Records are nodes, and so is each value of a namespace that a record carries, be it one record or many; edges are scored
pairs, what carries what, and judgements. networkx holds an object per node and edge, which suits one entity at a time.
Names are text and attributes text, numbers or booleans, so that GraphML can hold them.

Invariant: what `to_networkx` wrote of a whole graph, `from_networkx` reads as the same graph. Two things are not kept:
sightings whose value could not be normalized, which link nothing and count nowhere, and `normalize`.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any
from urllib.parse import quote

import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.encoding import encode, take
from identigraph.errors import ColumnNotFoundError, ConfigurationError, RangeError, UnsupportedInputError
from identigraph.graph.clusters import Clusters, ScoredPairs, check_probability
from identigraph.graph.identity_graph import IdentityGraph
from identigraph.graph.judgements import VERDICTS, Judgements
from identigraph.graph.lazy_networkx import networkx
from identigraph.graph.namespaces import Namespace, rules_of
from identigraph.graph.network_parts import (
    ATTRIBUTE,
    CARRIES,
    IDENTIFIER,
    RECORD,
    SCORED,
    TOLD,
    Nodes,
    Told,
    apart_of,
    attributes_of,
    edges_of,
    judged_of,
    named_by,
    numbered,
    scored_of,
    sightings_of,
)
from identigraph.graph.sightings import NEVER, Sightings
from identigraph.pairs import Mask
from identigraph.records.tables import as_text

Ints = npt.NDArray[np.int64]
Edge = tuple[str, str, dict[str, Any]]

HEAD = "identigraph"
"""The attribute of a network that says, as JSON, what its nodes and edges do not: the rules of its namespaces."""
VERSION = 1
"""The version of what is written, here and in files."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST, LAST = (
    (end - EPOCH) // timedelta(microseconds=1)
    for end in (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC))
)
"""The times that have a form in ISO 8601, in microseconds."""


def record_name(source: str, record_id: str | int) -> str:
    """Return the name of the node of a record: ``record/source/id``, or ``record/id`` without a source.

    Parts are percent-encoded, as in web addresses, so that no two records share a name.

    Examples:
        >>> record_name("crm", 7), record_name("", "a/b")
        ('record/crm/7', 'record/a%2Fb')
    """
    return _name(RECORD, *([source] if source else []), record_id)


def identifier_name(namespace: str, value: str) -> str:
    """Return the name of the node of a value: ``identifier/namespace/value``, parts percent-encoded.

    Examples:
        >>> identifier_name("email", "ann@x.com"), identifier_name("cookie", "50%")
        ('identifier/email/ann@x.com', 'identifier/cookie/50%25')
    """
    return _name(IDENTIFIER, namespace, value)


def to_networkx(
    graph: IdentityGraph, *, clusters: Clusters | None = None, entity: int | None = None, threshold: float = 0.0
) -> Any:
    """Return a graph as a `networkx.MultiGraph`: two records may share a score and a judgement.

    Records (``kind="record"``) have a ``source``, a ``record_id``, and where there is one a ``cluster``, a code
    ``apart`` and an ``attribute.NAME``; values (``kind="identifier"``) have a ``namespace`` and a ``value``. The
    ``kind`` of an edge is ``"scored"``, with ``match_probability`` and ``match_weight``; ``"carries"``, with
    ``namespace`` and where it is known ``observed_at``, in ISO 8601; or ``"must_link"``, ``"cannot_link"``,
    ``"unsure"``, with ``told.NAME``. Nodes are named by `record_name` and `identifier_name`.

    Args:
        graph: the graph.
        clusters: what the records' clusters are.
        entity: the number of one cluster: its records alone, what they carry and the edges among them. None: all.
        threshold: scored pairs from this match probability on, 0 to 1.

    Raises:
        RangeError: there is no such cluster, or `threshold` lies outside 0 to 1.
        ConfigurationError: an entity of no clusters, or clusters of other records.

    Examples:
        >>> events = {"id": [1, 2, 3], "cookie": ["c1", "c1", "c2"]}
        >>> graph = IdentityGraph.of(events, id="id", namespaces=[Namespace("cookie", kind="cookie")])
        >>> network = to_networkx(graph, clusters=Clusters.of(np.array([0, 0, 1])), entity=0)
        >>> list(network.edges)
        [('record/1', 'identifier/cookie/c1', 0), ('record/2', 'identifier/cookie/c1', 1)]
        >>> network.nodes["record/2"]
        {'kind': 'record', 'source': '', 'record_id': 2, 'cluster': 0}
    """
    check_probability("threshold", threshold)
    chosen = _chosen(len(graph), clusters, entity)
    nodes = list(_records(graph, np.flatnonzero(chosen), clusters))
    names = dict(zip(np.flatnonzero(chosen).tolist(), (name for name, _ in nodes), strict=True))
    scored = graph.scored.where(graph.scored.match_probability >= threshold)
    told = judgement_table(graph.judgements)
    edges = chain(
        _scored_edges(scored, chosen, names),
        *(_carrying(seen, chosen, names) for seen in graph.sightings),
        _judged_edges(told, chosen, names),
    )
    network = networkx().MultiGraph(**{HEAD: _head(graph, told)})
    network.add_nodes_from(nodes)
    for seen in graph.sightings:
        network.add_nodes_from(_values(seen, chosen))
    network.add_edges_from((one, other, key, about) for key, (one, other, about) in enumerate(edges))
    return network


def from_networkx(network: Any, *, namespaces: Iterable[Namespace] = (), one_per_source: bool = False) -> IdentityGraph:
    """Return the identity graph of a graph of networkx: one that `to_networkx` made, or any other.

    Nodes are records, those with ``kind="identifier"`` and a ``namespace`` are values. Without ``record_id`` or
    ``value`` the name of a node is what it is; without ``source`` a record is of none. Edges between two records are
    scored, unless their ``kind`` is ``"must_link"``, ``"cannot_link"`` or ``"unsure"``: the first of the attributes
    ``match_probability``, ``weight`` (0 to 1) and ``match_weight`` (log2 odds) counts, an edge with none is certain,
    and of several between two records the strongest counts. Directions mean nothing. Edges between a record and a
    value say that the one carries the other, ``observed_at`` a time: a datetime, ISO 8601, or a number of seconds.

    Args:
        network: the graph; record ids are text or whole numbers.
        namespaces: what the values may do, instead of what the graph itself may say; values are taken as they are,
            normalized already.
        one_per_source: whether an entity has at most one record of each source. Otherwise records with one label
            ``apart``, where they have such, are never of one entity.

    Raises:
        UnsupportedInputError: it is no graph of networkx, or an id is neither text nor a whole number.
        ColumnNotFoundError: values are of a namespace without rules, or there are no values or attributes for a rule.
        ConfigurationError, RangeError: two nodes are one record, an edge makes no sense, or its weight does not.
        ContradictionError: judgements contradict each other.

    Examples:
        >>> network = networkx().path_graph(["a", "b", "c"])
        >>> network.add_edge("c", "d", weight=0.25)
        >>> from_networkx(network).scored.match_probability.tolist()
        [1.0, 1.0, 0.25]
    """
    if not isinstance(network, networkx().Graph):
        raise UnsupportedInputError(network, "a graph of networkx")
    head, own = _head_of(network), HEAD in network.graph
    nodes = dict(network.nodes(data=True))
    values = {name: told for name, told in nodes.items() if told.get("kind") == IDENTIFIER}
    records = {name: told for name, told in nodes.items() if name not in values}
    keys, number = numbered(records, own=own)
    edges = edges_of(network.edges(data=True), number)
    by_space = _by_namespace(values, own=own)
    spaces = _spaces(head.get("namespaces", ()), namespaces, by_space)
    told = [records[name] for name in sorted(records, key=number.__getitem__)]
    return IdentityGraph(
        keys,
        scored_of(edges.scored),
        tuple(sightings_of(space, edges.carried, by_space.get(space.name, {})) for space in spaces),
        judged_of(edges.judged, head.get("told", ())),
        encode(keys.frame.get_column("source")).codes if one_per_source else apart_of(told),
        attributes_of(told, head.get("attributes", ())),
    )


def judgement_table(judgements: Judgements) -> pl.DataFrame:
    """Return judgements as a table ``left, right, judgement``, and what was told with them as ``told.NAME``.

    What is neither text, number nor boolean is written as text.

    Examples:
        >>> from identigraph.graph.judgements import judged
        >>> said, told = pl.Series(["unsure"]), pl.DataFrame({"author": ["ann"]})
        >>> judgement_table(judged(np.array([3]), np.array([1]), said, told)).rows(named=True)
        [{'left': 1, 'right': 3, 'judgement': 'unsure', 'told.author': 'ann'}]
    """
    parts = []
    for verdict, pairs in zip(VERDICTS, (judgements.must, judgements.cannot, judgements.unsure), strict=True):
        frame = pl.DataFrame({"left": pairs.left, "right": pairs.right})
        said = pl.repeat(verdict, len(pairs), eager=True).alias("judgement")
        told = [_plain(column).alias(TOLD + column.name) for column in judgements.told.get(verdict, pl.DataFrame())]
        parts.append(frame.with_columns(said, *told))
    return pl.concat(parts, how="diagonal_relaxed")


def check_version(version: object) -> None:
    """Check that a version of what is written can be read.

    Raises:
        ConfigurationError: it is of a later release, or no version.
    """
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise ConfigurationError(f"the version of an identity graph is a whole number from 1 on, got {version!r}")
    if version > VERSION:
        told = f"version {version} of the format was written by a later release, this one reads up to {VERSION}"
        raise ConfigurationError(f"{told}; update identigraph")


def _name(*parts: str | int) -> str:
    return "/".join(quote(str(part), safe="@:+") for part in parts)


def _plain(column: pl.Series) -> pl.Series:
    dtype = column.dtype
    if dtype.is_float():
        return column.fill_nan(None)
    plain = dtype.is_integer() or dtype in (pl.String, pl.Boolean, pl.Null)
    return column if plain else as_text(column.to_frame()).to_series()


def _chosen(records: int, clusters: Clusters | None, entity: int | None) -> Mask:
    """Return which records are asked for."""
    if clusters is not None and len(clusters) != records:
        raise ConfigurationError(f"the clusters are of {len(clusters):,} records, the graph of {records:,}")
    if entity is None:
        return np.ones(records, dtype=bool)
    if clusters is None:
        raise ConfigurationError("an entity is the number of a cluster: give clusters=... as well")
    if not 0 <= entity < clusters.count:
        raise RangeError("entity", entity, 0, clusters.count - 1)
    chosen: Mask = clusters.labels == entity
    return chosen


def _head(graph: IdentityGraph, told: pl.DataFrame) -> str:
    return json.dumps(
        {
            "version": VERSION,
            "namespaces": [rules_of(space) for space in graph.namespaces],
            "attributes": list(graph.attributes),
            "told": [name.removeprefix(TOLD) for name in told.columns if name.startswith(TOLD)],
        }
    )


def _records(graph: IdentityGraph, rows: Ints, clusters: Clusters | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the nodes of records; what is missing is left out."""
    frame = graph.keys.frame[rows].select(pl.lit(RECORD).alias("kind"), "source", "record_id")
    more = {} if clusters is None else {"cluster": pl.Series(clusters.labels[rows])}
    if graph.apart is not None:
        codes = pl.Series(graph.apart[rows])
        more["apart"] = pl.select(pl.when(codes >= 0).then(codes)).to_series()
    for name, column in graph.attributes.items():
        more[ATTRIBUTE + name] = take(column.values, column.codes[rows])
    for told in frame.with_columns(**more).iter_rows(named=True):
        yield record_name(told["source"], told["record_id"]), _without_none(told)


def _without_none(told: Told) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value is not None}


def _of_chosen(seen: Sightings, chosen: Mask) -> Mask:
    """Return the sightings of a value on records that are asked for."""
    asked: Mask = chosen[seen.rows] & (seen.codes >= 0)
    return asked


def _values(seen: Sightings, chosen: Mask) -> Iterator[tuple[str, dict[str, Any]]]:
    space = seen.namespace.name
    for value in seen.values.gather(np.unique(seen.codes[_of_chosen(seen, chosen)])):
        yield identifier_name(space, value), {"kind": IDENTIFIER, "namespace": space, "value": value}


def _carrying(seen: Sightings, chosen: Mask, names: Mapping[int, str]) -> Iterator[Edge]:
    asked = _of_chosen(seen, chosen)
    about = {"kind": CARRIES, "namespace": seen.namespace.name}
    values = take(seen.values, seen.codes[asked])
    for row, value, time in zip(seen.rows[asked].tolist(), values, seen.times[asked].tolist(), strict=True):
        known = {} if time == NEVER else {"observed_at": _written(time)}
        yield names[row], identifier_name(seen.namespace.name, value), about | known


def _written(time: int) -> str | float:
    """Return a time in ISO 8601, or as a number of seconds where that has no form for it."""
    if FIRST <= time <= LAST:
        return (EPOCH + timedelta(microseconds=time)).replace(tzinfo=None).isoformat()
    return time / 1e6


def _scored_edges(scored: ScoredPairs, chosen: Mask, names: Mapping[int, str]) -> Iterator[Edge]:
    inside = scored.where(chosen[scored.left] & chosen[scored.right])
    columns = (inside.left, inside.right, inside.match_probability, inside.match_weight)
    for left, right, probability, weight in zip(*(column.tolist() for column in columns), strict=True):
        about = {"kind": SCORED, "match_probability": probability, "match_weight": weight}
        yield names[left], names[right], about


def _judged_edges(table: pl.DataFrame, chosen: Mask, names: Mapping[int, str]) -> Iterator[Edge]:
    inside = chosen[table.get_column("left").to_numpy()] & chosen[table.get_column("right").to_numpy()]
    for row in table.filter(inside).iter_rows(named=True):
        told = _without_none({name: value for name, value in row.items() if name.startswith(TOLD)})
        yield names[row["left"]], names[row["right"]], {"kind": row["judgement"], **told}


def _head_of(network: Any) -> dict[str, Any]:
    """Return what a network of our own says about itself, nothing of any other."""
    if HEAD not in network.graph:
        return {}
    head: dict[str, Any] = json.loads(network.graph[HEAD])
    check_version(head.get("version"))
    return head


def _by_namespace(values: Nodes, *, own: bool) -> dict[str, dict[Hashable, Any]]:
    """Return the value of each node by its namespace."""
    found: dict[str, dict[Hashable, Any]] = {}
    for name, value in named_by(values, "value", own=own).items():
        space = values[name].get("namespace")
        if not isinstance(space, str):
            raise UnsupportedInputError(space, "identifiers with the name of their namespace, as text")
        found.setdefault(space, {})[name] = value
    return found


def _spaces(own: Iterable[Told], given: Iterable[Namespace], found: Iterable[str]) -> list[Namespace]:
    """Return the namespaces of a network, under the rules that are given before those of its own."""
    spaces = {space.name: space for space in map(Namespace.from_dict, own)}
    there = {*spaces, *found}
    spaces |= {space.name: space for space in given}
    for name in sorted(there - set(spaces)):
        raise ColumnNotFoundError(name, list(spaces), what="rules for namespace")
    for name in sorted(set(spaces) - there):
        raise ColumnNotFoundError(name, sorted(there), what="namespace")
    return list(spaces.values())
