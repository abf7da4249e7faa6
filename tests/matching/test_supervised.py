"""A classifier beside the model: what it is trained on, how much each of the two counts, and how it is kept."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_pairs import LAYOUT, made_pairs, population_of

from identigraph import FellegiSunter, Supervised
from identigraph.comparing import Comparisons, Layout
from identigraph.errors import ConfigurationError, NotFittedError, RangeError
from identigraph.matching import Labeled, SelfTrained, matcher_from, parameters_of
from identigraph.matching.supervised import SUREST

base = pytest.importorskip("sklearn.base")
linear_model = pytest.importorskip("sklearn.linear_model")
tree = pytest.importorskip("sklearn.tree")
ensemble = pytest.importorskip("sklearn.ensemble")

COMPARED, TRUTH = made_pairs(3_000, 0.2, seed=2)
PEOPLE = population_of(COMPARED)
EVERY = Comparisons(LAYOUT, np.unique(COMPARED.packed))
FEW, ANSWERS = made_pairs(120, 0.4, seed=7)
MODEL = FellegiSunter().fit(COMPARED, population=PEOPLE)
TAUGHT = SelfTrained(MODEL).taught(COMPARED, TRUTH)


class Spy(base.ClassifierMixin, base.BaseEstimator):
    """A classifier that says one half, and keeps what it was shown."""

    trained: ClassVar[list[tuple[list[Any], list[bool]]]] = []
    asked: ClassVar[list[list[Any]]] = []

    def fit(self, features, match):
        """Keep what it was trained on."""
        self.classes_ = np.unique(match)
        Spy.trained.append((features[:, 0].tolist(), match.tolist()))
        return self

    def predict_proba(self, features):
        """Say one half."""
        Spy.asked.append(features[:, 0].tolist())
        return np.full((len(features), len(self.classes_)), 0.5)


@pytest.fixture(autouse=True)
def forget() -> None:
    """Forget what was spied before."""
    Spy.trained.clear()
    Spy.asked.clear()


def chained(n: int, groups: Any, match: Any) -> Labeled:
    """Return labels each of whose patterns is its own, by the level of a comparator of 127 levels."""
    layout = Layout(("place",), (tuple(map(str, range(127))),))
    return Labeled(Comparisons(layout, layout.pack(np.arange(n)[:, None])), match, groups)


@given(st.lists(st.integers(0, 9), min_size=6, max_size=40), st.integers(2, 6), st.integers(0, 3), st.data())
def test_pairs_are_asked_about_by_a_classifier_that_saw_nothing_of_their_entity(groups, folds, seed, data) -> None:
    n = len(groups)
    match = np.array([True, True, False, False, *data.draw(st.lists(st.booleans(), min_size=n - 4, max_size=n - 4))])
    known = chained(n, np.array(groups), match)
    Spy.trained.clear()
    Spy.asked.clear()
    Supervised(None, Spy(), folds=folds, seed=seed).fit(known.compared, labels=known)
    for (shown, answers), asked in zip(Spy.trained, Spy.asked, strict=True):
        seen, left = ({groups[round(place * 126)] for place in some} for some in (shown, asked))
        assert not seen & left
        assert len(set(answers)) == 2
        assert len(shown) + len(asked) == n
        assert answers == match[[round(place * 126) for place in shown]].tolist()
    everyone = [place for asked in Spy.asked for place in asked]
    assert len(everyone) == len(set(everyone))


def test_parts_are_about_alike_and_cover_all_labels() -> None:
    known = chained(100, np.repeat(np.arange(25), 4), np.arange(100) % 4 == 0)
    Supervised(None, Spy(), folds=5).fit(known.compared, labels=known)
    assert sorted(len(asked) for asked in Spy.asked) == [20] * 5
    assert [sum(answers) for _, answers in Spy.trained] == [20] * 5
    assert sorted(round(place * 126) for asked in Spy.asked for place in asked) == list(range(100))


def test_without_groups_each_pair_is_on_its_own() -> None:
    known = chained(50, None, np.arange(50) % 2 == 0)
    Supervised(None, Spy(), folds=5).fit(known.compared, labels=known)
    assert sorted(len(asked) for asked in Spy.asked) == [10] * 5


def test_the_seed_draws_the_parts() -> None:
    known = chained(50, None, np.arange(50) % 2 == 0)
    parts = []
    for seed in (1, 1, 2):
        Spy.asked.clear()
        Supervised(None, Spy(), seed=seed).fit(known.compared, labels=known)
        parts.append([sorted(asked) for asked in Spy.asked])
    assert parts[0] == parts[1] != parts[2]


def test_where_one_entity_has_all_labels_the_classifier_is_not_asked() -> None:
    """No part leaves both kinds outside: its voice counts for nothing beside the model's."""
    known = Labeled(FEW, ANSWERS, np.zeros(120, dtype=np.int64))
    fitted = Supervised(MODEL, Spy()).fit(COMPARED, labels=known)
    assert fitted.trained.classifier_share == 0
    assert (Spy.trained, Spy.asked) == ([], [])


