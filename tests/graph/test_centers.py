"""Clusters around centers, against their definitions in plain Python."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from plain_graphs import THRESHOLDS, Group, Plain, labels_of, plain_graphs

from identigraph.graph.centers import Center, MergeCenter, Star


class Growing:
    """Clusters of groups in plain Python."""

    def __init__(self, plain: Plain) -> None:
        self.plain, self.clusters = plain, plain.groups

    def of(self, record: int) -> Group:
        """Return the cluster of a record."""
        return next(cluster for cluster in self.clusters if record in cluster)

    def unite(self, one: int, other: int) -> bool:
        """Unite two clusters, if they may be."""
        a, b = self.of(one), self.of(other)
        if a != b and not self.plain.allowed(a, b):
            return False
        self.clusters = [c for c in self.clusters if c not in (a, b)] + [a | b]
        return True

    def labels(self) -> list[int]:
        """Return the labels."""
        return labels_of(self.clusters, self.plain.n)


def centered(plain: Plain, threshold: float, *, merge: bool) -> list[int]:
    """Return the labels of center clustering."""
    made, centers, members = Growing(plain), set[int](), set[int]()
    for low, high in plain.strongest(threshold):
        placed = {low, high} & (centers | members)
        if not placed:
            if made.unite(low, high):
                centers.add(low)
                members.add(high)
        elif len(placed) == 1:
            (known,) = placed
            (new,) = {low, high} - placed
            if known in members:
                centers.add(new)
            elif made.unite(known, new):
                members.add(new)
        elif merge and {low, high} & centers:
            made.unite(low, high)
    return made.labels()


def starred(plain: Plain, threshold: float) -> list[int]:
    """Return the labels of star clustering."""
    pairs = plain.strongest(threshold)
    beside = {min(g): {b for pair in pairs if min(g) in pair for b in pair} - {min(g)} for g in plain.groups}
    centers: set[int] = set()
    for node in sorted(beside, key=lambda node: (-len(beside[node]), node)):
        if not beside[node] & centers:
            centers.add(node)
    made, placed = Growing(plain), set[int]()
    for pair in pairs:
        for center, node in (pair, pair[::-1]):
            if center in centers and node not in centers and node not in placed and made.unite(center, node):
                placed.add(node)
    return made.labels()


@given(plain_graphs(), THRESHOLDS)
def test_a_record_belongs_to_the_first_center_it_is_paired_with(plain: Plain, threshold: float) -> None:
    assert Center(threshold).build(plain.graph()).labels.tolist() == centered(plain, threshold, merge=False)


@given(plain_graphs(), THRESHOLDS)
def test_merge_center_unites_clusters_that_share_a_record(plain: Plain, threshold: float) -> None:
    assert MergeCenter(threshold).build(plain.graph()).labels.tolist() == centered(plain, threshold, merge=True)


@given(plain_graphs(), THRESHOLDS)
def test_records_with_the_most_pairs_are_stars(plain: Plain, threshold: float) -> None:
    assert Star(threshold).build(plain.graph()).labels.tolist() == starred(plain, threshold)


CHAIN = {(i, i + 1): p for i, p in enumerate((0.9, 0.8, 0.7, 0.6))}


@pytest.mark.parametrize(
    ("builder", "labels"),
    [
        (Center(), [0, 0, 1, 1, 2]),
        (MergeCenter(), [0, 0, 1, 1, 2]),
        (Star(), [0, 0, 0, 1, 1]),
    ],
    ids=repr,
)
def test_a_chain_breaks(builder: Any, labels: list[int]) -> None:
    """0, 2 and 4, which meets a member, are centers of pairs; 1 and 3 of stars, and 2 is nearer to 1."""
    assert builder.build(Plain(5, CHAIN).graph()).labels.tolist() == labels


def test_a_record_that_its_center_may_not_hold_is_free_for_another() -> None:
    plain = Plain(4, {(0, 1): 0.9, (0, 2): 0.8, (2, 3): 0.7}, cannot=((1, 2),))
    for builder in (Center(), MergeCenter()):
        assert builder.build(plain.graph()).labels.tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize("names", [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0]])
def test_a_member_paired_with_another_center_unites_the_two_clusters(names: list[int]) -> None:
    """Record 4 is a center, for it met the member 1 first; 3 is a member of 2, or 2 of 3 where numbers are turned."""
    pairs = {(0, 1): 0.99, (1, 4): 0.95, (2, 3): 0.93, (3, 4): 0.8, (2, 4): 0.8}
    turned = {(min(names[a], names[b]), max(names[a], names[b])): p for (a, b), p in pairs.items()}
    alone, merged = (builder.build(Plain(5, turned).graph()).labels.tolist() for builder in (Center(), MergeCenter()))
    assert merged[names[4]] == merged[names[3]]
    assert max(merged) <= max(alone)


def test_a_record_that_its_star_may_not_hold_goes_to_the_next_or_stays_alone() -> None:
    """Record 4 is paired with the centers 0 and 5, and may not be with the nearer one."""
    pairs = {(0, 1): 0.9, (0, 2): 0.9, (0, 3): 0.9, (0, 4): 0.95, (4, 5): 0.6, (5, 6): 0.9}
    assert Star().build(Plain(7, pairs).graph()).labels.tolist() == [0, 0, 0, 0, 0, 1, 1]
    assert Star().build(Plain(7, pairs, cannot=((1, 4),)).graph()).labels.tolist() == [0, 1, 0, 0, 0, 2, 2]
    assert Star().build(Plain(7, pairs, cannot=((0, 4),)).graph()).labels.tolist() == [0, 0, 0, 0, 1, 1, 1]
    both = Plain(7, pairs, cannot=((0, 4), (4, 5)))
    assert Star().build(both.graph()).labels.tolist() == [0, 0, 0, 0, 1, 2, 2]
