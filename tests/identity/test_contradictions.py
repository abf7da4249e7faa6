"""Contradictions: which judgements they name, in which words, and by the shortest way."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_judgements import EVERY, judgement, several

from identigraph.errors import JudgementConflictError
from identigraph.identity import contradictions
from identigraph.identity.contradictions import Joined, check

A, B, C, D, E = EVERY


def told(*some):
    """Return the contradictions of judgements, numbered from 1: sentence, ids and pair."""
    numbered = [judgement(kind, *groups, id=number, **more) for number, (kind, groups, more) in enumerate(some, 1)]
    return [(each.told, [one.id for one in each.judgements], each.pair) for each in contradictions(numbered)]


def one(kind, *groups, **more):
    """Return what a judgement is made of."""
    return kind, groups, more


@pytest.mark.parametrize(
    ("some", "found"),
    [
        (
            [one("must_link", "ab", author="ann"), one("must_link", "bc"), one("cannot_link", "a", "c", author="bob")],
            ("cannot_link 3 by 'bob' keeps apart what must_link 1 by 'ann', must_link 2 join", [3, 1, 2], (A, C)),
        ),
        (
            [one("split", "ab", "cd"), one("must_link", "ae"), one("must_link", "de"), one("must_link", "abe")],
            ("split 1 keeps apart what must_link 2, must_link 3 join", [1, 2, 3], (A, D)),
        ),
        (
            [one("lock", "ab"), one("cannot_link", "b", "a")],
            ("cannot_link 2 keeps apart what lock 1 joins", [2, 1], (A, B)),
        ),
        (
            [one("lock", "ab"), one("must_link", "bc")],
            ("must_link 2 leads out of lock 1", [2, 1], (B, C)),
        ),
        (
            [one("lock", "ab"), one("lock", "bc", author="eve")],
            ("lock 2 by 'eve' and lock 1 share some of their records, not all", [2, 1], (B, A)),
        ),
        (
            [one("pin", "ab"), one("pin", "bc", entity_id="Y")],
            ("pin 1 and pin 2 give two ids to one record", [1, 2], (B, B)),
        ),
        (
            [one("pin", "a"), one("pin", "c", entity_id="Y"), one("must_link", "bc"), one("lock", "abc")],
            ("pin 1 and pin 2 give two ids to what lock 4 joins", [1, 2, 4], (A, C)),
        ),
        (
            [one("pin", "a"), one("pin", "c", entity_id="Y"), one("must_link", "bc"), one("must_link", "ab")],
            ("pin 1 and pin 2 give two ids to what must_link 4, must_link 3 join", [1, 2, 4, 3], (A, C)),
        ),
        (
            [one("pin", "ab"), one("cannot_link", "a", "b")],
            ("pin 1 gives one id to what cannot_link 2 keeps apart", [1, 2], (A, B)),
        ),
        (
            [one("pin", "a"), one("pin", "b"), one("must_link", "bc"), one("split", "c", "ad")],
            ("pin 1, pin 2 give one id to what split 4 with must_link 3 keeps apart", [1, 2, 4, 3], (A, B)),
        ),
        (
            [one("pin", "ac"), one("lock", "ab")],
            ("pin 1 gives one id to records inside and outside of lock 2", [1, 2], (A, C)),
        ),
        (
            [one("pin", "a"), one("pin", "c"), one("lock", "ab")],
            ("pin 1, pin 2 give one id to records inside and outside of lock 3", [1, 2, 3], (A, C)),
        ),
    ],
)
def test_a_contradiction_names_the_judgements_it_comes_from(some, found) -> None:
    assert told(*some) == [found]


def test_each_contradiction_is_told_and_of_one_judgement_once() -> None:
    found = told(one("must_link", "abc"), one("cannot_link", "a", "b", "c"), one("split", "a", "b"))
    assert [ids for _, ids, _ in found] == [[2, 1], [3, 1]]
    found = told(one("lock", "ab"), one("lock", "cd"), one("must_link", "bc"), one("pin", "ad"))
    assert [ids for _, ids, _ in found] == [[3, 1], [3, 2], [4, 1], [4, 2]]
    found = told(one("lock", "ab"), one("lock", "bc"), one("lock", "cda"))
    assert [ids for _, ids, _ in found] == [[2, 1], [3, 1], [3, 2]]
    found = told(one("lock", "ab"), one("lock", "bc"), one("must_link", "bd"))
    assert [ids for _, ids, _ in found] == [[2, 1], [3, 1], [3, 2]]
    found = told(one("must_link", "ab"), one("cannot_link", "a", "b"), one("pin", "ab"))
    assert [ids for _, ids, _ in found] == [[2, 1]]


@pytest.mark.parametrize(
    "some",
    [
        [one("must_link", "ab"), one("must_link", "ab"), one("cannot_link", "a", "c"), one("cannot_link", "a", "c")],
        [one("lock", "ab"), one("lock", "ba"), one("must_link", "ab"), one("cannot_link", "a", "c"), one("pin", "ab")],
        [one("pin", "ab"), one("pin", "bc"), one("must_link", "ac"), one("split", "abc", "de")],
        [one("pin", "a"), one("pin", "b", entity_id="Y"), one("cannot_link", "a", "b"), one("lock", "a")],
        [one("unsure", "a", "b"), one("must_link", "ab")],
        [one("unsure", "a", "b"), one("cannot_link", "a", "b")],
        [],
    ],
)
def test_what_can_be_followed_at_once_is_no_contradiction(some) -> None:
    assert told(*some) == []
    check(judgement(kind, *groups, **more) for kind, groups, more in some)


def test_of_a_long_chain_the_first_judgements_are_told_in_words_and_all_by_their_ids() -> None:
    links = [judgement("must_link", pair, id=number) for number, pair in enumerate(map("".join, pairwise(LONG)), 1)]
    with pytest.raises(JudgementConflictError, match="must_link 8, 3 more join; nothing was applied") as caught:
        check([*links, judgement("cannot_link", LONG[0], LONG[-1], id=12)])
    assert caught.value.judgements == ((12, *range(1, 12)),)
    assert caught.value.pairs == (("records:a", "records:l"),)
    assert "records" not in str(caught.value)


LONG = "abcdefghijkl"


@given(several(), st.sampled_from(EVERY), st.sampled_from(EVERY))
def test_a_chain_is_the_shortest_way_over_what_joins(some, source, target) -> None:
    joining = [each for each in some if each.kind in ("must_link", "lock")]
    graph = nx.Graph((each.id, key) for each in joining for key in each.records)
    graph.add_nodes_from(EVERY)
    joined = Joined.by(joining)
    connected = nx.has_path(graph, source, target)
    assert (joined.of(source) == joined.of(target)) == connected
    chain = joined.chain({source}, {target})
    if not connected:
        assert chain == ()
        return
    assert len(chain) == nx.shortest_path_length(graph, source, target) // 2
    reached = {source}
    for each in chain:
        assert reached & set(each.records)
        reached = set(each.records)
    assert target in reached
