"""Classifiers of scikit-learn as plain data: their class and parameters, without what they have learned.

Nothing is pickled. A trained matcher keeps the labeled patterns it was trained on, which hold no values of records, and
trains anew when it is read back.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from identigraph.errors import ConfigurationError, MissingExtraError, UnsupportedInputError

PLAIN = (str, int, float, bool, type(None))
PACKAGE = "sklearn"


def default_classifier() -> Any:
    """Return logistic regression on scaled features.

    Raises:
        MissingExtraError: scikit-learn is not installed.
    """
    pipeline, scaling, linear = (load(f"{PACKAGE}.{name}") for name in ("pipeline", "preprocessing", "linear_model"))
    return pipeline.make_pipeline(scaling.StandardScaler(), linear.LogisticRegression(C=0.3, max_iter=1000))


def load(module: str) -> Any:
    """Return a module of scikit-learn, or one that comes with it.

    Raises:
        MissingExtraError: scikit-learn is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingExtraError("scikit-learn", "learn") from error


def fresh(estimator: Any) -> Any:
    """Return an untrained copy of a classifier.

    Raises:
        UnsupportedInputError: it is no classifier with `fit` and `predict_proba`.
    """
    if isinstance(estimator, type) or not all(hasattr(estimator, name) for name in ("fit", "get_params")):
        raise UnsupportedInputError(estimator, "a classifier of scikit-learn, such as LogisticRegression()")
    if not hasattr(estimator, "predict_proba"):
        raise UnsupportedInputError(estimator, "a classifier with probabilities (predict_proba)")
    return load("sklearn.base").clone(estimator)


def described(value: Any) -> Any:
    """Return an estimator, or one of its parameters, as plain data.

    Raises:
        ConfigurationError: a parameter is no plain data, or the estimator is none of scikit-learn's.
    """
    if isinstance(value, PLAIN):
        return value
    if isinstance(value, Mapping):
        return {"mapping": [[described(key), described(item)] for key, item in value.items()]}
    if isinstance(value, list | tuple):
        return {type(value).__name__: [described(item) for item in value]}
    kind = type(value)
    if not kind.__module__.startswith(f"{PACKAGE}.") or not hasattr(value, "get_params"):
        raise ConfigurationError(
            f"only estimators of scikit-learn with plain parameters can be written as plain data, got {kind.__name__}"
        )
    public = f"{kind.__module__.rpartition('._')[0] or kind.__module__}.{kind.__name__}"
    parameters = {name: described(item) for name, item in value.get_params(deep=False).items()}
    return {"estimator": public, "parameters": parameters}


def made(data: Any) -> Any:
    """Return what `described` described.

    Raises:
        ConfigurationError: it names a class outside scikit-learn, or none.
    """
    if not isinstance(data, Mapping):
        return data
    if "mapping" in data:
        return {made(key): made(item) for key, item in data["mapping"]}
    for kind in (list, tuple):
        if kind.__name__ in data:
            return kind(made(item) for item in data[kind.__name__])
    module, _, name = str(data.get("estimator")).rpartition(".")
    if module != PACKAGE and not module.startswith(f"{PACKAGE}."):
        raise ConfigurationError(f"estimators are read back from scikit-learn only, got {data.get('estimator')!r}")
    estimator = getattr(load(module), name, None)
    if estimator is None:
        raise ConfigurationError(f"scikit-learn has no {data['estimator']!r}; was it written by another version?")
    return estimator(**{key: made(item) for key, item in data["parameters"].items()})
