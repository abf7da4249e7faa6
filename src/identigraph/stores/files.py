"""Stores as files that anything can read: a folder with one file for each table."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from hashlib import file_digest
from pathlib import Path
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from identigraph.errors import ConfigurationError, StoreError
from identigraph.stores.keeper import Session
from identigraph.stores.tables import TABLES, Delta

VERSION = 1
"""Of the files."""
MANIFEST = "store.json"
WRITERS: Mapping[str, Callable[[pl.DataFrame, Path], Any]] = {
    "parquet": lambda rows, path: rows.write_parquet(path),
    "jsonl": lambda rows, path: rows.write_ndjson(path),
}
READERS: Mapping[str, Callable[[Path, Any], pl.DataFrame]] = {
    "parquet": lambda path, _: pl.read_parquet(path, glob=False),
    "jsonl": lambda path, schema: (
        pl.read_ndjson(path, schema=schema) if path.stat().st_size else pl.DataFrame(schema=schema)
    ),
}


def dumped(session: Session, folder: Path, form: str) -> Path:
    """Write the tables of a session to a folder, and return it.

    Raises:
        StoreError: the folder holds files, or cannot be written to.
        ConfigurationError: there is no such form.
    """
    if form not in WRITERS:
        raise ConfigurationError(f"a store is dumped as {' or '.join(map(repr, WRITERS))}, not as {form!r}")
    try:
        folder.mkdir(exist_ok=True)
        if any(folder.iterdir()):
            raise StoreError(f"the folder {folder.name!r} holds files already; give a new one")
        files = {}
        for name, kept in TABLES.items():
            rows = kept.frame(session.read(name)).sort(kept.key)
            path = folder / f"{name}.{form}"
            WRITERS[form](rows, path)
            files[name] = {"rows": rows.height, "sha256": _sum(path)}
        manifest = {"is": "identigraph store", "version": VERSION, "form": form, "files": files}
        (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    except (OSError, PolarsError) as error:
        said = getattr(error, "strerror", None) or error
        raise StoreError(f"the store could not be written to the folder {folder.name!r}: {said}") from error
    return folder


def loaded(folder: Path) -> Delta:
    """Return all tables of a folder.

    Raises:
        StoreError: it was not written by `dumped`, or by a later version, or a file is missing or not as it was
            written.
    """
    form, sums = _manifest(folder)
    put = {}
    for name, kept in TABLES.items():
        path = folder / f"{name}.{form}"
        try:
            is_sound = _sum(path) == sums[name]
            rows = kept.frame(READERS[form](path, dict(kept.columns))) if is_sound else None
        except (OSError, PolarsError) as error:
            raise StoreError(f"{path.name} of the dumped store cannot be read; nothing was loaded") from error
        if rows is None:
            raise StoreError(f"{path.name} of the dumped store is not as it was written; nothing was loaded")
        put[name] = rows
    return Delta(put)


def _manifest(folder: Path) -> tuple[str, dict[str, str]]:
    """Return what a dump says of itself: its form, and the sum of each file."""
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        version, form = int(told["version"]), str(told["form"])
        sums = {name: str(told["files"][name]["sha256"]) for name in TABLES} if version <= VERSION else {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{folder.name!r} is no folder that Store.dump wrote: it has no sound {MANIFEST}") from error
    if version > VERSION:
        raise StoreError(f"the dump is of version {version}, and this identigraph knows {VERSION}; update identigraph")
    if form not in READERS:
        raise StoreError(f"the dump says that its files are {form!r}, which is no form of Store.dump")
    return form, sums


def _sum(path: Path) -> str:
    """Return the SHA-256 of a file: a damaged one is told before anything reads it."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
