"""Identity graphs as graphs of networkx and back, and what may be read of any graph of networkx."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from urllib.parse import unquote

import attrs
import networkx as nx
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from whole_graphs import ODD, assert_same, clusters_of, kept_apart, whole_graphs

from identigraph.errors import (
    ColumnNotFoundError,
    ColumnTypeError,
    ConfigurationError,
    ContradictionError,
    RangeError,
    UnsupportedInputError,
)
from identigraph.fields import Email
from identigraph.graph import Clusters, Generic, IdentityGraph, Namespace
from identigraph.graph.networks import from_networkx, identifier_name, record_name, to_networkx
from identigraph.graph.sightings import NEVER

MAIL = Namespace("mail", kind="contact", generic=Generic("name"))
DAY = 86_400_000_000
EVENTS = {
    "id": [1, 1, 2, 3],
    "from": ["a", "a", "a", "b"],
    "mail": ["x", "x", "x", "y"],
    "name": ["ann", "ann", None, "bo"],
    "at": [datetime(1970, 1, 2, tzinfo=UTC), datetime(1970, 1, 3, microsecond=5, tzinfo=UTC), None, None],
}
GRAPH = attrs.evolve(
    IdentityGraph.of(EVENTS, id="id", source="from", observed_at="at", namespaces=[MAIL], one_per_source=False),
    scored=IdentityGraph.of(edges=[(1, 2, 0.75), (2, 3, 0.5)]).scored,
    judgements=IdentityGraph.of(
        judgements={"left": [1, 1, 2], "right": [2, 3, 3], "judgement": ["must_link", "cannot_link", "unsure"]}
        | {"author": ["kim", None, "lee"]}
    ).judgements,
    apart=np.array([0, -1, 0], dtype=np.int32),
)
ONE, TWO, THREE, X, Y = "record/a/1", "record/a/2", "record/b/3", "identifier/mail/x", "identifier/mail/y"


def test_records_and_values_are_nodes() -> None:
    network = to_networkx(GRAPH, clusters=Clusters.of(np.array([0, 0, 1])))
    assert isinstance(network, nx.MultiGraph)
    assert dict(network.nodes(data=True)) == {
        ONE: {"kind": "record", "source": "a", "record_id": 1, "cluster": 0, "apart": 0, "attribute.name": "ann"},
        TWO: {"kind": "record", "source": "a", "record_id": 2, "cluster": 0},
        THREE: {"kind": "record", "source": "b", "record_id": 3, "cluster": 1, "apart": 0, "attribute.name": "bo"},
        X: {"kind": "identifier", "namespace": "mail", "value": "x"},
        Y: {"kind": "identifier", "namespace": "mail", "value": "y"},
    }


def test_scores_what_is_carried_and_judgements_are_edges() -> None:
    carries = {"kind": "carries", "namespace": "mail"}
    assert list(to_networkx(GRAPH).edges(keys=True, data=True)) == [
        (ONE, TWO, 0, {"kind": "scored", "match_probability": 0.75, "match_weight": np.float32(np.log2(3))}),
        (ONE, TWO, 6, {"kind": "must_link", "told.author": "kim"}),
        (ONE, X, 2, {**carries, "observed_at": "1970-01-02T00:00:00"}),
        (ONE, X, 3, {**carries, "observed_at": "1970-01-03T00:00:00.000005"}),
        (ONE, THREE, 7, {"kind": "cannot_link"}),
        (TWO, THREE, 1, {"kind": "scored", "match_probability": 0.5, "match_weight": 0.0}),
        (TWO, THREE, 8, {"kind": "unsure", "told.author": "lee"}),
        (TWO, X, 4, carries),
        (THREE, Y, 5, carries),
    ]


def test_scored_pairs_count_from_the_threshold_on() -> None:
    graph = IdentityGraph.of(edges=[("a", "b", 0.9), ("b", "c", 0.899), ("c", "d", 0.95)])
    assert list(to_networkx(graph, threshold=0.9).edges()) == [
        ("record/a", "record/b"),
        ("record/c", "record/d"),
    ]


@given(whole_graphs(unreadable=False))
def test_a_whole_graph_comes_back(graph: IdentityGraph) -> None:
    assert_same(graph, from_networkx(to_networkx(graph)))


@given(whole_graphs(unreadable=False))
def test_a_whole_graph_comes_back_without_empty_texts(graph: IdentityGraph) -> None:
    """Older releases of networkx lose them when they read GraphML."""
    network = to_networkx(graph)
    for told in dict(network.nodes(data=True)).values():
        for name in ("source", "record_id", "value"):
            if told.get(name) == "":
                del told[name]
    assert_same(graph, from_networkx(network))


@given(whole_graphs())
def test_of_sightings_those_without_a_value_are_left_out(graph: IdentityGraph) -> None:
    back = from_networkx(to_networkx(graph))
    for seen, again in zip(graph.sightings, back.sightings, strict=True):
        there = seen.codes >= 0
        assert again.rows.tolist() == seen.rows[there].tolist()
        assert again.values.gather(again.codes).to_list() == seen.values.gather(seen.codes[there]).to_list()


@given(whole_graphs(unreadable=False), st.data())
def test_an_entity_is_what_is_among_its_nodes(graph: IdentityGraph, data: st.DataObject) -> None:
    """The whole network, without the records of other entities and what only they carry."""
    clusters = clusters_of(graph)
    whole = to_networkx(graph, clusters=clusters)
    for entity in range(clusters.count):
        threshold = data.draw(st.sampled_from([0.0, 0.5]))
        part = to_networkx(graph, clusters=clusters, entity=entity, threshold=threshold)
        inside = {name for name, told in whole.nodes(data=True) if told.get("cluster") == entity}
        inside |= {name for record in inside for name in whole[record] if whole.nodes[name]["kind"] == "identifier"}
        expected = whole.subgraph(inside)
        kept = [told for *_, told in expected.edges(data=True) if told.get("match_probability", 1) >= threshold]
        assert dict(part.nodes(data=True)) == dict(expected.nodes(data=True))
        assert sorted(map(str, kept)) == sorted(str(told) for *_, told in part.edges(data=True))
        from_networkx(part)


TEXTS = st.text(ODD, max_size=4) | st.just("%2F")


@given(TEXTS.filter(bool), TEXTS)
def test_names_tell_their_parts_so_no_two_nodes_share_one(one: str, other: str) -> None:
    def parts(name: str) -> list[str]:
        assert name.isascii()
        assert name.isprintable()
        return [unquote(part) for part in name.split("/")]

    assert parts(record_name(one, other)) == ["record", one, other]
    assert parts(record_name("", other)) == ["record", other]
    assert parts(identifier_name(one, other)) == ["identifier", one, other]


def test_clusters_are_those_of_the_records() -> None:
    clusters = Clusters.of(np.array([0, 0, 1]))
    with pytest.raises(ConfigurationError, match="clusters are of 2 records, the graph of 3"):
        to_networkx(GRAPH, clusters=Clusters.of(np.array([0, 1])))
    with pytest.raises(ConfigurationError, match=r"give clusters=\.\.\."):
        to_networkx(GRAPH, entity=0)
    for entity in (-1, 2):
        with pytest.raises(RangeError, match="entity must lie between 0 and 1"):
            to_networkx(GRAPH, clusters=clusters, entity=entity)
    with pytest.raises(RangeError, match="threshold"):
        to_networkx(GRAPH, threshold=2)


def test_times_without_a_form_are_seconds() -> None:
    events = {"id": [1, 2], "mail": ["x", "x"], "at": [1e12, -1e12]}
    far = IdentityGraph.of(events, id="id", observed_at="at", namespaces=[Namespace("mail")])
    network = to_networkx(far)
    assert [told["observed_at"] for *_, told in network.edges(data=True)] == [1e12, -1e12]
    assert_same(far, from_networkx(network))


def test_times_have_a_form_from_the_year_1_to_9999() -> None:
    ends = ["0001-01-01T00:00:00", "9999-12-31T23:59:59.999999"]
    events = {"id": [1, 2], "mail": ["x", "x"], "at": ends}
    graph = IdentityGraph.of(events, id="id", observed_at="at", namespaces=[Namespace("mail")])
    assert [told["observed_at"] for *_, told in to_networkx(graph).edges(data=True)] == ends


def test_any_graph_of_networkx_is_records_and_certain_edges() -> None:
    graph = from_networkx(nx.path_graph(3))
    assert graph.keys.frame.rows() == [("", 0), ("", 1), ("", 2)]
    assert (graph.scored.left.tolist(), graph.scored.right.tolist()) == ([0, 1], [1, 2])
    assert (graph.scored.match_probability.tolist(), graph.scored.match_weight.tolist()) == ([1, 1], [40, 40])
    assert (graph.sightings, len(graph.judgements), graph.apart, graph.attributes) == ((), 0, None, {})


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 4), st.floats(0, 1)).filter(lambda edge: edge[0] != edge[1]),
        min_size=1,
    ),
    st.sampled_from([nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph]),
    st.sampled_from(["weight", "match_probability", "match_weight"]),
)
def test_edges_are_read_as_those_of_a_table(
    edges: list[tuple[int, int, float]], make: type[nx.Graph[Any]], weight: str
) -> None:
    network = make()
    for one, other, value in edges:
        network.add_edge(one, other, **{weight: value})
    left, right, values = zip(*network.edges(data=weight), strict=True)
    assert_same(from_networkx(network), IdentityGraph.of(edges={"left": left, "right": right, weight: values}))


def test_of_the_weights_of_an_edge_the_first_counts() -> None:
    network = nx.MultiGraph()
    network.add_edge("a", "b", match_probability=0.5, weight=17, match_weight=3)
    network.add_edge("a", "c", weight=0.25, match_weight=-9.0)
    network.add_edge("a", "d", match_weight=1)
    network.add_edge("a", "e", weight=None)
    network.add_edge("b", "c", match_probability=0.5, match_weight="heavy")
    network.add_edge("b", "d", match_probability=np.float32(0.5))
    scored = from_networkx(network).scored
    assert scored.match_probability.tolist() == [0.5, 0.25, np.float32(2 / 3), 1, 0.5, 0.5]
    assert scored.match_weight.round(3).tolist() == [3, np.float32(-1.585), 1, 40, 0, 0]


def test_ids_are_text_unless_all_are_whole_numbers() -> None:
    assert from_networkx(nx.Graph([(7, "a")])).keys.frame.rows() == [("", "7"), ("", "a")]
    assert from_networkx(nx.Graph([(np.int32(7), 10)])).keys.frame.rows() == [("", 7), ("", 10)]
    assert from_networkx(nx.Graph()).keys.frame.schema["record_id"] == pl.String
    network = nx.Graph()
    network.add_node((1, 2), record_id="a", source=5)
    assert from_networkx(network).keys.frame.rows() == [("5", "a")]


@pytest.mark.parametrize("node", [(1, 2), 1.5, True, None])
def test_ids_are_text_or_whole_numbers(node: Any) -> None:
    network = nx.Graph()
    network.add_node("a", record_id=node)
    with pytest.raises(UnsupportedInputError, match="text or whole numbers"):
        from_networkx(network)


def test_two_nodes_are_two_records() -> None:
    network = nx.Graph()
    network.add_nodes_from([("a", {"record_id": "x"}), ("b", {"record_id": "x"}), ("c", {"source": "s"})])
    with pytest.raises(ConfigurationError, match="3 nodes are 2 records"):
        from_networkx(network)
    with pytest.raises(ConfigurationError, match="4 nodes are 3 records"):
        from_networkx(nx.Graph([(7, "7"), ("a", "b")]))


def drawn() -> nx.DiGraph[Any]:
    """Return a network that somebody drew: two records and two values, one edge from record to value and one back."""
    network = nx.DiGraph()
    network.add_nodes_from(["u7", "u8"], kind="identifier", namespace="login")
    network.add_node("u8", value=8)
    network.add_edge("a", "u7", observed_at=date(1970, 1, 2))
    network.add_edge("u7", "b", observed_at=1.5, kind="uses")
    network.add_edge("a", "u8", observed_at=datetime(1970, 1, 3, 1, tzinfo=timezone(timedelta(hours=1))))
    network.add_edge("b", "u8", observed_at="1970-01-04", kind="carries")
    return network


def test_values_that_somebody_drew_are_read() -> None:
    graph = from_networkx(drawn(), namespaces=[Namespace("login", limit=1)])
    seen = graph.sightings[0]
    assert (graph.keys.frame["record_id"].to_list(), seen.values.to_list()) == (["a", "b"], ["8", "u7"])
    assert (seen.rows.tolist(), seen.codes.tolist()) == ([0, 0, 1, 1], [0, 1, 0, 1])
    assert seen.times.tolist() == [2 * DAY, DAY, 3 * DAY, 1_500_000]
    assert graph.namespaces == (Namespace("login", limit=1),)


def test_what_is_no_time_is_refused() -> None:
    network = drawn()
    network.edges["a", "u7"]["observed_at"] = (1970, 1, 2)
    with pytest.raises(ColumnTypeError, match="'observed_at' has type tuple"):
        from_networkx(network, namespaces=[Namespace("login")])
    network.edges["a", "u7"].pop("observed_at")
    network.edges["b", "u8"]["observed_at"] = "yesterday"
    with pytest.raises(ConfigurationError, match="'observed_at' holds no times in ISO 8601"):
        from_networkx(network, namespaces=[Namespace("login")])
    network.edges["b", "u8"]["observed_at"] = None
    times = from_networkx(network, namespaces=[Namespace("login")]).sightings[0].times
    assert times.tolist() == [2 * DAY, NEVER, NEVER, 1_500_000]


def test_rules_that_are_given_take_the_place_of_a_networks_own() -> None:
    network = to_networkx(GRAPH)
    strict = Namespace("mail", limit=1, normalize=Email())
    graph = from_networkx(network, namespaces=[strict])
    assert graph.namespaces == (strict,)
    assert graph.sightings[0].values.to_list() == ["x", "y"]


def test_values_and_rules_belong_together() -> None:
    with pytest.raises(ColumnNotFoundError, match="no rules for namespace 'login'; there are: 'cookie'"):
        from_networkx(drawn(), namespaces=[Namespace("cookie")])
    with pytest.raises(ColumnNotFoundError, match="no namespace 'logins'; did you mean 'login'"):
        from_networkx(drawn(), namespaces=[Namespace("login"), Namespace("logins")])
    with pytest.raises(ColumnNotFoundError, match="no column 'name' for a generic rule"):
        from_networkx(drawn(), namespaces=[Namespace("login", generic=Generic("name"))])
    network = drawn()
    network.add_node("u7", namespace=None)
    with pytest.raises(UnsupportedInputError, match="namespace, as text"):
        from_networkx(network)


def test_records_that_lack_an_attribute_of_a_rule_keep_the_rule() -> None:
    network = to_networkx(GRAPH, clusters=Clusters.of(np.array([0, 1, 2])), entity=1)
    assert from_networkx(network).attributes["name"].decoded().to_list() == [None]


def test_labels_and_sources_keep_records_apart() -> None:
    network = nx.Graph([("a", "b"), ("c", "d")])
    nx.set_node_attributes(network, {"a": "x", "b": "x", "c": 1}, "apart")
    nx.set_node_attributes(network, {"c": "s", "d": "s", "a": "t"}, "source")
    names = from_networkx(network).keys.frame["record_id"].to_list()
    assert names == ["b", "c", "d", "a"]
    assert kept_apart(from_networkx(network)) == {(0, 3)}
    assert kept_apart(from_networkx(network, one_per_source=True)) == {(1, 2)}


def test_judgements_that_somebody_drew_are_read() -> None:
    network = nx.MultiGraph()
    network.add_edge("b", "a", kind="cannot_link", **{"told.by": "kim", "author": "lee"})
    network.add_edge("a", "c", kind="unsure", **{"told.by": 7, "told.on": 3})
    network.add_edge("a", "b", kind="friends")
    graph = from_networkx(network)
    assert (graph.judgements.cannot.codes().tolist(), graph.judgements.unsure.codes().tolist()) == ([1], [2])
    assert graph.judgements.told["unsure"].rows(named=True) == [{"by": "7", "on": 3}]
    assert len(graph.scored) == 1
    network.add_edge("a", "b", kind="must_link")
    with pytest.raises(ContradictionError):
        from_networkx(network)


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("a", "b", "carries"),
        ("a", "u7", "scored"),
        ("u7", "a", "must_link"),
        ("u7", "u8", None),
        ("u8", "u7", "carries"),
    ],
)
def test_edges_that_make_no_sense_are_counted(one: str, other: str, kind: str | None) -> None:
    network = nx.MultiGraph(drawn())
    network.add_edge(one, other, kind=kind)
    with pytest.raises(ConfigurationError, match="1 do neither"):
        from_networkx(network, namespaces=[Namespace("login")])


def test_weights_that_make_no_sense_are_refused() -> None:
    for weight, error, said in [
        (7, RangeError, "log2 odds belong"),
        ("7", ConfigurationError, "1 of 1 edges have no number in column 'weight'"),
        (float("nan"), ConfigurationError, "1 of 1 edges have no number"),
    ]:
        network = nx.Graph([("a", "b", {"weight": weight}), ("b", "c")])
        with pytest.raises(error, match=said):
            from_networkx(network)
    with pytest.raises(ConfigurationError, match="with itself"):
        from_networkx(nx.Graph([("a", "a")]))


def test_only_graphs_of_networkx_are_read() -> None:
    with pytest.raises(UnsupportedInputError, match=r"a graph of networkx, got builtins\.dict"):
        from_networkx({"a": ["b"]})


def test_networks_of_a_later_release_are_refused() -> None:
    network = to_networkx(GRAPH)
    head = json.loads(network.graph["identigraph"])
    network.graph["identigraph"] = json.dumps(head | {"version": 2})
    with pytest.raises(ConfigurationError, match="update identigraph"):
        from_networkx(network)
