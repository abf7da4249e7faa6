"""Parts of identity graphs, and graphs put together: assertions are sets, so parts in any order make the same whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.components import connected_components
from identigraph.encoding import Codes, Encoded, encode, take
from identigraph.errors import ConfigurationError
from identigraph.graph.clusters import ScoredPairs
from identigraph.graph.judgements import Judgements, judged
from identigraph.graph.keys import Keys
from identigraph.graph.namespaces import Namespace
from identigraph.graph.sightings import Sightings
from identigraph.odds import log2_odds
from identigraph.pairs import Mask, Pairs

if TYPE_CHECKING:
    from identigraph.graph.identity_graph import IdentityGraph

Ints = npt.NDArray[np.int64]


def envelopes(graph: IdentityGraph) -> Ints:
    """Return for each record the lowest one that evidence of any sort leads to, whether it counts or not.

    Evidence of other envelopes never changes how one is resolved.
    """
    paired = (graph.scored, graph.judgements.must, graph.judgements.cannot)
    parts = [np.column_stack([pairs.left, pairs.right]) for pairs in paired]
    nodes = len(graph)
    for seen in graph.sightings:
        read = seen.codes >= 0
        parts.append(np.column_stack([seen.rows[read], seen.codes[read] + nodes]))
        nodes += len(seen.values)
    ends = np.concatenate(parts).astype(np.int64)
    return connected_components(nodes, ends[:, 0], ends[:, 1])[: len(graph)]


def envelopes_of(graph: IdentityGraph, *, cut: float | None = None) -> Ints:
    """Return for each record the lowest one that joining evidence leads to: no other envelope changes its entity.

    Scored pairs below `cut` lead nowhere, nor do identifiers that say nothing by themselves, nor those of any sort
    where no namespace links or limits anything.

    Args:
        graph: the graph.
        cut: log2 odds below which no builder joins by a scored pair; None: any pair may join.

    Examples:
        >>> from identigraph.graph import IdentityGraph
        >>> graph = IdentityGraph.of(edges=[("a", "b", 0.9), ("b", "c", 0.1), ("c", "d", 0.9)])
        >>> envelopes_of(graph, cut=0.0).tolist(), envelopes_of(graph).tolist()
        ([0, 0, 2, 2], [0, 0, 0, 0])
    """
    scored, must = graph.scored, graph.judgements.must
    joining = np.ones(len(scored), dtype=bool) if cut is None else log2_odds(scored.match_probability) >= cut
    ends = [(scored.left[joining], scored.right[joining]), (must.left, must.right)]
    nodes = len(graph)
    if any(seen.namespace.links or seen.namespace.limit is not None for seen in graph.sightings):
        for seen in graph.sightings:
            space = seen.namespace
            telling = (space.is_valid(seen.values) & ~space.is_blocked(seen.values)).to_numpy()
            read = np.append(telling, False)[seen.codes]
            ends.append((seen.rows[read], seen.codes[read] + nodes))
            nodes += len(seen.values)
    one, other = (np.concatenate(side).astype(np.int64) for side in zip(*ends, strict=True))
    return connected_components(nodes, one, other)[: len(graph)]


def some_records(graph: IdentityGraph, kept: Mask) -> IdentityGraph:
    """Return the graph of some records and the evidence among them.

    Args:
        graph: the graph.
        kept: shape (records,).
    """
    number = np.cumsum(kept) - 1
    scored = graph.scored.where(kept[graph.scored.left] & kept[graph.scored.right])
    ends = number[scored.left].astype(np.int32), number[scored.right].astype(np.int32)
    return attrs.evolve(
        graph,
        keys=Keys(graph.keys.frame.filter(kept)),
        scored=ScoredPairs(*ends, scored.match_weight, scored.match_probability),
        sightings=tuple(some_sightings(seen, kept, number) for seen in graph.sightings),
        judgements=_some_judgements(graph.judgements, kept, number),
        apart=None if graph.apart is None else graph.apart[kept],
        attributes={name: encode(column.decoded().filter(kept)) for name, column in graph.attributes.items()},
    )


def combined(one: IdentityGraph, other: IdentityGraph) -> IdentityGraph:
    """Return the graph of the records and the evidence of two graphs.

    Raises:
        ConfigurationError: a namespace has other rules in the other graph, or only one of them keeps sources apart.
    """
    _check_alike(one, other)
    keys = Keys.of([one.keys.frame, other.keys.frame])
    rows = keys.numbers(one.keys.frame), keys.numbers(other.keys.frame)
    return attrs.evolve(
        one,
        keys=keys,
        scored=_both_scored((one.scored, rows[0]), (other.scored, rows[1])).strongest(),
        sightings=_both_sightings(one, other, rows),
        judgements=_both_judgements(one, other, rows),
        apart=_apart(one, keys),
        attributes=_both_attributes(one, other, rows, len(keys)),
    )


def _check_alike(one: IdentityGraph, other: IdentityGraph) -> None:
    theirs = {space.name: space for space in other.namespaces}
    for space in one.namespaces:
        if theirs.get(space.name, space) != space:
            raise ConfigurationError(
                f"the graphs have different rules for namespace {space.name!r}; give both the same"
            )
    if (one.apart is None) != (other.apart is None):
        raise ConfigurationError("only one of the two graphs keeps records of one source apart; make both alike")


def _apart(one: IdentityGraph, keys: Keys) -> Codes | None:
    return None if one.apart is None else encode(keys.frame.get_column("source")).codes


def _both_scored(*graphs: tuple[ScoredPairs, Ints]) -> ScoredPairs:
    pairs = [Pairs.of(rows[scored.left], rows[scored.right]) for scored, rows in graphs]
    return ScoredPairs(
        np.concatenate([each.left for each in pairs]),
        np.concatenate([each.right for each in pairs]),
        np.concatenate([scored.match_weight for scored, _ in graphs]),
        np.concatenate([scored.match_probability for scored, _ in graphs]),
    )


def _both_sightings(one: IdentityGraph, other: IdentityGraph, rows: tuple[Ints, Ints]) -> tuple[Sightings, ...]:
    """Return the sightings of both graphs, namespace by namespace; values are encoded anew."""
    found: dict[str, list[pl.DataFrame]] = {}
    spaces = {seen.namespace.name: seen.namespace for graph in (one, other) for seen in graph.sightings}
    for graph, place in zip((one, other), rows, strict=True):
        for seen in graph.sightings:
            columns = {"row": place[seen.rows], "value": take(seen.values, seen.codes), "time": seen.times}
            found.setdefault(seen.namespace.name, []).append(pl.DataFrame(columns))
    return tuple(_united(spaces[name], frames) for name, frames in found.items())


def _united(namespace: Namespace, frames: list[pl.DataFrame]) -> Sightings:
    once = pl.concat(frames).unique()
    column = encode(once.get_column("value"))
    order = once.with_columns(code=column.codes.astype(np.int64)).sort("row", "code", "time")
    row, code, time = (order.get_column(name).to_numpy().copy() for name in ("row", "code", "time"))
    return Sightings(namespace, row, code, column.values, time)


def _both_judgements(one: IdentityGraph, other: IdentityGraph, rows: tuple[Ints, Ints]) -> Judgements:
    frames = [
        pl.DataFrame({"left": place[pairs.left], "right": place[pairs.right]}).with_columns(
            pl.lit(verdict).alias("said"), *graph.judgements.told.get(verdict, pl.DataFrame()).get_columns()
        )
        for graph, place in zip((one, other), rows, strict=True)
        for verdict, pairs in graph.judgements.by_verdict.items()
    ]
    both = pl.concat(frames, how="diagonal_relaxed")
    ends = both.get_column("left").to_numpy(), both.get_column("right").to_numpy()
    return judged(*ends, both.get_column("said"), both.drop("left", "right", "said"))


def _both_attributes(
    one: IdentityGraph, other: IdentityGraph, rows: tuple[Ints, Ints], records: int
) -> Mapping[str, Encoded]:
    """Return the attributes of both graphs; where both have a value for a record the first in the alphabet."""
    found = {}
    for name in {**one.attributes, **other.attributes}:
        parts = [
            pl.DataFrame({"row": place, "value": graph.attributes[name].decoded()})
            for graph, place in zip((one, other), rows, strict=True)
            if name in graph.attributes
        ]
        least = pl.concat(parts).group_by("row").agg(pl.col("value").min())
        every = pl.DataFrame({"row": np.arange(records)}).join(least, on="row", how="left", maintain_order="left")
        found[name] = encode(every.get_column("value"))
    return found


def some_sightings(seen: Sightings, kept: Mask, number: Ints) -> Sightings:
    """Return the sightings of some records, and no other values.

    Args:
        seen: the sightings.
        kept: shape (records,): the records.
        number: shape (records,): what number each has then.

    Examples:
        >>> from identigraph.encoding import encode
        >>> raw = encode(pl.Series(["u7", "u8"]))
        >>> seen = Sightings.of(Namespace("login"), np.arange(2), raw, np.zeros(2, dtype=np.int64))
        >>> some = some_sightings(seen, np.array([False, True]), np.array([0, 0]))
        >>> some.rows.tolist(), some.codes.tolist(), some.values.to_list()
        ([0], [0], ['u8'])
    """
    here = kept[seen.rows]
    codes = seen.codes[here]
    used = np.unique(codes[codes >= 0])
    places = np.where(codes >= 0, np.searchsorted(used, codes), -1)
    rows, times = number[seen.rows[here]], seen.times[here]
    return attrs.evolve(seen, rows=rows, codes=places, values=seen.values.gather(used), times=times)


def _some_judgements(judgements: Judgements, kept: Mask, number: Ints) -> Judgements:
    parts, told = {}, {}
    for verdict, pairs in judgements.by_verdict.items():
        here = kept[pairs.left] & kept[pairs.right]
        parts[verdict] = Pairs.of(number[pairs.left[here]], number[pairs.right[here]])
        if verdict in judgements.told:
            told[verdict] = judgements.told[verdict].filter(here)
    return Judgements(parts["must_link"], parts["cannot_link"], parts["unsure"], told)
