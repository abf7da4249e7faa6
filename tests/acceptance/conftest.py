"""Tables of expected values from the tests of other libraries, read where they lie beside the repository."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

Read = Callable[[str], list[list[str]]]


@pytest.fixture(scope="session")
def table(shared_data: Path) -> Read:
    """Return a function that gives all rows of a table, blank lines left out; skip where the tables are absent."""
    folder = shared_data / "acceptance"
    if not folder.is_dir():
        pytest.skip("the folder ../shared/acceptance with tables of expected values is not here")

    def read(name: str) -> list[list[str]]:
        delimiter = ";" if name.startswith("cleanco") else ","
        with (folder / name).open(encoding="utf-8", newline="") as file:
            return [row for row in csv.reader(file, delimiter=delimiter) if row]

    return read
