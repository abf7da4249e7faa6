"""What type checkers make of the public face; checked by test_typing.py, never called."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, assert_type

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

import identigraph as ig
from identigraph import blocking
from identigraph.blocking import (
    AdaptiveNeighborhood,
    Analysis,
    BlockingStrategy,
    BlockReport,
    Candidates,
    Canopies,
    Difference,
    ElementBlocking,
    GivenPairs,
    Intersection,
    KeyBlocking,
    MetaBlocking,
    MinHash,
    PieceBlocking,
    PlaceBlocking,
    SimHash,
    SortedNeighborhood,
    TextNeighbors,
    TimeWindow,
    Union,
    VectorNeighbors,
)
from identigraph.comparing import Comparator, Graded
from identigraph.fields import FieldKind
from identigraph.fields.derived import Derived
from identigraph.graph import ClusterBuilder, Clusters, IdentityGraph, ScoredPairs
from identigraph.identity import Assignment, Diff, Event, Events, Jitter, Status, assign, replay
from identigraph.matching import Explanation, Labeled, Matcher, Parameters, Rule, When, matcher_from
from identigraph.profiles import Profiles
from identigraph.table import Table

PEOPLE: dict[str, list[str | None]] = {"name": ["Ann Lee", None], "mail": ["ann@x.com", "bob@x.com"]}


def results() -> None:
    """Check what resolving gives, and what that gives."""
    result = ig.resolve(PEOPLE, link="across", threshold=0.9, progress=tell)
    assert_type(result, ig.Resolution)
    assert_type(ig.resolve({"crm": "crm.csv", "web": pl.DataFrame()}, id={"crm": "no", "web": "id"}), ig.Resolution)
    assert_type(result.crosswalk, Table)
    assert_type(result.to_polars(), pl.DataFrame)
    assert_type(result.to_pandas(), Any)
    assert_type(result.profiles, Profiles)
    assert_type(result.profiles.lineage.to_polars(), pl.DataFrame)
    assert_type(result.scored, ScoredPairs)
    assert_type(result.entity_ids, npt.NDArray[Any])
    assert_type(result.report("page.html"), Path)
    assert_type(len(result), int)
    assert_type(result.resolver.matcher, Matcher)
    assert_type(ig.resolve(PEOPLE, labels=PEOPLE), ig.Resolution)
    assert_type(ig.suggest_labels(result, 20, "uncertain", seed=1), Table)
    assert_type(ig.audit_sample(result, 20), Table)
    assert_type(ig.audit(PEOPLE).precision, float)


def tell(stage: str, done: int, total: int | None) -> None:
    """Take progress."""


def values() -> None:
    """Check the values that one writes by hand."""
    resolver = ig.Resolver.infer(PEOPLE)
    assert_type(resolver, ig.Resolver)
    assert_type(resolver.comparators, tuple[Comparator, ...])
    assert_type(attrs.evolve(resolver, seed=1), ig.Resolver)
    email = ig.block_on("email")
    assert_type(email, KeyBlocking)
    assert_type(email | ig.block_on(ig.soundex("surname"), "city"), Union)
    assert_type(email & ig.words_of("title"), Intersection)
    assert_type(ig.prefix(ig.soundex("surname"), 2), Derived)
    assert_type(ig.similar("surname", 0.9), Graded)


def strategies() -> None:
    """Check what each maker of blocking makes."""
    by_city = ("city", ig.year("born"))
    assert_type(ig.block_on("name", hot="split", split_by=by_city), KeyBlocking)
    assert_type(ig.words_of("name", "city", hot="cap", keep=0.8), PieceBlocking)
    assert_type(blocking.qgrams_of("name", q=3), PieceBlocking)
    assert_type(blocking.suffixes_of("name", shortest=4), PieceBlocking)
    assert_type(blocking.any_shared("mails", separator=";"), ElementBlocking)
    assert_type(blocking.sorted_neighborhood("name", ig.soundex("city"), window=5), SortedNeighborhood)
    assert_type(blocking.adaptive_neighborhood("name", similarity=0.9), AdaptiveNeighborhood)
    assert_type(blocking.within_time("seen", hours=2, minutes=30.5), TimeWindow)
    assert_type(blocking.within_distance("lat", "lon", kilometers=1), PlaceBlocking)
    assert_type(blocking.minhash("name", unit="words"), MinHash)
    assert_type(blocking.simhash("name", unit=4), SimHash)
    assert_type(blocking.top_k("name", k=3), TextNeighbors)
    assert_type(blocking.canopies("name", loose=0.3), Canopies)
    assert_type(blocking.nearest(np.eye(2), metric="euclidean"), VectorNeighbors)
    assert_type(blocking.meta_blocking(ig.words_of("name"), weight="ecbs"), MetaBlocking)
    assert_type(blocking.given_pairs([(1, 2)]), GivenPairs)
    assert_type(blocking.given_pairs(pl.DataFrame()) - ig.no_pairs(), Difference)
    found: Candidates = blocking.minhash("name").candidates(ig.Records.of(PEOPLE))
    assert_type(found.reports, tuple[BlockReport, ...])
    assert_type([pairs.left for pairs in found], list[npt.NDArray[np.int32]])
    assert_type(blocking.analyze(ig.block_on("mail"), ig.Records.of(PEOPLE)), Analysis)


def matchers() -> None:
    """Check that every matcher is one, that fitting keeps its kind, and what matchers say."""
    records = ig.Records.of(PEOPLE)
    compared = ig.compare(records, ig.Pairs.of([0], [1]), [ig.exact("mail")])
    condition, table = ig.when(mail="equal"), {"mail": 5.0}
    assert_type(condition, When)
    assert_type(ig.rule(condition, "match"), Rule)
    model = ig.FellegiSunter(fixed={"mail": {"u": (0.9, 0.1)}}, veto=[condition, {"mail": "differs"}], prior=0.1)
    rules = ig.Rules([ig.rule({"mail": "equal"}, "match")], "possible")
    linear = ig.Linear([ig.Points("mail", 5, levels={"equal": 3.0}, group="contact")], 2, caps={"contact": 4})
    matchers: list[Matcher] = [model, rules, linear, ig.Linear(table, 2), ig.Supervised(), ig.Combined(rules, model)]
    assert_type(model.fit(compared, labels=[True]), ig.FellegiSunter)
    assert_type(model.fit(compared).fitted, Parameters)
    assert_type(rules.fit(compared), ig.Rules)
    assert_type(linear.fit(compared, labels=Labeled(compared, [True])), ig.Linear)
    assert_type(ig.Supervised(None).fit(compared, labels=np.array([True])), ig.Supervised)
    assert_type(ig.Combined(rules, linear).fit(compared), ig.Combined)
    assert_type(model.score(compared), npt.NDArray[np.float64])
    assert_type(matchers[0].fit(compared, labels=None).explain(compared[0]), Explanation)
    assert_type(matcher_from(model.to_dict()), Matcher)
    assert_type(ig.Rules.from_dict({}), ig.Rules)
    assert_type(ig.Labels.of(PEOPLE), ig.Labels)
    assert_type(ig.Labels.of(PEOPLE).compared(records, ig.Comparison([ig.exact("mail")])), Labeled)


def policies() -> None:
    """Check that what is read back is of the kind that was asked for."""
    resolver = ig.Resolver(ig.block_on("mail"), [ig.exact("mail")])
    assert_type(resolver.hash, str)
    assert_type(resolver.to_dict(), dict[str, Any])
    assert_type(ig.Resolver.from_dict({}, classes=[int]), ig.Resolver)
    assert_type(ig.Resolver.read("policy.json"), ig.Resolver)
    assert_type(ig.Namespace.from_dict({}), ig.Namespace)
    assert_type(ig.plain.apart(resolver), tuple[dict[str, Any], dict[str, pl.DataFrame]])
    assert_type(ig.plain.restored({}, ig.Points), ig.Points)
    assert_type(ig.plain.fingerprint(ig.exact("mail")), str)


def kits() -> None:
    """Check that a value gives a value, and a column a column."""
    email = ig.kits.kit("email")
    assert_type(email, ig.kits.Kit)
    assert_type(email.normalize("ann@x.com"), str | None)
    assert_type(email.normalize(["ann@x.com", None]), pl.Series)
    assert_type(email.parts(None), dict[str, str | None])
    assert_type(email.parts(pl.Series(["ann@x.com"])), pl.DataFrame)
    assert_type(email.valid(1.5), bool | None)
    assert_type(email.valid(("ann@x.com",)), pl.Series)
    assert_type(email.format("ann@x.com"), str | None)
    assert_type(email.format(np.array(["ann@x.com"])), pl.Series)
    assert_type(email.tokens("ann@x.com"), list[str] | None)
    assert_type(email.tokens(["ann@x.com"]), pl.Series)
    assert_type(email.keys("mail"), tuple[BlockingStrategy, ...])
    assert_type(email.count(["ann@x.com"]), ig.kits.Counts)
    ig.kits.kit(ig.fields.Email)  # type: ignore[arg-type]
    email.count("ann@x.com")  # type: ignore[arg-type]


def ids() -> None:
    """Check ids that last, from tables and from plain values."""
    first = ig.assign_ids(PEOPLE, pins={("crm", 7): "C-1", "a": "C-2"}, factory=lambda: "C-3")
    assert_type(first, Assignment)
    assert_type(ig.assign_ids(PEOPLE, previous=first, weights={"web": 0.05}).events, Events)
    assert_type(ig.assign_ids(PEOPLE, weights=lambda source, _: len(source)).crosswalk, Table)
    assert_type(first.events[0], Event)
    assert_type(first.events[:1], Events)
    assert_type(first.jitter, Jitter)
    assert_type(ig.diff(PEOPLE, first), Diff)
    register = ig.Register.of(PEOPLE)
    assert_type(register.resolve("C-1"), Status)
    assert_type(replay(first.events, register=register), ig.Register)
    assert_type(assign(register, [[("crm", "7")]], at=datetime.now(UTC), factory=ig.identity.uuid7_factory()), Events)


class Alone:
    """A cluster builder of one's own: no subclassing."""

    def build(self, graph: IdentityGraph) -> Clusters:
        """Return every record as a cluster."""
        return Clusters.of(np.arange(len(graph)))


