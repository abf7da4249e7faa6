"""Names of listed companies, with the name that cleanco leaves of each as the expected one.

The table has names and countries only. Expected is what `cleanco.basename` gives, applied until nothing changes: it
drops one legal form at a time. Both sides are compared as plain words.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest
from cleanco import basename

from identigraph.fields import Organisation
from identigraph.fields.organisation import ABBREVIATIONS
from identigraph.text import clean
from identigraph.text.tokens import replace_tokens, spaced

SPELLED_OUT = "cleanco does not know Aktiengesellschaft"
COUNTRY = "UK is a country, not a legal form"
AMBIGUOUS = "C.A. is a legal form in Venezuela, and California or Canada elsewhere"
DIFFERING = {
    **dict.fromkeys(
        [
            "Allianz Aktiengesellschaft", "Altana Aktiengesellschaft", "BASF Aktiengesellschaft",
            "Bayer Aktiengesellschaft", "DTA Holding Aktiengesellschaft", "Deutsche Bank Aktiengesellschaft",
            "Lion Bioscience Aktiengesellschaft", "SAP Aktiengesellschaft", "SGL Carbon Aktiengesellschaft",
            "Schering Aktiengesellschaft", "Siemens Aktiengesellschaft", "iXOS Software Aktiengesellschaft",
        ],
        SPELLED_OUT,
    ),
    "Waterford Wedgwood UK plc": COUNTRY,
    "Corimon C.A.": AMBIGUOUS,
    "KT Corp.": "cleanco takes the whole name for legal forms",
}  # fmt: skip


def bare(name: str) -> str:
    """Return what cleanco leaves of a name, applied as often as it changes something and leaves a name."""
    shorter: str = basename(name)
    return name if shorter in {name, ""} else bare(shorter)


def plain(names: list[str]) -> pl.Series:
    """Return names as words in their one spelling, without the article at the start."""
    text = clean(pl.Series(names)).str.replace_all("[&+]", " and ").str.replace_all(r"\b([a-z])\.", "$1")
    return replace_tokens(spaced(text), ABBREVIATIONS).str.replace("^the ", "")


@pytest.fixture(scope="module")
def names(table: Callable[[str], list[list[str]]]) -> list[str]:
    """Return the names of the table."""
    return [row[0] for row in table("cleanco/companies.csv")]


@pytest.mark.shared_data
def test_every_name_is_left_as_by_cleanco_but_for_those_named(names: list[str]) -> None:
    """15 of 1,320 differ, 98.9 % are equal; without the word that cleanco does not know it were 99.8 %."""
    ours, theirs = Organisation().normalize("column", pl.Series(names))[""], plain([bare(name) for name in names])
    differing = {name for name, a, b in zip(names, ours, theirs, strict=True) if a != b}
    assert len(names) == 1_320
    assert differing == set(DIFFERING)
    assert sum(reason != SPELLED_OUT for reason in DIFFERING.values()) <= 0.01 * len(names)


@pytest.mark.shared_data
def test_of_names_that_cleanco_leaves_longer_only_the_legal_form_is_lost(names: list[str]) -> None:
    spelled_out = [name for name, reason in DIFFERING.items() if reason == SPELLED_OUT]
    ours = Organisation().normalize("column", pl.Series(spelled_out))
    assert set(ours["legal_form"]) == {"ag"}
    assert (ours[""] + " aktiengesellschaft").to_list() == plain(spelled_out).to_list()
    assert set(spelled_out) <= set(names)


@pytest.mark.shared_data
def test_a_legal_form_is_stated_wherever_one_was_dropped_and_no_name_is_lost(names: list[str]) -> None:
    ours = Organisation().normalize("column", pl.Series(names)).with_columns(words=plain(names))
    assert ours[""].null_count() == 0
    shortened = ours[""] != ours["words"]
    assert shortened.sum() > 800
    assert (shortened == ours["legal_form"].is_not_null()).all()
