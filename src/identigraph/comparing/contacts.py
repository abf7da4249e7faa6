"""Who shares a contact: each e-mail address, telephone number or postal address is personal, of a household, or junk.

A value is **personal** where those who carry it look like one person; of a **household** where they are several people
of one family or home, or few at all; **junk** where many people share it who share nothing else: a shop's own number,
the address of an office, what a form was filled in with. What two records are to each other is told by their names, or
by clusters where there are some. Only neighbors are looked at, in a ring of the carriers of a value and next but one,
so that a value costs two comparisons a record however many carry it.

Agreement on a value is weighed by its class: see `Graded`. Whether *two* records alone share a value says no more than
their names do, so that a value is personal there until a third record carries it.
"""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.calls import call_repr
from identigraph.comparing.comparator import Grades, Sharing
from identigraph.comparing.suited import family_name, given_name
from identigraph.encoding import Codes
from identigraph.errors import ColumnNotFoundError, ConfigurationError
from identigraph.fields import Address, Email, PersonName, Phone
from identigraph.fields.derived import Feature
from identigraph.pairs import Mask, Pairs
from identigraph.records import Records
from identigraph.records.facts import Lookup
from identigraph.records.infer import infer_fields

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CLASSES = ("junk", "household", "personal")
JUNK, HOUSEHOLD, PERSONAL = range(3)
FEW = 4.0
"""People who may share a value without anything else in common: more of them make it junk."""
TELLING = 3
"""Carriers from which on a class says more of two of them than they say themselves."""
STEPS = (1, 2)
"""How far apart in the ring of carriers those are who are compared."""


@attrs.frozen
class Carriers(Sharing):
    """What tells whether two records are of one person, or of one family.

    Args:
        given: the given name.
        family: the family name.
        homes: values that members of a household share, such as the address.

    Examples:
        >>> given = ["Ann", "Ann", "Anne", "Ann", "Bob", "Cleo"]
        >>> phone = ["5551", "5551", "5551", "5552", "5552", "5552"]
        >>> records = Records.of({"given": given, "family": ["Lee"] * 6, "phone": phone})
        >>> found = Carriers("given", "family").classes(records, "phone")
        >>> dict(zip(records.column("phone").values, [CLASSES[each] for each in found.tolist()]))
        {'5551': 'personal', '5552': 'household'}
    """

    given: Feature
    family: Feature
    homes: tuple[Feature, ...] = ()

    __repr__ = call_repr

    def classes(self, records: Records, feature: Feature) -> Grades:
        """Return the class of each distinct value of a feature: 0 junk, 1 household, 2 personal or of two records."""
        return records.remember(("contacts", self, feature), lambda: self._classes(records, feature))

    def junk_share(self, records: Records, feature: Feature) -> float:
        """Return the share of the records with a feature that carry a value of strangers, 0 to 1.

        Examples:
            >>> people = {"given": [*"abcdefgh"], "family": [*"stuvwxyz"], "phone": [*["5550"] * 7, "5551"]}
            >>> records = Records.of(people).with_fields({"name": PersonName(given="given", family="family")})
            >>> Carriers("name.given", "name.family").junk_share(records, "phone")
            0.875
        """
        column = records.column(feature)
        return float(column.counts[self.classes(records, feature) == JUNK].sum() / max(column.present, 1))

    def _classes(self, records: Records, feature: Feature) -> Grades:
        return self.told(records, feature).numbers(records.column(feature).values).astype(np.int8)

    def told(self, records: Records, feature: Feature) -> Lookup:
        """Return the class of each value of a feature in the population."""
        return records.fact(("contacts", self, feature), lambda: self._told(records, feature))

    def _told(self, records: Records, feature: Feature) -> Lookup:
        column = records.column(feature)
        classes = np.where(column.counts >= TELLING, _told(records, feature, self)[0], np.int8(PERSONAL))
        return Lookup.of(column.values, classes, rest=PERSONAL, total=column.present)


