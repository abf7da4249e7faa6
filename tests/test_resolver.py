"""The resolver from end to end: what goes in, what is refused, what is used."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import polars as pl
import pytest

import identigraph as ig
from identigraph import comparing, fields, graph, matching
from identigraph.blocking import choosing
from identigraph.datasets import Customers, customers
from identigraph.errors import (
    ColumnNotFoundError,
    ColumnWarning,
    ConfigurationError,
    ContradictionError,
    EmptyBlockingWarning,
    FitWarning,
    HotBlockError,
    HotBlockWarning,
    InvalidIntermediateError,
    NoBlockingError,
    RangeError,
    UnknownIdError,
    UnsupportedInputError,
)
from identigraph.graph import Clusters, IdentityGraph
from identigraph.matching import linkage
from identigraph.notes import NOTES

KEYS = {"id": "record_id", "source": "source"}
PEOPLE = {
    "id": [1, 2, 3, 4, 5, 6],
    "source": ["crm", "web", "crm", "web", "web", "crm"],
    "name": ["Robert Lee", "Robert Lee", "Anna Ray", "Anna Ray", "Robert Lee", "Carl Zorn"],
    "email": ["bob@x.com", "Bob@X.com ", "anna@y.org", "anna@y.org", "bob@x.com", "carl@z.net"],
}


@pytest.fixture(scope="module")
def records() -> pl.DataFrame:
    """Return 300 records of customers."""
    return customers(300).records


@pytest.fixture(scope="module")
def inferred(records: pl.DataFrame) -> ig.Resolver:
    """Return what is inferred from the customers."""
    return ig.Resolver.infer(records, **KEYS)


@pytest.fixture(scope="module")
def result(records: pl.DataFrame) -> ig.Resolution:
    """Return the customers resolved."""
    return ig.resolve(records, **KEYS)


def resolver(**changes: Any) -> ig.Resolver:
    """Return a resolver for `PEOPLE`, written by hand."""
    arguments = {"blocking": ig.block_on("email") | ig.block_on("name"), "comparators": [ig.email("email")]}
    return ig.Resolver(**{**arguments, "fields": {"email": fields.Email(), "name": fields.PersonName()}} | changes)


def partition(resolution: ig.Resolution) -> set[frozenset[Any]]:
    """Return the entities as sets of record ids."""
    members = resolution.crosswalk.to_polars().group_by("entity_id").agg("record_id")
    return {frozenset(ids) for ids in members.get_column("record_id").to_list()}


@pytest.fixture
def each_says_something() -> ig.Resolver:
    """Return a resolver whose comparators tell the people apart."""
    return resolver(comparators=[ig.email("email"), ig.similar("name.given"), ig.similar("name.family")])


# What is used


def test_a_resolver_written_by_hand_finds_the_entities(each_says_something: ig.Resolver) -> None:
    found = each_says_something.resolve(PEOPLE, id="id", source="source")
    assert partition(found) == {frozenset({1, 2, 5}), frozenset({3, 4}), frozenset({6})}


def test_resolve_uses_what_infer_shows(inferred: ig.Resolver, result: ig.Resolution) -> None:
    """But for what the data taught: parameters, what clusters say, the threshold."""
    used = result.resolver
    assert inferred.builder.linkage.threshold is None  # type: ignore[attr-defined]
    assert used.matcher.is_fitted
    assert used.matcher.learned is not None  # type: ignore[attr-defined]
    assert used.builder == ig.ConstrainedComponents(linkage=ig.AverageLinkage(used.builder.linkage.threshold))  # type: ignore[attr-defined]
    assert used.builder.linkage.threshold is not None  # type: ignore[attr-defined]
    unfitted = ig.SelfTrained(attrs.evolve(used.matcher.model, parameters=None))  # type: ignore[attr-defined]
    assert attrs.evolve(used, matcher=unfitted, builder=inferred.builder) == inferred


def test_an_inferred_resolver_resolves_like_resolve(
    inferred: ig.Resolver, result: ig.Resolution, records: pl.DataFrame
) -> None:
    again = inferred.resolve(records, **KEYS)
    assert again.crosswalk.to_polars().equals(result.crosswalk.to_polars())
    assert again.scored_pairs.to_polars().equals(result.scored_pairs.to_polars())


@pytest.mark.parametrize("n", [40, 300])
def test_a_fitted_matcher_is_not_fitted_again(result: ig.Resolution, records: pl.DataFrame, n: int) -> None:
    """Nor is it taught by clusters, nor the threshold chosen anew."""
    again = result.resolver.resolve(records.head(n), **KEYS)
    assert again.resolver.matcher is result.resolver.matcher
    assert again.resolver.builder == result.resolver.builder
    assert (again.crosswalk.to_polars().equals(result.crosswalk.to_polars())) == (n == len(records))


def test_a_model_that_was_fitted_is_not_taught_by_clusters(result: ig.Resolution, records: pl.DataFrame) -> None:
    untaught = attrs.evolve(result.resolver.matcher, learned=None)  # type: ignore[type-var]
    found = attrs.evolve(result.resolver, matcher=untaught).resolve(records, **KEYS)
    assert found.resolver.matcher is untaught


def test_training_leaves_the_given_resolver_as_it_was(each_says_something: ig.Resolver) -> None:
    found = each_says_something.resolve(PEOPLE, id="id")
    assert found.resolver.matcher.is_fitted
    assert not each_says_something.matcher.is_fitted


def test_two_runs_are_equal(result: ig.Resolution, records: pl.DataFrame) -> None:
    again = ig.resolve(records, **KEYS)
    assert again.resolver == result.resolver
    assert again.crosswalk.to_polars().equals(result.crosswalk.to_polars())
    assert again.scored_pairs.to_polars().equals(result.scored_pairs.to_polars())
    assert again.profiles.to_polars().equals(result.profiles.to_polars())


@pytest.mark.parametrize(("link", "same"), [("across", {False}), ("within", {True}), ("both", {True, False})])
def test_link_says_which_pairs_are_scored(link: Any, same: set[bool]) -> None:
    pairs = resolver(link=link).resolve(PEOPLE, id="id", source="source").scored_pairs.to_polars()
    assert {a == b for a, b in pairs.select("left_source", "right_source").rows()} == same


def test_pairs_that_clusters_ask_for_are_scored_where_they_may_be_linked() -> None:
    """Blocking proposes two pairs of the three; the third is asked for, unless it is of one source."""
    rows = {"s": ["crm", "web", "crm"], "a": ["x", "x", "y"], "b": ["u", "v", "v"], "c": ["w", "w", "w"]}
    blocking = ig.block_on("a") | ig.block_on("b")
    weights = ig.Linear({"a": 1, "b": 1, "c": 4}, 2)
    made = ig.Resolver(blocking, [ig.exact("a"), ig.exact("b"), ig.exact("c")], matcher=weights)
    found = {link: attrs.evolve(made, link=link).resolve(rows, source="s") for link in ("both", "across", "within")}
    assert [found[link].candidate_pairs for link in ("both", "across", "within")] == [2, 2, 0]
    assert [len(found[link].scored) for link in ("both", "across", "within")] == [3, 2, 0]
    assert [len(found[link]) for link in ("both", "across", "within")] == [1, 2, 3]


def test_link_of_resolve_overrules_what_is_found(records: pl.DataFrame) -> None:
    found = ig.resolve(records, **KEYS, link="across")
    pairs = found.scored_pairs.to_polars()
    assert (found.resolver.link, found.resolver.unique) == ("across", False)
    assert (pairs["left_source"] != pairs["right_source"]).all()


def test_unique_keeps_the_records_of_a_source_apart(each_says_something: ig.Resolver) -> None:
    """Records 2 and 5 are of one source; both agree with record 1."""
    found = attrs.evolve(each_says_something, unique=True).resolve(PEOPLE, id="id", source="source")
    members = found.crosswalk.to_polars().select("entity_id", "source")
    assert not members.is_duplicated().any()
    assert len(found) == 4


def test_sources_without_duplicates_are_told_from_the_data() -> None:
    names = list(product(("Ann", "Bob", "Cid", "Dora", "Eve"), ("Lee", "Ray", "Orr", "Fox", "Kay")))
    rows = [
        {"id": i, "s": source, "name": f"{given} {family}", "mail": f"{given}.{family}@x.com"}
        for i, (given, family) in enumerate(names)
        for source in ("crm", "web")
    ]
    found = ig.resolve(rows, id="id", source="s")
    assert (found.resolver.link, found.resolver.unique) == ("across", True)
    assert partition(found) == {frozenset({i}) for i in range(25)}
    assert ig.resolve(rows, id="id", source="s", link="both").resolver.unique is False


def test_a_threshold_of_zero_joins_whatever_has_a_scored_pair(records: pl.DataFrame, result: ig.Resolution) -> None:
    with pytest.warns(FitWarning, match="some entities probably hold records of several"):
        joined = ig.resolve(records, **KEYS, threshold=0)
    everything = ig.Components(threshold=0).build(result.graph)
    assert sorted(joined.clusters.sizes) == sorted(everything.sizes)
    assert len(ig.resolve(records, **KEYS, threshold=1)) > len(result) > len(joined)


@pytest.mark.parametrize("keep", [0.1, 0.5, 1])
def test_pairs_below_the_probability_to_keep_are_not_kept(keep: float) -> None:
    everything, kept = (
        resolver(blocking=ig.all_pairs(), keep=least).resolve(PEOPLE, id="id").scored_pairs.to_polars()
        for least in (0, keep)
    )
    assert everything.height == 15
    assert kept.equals(everything.filter(pl.col("match_probability") >= keep))
    assert kept.height < 15


# What goes in


def test_no_record_makes_no_entity() -> None:
    empty = pl.DataFrame(schema={"id": pl.Int64, "name": pl.String, "email": pl.String})
    for found in (ig.resolve(empty, id="id"), resolver().resolve(empty, id="id")):
        assert repr(found) == "<Resolution: 0 records from 0 sources -> 0 entities>"
        assert found.crosswalk.to_polars().schema == {"source": pl.String, "record_id": pl.Int64, "entity_id": pl.Int64}
        assert (len(found.profiles), len(found.scored_pairs), found.notes) == (0, 0, ())


def test_one_record_makes_one_entity() -> None:
    for found in (ig.resolve({"name": ["Ann Lee"]}), resolver().resolve({"name": ["Ann Lee"], "email": ["a@x.com"]})):
        assert found.crosswalk.to_polars().rows() == [("records", 0, 1)]
        assert found.profiles.to_polars().get_column("name").to_list() == ["Ann Lee"]


def test_records_that_were_read_before_are_taken_as_they_are(each_says_something: ig.Resolver) -> None:
    read = ig.Records.of(PEOPLE, id="id", source="source")
    assert partition(each_says_something.resolve(read)) == partition(each_says_something.resolve(PEOPLE, id="id"))
    assert ig.resolve(read).crosswalk.columns == ["source", "record_id", "entity_id"]


def test_where_nothing_is_shared_every_record_stays_an_entity_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "FEW_PAIRS", 0)
    with pytest.warns(EmptyBlockingWarning, match="stays an entity of its own: no two records share"):
        found = ig.resolve({"email": ["ann@x.com", "bob@y.org", "cid@z.net"]})
    assert (len(found), len(found.notes), found.resolver.blocking) == (3, 1, ig.no_pairs())


@pytest.mark.parametrize("argument", [{"id": "id"}, {"source": "source"}, {"columns": {}}])
def test_records_take_no_further_arguments(argument: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="leave id, source and columns out"):
        ig.resolve(ig.Records.of(PEOPLE), **argument)


def test_tables_of_several_sources_are_read_once() -> None:
    """A stream of Arrow batches can be read only once."""
    arrow = pytest.importorskip("pyarrow")
    table = arrow.table({"id": [1, 2], "Mail": ["ann@x.com", "bob@y.org"], "name": ["Ann Lee", "Bob Ray"]})
    stream = arrow.RecordBatchReader.from_batches(table.schema, table.to_batches())
    web = {"id": [1, 3], "e_mail": ["ann@x.com", "carl@z.net"], "name": ["Ann Lee", "Carl Zorn"]}
    found = ig.resolve({"crm": stream, "web": web}, id="id")
    assert found.crosswalk.to_polars().get_column("entity_id").to_list() == [1, 2, 1, 3]
    assert found.records.table.columns == ["email", "name"]


def test_columns_of_tables_are_named_by_the_caller_where_given() -> None:
    tables = {"a": {"x": ["ann@x.com", "bob@y.org"]}, "b": {"y": ["ann@x.com", "carl@z.net"]}}
    found = ig.resolve(tables, columns={"a": {"x": "contact"}, "b": {"y": "contact"}})
    assert found.profiles.to_polars().columns == ["entity_id", "records", "contact"]


@pytest.mark.parametrize("changes", [{"link": "across"}, {"unique": True}])
def test_what_is_about_sources_asks_for_sources(changes: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="source="):
        resolver(**changes).resolve(PEOPLE, id="id")


def test_a_field_reads_a_column_that_there_is() -> None:
    with pytest.raises(ColumnNotFoundError, match="'email'"):
        resolver().resolve({"name": ["Ann", "Bob"], "mail": ["a@x.com", "b@x.com"]})


# Identifiers and judgements

EVENTS = {
    "id": [1, 2, 3, 4],
    "login": ["ann", "ann", "bob", None],
    "cookie": ["phone", "tablet", "tablet", "tablet"],
    "at": ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04"],
}
LOGIN = ig.Namespace("login", kind="login", limit=1)


def of_events(**changes: Any) -> ig.Resolver:
    """Return a resolver that finds no pair by agreement."""
    given = {"namespaces": [LOGIN, ig.Namespace("cookie", kind="cookie", policy="newest")], "observed_at": "at"}
    return ig.Resolver(ig.block_on("cookie"), [ig.exact("at")], keep=1.0, **given | changes)


def judged(left: int, right: int, said: str) -> dict[str, Any]:
    """Return a table of one judgement."""
    return {"left_id": [left], "right_id": [right], "judgement": [said]}


def test_identifiers_link_within_limits_and_times_tell_the_newest_owner() -> None:
    found = of_events().resolve(EVENTS, id="id")
    assert partition(found) == {frozenset({1, 2}), frozenset({3, 4})}
    earlier = EVENTS | {"at": ["2024-01-01", "2024-01-05", "2024-01-03", "2024-01-04"]}
    assert partition(of_events().resolve(earlier, id="id")) == {frozenset({1, 2, 4}), frozenset({3})}


def test_without_namespaces_nothing_links_these_events() -> None:
    assert len(of_events(namespaces=[], observed_at=None).resolve(EVENTS, id="id")) == 4


def test_judgements_come_before_all_evidence() -> None:
    resolver = of_events()
    assert partition(resolver.resolve(EVENTS, id="id", judgements=judged(1, 2, "cannot_link"))) == {
        frozenset({1}),
        frozenset({2}),
        frozenset({3, 4}),
    }
    joined = resolver.resolve(EVENTS, id="id", judgements=judged(4, 1, "must link"))
    assert partition(joined) == {frozenset({1, 2, 4}), frozenset({3})}
    unsure = resolver.resolve(EVENTS, id="id", judgements=judged(1, 3, "unsure"))
    assert partition(unsure) == partition(resolver.resolve(EVENTS, id="id"))
    assert "unsure" in unsure.relations.to_polars()["by"].to_list()


def test_judgements_bind_scored_pairs_whatever_the_builder(each_says_something: ig.Resolver) -> None:
    both = {"left_id": [1, 3], "right_id": [2, 6], "judgement": ["cannot_link", "must_link"]}
    for builder in (ig.ConstrainedComponents(), ig.Components(0.5), ig.AverageLinkage()):
        made = attrs.evolve(each_says_something, builder=builder)
        entities = partition(made.resolve(PEOPLE, id="id", judgements=both))
        assert not any({1, 2} <= entity for entity in entities)
        assert any({3, 6} <= entity for entity in entities)


def test_judgements_of_resolve_are_those_of_the_resolver(records: pl.DataFrame) -> None:
    ends = records.head(2).select("source", "record_id").rows()
    table = {
        "left_source": [ends[0][0]],
        "left_id": [ends[0][1]],
        "right_source": [ends[1][0]],
        "right_id": [ends[1][1]],
        "judgement": ["must_link"],
    }
    found = ig.resolve(records, **KEYS, judgements=table)
    assert found.why(*ends).together
    assert len(found.graph.judgements) == 1


def test_rulings_of_a_log_are_judgements_with_locks_and_with_a_note_of_those_that_are_dormant() -> None:
    resolver, day = of_events(), datetime(2026, 1, 1, tzinfo=UTC)
    log = ig.JudgementLog().must_link(1, 4, at=day).lock([2], at=day).cannot_link(1, 99, at=day)
    found = resolver.resolve(EVENTS, id="id", judgements=log.rulings(day))
    assert partition(found) == {frozenset({1, 4}), frozenset({2}), frozenset({3})}
    assert found.notes[0] == "1 judgement of records that are not here, or not enough of them"
    assert found.graph.judgements.told["must_link"].get_column("judgement_id").to_list() == [1]
    with pytest.raises(ConfigurationError, match="say of which: judgements="):
        resolver.resolve(EVENTS, id="id", judgements=log)


def test_scored_pairs_join_nothing_with_locked_records(each_says_something: ig.Resolver) -> None:
    day = datetime(2026, 1, 1, tzinfo=UTC)
    whole = partition(each_says_something.resolve(PEOPLE, id="id"))
    assert not whole & {frozenset({1}), frozenset({2, 3})}
    log = ig.JudgementLog().lock([1], at=day).lock([2, 3], at=day)
    locked = partition(each_says_something.resolve(PEOPLE, id="id", judgements=log.rulings(day)))
    assert {frozenset({1}), frozenset({2, 3})} <= locked


@pytest.mark.parametrize(
    ("table", "error", "told"),
    [
        (judged(1, 9, "must_link"), UnknownIdError, "9"),
        (judged(1, 2, "maybe"), ConfigurationError, "1 of 1 judgements"),
        ({"left_id": [1], "right_id": [2]}, ColumnNotFoundError, "no column 'judgement' in the judgements"),
        (judged(1, 1, "must_link"), ConfigurationError, "itself"),
        (5, UnsupportedInputError, "table"),
        (
            {"left_id": [1, 1], "right_id": [2, 2], "judgement": ["must_link", "cannot_link"]},
            ContradictionError,
            "1",
        ),
    ],
)
def test_judgements_that_make_no_sense_are_refused(table: Any, error: Any, told: str) -> None:
    with pytest.raises(error, match=told):
        of_events().resolve(EVENTS, id="id", judgements=table)


def test_namespaces_are_inferred_and_left_out_where_only_sources_are_linked_within(
    inferred: ig.Resolver, records: pl.DataFrame
) -> None:
    """Contacts do not link, for families share them."""
    names = {space.name for space in inferred.namespaces}
    assert names == {"email", "phone"}
    assert not any(space.links for space in inferred.namespaces)
    within = ig.resolve(records, **KEYS, link="within")
    assert (within.resolver.namespaces, within.graph.sightings) == ((), ())
    assert {seen.namespace.name for seen in ig.resolve(records, **KEYS, link="both").graph.sightings} == names


def test_a_time_or_namespace_names_a_column_that_there_is() -> None:
    with pytest.raises(ColumnNotFoundError, match="no column 'when'"):
        of_events(observed_at="when").resolve(EVENTS, id="id")
    with pytest.raises(ColumnNotFoundError, match="'logins'"):
        of_events(namespaces=[ig.Namespace("logins")]).resolve(EVENTS, id="id")


@pytest.mark.parametrize("n", [0, 1])
def test_no_record_and_one_have_a_graph_as_well(n: int) -> None:
    found = of_events().resolve(pl.DataFrame(EVENTS).head(n), id="id")
    assert (len(found), len(found.graph.namespaces), len(found.relations)) == (n, 2, 0)


# What is refused


FAULTS: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"blocking": None}, NoBlockingError, "no blocking strategy was given"),
    ({"blocking": "email"}, UnsupportedInputError, "blocking strategy"),
    ({"comparators": ["email"]}, UnsupportedInputError, "comparator, such as"),
    ({"comparators": ()}, ConfigurationError, "no comparator was given"),
    ({"comparators": [ig.exact("a"), ig.exact("a")]}, ConfigurationError, "share the name 'a'"),
    ({"fields": {"a": fields.Email}}, UnsupportedInputError, "field kind"),
    ({"fields": ["a"]}, UnsupportedInputError, "mapping of field names"),
    ({"matcher": None}, UnsupportedInputError, "matcher"),
    ({"builder": ig.AverageLinkage}, UnsupportedInputError, "cluster builder"),
    ({"namespaces": [ig.Namespace("id")], "link": "within"}, ConfigurationError, "namespaces"),
    ({"namespaces": ["login"]}, UnsupportedInputError, "ig.Namespace"),
    ({"namespaces": "login"}, UnsupportedInputError, "several namespaces"),
    ({"namespaces": ig.Namespace("login")}, UnsupportedInputError, "several namespaces"),
    ({"namespaces": [ig.Namespace("id"), ig.Namespace("id")]}, ConfigurationError, "share a name: id, id"),
    ({"observed_at": 5}, UnsupportedInputError, "observed_at as the name of a column"),
    ({"link": "between"}, ConfigurationError, "'both', 'across', 'within', got 'between'"),
    ({"keep": 1.5}, RangeError, "keep must lie between 0 and 1, got 1.5"),
    ({"seed": -1}, RangeError, "seed"),
    ({"seed": 0.5}, RangeError, "seed"),
    ({"seed": True}, RangeError, "seed"),
]


@pytest.mark.parametrize(("changes", "error", "told"), FAULTS)
def test_arguments_that_make_no_sense_are_refused(changes: dict[str, Any], error: type[Exception], told: str) -> None:
    with pytest.raises(error, match=told):
        resolver(**changes)


def test_several_faults_come_together() -> None:
    with pytest.raises(ExceptionGroup) as caught:
        ig.Resolver(comparators=["email"], keep=2, link="x", fields={"a": "b"})  # type: ignore[list-item,arg-type,dict-item]
    found = [type(error) for error in caught.value.exceptions]
    assert found == [NoBlockingError, UnsupportedInputError, UnsupportedInputError, ConfigurationError, RangeError]


def test_evolving_a_resolver_checks_it_again() -> None:
    with pytest.raises(RangeError, match="keep"):
        attrs.evolve(resolver(), keep=-1)


@pytest.mark.parametrize("comparators", [[ig.exact("email")], [ig.email("email"), ig.exact("name")]])
def test_a_matcher_that_was_fitted_to_other_comparators_is_refused(comparators: Any) -> None:
    fitted = resolver().resolve(PEOPLE, id="id").resolver
    with pytest.raises(ConfigurationError, match="fitted to other comparators"):
        attrs.evolve(fitted, comparators=comparators)


@pytest.mark.parametrize(("wrong", "error"), [({"threshold": 1.5}, RangeError), ({"link": "x"}, ConfigurationError)])
def test_resolve_checks_its_arguments_before_it_reads_the_data(wrong: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        ig.resolve("there is no such file.csv", **wrong)


class Lazy:
    """A cluster builder that forgets the last record."""

    def build(self, graph: IdentityGraph) -> Clusters:
        """Return the clusters of all records but one."""
        return Clusters.of(np.arange(len(graph) - 1))


def test_a_builder_of_ones_own_must_return_all_records() -> None:
    with pytest.raises(InvalidIntermediateError, match=r"Lazy.build should return clusters of 6 records, got 5"):
        resolver(builder=Lazy()).resolve(PEOPLE, id="id")


# A value


def test_a_resolver_is_a_value(inferred: ig.Resolver, records: pl.DataFrame) -> None:
    same = ig.Resolver.infer(records, **KEYS)
    assert (same, hash(same)) == (inferred, hash(inferred))
    assert attrs.evolve(inferred, seed=1) != inferred


def test_fields_that_are_changed_outside_stay_as_they_were() -> None:
    mine = {"email": fields.Email()}
    made = resolver(fields=mine)
    mine["more"] = fields.Email()
    assert made.fields == {"email": fields.Email()}


def namespace() -> dict[str, Any]:
    """Return the public names, as four ``import *`` give them."""
    return {name: getattr(module, name) for module in (comparing, fields, graph, ig) for name in module.__all__}


@pytest.mark.parametrize("n", [100, 3_000])
def test_the_repr_of_an_inferred_resolver_can_be_pasted(n: int) -> None:
    shown = ig.Resolver.infer(customers(n).records, **KEYS)
    assert eval(repr(shown), namespace()) == shown  # noqa: S307
    assert max(map(len, repr(shown).splitlines())) <= 120


def test_the_repr_leaves_out_what_is_left_at_its_default() -> None:
    shown = resolver(fields={"name": fields.PersonName(full="name")}, comparators=[ig.exact("email")])
    assert repr(shown).splitlines() == [
        "Resolver(",
        "    blocking=block_on('email') | block_on('name'),",
        "    comparators=(Graded('email', 'email'),),",
        "    fields={'name': PersonName(full='name')},",
        ")",
    ]


# Warnings, progress, logs


def warned(resolve: Any, category: type[Warning]) -> Iterator[tuple[str, int]]:
    """Yield file and text of the line that each warning of a category points at."""
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        resolve()
    for warning in given:
        if issubclass(warning.category, category):
            yield Path(warning.filename).name, warning.lineno


def line(function: Any) -> tuple[str, int]:
    """Return where the body of a lambda stands."""
    return Path(__file__).name, function.__code__.co_firstlineno


UNIQUE = {"id": ["a", "b", "c"], "name": ["x1", "x2", "x3"], "email": ["a@x.com", "b@y.com", "c@z.com"]}


def test_warnings_point_at_the_line_of_the_caller() -> None:
    hot = ig.block_on("email", max_block=2, hot="skip")
    for run, category in (
        (lambda: resolver(blocking=hot).resolve(PEOPLE, id="id"), HotBlockWarning),
        (lambda: resolver(blocking=hot | ig.block_on("name")).resolve(PEOPLE, id="id"), HotBlockWarning),
        (lambda: hot.candidates(ig.Records.of(PEOPLE)), HotBlockWarning),
        (lambda: ig.resolve({"same": ["x", "x"]}), ColumnWarning),
        (lambda: ig.Resolver.infer({"same": ["x", "x"]}), ColumnWarning),
        (lambda: resolver().resolve(UNIQUE, id="id"), EmptyBlockingWarning),
    ):
        assert set(warned(run, category)) == {line(run)}


def test_warnings_become_notes_whatever_the_filter() -> None:
    with warnings.catch_warnings(action="ignore"):
        hot = resolver(blocking=ig.block_on("email", max_block=2, hot="skip")).resolve(PEOPLE, id="id")
        same = ig.resolve({"same": ["x", "x"]})
    assert ["max_block" in hot.notes[0], *hot.notes[1:]] == [
        True,
        "no comparator could be left out to judge the clusters by",
    ]
    assert ["entity of its own" in note for note in same.notes] == [True]
    assert same.summary.notes == same.notes


def test_warnings_before_an_error_are_given_all_the_same() -> None:
    strategy = ig.block_on("email", max_block=2, hot="skip") | ig.block_on("name", max_block=2, hot="raise")
    with pytest.warns(HotBlockWarning), pytest.raises(HotBlockError):
        resolver(blocking=strategy).resolve(PEOPLE, id="id")
    assert NOTES.get() is None


def test_a_warning_that_is_made_an_error_is_raised() -> None:
    with warnings.catch_warnings(action="error"), pytest.raises(EmptyBlockingWarning):
        resolver().resolve(UNIQUE, id="id")


def test_progress_is_told_up_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, int, int | None]] = []
    resolver().resolve(PEOPLE, id="id", progress=lambda *args: told.append(args))
    assert {stage for stage, _, _ in told} == {"compare"}
    monkeypatch.setattr(linkage, "TRAINING_PAIRS", 2)
    ig.resolve(PEOPLE, id="id", progress=lambda *args: told.append(args))
    assert {stage for stage, _, _ in told} == {"compare", "score"}
    assert told[-1][1] == told[-1][2]


def test_a_sample_to_train_on_leaves_all_pairs_scored(
    monkeypatch: pytest.MonkeyPatch, records: pl.DataFrame, result: ig.Resolution
) -> None:
    monkeypatch.setattr(linkage, "TRAINING_PAIRS", 5_000)
    sampled = ig.resolve(records, **KEYS)
    counts = {stage.name: stage.count for stage in sampled.stages}
    assert counts["compare"] < counts["score"] == sampled.candidate_pairs == result.candidate_pairs


def test_every_stage_logs_one_line(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="identigraph"):
        found = ig.resolve(PEOPLE, id="id")
    names = ["infer", "read", "block", "compare", "train", "score", "refine", "cluster"]
    assert [stage.name for stage in found.stages] == names
    lines = [record for record in caplog.records if record.levelno >= logging.INFO]
    assert [record.name for record in lines] == [f"identigraph.{name}" for name in names]


# Labels


def labels_of(found: ig.Resolution, made: Customers, n: int = 100, seed: int = 0) -> pl.DataFrame:
    """Return suggested pairs with the true answers."""
    entity = {(source, record): number for source, record, number in made.truth.rows()}
    asked = ig.suggest_labels(found, n, seed=seed).to_polars()
    pairs = asked.select("left_source", "right_source", "left_id", "right_id").rows()
    return asked.with_columns(pl.Series("match", [entity[a, x] == entity[b, y] for a, b, x, y in pairs]))


def f1(found: ig.Resolution, made: Customers) -> float:
    """Return the F1 of all pairs of records."""
    both = made.truth.join(found.crosswalk.to_polars().rename({"entity_id": "found"}), on=["source", "record_id"])
    right, true, said = (
        sum(n * (n - 1) / 2 for n in both.group_by(by).len()["len"])
        for by in (["entity_id", "found"], ["entity_id"], ["found"])
    )
    return 2 * right / (true + said)


def test_a_hundred_labels_make_entities_no_worse() -> None:
    """Over a few tables the mean F1 rises, and in none it falls by more than a few pairs."""
    gains = []
    for seed in range(3):
        made = customers(400, seed=seed)
        before = ig.resolve(made.records, **KEYS)
        after = ig.resolve(made.records, **KEYS, labels=labels_of(before, made, seed=seed))
        assert isinstance(after.resolver.matcher, ig.Supervised)
        assert after.resolver.matcher.is_fitted
        assert after.resolver.builder.linkage.threshold is not None  # type: ignore[attr-defined]
        gains.append(f1(after, made) - f1(before, made))
    assert sum(gains) > 0
    assert min(gains) > -0.01


MADE = customers(200, seed=5)


@pytest.fixture(scope="module")
def answers() -> pl.DataFrame:
    """Return 60 labels of 200 customers."""
    return labels_of(ig.resolve(MADE.records, **KEYS), MADE, 60)


def test_labels_may_be_a_table_or_read_before(answers: pl.DataFrame) -> None:
    one, other = (ig.resolve(MADE.records, **KEYS, labels=each) for each in (answers, ig.Labels.of(answers)))
    assert one.resolver == other.resolver
    assert one.crosswalk.to_polars().equals(other.crosswalk.to_polars())


def test_the_matcher_of_a_resolver_learns_from_labels(answers: pl.DataFrame) -> None:
    """Fitted before or not; its labels are those of the pairs named. A threshold found before is kept."""
    inferred = ig.Resolver.infer(MADE.records, **KEYS)
    trained = inferred.resolve(MADE.records, **KEYS)
    told = trained.resolver.resolve(MADE.records, **KEYS, labels=answers)
    again = inferred.resolve(MADE.records, **KEYS, labels=answers)
    assert told.resolver.matcher == again.resolver.matcher != trained.resolver.matcher
    assert told.resolver.builder == trained.resolver.builder
    assert attrs.evolve(told.resolver, builder=again.resolver.builder) == again.resolver
    assert told.resolver.matcher.learned is None  # type: ignore[attr-defined]
    labels = ig.Labels.of(answers).compared(told.records, ig.Comparison(inferred.comparators))
    levels, worth = labels.compared.levels[labels.match], labels.stands_for[labels.match]
    for place, (m, before) in enumerate(
        zip(told.resolver.matcher.model.fitted.m, trained.resolver.matcher.model.fitted.m, strict=True)  # type: ignore[attr-defined]
    ):
        seen = np.array([worth[levels[:, place] == level].sum() for level in range(len(m))])
        seen *= worth.sum() / (worth**2).sum()
        assert m == pytest.approx((20 * np.array(before) + seen) / (20 + seen.sum()))


def test_labels_choose_the_threshold_unless_one_is_given(answers: pl.DataFrame) -> None:
    inferred = ig.Resolver.infer(MADE.records, **KEYS)
    free = inferred.resolve(MADE.records, **KEYS, labels=answers)
    assert inferred.builder == ig.ConstrainedComponents()
    tuned = free.resolver.builder
    assert tuned != inferred.builder
    rebuilt = tuned.build(free.graph)
    assert free.clusters.labels.tolist() == rebuilt.labels.tolist()
    for builder in (ig.AverageLinkage(0.9), ig.Components(0.9)):
        given = attrs.evolve(inferred, builder=builder).resolve(MADE.records, **KEYS, labels=answers)
        assert given.resolver.builder == builder
        assert given.clusters.labels.tolist() == builder.build(given.graph).labels.tolist()
    set_before = ig.resolve(MADE.records, **KEYS, labels=answers, threshold=0.7).resolver.builder
    assert set_before == ig.ConstrainedComponents(linkage=ig.AverageLinkage(0.7))
    alone = attrs.evolve(inferred, builder=ig.AverageLinkage()).resolve(MADE.records, **KEYS, labels=answers)
    assert alone.resolver.builder == tuned.linkage  # type: ignore[attr-defined]


def test_labels_ask_for_no_pairs_where_links_alone_make_clusters(answers: pl.DataFrame) -> None:
    """As without labels: pairs are asked for by average linkage only."""
    for builder, asks in ((ig.Components(threshold=0.5), False), (ig.AverageLinkage(), True)):
        made = attrs.evolve(ig.Resolver.infer(MADE.records, **KEYS), builder=builder)
        found = made.resolve(MADE.records, **KEYS, labels=answers)
        assert bool({stage.name: stage.count for stage in found.stages}["refine"]) == asks


def test_a_tuned_resolver_finds_the_same_entities_again_without_labels(answers: pl.DataFrame) -> None:
    told = ig.resolve(MADE.records, **KEYS, labels=answers)
    again = told.resolver.resolve(MADE.records, **KEYS)
    assert again.crosswalk.to_polars().equals(told.crosswalk.to_polars())
    assert again.resolver.matcher is told.resolver.matcher


def test_unique_sources_stay_apart_while_the_threshold_is_chosen(answers: pl.DataFrame) -> None:
    inferred = ig.Resolver.infer(MADE.records, **KEYS)
    found = attrs.evolve(inferred, unique=True).resolve(MADE.records, **KEYS, labels=answers)
    assert not found.crosswalk.to_polars().select("entity_id", "source").is_duplicated().any()


@pytest.mark.filterwarnings("ignore::identigraph.errors.EmptyBlockingWarning")
@pytest.mark.parametrize("matcher", [ig.FellegiSunter(), ig.Supervised()])
def test_without_candidates_labels_teach_nothing(matcher: ig.matching.Matcher) -> None:
    labels = {"left_id": ["a", "b"], "right_id": ["b", "c"], "match": [True, False]}
    found = resolver(matcher=matcher).resolve(UNIQUE, id="id", labels=labels)
    assert (len(found), found.resolver.matcher, found.resolver.builder) == (3, matcher, ig.ConstrainedComponents())


@pytest.mark.parametrize(
    ("change", "error", "told"),
    [
        ({"left_id": [f"nobody {i:02}" for i in range(60)]}, UnknownIdError, "nobody"),
        ({"match": ["perhaps"] * 60}, ConfigurationError, "60 of 60 answers"),
        ({"match": [True] * 60}, ConfigurationError, "60 of 60 labels are matches"),
        ({"match": [False] * 60}, ConfigurationError, "0 of 60 labels are matches"),
        ({"match": [None] * 60}, ConfigurationError, "0 of 0 labels are matches"),
    ],
)
def test_labels_that_make_no_sense_are_refused(answers, change: Any, error: Any, told: str) -> None:
    wrong = answers.with_columns(pl.Series(name, values) for name, values in change.items())
    with pytest.raises(error, match=told):
        ig.resolve(MADE.records, **KEYS, labels=wrong)


@pytest.mark.parametrize("column", ["match", "left_id", "right_id", "left_source"])
def test_labels_without_a_column_are_refused(answers: pl.DataFrame, column: str) -> None:
    with pytest.raises((ColumnNotFoundError, ConfigurationError), match=column):
        ig.resolve(MADE.records, **KEYS, labels=answers.drop(column))


def test_labels_of_one_kind_cannot_choose_a_threshold(answers: pl.DataFrame) -> None:
    alike = answers.filter("match")
    with pytest.raises(ConfigurationError, match="labels must hold matches and others"):
        ig.Resolver.infer(MADE.records, **KEYS).resolve(MADE.records, **KEYS, labels=alike)


def test_labels_are_read_before_the_data() -> None:
    with pytest.raises(ColumnNotFoundError, match="no column 'match' of labels"):
        resolver().resolve("there is no such file.csv", labels={"left_id": [1], "right_id": [2]})


# Guards


def test_guards_look_at_all_candidates_and_at_the_scored_pairs_inside_entities(result: ig.Resolution) -> None:
    assert result.guards is not None
    assert result.guards.warnings == ()
    scored, labels = result.scored, result.clusters.labels
    pairs = ig.Pairs(scored.left, scored.right).where(labels[scored.left] == labels[scored.right])
    compared = comparing.compare(result.records, pairs, result.resolver.comparators)
    given, born = (compared.layout.place(name) for name in ("name.given", "birth_date"))
    known = int(((compared.levels[:, given] >= 0) & (compared.levels[:, born] >= 0)).sum())
    told = result.guards.together.filter(of="entities").filter(
        pl.concat_list("one", "other").list.sort() == ["birth_date", "name.given"]
    )
    assert told.get_column("pairs").to_list() == [known]


def test_guards_speak_where_no_comparator_can_be_left_out(records: pl.DataFrame, inferred: ig.Resolver) -> None:
    """A builder of its own leaves no estimate; a model without households is noticed all the same."""
    model = matching.model_of(ig.resolve(records, **KEYS).resolver.matcher)
    wrong = ig.FellegiSunter(identity=model.identity)
    with pytest.warns(FitWarning) as given:
        found = attrs.evolve(inferred, matcher=wrong, builder=ig.Components(0.5)).resolve(records, **KEYS)
    assert found.estimated is None
    assert (len(given), found.notes) == (1, found.guards.warnings)
    assert found.guards.entities == str(given[0].message)


def test_rules_have_no_model_to_speak_against() -> None:
    made = resolver(matcher=matching.Rules([matching.rule(ig.when(email="equal"), "match")])).resolve(PEOPLE, id="id")
    assert made.guards is None
    assert ig.resolve({"name": ["Ann"]}).guards is None
