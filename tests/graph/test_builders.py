"""What holds for every cluster builder."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_graphs import PROBABILITIES, Plain, clusters_of, parts, plain_graphs

from identigraph.errors import RangeError
from identigraph.graph import AverageLinkage, ClusterBuilder, Components, ConstrainedComponents, IdentityGraph
from identigraph.graph.agglomeration import Hierarchical
from identigraph.graph.assignment import OnePerSource, OneToOne
from identigraph.graph.bridges import BridgeCutting
from identigraph.graph.centers import Center, MergeCenter, Star
from identigraph.graph.communities import Communities
from identigraph.graph.constrained import Linkage
from identigraph.graph.correlation import CorrelationClustering
from identigraph.graph.markov import Markov

BUILDERS: list[Any] = [
    Components(0.6),
    AverageLinkage(0.6),
    Hierarchical("average", 0.6),
    Hierarchical("complete", 0.6),
    Hierarchical("complete", 0.6, unseen=float("inf")),
    Hierarchical("single", 0.6),
    OnePerSource(0.6),
    CorrelationClustering(0.6),
    Center(0.6),
    MergeCenter(0.6),
    Star(0.6),
    Markov(threshold=0.6),
    Communities(threshold=0.6),
    Communities("label_propagation", threshold=0.6),
    BridgeCutting(0.6),
]
ALL = [*BUILDERS, ConstrainedComponents(linkage=Components(0.6))]
TWO_SOURCES = [OneToOne(0.6), OneToOne(0.6, exact=False), OnePerSource(0.6, exact=True)]

every_builder = pytest.mark.parametrize("builder", ALL, ids=repr)


def built(builder: Any, plain: Plain, order: Any = None) -> list[int]:
    """Return the labels; where nothing is told of sources, records are of none."""
    told = plain if plain.apart else attrs.evolve(plain, apart=(-1,) * plain.n)
    return builder.build((told if isinstance(builder, OnePerSource) else plain).graph(order)).labels.tolist()


def with_two_sources(plain: Plain) -> Plain:
    """Return the graph of records that stand in two sources by turns."""
    return attrs.evolve(plain, apart=tuple(record % 2 for record in range(plain.n)))


def assert_word_kept(builder: Any, plain: Plain) -> None:
    """Assert that must-links hold, and that what is kept apart stays apart.

    Groups of must-linked records that share a code themselves are the caller's word.
    """
    clusters = clusters_of(built(builder, plain))
    for group in plain.groups:
        assert sum(bool(group & cluster) for cluster in clusters) == 1
    for cluster in clusters:
        inner = [group for group in plain.groups if group <= cluster]
        assert all(plain.allowed(*two) for two in combinations(inner, 2))


@every_builder
@settings(max_examples=12)
@given(plain=plain_graphs())
def test_must_links_hold_and_what_is_kept_apart_stays_apart(builder: Any, plain: Plain) -> None:
    assert_word_kept(builder, plain)


@pytest.mark.parametrize("builder", TWO_SOURCES, ids=repr)
@settings(max_examples=20)
@given(plain=plain_graphs().filter(lambda plain: plain.n > 1))
def test_builders_for_two_sources_keep_their_word_as_well(builder: Any, plain: Plain) -> None:
    assert_word_kept(builder, with_two_sources(plain))


@every_builder
@settings(max_examples=12)
@given(plain=plain_graphs())
def test_every_cluster_hangs_together_by_pairs_at_or_above_the_threshold(builder: Any, plain: Plain) -> None:
    clusters = clusters_of(built(builder, plain))
    assert sorted(plain.connected(clusters, 0.6), key=min) == sorted(clusters, key=min)


@every_builder
@settings(max_examples=8)
@given(plain=plain_graphs(), random=st.randoms(use_true_random=False))
def test_the_order_of_pairs_changes_nothing(builder: Any, plain: Plain, random: Any) -> None:
    order = list(plain.scored)
    random.shuffle(order)
    assert built(builder, plain, order) == built(builder, plain)


@every_builder
@settings(max_examples=5)
@given(plain=plain_graphs(), random=st.randoms(use_true_random=False))
def test_the_order_of_the_records_read_changes_nothing(builder: Any, plain: Plain, random: Any) -> None:
    def read(records: list[int], pairs: list[tuple[int, int]]) -> dict[int, int]:
        edges = [(f"r{a}", f"r{b}", plain.scored[a, b]) for a, b in pairs]
        graph = IdentityGraph.of({"id": [f"r{r}" for r in records]}, id="id", edges=edges)
        return dict(zip(graph.keys.frame["record_id"], builder.build(graph).labels.tolist(), strict=True))

    records, pairs = list(range(plain.n)), list(plain.scored)
    before = read(records, pairs)
    random.shuffle(records)
    random.shuffle(pairs)
    assert read(records, pairs) == before


@every_builder
@settings(max_examples=8)
@given(plain=plain_graphs(most=6), other=plain_graphs(most=6))
def test_what_is_not_connected_changes_nothing(builder: Any, plain: Plain, other: Plain) -> None:
    """Two graphs beside each other give the clusters of each; codes of one are not those of the other."""
    n, codes = plain.n, [part.apart or (-1,) * part.n for part in (plain, other)]
    both = Plain(
        n + other.n,
        plain.scored | {(a + n, b + n): p for (a, b), p in other.scored.items()},
        must=plain.must + tuple((a + n, b + n) for a, b in other.must),
        cannot=plain.cannot + tuple((a + n, b + n) for a, b in other.cannot),
        apart=(*codes[0], *(100 + code if code >= 0 else code for code in codes[1])),
    )
    found = built(builder, both)
    assert clusters_of(found[: plain.n]) == clusters_of(built(builder, plain))
    assert clusters_of(found[plain.n :]) == clusters_of(built(builder, other))


@every_builder
def test_without_pairs_clusters_are_groups_of_must_links(builder: Any) -> None:
    assert built(builder, Plain(0, {})) == []
    assert built(builder, Plain(3, {})) == [0, 1, 2]
    assert built(builder, Plain(4, {}, must=((1, 3),), apart=(0, 0, 1, 1))) == [0, 1, 2, 1]


@every_builder
def test_a_pair_is_linked_from_the_threshold_on(builder: Any) -> None:
    """Probabilities are single precision: 0.6 and the threshold 0.6 are one number."""
    below = float(np.nextafter(np.float32(0.6), np.float32(0)))
    plain = Plain(4, {(0, 1): float(np.float32(0.6)), (2, 3): below})
    assert built(builder, plain) == [0, 0, 1, 2]


@every_builder
@pytest.mark.parametrize("p", [0.6, 0.9, 1.0])
def test_a_clique_of_equal_pairs_is_one_cluster(builder: Any, p: float) -> None:
    plain = Plain(5, dict.fromkeys(combinations(range(5), 2), float(np.float32(p))))
    assert built(builder, plain) == [0] * 5


@pytest.mark.parametrize("builder", [*BUILDERS, *TWO_SOURCES], ids=repr)
def test_builders_are_values_with_a_threshold(builder: Any) -> None:
    assert isinstance(builder, ClusterBuilder)
    assert isinstance(builder, Linkage)
    assert (builder.cut, attrs.evolve(builder, threshold=0.7).cut) == (0.6, 0.7)
    assert (attrs.evolve(builder), hash(attrs.evolve(builder))) == (builder, hash(builder))
    names = {type(each).__name__: type(each) for each in (*BUILDERS, *TWO_SOURCES)}
    assert eval(repr(builder), {**names, "inf": float("inf")}) == builder  # noqa: S307 - our own repr
    with pytest.raises(RangeError, match="threshold must lie between 0 and 1"):
        attrs.evolve(builder, threshold=1.5)


def test_thresholds_from_zero_to_one_make_clusters() -> None:
    """All pairs count at 0; at 1 the certain ones."""
    scored = dict(zip(combinations(range(6), 2), PROBABILITIES, strict=False))
    for builder in BUILDERS:
        low, high = (built(attrs.evolve(builder, threshold=t), Plain(6, scored)) for t in (0.0, 1.0))
        assert max(low) <= max(high)
        assert parts(range(6), [p for p in scored if scored[p] == 1]) == clusters_of(high)


@pytest.mark.parametrize("builder", BUILDERS, ids=repr)
def test_a_builder_may_be_the_linkage_of_constrained_components(builder: Any) -> None:
    plain = Plain(4, {(0, 1): 0.95, (1, 2): 0.96, (0, 2): 0.97}, cannot=((0, 1),))
    labels = ConstrainedComponents(linkage=builder).build(plain.graph()).labels
    assert labels[0] != labels[1]