@attrs.frozen(eq=False, repr=False)
class ContactProfile:
    """Who shares the contacts of records; made by `profile_contacts`.

    Args:
        by_value: ``feature, value, class, records, people``, one row per value; these are personal data.
    """

    by_value: pl.DataFrame

    @property
    def table(self) -> pl.DataFrame:
        """Counts without values: ``feature, class, values, records, most``, the last being those of the commonest."""
        order = pl.col("class").replace_strict({name: -at for at, name in enumerate(CLASSES)}, return_dtype=pl.Int64)
        counted = self.by_value.group_by("feature", "class").agg(
            pl.len().cast(pl.Int64).alias("values"),
            pl.col("records").sum(),
            pl.col("records").max().alias("most"),
        )
        return counted.sort("feature", order)

    def values(self, feature: str) -> pl.DataFrame:
        """Return ``value, class, records, people`` of a feature, what most records carry first.

        Raises:
            ColumnNotFoundError: it is no contact of the records.
        """
        known = self.by_value.get_column("feature").unique().sort().to_list()
        if feature not in known:
            raise ColumnNotFoundError(feature, known, what="contact")
        mine = self.by_value.filter(pl.col("feature") == feature).drop("feature")
        return mine.sort("records", "value", descending=[True, False])

    def __repr__(self) -> str:
        """Return counts; never a value."""
        count = dict(self.by_value.group_by("class").len().iter_rows())
        told = ", ".join(f"{count.get(name, 0):,} {name}" for name in reversed(CLASSES))
        return f"<ContactProfile: {self.by_value.height:,} values: {told}>"


def profile_contacts(data: Any, *, clusters: npt.ArrayLike | None = None) -> ContactProfile:
    """Return who shares each e-mail address, telephone number and postal address.

    Args:
        data: `Records`, or any table; fields are inferred where there are none.
        clusters: the cluster of each record, in the order of `Records`; left out, names tell who is one person, of
            whom there must be one field.

    Raises:
        ConfigurationError: there are neither names nor clusters, or clusters of other records.

    Examples:
        >>> people = {
        ...     "first_name": ["Ann", "Anne", "Bob", "Bob", "Cleo", "Dan", "Eve", "Fay", "Gus", "Hal"],
        ...     "last_name": ["Lee", "Lee", "Lee", "Ray", "Kay", "Poe", "Orr", "Ash", "Fox", "Day"],
        ...     "email": ["a@x.com", "a@x.com", "a@x.com", *["shop@y.com"] * 7],
        ... }
        >>> profile = profile_contacts(people)
        >>> profile
        <ContactProfile: 2 values: 0 personal, 1 household, 1 junk>
        >>> profile.values("email").rows()
        [('shop@y.com', 'junk', 7, 7), ('a@x.com', 'household', 3, 2)]
    """
    records = data if isinstance(data, Records) else Records.of(data)
    if not records.fields:
        records = records.with_fields(infer_fields(records.table, lists=records.lists).fields)
    told = None if clusters is None else np.asarray(clusters)
    if told is not None and told.shape != (len(records),):
        raise ConfigurationError(f"there are {len(records):,} records, and clusters of {told.size:,}")
    carriers = carriers_of(records)
    if carriers is None and told is None:
        raise ConfigurationError("one field of names, or clusters, must tell who shares a contact; there are neither")
    parts = [_profiled(records, feature, carriers, told) for feature in contact_features(records)]
    schema = {"feature": pl.String, "value": pl.String, "class": pl.String, "records": pl.Int64, "people": pl.Int64}
    return ContactProfile(pl.concat([pl.DataFrame(schema=schema), *parts]))


def carriers_of(records: Records) -> Carriers | None:
    """Return what tells the carriers of contacts apart: the one field of names; None where there are none or several.

    Examples:
        >>> records = Records.of({"who": ["Ann Lee"], "home": ["1 Elm Rd"]})
        >>> carriers_of(records.with_fields({"who": PersonName(), "home": Address()}))
        Carriers('who.given', 'who.family', homes=('home',))
    """
    people = [name for name, kind in records.fields.items() if isinstance(kind, PersonName)]
    if len(people) != 1:
        return None
    homes = tuple(name for name in contact_features(records) if isinstance(records.fields[name], Address))
    return Carriers(f"{people[0]}.given", f"{people[0]}.family", homes)


def contact_features(records: Records) -> tuple[str, ...]:
    """Return the fields of e-mail addresses, telephone numbers and postal addresses that hold no lists."""
    contacts = {name: kind for name, kind in records.fields.items() if isinstance(kind, Email | Phone | Address)}
    return tuple(name for name, kind in contacts.items() if not records.lists & set(kind.roles(name).values()))


