"""Any table in: whatever the caller holds becomes one polars frame of strings.

Accepted: polars, pandas, pyarrow, DuckDB relations, anything with ``__arrow_c_stream__``, a dict of columns, a list of
dicts, a path to CSV, TSV, Parquet, NDJSON or Arrow files, and a mapping ``{source: table}``. None of these libraries is
imported here but polars.

How values become text: integers as they are, floats and decimals without trailing zeros (``1.0`` is ``1``), booleans
``true`` and ``false``, dates and times in ISO 8601 (midnight as the date alone), categories by their label, members of
enumerations by their value, other Python objects by their ``str``.
Null, NaN, NaT, NA, ``""`` and blanks are one: missing. Lists, arrays, tuples and sets of such values are read as sets:
each element as text, without blanks and repeats, in alphabetical order, with `ELEMENT_SEPARATOR` between them.
Structs, lists of lists or structs, binary and objects without a text of their own are refused, by column.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import polars.selectors as cs

from identigraph.encoding import ELEMENT_SEPARATOR
from identigraph.errors import ColumnTypeError, ConfigurationError, UnsupportedInputError

READERS: Mapping[str, Callable[[Path], pl.DataFrame]] = {
    ".csv": partial(pl.read_csv, infer_schema=False),
    ".tsv": partial(pl.read_csv, infer_schema=False, separator="\t"),
    ".parquet": pl.read_parquet,
    ".ndjson": pl.read_ndjson,
    ".jsonl": pl.read_ndjson,
    ".arrow": pl.read_ipc,
    ".feather": pl.read_ipc,
}
MIDNIGHT = r" 00:00:00(?:[+-]\d\d:\d\d)?$"
"""The time of day of a date that is kept as a date and time."""

BLANK = r"^\s*$"
TRAILING_ZEROS = r"\.0+$|(\.\d*[1-9])0+$"

NO_TEXT = (pl.Binary, pl.Object)

MISSING_TYPES = ("NAType", "NaTType")
"""What pandas puts where a value is missing, by the names of the types."""

NUMPY_TIMES = np.datetime64 | np.timedelta64

LISTS = (list, tuple, set, frozenset, np.ndarray)
"""The types of Python values that hold several; their order and repeats play no part."""

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
    if not isinstance(data, Mapping):
        return False
    tables = [value for value in data.values() if not (isinstance(value, list) and not value)]
    return bool(tables) and all(_is_table(value) for value in tables)


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
    r"""Return `table` with every column as text, blanks as null.

    Raises:
        ColumnTypeError: a column holds structs, lists of other than single values, binary or objects.

    Examples:
        >>> as_text(pl.DataFrame({"a": [1.0, 2.5], "b": [" ", "x"], "c": [True, None]})).rows()
        [('1', None, 'true'), ('2.5', 'x', None)]
        >>> as_text(pl.DataFrame({"lists": [[2, 1, 2, None], []]})).rows()
        [('1\x1f2',), (None,)]
    """
    columns = [_joined(column) if _is_list(column.dtype) else _text(column) for column in table]
    text = pl.DataFrame(columns) if columns else table
    blank = cs.string().str.contains(BLANK)
    return text.with_columns(pl.when(~blank).then(cs.string()))


def list_columns(table: pl.DataFrame) -> frozenset[str]:
    """Return the names of the columns that hold lists.

    Examples:
        >>> list_columns(pl.DataFrame({"a": [1, 2], "b": [[1, 2], []]}))
        frozenset({'b'})
    """
    return frozenset(name for name, dtype in table.schema.items() if _is_list(dtype))


def check_unique(names: Sequence[str], where: str = "") -> None:
    """Raise where names of columns are not unique.

    Raises:
        ConfigurationError: with the names.
    """
    repeated = ", ".join(repr(name) for name, times in sorted(Counter(names).items()) if times > 1)
    if repeated:
        raise ConfigurationError(f"column names occur more than once{where}: {repeated}; rename them")


def _is_table(value: object) -> bool:
    if isinstance(value, str):
        return Path(value).suffix.lower() in READERS
    if isinstance(value, Mapping | Path | pl.DataFrame | pl.LazyFrame) or hasattr(value, "columns"):
        return True
    if isinstance(value, list):
        return isinstance(value[0], Mapping)
    return hasattr(value, "__arrow_c_stream__") and hasattr(value, "schema")


def _read_path(path: Path) -> pl.DataFrame:
    ending = path.suffix.lower()
    if ending not in READERS:
        raise ConfigurationError(f"cannot read {path.name!r}: its ending is none of {', '.join(READERS)}")
    if not path.exists():
        raise ConfigurationError(f"there is no file {str(path)!r}")
    try:
        return READERS[ending](path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise ConfigurationError(
            f"cannot read {path.name!r} as {ending[1:].upper()}: the file is empty or broken; text must be UTF-8, and "
            "rows of CSV no longer than its header"
        ) from error


def _read_pandas(data: Any) -> pl.DataFrame:
    """Return a pandas frame as polars, column by column; objects of mixed types by their ``str``."""
    names = [str(name) for name in data.columns]
    check_unique(names)
    return pl.DataFrame([_pandas_column(name, data.iloc[:, i]) for i, name in enumerate(names)])


def _pandas_column(name: str, column: Any) -> pl.Series:
    """Return a pandas column as polars, whatever it calls missing as null."""
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "biuf":
        return pl.Series(name, column.to_numpy())
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "mM":
        return pl.Series(name, column.to_numpy().astype(f"{column.dtype.kind}8[us]"))
    missing = column.isna().to_numpy()
    return _python_values(name, [None if gone else v for v, gone in zip(column.tolist(), missing, strict=True)])


def _python_values(name: str, values: Sequence[object]) -> pl.Series:
    """Return Python values as a column: of one type where they share one, else as text by the stated rule."""
    kinds = {type(value) for value in values}
    if any(_holds_several(kind) for kind in kinds):
        return _python_lists(name, values)
    if any(kind.__name__ in MISSING_TYPES or issubclass(kind, Enum | NUMPY_TIMES) for kind in kinds):
        return _python_values(name, [_bare(value) for value in values])
    for kind in sorted(kinds, key=lambda k: k.__name__):
        if not _has_text(kind):
            raise ColumnTypeError(name, kind.__name__)
    if len(kinds - {type(None)}) <= 1:
        column = pl.Series(name, values, strict=False)
        if column.dtype != pl.Object:
            return column
    return pl.Series(name, [_plain(value) for value in values], dtype=pl.String)


def _python_lists(name: str, values: Sequence[object]) -> pl.Series:
    """Return Python lists as a column of lists; values beside them are lists of one."""
    lists = [_listed(name, value) for value in values]
    elements = [element for listed in lists for element in listed]
    nested = next((type(element) for element in elements if _holds_several(type(element))), None)
    if nested is not None:
        raise ColumnTypeError(name, f"list[{nested.__name__}]")
    flat = _python_values(name, elements)
    rows = np.repeat(np.arange(len(lists)), [len(listed) for listed in lists])
    return _per_row(pl.DataFrame({"row": rows, "list": flat}), len(lists), pl.col("list")).alias(name)


def _listed(name: str, value: object) -> list[Any]:
    """Return the elements of a Python list of any kind, of a value that is none the value alone."""
    if isinstance(value, np.ndarray):
        return _array_values(name, np.atleast_1d(value))
    return list(value) if _holds_several(type(value)) else [value]  # type: ignore[call-overload]


def _array_values(name: str, array: npt.NDArray[Any]) -> list[Any]:
    """Return the elements of an array as Python values."""
    if array.dtype.kind == "V":
        raise ColumnTypeError(name, "struct")
    plain = array.astype(f"{array.dtype.kind}8[us]") if array.dtype.kind in "mM" else array
    return list(plain.tolist())


def _holds_several(kind: type) -> bool:
    """Tell whether values of a Python type are lists; named tuples are structs."""
    return issubclass(kind, LISTS) and not hasattr(kind, "_fields")


def _bare(value: object) -> object:
    """Return None for what pandas calls missing, the value of an enumeration's member, a time of numpy as Python's."""
    if type(value).__name__ in MISSING_TYPES:
        return None
    if isinstance(value, NUMPY_TIMES):
        return value.astype(f"{value.dtype.kind}8[us]").item()
    return value.value if isinstance(value, Enum) else value


def _has_text(kind: type) -> bool:
    """Tell whether values of a Python type have a text of their own: one value, and not a mere address in memory."""
    if issubclass(kind, Iterable):
        return issubclass(kind, str)
    return kind.__str__ is not object.__str__ or kind.__repr__ is not object.__repr__


def _plain(value: object) -> str | None:
    """Return a Python value as text by the stated rule."""
    if value is None or value != value:  # noqa: PLR0124 - NaN alone differs from itself
        return None
    if isinstance(value, bool | np.bool_):
        return str(value).lower()
    if isinstance(value, datetime):
        return re.sub(MIDNIGHT, "", value.isoformat(" "))
    if isinstance(value, Decimal):
        return re.sub(TRAILING_ZEROS, r"\1", f"{value:f}")
    return re.sub(TRAILING_ZEROS, r"\1", str(value)) if isinstance(value, float) else str(value)


def _read_columns(data: Mapping[Any, Any]) -> pl.DataFrame:
    check_unique([str(name) for name in data])
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
    if isinstance(values, np.ndarray):
        plain = values.ndim == 1 and (values.dtype.kind in "ib" or values.dtype == np.float64)
        return pl.Series(name, values) if plain else _python_values(name, _array_values(name, values))
    return _python_values(name, values.tolist() if hasattr(values, "tolist") else list(values))


def _read_rows_or_arrow(data: Any) -> pl.DataFrame:
    if isinstance(data, list):
        return _read_rows(data)
    if hasattr(data, "fetch_arrow_table") or hasattr(data, "to_arrow_table"):
        return pl.DataFrame(data.to_arrow_table() if hasattr(data, "to_arrow_table") else data.fetch_arrow_table())
    if hasattr(data, "__arrow_c_stream__"):
        return _read_arrow(data)
    raise UnsupportedInputError(data, EXPECTED)


def _read_arrow(data: Any) -> pl.DataFrame:
    """Return an Arrow stream of rows as polars; a single column is no table."""
    if isinstance(data, pl.Series):
        raise UnsupportedInputError(data, EXPECTED)
    try:
        return pl.DataFrame(data)
    except pl.exceptions.SchemaError as error:
        raise UnsupportedInputError(data, EXPECTED) from error


def _read_rows(rows: list[Any]) -> pl.DataFrame:
    wrong = next((row for row in rows if not isinstance(row, Mapping)), None)
    if wrong is not None:
        raise UnsupportedInputError(wrong, "a list of dicts, one per record")
    names = list(dict.fromkeys(name for row in rows for name in row))
    check_unique([str(name) for name in names])
    return pl.DataFrame([_python_values(str(name), [row.get(name) for row in rows]) for name in names])


def _text(column: pl.Series) -> pl.Series:
    """Return a column as text by the stated rule."""
    dtype = column.dtype
    if dtype == pl.String:
        return column
    if dtype.is_nested() or dtype in NO_TEXT:
        raise ColumnTypeError(column.name, str(dtype))
    if dtype.is_float() or dtype.is_decimal():
        bare = column.fill_nan(None) if dtype.is_float() else column
        return bare.cast(pl.String).str.replace(TRAILING_ZEROS, "$1")
    if dtype == pl.Null:
        return column.cast(pl.String)
    if isinstance(dtype, pl.Datetime):
        text = column.dt.to_string("iso").str.replace(r"\.0+($|[+-])", "$1")
        return text.str.replace(MIDNIGHT, "")
    if dtype == pl.Duration:
        return column.dt.to_string("iso")
    return column.cast(pl.String)


def _is_list(dtype: pl.DataType) -> bool:
    return isinstance(dtype, pl.List | pl.Array)


def _joined(column: pl.Series) -> pl.Series:
    """Return a column of lists as text: each element by the stated rule, distinct, sorted, joined; empty as null."""
    held = pl.DataFrame({"row": np.arange(len(column)), "list": column}).explode("list")
    inner = held.get_column("list").dtype
    if inner.is_nested() or inner in NO_TEXT:
        raise ColumnTypeError(column.name, str(column.dtype))
    text = _text(held.get_column("list")).str.replace_all(ELEMENT_SEPARATOR, "", literal=True)
    elements = held.select("row", text.alias("list")).filter(~pl.col("list").str.contains(BLANK)).unique()
    joined = pl.col("list").str.join(ELEMENT_SEPARATOR)
    return _per_row(elements.sort("row", "list"), len(column), joined).alias(column.name)


def _per_row(elements: pl.DataFrame, rows: int, gathered: pl.Expr) -> pl.Series:
    """Return what is `gathered` from the elements of each row, null where a row has none."""
    held = elements.group_by("row", maintain_order=True).agg(gathered)
    every = pl.DataFrame({"row": np.arange(rows)})
    return every.join(held, on="row", how="left", maintain_order="left").get_column("list")
