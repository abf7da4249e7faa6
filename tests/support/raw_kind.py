"""A kind of field whose values stay as they are, for tests of what is done with values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import attrs
import polars as pl


@attrs.frozen
class Raw:
    """A kind of field whose values stay as they are."""

    per_source: ClassVar[bool] = False
    parts: ClassVar[tuple[str, ...]] = ("",)

    def roles(self, name: str) -> Mapping[str, str]:
        """Return the column called like the field."""
        return {"column": name}

    def assemble(self, columns: Mapping[str, pl.Series]) -> Mapping[str, pl.Series]:
        """Return the columns as they are."""
        return columns

    def normalize(self, role: str, values: pl.Series) -> pl.DataFrame:
        """Return the values as they are."""
        del role
        return values.to_frame("")
