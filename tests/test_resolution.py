"""What a resolution holds and how it comes out."""

from __future__ import annotations

import logging
import re
import warnings
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import polars as pl
import pytest

import identigraph as ig
from identigraph import fields
from identigraph.blocking import BlockReport
from identigraph.datasets import customers
from identigraph.errors import ConfigurationError, UnknownIdError
from identigraph.graph import Clusters, Namespace, ScoredPairs
from identigraph.graph.of_records import graph_of
from identigraph.records.infer import infer_fields
from identigraph.report import Stage

ROWS = {
    "id": [30, 10, 20, 10],
    "system": ["web", "crm", "web", "web"],
    "name": ["Ann Lee", "Ann Lee", "Bob Ray", "Ann Li"],
    "email": ["ann@x.com", "ANN@x.com", None, "?"],
    "note": ["a", "b", "c", "d"],
}
RESOLVER = ig.Resolver(
    blocking=ig.block_on("email") | ig.block_on("name"),
    comparators=[ig.email("email")],
    fields={"email": fields.Email()},
)
MARKER = "Zzyzxmark"


def resolution(labels: list[int], *, source: str | None = "system", data: Any = ROWS, **changes: Any) -> ig.Resolution:
    """Return a resolution of `data` whose entities are given, row by row, with two scored pairs."""
    records = ig.Records.of(data, id="id", source=source, fields=RESOLVER.fields)
    clusters = Clusters.of(np.array(labels)[records.position])
    rows = np.argsort(records.position)
    pairs = ig.Pairs.of(rows[[0, 0]], rows[[3, 1]])
    weights, probabilities = np.array([3, 9], dtype=np.float32), np.array([0.5, 0.99], dtype=np.float32)
    scored = ScoredPairs(pairs.left, pairs.right, weights, probabilities)
    made = ig.Resolution(records, RESOLVER, graph_of(records, scored), clusters, (), 2, ())
    return attrs.evolve(made, **changes)


@pytest.fixture(scope="module")
def result() -> ig.Resolution:
    """Return 300 customers resolved."""
    return ig.resolve(customers(300).records, id="record_id", source="source")


# The crosswalk


def test_the_crosswalk_has_one_row_per_record_in_the_order_of_the_input() -> None:
    """Entities are numbered from 1 by the lowest source and id among their records."""
    crosswalk = resolution([0, 0, 1, 2]).crosswalk.to_polars()
    assert crosswalk.columns == ["source", "record_id", "entity_id"]
    assert crosswalk.rows() == [("web", 30, 1), ("crm", 10, 1), ("web", 20, 3), ("web", 10, 2)]


def test_without_a_source_column_there_is_one_source_called_records() -> None:
    data = {**ROWS, "id": list("dacb")}
    rows = resolution([0, 0, 1, 2], source=None, data=data).crosswalk.to_polars().rows()
    assert rows == [("records", "d", 1), ("records", "a", 1), ("records", "c", 3), ("records", "b", 2)]


@pytest.mark.parametrize("dtype", [pl.Int16, pl.UInt64, pl.String, pl.Date, pl.Float64])
def test_ids_keep_their_type(dtype: Any) -> None:
    ids = pl.Series([9, 7, 8]).cast(pl.Int32 if dtype == pl.Date else pl.Int64).cast(dtype)
    table = pl.DataFrame({"id": ids, "name": ["Ann Lee", "Ann Lee", "Bob Ray"]})
    found = ig.resolve(table, id="id")
    crosswalk = found.crosswalk.to_polars()
    assert crosswalk.get_column("record_id").equals(ids)
    assert found.profiles.lineage.to_polars().schema["record_id"] == dtype
    assert found.scored_pairs.to_polars().schema["left_id"] == dtype


def test_rows_without_ids_are_numbered_in_the_order_of_the_input() -> None:
    found = ig.resolve({"name": ["Bob Ray", "Ann Lee", "Cid Orr", "Ann Lee"]})
    assert found.crosswalk.to_polars().get_column("record_id").to_list() == [0, 1, 2, 3]


# Profiles and pairs


