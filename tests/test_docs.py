"""The examples of the README and of the documentation run, in the order a reader meets them."""

from __future__ import annotations

from doctest import ELLIPSIS, NORMALIZE_WHITESPACE
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_example_of_a_page_does_what_it_says(page, tmp_path, monkeypatch):
    """Each page is run from top to bottom in one namespace, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    sybil = Sybil([PythonCodeBlockParser(doctest_optionflags=ELLIPSIS | NORMALIZE_WHITESPACE)], path=str(ROOT))
    examples = list(sybil.parse(page).examples())
    assert bool(examples) == (">>>" in page.read_text(encoding="utf-8"))
    for example in examples:
        example.evaluate()  # raises where the outcome is another
