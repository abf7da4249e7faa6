"""From scored pairs to what clusters are made with: what is kept, what is found, and what is told of it."""

from __future__ import annotations

from functools import partial
from itertools import combinations
from random import Random
from typing import Any

import attrs
import numpy as np
import polars as pl
import pytest

import identigraph as ig
from identigraph import FellegiSunter, Pairs, refining, resolver
from identigraph.blocking import BlockingStrategy, given_pairs
from identigraph.comparing import Comparisons, Patterns
from identigraph.datasets import customers
from identigraph.errors import ConfigurationError
from identigraph.graph import AverageLinkage, Components, ConstrainedComponents, ScoredPairs, Star
from identigraph.judging import best_cut, corrected, cut_at, estimated
from identigraph.matching import Labeled, Rules, SelfTrained, Supervised, rule
from identigraph.odds import probability_of, weight_of
from identigraph.refining import Answers, Refined, Scores, linkage_of, refine, with_linkage

pytest.importorskip("sklearn")

BUILDER = ConstrainedComponents()
UNUSED = "self-training was not used: "


@attrs.frozen
class Stage:
    """What a resolver hands over to be refined."""

    scores: Scores
    blocking: BlockingStrategy
    seen: Patterns

    def refined(self, builder: Any = BUILDER, **changed: Any) -> Refined:
        """Return what is made of it."""
        return refine(attrs.evolve(self.scores, **changed), builder, self.blocking, self.seen)


@pytest.fixture(scope="module")
def stage() -> Stage:
    """Return the scored pairs of 300 customers."""
    handed: list[Stage] = []

    def kept(scores: Scores, builder: Any, blocking: BlockingStrategy, seen: Patterns, **_: Any) -> Refined:
        handed.append(Stage(scores, blocking, seen))
        return Refined(scores, builder)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resolver, "refine", kept)
        ig.resolve(customers(300, seed=3).records, id="record_id", source="source")
    return handed[0]


@pytest.fixture(scope="module")
def plain(stage: Stage) -> Stage:
    """Return the same scored by the model alone, which learns nothing from clusters."""
    assert isinstance(stage.scores.matcher, SelfTrained)
    return attrs.evolve(stage, scores=stage.scores.by(stage.scores.matcher.model))


def told_of(scores: Scores, blocking: BlockingStrategy) -> Any:
    """Return what comparators left out say of scores."""
    return refining._judges(scores, blocking, partial(refining._unseeing, scores.matcher))


# Scores


def test_scores_by_another_matcher_are_its_weights_of_the_same_pairs(stage: Stage, plain: Stage) -> None:
    one, other = stage.scores, plain.scores
    assert isinstance(other.matcher, FellegiSunter)
    compared = Comparisons(one.comparison.layout, one.packed)
    assert other.pairs.codes().tolist() == one.pairs.codes().tolist()
    assert other.graph.scored.match_weight == pytest.approx(other.matcher.score(compared), abs=1e-4)
    assert other.log2_odds == pytest.approx(one.log2_odds, abs=1e-4)
    assert other.log2_odds == pytest.approx(other.matcher.score(compared) + other.matcher.fitted.prior_bits, abs=1e-4)
    assert other.graph.scored.match_probability == pytest.approx(probability_of(other.log2_odds), abs=1e-6)


def test_completing_adds_pairs_that_were_not_scored_compared_and_weighed_like_the_others(stage: Stage) -> None:
    before = stage.scores
    after = before.completed()
    n = len(before.pairs)
    assert after.asked == len(after.pairs) - n > 0
    assert after.pairs.codes()[:n].tolist() == before.pairs.codes().tolist()
    assert len(set(after.pairs.codes().tolist())) == len(after.pairs)
    assert after.packed.tolist() == before.comparison.patterns(before.records, after.pairs).tolist()
    assert after.by(after.matcher).graph.scored.match_weight.tolist() == after.graph.scored.match_weight.tolist()
    assert attrs.evolve(before, asked=7).completed().asked == after.asked + 7


def test_pairs_are_asked_for_by_the_odds_that_scored_pairs_have(plain: Stage) -> None:
    scores = plain.scores
    assert scores._log2_odds_of(scores.pairs) == pytest.approx(scores.log2_odds, abs=1e-4)


