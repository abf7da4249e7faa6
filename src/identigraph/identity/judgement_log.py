"""The log of judgements: all that people have said about records, and taken back, in the order they said it.

Invariant: entries are numbered from 1 and never change, and a log made by its methods contradicts itself at no time.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import datetime
from typing import Any, Self

import attrs

from identigraph.identity.contradictions import check
from identigraph.identity.judgement import Judgement, Key, Revocation, as_key, as_utc
from identigraph.identity.judgement_index import Entry, JudgementIndex
from identigraph.identity.judgement_table import entries_of, table_of
from identigraph.identity.rulings import Rulings
from identigraph.table import Table


@attrs.frozen(repr=False)
class JudgementLog:
    """What people have said about records: appended to, never changed; each method returns a new log.

    A judgement is in force from the time it was made until it expires or is revoked. Each method that adds one takes
    ``author`` and ``reason`` as text, and ``at``, the time it is made, and ``expires`` as datetimes with a time zone.
    The id of what was added last is the length of the log. A record is named as ``(source, id)``, or as its id where
    there are no sources.

    Args:
        entries: judgements and revocations, numbered from 1.

    Raises:
        ConfigurationError: of any method: times without a zone or in the wrong order, a record judged against itself,
            no records; what is added is told as `Judgement` tells it.
        JudgementConflictError: what is added contradicts judgements that are in force with it at some time.

    Examples:
        >>> from datetime import UTC, datetime, timedelta
        >>> day = datetime(2026, 1, 1, tzinfo=UTC)
        >>> log = JudgementLog().must_link(("crm", 7), ("web", "a"), at=day, author="ann", reason="called them")
        >>> log = log.cannot_link(("crm", 7), ("crm", 8), at=day, expires=day + timedelta(days=90))
        >>> log
        <JudgementLog: 2 judgements, 0 revoked>
        >>> log = log.revoke(1, at=day + timedelta(days=1), author="bob", reason="another Ann")
        >>> [judgement.told for judgement in log.active(day)]
        ["must_link 1 by 'ann'", 'cannot_link 2']
        >>> [judgement.told for judgement in log.active(day + timedelta(days=2))]
        ['cannot_link 2']
    """

    entries: tuple[Entry, ...] = attrs.field(default=())
    _index: JudgementIndex = attrs.field(
        default=attrs.Factory(lambda log: JudgementIndex.of(log.entries), takes_self=True), eq=False, kw_only=True
    )

    @classmethod
    def of(cls, table: Any) -> Self:
        """Return the log of a table such as `table` gives, in any order of rows; also of one written by hand.

        Raises:
            ColumnNotFoundError, ConfigurationError, UnknownJudgementError: it is no such table. Contradictions are told
                when rulings are made of it.
        """
        return cls(tuple(entries_of(table)))

    def must_link(
        self, *records: Any, at: datetime, author: str = "", reason: str = "", expires: datetime | None = None
    ) -> Self:
        """Return the log with the judgement that records are one entity."""
        return self._judged("must_link", [list(records)], at=at, author=author, reason=reason, expires=expires)

    def cannot_link(
        self, *records: Any, at: datetime, author: str = "", reason: str = "", expires: datetime | None = None
    ) -> Self:
        """Return the log with the judgement that records are of as many entities."""
        groups = [[record] for record in records]
        return self._judged("cannot_link", groups, at=at, author=author, reason=reason, expires=expires)

    def unsure(
        self, *records: Any, at: datetime, author: str = "", reason: str = "", expires: datetime | None = None
    ) -> Self:
        """Return the log with the judgement that nobody can tell whether records are one entity; it changes nothing."""
        groups = [[record] for record in records]
        return self._judged("unsure", groups, at=at, author=author, reason=reason, expires=expires)

    def split(
        self,
        *groups: Iterable[Any],
        at: datetime,
        author: str = "",
        reason: str = "",
        expires: datetime | None = None,
    ) -> Self:
        """Return the log with the judgement that no record of one group is one entity with a record of another.

        Whether the records of a group are one entity is left open, so there are as many pairs that cannot be linked as
        records of one group times records of the others.
        """
        return self._judged("split", groups, at=at, author=author, reason=reason, expires=expires)

    def lock(
        self,
        records: Iterable[Any],
        *,
        at: datetime,
        author: str = "",
        reason: str = "",
        expires: datetime | None = None,
    ) -> Self:
        """Return the log with the judgement that records, one or more, are one entity that nothing joins or leaves."""
        return self._judged("lock", [records], at=at, author=author, reason=reason, expires=expires)

    def pin(
        self,
        records: Iterable[Any],
        entity_id: str,
        *,
        at: datetime,
        author: str = "",
        reason: str = "",
        expires: datetime | None = None,
    ) -> Self:
        """Return the log with the judgement that the entity that holds records, one or more, has the id `entity_id`.

        It joins no records; where they are of several entities, one of these has the id.
        """
        told = {"author": author, "reason": reason, "expires": expires, "entity_id": entity_id}
        return self._judged("pin", [records], at=at, **told)

    def revoke(self, judgement_id: int, *, at: datetime, author: str = "", reason: str = "") -> Self:
        """Return the log with the entry that a judgement is no longer in force, from `at` on.

        Raises:
            UnknownJudgementError: no judgement has that id.
            ConfigurationError: it is revoked already.
        """
        return self._with(Revocation(len(self) + 1, judgement_id, at=at, author=author, reason=reason))

    def active(self, at: datetime, *, of: Iterable[Any] | None = None) -> tuple[Judgement, ...]:
        """Return the judgements in force at a time, in the order of their ids.

        Args:
            at: a datetime with a time zone.
            of: records; those that name any of them are returned, in time that does not depend on the others.
        """
        time = as_utc(at)
        index = self._index
        asked = index.judgements.values() if of is None else index.naming_any(map(as_key, of))
        return tuple(judgement for judgement in asked if index.in_force(judgement, time))

    def rulings(self, at: datetime, *, of: Iterable[Any] | None = None, known: Container[Key] | None = None) -> Rulings:
        """Return what the judgements in force at a time ask for.

        Args:
            at: a datetime with a time zone.
            of: records, as for `active`.
            known: the keys of the records that there are; None: any.

        Raises:
            JudgementConflictError: they contradict each other, which can only be in a log that was made by hand.
        """
        return Rulings.of(self.active(at, of=of), known=known)

    @property
    def table(self) -> Table:
        """One row per record of each judgement, and one per revocation.

        Columns ``id, kind`` (``"revoke"`` for revocations), ``group`` (the number of the record's group), ``source``,
        ``record_id``, ``entity_id``, ``revokes``, ``author``, ``reason``, ``at``, ``expires``.
        """
        return self.since(0)

    def since(self, count: int) -> Table:
        """Return the rows of `table` of all but the first entries: what to append to a copy that has so many."""
        return Table("judgements", table_of(self.entries[count:]))

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self.entries)

    def __repr__(self) -> str:
        """Return the counts; never a record."""
        count = len(self._index.judgements)
        return f"<JudgementLog: {count:,} judgement{'s'[: count != 1]}, {len(self._index.revoked):,} revoked>"

    def _judged(self, kind: str, groups: Iterable[Iterable[Any]], **told: Any) -> Self:
        """Return the log with a judgement that contradicts none at any time that both are in force."""
        new = Judgement(len(self) + 1, kind, groups, **told)
        grown = self._with(new)
        others = self._index.concerned(new)
        for time in sorted({new.at, *(other.at for other in others if other.at > new.at)}):
            if self._index.in_force(new, time):
                check([*(other for other in others if self._index.in_force(other, time)), new])
        return grown

    def _with(self, entry: Entry) -> Self:
        return type(self)((*self.entries, entry), index=self._index.with_entry(entry))
