"""The places that stores are kept in."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(params=["memory", "file", "server"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path | None:
    """Return each place in which a store can be kept."""
    if request.param == "server":
        return request.getfixturevalue("postgres")
    return tmp_path / "store.db" if request.param == "file" else None


@pytest.fixture(params=["file", "server"])
def base(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    """Return each place that outlives this process."""
    return request.getfixturevalue("postgres") if request.param == "server" else tmp_path / "store.db"
