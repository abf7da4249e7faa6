"""Importing the library is quick, and brings nothing that its base does not need."""

from __future__ import annotations

import json
import subprocess
import sys

import identigraph as ig

HEAVY = ("networkx", "pandas", "pyarrow", "duckdb", "sklearn", "faker", "scipy", "matplotlib", "hypothesis")


def imported() -> set[str]:
    """Return the modules that a fresh process holds after importing the library."""
    code = "import json, sys, identigraph; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


def test_importing_brings_no_heavy_package():
    """networkx costs 0.4 s; pandas and pyarrow may not be there at all."""
    modules = imported()
    assert "identigraph.resolver" in modules
    assert [name for name in HEAVY if name in modules] == []


def test_all_public_names_exist_and_are_sorted():
    """``__all__`` is the public face: complete, without repeats, in order."""
    assert all(hasattr(ig, name) for name in ig.__all__)
    assert len(set(ig.__all__)) == len(ig.__all__)
    assert sorted(ig.__all__) == ig.__all__


def test_every_public_name_is_documented():
    """Whoever asks ``help`` gets an answer."""
    assert [name for name in ig.__all__ if not (getattr(ig, name).__doc__ or "").strip()] == []
