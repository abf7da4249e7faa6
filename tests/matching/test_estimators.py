"""Classifiers as plain data, from scikit-learn and nothing else."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from made_pairs import made_pairs

from identigraph import Supervised
from identigraph.errors import ConfigurationError, MissingExtraError, UnsupportedInputError
from identigraph.matching import estimators
from identigraph.matching.estimators import default_classifier, described, fresh, load, made

linear_model = pytest.importorskip("sklearn.linear_model")
ensemble = pytest.importorskip("sklearn.ensemble")
pipeline = pytest.importorskip("sklearn.pipeline")
preprocessing = pytest.importorskip("sklearn.preprocessing")
svm = pytest.importorskip("sklearn.svm")

ESTIMATORS = [
    linear_model.LogisticRegression(C=0.5, class_weight={0: 1.0, 1: 2.5}),
    ensemble.RandomForestClassifier(n_estimators=7, max_depth=None, random_state=1),
    pipeline.make_pipeline(preprocessing.StandardScaler(with_mean=False), linear_model.LogisticRegression(tol=1e-5)),
    ensemble.VotingClassifier([("a", linear_model.LogisticRegression()), ("b", ensemble.ExtraTreesClassifier())]),
    default_classifier(),
]


def parameters(estimator: Any) -> dict[str, Any]:
    """Return all parameters, those of parts as their classes."""
    plain = (str, int, float, bool, type(None), dict, tuple)
    found = estimator.get_params(deep=True).items()
    return {name: value if isinstance(value, plain) else type(value) for name, value in found}


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda estimator: type(estimator).__name__)
def test_estimators_come_back_from_json_with_their_parameters(estimator) -> None:
    again = made(json.loads(json.dumps(described(estimator))))
    assert type(again) is type(estimator)
    assert parameters(again) == parameters(estimator)


def test_an_estimator_is_named_by_its_public_module() -> None:
    assert described(ESTIMATORS[0])["estimator"] == "sklearn.linear_model.LogisticRegression"
    assert described(ESTIMATORS[2])["estimator"] == "sklearn.pipeline.Pipeline"


@pytest.mark.parametrize("value", [None, 1, 0.5, True, "a", [1, [2.0]], (1, ("a", None)), {1: (2,), "a": [None]}])
def test_plain_values_come_back_as_they_were(value) -> None:
    again = made(json.loads(json.dumps(described(value))))
    assert (again, type(again)) == (value, type(value))


class Mine(linear_model.LogisticRegression):
    """A classifier of one's own."""


@pytest.mark.parametrize(
    "value", [Mine(), np.eye(2), object(), linear_model.LogisticRegression(random_state=np.random.RandomState(1))]
)
def test_what_is_no_plain_data_is_refused(value) -> None:
    with pytest.raises(ConfigurationError, match="only estimators of scikit-learn with plain parameters"):
        described(value)
    with pytest.raises(ConfigurationError, match="only estimators"):
        Supervised(classifier=Mine()).to_dict()


@pytest.mark.parametrize(
    "name", ["os.system", "subprocess.Popen", "sklearnish.linear_model.Evil", "builtins.eval", "eval", "", None]
)
def test_nothing_outside_scikit_learn_is_read_back(name, monkeypatch) -> None:
    def refuse(module: str) -> None:
        raise AssertionError(module)

    monkeypatch.setattr(estimators, "import_module", refuse)
    with pytest.raises(ConfigurationError, match="estimators are read back from scikit-learn only"):
        made({"estimator": name, "parameters": {}})


def test_a_class_that_scikit_learn_does_not_have_is_told() -> None:
    with pytest.raises(ConfigurationError, match=r"no 'sklearn.linear_model.Magic'; was it written by another version"):
        made({"estimator": "sklearn.linear_model.Magic", "parameters": {}})
    with pytest.raises(ConfigurationError, match=r"no 'sklearn.Magic'"):
        made({"estimator": "sklearn.Magic", "parameters": {}})


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
