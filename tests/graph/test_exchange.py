"""Identity graphs as plain data, JSON and GraphML, and what is said of files that are something else."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from whole_graphs import assert_same, whole_graphs

from identigraph.errors import ConfigurationError, ContradictionError
from identigraph.fields import Email
from identigraph.graph import Clusters, Generic, IdentityGraph, Namespace, ScoredPairs
from identigraph.graph.exchange import from_dict, read_json, to_dict, write_graphml, write_json
from identigraph.graph.keys import Keys
from identigraph.graph.networks import from_networkx

SPACE = Namespace("mail", normalize=Email(), limit=2, generic=Generic("name"))
GRAPH = IdentityGraph.of(
    {"id": [1, 2, 3], "mail": ["Ann@x.com", "ann@x.com", "?"], "name": ["ann", None, "bo"], "at": [0.5, None, 2.0]},
    id="id",
    observed_at="at",
    namespaces=[SPACE],
    edges=[(1, 2, 0.75)],
    judgements={"left": [1], "right": [3], "judgement": ["unsure"], "author": ["kim"]},
    one_per_source=True,
)


def test_plain_data_are_columns_with_a_version() -> None:
    plain = to_dict(GRAPH)
    space = plain["namespaces"][0].pop("namespace")
    assert plain == {
        "format": "identigraph identity graph",
        "version": 1,
        "records": {
            "source": ["", "", ""],
            "record_id": [1, 2, 3],
            "apart": [0, 0, 0],
            "attributes": {"name": ["ann", None, "bo"]},
        },
        "scored": {"left": [0], "right": [1], "match_weight": [np.float32(np.log2(3))], "match_probability": [0.75]},
        "namespaces": [
            {
                "values": ["ann@x.com"],
                "record": [0, 1, 2],
                "value": [0, 0, -1],
                "observed_at": [500_000, None, 2_000_000],
            }
        ],
        "judgements": {"left": [0], "right": [2], "judgement": ["unsure"], "told.author": ["kim"]},
    }
    assert space["generic"] == {"is": "Generic", "attribute": "name"}
    assert "normalize" not in space


@given(whole_graphs())
def test_plain_data_come_back_as_the_same_graph(graph: IdentityGraph) -> None:
    plain = json.loads(json.dumps(to_dict(graph)))
    back = from_dict(plain)
    assert_same(graph, back)
    assert to_dict(back) == plain
    assert back.apart is None or back.apart.dtype == np.int32


@given(graph=whole_graphs("é\x00\r'\"\\"))
def test_a_file_comes_back_as_the_same_graph(graph: IdentityGraph, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("files") / "graph.json"
    write_json(graph, path)
    assert_same(graph, read_json(str(path)))


def test_records_keep_their_numbers_whatever_their_order() -> None:
    """The graph of a resolver numbers its records otherwise than by their ids."""
    keys = Keys(pl.DataFrame({"source": ["b", "a"], "record_id": ["1", "1"]}))
    assert from_dict(to_dict(IdentityGraph(keys))).keys.frame.rows() == [("b", "1"), ("a", "1")]


def test_infinite_weights_are_kept(tmp_path: Path) -> None:
    rows = np.array([0], dtype=np.int32)
    scored = ScoredPairs(rows, rows + 1, np.array([np.inf], dtype=np.float32), np.array([1], dtype=np.float32))
    write_json(IdentityGraph(GRAPH.keys, scored), tmp_path / "g")
    assert read_json(tmp_path / "g").scored.match_weight.tolist() == [np.inf]


def test_sightings_in_another_order_are_put_in_order() -> None:
    events = {"id": [1, 1, 1, 2], "mail": ["x", "y", "y", "x"], "at": [3, 2, 4, 1]}
    graph = IdentityGraph.of(events, id="id", observed_at="at", namespaces=[Namespace("mail")])
    for places in ([3, 2, 1, 0], [1, 0, 3, 2], [0, 2, 1, 3]):
        plain = to_dict(graph)
        for name in ("record", "value", "observed_at"):
            plain["namespaces"][0][name] = [plain["namespaces"][0][name][place] for place in places]
        assert to_dict(from_dict(plain)) == to_dict(graph)


def test_what_was_told_and_is_no_plain_value_is_told_as_text() -> None:
    table = {"left": [1, 2], "right": [2, 3], "judgement": ["unsure"] * 2, "on": [date(2024, 5, 1), None]}
    graph = IdentityGraph.of(judgements=table | {"score": [float("nan"), 1.5]})
    plain = to_dict(graph)["judgements"]
    assert (plain["told.on"], plain["told.score"]) == (["2024-05-01", None], [None, 1.5])


def test_rules_come_back_without_how_values_are_normalized() -> None:
    back = from_dict(json.loads(json.dumps(to_dict(GRAPH))))
    assert back.namespaces == (Namespace("mail", limit=2, generic=Generic("name")),)


Change = Callable[[dict[str, Any]], object]

DAMAGES: list[tuple[Change, str]] = [
    (lambda d: d.pop("format"), "no graph of identigraph"),
    (lambda d: d.update(format="graph"), "no graph of identigraph"),
    (lambda d: d.update(version=2), "version 2 .* reads up to 1; update identigraph"),
    (lambda d: d.update(version=0), "whole number from 1 on, got 0"),
    (lambda d: d.update(version=True), "whole number from 1 on, got True"),
    (lambda d: d.pop("version"), "whole number from 1 on, got None"),
    (lambda d: d.pop("records"), r"lacks records\.source, records\.record_id, records\.apart, records\.attributes$"),
    (lambda d: (d["scored"].pop("left"), d["judgements"].pop("judgement")), r"lacks scored\.left, judgements\.judge"),
    (lambda d: d.pop("namespaces"), "lacks namespaces$"),
    (lambda d: d["namespaces"][0].update(namespace=[]), "Namespace is read from a mapping"),
    (lambda d: d["namespaces"][0].pop("values"), r"lacks namespaces\[0\]\.values$"),
    (lambda d: d["records"].update(source="abc"), r"records\.source is no list"),
    (lambda d: d["records"].update(source=["", "", None]), r"records\.source lacks 1 of 3 values"),
    (lambda d: d["records"].update(source=["", ""]), "columns of records have 2 and 3 rows"),
    (lambda d: d["records"].update(record_id=3), r"records\.record_id is no list"),
    (lambda d: d["records"].update(record_id=[1, "2", 3]), r"records\.record_id holds other values than Int64"),
    (lambda d: d["records"].update(record_id=["1", 2, 3]), r"records\.record_id holds other values than String"),
    (lambda d: d["records"].update(record_id=[1, 2, 2]), "records occur more than once"),
    (lambda d: d["records"].update(apart=[0, 1]), "columns of records have 2 and 3 rows"),
    (lambda d: d["records"].update(apart=[0, 1, -2]), r"1 of 3 numbers in records\.apart"),
    (lambda d: d["records"].update(apart=[0, 1, 2**40]), r"1 of 3 numbers in records\.apart"),
    (lambda d: d["records"].update(attributes=[]), r"records\.attributes is no mapping"),
    (lambda d: d["records"]["attributes"].update(name=["a"]), "columns of records have 1 and 3 rows"),
    (lambda d: d["records"]["attributes"].update(name=[1, 2, 3]), r"attributes\.name holds other values than String"),
    (lambda d: d["scored"].update(left=[3]), r"1 of 1 numbers in scored\.left point nowhere"),
    (lambda d: d["scored"].update(right=[-1]), r"1 of 1 numbers in scored\.right point nowhere"),
    (lambda d: d["scored"].update(match_weight=["x"]), r"scored\.match_weight holds other values than Float32"),
    (lambda d: d["scored"].update(match_probability=[1.5]), "1 of 1 match probabilities lie outside 0 to 1"),
    (lambda d: d["scored"].update(match_probability=[-0.5]), "1 of 1 match probabilities lie outside 0 to 1"),
    (lambda d: d["scored"].update(match_probability=[float("nan")]), "1 of 1 match probabilities"),
    (lambda d: d["scored"].update(match_weight=[]), r"one length, got \[0, 1\]"),
    (lambda d: d["scored"].update(left=[2]), "lower row on the left"),
    (lambda d: d["namespaces"][0].update(record=[0, 1, 3]), r"1 of 3 numbers in mail\.record"),
    (lambda d: d["namespaces"][0].update(value=[0, 1, 1]), r"2 of 3 numbers in mail\.value"),
    (lambda d: d["namespaces"][0].update(value=[0, -2, 0]), r"1 of 3 numbers in mail\.value"),
    (lambda d: d["namespaces"][0].update(observed_at=[0]), "columns of mail have 1 and 3 rows"),
    (lambda d: d["namespaces"][0].update(values=["b", "a"]), r"mail\.values are not in order"),
    (lambda d: d["namespaces"][0].update(values=["a", "a"]), r"mail\.values are not in order"),
    (lambda d: d["namespaces"].append(deepcopy(d["namespaces"][0])), "two namespaces share a name"),
    (lambda d: d["judgements"].update(left=[9]), r"1 of 1 numbers in judgements\.left"),
    (lambda d: d["judgements"].update(judgement=["maybe"]), "1 of 1 judgements are none of"),
    (lambda d: d["judgements"].update(left=[2]), "join a record with itself"),
    (lambda d: d["judgements"].update({"told.author": 3}), r"judgements\.told\.author is no list"),
    (lambda d: d["judgements"].update({"told.author": []}), "columns of judgements have 0 and 1 rows"),
]


@pytest.mark.parametrize(("change", "said"), DAMAGES)
def test_what_is_wrong_with_plain_data_is_told(change: Change, said: str) -> None:
    plain = to_dict(GRAPH)
    change(plain)
    with pytest.raises(ConfigurationError, match=said):
        from_dict(plain)


@pytest.mark.parametrize("data", [None, [], "graph", 3])
def test_what_is_no_mapping_is_no_graph(data: Any) -> None:
    with pytest.raises(ConfigurationError, match="no graph of identigraph"):
        from_dict(data)


def test_contradictions_in_a_file_are_refused() -> None:
    plain = to_dict(IdentityGraph.of(judgements={"left": [1], "right": [2], "judgement": ["must_link"]}))
    plain["judgements"] = {"left": [0, 0], "right": [1, 1], "judgement": ["must_link", "cannot_link"]}
    with pytest.raises(ContradictionError):
        from_dict(plain)


@pytest.mark.parametrize("content", [b"{", b"", b"\xff\xfe"])
def test_a_file_that_is_no_json_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"mine\.json is no JSON in UTF-8"):
        read_json(tmp_path / "mine.json")


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_json(tmp_path / "none.json")


@given(graph=whole_graphs(unreadable=False))
def test_graphml_comes_back_as_the_same_graph(graph: IdentityGraph, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("files") / "graph.graphml"
    write_graphml(graph, path)
    assert_same(graph, from_networkx(nx.read_graphml(path)))


def test_graphml_may_be_of_one_entity(tmp_path: Path) -> None:
    clusters = Clusters.of(np.array([0, 0, 1]))
    write_graphml(GRAPH, tmp_path / "g", clusters=clusters, entity=0, threshold=0.8)
    network = nx.read_graphml(tmp_path / "g")
    assert sorted(network) == ["identifier/mail/ann@x.com", "record/1", "record/2"]
    assert {told["kind"] for *_, told in network.edges(data=True)} == {"carries"}


@pytest.mark.parametrize("odd", ["\x00", "\x1f", "\r", "\ufffe"])
def test_graphml_has_no_form_for_control_characters(odd: str, tmp_path: Path) -> None:
    graphs = [
        IdentityGraph.of(edges=[("a", f"b{odd}", 0.5)]),
        IdentityGraph.of(judgements={"left": ["a"], "right": ["b"], "judgement": ["unsure"], f"on{odd}": ["x"]}),
    ]
    for graph in graphs:
        with pytest.raises(ConfigurationError, match=r"^1 ids, values or texts .* write_json"):
            write_graphml(graph, tmp_path / "g")
        assert not (tmp_path / "g").exists()