def test_profiles_and_lineage_carry_the_entity_ids_of_the_crosswalk() -> None:
    found = resolution([0, 0, 1, 2])
    assert found.profiles.to_polars().columns[:2] == ["entity_id", "records"]
    assert found.profiles.to_polars().select("entity_id", "records", "name").rows() == [
        (1, 2, "Ann Lee"),
        (2, 1, "Ann Li"),
        (3, 1, "Bob Ray"),
    ]
    named = found.profiles.lineage.to_polars().join(found.crosswalk.to_polars(), on=["source", "record_id"])
    assert (named["entity_id"] == named["entity_id_right"]).all()


def test_scored_pairs_name_source_and_id_of_both_records_the_likeliest_first() -> None:
    pairs = resolution([0, 0, 1, 2]).scored_pairs.to_polars()
    assert pairs.columns == [
        *("left_source", "right_source", "left_id", "right_id"),
        *("match_weight", "match_probability"),
    ]
    both = [{(row[0], row[2]), (row[1], row[3])} for row in pairs.rows()]
    assert both == [{("web", 30), ("crm", 10)}, {("web", 30), ("web", 10)}]
    assert pairs["match_weight"].to_list() == [9, 3]
    assert pairs["match_probability"].to_list() == pytest.approx([0.99, 0.5])


def test_scored_pairs_without_sources_name_the_ids_only() -> None:
    pairs = resolution([0, 0, 1, 2], source=None, data={**ROWS, "id": [4, 3, 2, 1]}).scored_pairs
    assert pairs.columns == ["left_id", "right_id", "match_weight", "match_probability"]


@pytest.mark.parametrize("self_trained", [False, True])
def test_probabilities_follow_from_weights_and_the_prior(result: ig.Resolution, self_trained: bool) -> None:
    """Weights of self-training are log odds, with the prior in them."""
    learned = result.resolver.matcher
    assert isinstance(learned, ig.SelfTrained)
    matcher = learned if self_trained else learned.model
    prior = 0.5 if self_trained else learned.model.fitted.prior_same
    found = attrs.evolve(result.resolver, matcher=matcher).resolve(result.records)
    pairs = found.scored_pairs.to_polars()
    assert len(pairs) > 100
    odds = prior / (1 - prior) * np.exp2(pairs["match_weight"].to_numpy().astype(np.float64))
    assert pairs["match_probability"].to_numpy() == pytest.approx(odds / (1 + odds), rel=1e-4)


# Into other forms


def test_a_resolution_comes_out_as_its_crosswalk() -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    found = resolution([0, 0, 1, 2])
    assert found.to_polars().equals(found.crosswalk.to_polars())
    assert found.to_pandas()["entity_id"].tolist() == [1, 1, 3, 2]
    assert found.to_arrow().column("record_id").to_pylist() == ROWS["id"]
    assert pl.DataFrame(found).equals(found.to_polars())


def test_an_arrow_stream_is_read_by_duckdb() -> None:
    duckdb = pytest.importorskip("duckdb")
    found = resolution([0, 0, 1, 2])
    crosswalk = found.to_arrow()
    assert duckdb.sql("select max(entity_id) from crosswalk").fetchall() == [(3,)]
    assert crosswalk.num_rows == 4


@pytest.mark.parametrize("kind", [str, Path])
def test_the_report_is_written_and_its_path_returned(kind: type, tmp_path: Path) -> None:
    target = tmp_path / "customers.html"
    assert resolution([0, 0, 1, 2]).report(kind(target), title="Ours & theirs") == target
    page = target.read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "Ours &amp; theirs" in page


def test_a_report_into_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"there is no folder .*nowhere"):
        resolution([0, 0, 1, 2]).report(tmp_path / "nowhere" / "report.html")


# Reprs and what must not be in them


def test_the_repr_counts_records_sources_and_entities() -> None:
    assert repr(resolution([0, 0, 1, 2])) == "<Resolution: 4 records from 2 sources -> 3 entities>"
    assert repr(resolution([0, 0, 0, 0])) == "<Resolution: 4 records from 2 sources -> 1 entity>"
    assert repr(ig.resolve({"name": ["Ann"]})) == "<Resolution: 1 record from 1 source -> 1 entity>"
    assert len(resolution([0, 0, 1, 2])) == 3


