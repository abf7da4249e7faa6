"""What all tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from empty_databases import database, emptied
from hypothesis import settings
from postgres_server import VARIABLE, programs, running

settings.register_profile("default", deadline=None, max_examples=60, derandomize="CI" in os.environ)
settings.register_profile("deep", deadline=None, max_examples=2_000)
settings.load_profile("default")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of shared data sets and expected values; skip where it is absent."""
    if not (SHARED / "data").is_dir():
        pytest.skip("the folder ../shared with data sets is not here")
    return SHARED


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Give the URL of a PostgreSQL server: the one that is named, else one of its own; skip where there is none."""
    if os.environ.get(VARIABLE):
        yield os.environ[VARIABLE]
        return
    folder = programs()
    if folder is None:
        pytest.skip(f"PostgreSQL is not installed, and {VARIABLE} names no server")
    with running(folder) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_database(postgres_server: str) -> Iterator[str]:
    """Give the URL of a database that no other worker uses."""
    with database(postgres_server) as url:
        yield url


@pytest.fixture
def postgres(postgres_database: str) -> str:
    """Return the URL of an empty database."""
    return emptied(postgres_database)
