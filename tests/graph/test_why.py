"""How entities came about, why two records are together or apart, how well an entity holds together."""

from __future__ import annotations

from typing import Any

from held_links import COOKIE, LOGIN, Plain, Together, evidence, tablet
from hypothesis import given, settings
from hypothesis import strategies as st
from made_graphs import builders, namespaces, streams

import identigraph as ig
from identigraph.graph import ConstrainedComponents, Evidence, IdentityGraph, Namespace
from identigraph.graph.why import Answer, how, standing, why

CASES = st.tuples(streams(), namespaces(), builders())
RECORDS = st.integers(0, 7)
CARD = Namespace("card", kind="account")


def told(row: dict[str, Any]) -> tuple[Any, ...]:
    """Return what a row says about a link."""
    return row["left_id"], row["by"], row["right_id"] if row["value"] is None else row["value"]


def links_of(found: Evidence) -> list[tuple[Any, ...]]:
    """Return what `told` would say about each link of `Plain.of`."""
    must = found.graph.judgements.must
    sure = [(a, "must_link", b) for a, b in zip(must.left.tolist(), must.right.tolist(), strict=True)]
    return sure + [told(row) for row in found.told(found.links).rows(named=True)]


@settings(max_examples=settings().max_examples // 2)
@given(CASES, RECORDS)
def test_the_steps_of_an_entity_unite_it_and_nothing_else(case, record) -> None:
    found, record = evidence(case), record % case[0].n
    part = {row: {row} for row in range(case[0].n)}
    steps = how(found, record).to_polars().rows(named=True)
    for step in steps:
        one, other = part[step["left_id"]], part[step["right_id"]]
        assert not one & other
        assert (len(one), len(other)) == (step["left_records"], step["right_records"])
        part |= dict.fromkeys(one | other, one | other)
    entity = Plain.of(found).entity(record)
    assert part[record] == entity
    assert len(steps) == len(entity) - 1


@settings(max_examples=settings().max_examples // 2)
@given(CASES, RECORDS, RECORDS)
def test_two_records_of_an_entity_have_the_strongest_path_between_them(case, left, right) -> None:
    found, left, right = evidence(case), left % case[0].n, right % case[0].n
    plain, answer = Plain.of(found), why(found, left, right)
    assert answer.together == (right in plain.entity(left))
    if not answer.together:
        assert answer.certainty is None
        return
    assert answer.certainty == plain.bottleneck(left, right)
    rows, every = answer.links.to_polars().rows(named=True), links_of(found)
    here: Any = left
    for row in rows:
        ends = (row["left_id"], row["right_id"] if row["value"] is None else (row["by"], row["value"]))
        assert here in ends
        here = ends[1] if here == ends[0] else ends[0]
        assert told(row) in {every[place] for place in plain.held}
    assert here == right
    assert min([row["certainty"] for row in rows], default=1.0) == answer.certainty


@settings(max_examples=settings().max_examples // 2)
@given(CASES, RECORDS, RECORDS)
def test_two_entities_have_the_fewest_links_that_would_join_them(case, left, right) -> None:
    """With all of these they are joined, and no fewer suppressed links do it."""
    found, left, right = evidence(case), left % case[0].n, right % case[0].n
    plain, answer = Plain.of(found), why(found, left, right)
    if answer.together:
        return
    suppressed = [place for place, link in enumerate(plain.links) if not link[3]]
    fewest = plain.distance(left, right, suppressed)
    rows = answer.links.to_polars().rows(named=True)
    assert len(rows) == (fewest or 0)
    assert (fewest is None) == ("not hold" not in answer.sentence)
    every = links_of(found)
    cut = [place for place in suppressed if every[place] in [told(row) for row in rows]]
    assert fewest is None or plain.joined([*plain.held, *cut], left, right)
    reasons = {(told(row), row["reason"], row["limit"]) for row in found.suppressed.to_polars().rows(named=True)}
    assert all((told(row), row["reason"], row["limit"]) in reasons for row in rows)


@settings(max_examples=settings().max_examples // 2)
@given(CASES, RECORDS)
def test_an_entity_stands_as_a_look_at_each_record_and_link_finds(case, record) -> None:
    found, record = evidence(case), record % case[0].n
    plain, stands = Plain.of(found), standing(found, record)
    entity = sorted(plain.entity(record))
    assert (stands.records, stands.links) == (len(entity), len(plain.around(record)))
    pairs = len(entity) * (len(entity) - 1) / 2
    assert stands.density == (plain.linked_pairs(record) / pairs if pairs else 1.0)
    assert stands.confidence == plain.confidence(record)
    (of_table,) = found.entities.to_polars().filter(entity=found.clusters.labels[record])["confidence"]
    assert stands.confidence == of_table
    cut_points = plain.articulations(record)
    assert stands.members.to_polars().rows() == [
        ("", row, plain.member_confidence(row), row in cut_points) for row in entity
    ]
    every = links_of(found)
    assert sorted(map(told, stands.bridges.to_polars().rows(named=True)), key=str) == sorted(
        (every[place] for place in plain.bridges(record)), key=str
    )


# Stories


def test_a_story_of_logins_phones_and_a_tablet() -> None:
    """Ann's records are joined by her login; the newest to use the tablet keeps it."""
    found = tablet()
    steps = how(found, 1).to_polars()
    assert steps.select("left_id", "right_id", "by", "value", "left_records", "right_records").rows() == [
        ("ann 2", "ann 1", "login", "ann", 1, 1)
    ]
    assert len(how(found, 2)) == 1
    together = why(found, 2, 3)
    assert together.sentence == "one entity, by 2 links, certain to 0.9"
    path = together.links.to_polars()
    assert path.select("left_id", "right_id", "by", "value").rows() == [
        ("bob", None, "cookie", "tablet"),
        ("nobody", None, "cookie", "tablet"),
    ]
    apart = why(found, 0, 2)
    assert apart.sentence == "two entities: 1 link between them does not hold: the limit of namespace 'login'"
    assert apart.links.to_polars().select("left_id", "value", "limit").rows() == [("ann 2", "tablet", "login")]


def test_one_record_is_one_entity_by_itself() -> None:
    answer = why(tablet(), 1, 1)
    assert repr(answer) == "<Answer: one entity: the same record>"
    assert (answer.together, answer.certainty, len(answer.links)) == (True, 1.0, 0)
    alone = IdentityGraph.of({"id": [1]}, id="id")
    stands = standing(Evidence.of(alone, ig.ConstrainedComponents()), 0)
    assert (stands.records, stands.links, stands.density, stands.confidence) == (1, 0, 1.0, 1.0)
    assert stands.members.to_polars().rows() == [("", 1, 1.0, False)]
    assert (len(stands.bridges), len(how(Evidence.of(alone, ig.ConstrainedComponents()), 0))) == (0, 0)


def test_must_links_are_steps_and_paths() -> None:
    judged = {"left": ["a"], "right": ["b"], "judgement": ["must_link"]}
    graph = IdentityGraph.of(judgements=judged, edges=[("b", "c", 0.9)])
    found = Evidence.of(graph, ig.ConstrainedComponents(linkage=ig.Components(0.5)))
    steps = how(found, 0).to_polars().select("left_id", "right_id", "by", "value", "certainty", "left_records")
    assert steps.with_columns(steps["certainty"].round(3)).rows() == [
        ("a", "b", "must_link", None, 1.0, 1),
        ("b", "c", "scored", None, 0.9, 2),
    ]
    assert why(found, 0, 1).sentence == "one entity, by 1 link, certain to 1"


def test_what_a_judgement_confirms_is_no_bridge() -> None:
    judged = {"left": ["a"], "right": ["b"], "judgement": ["must_link"]}
    graph = IdentityGraph.of(judgements=judged, edges=[("a", "b", 0.9), ("b", "c", 0.9)])
    found = Evidence.of(graph, ig.ConstrainedComponents(linkage=ig.Components(0.5)))
    bridges = standing(found, 0).bridges.to_polars()
    assert bridges.select("left_id", "right_id").rows() == [("b", "c")]


def test_a_hub_is_told_and_the_records_that_hang_on_it_are_less_sure() -> None:
    pairs = [("hub", "x", 0.9), ("hub", "y", 0.8), ("hub", "z", 0.7)]
    stands = standing(Evidence.of(IdentityGraph.of(edges=pairs), ig.Components(0.5)), 0)
    members = stands.members.to_polars()
    assert members["articulation"].to_list() == [True, False, False, False]
    assert members["confidence"].round(3).to_list() == [0.8, 0.8, 0.8, 0.7]
    assert (stands.density, round(stands.confidence, 3), len(stands.bridges)) == (0.5, 0.7, 3)


def sentence(left: int, right: int, builder: Any = None, **given_parts: Any) -> str:
    """Return why two records are apart, in words."""
    answer = why(Evidence.of(IdentityGraph.of(**given_parts), builder or ig.ConstrainedComponents()), left, right)
    assert isinstance(answer, Answer)
    assert not answer.together
    return answer.sentence.removeprefix("two entities: ")


ONE = "1 link between them does not hold: "
PAIR = {"edges": [("a", "b", 0.9)]}
CHAIN = {"edges": [("a", "b", 0.99), ("b", "c", 0.9)]}


def test_every_reason_has_its_words() -> None:
    never = {"left": ["a"], "right": ["b"], "judgement": ["cannot_link"]}
    assert sentence(0, 1, **PAIR, judgements=never) == f"{ONE}a judgement"
    two = {"left": [1], "right": [2], "left_source": ["web"], "right_source": ["web"], "weight": [0.9]}
    assert sentence(0, 1, edges=two, one_per_source=True) == f"{ONE}both have a record of one source"
    most = ig.ConstrainedComponents(linkage=ig.Components(0.5), most_records=2)
    assert sentence(0, 2, most, **CHAIN) == f"{ONE}the most records that an entity may have"
    doubted = {"edges": [*CHAIN["edges"][:1], ("b", "c", 0.7), ("a", "c", 0.001)]}
    assert sentence(0, 2, **doubted) == f"{ONE}the other pairs of the two speak against it"
    assert sentence(0, 2, ig.AverageLinkage(0.5), **doubted) == f"{ONE}the builder put its ends apart"
    people = {"records": {"id": ["a", "b"], "login": ["ann", "bob"]}, "id": "id"}
    logins = [Namespace("login", kind="login")]
    assert sentence(0, 1, **people, **PAIR, namespaces=logins) == f"{ONE}both have an identifier of a person"
    people["records"]["cookie"] = ["c", "c"]
    loose = ig.ConstrainedComponents(protect=None)
    told = sentence(0, 1, loose, **people, namespaces=[*logins, Namespace("cookie", kind="cookie", policy="refuse")])
    assert told == f"{ONE}both are named, and a device or cookie joins no two"


def test_several_links_in_the_way_are_counted_and_each_reason_is_told_once() -> None:
    """The tablet is nobody's, so both of its links would have to hold."""
    events = {"id": ["ann", "bob"], "login": ["ann", "bob"], "cookie": ["tablet", "tablet"]}
    spaces = [LOGIN, Namespace("cookie", kind="cookie")]
    told = sentence(0, 1, records=events, id="id", namespaces=spaces)
    limit = "the limit of namespace 'login'"
    assert told in (
        f"2 links between them do not hold: {first}; {second}"
        for first, second in (
            (f"it is ambiguous because of {limit}", limit),
            (limit, f"it is ambiguous because of {limit}"),
        )
    )


def test_a_limit_of_a_namespace_may_be_the_way_of_one_called_like_a_reason() -> None:
    events = {"id": [1, 2], "card": ["c", "c"], "number": ["1", "2"]}
    spaces = [CARD, Namespace("number", kind="person", limit=1, linkable=False)]
    assert "the limit of namespace 'number'" in sentence(0, 1, records=events, id="id", namespaces=spaces)


def test_records_that_nothing_connects_have_no_cut() -> None:
    assert sentence(0, 1, records={"id": [1, 2]}, id="id") == "no link leads from one to the other"


def test_what_a_builder_joins_without_links_is_told_as_that() -> None:
    graph = IdentityGraph.of({"id": [1, 2, 3]}, id="id", edges=[(1, 2, 0.9)])
    found = Evidence.of(graph, Together())
    answer = why(found, 0, 2)
    assert answer.together
    assert answer.sentence == "one entity: the builder put the two together, no link leads from one to the other"
    assert (answer.certainty, len(answer.links)) == (None, 0)
    stands = standing(found, 0)
    assert (stands.records, stands.confidence, len(how(found, 0))) == (3, 0.0, 1)
    assert stands.members.to_polars()["confidence"].round(3).to_list() == [0.9, 0.9, 0.0]


def test_answers_hold_no_id_and_no_value() -> None:
    found = tablet()
    for pair in ((0, 1), (0, 2), (2, 3)):
        assert not any(word in repr(why(found, *pair)) for word in ("ann", "bob", "tablet"))


def test_the_policy_of_a_cookie_decides_who_keeps_it() -> None:
    assert COOKIE.policy == "newest"
    assert tablet(at=[1, 4, 3, 2]).clusters.labels.tolist() == [0, 0, 1, 0]


def test_apart_without_links_tells_a_low_score_or_what_is_set_aside() -> None:
    kiosk = {"id": [1, 2, 3, 4], "login": ["ann", "bob", "null", "null"], "device": ["k", "k", "k", None]}
    spaces = [Namespace("login", kind="login", limit=1), Namespace("device", kind="device", max_entities=1)]
    graph = IdentityGraph.of(kiosk, id="id", namespaces=spaces, edges=[(1, 4, 0.25)])
    evidence = Evidence.of(graph, ConstrainedComponents())
    told = {(a, b): why(evidence, a - 1, b - 1).sentence for a, b in [(1, 2), (3, 4), (4, 1), (2, 4)]}
    assert told == {
        (1, 2): "two entities: they share only what is set aside: device (shared)",
        (3, 4): "two entities: they share only what is set aside: login (blocked)",
        (4, 1): "two entities: their match probability of 0.25 is below the threshold",
        (2, 4): "two entities: no link leads from one to the other",
    }
