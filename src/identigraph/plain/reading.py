"""Reading: from plain data back to values, of this package and of classes that the caller names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Self

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.errors import ConfigurationError, IdentigraphError, PlainDataError, UnsupportedInputError
from identigraph.estimators import estimator_class
from identigraph.plain.known import known_classes, known_measures
from identigraph.plain.tables import ARRAY_TYPES, VALUES, frame_from
from identigraph.plain.writing import IS, OWN

Data = Mapping[str, Any]

LATER = "the data may be of a later version: update identigraph"


@attrs.frozen(eq=False)
class Reader:
    """Reads what `Writer` wrote; made by `Reader.of`.

    Args:
        own: classes of the caller's, by name.
        tables: large tables that were kept apart, by name.
        classes: those of the package, by name.
        measures: those of the package, by name.
    """

    own: Mapping[str, Any]
    tables: Mapping[str, pl.DataFrame]
    classes: Mapping[str, Any] = attrs.field(factory=known_classes)
    measures: Mapping[str, Callable[..., Any]] = attrs.field(factory=known_measures)

    @classmethod
    def of(cls, own: Iterable[type], tables: Mapping[str, pl.DataFrame]) -> Self:
        """Return a reader.

        Raises:
            UnsupportedInputError: what is given is no class with `from_dict`.
            ConfigurationError: two classes share a name.
        """
        listed = list(own)
        for each in listed:
            if not isinstance(each, type) or not hasattr(each, "from_dict"):
                raise UnsupportedInputError(each, "classes of your own that have from_dict(data)")
        named = {each.__name__: each for each in listed}
        if len(named) < len(listed):
            names = ", ".join(sorted(each.__name__ for each in listed))
            raise ConfigurationError(f"two of the classes share a name: {names}; rename one, and write the data again")
        return cls(named, tables)

    def read(self, data: Any, where: str) -> Any:
        """Return the value that plain data describe.

        Args:
            data: what JSON can hold.
            where: its place, for messages.

        Raises:
            PlainDataError: they are damaged, or of a later version.
        """
        if data is None or isinstance(data, str | int | float):
            return data
        if isinstance(data, list | tuple):
            return tuple(self.read(item, f"{where}[{place}]") for place, item in enumerate(data))
        if not isinstance(data, Mapping):
            raise PlainDataError(where, f"is no plain data, but of class {type(data).__name__!r}")
        if IS not in data:
            return {str(key): self.read(item, f"{where}[{key!r}]") for key, item in data.items()}
        kind = str(data[IS])
        if OWN in data:
            return _own(self, kind, data[OWN], where)
        if kind in FORMS:
            return _made(where, kind, lambda: FORMS[kind](self, data, where))
        return _known(self, kind, data, where)


def _own(reader: Reader, kind: str, data: Any, where: str) -> Any:
    if kind not in reader.own:
        raise PlainDataError(where, f"is of class {kind!r}, which is no class of identigraph; give classes=[{kind}]")
    return reader.own[kind].from_dict(reader.read(data, where))


def _known(reader: Reader, kind: str, data: Data, where: str) -> Any:
    """Return a value of the package."""
    made = reader.classes.get(kind)
    if made is None:
        raise PlainDataError(where, f"is of class {kind!r}, which this version of identigraph does not have; {LATER}")
    fields = {field.alias: field for field in attrs.fields(made) if field.init}
    given = {name: item for name, item in data.items() if name != IS}
    unknown = ", ".join(repr(name) for name in given if name not in fields)
    if unknown:
        raise PlainDataError(where, f"has {unknown}, which {kind} does not have in this version; {LATER}")
    needed = (name for name, field in fields.items() if field.default is attrs.NOTHING)
    missing = ", ".join(repr(name) for name in needed if name not in given)
    if missing:
        raise PlainDataError(where, f"is damaged: a {kind} lacks {missing}")
    arguments = {name: reader.read(item, f"{where}.{name}") for name, item in given.items()}
    return _made(where, kind, lambda: made(**arguments))


def _made(where: str, kind: str, make: Callable[[], Any]) -> Any:
    """Return what `make` makes; where it fails for damaged data, say where they stand."""
    try:
        return make()
    except IdentigraphError:
        raise
    except (TypeError, ValueError, AttributeError, LookupError, OverflowError, re.error) as error:
        raise PlainDataError(where, f"is damaged: it makes no {kind}") from error


def _frame(reader: Reader, data: Data, where: str) -> pl.DataFrame:
    if "table" not in data:
        return frame_from(data["columns"], where)
    if data["table"] not in reader.tables:
        raise PlainDataError(where, f"was kept apart: give the table {data['table']!r} in tables=...")
    return reader.tables[data["table"]]


def _series(reader: Reader, data: Data, where: str) -> pl.Series:
    return _frame(reader, data, where).get_column(VALUES).alias(data["name"])


def _array(reader: Reader, data: Data, where: str) -> npt.NDArray[Any]:
    if data["type"] not in ARRAY_TYPES:
        raise PlainDataError(where, f"is an array of {data['type']!r}, which this version does not know; {LATER}")
    values = _frame(reader, data, where).get_column(VALUES).to_numpy()
    array: npt.NDArray[Any] = values.astype(np.dtype(data["type"])).reshape(data["shape"])
    array.setflags(write=False)
    return array


def _items(reader: Reader, data: Data, where: str) -> tuple[Any, ...]:
    return tuple(reader.read(item, f"{where}[{place}]") for place, item in enumerate(data["items"]))


def _measure(reader: Reader, data: Data, where: str) -> Callable[..., Any]:
    if data["name"] not in reader.measures:
        raise PlainDataError(where, f"is the measure {data['name']!r}, which this version does not have; {LATER}")
    return reader.measures[data["name"]]


def _estimator(reader: Reader, data: Data, where: str) -> Any:
    return estimator_class(data["name"])(**reader.read(data["parameters"], where))


FORMS: Mapping[str, Callable[[Reader, Data, str], Any]] = {
    "array": _array,
    "estimator": _estimator,
    "frame": _frame,
    "frozenset": lambda reader, data, where: frozenset(_items(reader, data, where)),
    "list": lambda reader, data, where: list(_items(reader, data, where)),
    "mapping": lambda reader, data, where: dict(_items(reader, data, where)),
    "measure": _measure,
    "number": lambda _, data, __: float(data["value"]),
    "pattern": lambda _, data, __: re.compile(data["pattern"], data["flags"]),
    "series": _series,
    "set": lambda reader, data, where: set(_items(reader, data, where)),
    "timedelta": lambda _, data, __: timedelta(microseconds=data["microseconds"]),
}
"""How data are read that describe no value of a class."""
