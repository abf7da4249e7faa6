"""Boosted trees as plain data, against the classifier of scikit-learn that they were taken from."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identigraph.matching import trees
from identigraph.matching.trees import Trees
from identigraph.plain import restored, written

ensemble = pytest.importorskip("sklearn.ensemble")


def trained(seed: int, *, missing: float, rows: int = 300):
    """Return levels, and a classifier of a sum of the second and third comparator, some of them missing."""
    drawn = np.random.default_rng(seed)
    levels = drawn.integers(0, 5, (rows, 4)).astype(np.int8)
    levels[drawn.random(levels.shape) < missing] = -1
    answers = levels[:, 1] + levels[:, 2] + drawn.normal(size=rows) > 4
    answers[:2] = False, True
    used = (1, 2, 3)
    classifier = ensemble.HistGradientBoostingClassifier(max_iter=20, max_leaf_nodes=7, min_samples_leaf=5)
    return levels, classifier.fit(features_of(levels, used), answers), used


def features_of(levels, used):
    features = levels[:, used].astype(np.float32)
    features[features < 0] = np.nan
    return features


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.sampled_from([0.0, 0.05, 0.4]))
def test_the_log_odds_are_those_of_the_classifier_also_where_levels_were_never_missing(seed, missing) -> None:
    levels, classifier, used = trained(seed, missing=missing)
    unseen = trained(seed + 1, missing=0.4)[0]
    asked = np.concatenate([levels, unseen])
    expected = classifier.predict_proba(features_of(asked, used))[:, 1]
    got = 1 / (1 + np.exp(-Trees.of(classifier, used).log_odds(asked)))
    assert got == pytest.approx(expected, abs=1e-9)


def test_the_size_of_chunks_changes_nothing_to_the_last_bit(monkeypatch) -> None:
    levels, classifier, used = trained(1, missing=0.1)
    found = Trees.of(classifier, used)
    whole = found.log_odds(levels)
    monkeypatch.setattr(trees, "CHUNK", 7)
    assert (found.log_odds(levels) == whole).all()


def test_plain_data_says_the_same_to_the_last_bit() -> None:
    levels, classifier, used = trained(2, missing=0.1)
    found = Trees.of(classifier, used)
    again = restored(json.loads(json.dumps(written(found))), Trees)
    assert (again.log_odds(levels) == found.log_odds(levels)).all()


def test_no_pattern_has_no_odds_and_the_repr_counts() -> None:
    levels, classifier, used = trained(3, missing=0.0)
    found = Trees.of(classifier, used)
    assert found.log_odds(levels[:0]).tolist() == []
    assert repr(found).startswith("<Trees: 20 trees, ")
