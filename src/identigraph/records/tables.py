"""Any table in: whatever the caller holds becomes one polars frame of strings.

Accepted: polars, pandas, pyarrow, DuckDB relations, anything with ``__arrow_c_stream__``, a dict of columns, a list of
dicts, a path to CSV, TSV, Parquet, NDJSON or Arrow files, and a mapping ``{source: table}``. None of these libraries is
imported here but polars.

How values become text: integers as they are, whole floats without their ``.0``, booleans ``true`` and ``false``, dates
and times in ISO 8601, categories by their label. Null, NaN, NaT, ``""`` and blanks are one: missing. Structs, lists,
binary and objects have no plain text form and are refused, by column.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import polars.selectors as cs

from identigraph.errors import ColumnTypeError, ConfigurationError, UnsupportedInputError

READERS: Mapping[str, Callable[[Path], pl.DataFrame]] = {
    ".csv": pl.read_csv,
    ".tsv": pl.read_csv,
    ".parquet": pl.read_parquet,
    ".ndjson": pl.read_ndjson,
    ".jsonl": pl.read_ndjson,
    ".arrow": pl.read_ipc,
    ".feather": pl.read_ipc,
}
EXPECTED = (
    "a table (polars, pandas, pyarrow, DuckDB, a dict of columns, a list of dicts, a path to a CSV, Parquet or NDJSON "
    "file) or a mapping {source: table}"
)


def is_mapping_of_tables(data: object) -> bool:
    """Tell whether `data` maps source names to tables (and not column names to columns).

    Examples:
        >>> is_mapping_of_tables({"crm": [{"id": 1}], "web": {"id": [1]}}), is_mapping_of_tables({"id": [1, 2]})
        (True, False)
    """
    return isinstance(data, Mapping) and bool(data) and all(_is_table(value) for value in data.values())


def read(data: Any) -> pl.DataFrame:
    """Return one table as a polars frame, types untouched.

    Args:
        data: a table of any accepted form, but not a mapping of tables.

    Raises:
        UnsupportedInputError: `data` is no table.
        ConfigurationError: a path has an unknown ending or does not exist; columns have unequal lengths.
    """
    if isinstance(data, pl.LazyFrame):
        return data.collect()
    if isinstance(data, pl.DataFrame):
        return data
    if isinstance(data, str | Path):
        return _read_path(Path(data))
    if hasattr(data, "iloc") and hasattr(data, "columns"):
        return _read_pandas(data)
    if isinstance(data, Mapping):
        return _read_columns(data)
    return _read_rows_or_arrow(data)


def as_text(table: pl.DataFrame) -> pl.DataFrame:
    """Return `table` with every column as text, blanks as null.

    Raises:
        ColumnTypeError: a column holds structs, lists, binary or objects.

    Examples:
        >>> as_text(pl.DataFrame({"a": [1.0, 2.5], "b": [" ", "x"], "c": [True, None]})).rows()
        [('1', None, 'true'), ('2.5', 'x', None)]
    """
    columns = [_text(table.get_column(name)) for name in table.columns]
    text = pl.DataFrame(columns) if columns else table
    blank = cs.string().str.contains(r"^\s*$")
    return text.with_columns(pl.when(~blank).then(cs.string()))


def _is_table(value: object) -> bool:
    if isinstance(value, str):
        return Path(value).suffix.lower() in READERS
    if isinstance(value, Mapping | Path | pl.DataFrame | pl.LazyFrame) or hasattr(value, "columns"):
        return True
    if isinstance(value, list):
        return bool(value) and isinstance(value[0], Mapping)
    return hasattr(value, "__arrow_c_stream__") and hasattr(value, "schema")


def _read_path(path: Path) -> pl.DataFrame:
    ending = path.suffix.lower()
    if ending not in READERS:
        raise ConfigurationError(f"cannot read {path.name!r}: its ending is none of {', '.join(READERS)}")
    if not path.exists():
        raise ConfigurationError(f"there is no file {str(path)!r}")
    if ending in {".csv", ".tsv"}:
        return pl.read_csv(path, separator="\t" if ending == ".tsv" else ",", infer_schema=False)
    return READERS[ending](path)


def _read_pandas(data: Any) -> pl.DataFrame:
    """Return a pandas frame as polars, column by column; objects of mixed types by their ``str``."""
    if not data.columns.is_unique:
        repeated = sorted({str(c) for c in data.columns[data.columns.duplicated()]})
        raise ConfigurationError(f"column names occur more than once: {', '.join(map(repr, repeated))}; rename them")
    return pl.DataFrame([_pandas_column(str(name), data[name]) for name in data.columns])


def _pandas_column(name: str, column: Any) -> pl.Series:
    kind = str(column.dtype)
    if kind == "object" or kind.startswith(("category", "period", "interval")):
        missing = column.isna().to_numpy()
        values = [None if gone else value for value, gone in zip(column.tolist(), missing, strict=True)]
        return _python_values(name, values)
    if kind.startswith(("str", "string")):
        missing = column.isna().to_numpy()
        texts = [None if gone else value for value, gone in zip(column.tolist(), missing, strict=True)]
        return pl.Series(name, texts, dtype=pl.String)
    if column.isna().any() and not kind.startswith("float"):
        return _python_values(name, [None if gone else v for v, gone in zip(column, column.isna(), strict=True)])
    return pl.Series(name, column.to_numpy())


def _python_values(name: str, values: Sequence[object]) -> pl.Series:
    """Return Python values as a column: of one type where they share one, else as text."""
    nested = next((type(v).__name__ for v in values if isinstance(v, list | dict | set | tuple | bytes)), None)
    if nested is not None:
        raise ColumnTypeError(name, nested)
    kinds = {type(v) for v in values if v is not None}
    if len(kinds) > 1:
        return pl.Series(name, [_plain(v) for v in values], dtype=pl.String)
    return pl.Series(name, values, strict=False)


def _plain(value: object) -> str | None:
    """Return a Python value as text by the stated rule."""
    if value is None or value != value:  # noqa: PLR0124 - NaN alone differs from itself
        return None
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _read_columns(data: Mapping[Any, Any]) -> pl.DataFrame:
    columns = {str(name): _column(str(name), values) for name, values in data.items()}
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name!r} {length:,}" for name, length in lengths.items())
        raise ConfigurationError(f"columns have unequal lengths: {told}")
    return pl.DataFrame(columns)


def _column(name: str, values: Any) -> pl.Series:
    if isinstance(values, pl.Series):
        return values.rename(name)
    if hasattr(values, "iloc"):
        return _pandas_column(name, values)
    if hasattr(values, "__arrow_c_stream__") or hasattr(values, "__arrow_c_array__"):
        return pl.Series(name, values)
    if isinstance(values, str | bytes) or not hasattr(values, "__iter__"):
        raise UnsupportedInputError(values, f"a column of values for {name!r}")
    listed = values.tolist() if hasattr(values, "tolist") else list(values)
    return _python_values(name, listed)


def _read_rows_or_arrow(data: Any) -> pl.DataFrame:
    if isinstance(data, list):
        return _read_rows(data)
    if hasattr(data, "fetch_arrow_table") or hasattr(data, "to_arrow_table"):
        return pl.DataFrame(data.to_arrow_table() if hasattr(data, "to_arrow_table") else data.fetch_arrow_table())
    if hasattr(data, "__arrow_c_stream__"):
        frame = pl.DataFrame(data)
        return frame
    raise UnsupportedInputError(data, EXPECTED)


def _read_rows(rows: list[Any]) -> pl.DataFrame:
    wrong = next((row for row in rows if not isinstance(row, Mapping)), None)
    if wrong is not None:
        raise UnsupportedInputError(wrong, "a list of dicts, one per record")
    names = dict.fromkeys(str(name) for row in rows for name in row)
    return pl.DataFrame([_python_values(name, [row.get(name) for row in rows]) for name in names])


def _text(column: pl.Series) -> pl.Series:
    """Return a column as text by the stated rule."""
    dtype = column.dtype
    if dtype == pl.String:
        return column
    if dtype.is_nested() or dtype in (pl.Binary, pl.Object):
        raise ColumnTypeError(column.name, str(dtype))
    if dtype.is_float():
        text = column.fill_nan(None).cast(pl.String)
        return text.str.replace(r"^(-?\d+)\.0$", "$1")
    if dtype == pl.Null:
        return column.cast(pl.String)
    if isinstance(dtype, pl.Datetime):
        return column.dt.to_string("iso").str.replace(r"[T ]00:00:00(\.0+)?$", "")
    return column.cast(pl.String)