def protocols() -> None:
    """Check that what fits is taken."""
    strategy: BlockingStrategy = ig.block_on("email") | ig.all_pairs()
    kinds: dict[str, FieldKind] = {"mail": ig.fields.Email(), "name": ig.fields.PersonName(full="name")}
    builders: list[ClusterBuilder] = [ig.Components(threshold=0.8), ig.AverageLinkage(), Alone()]
    resolver = ig.Resolver(strategy, [ig.exact("mail")], fields=kinds, builder=builders[0])
    assert_type(resolver.resolve(PEOPLE), ig.Resolution)


def refused() -> None:
    """Check that what does not fit is refused: each comment is needed, or the checker complains."""
    ig.resolve(PEOPLE, link="between")  # type: ignore[arg-type]
    ig.resolve(PEOPLE, threshold="0.5")  # type: ignore[arg-type]
    ig.Resolver("email", [ig.exact("email")])  # type: ignore[arg-type]
    ig.Resolver(ig.all_pairs(), ["email"])  # type: ignore[list-item]
    ig.Resolver(ig.all_pairs(), [], fields={"mail": ig.fields.Email})  # type: ignore[dict-item]
    ig.block_on("email", hot="thin")  # type: ignore[arg-type]
    ig.block_on("email", hot="split", split_by="city")  # type: ignore[arg-type]
    ig.words_of("name", keep="half")  # type: ignore[arg-type]
    blocking.minhash("name", unit="letters")  # type: ignore[arg-type]
    blocking.within_distance(ig.soundex("lat"), "lon", kilometers=1)  # type: ignore[arg-type]
    blocking.meta_blocking("name")  # type: ignore[arg-type]
    ig.block_on("email").__or__("name")  # type: ignore[operator]
    ig.AverageLinkage(most=1)  # type: ignore[call-arg]
    ig.rule(ig.when(email="equal"), "perhaps")  # type: ignore[arg-type]
    ig.when(email=1)  # type: ignore[arg-type]
    ig.Rules([ig.when(email="equal")])  # type: ignore[list-item]
    ig.assign_ids(PEOPLE, factory="C-1")  # type: ignore[arg-type]
    ig.assign_ids(PEOPLE, at="2026-03-02")  # type: ignore[arg-type]
    ig.Combined(ig.FellegiSunter(), ig.FellegiSunter())  # type: ignore[arg-type]
    ig.Resolver(ig.all_pairs(), [], matcher=ig.when(email="equal"))  # type: ignore[arg-type]
