"""Random identity graphs with everything a graph can have, and whether two are the same."""

from __future__ import annotations

import re
from datetime import timedelta

import numpy as np
import polars as pl
from hypothesis import strategies as st

from identigraph.components import connected_components
from identigraph.encoding import encode
from identigraph.graph import Clusters, Generic, IdentityGraph, Namespace, ScoredPairs
from identigraph.graph.judgements import Judgements, judged
from identigraph.graph.keys import Keys
from identigraph.graph.sightings import NEVER, Sightings

ODD = "a7/%.:é \n"
"""Characters that names and XML must not stumble over."""
FIRST, LAST = -62_135_596_800_000_000, 253_402_300_799_999_999
RULES = [
    {"kind": "login", "limit": 1, "window": timedelta(days=1), "blocked": ["x", re.compile("0+")]},
    {"kind": "cookie", "ttl": timedelta(microseconds=1), "max_entities": 3, "policy": "newest", "confidence": 0.5},
    {"generic": Generic("name", most=2), "valid": "[a-z]+", "linkable": False, "priority": 4, "column": "other"},
]


@st.composite
def whole_graphs(draw: st.DrawFn, letters: str = ODD, *, unreadable: bool = True) -> IdentityGraph:
    """Return a graph, the sightings of which may lack values where `unreadable`."""
    texts = st.text(letters, max_size=3)
    ids = draw(st.sampled_from([st.integers(-9, 9), texts]))
    found = draw(st.sets(st.tuples(st.sampled_from(["", *letters[:3]]), ids), max_size=6))
    frame = pl.DataFrame(
        {"source": [key[0] for key in found], "record_id": [key[1] for key in found]},
        schema_overrides={"source": pl.String} | ({} if found else {"record_id": pl.String}),
    )
    keys = Keys.of([frame])
    n = len(keys)
    names = draw(st.lists(st.none() | texts, min_size=n, max_size=n))
    apart = draw(st.none() | st.lists(st.integers(-1, 2), min_size=n, max_size=n))
    spaces = [Namespace(f"{draw(texts)}{i}", **rules) for i, rules in enumerate(RULES[: draw(st.integers(0, 3))])]
    return IdentityGraph(
        keys,
        draw(_scored(n)),
        tuple(draw(_sightings(space, n, texts, least=-1 if unreadable else 0)) for space in spaces),
        draw(_judgements(n, texts)),
        None if apart is None else np.array(apart, dtype=np.int32),
        {"name": encode(pl.Series(names, dtype=pl.String))},
    )


def assert_same(one: IdentityGraph, other: IdentityGraph) -> None:
    """Assert that two graphs are the same; codes that keep records apart may have other numbers."""
    assert one.keys.frame.equals(other.keys.frame)
    assert one.keys.frame.schema == other.keys.frame.schema
    for name in ("left", "right", "match_weight", "match_probability"):
        mine, theirs = getattr(one.scored, name), getattr(other.scored, name)
        assert (mine.tolist(), mine.dtype) == (theirs.tolist(), theirs.dtype)
    assert one.namespaces == other.namespaces
    for mine, theirs in zip(one.sightings, other.sightings, strict=True):
        assert mine.values.to_list() == theirs.values.to_list()
        for name in ("rows", "codes", "times"):
            assert getattr(mine, name).tolist() == getattr(theirs, name).tolist()
    for verdict in ("must", "cannot", "unsure"):
        assert getattr(one.judgements, verdict).codes().tolist() == getattr(other.judgements, verdict).codes().tolist()
    for verdict, told in one.judgements.told.items():
        assert told.rows(named=True) == other.judgements.told.get(verdict, pl.DataFrame()).rows(named=True)
    assert kept_apart(one) == kept_apart(other)
    assert {name: column.decoded().to_list() for name, column in one.attributes.items()} == {
        name: column.decoded().to_list() for name, column in other.attributes.items()
    }


def kept_apart(graph: IdentityGraph) -> set[tuple[int, int]]:
    """Return the pairs of records that have the same code."""
    codes = [] if graph.apart is None else graph.apart.tolist()
    return {(i, j) for j, code in enumerate(codes) for i in range(j) if code == codes[i] >= 0}


def clusters_of(graph: IdentityGraph) -> Clusters:
    """Return the components of all scored pairs."""
    return Clusters.of(connected_components(len(graph), graph.scored.left, graph.scored.right))


def _pairs(n: int, most: int = 4) -> st.SearchStrategy[list[tuple[int, int]]]:
    every = [(i, j) for j in range(n) for i in range(j)]
    return st.lists(st.sampled_from(every), unique=True, max_size=most).map(sorted) if every else st.just([])


@st.composite
def _scored(draw: st.DrawFn, n: int) -> ScoredPairs:
    pairs = draw(_pairs(n))
    size = len(pairs)
    weight = draw(st.lists(st.floats(-50, 50, width=32), min_size=size, max_size=size))
    probability = draw(st.lists(st.floats(0, 1, width=32), min_size=size, max_size=size))
    left, right = np.array(pairs, dtype=np.int32).reshape(-1, 2).T.copy()
    return ScoredPairs(left, right, np.array(weight, dtype=np.float32), np.array(probability, dtype=np.float32))


@st.composite
def _sightings(draw: st.DrawFn, space: Namespace, n: int, texts: st.SearchStrategy[str], *, least: int) -> Sightings:
    values = sorted(draw(st.sets(texts, max_size=3)))
    times = st.just(NEVER) | st.integers(FIRST, LAST)
    choices = st.tuples(st.integers(0, n - 1), st.integers(least, len(values) - 1), times)
    possible = n > 0 and len(values) > least
    found = sorted(draw(st.sets(choices, max_size=6))) if possible else []
    used = sorted({code for _, code, _ in found if code >= 0})
    rows, codes, seen = np.array(found, dtype=np.int64).reshape(-1, 3).T.copy()
    places = np.append(np.searchsorted(used, np.arange(len(values))), -1)
    return Sightings(space, rows, places[codes], pl.Series([values[code] for code in used], dtype=pl.String), seen)


@st.composite
def _judgements(draw: st.DrawFn, n: int, texts: st.SearchStrategy[str]) -> Judgements:
    must = draw(_pairs(n, most=2))
    ends = np.array(must, dtype=np.int32).reshape(-1, 2).T
    labels = connected_components(n, ends[0], ends[1])
    cannot = [(i, j) for i, j in draw(_pairs(n)) if labels[i] != labels[j]]
    said = [*must, *cannot, *draw(_pairs(n))]
    verdicts = ["must_link"] * len(must) + ["cannot_link"] * len(cannot)
    verdicts += ["unsure"] * (len(said) - len(verdicts))
    told = pl.DataFrame(
        {
            "author": pl.Series([draw(st.none() | texts) for _ in said], dtype=pl.String),
            "kind": pl.Series([draw(st.none() | st.floats(-1, 1)) for _ in said], dtype=pl.Float64),
            "sure": pl.Series([draw(st.none() | st.booleans()) for _ in said], dtype=pl.Boolean),
        }
    )
    left, right = np.array(said, dtype=np.int64).reshape(-1, 2).T
    return judged(left, right, pl.Series(verdicts, dtype=pl.String), told)
