"""E-mail addresses made of names: what they say less, and what they say more."""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.calls import call_repr
from identigraph.comparing.comparator import Grades, Similarities, counts_of
from identigraph.comparing.people import Joined, joined
from identigraph.fields.derived import Feature
from identigraph.pairs import Mask, Rows
from identigraph.records import Records

LEAST = 3
"""Letters of a name that is looked for in a local part."""
FEW = 30
"""Records up to which a domain is that of one entity or a small house."""


@attrs.frozen
class MadeOfNames:
    """The local parts of both records have the given or family name of their own record in them, or are its initials.

    People of one name have similar addresses, so that such local parts are similar says little; but equal ones with a
    number are not among them.

    Args:
        local: the local part.
        names: given and family name.
        same: whether equal local parts without a number are among them, or only those that differ.
        domain: the domain; with it, only addresses in domains that many records have are among them.
    """

    local: Feature
    names: tuple[Feature, Feature]
    same: bool = attrs.field(default=True, kw_only=True)
    domain: Feature | None = attrs.field(default=None, kw_only=True)

    __repr__ = call_repr

    @property
    def labels(self) -> tuple[str, ...]:
        """The one label."""
        return ("made of names",)

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return 1 where both local parts are made of names."""
        column = records.column(self.local)
        made = records.remember(("made of names", self.local, self.names), lambda: self._made(records))
        numbers = records.remember(("numbers", self.local), lambda: column.values.str.contains("[0-9]").to_numpy())
        a, b = column.codes[left], column.codes[right]
        both = made[left] & made[right]
        equal = np.flatnonzero(both & (a == b))
        both[equal] = ~numbers[a[equal]] if self.same else False
        if self.domain is not None:
            many = _in_use(records, self.domain)
            both &= many[left] & many[right]
        return both.astype(np.int8)

    def _made(self, records: Records) -> Mask:
        """Tell for each record whether its local part is made of its names."""
        local, *names = (records.column(feature).decoded().fill_null("") for feature in (self.local, *self.names))
        letters, names = local.str.replace_all("[^a-z]", ""), [name.str.replace_all(" ", "") for name in names]
        initials = names[0].str.slice(0, 1) + names[1].str.slice(0, 1)
        made = (letters == initials) & (letters != "")
        for name in names:
            frame = pl.DataFrame([letters.alias("letters"), name.alias("name")])
            held = pl.col("letters").str.contains(pl.col("name"), literal=True)
            made |= frame.select(held & (pl.col("name").str.len_bytes() >= LEAST)).to_series()
        return made.to_numpy()


def _in_use(records: Records, domain: Feature) -> Mask:
    """Tell for each record whether its domain is one that many have."""
    column = records.column(domain)
    many = lambda: counts_of(records, domain).numbers(column.values) > FEW  # noqa: E731 - remembered
    return np.append(records.remember(("many", domain), many), False)[column.codes]


@attrs.frozen
class NameInMail:
    """A name that one record lacks and the other has, looked for in the e-mail address of the one.

    Grades, rising: the address begins with its initial; it holds the name, of three letters or more.

    Args:
        local: the local part of the address.
        names: given and family name.
    """

    local: Feature
    names: tuple[Feature, Feature]

    __repr__ = call_repr

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it reads."""
        return tuple(f if isinstance(f, str) else f.root for f in (self.local, *self.names))

    @property
    def labels(self) -> tuple[str, ...]:
        """What the grades say."""
        return ("initial", "name in address")

    def present(self, records: Records, left: Rows, right: Rows) -> Mask:
        """Tell where one record has an address and lacks a name that the other has."""
        found: Mask = self._best(records, left, right) >= 0
        return found

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return the best grade of any name, in either record; 0 where there is none to look for."""
        return np.maximum(self._best(records, left, right), 0).astype(np.int8)

    def similarity(self, records: Records, left: Rows, right: Rows) -> Similarities:
        """Return half the grade of each pair, NaN where there is no name to look for."""
        best = self._best(records, left, right)
        return np.where(best < 0, np.nan, best / 2)

    def _best(self, records: Records, left: Rows, right: Rows) -> npt.NDArray[np.int8]:
        best = np.full(len(left), -1, dtype=np.int8)
        for name in self.names:
            both = joined(records, name, self.local)
            for one, other in ((left, right), (right, left)):
                at = np.flatnonzero((both.first[one] < 0) & (both.second[one] >= 0) & (both.first[other] >= 0))
                best[at] = np.maximum(best[at], _held(both, both.first[other[at]], both.second[one[at]]))
        return best


def _held(both: Joined, names: Rows, locals_: Rows) -> npt.NDArray[np.int8]:
    """Return 2 where a local part holds a name, 1 where it begins with its initial, else 0."""
    strings = both.strings
    grades = (strings.common_start(names, locals_) >= 1).astype(np.int8)
    length = strings.length[names]
    at = np.flatnonzero((length >= LEAST) & (strings.common_at_most(names, locals_) >= length))
    pairs = zip(strings.values[names[at]], strings.values[locals_[at]], strict=True)
    grades[at[np.fromiter((name in local for name, local in pairs), dtype=bool, count=len(at))]] = 2
    return grades
