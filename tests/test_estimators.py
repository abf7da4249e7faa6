"""Classifiers of scikit-learn: found again by their names, and nothing else is."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from made_pairs import made_pairs

from identigraph import Supervised, estimators
from identigraph.errors import ConfigurationError, MissingExtraError, NotPlainError, UnsupportedInputError
from identigraph.estimators import default_classifier, estimator_class, estimator_path, fresh, load

linear_model = pytest.importorskip("sklearn.linear_model")
kernels = pytest.importorskip("sklearn.gaussian_process.kernels")
ensemble = pytest.importorskip("sklearn.ensemble")
pipeline = pytest.importorskip("sklearn.pipeline")
preprocessing = pytest.importorskip("sklearn.preprocessing")
svm = pytest.importorskip("sklearn.svm")

ESTIMATORS = [
    linear_model.LogisticRegression(C=0.5, class_weight={0: 1.0, 1: 2.5}),
    ensemble.RandomForestClassifier(n_estimators=7, max_depth=None, random_state=1),
    pipeline.make_pipeline(preprocessing.StandardScaler(with_mean=False), linear_model.LogisticRegression(tol=1e-5)),
    ensemble.VotingClassifier(
        [("a", linear_model.LogisticRegression()), ("b", ensemble.ExtraTreesClassifier())], voting="soft"
    ),
    default_classifier(),
]


def parameters(estimator: Any) -> dict[str, Any]:
    """Return all parameters, those of parts as their classes."""
    plain = (str, int, float, bool, type(None), dict, tuple)
    found = estimator.get_params(deep=True).items()
    return {name: value if isinstance(value, plain) else type(value) for name, value in found}


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda estimator: type(estimator).__name__)
def test_estimators_come_back_from_json_with_their_parameters(estimator) -> None:
    again = Supervised.from_dict(json.loads(json.dumps(Supervised(classifier=estimator).to_dict()))).classifier
    assert type(again) is type(estimator)
    assert parameters(again) == parameters(estimator)


@pytest.mark.parametrize(
    ("estimator", "path"),
    [
        (ESTIMATORS[0], "sklearn.linear_model.LogisticRegression"),
        (ESTIMATORS[2], "sklearn.pipeline.Pipeline"),
        (kernels.RBF(), "sklearn.gaussian_process.kernels.RBF"),
    ],
)
def test_an_estimator_is_named_by_its_public_module(estimator, path) -> None:
    assert estimator_path(estimator) == path
    assert estimator_class(path) is type(estimator)


class Mine(linear_model.LogisticRegression):
    """A classifier of one's own."""


@pytest.mark.parametrize("value", [Mine(), np.eye(2), object(), None, 1, preprocessing, linear_model])
def test_what_is_no_estimator_of_scikit_learn_has_no_name(value) -> None:
    assert estimator_path(value) is None


@pytest.mark.parametrize(
    ("classifier", "where"),
    [
        (Mine(), "Supervised.classifier is of class 'Mine'"),
        (
            linear_model.LogisticRegression(random_state=np.random.RandomState(1)),
            r"Supervised.classifier\['random_state'\] is of class 'RandomState'",
        ),
        (ensemble.VotingClassifier([("a", Mine())], voting="soft"), r"\['estimators'\]\[0\]\[1\] is of class 'Mine'"),
    ],
)
def test_what_cannot_be_read_back_is_not_written(classifier, where) -> None:
    with pytest.raises(NotPlainError, match=where):
        Supervised(classifier=classifier).to_dict()


@pytest.mark.parametrize(
    "name", ["os.system", "subprocess.Popen", "sklearnish.linear_model.Evil", "builtins.eval", "eval", "", "None"]
)
def test_nothing_outside_scikit_learn_is_looked_for(name, monkeypatch) -> None:
    def refuse(module: str) -> None:
        raise AssertionError(module)

    monkeypatch.setattr(estimators, "import_module", refuse)
    with pytest.raises(ConfigurationError, match="estimators are read back from scikit-learn only"):
        estimator_class(name)


@pytest.mark.parametrize(
    "name",
    [
        "sklearn",
        "sklearn.linear_model",
        "sklearn.linear_model.Magic",
        "sklearn.Magic",
        "sklearn.datasets.fetch_openml",
        "sklearn.base.clone",
        "sklearn.show_versions",
        "sklearn.utils.os",
        "sklearn.linear_model._logistic.LogisticRegression",
        "sklearn.gaussian_process.kernels.np",
        "sklearn.gaussian_process.kernels._num_samples",
        "sklearn.gaussian_process.kernels.Magic",
        "sklearn.linear_model.LogisticRegression.fit",
        "sklearn.exceptions.NotFittedError",
    ],
)
def test_what_is_no_public_estimator_is_told(name) -> None:
    with pytest.raises(ConfigurationError, match=f"has no '{name}'; was it written by another version"):
        estimator_class(name)


def test_a_fresh_estimator_is_an_untrained_copy() -> None:
    trained = linear_model.LogisticRegression(C=0.7).fit(np.array([[0.0], [1.0]]), [False, True])
    copy = fresh(trained)
    assert copy is not trained
    assert (copy.C, hasattr(copy, "coef_"), hasattr(trained, "coef_")) == (0.7, False, True)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("forest", "a classifier of scikit-learn, such as LogisticRegression"),
        (linear_model.LogisticRegression, "a classifier of scikit-learn"),
        (preprocessing, "a classifier of scikit-learn"),
        (svm.LinearSVC(), "with probabilities"),
        (linear_model.LinearRegression(), "with probabilities"),
    ],
)
def test_what_is_no_classifier_with_probabilities_is_refused(value, told) -> None:
    with pytest.raises(UnsupportedInputError, match=told):
        Supervised(classifier=value)


def test_without_scikit_learn_the_extra_is_named(monkeypatch) -> None:
    def missing(module: str) -> None:
        raise ModuleNotFoundError(module)

    monkeypatch.setattr(estimators, "import_module", missing)
    compared, match = made_pairs(30, 0.5)
    for ask in (
        lambda: load("sklearn.base"),
        default_classifier,
        lambda: Supervised(None).fit(compared, labels=match),
        lambda: Supervised(classifier=linear_model.LogisticRegression()),
    ):
        with pytest.raises(MissingExtraError, match=r"scikit-learn.*identigraph\[learn\]"):
            ask()
