"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

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
