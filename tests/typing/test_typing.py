"""The types that callers see."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def test_types_of_the_public_face_are_as_written() -> None:
    """As ``mypy --strict`` sees them, which also refuses a ``type: ignore`` that ignores nothing."""
    api = pytest.importorskip("mypy.api")
    options = ["--strict", f"--config-file={HERE.parents[1] / 'pyproject.toml'}", "--no-error-summary"]
    assert api.run([*options, str(HERE / "face.py")]) == ("", "", 0)
