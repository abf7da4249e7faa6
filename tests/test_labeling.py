"""Suggested labels: what each strategy picks, and what picking depends on."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import identigraph as ig
from identigraph import labeling
from identigraph.comparing import compare
from identigraph.datasets import customers
from identigraph.errors import ConfigurationError, RangeError
from identigraph.labeling import MIX, STRATA, suggest_labels

KEYS = {"id": "record_id", "source": "source"}
COLUMNS = ["left_source", "right_source", "left_id", "right_id"]
RESOLVER = {
    "blocking": ig.block_on("mail") | ig.block_on("name"),
    "comparators": [ig.exact("mail", frequency=False), ig.similar("name"), ig.exact("town", frequency=False)],
}


@pytest.fixture(scope="module")
def result() -> ig.Resolution:
    """Return 400 customers resolved, by keys, without self-training: pairs and clusters contradict each other."""
    blocking = ig.block_on("email") | ig.block_on("last_name", "first_name") | ig.block_on("phone")
    inferred = ig.Resolver.infer(customers(400, seed=1).records, **KEYS)
    made = attrs.evolve(inferred, blocking=blocking, matcher=inferred.matcher.model)  # type: ignore[attr-defined]
    found = made.resolve(customers(400, seed=1).records, **KEYS)
    assert len(found.scored) > found.candidate_pairs, "clusters ask for pairs that blocking does not propose"
    return found


@pytest.fixture(scope="module")
def self_trained(result: ig.Resolution) -> ig.Resolution:
    """Return the same with self-training."""
    made = attrs.evolve(result.resolver, matcher=ig.SelfTrained(attrs.evolve(result.resolver.matcher, parameters=None)))
    return made.resolve(customers(400, seed=1).records, **KEYS)


def rows_of(result: ig.Resolution, table: pl.DataFrame) -> list[tuple[int, int]]:
    """Return suggested pairs as pairs of row numbers, the lower first."""
    keys = result.records.row_keys(np.arange(len(result.records))).rows()
    row = {key: i for i, key in enumerate(keys)}
    pairs = table.select(COLUMNS).rows()
    return [tuple(sorted((row[a, x], row[b, y]))) for a, b, x, y in pairs]


def kept(result: ig.Resolution) -> dict[tuple[int, int], float]:
    """Return the probability of each pair that was kept."""
    scored = result.scored
    pairs = zip(scored.left.tolist(), scored.right.tolist(), strict=True)
    return dict(zip(pairs, scored.match_probability.astype(float).tolist(), strict=True))


@pytest.mark.parametrize("strategy", ["mixed", "random", "uncertain", "disagreeing", "off_block"])
def test_pairs_are_suggested_once_with_their_probability_and_a_reason(result, strategy) -> None:
    table = suggest_labels(result, 40, strategy).to_polars()
    assert table.columns == [*COLUMNS, "match_probability", "reason", "pairs"]
    rows = rows_of(result, table)
    assert len(set(rows)) == len(rows) <= 40
    known = kept(result)
    for pair, probability, reason in zip(rows, table["match_probability"], table["reason"], strict=True):
        assert (pair in known) == (reason != "off block")
        assert probability == pytest.approx(known.get(pair, probability), abs=1e-6)
    reasons = {"mixed": {"random", "uncertain", "disagreeing", "off block"}}.get(strategy, {strategy.replace("_", " ")})
    assert set(table["reason"]) == reasons
    assert (table["pairs"].is_null() == (table["reason"] != "random")).all()


@pytest.mark.parametrize("strategy", ["mixed", "random", "uncertain", "disagreeing", "off_block"])
def test_pairs_are_suggested_with_the_probability_of_self_training(self_trained, strategy) -> None:
    assert self_trained.resolver.matcher.learned is not None
    table = suggest_labels(self_trained, 40, strategy).to_polars()
    rows = rows_of(self_trained, table)
    assert len(set(rows)) == len(rows)
    assert len(rows) in {"uncertain": range(20, 41), "disagreeing": [0]}.get(strategy, [40])
    assert [pair in kept(self_trained) for pair in rows] == (table["reason"] != "off block").to_list()
    if rows:
        pairs = ig.Pairs.of(*np.array(rows).T)
        compared = compare(self_trained.records, pairs, ig.Comparison(self_trained.resolver.comparators))
        weights = self_trained.resolver.matcher.score(compared)
        assert table["match_probability"].to_numpy() == pytest.approx(1 / (1 + np.exp2(-weights)), abs=1e-6)


def test_a_mix_has_its_shares_and_random_pairs_fill_up(result) -> None:
    counts = dict(suggest_labels(result, 100).to_polars().group_by("reason").len().rows())
    assert sum(counts.values()) == 100
    shares = {kind.replace("_", " "): share for kind, share in MIX.items()}
    assert counts["uncertain"] > 20
    assert all(counts[kind] <= round(share * 100) for kind, share in shares.items() if kind != "random")
    lacking = sum(round(share * 100) - counts[kind] for kind, share in shares.items() if kind != "random")
    assert counts["random"] == 45 + lacking
    assert sum(MIX.values()) == pytest.approx(1)


def test_random_pairs_stand_for_all_pairs_of_their_stratum(result) -> None:
    table = suggest_labels(result, 60, "random").to_polars()
    odds = np.log2(table["match_probability"] / (1 - table["match_probability"])).to_numpy()
    everyone = np.array(list(kept(result).values()))
    with np.errstate(divide="ignore"):
        sizes = np.bincount(np.searchsorted(STRATA, np.log2(everyone / (1 - everyone)), side="right"), minlength=10)
    stratum = np.searchsorted(STRATA, odds, side="right")
    assert len(table) == 60
    assert set(stratum) == set(np.flatnonzero(sizes))
    for place in set(stratum):
        worth = table["pairs"].to_numpy()[stratum == place]
        assert worth.sum() == pytest.approx(sizes[place])
        assert np.ptp(worth) == 0
        assert len(worth) >= min(2, sizes[place])
    assert table["pairs"].sum() == pytest.approx(len(everyone))


@pytest.mark.parametrize("n", [1, 3])
def test_with_fewer_labels_than_strata_those_get_one_where_most_answers_are_open(result, n) -> None:
    probability = np.array(list(kept(result).values()))
    with np.errstate(divide="ignore"):
        stratum = np.searchsorted(STRATA, np.log2(probability / (1 - probability)), side="right")
    sums = [(stratum == s).sum() for s in range(10)]
    spread = [np.sqrt(np.mean((probability * (1 - probability))[stratum == s])) if sums[s] else 0 for s in range(10)]
    worth = [size * max(each, 0.02) for size, each in zip(sums, spread, strict=True)]
    best = sorted(range(10), key=lambda s: -worth[s])[:n]
    table = suggest_labels(result, n, "random").to_polars()
    assert sorted(table["pairs"]) == sorted(float(sums[s]) for s in best)


def test_random_pairs_of_a_mix_stand_for_the_pairs_that_were_not_taken(result) -> None:
    table = suggest_labels(result, 60).to_polars()
    taken = table.filter(pl.col("reason").is_in(["uncertain", "disagreeing"])).height
    assert table["pairs"].sum() == pytest.approx(len(result.scored) - taken)


def test_random_pairs_are_drawn_more_where_answers_will_differ(result) -> None:
    """Of the pairs near one half a larger share is drawn than of those that are nearly certain."""
    table = suggest_labels(result, 80, "random").to_polars()
    near = (table["match_probability"] - 0.5).abs() < 0.3
    far = table["match_probability"] < 0.02
    assert table.filter(near)["pairs"].mean() < table.filter(far)["pairs"].mean()


def test_uncertain_pairs_have_each_a_pattern_of_their_own_the_worthiest_first(result) -> None:
    comparison = ig.Comparison(result.resolver.comparators)
    known = kept(result)
    pairs = ig.Pairs.of(*np.array(list(known)).T)
    patterns = dict(zip(known, compare(result.records, pairs, comparison).packed.tolist(), strict=True))
    counts: dict[int, list[float]] = {}
    for pair, probability in known.items():
        if abs(np.log2(probability / (1 - probability)) if probability < 1 else 40) < STRATA[-1]:
            counts.setdefault(patterns[pair], []).append(probability)
    worth = {pattern: p[0] * (1 - p[0]) * np.log1p(len(p)) for pattern, p in counts.items()}
    chosen = [patterns[pair] for pair in rows_of(result, suggest_labels(result, 10, "uncertain").to_polars())]
    assert len(set(chosen)) == 10
    least = min(worth[pattern] for pattern in chosen)
    assert least >= max(worth[pattern] for pattern in worth if pattern not in chosen) - 1e-9


def test_disagreeing_pairs_are_likely_and_apart_or_unlikely_and_together(result) -> None:
    strict = attrs.evolve(result, clusters=ig.AverageLinkage(0.999).build(result.graph))
    loose = attrs.evolve(result, clusters=ig.Components(0.05).build(result.graph))
    for changed, together in ((strict, False), (loose, True)):
        labels = changed.clusters.labels
        against = {
            pair: -p if labels[pair[0]] == labels[pair[1]] else p - 1
            for pair, p in kept(result).items()
            if (p < 0.5) == (labels[pair[0]] == labels[pair[1]]) and p != 0.5
        }
        table = suggest_labels(changed, 8, "disagreeing").to_polars()
        chosen = rows_of(result, table)
        assert len(chosen) == min(8, len(against)) > 0
        assert set(chosen) <= set(against)
        assert min(against[p] for p in chosen) >= sorted(against.values())[-len(chosen)] - 1e-6
        assert any((labels[a] == labels[b]) == together for a, b in chosen)


def test_off_block_pairs_were_not_proposed_may_be_linked_and_are_the_likeliest(result) -> None:
    across = attrs.evolve(result.resolver, link="across").resolve(customers(400, seed=1).records, **KEYS)
    table = suggest_labels(across, 10, "off_block").to_polars()
    rows = rows_of(across, table)
    pairs = ig.Pairs.of(*np.array(rows).T)
    assert not across.resolver.candidates(across.records).holds(pairs).any()
    assert not set(rows) & set(kept(across))
    assert (table["left_source"] != table["right_source"]).all()
    comparison = ig.Comparison(across.resolver.comparators)
    matcher = across.resolver.matcher
    scores = matcher.probabilities(matcher.score(compare(across.records, pairs, comparison)))
    assert table["match_probability"].to_numpy() == pytest.approx(scores)
    more = suggest_labels(across, 40, "off_block").to_polars()["match_probability"]
    assert sorted(more, reverse=True)[:10] == pytest.approx(sorted(scores, reverse=True))


def test_where_all_pairs_were_compared_none_is_off_block() -> None:
    found = ig.resolve(customers(60).records, **KEYS)
    assert len(suggest_labels(found, 10, "off_block")) == 0
    mixed = suggest_labels(found, 20).to_polars()
    assert (mixed.height, "off block" in mixed["reason"].to_list()) == (20, False)


def test_many_off_block_pairs_are_thinned_out(result, monkeypatch) -> None:
    monkeypatch.setattr(labeling, "OFF_BLOCK_PAIRS", 5)
    tables = [suggest_labels(result, 50, "off_block", seed=seed).to_polars() for seed in (1, 1, 2)]
    assert [table.height for table in tables] == [5, 5, 5]
    assert tables[0].equals(tables[1])
    assert set(rows_of(result, tables[0])) != set(rows_of(result, tables[2]))


@pytest.mark.parametrize("strategy", ["mixed", "random", "uncertain", "disagreeing", "off_block"])
def test_the_seed_alone_draws(result, strategy) -> None:
    tables = [suggest_labels(result, 15, strategy, seed=seed).to_polars() for seed in (3, 3, 4)]
    assert tables[0].equals(tables[1])
    assert not tables[0].equals(tables[2])


@pytest.mark.parametrize("strategy", ["mixed", "random", "uncertain", "disagreeing", "off_block"])
def test_the_order_of_rows_changes_nothing(result, strategy) -> None:
    shuffled = customers(400, seed=1).records.sample(fraction=1, shuffle=True, seed=5)
    again = attrs.evolve(result.resolver, inferred=None).resolve(shuffled, **KEYS)
    one, other = (suggest_labels(each, 15, strategy).to_polars() for each in (result, again))
    assert one.drop("match_probability").equals(other.drop("match_probability"))
    assert one["match_probability"].to_list() == pytest.approx(other["match_probability"].to_list())


def test_more_than_there_is_gives_all_there_is(result) -> None:
    table = suggest_labels(result, 10**6, "random").to_polars()
    assert table.height == len(result.scored)
    assert set(table["pairs"]) == {1.0}
    mixed = suggest_labels(result, 10**6).to_polars()
    assert mixed.filter(pl.col("reason") != "off block").height == len(result.scored)


def test_the_order_tells_nothing_of_the_answer(result) -> None:
    """Neither reasons nor probabilities are sorted."""
    table = suggest_labels(result, 60).to_polars()
    runs = (table["reason"] != table["reason"].shift()).sum()
    assert runs > 20
    rank = np.corrcoef(np.arange(60), table["match_probability"])[0, 1]
    assert abs(rank) < 0.5


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(["ann", "anna", "bob", None]),
            "mail": st.sampled_from(["a", "b", None]),
            "town": st.sampled_from(["x", "y"]),
        }
    ),
    max_size=8,
)


@pytest.mark.filterwarnings("ignore::identigraph.errors.IdentigraphWarning")
@settings(max_examples=25)
@given(ROWS, st.integers(1, 40), st.sampled_from(["mixed", "random", "uncertain", "disagreeing", "off_block"]))
def test_small_tables_give_what_they_have(rows: list[dict[str, Any]], n: int, strategy: Any) -> None:
    table = pl.DataFrame(rows, schema={"name": pl.String, "mail": pl.String, "town": pl.String})
    found = ig.Resolver(**RESOLVER).resolve(table)
    suggested = suggest_labels(found, n, strategy).to_polars()
    assert suggested.columns == ["left_id", "right_id", "match_probability", "reason", "pairs"]
    assert suggested.height <= n
    pairs = {frozenset(pair) for pair in suggested.select("left_id", "right_id").rows()}
    assert len(pairs) == suggested.height
    assert all(len(pair) == 2 for pair in pairs)
    if strategy == "random":
        assert suggested.height == min(n, len(found.scored))


@pytest.mark.parametrize("n", [0, -1, True])
def test_at_least_one_pair_is_asked_for(result, n) -> None:
    with pytest.raises(RangeError, match="n must lie between 1 and inf"):
        suggest_labels(result, n)


def test_another_strategy_is_refused(result) -> None:
    told = "strategy must be one of mixed, random, uncertain, disagreeing, off_block, got 'best'"
    with pytest.raises(ConfigurationError, match=told):
        suggest_labels(result, 5, "best")


def test_large_blocks_are_not_searched_and_give_no_warning() -> None:
    """Seventy records of one town are too many to look among; warnings are errors in these tests."""
    rows = [
        {"mail": f"m{i // 2}@x.com", "name": f"n{i}", "town": "bern" if i < 70 else f"t{i // 3}"} for i in range(80)
    ]
    found = ig.Resolver(**(RESOLVER | {"blocking": ig.block_on("mail")})).resolve(rows)
    asked = suggest_labels(found, 10, "off_block").to_polars()
    towns = {rows[row["left_id"]]["town"] for row in asked.iter_rows(named=True)}
    assert asked.height > 0
    assert "bern" not in towns
