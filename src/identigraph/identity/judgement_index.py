"""What is where in a log of judgements: which of them name a record, which are revoked, which share a time."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from datetime import datetime
from typing import Self, TypeAlias

import attrs

from identigraph.errors import ConfigurationError, UnknownJudgementError
from identigraph.identity.judgement import Judgement, Revocation

Entry: TypeAlias = Judgement | Revocation

Token: TypeAlias = Hashable
"""What judgements may have in common: the key of a record, or an id that is pinned."""


@attrs.frozen(eq=False, repr=False)
class JudgementIndex:
    """The judgements of a log, to be found by what they name; one that was handed out never changes.

    Args:
        judgements: by their ids.
        revoked: by the id of a judgement, its revocation.
        naming: by token, the ids of the judgements that name it, in order.
    """

    judgements: dict[int, Judgement] = attrs.field(factory=dict)
    revoked: dict[int, Revocation] = attrs.field(factory=dict)
    naming: dict[Token, tuple[int, ...]] = attrs.field(factory=dict)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Self:
        """Return the index of some entries.

        Raises:
            ConfigurationError: they are not numbered from 1 on, or a judgement is revoked twice.
            UnknownJudgementError: what is revoked is no judgement before it.
        """
        index = cls()
        for entry in entries:
            _put(entry, index)
        return index

    def with_entry(self, entry: Entry) -> Self:
        """Return the index of one entry more; see `of`."""
        grown = type(self)(dict(self.judgements), dict(self.revoked), dict(self.naming))
        _put(entry, grown)
        return grown

    def end(self, judgement: Judgement) -> datetime | None:
        """Return from when on a judgement is no longer in force, None where that is not known to come."""
        revoked = self.revoked.get(judgement.id)
        if revoked is None or judgement.expires is None:
            return judgement.expires if revoked is None else revoked.at
        return min(judgement.expires, revoked.at)

    def in_force(self, judgement: Judgement, at: datetime) -> bool:
        """Return whether a judgement is in force at a time: from when it was made until before its end."""
        end = self.end(judgement)
        return judgement.at <= at and (end is None or at < end)

    def naming_any(self, named: Iterable[Token]) -> Iterator[Judgement]:
        """Yield the judgements that name any of some records or pinned ids, in order."""
        found = {number for token in named for number in self.naming.get(token, ())}
        return (self.judgements[number] for number in sorted(found))

    def concerned(self, judgement: Judgement) -> tuple[Judgement, ...]:
        """Return the judgements that what one names leads to, step by step, in order; but for unsure ones."""
        found: dict[int, Judgement] = {}
        seen, ahead = set(tokens(judgement)), list(tokens(judgement))
        while ahead:
            for number in self.naming.get(ahead.pop(), ()):
                other = self.judgements[number]
                if number not in found and other.kind != "unsure":
                    found[number] = other
                    new = [token for token in tokens(other) if token not in seen]
                    seen.update(new)
                    ahead += new
        return tuple(found[number] for number in sorted(found))


def tokens(judgement: Judgement) -> tuple[Token, ...]:
    """Return what a judgement names: its records, and of a pin its id.

    Examples:
        >>> from datetime import UTC
        >>> tokens(Judgement(1, "pin", [["a"]], at=datetime(2026, 1, 1, tzinfo=UTC), entity_id="C-1"))
        (('records', 'a'), 'C-1')
    """
    return judgement.records if judgement.entity_id is None else (*judgement.records, judgement.entity_id)


def _put(entry: Entry, index: JudgementIndex) -> None:
    """Put an entry into an index that nobody has seen yet."""
    number = len(index.judgements) + len(index.revoked) + 1
    if entry.id != number:
        raise ConfigurationError(f"entries of a log are numbered from 1 on, got {entry.id!r} in place {number:,}")
    if isinstance(entry, Judgement):
        index.judgements[number] = entry
        for token in tokens(entry):
            index.naming[token] = (*index.naming.get(token, ()), number)
        return
    if entry.revokes not in index.judgements:
        raise UnknownJudgementError(entry.revokes, number - 1)
    if entry.revokes in index.revoked:
        told = f"judgement {entry.revokes} is revoked already, by entry {index.revoked[entry.revokes].id}"
        raise ConfigurationError(told)
    index.revoked[entry.revokes] = entry
