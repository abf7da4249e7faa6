"""A table of results, in whatever form the caller works with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import polars as pl
import polars.selectors as cs

from identigraph.errors import ConfigurationError, MissingExtraError


@attrs.frozen(eq=False, repr=False)
class Table:
    """A table of results: `to_polars`, `to_pandas`, `to_arrow`, or anything that reads Arrow streams.

    Examples:
        >>> table = Table("crosswalk", pl.DataFrame({"entity_id": [1, 1, 2]}))
        >>> table
        <crosswalk: 3 rows, 1 column>
        >>> len(table), table.columns
        (3, ['entity_id'])
    """

    name: str
    frame: pl.DataFrame

    def to_polars(self) -> pl.DataFrame:
        """Return a polars frame."""
        return self.frame

    def to_pandas(self) -> Any:
        """Return a pandas frame; needs pandas and pyarrow.

        Raises:
            MissingExtraError: one of them is not installed.
        """
        try:
            return self.frame.to_pandas()
        except ModuleNotFoundError as error:
            raise MissingExtraError(str(error.name), "pandas") from error

    def to_arrow(self) -> Any:
        """Return a pyarrow table; needs pyarrow.

        Raises:
            MissingExtraError: it is not installed.
        """
        try:
            return self.frame.to_arrow()
        except ModuleNotFoundError as error:
            raise MissingExtraError(str(error.name), "arrow") from error

    def write(self, path: str | Path) -> Path:
        """Write CSV, Parquet or NDJSON, by the ending of `path`, and return the path.

        CSV has no lists: their elements are joined by ``"; "``.

        Raises:
            ConfigurationError: another ending.
        """
        target = Path(path)
        writers = {".csv": "write_csv", ".parquet": "write_parquet", ".ndjson": "write_ndjson"}
        if target.suffix.lower() not in writers:
            raise ConfigurationError(f"cannot write {target.name!r}: its ending is none of {', '.join(writers)}")
        is_flat = target.suffix.lower() == ".csv"
        texts = cs.list().cast(pl.List(pl.String))
        frame = self.frame.with_columns(texts.list.join("; ")) if is_flat else self.frame
        getattr(frame, writers[target.suffix.lower()])(target)
        return target

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return self.frame.columns

    def __len__(self) -> int:
        """Return the number of rows."""
        return self.frame.height

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the rows as an Arrow stream."""
        return self.frame.__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        """Return the counts."""
        rows, columns = self.frame.shape
        return f"<{self.name}: {rows:,} row{'s'[: rows != 1]}, {columns} column{'s'[: columns != 1]}>"

    def _repr_html_(self) -> str:
        """Return the first rows, for a notebook."""
        return self.frame._repr_html_()
