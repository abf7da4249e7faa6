"""What importing identigraph brings, costs and leaves alone."""

from __future__ import annotations

import importlib
import json
import pkgutil
import subprocess
import sys
from inspect import isclass, isfunction
from statistics import median
from types import ModuleType

import pytest

import identigraph as ig

HEAVY = ("networkx", "pandas", "pyarrow", "duckdb", "sklearn", "faker", "matplotlib", "scipy", "hypothesis")
NEEDED = "import numpy, polars, rapidfuzz, attrs"
MODULES = sorted(
    name for _, name, _ in pkgutil.walk_packages(ig.__path__, "identigraph.") if "datasets" not in name.split(".")
)
FACES = [ig, ig.blocking, ig.comparing, ig.fields, ig.graph, ig.identity, ig.matching, ig.metrics, ig.profiles]


def fresh(code: str) -> str:
    """Return what `code` prints in a process of its own."""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return run.stdout


def seconds(statement: str) -> float:
    """Return the CPU time that an import statement takes, the median of three processes."""
    code = f"import time; start = time.process_time(); {statement}; print(time.process_time() - start)"
    return median(float(fresh(code)) for _ in range(3))


def test_nothing_heavy_is_imported() -> None:
    loaded = json.loads(fresh("import identigraph, json, sys; print(json.dumps(sorted(sys.modules)))"))
    assert "identigraph.resolver" in loaded
    assert [name for name in HEAVY if name in loaded] == []


def test_importing_costs_little_more_than_what_is_needed() -> None:
    """Relative to numpy, polars, rapidfuzz and attrs, which are most of it; the bound is generous."""
    assert seconds("import identigraph") < 4 * seconds(NEEDED)


def test_importing_shows_nothing_and_configures_no_logging() -> None:
    shown = fresh(
        "import logging; before = list(logging.root.handlers); import identigraph;"
        "print(logging.root.handlers == before, logging.getLogger('identigraph').handlers)"
    )
    assert shown == "True []\n"


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.__name__)
def test_public_names_exist_once_and_in_order(face: ModuleType) -> None:
    assert face.__all__ == sorted(set(face.__all__))
    assert [name for name in face.__all__ if not hasattr(face, name)] == []


@pytest.mark.parametrize("name", MODULES)
def test_every_module_says_what_it_is(name: str) -> None:
    assert (importlib.import_module(name).__doc__ or "").strip()


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.__name__)
def test_every_public_function_and_class_says_what_it_is(face: ModuleType) -> None:
    undocumented = [
        name
        for name in face.__all__
        if (isfunction(value := getattr(face, name)) or isclass(value)) and not (value.__doc__ or "").strip()
    ]
    assert undocumented == []


def test_all_names_of_the_public_face_stand_in_it() -> None:
    """What is imported there without being public is none of the caller's business."""
    imported = {name for name, value in vars(ig).items() if not name.startswith("_") and name not in ig.__all__}
    submodules = {name.removeprefix("identigraph.").split(".")[0] for name in MODULES} | {"datasets"}
    assert imported <= submodules