def test_reprs_reports_logs_and_notes_hold_no_value_of_a_record(
    caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """Names of columns and sources may stand there; values and ids may not. Only notebooks show the rows of tables."""
    rows = customers(60).records.with_columns(
        (pl.col(column) + MARKER).alias(column) for column in ("record_id", "first_name", "last_name", "street", "city")
    )
    rows = rows.with_columns(MARKER.lower() + pl.col("email"), pl.lit(MARKER).alias("same"), pl.col("phone") + MARKER)
    with caplog.at_level(logging.INFO, logger="identigraph"), warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        found = ig.resolve(rows, id="record_id", source="source")
        attrs.evolve(found.resolver, blocking=ig.block_on("same", max_block=2, hot="skip")).resolve(
            rows, id="record_id", source="source"
        )
    values = [found, found.resolver, found.records, found.scored, found.clusters, found.crosswalk, found.profiles]
    values += [found.profiles.lineage, found.scored_pairs, found.resolver.matcher, *found.stages, *found.block_reports]
    shown = [repr(value) for value in values] + [found._repr_html_(), *found.notes]
    shown += [found.report(tmp_path / "report.html").read_text(encoding="utf-8"), caplog.text]
    shown += [str(warning.message) for warning in given]
    assert not [text for text in shown if MARKER.lower() in text.lower()]
    assert given
    assert MARKER in found.profiles._repr_html_()


# The summary


def test_counts_of_the_summary_fit_each_other(result: ig.Resolution) -> None:
    summary = result.summary
    assert (summary.records, summary.sources, summary.entities) == (300, 4, len(result))
    assert summary.overlap["entities"].sum() == summary.entities == summary.cluster_sizes["clusters"].sum()
    assert summary.cluster_sizes["records"].sum() == summary.records
    assert summary.probabilities["pairs"].sum() == len(result.scored_pairs)
    assert summary.stages == result.stages
    assert dict(summary.settings)["candidate pairs scored"] == f"{result.candidate_pairs:,}"


def test_the_summary_counts_sizes_sources_and_probabilities() -> None:
    summary = resolution([0, 0, 1, 0]).summary
    assert summary.cluster_sizes.rows() == [(1, 1, 1), (3, 1, 3)]
    assert summary.overlap.rows() == [("crm + web", 1), ("web", 1)]
    filled = summary.probabilities.filter(pl.col("pairs") > 0)
    assert filled.select(pl.all().round(2)).rows() == [(0.5, 0.55, 1), (0.95, 1.0, 1)]


def test_the_summary_says_how_columns_were_read() -> None:
    columns = resolution([0, 0, 1, 2]).summary.columns.to_dicts()
    assert [row["column"] for row in columns] == ["email", "name", "note"]
    assert columns[0] == {
        "column": "email",
        "field": "email",
        "kind": "Email",
        "role": "column",
        "note": "",
        "present": 3,
        "unparsed": 1,
        "distinct": 1,
    }
    assert columns[1]["note"] == "plain text: no field reads it"
    assert columns[1]["field"] is None


def test_columns_that_inference_set_aside_are_told_with_the_reason() -> None:
    table = pl.DataFrame({"email": ["a@x.com", "b@x.com"], "same": ["x", "x"]})
    inferred = infer_fields(table)
    found = resolution([0, 0, 1, 2])
    assert found.set_aside == {}
    told = attrs.evolve(inferred, set_aside={"note": "?!"})
    known = attrs.evolve(found, resolver=attrs.evolve(RESOLVER, inferred=told))
    assert known.set_aside == {"note": "?!"}
    assert known.summary.columns.filter(column="note")["note"].to_list() == ["?!"]


def test_default_dates_are_counted_in_the_summary() -> None:
    dates = [f"19{year}-05-17" for year in range(60, 90)] + ["1900-01-01"] * 30
    data = {"id": range(60), "born": dates}
    records = ig.Records.of(data, id="id", fields={"born": fields.Date()})
    mine = ig.Resolver(ig.block_on("born"), [ig.date("born")], fields={"born": fields.Date()})
    clusters = Clusters.of(np.arange(60))
    summary = ig.Resolution(records, mine, graph_of(records, ScoredPairs.none()), clusters, (), 0, ()).summary
    assert summary.columns["note"].to_list() == ["30 default values left out"]


def test_the_summary_says_what_blocking_and_training_found(result: ig.Resolution) -> None:
    report = BlockReport("block_on('a')", 8, 7, 6, 5, 4, 3, 2, 1)
    summary = resolution([0, 0, 1, 2], block_reports=(report,), stages=(Stage("read", "records", 4, 0.1),)).summary
    assert summary.blocking.rows() == [("block_on('a')", 8, 7, 6, 5, 4, 3, 2, 1)]
    assert summary.weights.is_empty()
    assert summary.weights.columns == result.summary.weights.columns
    assert summary.weights.schema == result.summary.weights.schema
    labels = [comparator.labels for comparator in result.resolver.comparators]
    assert result.summary.weights["label"].to_list() == [label for own in labels for label in own]


def test_the_summary_of_nothing_is_empty_and_can_be_rendered(tmp_path: Path) -> None:
    found = ig.resolve(pl.DataFrame(schema={"name": pl.String}))
    summary = found.summary
    assert (summary.records, summary.entities, summary.overlap.height, summary.cluster_sizes.height) == (0, 0, 0, 0)
    assert "0" in found._repr_html_()
    assert found.report(tmp_path / "empty.html").exists()


def test_notebooks_show_counts() -> None:
    shown = resolution([0, 0, 1, 2])._repr_html_()
    assert re.search(r"<b>4</b>\s*records", shown)
    assert re.search(r"<b>3</b>\s*entities", shown)


def test_settings_are_those_of_the_resolver() -> None:
    changed = attrs.evolve(RESOLVER, unique=True, link="across", keep=0.25, seed=5)
    settings = dict(resolution([0, 0, 1, 2], resolver=changed).summary.settings)
    assert settings == {
        "link": "across",
        "one record per source and entity": "yes",
        "builder": "ConstrainedComponents()",
        "kept from probability": "0.25",
        "candidate pairs scored": "2",
        "seed": "5",
    }


# Why it is so

LOGINS = {
    "id": [3, 1, 2, 5, 4, 5],
    "system": ["web", "web", "crm", "crm", "web", "web"],
    "login": ["bob", "ann", "ann", "carl", "carl", None],
    "phone": ["1", "1", None, "2", None, "2"],
}
"""Ann and Bob share a telephone; carl's records are of two sources, and so are those called 5."""
PHONE = Namespace("phone", kind="contact", linkable=False)


def test_settings_tell_what_became_of_identifiers() -> None:
    resolver = ig.Resolver(ig.no_pairs(), [], namespaces=[Namespace("login", limit=1)])
    settings = dict(resolver.resolve(LOGINS, id="id", source="system").summary.settings)
    assert settings["namespace login"] == "account, links, at most 1 per entity; 5 kept; none set aside"


@pytest.fixture(scope="module")
def told() -> ig.Resolution:
    """Return the logins resolved: nothing but namespaces links."""
    resolver = ig.Resolver(
        ig.block_on("login") | ig.block_on("phone"),
        [ig.exact("phone")],
        namespaces=[Namespace("login", kind="login", limit=1), PHONE],
        keep=1.0,
    )
    return resolver.resolve(LOGINS, id="id", source="system")


def test_records_are_asked_about_by_id_or_by_source_and_id(told: ig.Resolution) -> None:
    assert told.why(1, 2).together
    assert told.why("1", ("crm", 2)).together
    assert told.why(("crm", 5), 4).together
    assert told.why(("crm", "5"), ("web", 4)).together
    assert not told.why(("web", 5), 4).together
    assert told.how(1).to_polars().select("left_id", "right_id", "by", "value").rows() in (
        [(1, 2, "login", "ann")],
        [(2, 1, "login", "ann")],
    )
    assert len(told.how(3)) == 0


@pytest.mark.parametrize("call", ["why", "how", "standing", "to_networkx"])
def test_ids_that_are_unknown_or_of_several_sources_are_told(told: ig.Resolution, call: str) -> None:
    other = (1,) if call == "why" else ()
    ask = getattr(told, call)
    for unknown in (9, "x", ("crm", 1), ("shop", 1), (1, 2, 3), None):
        with pytest.raises(UnknownIdError):
            ask(unknown, *other)
    with pytest.raises(ConfigurationError, match="records of 2 sources have this id; name the source"):
        ask(5, *other)


def test_the_second_record_is_looked_up_like_the_first(told: ig.Resolution) -> None:
    with pytest.raises(UnknownIdError):
        told.why(1, 9)
    assert told.why(1, 3).sentence == "two entities: no link leads from one to the other"


def test_an_entity_stands_by_its_links(told: ig.Resolution) -> None:
    stands = told.standing(1)
    assert (stands.records, stands.links, stands.density, stands.confidence) == (2, 2, 1.0, 0.999)
    assert sorted(stands.members.to_polars().rows()) == [("crm", 2, 0.999, False), ("web", 1, 0.999, False)]
    assert told.standing(3).records == 1


def test_a_telephone_relates_entities_by_their_ids(told: ig.Resolution) -> None:
    entity = {(source, number): entity for source, number, entity in told.crosswalk.to_polars().rows()}
    table = told.relations.to_polars()
    assert table.columns == ["left_entity", "right_entity", "relation", "by", "links", "certainty"]
    related = [
        tuple(sorted((entity["web", 1], entity["web", 3]))),
        tuple(sorted((entity["crm", 5], entity["web", 5]))),
    ]
    assert table.rows() == [(*pair, "possibly related", "phone", 1, 0.95) for pair in sorted(related)]


def test_relations_are_in_the_order_of_entity_ids() -> None:
    """Records are numbered by content, entities by ids: the one does not follow the other."""
    rows = {"id": [9, 1, 5, 3], "phone": ["1", "1", "2", "2"], "name": ["a", "b", "c", "d"]}
    resolver = ig.Resolver(ig.block_on("phone"), [ig.exact("name")], namespaces=[PHONE], keep=1.0)
    found = resolver.resolve(rows, id="id")
    entity = dict(found.crosswalk.to_polars().select("record_id", "entity_id").rows())
    assert entity == {1: 1, 3: 2, 5: 3, 9: 4}
    assert found.relations.to_polars().select("left_entity", "right_entity").rows() == [(1, 4), (2, 3)]


def test_the_evidence_is_that_of_the_entities(told: ig.Resolution, result: ig.Resolution) -> None:
    for found in (told, result):
        assert found.evidence.clusters.labels.tolist() == found.clusters.labels.tolist()
        assert found.evidence is found.evidence
        entities = found.evidence.entities.to_polars()
        assert entities["records"].to_list() == found.clusters.sizes.tolist()
    assert len(told.evidence.suppressed) == 0


def test_evidence_between_customers_has_reasons(result: ig.Resolution) -> None:
    suppressed = result.evidence.suppressed.to_polars()
    assert set(suppressed["reason"]) <= {"linkage", "limit", "ambiguous"}
    for row in suppressed.head(5).rows(named=True):
        left, right = ((row[f"{side}_source"], row[f"{side}_id"]) for side in ("left", "right"))
        answer = result.why(left, right)
        assert (answer.together, len(answer.links)) == (False, 1)


def test_an_entity_is_drawn_with_its_records_and_identifiers(told: ig.Resolution) -> None:
    nodes = told.to_networkx(("web", 4)).nodes(data="kind")
    assert sorted(kind for _, kind in nodes) == ["identifier", "identifier", "record", "record"]


def test_without_sources_an_id_is_enough() -> None:
    found = resolution([0, 0, 1, 2], source=None, data={**ROWS, "id": ["d", "a", "c", "b"]})
    assert found.standing("b").records == 1
    assert found.standing(("records", "d")).records == 2
    with pytest.raises(UnknownIdError):
        found.how(("web", "d"))
