"""Identity graphs: any part may be missing, none may contradict another, no repr tells a value."""

from __future__ import annotations

import pytest

from identigraph.errors import (
    ColumnNotFoundError,
    ConfigurationError,
    ContradictionError,
    UnknownIdError,
    UnsupportedInputError,
)
from identigraph.graph import ConstrainedComponents, Generic, IdentityGraph, Namespace

EVENTS = {"id": ["u1", "u2", "u3"], "login": ["zora", "zora", "bob"], "name": ["Zora", "Zora", "Bob"]}
LOGIN = Namespace("login", kind="login", limit=1)


def never(left: str, right: str, said: str = "cannot_link") -> dict[str, list[str]]:
    """Return a judgement."""
    return {"left": [left], "right": [right], "judgement": [said]}


def test_every_part_is_optional() -> None:
    assert len(IdentityGraph.of()) == 0
    assert len(ConstrainedComponents().build(IdentityGraph.of())) == 0
    assert repr(IdentityGraph.of()) == "<IdentityGraph: 0 records>"
    assert repr(IdentityGraph.of({"a": ["x"]})) == "<IdentityGraph: 1 record>"
    assert repr(IdentityGraph.of(edges=[("a", "b")])) == "<IdentityGraph: 2 records, 1 scored pair>"
    assert repr(IdentityGraph.of(judgements=never("a", "b"))) == "<IdentityGraph: 2 records, 1 judgement>"


def test_a_repr_tells_counts_and_nothing_else() -> None:
    graph = IdentityGraph.of(
        EVENTS, id="id", namespaces=[LOGIN], edges=[("u1", "u2", 0.5), ("u1", "u3", 0.5)], judgements=never("u1", "u3")
    )
    told = "<IdentityGraph: 3 records, 2 scored pairs, 1 namespace with 3 identifiers, 1 judgement>"
    assert repr(graph) == told
    assert len(graph) == 3
    for secret in ("zora", "Zora", "bob", "u1"):
        for part in (graph, graph.keys, graph.scored, graph.sightings, graph.judgements, graph.attributes):
            assert secret not in repr(part)


def test_must_links_lead_to_the_lowest_record() -> None:
    graph = IdentityGraph.of(EVENTS, id="id", judgements=never("u3", "u2", "must_link"))
    assert graph.groups.tolist() == [0, 1, 1]


def test_judgements_that_contradict_each_other_are_told_with_their_ids() -> None:
    said = {"left": [1, 2, 1], "right": [2, 3, 3], "judgement": ["must_link", "must_link", "cannot_link"]}
    with pytest.raises(ContradictionError) as caught:
        IdentityGraph.of(judgements=said | {"left_source": ["crm"] * 3, "right_source": ["crm"] * 3})
    assert "crm:1" in str(caught.value)
    assert "crm:3" in str(caught.value)


def test_rules_change_and_values_stay() -> None:
    graph = IdentityGraph.of(EVENTS, id="id", namespaces=[LOGIN, Namespace("name")])
    free = graph.with_namespaces(Namespace("login"))
    assert free.namespaces == (Namespace("login"), Namespace("name"))
    assert free.sightings[0].values is graph.sightings[0].values
    assert graph.namespaces[0] is LOGIN
    with pytest.raises(ColumnNotFoundError, match="no namespace 'logins'; did you mean 'login'"):
        graph.with_namespaces(Namespace("logins"))


def test_an_envelope_is_all_that_evidence_leads_to_whether_it_counts_or_not() -> None:
    story = {"id": ["a", "b", "c", "d"], "login": ["null", "null", "x", "y"]}
    graph = IdentityGraph.of(story, id="id", namespaces=[LOGIN], edges=[("b", "c", 0.001)])
    assert graph.envelope("a").keys.frame["record_id"].to_list() == ["a", "b", "c"]
    assert repr(graph.envelope("d")) == "<IdentityGraph: 1 record, 1 namespace with 1 identifiers>"
    with pytest.raises(UnknownIdError):
        graph.envelope("e")


def test_an_envelope_and_a_whole_keep_what_was_told_of_their_judgements() -> None:
    told = {"left": ["a", "c"], "right": ["b", "d"], "judgement": ["cannot_link", "unsure"], "author": ["eve", "cy"]}
    graph = IdentityGraph.of(judgements=told)
    for part in (graph.envelope("b"), graph.envelope("a") | graph.envelope("b")):
        assert part.keys.frame["record_id"].to_list() == ["a", "b"]
        assert part.judgements.told["cannot_link"]["author"].to_list() == ["eve"]
    assert len(graph.envelope("c") | graph.envelope("b")) == 3


