"""Tables of results: the forms they come out in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from identigraph import IdentigraphError
from identigraph.errors import ConfigurationError, MissingExtraError
from identigraph.table import Table

FRAME = pl.DataFrame({"source": ["crm", "web"], "entity_id": [1, 2]})
TABLE = Table("crosswalk", FRAME)


def test_it_comes_out_as_polars_pandas_and_arrow() -> None:
    assert TABLE.to_polars() is FRAME
    assert TABLE.to_pandas().to_dict("list") == {"source": ["crm", "web"], "entity_id": [1, 2]}
    assert isinstance(TABLE.to_pandas(), pd.DataFrame)
    assert TABLE.to_arrow().to_pydict() == {"source": ["crm", "web"], "entity_id": [1, 2]}
    assert isinstance(TABLE.to_arrow(), pa.Table)


def test_whatever_reads_arrow_streams_reads_it() -> None:
    assert pl.DataFrame(TABLE).equals(FRAME)
    assert pa.table(TABLE).num_rows == 2
    assert pl.DataFrame(pa.RecordBatchReader.from_stream(TABLE)).equals(FRAME)


def test_it_tells_its_size_and_columns() -> None:
    assert len(TABLE) == 2
    assert TABLE.columns == ["source", "entity_id"]
    assert repr(TABLE) == "<crosswalk: 2 rows, 2 columns>"
    assert repr(Table("profiles", FRAME.select("entity_id").head(1))) == "<profiles: 1 row, 1 column>"
    assert repr(Table("all", pl.DataFrame({"n": range(1_000)}))) == "<all: 1,000 rows, 1 column>"


def test_a_notebook_shows_its_rows() -> None:
    assert "<table" in TABLE._repr_html_()
    assert "crm" in TABLE._repr_html_()


@pytest.mark.parametrize(
    ("name", "read"),
    [("a.csv", pl.read_csv), ("a.parquet", pl.read_parquet), ("a.ndjson", pl.read_ndjson), ("A.CSV", pl.read_csv)],
)
@pytest.mark.parametrize("kind", [str, Path])
def test_it_is_written_by_the_ending(name: str, read: Callable[..., Any], kind: type, tmp_path: Path) -> None:
    target = tmp_path / name
    assert TABLE.write(kind(target)) == target
    assert read(target).equals(FRAME)


def test_an_unknown_ending_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    message = r"^cannot write 'a\.xlsx': its ending is none of \.csv, \.parquet, \.ndjson$"
    with pytest.raises(ConfigurationError, match=message):
        TABLE.write(tmp_path / "a.xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("method", "extra"), [("to_pandas", "pandas"), ("to_arrow", "arrow")])
def test_a_package_that_is_not_there_is_named(method: str, extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: pl.DataFrame) -> None:
        raise ModuleNotFoundError(name="pyarrow")

    monkeypatch.setattr(pl.DataFrame, method, fail)
    with pytest.raises(
        MissingExtraError, match=rf"needs pyarrow; install it with: pip install 'identigraph\[{extra}\]'"
    ):
        getattr(TABLE, method)()


def test_a_folder_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        TABLE.write(tmp_path / "no" / "a.csv")
    assert not isinstance(caught.value, IdentigraphError)


def test_lists_are_written_to_csv_as_text_and_to_other_files_as_lists(tmp_path) -> None:
    table = Table("some", pl.DataFrame({"tags": [["a", "b"], ["c"], None], "shares": [[0.5, 1.0], [], None]}))
    written = pl.read_csv(table.write(tmp_path / "t.csv"))
    assert written["tags"].to_list() == ["a; b", "c", None]
    assert written["shares"].to_list() == ["0.5; 1.0", "", None]
    assert pl.read_parquet(table.write(tmp_path / "t.parquet"))["tags"].to_list() == [["a", "b"], ["c"], None]