def test_the_classifier_that_scores_is_trained_once_and_on_all_labels() -> None:
    known = chained(50, None, np.arange(50) % 2 == 0)
    fitted = Supervised(None, Spy(), folds=5).fit(known.compared, labels=known)
    Spy.trained.clear()
    for _ in range(2):
        fitted.score(known.compared)
        fitted.explain(known.compared[0])
    assert Spy.trained == [((np.arange(50) / 126).tolist(), known.match.tolist())]


def test_pairs_whose_part_cannot_be_left_out_speak_for_nothing() -> None:
    """All matches are of one entity, so that nobody who has not seen it can be asked about it: that is one half."""
    groups = np.where(ANSWERS, 0, np.arange(120))
    fitted = [
        Supervised(MODEL, linear_model.LogisticRegression(), seed=seed).fit(
            COMPARED, labels=Labeled(FEW, ANSWERS, groups)
        )
        for seed in (0, 0)
    ]
    assert fitted[0].trained == fitted[1].trained
    assert fitted[0].trained.model_share > 0


def test_both_voices_count_and_what_they_say_is_calibrated() -> None:
    fitted = Supervised(MODEL).fit(COMPARED, labels=Labeled(FEW, ANSWERS))
    probability = fitted.probabilities(fitted.score(COMPARED))
    assert ((probability > 0.5) == TRUTH).mean() > 0.96
    assert fitted.trained.model_share > 0.1
    assert fitted.trained.classifier_share >= 0
    assert fitted.model is MODEL
    assert parameters_of(fitted) == MODEL.parameters


def test_a_model_that_is_unfitted_is_fitted_without_the_labels() -> None:
    fitted = Supervised().fit(COMPARED, labels=Labeled(FEW, ANSWERS), population=PEOPLE)
    assert fitted.model == MODEL
    assert fitted == Supervised(MODEL).fit(COMPARED, labels=Labeled(FEW, ANSWERS))


def test_a_voice_that_says_the_opposite_is_left_out() -> None:
    """Many answers contradict the model; the classifier learns them."""
    many, answers = made_pairs(2_000, 0.4, seed=7)
    fitted = Supervised(MODEL).fit(COMPARED, labels=Labeled(many, ~answers))
    assert (fitted.trained.model_share, fitted.trained.classifier_share > 0.1) == (0, True)
    wrong = fitted.probabilities(fitted.score(COMPARED)) > 0.5
    assert (wrong == TRUTH).mean() < 0.2


class Contrary(Spy):
    """A classifier that says the opposite of what it learned."""

    def fit(self, features, match):
        """Learn the opposite."""
        self.tree_ = linear_model.LogisticRegression().fit(features, ~match)
        self.classes_ = self.tree_.classes_
        return self

    def predict_proba(self, features):
        """Say the opposite."""
        return self.tree_.predict_proba(features)


@pytest.mark.parametrize("model", [MODEL, None])
def test_where_no_voice_tells_anything_every_pair_has_the_share_of_matches(model) -> None:
    answers = ~ANSWERS if model is not None else ANSWERS
    fitted = Supervised(model, Contrary()).fit(COMPARED, labels=Labeled(FEW, answers))
    assert (fitted.trained.model_share, fitted.trained.classifier_share) == (0, 0)
    probability = fitted.probabilities(fitted.score(EVERY))
    assert np.ptp(probability) == 0
    assert probability[0] == pytest.approx(answers.mean(), abs=0.02)


class Sure(Spy):
    """A classifier without doubt."""

    def predict_proba(self, features):
        """Say yes to all but the first features below zero."""
        return np.tile([0.0, 1.0], (len(features), 1))


