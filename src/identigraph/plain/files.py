"""Values as JSON files, compressed where the name ends in ``.gz``."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from identigraph.errors import PlainDataError


def write_file(data: Mapping[str, Any], path: str | Path) -> None:
    """Write plain data as JSON; equal data give equal bytes."""
    content = json.dumps(data, separators=(",", ":"), allow_nan=False).encode()
    Path(path).write_bytes(gzip.compress(content, 6, mtime=0) if _is_packed(path) else content)


def read_file(path: str | Path) -> Any:
    """Return the plain data that `write_file` wrote.

    Raises:
        PlainDataError: the file is no JSON, or damaged.

    Examples:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     write_file({"is": "AllPairs"}, f"{folder}/mine.json.gz")
        ...     read_file(f"{folder}/mine.json.gz")
        {'is': 'AllPairs'}
    """
    content = Path(path).read_bytes()
    try:
        return json.loads(gzip.decompress(content) if _is_packed(path) else content)
    except (ValueError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        packed = ", compressed by gzip" if _is_packed(path) else ""
        raise PlainDataError(Path(path).name, f"is damaged, or no JSON{packed}") from error


def _is_packed(path: str | Path) -> bool:
    return Path(path).suffix == ".gz"
