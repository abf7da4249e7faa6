"""Steps, paths, cuts and bridges of an envelope, against plain definitions."""

from __future__ import annotations

from held_links import Plain, plain_links
from hypothesis import given
from hypothesis import strategies as st

from identigraph.graph.neighborhood import Neighborhood

LINKS = plain_links()


@given(LINKS)
def test_replaying_the_steps_makes_the_entities(plain: Plain) -> None:
    """Each step joins two parts with so many records, by a link that holds; there are as few as can be."""
    part = {record: {record} for record in range(plain.records)}
    steps = plain.neighborhood().steps()
    for step in steps:
        assert plain.links[step.link][3]
        assert plain.links[step.link][0] == step.left
        one, other = part[step.left], part[step.right]
        assert not one & other
        assert (len(one), len(other)) == (step.left_records, step.right_records)
        part |= dict.fromkeys(one | other, one | other)
    parts = plain.parts(plain.held)
    assert all(part[record] == entity for entity in parts for record in entity)
    assert len(steps) == plain.records - len(parts)


@given(LINKS)
def test_a_step_by_a_value_is_between_two_that_carry_it(plain: Plain) -> None:
    ends = {link[:2] for link in plain.links if link[3]}
    for step in plain.neighborhood().steps():
        other = plain.links[step.link][1]
        assert step.right == other if other < plain.records else (step.right, other) in ends


@given(LINKS, st.integers(0, 5), st.integers(0, 5))
def test_the_strongest_path_has_the_strongest_weakest_link(plain: Plain, start: int, end: int) -> None:
    start, end = start % plain.records, end % plain.records
    path = plain.neighborhood().strongest_path(start, end)
    if not plain.joined(plain.held, start, end):
        assert path is None
        return
    assert walked(plain, path, start) == end
    assert all(plain.links[link][3] for link in path)
    assert len(set(path)) == len(path)
    assert min((plain.links[link][2] for link in path), default=1.0) == plain.bottleneck(start, end)


def walked(plain: Plain, path: list[int], start: int) -> int:
    """Return where a path leads to; each link goes on from where the one before ended."""
    here = start
    for link in path:
        one, other = plain.links[link][:2]
        assert here in (one, other)
        here = other if here == one else one
    return here


@given(LINKS)
def test_the_tree_leads_from_record_to_record_and_to_nothing_else(plain: Plain) -> None:
    tree = plain.neighborhood().strongest_tree()
    assert plain.parts(tree) == plain.parts(plain.held)
    assert all(plain.parts([other for other in tree if other != link]) != plain.parts(tree) for link in tree)


@given(LINKS, st.integers(0, 5), st.integers(0, 5))
def test_a_cut_is_the_fewest_links_that_join_and_of_these_the_earliest(plain: Plain, start: int, end: int) -> None:
    start, end = start % plain.records, end % plain.records
    suppressed = [place for place, link in enumerate(plain.links) if not link[3]]
    cut = plain.neighborhood().cut(start, end)
    fewest = plain.distance(start, end, suppressed)
    if fewest is None:
        assert cut is None
        return
    assert len(cut) == fewest
    assert set(cut) <= set(suppressed)
    assert plain.joined([*plain.held, *cut], start, end)
    assert not any(plain.joined([*plain.held, *(x for x in cut if x != link)], start, end) for link in cut)
    earlier = [place for place in suppressed if place < max(cut, default=-1)]
    assert not cut or plain.distance(start, end, earlier) != fewest


def test_of_two_ways_to_join_the_stronger_is_the_cut() -> None:
    """0 and 1 are together; 2 could be joined to 1 by the second link or to 0 by the third."""
    links = Plain(3, ((0, 1, 0.9, True), (1, 2, 0.8, False), (0, 2, 0.7, False)))
    assert links.neighborhood().cut(0, 2) == [1]


@given(LINKS, st.integers(0, 5))
def test_bridges_and_articulations_are_what_an_entity_falls_apart_without(plain: Plain, record: int) -> None:
    links = plain.neighborhood()
    record %= plain.records
    entity = plain.entity(record)
    assert [link for link in links.bridges() if plain.links[link][0] in entity] == plain.bridges(record)
    assert [each for each in links.articulations() if each in entity] == plain.articulations(record)


def test_two_links_between_two_records_are_no_bridge() -> None:
    assert Plain(2, ((0, 1, 1.0, True), (0, 1, 0.9, True))).neighborhood().bridges() == []
    assert Plain(2, ((0, 1, 0.9, True), (0, 1, 0.8, False))).neighborhood().bridges() == [0]


@given(LINKS, st.integers(0, 5))
def test_members_are_as_certain_as_their_way_to_most_of_the_entity(plain: Plain, record: int) -> None:
    members = sorted(plain.entity(record % plain.records))
    around = Plain(plain.records, tuple(plain.links[place] for place in plain.around(members[0])))
    found = around.neighborhood().member_certainty(members)
    assert found == {member: plain.member_confidence(member) for member in members}
    assert min(found.values()) == plain.confidence(members[0])
    assert around.neighborhood().linked_pairs() == plain.linked_pairs(members[0])


def test_members_that_no_links_join_have_no_certainty() -> None:
    links = Neighborhood(4, [0], [1], [0.9], [True])
    assert links.member_certainty([0, 1, 2]) == {0: 0.9, 1: 0.9, 2: 0.0}
    assert links.member_certainty([0, 1, 2, 3]) == {0: 0.0, 1: 0.0, 2: 0.0, 3: 0.0}
    assert links.member_certainty([3]) == {3: 1.0}


def test_a_value_that_one_record_carries_tells_nothing_about_an_entity() -> None:
    links = Neighborhood(2, [0, 0], [1, 2], [0.9, 0.1], [True, True])
    assert (links.steps()[0].link, len(links.steps())) == (0, 1)
    assert (links.strongest_tree(), links.bridges(), links.articulations()) == ([0], [0], [])
    assert links.member_certainty([0, 1]) == {0: 0.9, 1: 0.9}