def test_completed_clusters_are_those_of_all_pairs(plain: Stage) -> None:
    """Blocking left out most of the 44,850 pairs; a few were asked for."""
    scores = plain.scores
    every = np.array(list(combinations(range(300), 2)), dtype=np.int32).T
    pairs = Pairs(every[0].copy(), every[1].copy())
    zero = np.zeros(len(pairs), dtype=np.float32)
    graph = attrs.evolve(scores.graph, scored=ScoredPairs(pairs.left, pairs.right, zero, zero))
    packed = scores.comparison.patterns(scores.records, pairs)
    whole = attrs.evolve(scores, graph=graph, packed=packed).by(scores.matcher)
    some = scores.completed()
    assert len(some.pairs) < 1_000
    labels = AverageLinkage().build(some.graph).labels.tolist()
    assert labels == AverageLinkage().build(whole.graph).labels.tolist()
    assert whole.completed() is whole


@pytest.mark.parametrize("link", ["across", "within"])
def test_pairs_that_may_not_be_linked_are_not_asked_for(stage: Stage, link: Any) -> None:
    """Nor do they speak for a join: they count like pairs that were not scored."""
    source = stage.scores.records.sources.codes
    before, after = stage.scores, attrs.evolve(stage.scores, link=link).completed()
    more = after.pairs.where(np.arange(len(before.pairs), len(after.pairs)))
    assert len(more) == after.asked > 0
    assert ((source[more.left] == source[more.right]) == (link == "within")).all()
    everyone = before.completed().pairs
    assert len(set((source[everyone.left] == source[everyone.right])[len(before.pairs) :].tolist())) == 2
    weighed = attrs.evolve(before, link=link)._log2_odds_of(everyone)
    forbidden = (source[everyone.left] == source[everyone.right]) != (link == "within")
    assert (weighed[forbidden] == -5).all()
    assert weighed[~forbidden].tolist() == before._log2_odds_of(everyone)[~forbidden].tolist()


@pytest.mark.parametrize("threshold", [0.2, 0.9, None])
def test_the_outcome_by_policy_is_the_same_whatever_pairs_were_asked_for_before(plain: Stage, threshold: Any) -> None:
    """Below the threshold, above it, or none: asked for are those of joins at the threshold, and no other."""
    linkage, before = AverageLinkage(threshold), plain.scores
    found = before.by_policy(linkage)
    for cut in (-4.0, 0.0, 5.0):
        again = before.completed(cut).by_policy(linkage)
        assert again.asked == found.asked
        assert again.packed.tolist() == found.packed.tolist()
        for name in ("left", "right", "match_weight", "match_probability"):
            assert getattr(again.graph.scored, name).tolist() == getattr(found.graph.scored, name).tolist()
    assert found.by_policy(linkage).pairs.codes().tolist() == found.pairs.codes().tolist()
    assert found.pairs.codes()[: len(before.pairs)].tolist() == before.pairs.codes().tolist()
    assert found.linkage == linkage
    assert len(before.completed().pairs) > len(before.by_policy(AverageLinkage(0.99)).pairs)


# What is found


def test_a_threshold_is_found_where_there_is_none(plain: Stage) -> None:
    found, completed = plain.refined(), plain.scores.completed()
    told = told_of(completed, plain.blocking)
    best = best_cut(completed.heights, told.chance)
    assert best is not None
    assert found.builder == with_linkage(BUILDER, AverageLinkage(float(probability_of(np.array(best.height)))))
    assert found.estimated is not None
    assert found.estimated.f1 == pytest.approx(best.f1)
    assert found.estimated.table.equals(estimated(completed.heights, best.height, told).table)
    assert (found.notes, found.asked) == ((), completed.asked)


@pytest.mark.parametrize("builder", [AverageLinkage(0.93), ConstrainedComponents(linkage=AverageLinkage(0.93))])
def test_a_threshold_that_was_given_is_kept_and_judged(stage: Stage, plain: Stage, builder: Any) -> None:
    completed = plain.scores.completed()
    wanted = cut_at(weight_of(0.93), completed.heights, told_of(completed, plain.blocking).chance)
    found = plain.refined(builder)
    assert found.builder == builder
    assert found.estimated is not None
    assert (found.estimated.precision, found.estimated.recall) == (wanted.precision, wanted.recall)
    assert stage.refined(builder).builder == builder


def test_the_settings_of_the_linkage_are_kept(plain: Stage) -> None:
    """Another limit gives other heights."""
    found = plain.refined(ConstrainedComponents(linkage=AverageLinkage(limit=3.0), margin=2))
    linkage = linkage_of(found.builder)
    assert linkage is not None
    assert linkage.threshold is not None
    assert found.builder == ConstrainedComponents(linkage=AverageLinkage(linkage.threshold, limit=3.0), margin=2)
    assert found.scores.heights.max() <= 5.0 < plain.refined().scores.heights.max()


