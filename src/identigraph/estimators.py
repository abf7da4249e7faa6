"""Classifiers of scikit-learn: made on demand, copied, and found again by the name of their class."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Any

from identigraph.errors import ConfigurationError, MissingExtraError, UnsupportedInputError

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


def estimator_path(value: Any) -> str | None:
    """Return the public name of the class of an estimator of scikit-learn, None of anything else."""
    kind = type(value)
    if not kind.__module__.startswith(f"{PACKAGE}."):
        return None
    path = f"{kind.__module__.partition('._')[0]}.{kind.__name__}"
    return path if _found(path) is kind and hasattr(kind, "get_params") else None


def estimator_class(path: str) -> Any:
    """Return the class of scikit-learn that goes by a public name.

    Each part of the name must be one that scikit-learn makes public, so that no other module is ever loaded.

    Raises:
        ConfigurationError: it is none.
        MissingExtraError: scikit-learn is not installed.
    """
    found = _found(path)
    if not isinstance(found, type) or not hasattr(found, "get_params"):
        told = f"estimators are read back from scikit-learn only, which has no {path!r}"
        raise ConfigurationError(f"{told}; was it written by another version?")
    return found


def _found(path: str) -> Any:
    """Return what goes by a public name, None where nothing does."""
    root, *parts = path.split(".")
    found = load(PACKAGE) if root == PACKAGE else None
    for place, part in enumerate(parts):
        if not isinstance(found, ModuleType) or not _is_public(found, part):
            return None
        found = getattr(found, part, None) or load(".".join([root, *parts[: place + 1]]))
    return found


def _is_public(module: ModuleType, name: str) -> bool:
    """Tell whether a module makes a name public: lists it, or where it lists none has it of its own."""
    listed = getattr(module, "__all__", None)
    if listed is not None:
        return name in listed
    return not name.startswith("_") and getattr(getattr(module, name, None), "__module__", "") == module.__name__