def test_a_classifier_is_believed_up_to_ninety_nine_in_a_hundred() -> None:
    fitted = Supervised(None, tree.DecisionTreeClassifier(random_state=0)).fit(FEW, labels=ANSWERS)
    bits = (fitted.score(EVERY) - fitted.trained.intercept) / fitted.trained.classifier_share
    limit = np.log2(SUREST / (1 - SUREST))
    assert np.abs(bits).max() == pytest.approx(limit)
    assert bits.min() == pytest.approx(-limit)
    always = Supervised(None, Sure()).fit(FEW, labels=ANSWERS)
    assert np.isfinite(always.score(EVERY)).all()


def test_only_labels_picked_fairly_set_the_probabilities() -> None:
    """The classifier learns from all labels; a, b and c come from the fair ones, or from all where those are alike."""
    fair = np.arange(120) < 80
    one, two = (Labeled(FEW, np.where(fair, ANSWERS, flip), fair=fair) for flip in (ANSWERS, np.ones(120, dtype=bool)))
    silent = [Supervised(MODEL, Spy()).fit(COMPARED, labels=known).trained for known in (one, two)]
    assert silent[0].intercept == silent[1].intercept
    assert silent[0].model_share == silent[1].model_share
    assert [answers for _, answers in Spy.trained[5:6]] != [answers for _, answers in Spy.trained[11:12]]
    unfair = Supervised(MODEL, Spy()).fit(COMPARED, labels=attrs.evolve(two, fair=None)).trained
    assert unfair.intercept != silent[1].intercept
    alike = Supervised(MODEL, Spy()).fit(COMPARED, labels=attrs.evolve(two, fair=~fair)).trained
    assert alike.intercept == unfair.intercept


def test_features_are_weights_missing_values_and_the_odds_of_the_model() -> None:
    p = MODEL.fitted
    features = Supervised(MODEL)._features(EVERY)
    assert features.shape == (len(EVERY), 4 + 4 + 1)
    for i, row in enumerate(EVERY.levels):
        weights = [0 if x < 0 else np.log2(m[x] / u[x]) for x, m, u in zip(row, p.m, p.u, strict=True)]
        assert features[i, :4] == pytest.approx(weights)
        assert features[i, 4:8].tolist() == [x < 0 for x in row]
    assert features[:, 8] == pytest.approx(np.clip(MODEL.score(EVERY) + p.prior_bits, -20, 20))
    alone = Supervised(None)._features(EVERY)
    assert alone[:, 4:].tolist() == features[:, 4:8].tolist()
    assert alone[:, :4].tolist() == np.where(EVERY.levels < 0, 0, EVERY.levels / np.array([3, 1, 1, 2])).tolist()


CLASSIFIERS = [
    None,
    linear_model.LogisticRegression(C=2.0),
    ensemble.RandomForestClassifier(n_estimators=5, random_state=3),
    tree.DecisionTreeClassifier(max_depth=3, random_state=1),
]


@pytest.mark.parametrize("model", [FellegiSunter(), MODEL, SelfTrained(), TAUGHT, None])
@pytest.mark.parametrize("classifier", CLASSIFIERS, ids=lambda c: type(c).__name__)
def test_any_classifier_survives_json(model, classifier) -> None:
    matcher = Supervised(model, classifier, folds=3, seed=4)
    fitted = matcher.fit(COMPARED, labels=Labeled(FEW, ANSWERS), population=PEOPLE)
    for each in (matcher, fitted):
        again = matcher_from(json.loads(json.dumps(each.to_dict())))
        assert (again.is_fitted, again.folds, again.seed) == (each.is_fitted, 3, 4)
        assert again.trained == each.trained
    assert again.score(EVERY).tolist() == fitted.score(EVERY).tolist()
    assert not matcher.is_fitted


@pytest.mark.parametrize("classifier", CLASSIFIERS, ids=lambda c: type(c).__name__)
def test_a_batch_scores_as_its_parts(classifier) -> None:
    fitted = Supervised(MODEL, classifier).fit(COMPARED, labels=Labeled(FEW, ANSWERS))
    whole = fitted.score(COMPARED)
    parts = [fitted.score(COMPARED.where(np.arange(3_000) % 7 == part)) for part in range(7)]
    joined = np.empty(3_000)
    for part, weights in enumerate(parts):
        joined[np.arange(3_000) % 7 == part] = weights
    assert joined == pytest.approx(whole)
    assert fitted.score(COMPARED.where(np.zeros(3_000, dtype=bool))).tolist() == []