def test_self_training_is_used_where_it_promises_no_less(stage: Stage, plain: Stage) -> None:
    found = stage.refined()
    assert [note.split(":")[0] for note in found.notes] == ["self-training was used"]
    matcher = found.scores.matcher
    assert isinstance(matcher, SelfTrained)
    assert matcher.learned is not None
    assert matcher.model == plain.scores.matcher
    assert found.estimated is not None
    before = plain.refined().estimated
    assert before is not None
    assert f"estimated F1 {before.f1:.3f} before, {found.estimated.f1:.3f} after" in found.notes[0]
    compared = Comparisons(stage.scores.comparison.layout, found.scores.packed)
    assert found.scores.log2_odds == pytest.approx(matcher.score(compared), abs=1e-4)


def test_what_clusters_teach_is_all_scored_pairs_and_the_patterns_that_were_not_kept(
    stage: Stage, plain: Stage
) -> None:
    """Each once, or as often as it was seen: pairs that were not kept are in no cluster."""
    completed = plain.scores.completed()
    inside = completed.heights >= _height(plain)
    matcher = stage.refined().scores.matcher
    assert isinstance(matcher, SelfTrained)
    learned = matcher.learned
    assert learned is not None
    far = ~np.isin(stage.seen.packed, completed.packed)
    assert far.any()
    assert learned.match.sum() == inside.sum()
    assert learned.other.sum() == pytest.approx((~inside).sum() + stage.seen.counts[far].sum())
    for packed, count in zip(stage.seen.packed[far], stage.seen.counts[far], strict=True):
        place = np.searchsorted(learned.packed, packed)
        assert (learned.packed[place], learned.match[place], learned.other[place]) == (packed, 0, count)


def _height(stage: Stage) -> float:
    """Return the height of the threshold that is found."""
    linkage = linkage_of(stage.refined().builder)
    assert linkage is not None
    assert linkage.threshold is not None
    return weight_of(linkage.threshold) - 1e-6


def test_a_matcher_that_may_not_be_taught_keeps_what_it_is(stage: Stage, plain: Stage) -> None:
    found = refine(stage.scores, BUILDER, stage.blocking, stage.seen, teach=False)
    assert found.scores.matcher is stage.scores.matcher
    assert found.notes == ()
    assert found.builder == plain.refined().builder


# What is left as it is


@pytest.mark.parametrize("builder", [Components(0.5), Star(), ConstrainedComponents(linkage=Components(0.9))])
def test_a_builder_without_average_linkage_is_left_as_it_is(stage: Stage, builder: Any) -> None:
    found = stage.refined(builder)
    assert found.builder is builder
    assert (found.notes, found.estimated, found.scores.asked) == ((), None, 0)
    assert len(found.scores.pairs) == len(stage.scores.pairs)


def test_without_scored_pairs_there_is_nothing_to_refine(stage: Stage) -> None:
    graph = attrs.evolve(stage.scores.graph, scored=ScoredPairs.none())
    found = stage.refined(graph=graph, packed=stage.scores.packed[:0])
    assert found.builder is BUILDER
    assert (found.notes, found.estimated) == ((), None)


def test_a_matcher_that_is_no_model_gets_its_pairs_and_no_threshold(stage: Stage) -> None:
    rules = Rules([rule(ig.when(birth_date="equal"), "match")])
    scores = stage.scores.by(rules)
    found = refine(scores, BUILDER, stage.blocking, stage.seen)
    assert found.builder is BUILDER
    assert (found.notes, found.estimated) == ((), None)
    assert found.scores.matcher is rules
    assert found.asked == scores.completed().asked


def test_where_no_comparator_can_be_left_out_that_is_told(stage: Stage) -> None:
    """A list of pairs does not tell what it was made by."""
    blocking = given_pairs([(1, 2)])
    found = attrs.evolve(stage, blocking=blocking).refined()
    assert found.builder is BUILDER
    assert found.notes == ("no comparator could be left out to judge the clusters by",)
    assert found.estimated is None
    assert isinstance(found.scores.matcher, SelfTrained)
    assert found.scores.matcher.learned is None


