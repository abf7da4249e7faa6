"""The identity graph of records: nodes are numbered like the records."""

from __future__ import annotations

from typing import Any

import pytest

import identigraph as ig
from identigraph import fields
from identigraph.errors import ColumnNotFoundError, ConfigurationError, UnknownIdError
from identigraph.graph import Generic, IdentityGraph, Namespace, ScoredPairs
from identigraph.graph.of_records import graph_of, judgements_of
from identigraph.graph.sightings import NEVER
from identigraph.records import Records

TABLE = {
    "id": [1, 2, 2, 3],
    "system": ["web", "web", "crm", "crm"],
    "email": ["ann@x.com", "Ann@X.com ", "bob@x.com", None],
    "login": [" ann", None, "bob", "null"],
    "cookie": [["c1", "c2"], [], ["c2"], None],
    "at": ["2024-01-01", None, "2024-01-02", "2024-01-03"],
    "name": ["Ann", "Anna", "Bob", None],
}
RECORDS = Records.of(TABLE, id="id", source="system", fields={"email": fields.Email()})


def carried(graph: IdentityGraph, place: int = 0) -> set[tuple[str, int, str | None]]:
    """Return source, id and value of each sighting of a namespace."""
    seen, keys = graph.sightings[place], graph.keys.frame
    values = [seen.values[code] if code >= 0 else None for code in seen.codes.tolist()]
    return {(*keys.row(row), value) for row, value in zip(seen.rows.tolist(), values, strict=True)}


def graph(*spaces: Namespace, **changes: Any) -> IdentityGraph:
    """Return the graph of the records."""
    return graph_of(RECORDS, ScoredPairs.none(), namespaces=spaces, **changes)


def test_nodes_are_the_records_in_their_order() -> None:
    assert graph().keys.frame.equals(RECORDS.row_keys(list(range(4))))
    assert (len(graph()), graph().apart, graph().attributes, len(graph().judgements)) == (4, None, {}, 0)


def test_namespaces_read_features_columns_and_lists() -> None:
    """What a field has normalized, what a column says, each element of a list; or what another column says."""
    spaces = (Namespace("email"), Namespace("login"), Namespace("cookie"), Namespace("user", column="login"))
    found = graph(*spaces)
    cookie, email, login, user = (carried(found, place) for place in range(4))
    assert email == {("web", 1, "ann@x.com"), ("web", 2, "ann@x.com"), ("crm", 2, "bob@x.com")}
    assert login == user == {("web", 1, "ann"), ("crm", 2, "bob"), ("crm", 3, "null")}
    assert cookie == {("web", 1, "c1"), ("web", 1, "c2"), ("crm", 2, "c2")}


def test_times_are_those_of_the_record() -> None:
    found = graph(Namespace("email"), observed_at="at")
    day = 24 * 3600 * 10**6
    times = {
        found.keys.frame.row(row): time
        for row, time in zip(found.sightings[0].rows, found.sightings[0].times, strict=True)
    }
    assert times == {("web", 1): 19723 * day, ("web", 2): NEVER, ("crm", 2): 19724 * day}
    assert set(graph(Namespace("email")).sightings[0].times.tolist()) == {NEVER}


def test_generic_rules_count_an_attribute_of_the_records() -> None:
    found = graph(Namespace("email", generic=Generic("name", most=1)), Namespace("login"))
    assert {*found.attributes} == {"name"}
    assert found.attributes["name"].decoded().to_list() == RECORDS.column("name").decoded().to_list()
    assert found.diagnostics.to_polars()["generic"].to_list() == [0, 0]


def test_records_of_one_source_are_kept_apart_where_asked_for() -> None:
    apart = graph(one_per_source=True).apart
    sources = RECORDS.row_keys(list(range(4)))["source"].to_list()
    assert [[a == b for b in apart] for a in apart] == [[a == b for b in sources] for a in sources]


@pytest.mark.parametrize(
    ("spaces", "changes", "told"),
    [
        ([Namespace("logins")], {}, "no field or column 'logins'; did you mean 'login'"),
        ([Namespace("login", column="user")], {}, "no field or column 'user'"),
        ([Namespace("login", generic=Generic("nam"))], {}, "no field or column 'nam'"),
        ([], {"observed_at": "when"}, "no column 'when'"),
    ],
)
def test_columns_that_there_are_not_are_told(spaces: Any, changes: Any, told: str) -> None:
    with pytest.raises(ColumnNotFoundError, match=told):
        graph(*spaces, **changes)


JUDGED = {
    "left_source": ["web", "crm"],
    "left_id": [1, 3],
    "right_source": ["crm", "web"],
    "right_id": [2, 2],
    "judgement": ["must link", "UNSURE"],
    "author": ["eve", "joe"],
}


def test_judgements_name_records_by_source_and_id_and_keep_what_else_was_told() -> None:
    judged = judgements_of(RECORDS, JUDGED)
    keys = [tuple(row) for row in RECORDS.row_keys(list(range(4))).rows()]
    (must,) = zip(judged.must.left.tolist(), judged.must.right.tolist(), strict=True)
    assert {keys[row] for row in must} == {("web", 1), ("crm", 2)}
    (unsure,) = zip(judged.unsure.left.tolist(), judged.unsure.right.tolist(), strict=True)
    assert {keys[row] for row in unsure} == {("crm", 3), ("web", 2)}
    assert judged.told["must_link"].rows(named=True) == [{"author": "eve"}]
    assert len(judged.cannot) == 0


def test_ids_that_are_of_one_source_need_no_source() -> None:
    told = {"left_id": [1], "right_id": [3], "judgement": ["cannot_link"]}
    assert len(judgements_of(RECORDS, told).cannot) == 1
    assert graph(judgements=judgements_of(RECORDS, told)).judgements.by_verdict["cannot_link"] is not None


@pytest.mark.parametrize(
    ("change", "error", "told"),
    [
        ({"left_id": [1, 9]}, UnknownIdError, "9"),
        ({"judgement": ["must_link", "perhaps"]}, ConfigurationError, "1 of 2 judgements"),
        ({"judgement": None}, ColumnNotFoundError, "no column 'judgement' in the judgements"),
        ({"right_id": None}, (ColumnNotFoundError, ConfigurationError), "right_id"),
        ({"left_source": None, "right_source": None}, ConfigurationError, "source"),
        ({"left_source": ["web"] * 2, "left_id": [2, 1], "right_source": ["web"] * 2}, ConfigurationError, "itself"),
    ],
)
def test_judgements_that_make_no_sense_are_refused(change: Any, error: Any, told: str) -> None:
    table = {name: values for name, values in (JUDGED | change).items() if values is not None}
    with pytest.raises(error, match=told):
        judgements_of(RECORDS, table)


@pytest.mark.filterwarnings("ignore::identigraph.errors.EmptyBlockingWarning")
def test_the_graph_of_a_resolver_is_that_of_its_records() -> None:
    resolver = ig.Resolver(
        ig.block_on("login"), [ig.exact("login")], namespaces=[Namespace("login")], observed_at="at", unique=True
    )
    found = resolver.resolve(TABLE, id="id", source="system", judgements=JUDGED).graph
    assert [space.name for space in found.namespaces] == ["login"]
    assert found.sightings[0].times.max() > 0
    assert found.apart is not None
    assert len(found.judgements) == 2
