"""Updating, learning anew, other settings: what stays and what changes."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

import attrs
import polars as pl
import pytest

import identigraph as ig
from identigraph.datasets import customers
from identigraph.errors import ConfigurationError, RangeError
from identigraph.updating import Naming, numbering

KEYS = {"id": "record_id", "source": "source"}
AT = datetime(2026, 3, 2, tzinfo=UTC)
MADE = customers(300, seed=3).records


@cache
def found() -> ig.Resolution:
    """Return what one call makes of most of the records."""
    return ig.resolve(MADE[:200], **KEYS)


def partition(resolution: ig.Resolution) -> set[frozenset[Any]]:
    """Return the entities as sets of (source, id)."""
    members: dict[int, set[Any]] = {}
    for source, record, entity in resolution.crosswalk.to_polars().rows():
        members.setdefault(entity, set()).add((source, record))
    return {frozenset(group) for group in members.values()}


def test_what_was_learned_stays_with_a_resolution() -> None:
    """The settled resolver finds the same entities and the same evidence in the same records again."""
    again = found().resolver.resolve(MADE[:200], **KEYS)
    assert partition(again) == partition(found())
    assert again.scored_pairs.to_polars().equals(found().scored_pairs.to_polars())
    assert again.resolver.settled is found().resolver.settled


def test_an_update_without_changes_changes_nothing() -> None:
    again = found().resolver.update(found())
    assert again.crosswalk.to_polars().equals(found().crosswalk.to_polars())
    stages = [(stage.name, stage.count) for stage in again.stages]
    assert stages == [("read", 0), ("compare", 0), ("cluster", 0), ("name", 0)]
    assert (len(again.events), again.assigned.jitter.share) == (0, 0.0)


def test_records_that_came_stand_behind_those_that_were_there() -> None:
    more = found().resolver.update(found(), add=MADE[200:])
    assert more.crosswalk.to_polars().select("source", "record_id").equals(MADE.select("source", "record_id"))


def test_records_keep_their_order_when_all_are_scored_anew() -> None:
    """As they are where a resolver was read, or scores otherwise."""
    read = ig.Resolver.from_dict(found().resolver.to_dict())
    again = read.apply(found())
    assert again.crosswalk.to_polars().select("source", "record_id").equals(MADE[:200].select("source", "record_id"))


def test_not_every_source_need_have_a_table() -> None:
    tables = {"crm": {"id": [1, 2], "mail": ["a@x.org"] * 2}, "web": {"no": [1], "address": ["b@x.org"]}}
    rules = ig.Rules([ig.rule(ig.when(mail="equal"), "match")])
    resolver = ig.Resolver(ig.block_on("mail"), [ig.exact("mail", frequency=False)], matcher=rules)
    first = resolver.resolve(tables, id={"crm": "id", "web": "no"}, columns={"web": {"address": "mail"}})
    more = first.update(add={"web": {"no": [7], "address": ["a@x.org"]}})
    assert partition(more) == {frozenset({("crm", 1), ("crm", 2), ("web", 7)}), frozenset({("web", 1)})}
    less = more.update(delete={"web": {"no": [1], "address": [None]}}, add={"crm": {"id": [3], "mail": ["c@x.org"]}})
    assert partition(less) == {frozenset({("crm", 1), ("crm", 2), ("web", 7)}), frozenset({("crm", 3)})}


def test_nothing_is_learned_from_records_that_come() -> None:
    more = found().resolver.update(found(), add=MADE[200:])
    assert more.resolver is found().resolver


def test_refit_learns_from_all_records() -> None:
    """As if the unsettled resolver had seen them at once."""
    more = found().resolver.update(found(), add=MADE[200:])
    again = more.resolver.refit(more)
    origin = found().resolver.settled.origin
    assert partition(again) == partition(origin.resolve(MADE, **KEYS))
    assert again.resolver.settled is not more.resolver.settled
    assert again.crosswalk.to_polars().select("source", "record_id").equals(MADE.select("source", "record_id"))
    again.resolver.update(again, delete=[MADE.select("source", "record_id").row(0)])


def test_profiles_reports_and_reasons_follow_an_update(tmp_path) -> None:
    more = found().resolver.update(found(), add=MADE[200:])
    assert len(more.profiles) == len(more)
    assert more.report(tmp_path / "page.html").stat().st_size > 0
    source, key = MADE.select("source", "record_id").row(-1)
    assert len(more.how((source, key))) >= 0
    assert more.contacts.by_value.height > 0


@pytest.mark.parametrize("threshold", [0.01, 0.9999])
def test_another_threshold_gives_the_entities_that_a_run_with_it_gives(threshold: float) -> None:
    builder = ig.ConstrainedComponents(linkage=ig.AverageLinkage(threshold))
    other = attrs.evolve(found().resolver, builder=builder)
    quick, whole = other.apply(found()), other.resolve(MADE[:200], **KEYS)
    assert partition(quick) == partition(whole)
    assert quick.scored_pairs.to_polars().equals(whole.scored_pairs.to_polars())
    assert partition(quick) != partition(found())


def test_another_matcher_scores_again() -> None:
    other = attrs.evolve(found().resolver, keep=0.5)
    quick, whole = other.apply(found()), other.resolve(MADE[:200], **KEYS)
    assert quick.scored_pairs.to_polars().equals(whole.scored_pairs.to_polars())
    assert quick.named == found().named


def test_judgements_are_kept_until_others_are_told() -> None:
    frame = found().crosswalk.to_polars()
    shared = frame.filter(pl.col("entity_id").is_duplicated()).sort("entity_id").head(2)
    (left_source, left_id, _), (right_source, right_id, _) = shared.rows()
    told = {"left_source": left_source, "left_id": left_id, "right_source": right_source, "right_id": right_id}
    apart = found().resolver.update(found(), judgements=[{**told, "judgement": "cannot_link"}])
    more = apart.resolver.update(apart, add=MADE[200:])
    for resolution, together in ((found(), True), (apart, False), (more, False)):
        groups = partition(resolution)
        assert any({(left_source, left_id), (right_source, right_id)} <= group for group in groups) == together
    none = pl.DataFrame(schema={**dict.fromkeys(told, pl.String), "judgement": pl.String})
    assert partition(apart.resolver.update(apart, judgements=none)) == partition(found())


@pytest.mark.filterwarnings("ignore::identigraph.errors.HotBlockWarning")
def test_pairs_of_a_block_that_is_split_now_are_scored_no_more() -> None:
    """Three people of one city were compared; four are too many, and divided by their names."""
    split = ig.block_on("city", max_block=3, hot="split", split_by=("name",))
    rules = ig.Rules((ig.rule(ig.when(name="equal"), "match"),))
    resolver = ig.Resolver(comparators=[ig.exact("name")], blocking=split, matcher=rules, keep=0.0)
    table = pl.DataFrame({"id": [1, 2, 3, 4], "name": ["ann", "bob", "cy", "ann"], "city": ["bern"] * 4})
    before = resolver.resolve(table[:3], id="id")
    after = before.update(add=table[3:])
    assert (before.scored_pairs.to_polars().height, after.scored_pairs.to_polars().height) == (3, 1)


def test_a_budget_is_a_whole_number_from_1_on() -> None:
    with pytest.raises(RangeError, match="budget"):
        found().resolver.update(found(), budget=0)


def ids(resolution: ig.Resolution) -> dict[tuple[str, str], object]:
    """Return the entity of each record."""
    return {(source, record): entity for source, record, entity in resolution.crosswalk.to_polars().rows()}


def test_entities_go_on_with_their_ids() -> None:
    more = found().resolver.update(found(), add=MADE[200:], at=AT)
    before, now = ids(found()), ids(more)
    told = {(key, entity) for event in more.events for key in event.records for entity in (event.entity_id,)}
    losers = {loser for event in more.events if event.kind == "merged" for loser in event.other_ids}
    changed = {key for key in before if before[key] != now[key]}
    assert all((key, str(now[key])) in told or str(before[key]) in losers for key in changed)
    assert set(now.values()) - set(before.values()) == {int(e.entity_id) for e in more.events if e.kind == "created"}
    assert len(changed) == round(more.assigned.jitter.share * len(before)) < 0.02 * len(before)


def test_a_merge_that_is_undone_gives_the_ids_back() -> None:
    one, other = (key for key, entity in list(ids(found()).items())[:60:59])
    log = ig.JudgementLog().must_link(one, other, at=AT)
    merged = found().resolver.update(found(), judgements=log.rulings(AT), at=AT)
    undone = found().resolver.update(merged, judgements=log.revoke(1, at=AT).rulings(AT), at=AT)
    assert [event.kind for event in merged.events] == ["merged"]
    assert ids(merged)[one] == ids(merged)[other]
    assert ids(undone) == ids(found())
    assert undone.events.counts.get("revived") == 1


def test_pins_give_ids_and_texts_may_be_ids() -> None:
    one = next(iter(ids(found())))
    log = ig.JudgementLog().pin([one], "C-0001", at=AT)
    pinned = found().resolver.update(found(), judgements=log.rulings(AT), at=AT)
    assert ids(pinned)[one] == "C-0001"
    assert pinned.profiles.to_polars()["entity_id"].dtype == pl.String
    assert pinned.relations.to_polars().height == found().relations.to_polars().height
    again = found().resolver.update(pinned, add=MADE[200:], at=AT)
    assert ids(again)[one] == "C-0001"


def test_what_if_tells_and_changes_nothing() -> None:
    crosswalk = found().crosswalk.to_polars()
    one = next(iter(ids(found())))
    gone = found().what_if(delete=[one])
    assert gone.counts == ig.diff(found(), found().update(delete=[one])).counts
    strict = attrs.evolve(found().resolver, builder=ig.ConstrainedComponents(linkage=ig.AverageLinkage(0.9999)))
    assert found().what_if(resolver=strict).counts == ig.diff(found(), strict.apply(found())).counts
    assert found().what_if(resolver=strict).counts["split"] > 0
    assert len(found().what_if().table) == 0
    assert found().crosswalk.to_polars().equals(crosswalk)


def test_what_if_asks_one_thing_at_a_time() -> None:
    with pytest.raises(ConfigurationError, match="one at a time"):
        found().what_if(resolver=found().resolver, delete=[])


@pytest.mark.parametrize(
    ("entities", "made"),
    [([7, 1], ["8", "9"]), (["10", "9"], ["11", "12"]), ([], ["1", "2"]), (["C-1", 7], None), (["1.5"], None)],
)
def test_numbers_go_on_from_the_highest_where_all_ids_are_numbers(entities: list[Any], made: list[str] | None) -> None:
    told = {"record_id": [f"r{i}" for i in range(len(entities))], "entity_id": list(map(str, entities))}
    register = ig.Register.of(pl.DataFrame(told, schema=dict.fromkeys(told, pl.String)))
    factory = numbering(register)
    assert (None if factory is None else [factory(), factory()]) == made


def test_numbers_of_entities_that_are_gone_are_not_given_again() -> None:
    last = max(map(int, ids(found()).values()))
    keys = [key for key, entity in ids(found()).items() if entity == last]
    gone = found().update(delete=keys, at=AT)
    assert last not in ids(gone).values()
    assert numbering(gone.register)() == str(last + 1)


def test_naming_gives_new_entities_ids_of_its_factory_at_its_time_for_its_cause() -> None:
    more = found().resolver.update(found(), add=MADE[200:])
    told = Naming(factory=iter("xyz" * 100).__next__, at=AT, cause="monthly file")
    with pytest.raises(ig.errors.InvalidIntermediateError):
        told.assigned(found(), more, {})
    numbers = iter(range(10**6))
    assigned = Naming(factory=lambda: f"new {next(numbers)}", at=AT, cause="monthly file").assigned(found(), more, {})
    created = [event for event in assigned.events if event.kind == "created"]
    assert {event.entity_id for event in created} == {f"new {i}" for i in range(len(created))}
    assert {(event.at, event.cause) for event in assigned.events} == {(AT, "monthly file")}
    plain = Naming(at=AT).assigned(found(), more, {})
    highest = max(map(int, found().register.issued))
    numbered = {event.entity_id for event in plain.events if event.kind == "created"}
    assert numbered == {str(highest + 1 + i) for i in range(len(created))}


def test_naming_weighs_records_and_pins_ids() -> None:
    """Of two entities that merge the one whose records weigh more goes on, or the one that is pinned."""
    (one, mine), (other, theirs) = list(ids(found()).items())[:60:59]
    log = ig.JudgementLog().must_link(one, other, at=AT)
    merged = found().resolver.update(found(), judgements=log.rulings(AT), at=AT)
    for heavy, wanted in ((one, mine), (other, theirs)):
        weights = lambda source, record, heavy=heavy: 100.0 if (source, record) == heavy else 1.0  # noqa: E731
        assert Naming(weights=weights, at=AT).assigned(found(), merged, {}).register.entity_of(heavy) == str(wanted)
    pinned = Naming(at=AT).assigned(found(), merged, {one: "C-1"})
    assert pinned.register.entity_of(other) == "C-1"