def test_where_comparators_left_out_cannot_tell_that_is_told(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refining, "best_cut", lambda *_: None)
    found = stage.refined()
    assert found.builder is BUILDER
    assert found.notes == ("comparators left out tell no pair from another; the threshold is 0.5",)
    assert found.estimated is None
    assert found.asked > 0


@pytest.mark.parametrize("threshold", [0.0, 1.0])
def test_clusters_of_all_pairs_or_of_none_teach_nothing(stage: Stage, threshold: float) -> None:
    found = stage.refined(AverageLinkage(threshold))
    assert found.notes == (f"{UNUSED}there is nothing to tell apart",)
    assert found.builder == AverageLinkage(threshold)
    assert found.estimated is not None
    assert isinstance(found.scores.matcher, SelfTrained)
    assert found.scores.matcher.learned is None


@pytest.mark.parametrize("change", [{"WORSE": -1.0}, {"judged": None}, {"best_cut": None}])
def test_self_training_that_promises_less_is_not_used(
    stage: Stage, plain: Stage, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    """Or of which comparators left out cannot tell, when asked a second time."""
    wanted = plain.refined()
    for name, value in change.items():
        monkeypatch.setattr(refining, name, value if name == "WORSE" else once(getattr(refining, name)))
    found = stage.refined()
    assert found.notes == (f"{UNUSED}its clusters are not expected to be better",)
    assert found.builder == wanted.builder
    assert isinstance(found.scores.matcher, SelfTrained)
    assert found.scores.matcher.learned is None
    assert found.estimated is not None
    assert wanted.estimated is not None
    assert found.estimated.f1 == pytest.approx(wanted.estimated.f1)


# With answers


def answers_to(scores: Scores, n: int = 120, learner: Any = None) -> Answers:
    """Return what is known of every so many of the scored pairs: whether the records are of one customer."""
    truth = customers(300, seed=3).truth
    entity = dict(zip(truth.select("source", "record_id").rows(), truth["entity_id"], strict=True))
    of = np.array([entity[key] for key in scores.graph.keys.frame.select("source", "record_id").rows()])
    pairs = scores.pairs.where(np.arange(0, len(scores.pairs), max(len(scores.pairs) // n, 1)))
    match = of[pairs.left] == of[pairs.right]
    packed = scores.comparison.patterns(scores.records, pairs)
    return Answers(pairs, Labeled(Comparisons(scores.comparison.layout, packed), match), learner)


def test_answers_teach_a_learner_beside_what_was_found_without_them(stage: Stage) -> None:
    without = stage.refined()
    answers = answers_to(stage.scores, learner=Supervised())
    found = refine(stage.scores, BUILDER, stage.blocking, stage.seen, answers=answers)
    matcher = found.scores.matcher
    assert isinstance(matcher, Supervised)
    assert matcher == answers.taught(without.scores.matcher)
    assert matcher.model == without.scores.matcher
    assert found.scores.log2_odds == pytest.approx(
        matcher.score(Comparisons(found.scores.comparison.layout, found.scores.packed)), abs=1e-4
    )
    assert found.estimated is not None
    assert found.estimated.table["comparator"].to_list() == without.estimated.table["comparator"].to_list()  # type: ignore[union-attr]
    assert found.notes == ()


def test_answers_correct_what_comparators_left_out_say(plain: Stage) -> None:
    completed = plain.scores.completed()
    answers = answers_to(completed)
    found = refine(plain.scores, BUILDER, plain.blocking, plain.seen, answers=answers)
    told = told_of(completed, plain.blocking)
    place = np.arange(0, len(completed.pairs), max(len(completed.pairs) // 120, 1))
    right = corrected(told, completed.log2_odds, completed.heights, place, answers.known.match)
    best = best_cut(completed.heights, right.chance)
    assert best is not None
    assert linkage_of(found.builder) == AverageLinkage(float(probability_of(np.array(best.height))))
    assert found.estimated is not None
    assert found.estimated.f1 == pytest.approx(best.f1)
    assert found.scores.matcher is plain.scores.matcher


def test_where_answers_say_that_every_join_is_right_the_lowest_cut_is_taken(plain: Stage) -> None:
    """Without answers that would be nothing that anybody can tell."""
    answers = answers_to(plain.scores)
    apart = np.isneginf(plain.scores.completed().heights[: len(plain.scores.pairs)])
    said = ~apart[np.arange(0, len(plain.scores.pairs), max(len(plain.scores.pairs) // 120, 1))]
    answers = attrs.evolve(answers, known=attrs.evolve(answers.known, match=said))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(refining, "best_cut", lambda *_: None)
        found = refine(plain.scores, BUILDER, plain.blocking, plain.seen, answers=answers)
    linkage = linkage_of(found.builder)
    assert linkage is not None
    assert linkage.threshold == pytest.approx(1 / 33)


def test_answers_to_pairs_that_were_not_scored_set_no_threshold_and_that_is_told(plain: Stage) -> None:
    answers, free = answers_to(plain.scores), plain.refined()
    codes = set(free.scores.pairs.codes().tolist())
    far = [pair for pair in combinations(range(300), 2) if (pair[0] << 32 | pair[1]) not in codes][: len(answers.pairs)]
    answers = attrs.evolve(answers, pairs=Pairs.of([a for a, _ in far], [b for _, b in far]))
    found = refine(plain.scores, BUILDER, plain.blocking, plain.seen, answers=answers)
    n = len(far)
    assert found.notes == (
        f"{n} of {n} labeled pairs were not scored, so they do not set the threshold",
        "the labeled pairs that were scored are all of one kind",
    )
    assert found.builder == free.builder


def test_answers_of_one_kind_are_refused(plain: Stage) -> None:
    answers = answers_to(plain.scores)
    alike = attrs.evolve(
        answers, known=answers.known.where(answers.known.match), pairs=answers.pairs.where(answers.known.match)
    )
    with pytest.raises(ConfigurationError, match="labels must hold matches and others"):
        refine(plain.scores, BUILDER, plain.blocking, plain.seen, answers=alike)


def once(function: Any) -> Any:
    """Return a function that answers like another the first time, then not at all."""
    asked: list[Any] = []

    def answer(*arguments: Any, **named: Any) -> Any:
        asked.append(arguments)
        return function(*arguments, **named) if len(asked) == 1 else None

    return answer


def test_a_builder_tells_its_average_linkage() -> None:
    linkage = AverageLinkage(0.7)
    assert linkage_of(linkage) is linkage
    assert linkage_of(ConstrainedComponents(linkage=linkage)) is linkage
    assert linkage_of(ConstrainedComponents(linkage=Components())) is None
    assert linkage_of(Components()) is None
    assert with_linkage(AverageLinkage(), linkage) == linkage
    assert with_linkage(ConstrainedComponents(margin=3), linkage) == ConstrainedComponents(margin=3, linkage=linkage)


# The whole road


def partition(resolution: ig.Resolution) -> set[frozenset[Any]]:
    """Return the entities as sets of (source, id)."""
    members: dict[int, set[Any]] = {}
    for source, record, entity in resolution.crosswalk.to_polars().rows():
        members.setdefault(entity, set()).add((source, record))
    return {frozenset(group) for group in members.values()}


@pytest.mark.parametrize("named", ["c{}", "{}_x"])
def test_names_of_columns_and_of_records_change_nothing_with_self_training(named: str) -> None:
    """Where values tell what columns are; a town that they do not tell is shared by households all the same."""
    made = customers(1_500, seed=2).records
    columns = [name for name in made.columns if name not in {"record_id", "source"}]
    renamed = made.rename({name: named.format((3 * place) % len(columns)) for place, name in enumerate(columns)})
    renamed = renamed.with_columns(record_id=pl.col("record_id").str.reverse() + "x")
    one, other = (ig.resolve(records, id="record_id", source="source") for records in (made, renamed))
    assert one.resolver.fields != other.resolver.fields
    assert isinstance(other.resolver.matcher, SelfTrained)
    assert other.resolver.matcher.learned is not None
    assert partition(one) == {frozenset((s, key[:-1][::-1]) for s, key in group) for group in partition(other)}


def test_the_order_of_rows_and_columns_changes_nothing_with_self_training() -> None:
    made = customers(300, seed=3).records
    columns = made.columns
    Random(1).shuffle(columns)
    one, other = (
        ig.resolve(records, id="record_id", source="source")
        for records in (made, made.select(columns).sample(fraction=1, shuffle=True, seed=2))
    )
    assert one.notes == other.notes
    assert any(note.startswith("self-training was used") for note in one.notes)
    assert partition(one) == partition(other)
    keys = ["left_source", "left_id", "right_source", "right_id"]
    pairs = [each.scored_pairs.to_polars() for each in (one, other)]
    sorted_pairs = [frame.sort([key for key in keys if key in frame.columns]) for frame in pairs]
    assert sorted_pairs[0].equals(sorted_pairs[1])
    assert isinstance(sorted_pairs[0], pl.DataFrame)
