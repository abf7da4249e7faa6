"""Plain data: any value of the package as what JSON can hold, and back; never pickled code.

A value of a class is ``{"is": the class, field: value, ...}``, without the fields that have their defaults. Numbers and
texts stay what they are, to the last bit; tuples are lists. Everything else says by ``"is"`` what it is: lists, sets,
mappings with other keys than text, spans of time, patterns, arrays, tables, measures by their names.

Reading makes values of this package, and of the classes that the caller names. Data cannot name anything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self, TypeVar

import attrs
import polars as pl

from identigraph.errors import PlainDataError
from identigraph.plain.files import read_file, write_file
from identigraph.plain.reading import Reader
from identigraph.plain.tables import digest
from identigraph.plain.writing import IS, NOTE, Frames, Writer

__all__ = ["NOTE", "Plain", "apart", "fingerprint", "read_file", "restored", "write_file", "written"]

VERSION = 1
"""The version of the format. It changes where data of before would be read as something else."""

T = TypeVar("T")


def written(value: Any) -> dict[str, Any]:
    """Return a value of the package as plain data.

    Raises:
        NotPlainError: it holds code, or an object of a class that cannot be written.

    Examples:
        >>> import identigraph as ig
        >>> written(ig.typos("postcode", 1))["graders"]
        [{'is': 'Typos', 'feature': 'postcode'}]
    """
    return {"version": VERSION, **Writer().write(value, type(value).__name__)}


def apart(value: Any) -> tuple[dict[str, Any], dict[str, pl.DataFrame]]:
    """Return a value of the package as small plain data, and its large tables by name, for stores.

    A table of 1,000 values and more is kept apart, under the SHA-256 of what it holds: tables of one name are equal.

    Raises:
        NotPlainError: it holds code, or an object of a class that cannot be written.

    Examples:
        >>> import identigraph as ig
        >>> data, tables = apart(ig.blocking.given_pairs([(place, place + 1) for place in range(1_000)]))
        >>> [table.shape for table in tables.values()], data["pairs"]["table"]["table"] in tables
        ([(1000, 2)], True)
        >>> restored(data, ig.blocking.GivenPairs, tables=tables)
        <GivenPairs: 1,000 pairs>
    """
    tables: Frames = {}
    data = {"version": VERSION, **Writer(tables).write(value, type(value).__name__)}
    return data, tables


def restored(
    data: Mapping[str, Any],
    kind: type[T],
    *,
    classes: Iterable[type] = (),
    tables: Mapping[str, pl.DataFrame] | None = None,
) -> T:
    """Return the value that `written` or `apart` described.

    Args:
        data: what JSON can hold; data that do not say what they are describe a `kind`.
        kind: what the value must be.
        classes: those of your own that were written by their ``to_dict``; ``from_dict`` reads them.
        tables: those that were kept apart, by name.

    Raises:
        PlainDataError: the data are damaged, of something else, or of a later version.

    Examples:
        >>> from identigraph.comparing import Typos
        >>> restored(written(Typos("postcode", 2)), Typos)
        Typos('postcode', most=2)
    """
    name = kind.__name__
    if not isinstance(data, Mapping):
        raise PlainDataError(name, f"is read from a mapping, got {type(data).__name__!r}")
    told = {IS: name, **data} if attrs.has(kind) else dict(data)
    version = told.pop("version", VERSION)
    if isinstance(version, bool) or not isinstance(version, int) or not 1 <= version <= VERSION:
        raise PlainDataError(name, f"is of version {version!r} of the format, this release reads up to {VERSION}")
    found = Reader.of(classes, tables or {}).read(told, name)
    if not isinstance(found, kind):
        raise PlainDataError(name, f"is expected, and the data describe a {told.get(IS, 'mapping')!r}")
    return found


def fingerprint(value: Any) -> str:
    """Return the SHA-256 of a value as plain data: equal for equal values, in any process and on any machine.

    It is taken of the JSON of `apart`, keys in order; what changes nothing of what comes out (warnings that are not
    given, what columns were recognized as) is left out.

    Raises:
        NotPlainError: the value holds code, or an object of a class that cannot be written.

    Examples:
        >>> import identigraph as ig
        >>> fingerprint(ig.similar("city", 1)) == fingerprint(ig.similar("city", 1.0))
        True
        >>> fingerprint(ig.similar("city", 0.9)) == fingerprint(ig.similar("city", 0.8))
        False
    """
    return digest(Writer({}, hashing=True).write(value, type(value).__name__))


class Plain:
    """Gives values of the package `to_dict` and `from_dict`."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the value as plain data, which JSON can hold.

        Raises:
            NotPlainError: it holds code, or an object of a class that cannot be written.
        """
        return written(self)

    @classmethod
    def from_dict(
        cls,
        data: Mapping[str, Any],
        *,
        classes: Iterable[type] = (),
        tables: Mapping[str, pl.DataFrame] | None = None,
    ) -> Self:
        """Return the value that `to_dict` described.

        Args:
            data: what JSON can hold; data that do not say what they are describe a value of this class.
            classes: those of your own that were written by their ``to_dict``; ``from_dict`` reads them.
            tables: those that `identigraph.plain.apart` kept apart, by name.

        Raises:
            PlainDataError: the data are damaged, of something else, or of a later version.
        """
        return restored(data, cls, classes=classes, tables=tables)
