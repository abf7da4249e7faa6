"""Writing: from values to what JSON can hold."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from types import NoneType
from typing import Any, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.errors import NotPlainError
from identigraph.estimators import estimator_path
from identigraph.plain.known import PACKAGE, known_classes, known_measures
from identigraph.plain.tables import LARGE, canonical, columns_of, digest, frame_of

IS, OWN = "is", "own"
"""The keys under which data say what they are, and what a class of the caller's said of itself."""
NOTE: Mapping[str, bool] = {"note": True}
"""Metadata of a field that changes nothing of what comes out: it is written, and does not count for the hash."""
HELP = (
    "name what the library has, or put what it makes into a column of the table, or give {} to_dict() and "
    "from_dict(data), and read the data with from_dict(data, classes=[...])"
)

Frames: TypeAlias = dict[str, pl.DataFrame]


@attrs.frozen(eq=False)
class Writer:
    """Writes values as plain data.

    Args:
        apart: where large tables go, under the hash of what they hold; None: they stay inside.
        hashing: leave out notes, and write numbers and booleans that are equal alike.
        classes: those of the package, by name.
        measures: those of the package, by name.
    """

    apart: Frames | None = None
    hashing: bool = False
    classes: Mapping[str, type] = attrs.field(factory=known_classes)
    measures: Mapping[str, Callable[..., Any]] = attrs.field(factory=known_measures)

    def write(self, value: Any, where: str) -> Any:
        """Return a value as plain data.

        Args:
            value: the value.
            where: its place, for messages.

        Raises:
            NotPlainError: it holds something that has no plain form.
        """
        for kinds, form in FORMS:
            if isinstance(value, kinds):
                return form(self, value, where)
        if self.classes.get(type(value).__name__) is type(value):
            return _known(self, value, where)
        if path := estimator_path(value):
            return {IS: "estimator", "name": path, "parameters": self.write(value.get_params(deep=False), where)}
        return _foreign(self, value, where)


def _text(writer: Writer, value: str | None, where: str) -> str | None:
    del writer, where
    return None if value is None else str(value)


def _number(writer: Writer, value: Any, where: str) -> Any:
    if isinstance(value, np.generic):
        return writer.write(value.item(), where)
    if isinstance(value, float) and not math.isfinite(value):
        return {IS: "number", "value": str(value)}
    whole = isinstance(value, bool) or (isinstance(value, float) and value.is_integer())
    return int(value) if writer.hashing and whole else value


def _tuple(writer: Writer, value: tuple[Any, ...], where: str) -> list[Any]:
    return [writer.write(item, f"{where}[{place}]") for place, item in enumerate(value)]


def _collection(writer: Writer, value: Collection[Any], where: str) -> dict[str, Any]:
    """Return a list, or a set in an order that does not depend on the process."""
    items, kind = _tuple(writer, tuple(value), where), type(value).__name__
    return {IS: kind, "items": items if kind == "list" else sorted(items, key=canonical)}


def _mapping(writer: Writer, value: Mapping[Any, Any], where: str) -> dict[str, Any]:
    written = [(key, writer.write(item, f"{where}[{key!r}]")) for key, item in value.items()]
    if all(isinstance(key, str) for key, _ in written) and IS not in value:
        return dict(written)
    items = [[writer.write(key, f"a key of {where}"), item] for key, item in written]
    return {IS: "mapping", "items": sorted(items, key=lambda item: canonical(item[0]))}


def _table(writer: Writer, value: pl.DataFrame | pl.Series | npt.NDArray[Any], where: str) -> dict[str, Any]:
    frame, told = frame_of(value, where), _shape(value)
    columns = columns_of(frame)
    if writer.apart is None or frame.height * frame.width < LARGE:
        return {**told, "columns": columns}
    name = digest(columns)
    writer.apart[name] = frame
    return {**told, "table": name}


def _shape(value: pl.DataFrame | pl.Series | npt.NDArray[Any]) -> dict[str, Any]:
    if isinstance(value, pl.Series):
        return {IS: "series", "name": value.name}
    if isinstance(value, np.ndarray):
        return {IS: "array", "type": str(value.dtype), "shape": list(value.shape)}
    return {IS: "frame"}


def _span(writer: Writer, value: timedelta, where: str) -> dict[str, Any]:
    del writer, where
    return {IS: "timedelta", "microseconds": value // timedelta(microseconds=1)}


def _pattern(writer: Writer, value: re.Pattern[str], where: str) -> dict[str, Any]:
    del writer, where
    return {IS: "pattern", "pattern": value.pattern, "flags": value.flags}


def _known(writer: Writer, value: Any, where: str) -> dict[str, Any]:
    """Return a value of the package: its class, and the fields that differ from their defaults."""
    told = {IS: type(value).__name__}
    for field in attrs.fields(type(value)):
        if field.init and not (writer.hashing and field.metadata == NOTE):
            plain = writer.write(getattr(value, field.name), f"{where}.{field.name}")
            if not _is_default(writer, field, plain):
                told[field.alias] = plain
    return told


def _is_default(writer: Writer, field: attrs.Attribute[Any], plain: Any) -> bool:
    default: Any = field.default
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
        default = default.factory()
    return default is not attrs.NOTHING and bool(writer.write(default, field.name) == plain)


def _foreign(writer: Writer, value: Any, where: str) -> dict[str, Any]:
    """Return a measure by its name, and an object of the caller's as it writes itself."""
    name, kind = getattr(value, "__name__", ""), type(value).__name__
    if name and writer.measures.get(name) is value:
        return {IS: "measure", "name": name}
    if isinstance(value, type) or (callable(value) and name):
        told = f"the {'class' if isinstance(value, type) else 'function'} {name!r}"
        raise NotPlainError(where, told, HELP.format("an object of a class of your own"))
    if not _writes_itself(type(value)):
        raise NotPlainError(where, f"of class {kind!r}", HELP.format(kind))
    return {IS: kind, OWN: writer.write(value.to_dict(), f"{where}.to_dict()")}


def _writes_itself(kind: type) -> bool:
    """Tell whether a class has `to_dict` and `from_dict` of its own, not those that it has from this package."""
    own = (getattr(kind, name, None) for name in ("to_dict", "from_dict"))
    return all(callable(each) and each.__module__.partition(".")[0] != PACKAGE for each in own)


FORMS: tuple[tuple[Any, Callable[[Writer, Any, str], Any]], ...] = (
    ((NoneType, str), _text),
    ((bool, int, float, np.generic), _number),
    (tuple, _tuple),
    ((list, set, frozenset), _collection),
    (Mapping, _mapping),
    ((pl.DataFrame, pl.Series, np.ndarray), _table),
    (timedelta, _span),
    (re.Pattern, _pattern),
)
"""How values are written that are of no class of the package; the first that fits counts."""
