"""Kits: what one kind of field can do, alone, without records: normalize, check, write, cut into words, key.

Every method takes one value, or a column of values::

    kit("email").normalize("Ann@X.com")              # a string, None where it is null or no e-mail address
    kit("email").normalize(frame["mail"])            # a polars Series of strings, null where it is null or none

A column is a polars or pandas Series, a list, a tuple or a numpy array; any other object is one value, and read as text
by the rules of `Records.of`: integers as they are, dates in ISO form, blanks as null. A value that cannot be normalized
is null, never an error; `Kit.count` counts those. Each distinct value of a column is read once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Protocol, TypeAlias, overload
from uuid import UUID

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.blocking import BlockingStrategy, block_on
from identigraph.blocking.offering import offered
from identigraph.calls import call_repr
from identigraph.comparing import Graded, Measured
from identigraph.comparing.defaults import field_comparators
from identigraph.encoding import encode, take
from identigraph.errors import ConfigurationError, UnsupportedInputError
from identigraph.fields import (
    Address,
    Category,
    CheckedKind,
    Date,
    Email,
    FieldKind,
    FreeText,
    Identifier,
    Money,
    Number,
    Organisation,
    PersonName,
    Phone,
    Postcode,
    Url,
)
from identigraph.fields.kind import MAIN
from identigraph.records import Records
from identigraph.records.tables import as_text, list_columns, read

KINDS: Mapping[str, type[Any]] = {
    "address": Address,
    "category": Category,
    "date": Date,
    "email": Email,
    "free_text": FreeText,
    "identifier": Identifier,
    "money": Money,
    "number": Number,
    "organisation": Organisation,
    "person_name": PersonName,
    "phone": Phone,
    "postcode": Postcode,
    "url": Url,
}
"""The kinds of the library, by name."""
WHOLE = "full"
"""The role of values that are whole, of kinds that also read pieces."""
COLUMNS = ("iloc", "__arrow_c_array__", "__arrow_c_stream__")
"""What a column of pandas or Arrow has."""
WORD = r"[\p{L}\p{N}]+"
EXPECTED = "a value, or a column of values: a polars or pandas Series, a list, a tuple or a numpy array"


class PandasSeries(Protocol):
    """What tells a pandas Series from other columns."""

    @property
    def iloc(self) -> Any:
        """Its values by position."""
        ...


Value: TypeAlias = str | int | float | Decimal | date | UUID | None
Column: TypeAlias = pl.Series | list[Any] | tuple[Any, ...] | npt.NDArray[Any] | PandasSeries


@attrs.frozen
class Counts:
    """What became of the values of a column.

    Args:
        values: how many there are.
        missing: of these, null or blank.
        unparsed: of these, present but without a normalized value.
        invalid: of these, present but not valid, those unparsed among them.
        distinct: how many distinct normalized values there are.
    """

    values: int
    missing: int
    unparsed: int
    invalid: int
    distinct: int


@attrs.frozen
class Kit:
    """What one kind of field can do with values of one column, which are whole: full names, addresses on one line.

    Most kinds read each value for itself. Some look at the whole column: `Date` for the order of day and month and for
    spikes of the first of January, `Number` and `Money` for the decimal mark, `Category` for whether it holds genders,
    `PersonName` for whether the family name comes first. Of these, a value alone is read by the default: day first,
    decimal point, no gender, given name first.

    Args:
        kind: any field kind; one of your own without ``valid`` and ``format`` takes for valid what it can normalize,
            and writes it as normalized.

    Examples:
        >>> phone = kit("phone", region="GB")
        >>> phone.normalize("(020) 7946 0958"), phone.format("(020) 7946 0958"), phone.valid("020 7946")
        ('2079460958', '+44 20 7946 0958', False)
        >>> phone.normalize(["020 7946 0958", None, "none"]).to_list()
        ['2079460958', None, None]
    """

    kind: FieldKind

    __repr__ = call_repr

    @overload
    def normalize(self, values: Value) -> str | None: ...
    @overload
    def normalize(self, values: Column) -> pl.Series: ...
    def normalize(self, values: Any) -> Any:
        """Return the normalized value, or a column of them: the main part of the kind.

        Examples:
            >>> kit("email").normalize(" Ann@X.COM"), kit("email").normalize(["ann", "Bob@x.com"]).to_list()
            ('ann@x.com', [None, 'bob@x.com'])
        """
        return _each(self._main, values)

    @overload
    def parts(self, values: Value) -> dict[str, str | None]: ...
    @overload
    def parts(self, values: Column) -> pl.DataFrame: ...
    def parts(self, values: Any) -> Any:
        """Return all parts of a value by name, or a frame with a column for each; the main part is called ``""``.

        Examples:
            >>> kit("postcode").parts("sw1a 1aa")
            {'': 'sw1a1aa', 'district': 'sw1a', 'area': 'sw'}
            >>> kit("postcode").parts(["sw1a 1aa", None])["area"].to_list()
            ['sw', None]
        """
        column = _column(values)
        raw = encode(column)
        parts = self._parts(raw.values)
        frame = pl.DataFrame({part: take(parts[part], raw.codes) for part in self.kind.parts})
        return frame if _is_column(values) else frame.row(0, named=True)

    @overload
    def valid(self, values: Value) -> bool | None: ...
    @overload
    def valid(self, values: Column) -> pl.Series: ...
    def valid(self, values: Any) -> Any:
        """Tell whether a value, or each of a column, is well-formed, as far as itself can tell; None where it is null.

        Examples:
            >>> kit("identifier", scheme="isbn").valid("0-471-11709-9")
            True
            >>> kit("email").valid(["a@x.com", "a@x", None]).to_list()
            [True, False, None]
        """
        return _each(self._valid, values)

    @overload
    def format(self, values: Value) -> str | None: ...
    @overload
    def format(self, values: Column) -> pl.Series: ...
    def format(self, values: Any) -> Any:
        """Return a value, or each of a column, as people write it; null where it is not valid.

        Examples:
            >>> kit("person_name").format("O'NEIL, ANN"), kit("money").format(["€12,5", "a lot"]).to_list()
            ("Ann O'Neil", ['12.50 EUR', None])
        """
        return _each(self._written, values)

    @overload
    def tokens(self, values: Value) -> list[str] | None: ...
    @overload
    def tokens(self, values: Column) -> pl.Series: ...
    def tokens(self, values: Any) -> Any:
        """Return the words of the normalized value, or a column of lists of them; null where there is none.

        E-mail and web addresses are cut at every mark, others at spaces.

        Examples:
            >>> kit("organisation").tokens("The Smith & Sons Ltd"), kit("email").tokens(["a.lee@x.com", "?"]).to_list()
            (['smith', 'and', 'sons'], [['a', 'lee', 'x', 'com'], None])
        """
        found = _each(self._tokens, values)
        return found if _is_column(values) or found is None else found.to_list()

    def keys(self, name: str) -> tuple[BlockingStrategy, ...]:
        """Return the blocking keys that suit a field of this kind that is called `name`, each alone.

        Examples:
            >>> kit("email").keys("mail")
            (block_on('mail'), block_on('mail.local'), block_on('mail.digits'))
        """
        return tuple(block_on(feature) for feature in offered(name, self.kind))

    def comparators(self, name: str, values: Column | None = None) -> tuple[Graded | Measured, ...]:
        """Return the comparators that suit a field of this kind, the most telling first.

        Args:
            name: the name of the field.
            values: its values, where there are some: long texts and names of organisations are compared by words, short
                ones by letters.

        Examples:
            >>> [comparator.name for comparator in kit("address").comparators("home")]
            ['home', 'home.city', 'home.postcode', 'home.country', 'home.state']
            >>> kit("email").comparators("mail")[0].compare("ann@x.com", "Ann@X.com").label
            'equal'
        """
        texts = pl.Series([], dtype=pl.String) if values is None else _column(values)
        columns = dict.fromkeys(self.kind.roles(name).values(), texts)
        return field_comparators(Records.of(columns).with_fields({name: self.kind}), name)

    def count(self, column: Column) -> Counts:
        """Return how many values of a column are missing, unparsed, invalid, and how many distinct ones there are.

        Raises:
            UnsupportedInputError: `column` is one value.

        Examples:
            >>> kit("email").count(["Ann@x.com", "ann@X.com", "a..b@x.com", "none", " ", None])
            Counts(values=6, missing=2, unparsed=1, invalid=2, distinct=2)
        """
        if not _is_column(column):
            raise UnsupportedInputError(column, "a column of values")
        raw = encode(_column(column))
        main, valid = self._main(raw.values), self._valid(raw.values)
        unparsed, invalid = (int(raw.counts[mask.to_numpy()].sum()) for mask in (main.is_null(), ~valid))
        return Counts(len(raw), len(raw) - raw.present, unparsed, invalid, main.drop_nulls().n_unique())

    def _parts(self, values: pl.Series) -> pl.DataFrame:
        """Return all parts of distinct values, null where the role of whole values does not give them."""
        roles = self.kind.roles("value")
        role = WHOLE if hasattr(self.kind, WHOLE) else next(iter(roles))
        parts = self.kind.normalize(role, values)
        none = pl.lit(None, dtype=pl.String)
        return parts.select(pl.col(p) if p in parts.columns else none.alias(p) for p in self.kind.parts)

    def _main(self, values: pl.Series) -> pl.Series:
        return self._parts(values)[MAIN]

    def _valid(self, values: pl.Series) -> pl.Series:
        return self.kind.valid(values) if isinstance(self.kind, CheckedKind) else self._main(values).is_not_null()

    def _written(self, values: pl.Series) -> pl.Series:
        return self.kind.format(values) if isinstance(self.kind, CheckedKind) else self._main(values)

    def _tokens(self, values: pl.Series) -> pl.Series:
        main = self._main(values)
        return main.str.extract_all(WORD) if isinstance(self.kind, Email | Url) else main.str.split(" ")


def kit(kind: str | FieldKind, **options: Any) -> Kit:
    """Return the kit of a kind of field.

    Args:
        kind: the name of a kind: ``"address"``, ``"category"``, ``"date"``, ``"email"``, ``"free_text"``,
            ``"identifier"``, ``"money"``, ``"number"``, ``"organisation"``, ``"person_name"``, ``"phone"``,
            ``"postcode"``, ``"url"``; or a kind.
        options: arguments of the kind that is named.

    Raises:
        ConfigurationError: there is no such kind, or it has no such option.

    Examples:
        >>> kit("phone", region="GB"), kit(Email())
        (Kit(Phone(region='GB')), Kit(Email()))
    """
    if not isinstance(kind, str):
        if options:
            raise ConfigurationError(f"options go with the name of a kind; give them to {type(kind).__name__}() itself")
        return Kit(kind)
    if kind not in KINDS:
        close = get_close_matches(kind, KINDS, n=2)
        hint = f"did you mean {' or '.join(map(repr, close))}?" if close else f"there are: {', '.join(KINDS)}"
        raise ConfigurationError(f"no kind {kind!r}; {hint}")
    made = KINDS[kind]
    known = [field.name for field in attrs.fields(made)]
    if unknown := [name for name in options if name not in known]:
        raise ConfigurationError(f"kind {kind!r} has no option {unknown[0]!r}; there are: {', '.join(known)}")
    return Kit(made(**options))


def _each(function: Callable[[pl.Series], pl.Series], values: Any) -> Any:
    """Return `function` of each distinct value, as a column or as one value."""
    column = _column(values)
    raw = encode(column)
    found = take(function(raw.values), raw.codes).alias(column.name)
    return found if _is_column(values) else found[0]


def _is_column(values: Any) -> bool:
    """Tell whether `values` are several; all else is one."""
    if isinstance(values, np.ndarray):
        return values.ndim > 0
    return isinstance(values, pl.Series | list | tuple) or any(hasattr(values, name) for name in COLUMNS)


def _column(values: Any) -> pl.Series:
    """Return a column, or one value, as a column of text."""
    if isinstance(values, Mapping | AbstractSet | bytes) or hasattr(values, "columns"):
        raise UnsupportedInputError(values, EXPECTED)
    is_array = isinstance(values, np.generic | np.ndarray)
    held: Any = np.atleast_1d(values) if is_array else values if _is_column(values) else [values]
    table = read({"value": held})
    if list_columns(table):
        raise UnsupportedInputError(values, EXPECTED)
    name = getattr(values, "name", None) if _is_column(values) else None
    return as_text(table)["value"].alias("" if name is None else str(name))
