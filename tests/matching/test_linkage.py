"""Training on a sample and scoring all: every candidate once, whatever the batches."""

from __future__ import annotations

from itertools import pairwise

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph import Pairs, Records, all_pairs
from identigraph.comparing import Comparison
from identigraph.comparing.building import exact
from identigraph.matching import linkage
from identigraph.matching.linkage import compare_all, compare_sample

VALUES = {"a": [f"a{i % 7}" for i in range(300)], "b": [f"b{i % 11}" for i in range(300)]}
RECORDS = Records.of(VALUES)
COMPARISON = Comparison([exact("a", frequency=False), exact("b", frequency=False)])
EVERYONE = Pairs.of(*np.triu_indices(300, k=1))
TOTAL = 44_850


@attrs.frozen(eq=False)
class Batches:
    """Candidates as given, in batches."""

    batches: list[Pairs]
    cost: int = TOTAL
    reports: tuple[()] = ()

    def __iter__(self):
        """Yield the batches."""
        return iter(self.batches)


class Everyone:
    """A comparison whose pattern of a pair is the pair."""

    def patterns(self, records: Records, pairs: Pairs) -> np.ndarray:
        """Return the code of each pair."""
        del records
        return pairs.codes()


def split(pairs: Pairs, at: list[int]) -> Batches:
    """Return pairs in batches that end at the given places."""
    ends = [0, *sorted(at), len(pairs)]
    return Batches([Pairs(pairs.left[i:j], pairs.right[i:j]) for i, j in pairwise(ends)])


def as_dict(patterns) -> dict[int, float]:
    """Return pattern to count."""
    return dict(zip(patterns.packed.tolist(), patterns.counts.tolist(), strict=True))


def test_few_candidates_are_compared_once_and_kept() -> None:
    candidates = split(EVERYONE, [1_000, 30_000])
    compared = compare_sample(RECORDS, candidates, COMPARISON)
    assert (compared.rate, compared.pairs, compared.patterns.counts.sum()) == (1.0, TOTAL, TOTAL)
    kept = list(compare_all(RECORDS, Batches([], 0), COMPARISON, compared))
    assert kept == compared.batches
    for (pairs, packed), batch in zip(kept, candidates, strict=True):
        assert pairs is batch
        assert packed.tolist() == COMPARISON.patterns(RECORDS, batch).tolist()


class Counting:
    """A comparison that counts what it compares."""

    compared = 0

    def patterns(self, records, pairs):
        """Return the patterns."""
        self.compared += len(pairs)
        return COMPARISON.patterns(records, pairs)


def test_what_training_looked_at_is_not_compared_again(monkeypatch) -> None:
    monkeypatch.setattr(linkage, "TRAINING_PAIRS", 5_000)
    candidates, counting = split(EVERYONE, [20_000]), Counting()
    compared = compare_sample(RECORDS, candidates, counting)
    assert counting.compared == compared.pairs == pytest.approx(5_000, abs=300)
    seen = []
    found = list(compare_all(RECORDS, candidates, counting, compared, progress=lambda *told: seen.append(told)))
    assert counting.compared == TOTAL
    assert [len(pairs) for pairs, _ in found] == [20_000, 24_850]
    for pairs, packed in found:
        assert packed.tolist() == COMPARISON.patterns(RECORDS, pairs).tolist()
    assert seen == [("score", 20_000, TOTAL), ("score", TOTAL, TOTAL)]


@given(st.lists(st.integers(0, TOTAL), max_size=4), st.sampled_from([500, 5_000, 40_000]))
def test_a_sample_is_free_of_batches_and_its_counts_stand_for_all(at, size) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linkage, "TRAINING_PAIRS", size)
        whole, parts = (compare_sample(RECORDS, split(EVERYONE, ends), COMPARISON) for ends in ([], at))
    assert as_dict(parts.patterns) == as_dict(whole.patterns)
    assert parts.pairs == whole.pairs == pytest.approx(size, abs=4 * size**0.5)
    assert whole.rate == size / TOTAL
    assert whole.patterns.counts.sum() == pytest.approx(whole.pairs * TOTAL / size)
    assert [sum(len(pairs) for pairs, _ in each.batches) for each in (whole, parts)] == [whole.pairs] * 2


def test_a_sample_is_free_of_the_order_of_rows(monkeypatch) -> None:
    monkeypatch.setattr(linkage, "TRAINING_PAIRS", 5_000)
    order = np.random.default_rng(1).permutation(300)
    moved = Records.of({name: [values[i] for i in order] for name, values in VALUES.items()})
    patterns = [compare_sample(r, all_pairs().candidates(r), COMPARISON).patterns for r in (RECORDS, moved)]
    assert as_dict(patterns[0]) == as_dict(patterns[1])


def test_every_record_is_sampled_about_as_often(monkeypatch) -> None:
    monkeypatch.setattr(linkage, "TRAINING_PAIRS", 10_000)
    drawn = compare_sample(RECORDS, split(EVERYONE, []), Everyone())
    rows = np.concatenate([drawn.patterns.packed >> 32, drawn.patterns.packed & 0xFFFF])
    met = np.bincount(rows, minlength=300)
    expected = 299 * 10_000 / TOTAL
    assert abs(met - expected).max() < 5 * expected**0.5
    assert met.std() < 1.3 * expected**0.5


def test_progress_counts_candidates_and_not_the_sample(monkeypatch) -> None:
    monkeypatch.setattr(linkage, "TRAINING_PAIRS", 500)
    seen = []
    compare_sample(RECORDS, split(EVERYONE, [100]), COMPARISON, progress=lambda *told: seen.append(told))
    assert seen == [("compare", 100, TOTAL), ("compare", TOTAL, TOTAL)]


def test_no_candidates_show_no_patterns() -> None:
    compared = compare_sample(RECORDS, Batches([], 0), COMPARISON)
    assert (len(compared.patterns), compared.pairs, compared.rate) == (0, 0, 1.0)
    assert list(compare_all(RECORDS, Batches([], 0), COMPARISON, compared)) == []
