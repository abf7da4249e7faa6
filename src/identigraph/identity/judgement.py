"""Judgements: what a person has said about records, by their keys, and the taking back of it.

A key outlives the table that the record came in: a judgement speaks of a record wherever it turns up again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from itertools import chain
from numbers import Integral
from typing import Any, TypeAlias

import attrs

from identigraph.errors import ConfigurationError, UnsupportedInputError
from identigraph.records.rows import NO_SOURCE

Key: TypeAlias = tuple[str, str]
"""The source of a record, and its id as text."""

Groups: TypeAlias = tuple[tuple[Key, ...], ...]

JOINING = ("must_link", "lock")
"""Kinds that make the records of their one group one entity."""
PARTING = ("cannot_link", "split")
"""Kinds that keep the records of different groups apart."""
OF_ONE_GROUP = (*JOINING, "pin")
OF_SINGLES = ("cannot_link", "unsure")
"""Kinds of which every group is one record."""
KINDS = ("must_link", "cannot_link", "unsure", "split", "pin", "lock")


def as_key(record: object) -> Key:
    """Return the key of a record: of ``(source, id)``, or of its id where records have no sources.

    Raises:
        UnsupportedInputError: it is neither.
        ConfigurationError: the id is blank.

    Examples:
        >>> as_key(("crm", 7)), as_key("a")
        (('crm', '7'), ('records', 'a'))
    """
    source, name = record if isinstance(record, tuple) and len(record) == 2 else (NO_SOURCE, record)
    if not isinstance(source, str) or isinstance(name, bool) or not isinstance(name, str | Integral):
        raise UnsupportedInputError(record, "a record as its id, or as (source, id)")
    if not str(name).strip():
        raise ConfigurationError("a record is named by its id, got a blank one")
    return source, str(name)


def as_groups(groups: Iterable[Any]) -> Groups:
    """Return groups of keys in order, the records of each in order, so that equal judgements are equal values.

    Raises:
        UnsupportedInputError: a group is no collection of records, or could as well be one record.

    Examples:
        >>> as_groups([["b", ("crm", 1)], ["a"]])
        ((('crm', '1'), ('records', 'b')), (('records', 'a'),))
    """
    return tuple(sorted(tuple(sorted(map(as_key, _listed(group)))) for group in groups))


def as_utc(time: datetime) -> datetime:
    """Return a time in UTC.

    Raises:
        UnsupportedInputError: it is no datetime.
        ConfigurationError: it has no time zone.

    Examples:
        >>> as_utc(datetime.fromisoformat("2026-01-01T01:00+01:00")).isoformat()
        '2026-01-01T00:00:00+00:00'
    """
    if not isinstance(time, datetime):
        raise UnsupportedInputError(time, "a time as a datetime with a time zone")
    if time.utcoffset() is None:
        raise ConfigurationError("a time has no time zone; write datetime.now(UTC) or time.replace(tzinfo=UTC)")
    return time.astimezone(UTC)


def as_words(text: str) -> str:
    """Return a text.

    Raises:
        UnsupportedInputError: it is none.

    Examples:
        >>> as_words("ann")
        'ann'
    """
    if not isinstance(text, str):
        raise UnsupportedInputError(text, "authors, reasons and ids of entities as text")
    return text


@attrs.frozen
class Judgement:
    """What a person has said about records; made by the methods of `JudgementLog`.

    Args:
        id: its place in the log, from 1.
        kind: ``must_link``, ``lock`` and ``pin`` are about one group of records; ``cannot_link``, ``split`` and
            ``unsure`` about several, the first and last of these about groups of one record.
        groups: keys of records; none occurs twice.
        at: when it was made, in system time.
        expires: from when on it is no longer in force; None: never.
        author: who made it.
        reason: why.
        entity_id: of a pin, the id that is kept.

    Raises:
        ConfigurationError: an unknown kind, another number of groups or records, a record that is judged against
            itself, times without zones or in the wrong order, an id that is missing or not wanted.
        UnsupportedInputError: an argument is of another type.

    Examples:
        >>> made = Judgement(1, "cannot_link", [["b"], ["a"]], at=datetime(2026, 1, 1, tzinfo=UTC), author="ann")
        >>> made.groups, made.told
        (((('records', 'a'),), (('records', 'b'),)), "cannot_link 1 by 'ann'")
    """

    id: int
    kind: str
    groups: Groups = attrs.field(converter=as_groups)
    at: datetime = attrs.field(kw_only=True, converter=as_utc)
    expires: datetime | None = attrs.field(default=None, kw_only=True, converter=attrs.converters.optional(as_utc))
    author: str = attrs.field(default="", kw_only=True, converter=as_words)
    reason: str = attrs.field(default="", kw_only=True, converter=as_words)
    entity_id: str | None = attrs.field(default=None, kw_only=True, converter=attrs.converters.optional(as_words))

    def __attrs_post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ConfigurationError(f"a judgement is one of {', '.join(map(repr, KINDS))}; got {self.kind!r}")
        self._check_groups()
        if self.kind == "pin" and not (self.entity_id or "").strip():
            raise ConfigurationError(f"'pin' needs the id of an entity; got {self.entity_id!r}")
        if self.kind != "pin" and self.entity_id is not None:
            raise ConfigurationError(f"{self.kind!r} names no entity; got {self.entity_id!r}")
        if self.expires is not None and self.expires <= self.at:
            raise ConfigurationError(f"a judgement expires after it was made, at {self.at}; got {self.expires}")

    @property
    def records(self) -> tuple[Key, ...]:
        """The keys of all its records."""
        return tuple(chain.from_iterable(self.groups))

    @property
    def told(self) -> str:
        """What it is, in words: kind, id and author."""
        return f"{self.kind} {self.id}" + (f" by {self.author!r}" if self.author else "")

    def _check_groups(self) -> None:
        """Check that there are as many groups and records as the kind asks for, none of them twice."""
        counts = [len(group) for group in self.groups]
        one = self.kind in OF_ONE_GROUP
        if 0 in counts or (len(counts) != 1 if one else len(counts) < 2):
            wanted = "one group of records" if one else "two or more groups of records"
            raise ConfigurationError(f"{self.kind!r} is about {wanted}, none of them empty; got {counts} records")
        if (self.kind == "must_link" and counts[0] < 2) or (self.kind in OF_SINGLES and max(counts) > 1):
            wanted = "two or more records" if self.kind == "must_link" else "single records"
            raise ConfigurationError(f"{self.kind!r} is about {wanted}; got {counts} records")
        repeated = sum(counts) - len(set(self.records))
        if repeated:
            raise ConfigurationError(
                f"a record cannot be judged against itself; {repeated} occur twice in {self.kind!r}"
            )


@attrs.frozen
class Revocation:
    """The taking back of a judgement.

    Args:
        id: its place in the log, from 1.
        revokes: the id of the judgement.
        at: from when on the judgement is no longer in force.
        author: who took it back.
        reason: why.

    Raises:
        ConfigurationError, UnsupportedInputError: `at` is no datetime with a time zone.
    """

    id: int
    revokes: int
    at: datetime = attrs.field(kw_only=True, converter=as_utc)
    author: str = attrs.field(default="", kw_only=True, converter=as_words)
    reason: str = attrs.field(default="", kw_only=True, converter=as_words)


def _listed(group: object) -> Collection[object]:
    """Return a group of records as it is; a text, or a tuple of ids, could as well be one record."""
    is_record = isinstance(group, tuple) and not all(isinstance(record, tuple) for record in group)
    if isinstance(group, str) or is_record or not isinstance(group, Collection):
        raise UnsupportedInputError(group, "a group of records as a list, such as [('crm', 7), ('web', 'a')]")
    return group
