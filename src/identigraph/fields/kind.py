"""What a field kind is: a value that says which columns it reads and how their values are normalized.

A **field** is one thing that records say about an entity: a name, an address, a birth date. Its **kind** reads one or
more columns of the table, each in a **role** (``given``, ``family``; ``street``, ``postcode``), and makes one or more
**parts**, each a column of normalized strings. Part ``""`` is the main one and goes by the field's own name; any other
part of field ``name`` goes by ``name.part``.

A kind never sees records: it gets the distinct values of a column and returns one row of parts for each.

All kinds of the library are `CheckedKind`: they also tell which values are well-formed and write them for people.
Those that read a value by the others of its source are `SettlingKind`: they can hold on to what these tell, and read
any value by itself from then on. All of them are `ReadingKind`, which read single records as well as tables. A kind of
your own may leave all that out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Protocol, runtime_checkable

import polars as pl

from identigraph.text.columns import Column

MAIN = ""
"""The part that goes by the field's own name."""


@runtime_checkable
class FieldKind(Protocol):
    """How one kind of field is read and normalized. Any object with these members is a kind."""

    per_source: ClassVar[bool]
    """Whether values must be normalized source by source (date formats differ between sources)."""

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts it makes, in order; `MAIN` among them."""
        ...

    def roles(self, name: str) -> Mapping[str, str]:
        """Return the column that each role reads, for a field called `name`."""
        ...

    def assemble(self, columns: Mapping[str, pl.Series]) -> Mapping[str, pl.Series]:
        """Return the columns to normalize, by role: some kinds join columns that make one value first."""
        ...

    def normalize(self, role: str, values: pl.Series) -> pl.DataFrame:
        """Return one row of parts for each of the distinct, non-null strings in `values`.

        A value that cannot be normalized gives nulls, never an exception.
        """
        ...


@runtime_checkable
class CheckedKind(FieldKind, Protocol):
    """A kind that also checks values and writes them for people, each value whole and not in pieces.

    What is valid has a main part and can be written; what is not is null when written.
    """

    def valid(self, values: pl.Series) -> pl.Series:
        """Tell of each of the distinct, non-null strings whether it is well-formed, as far as itself can tell."""
        ...

    def format(self, values: pl.Series) -> pl.Series:
        """Return each of the distinct, non-null strings as a person would write it; null where it is not valid."""
        ...


@runtime_checkable
class SettlingKind(FieldKind, Protocol):
    """A kind that reads values by what they tell together, such as the order of day and month.

    Settled, it reads each value by itself, and those that settled it as before:
    ``kind.settled({role: values}).normalize(role, some)`` gives for some of these values what
    ``kind.normalize(role, values)`` gives for all of them.
    """

    def settled(self, columns: Mapping[str, pl.Series]) -> FieldKind:
        """Return the kind with all fixed that these values tell: the distinct, non-null strings of each role."""
        ...


@runtime_checkable
class ReadingKind(FieldKind, Protocol):
    """A kind that also reads the values of one record, in microseconds, by the code that reads those of a table.

    Its columns are polars Series or `Single`, a column of one value; settled, if it is to be, it reads one value as it
    reads many.
    """

    def assemble(self, columns: Mapping[str, Column]) -> Mapping[str, Column]:
        """Return the columns to normalize, by role."""
        ...

    def read(self, role: str, values: Column) -> Mapping[str, Column]:
        """Return the parts of each value; those that the role does not give are left out."""
        ...


def named_columns(kind: object, roles: tuple[str, ...], name: str, default: str) -> dict[str, str]:
    """Return the column of each role that `kind` names; where it names none, `default` reads the column `name`.

    Examples:
        >>> from identigraph.fields import PersonName
        >>> named_columns(PersonName(given="fn"), ("given", "family"), "name", "full")
        {'given': 'fn'}
        >>> named_columns(PersonName(), ("given", "family"), "name", "full")
        {'full': 'name'}
    """
    named = {role: getattr(kind, role) for role in roles if getattr(kind, role) is not None}
    return named or {default: name}


def feature_name(field: str, part: str) -> str:
    """Return the name by which `part` of `field` is called.

    Examples:
        >>> feature_name("address", "postcode"), feature_name("email", "")
        ('address.postcode', 'email')
    """
    return f"{field}.{part}" if part else field
