"""The piece of a value that names the organisation."""

from __future__ import annotations

import polars as pl
import pytest

from identigraph.fields import Organisation

EXAMPLES = {
    "Acme Ltd.": "acme",
    "Acme, Inc.": "acme",
    "Acme Inc., Springfield, IL 62701": "acme",
    "Dept. of Music, University of Ruritania, Strelsau": "university of ruritania",
    "University of Ruritania - Dept. of Music - Strelsau": "university of ruritania",
    "Strelsau, Acme Research Laboratories": "acme research lab",
    "Institute of Tides, Ruritania University": "ruritania university",
    "Department of Tides, Strelsau": "strelsau",
    "Department of Tides": "department of tides",
    "Acme (formerly Bolt Institute), Strelsau": "acme",
    "Acme; e-mail: info@institute.org": "acme",
    "The Acme Institute, 12 Institute Road": "acme institute",
    "GmbH": "gmbh",
    "n/a": None,
    "12, 34": "12 34",
    "?": None,
}


@pytest.mark.parametrize(("value", "core"), EXAMPLES.items())
def test_the_core_is_the_piece_that_names_the_body(value: str, core: str | None) -> None:
    assert Organisation().normalize("column", pl.Series([value]))["core"].item() == core


def test_cores_keep_their_places_and_nulls_are_none() -> None:
    values = pl.Series(list(EXAMPLES), dtype=pl.String)
    assert Organisation().normalize("column", values)["core"].to_list() == list(EXAMPLES.values())