def test_explaining_adds_up_the_two_voices() -> None:
    fitted = Supervised(MODEL).fit(COMPARED, labels=Labeled(FEW, ANSWERS))
    for place in range(0, len(EVERY), 7):
        told = fitted.explain(EVERY[place])
        assert told.match_weight == pytest.approx(fitted.score(EVERY)[place])
        assert told.match_probability == pytest.approx(fitted.probabilities(np.array([told.match_weight]))[0])
        prior = MODEL.fitted.prior_bits * fitted.trained.model_share + fitted.trained.intercept
        if abs(MODEL.score(EVERY)[place] + MODEL.fitted.prior_bits) < 20:
            assert sum(e.weight for e in told.evidence) + prior == pytest.approx(told.match_weight)
    assert [e.comparator for e in told.evidence] == ["classifier", *LAYOUT.names]
    assert told.evidence[0].label == "trained on 120 labels"
    assert told.reason == "model and classifier"


def test_beside_a_self_trained_model_its_odds_are_the_first_voice() -> None:
    fitted = Supervised(TAUGHT).fit(COMPARED, labels=Labeled(FEW, ANSWERS))
    bits = fitted._model_bits(EVERY)
    assert bits == pytest.approx(np.clip(TAUGHT.score(EVERY), -20, 20))
    assert fitted._features(EVERY)[:, :8].tolist() == Supervised(MODEL)._features(EVERY)[:, :8].tolist()
    assert fitted.model is TAUGHT
    assert parameters_of(fitted) == MODEL.parameters
    told = fitted.explain(EVERY[5])
    assert told.match_weight == pytest.approx(fitted.score(EVERY)[5])
    assert sum(e.weight for e in told.evidence) + fitted.trained.intercept == pytest.approx(told.match_weight)


def test_explaining_without_a_model_has_one_voice() -> None:
    fitted = Supervised(None).fit(FEW, labels=ANSWERS)
    told = fitted.explain(EVERY[0])
    assert ([e.comparator for e in told.evidence], told.reason) == (["classifier"], "classifier")
    assert told.evidence[0].weight + fitted.trained.intercept == pytest.approx(told.match_weight)
    assert parameters_of(fitted) is None


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        (None, "a supervised matcher is trained on labels"),
        (np.arange(120) < 1, "1 of 120 labels are matches; label at least 2 pairs of each kind"),
        (np.arange(120) > 0, "119 of 120 labels are matches"),
    ],
)
def test_labels_of_both_kinds_are_needed(labels, told) -> None:
    with pytest.raises(ConfigurationError, match=told):
        Supervised(None).fit(FEW, labels=labels)


def test_two_labels_of_each_kind_are_enough() -> None:
    at = np.concatenate([np.flatnonzero(ANSWERS)[:2], np.flatnonzero(~ANSWERS)[:2]])
    mask = np.isin(np.arange(120), at)
    fitted = Supervised(MODEL).fit(COMPARED, labels=Labeled(FEW, ANSWERS).where(mask))
    assert np.isfinite(fitted.score(EVERY)).all()


def test_an_untrained_matcher_says_so_and_a_trained_one_knows_its_comparators() -> None:
    for ask in (lambda: Supervised().score(EVERY), lambda: Supervised().explain(EVERY[0])):
        with pytest.raises(NotFittedError, match="Supervised is not fitted"):
            ask()
    fitted = Supervised(None).fit(FEW, labels=ANSWERS)
    assert (Supervised().layout, fitted.layout) == (None, LAYOUT)
    other = chained(3, None, np.ones(3)).compared
    with pytest.raises(ConfigurationError, match="the matcher's comparators must be the same"):
        fitted.score(other)
    with pytest.raises(ConfigurationError, match="the matcher's comparators must be the same"):
        Supervised(MODEL).fit(COMPARED, labels=Labeled(chained(4, None, [1, 0, 1, 0]).compared, [1, 0, 1, 0]))


@pytest.mark.parametrize("folds", [1, 0, -1])
def test_two_parts_are_the_least(folds) -> None:
    with pytest.raises(RangeError, match="folds must lie between 2 and inf"):
        Supervised(folds=folds)


def test_reprs_hold_counts_only() -> None:
    fitted = Supervised(None).fit(FEW, labels=ANSWERS)
    assert repr(fitted.trained).startswith("<Trained: 120 labels, 0.00 of the model's log odds and ")
    assert "trained=<Trained" in repr(fitted)
