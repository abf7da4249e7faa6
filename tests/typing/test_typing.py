"""The types that callers see."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.parametrize("name", ["face.py", "wrong.py"])
def test_types_of_the_public_face_are_as_written(name: str, tmp_path: Path) -> None:
    """With all that ``mypy --strict`` asks for, which refuses a ``type: ignore`` that ignores nothing."""
    api = pytest.importorskip("mypy.api")
    config = HERE.parents[1] / "pyproject.toml"
    told, errors, status = api.run(
        ["--strict", f"--config-file={config}", f"--cache-dir={tmp_path}", "--no-error-summary", str(HERE / name)]
    )
    assert (told, errors, status) == ("", "", 0)