def _profiled(
    records: Records, feature: str, carriers: Carriers | None, clusters: npt.NDArray[Any] | None
) -> pl.DataFrame:
    column = records.column(feature)
    found, people = _told(records, feature, carriers, clusters)
    if clusters is not None:
        pairs = pl.DataFrame({"code": column.codes, "cluster": clusters}).filter(pl.col("code") >= 0)
        people = pairs.group_by("code").agg(pl.col("cluster").n_unique()).sort("code")["cluster"].to_numpy()
    columns = {
        "feature": pl.repeat(feature, len(column.values), eager=True),
        "value": column.values,
        "class": pl.Series(CLASSES).gather(found),
        "records": pl.Series(column.counts).cast(pl.Int64),
        "people": pl.Series(np.rint(people)).cast(pl.Int64),
    }
    return pl.DataFrame(columns)


def _told(
    records: Records, feature: Feature, carriers: Carriers | None, clusters: npt.NDArray[Any] | None = None
) -> tuple[Grades, Floats]:
    """Return the class of each distinct value of a feature, and about how many people carry it."""
    column = records.column(feature)
    pairs, value = ring(column.codes)
    same, other = _one_person(records, pairs, carriers, clusters)
    family = other & _one_family(records, pairs, carriers, feature)
    known, alike, related = (
        np.bincount(value[those], minlength=len(column.values)) for those in (same | other, same, family)
    )
    share = np.where(known > 0, alike / np.maximum(known, 1), 1.0)
    people = 1 / (share + (1 - share) / np.maximum(column.counts, 1))
    several = share < 0.5
    strangers = several & (alike + related < 0.5 * known) & (people > FEW)
    return np.where(strangers, JUNK, np.where(several, HOUSEHOLD, PERSONAL)).astype(np.int8), people


def ring(codes: Codes) -> tuple[Pairs, Ints]:
    """Return pairs of neighbors, next and next but one, in the ring of the records of each value; and that value.

    Examples:
        >>> pairs, value = ring(np.array([0, 1, 0, -1, 0, 0], dtype=np.int32))
        >>> list(zip(pairs.left.tolist(), pairs.right.tolist())), set(value.tolist())
        ([(0, 2), (2, 4), (4, 5), (0, 5), (0, 4), (2, 5), (0, 4), (2, 5)], {0})
    """
    order = np.argsort(codes, kind="stable")
    rows = order[np.searchsorted(codes, 0, sorter=order) :]
    value = codes[rows].astype(np.int64)
    size = np.bincount(value)
    first = (np.cumsum(size) - size)[value]
    left, right, values = [], [], []
    for step in STEPS:
        at = np.flatnonzero(size[value] > step)
        other = first[at] + (at - first[at] + step) % size[value[at]]
        left.append(rows[at])
        right.append(rows[other])
        values.append(value[at])
    return Pairs.of(np.concatenate(left), np.concatenate(right)), np.concatenate(values)


def _one_person(
    records: Records, pairs: Pairs, carriers: Carriers | None, clusters: npt.NDArray[Any] | None
) -> tuple[Mask, Mask]:
    """Return which pairs look like one person, and which like two; neither where a given name is missing."""
    if clusters is not None or carriers is None:
        together = clusters[pairs.left] == clusters[pairs.right] if clusters is not None else np.zeros(len(pairs), bool)
        return together, ~together
    levels = given_name(carriers.given, family=carriers.family, frequency=False).levels(records, pairs)
    return levels > 0, levels == 0


def _one_family(records: Records, pairs: Pairs, carriers: Carriers | None, feature: Feature) -> Mask:
    """Return which pairs share a family name, or a home other than the feature itself."""
    if carriers is None:
        return np.zeros(len(pairs), dtype=bool)
    shared: Mask = family_name(carriers.family, given=carriers.given, frequency=False).levels(records, pairs) > 0
    for home in carriers.homes:
        codes = records.column(home).codes
        if home != feature:
            shared |= (codes[pairs.left] == codes[pairs.right]) & (codes[pairs.left] >= 0)
    return shared