def test_graphs_of_other_rules_are_not_put_together() -> None:
    graph = IdentityGraph.of(EVENTS, id="id", namespaces=[LOGIN])
    with pytest.raises(ConfigurationError, match="different rules for namespace 'login'"):
        _ = graph | graph.with_namespaces(Namespace("login"))
    apart = IdentityGraph.of(EVENTS, id="id", one_per_source=True)
    with pytest.raises(ConfigurationError, match="only one of the two graphs"):
        _ = graph | apart


def test_one_per_source_codes_the_sources() -> None:
    rows = {"id": [1, 2, 3], "from": ["web", "crm", "web"]}
    apart = IdentityGraph.of(rows, id="id", source="from", one_per_source=True).apart
    assert apart is not None
    assert apart.tolist() == [0, 1, 1]
    assert IdentityGraph.of(rows, id="id", source="from").apart is None


@pytest.mark.parametrize(
    ("given", "error", "told"),
    [
        ({"records": 5}, UnsupportedInputError, "expected a table"),
        ({"id": "nr"}, ColumnNotFoundError, "no column 'nr' in the records"),
        ({"source": "from"}, ColumnNotFoundError, "no column 'from' in the records"),
        ({"observed_at": "at", "namespaces": [LOGIN]}, ColumnNotFoundError, "no column 'at'"),
        ({"namespaces": LOGIN}, UnsupportedInputError, "several namespaces"),
        ({"namespaces": ["login"]}, UnsupportedInputError, "each namespace as an ig.Namespace"),
        ({"namespaces": [LOGIN, LOGIN]}, ConfigurationError, "two namespaces share a name: login, login"),
        ({"namespaces": [Namespace("mail")]}, ColumnNotFoundError, "no column 'mail' of identifiers"),
        ({"namespaces": [Namespace("login", generic=Generic("nom"))]}, ColumnNotFoundError, "'nom' for a generic rule"),
        ({"identifiers": 5}, UnsupportedInputError, "expected a table"),
        ({"edges": 5}, UnsupportedInputError, "expected a table"),
        ({"edges": [("u1", "u9")]}, UnknownIdError, "'u9'"),
        ({"edges": [("u1", "u1")]}, ConfigurationError, "join a record with itself"),
        ({"judgements": 5}, UnsupportedInputError, "expected a table"),
        ({"judgements": never("u1", "u9")}, UnknownIdError, "'u9'"),
        ({"judgements": never("u1", "u2", "maybe")}, ConfigurationError, "1 of 1 judgements are none of"),
    ],
)
def test_bad_input_is_told(given, error, told) -> None:
    with pytest.raises(error, match=told):
        IdentityGraph.of(**{"records": EVENTS, "id": "id" if "records" not in given else None, **given})


def test_a_generic_rule_needs_its_attribute_however_the_graph_is_made() -> None:
    graph = IdentityGraph.of(EVENTS, id="id", namespaces=[LOGIN])
    with pytest.raises(ColumnNotFoundError, match="no column 'name' for a generic rule"):
        graph.with_namespaces(Namespace("login", generic=Generic("name")))


def test_without_must_links_all_other_evidence_stays() -> None:
    said = {
        "left": ["u1", "u1"],
        "right": ["u2", "u3"],
        "judgement": ["must_link", "cannot_link"],
        "by": ["eve", "kim"],
    }
    graph = IdentityGraph.of(EVENTS, id="id", namespaces=[LOGIN], edges=[("u1", "u2", 0.5)], judgements=said)
    found = graph.without_must_links
    assert (len(found.judgements.must), len(graph.judgements.must)) == (0, 1)
    assert found.groups.tolist() == [0, 1, 2]
    assert found.judgements.cannot.codes().tolist() == graph.judgements.cannot.codes().tolist()
    assert set(graph.judgements.told) - set(found.judgements.told) == {"must_link"}
    assert found.judgements.told["cannot_link"].get_column("by").to_list() == ["kim"]
    assert (found.scored, found.sightings, found.keys) == (graph.scored, graph.sightings, graph.keys)
