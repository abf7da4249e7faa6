"""What judgements ask for: which records go together, which stay apart, which ids are kept; by key or by row number.

Judgements speak of the records that there are: a record that is not there is left out, and one whose judgement says
nothing of the others is *dormant* until it comes back.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain, combinations, pairwise, product
from typing import Self, TypeAlias, TypeVar

import attrs

from identigraph.identity.contradictions import check
from identigraph.identity.judgement import JOINING, OF_ONE_GROUP, PARTING, Groups, Judgement, Key

T = TypeVar("T")
KeyPair: TypeAlias = tuple[Key, Key]


@attrs.frozen(eq=False, repr=False)
class Rulings:
    """What judgements ask for; made by `Rulings.of`, or by `JudgementLog.rulings`.

    Args:
        judgements: those in force; they do not contradict each other.
        groups: of each, the groups of the records that there are.

    Examples:
        >>> from datetime import UTC, datetime
        >>> day = datetime(2026, 1, 1, tzinfo=UTC)
        >>> rulings = Rulings.of([Judgement(1, "must_link", [["a", "b", "c"]], at=day)])
        >>> [(left[1], right[1]) for left, right in rulings.must]
        [('a', 'b'), ('b', 'c')]
    """

    judgements: tuple[Judgement, ...]
    groups: tuple[Groups, ...]

    @classmethod
    def of(cls, judgements: Iterable[Judgement], *, known: Container[Key] | None = None) -> Self:
        """Return what judgements ask for.

        Args:
            judgements: all of them in force.
            known: the keys of the records that there are; None: any.

        Raises:
            JudgementConflictError: they contradict each other, also where it takes records that are not there.
        """
        told = tuple(judgements)
        check(told)
        groups = (judgement.groups if known is None else _among(judgement.groups, known) for judgement in told)
        return cls(told, tuple(groups))

    @cached_property
    def must(self) -> tuple[KeyPair, ...]:
        """Pairs that are one entity, by must-links and locks: chains, of each group one."""
        return tuple(chain.from_iterable(chains(groups) for groups in self._by(JOINING)))

    @cached_property
    def cannot(self) -> tuple[KeyPair, ...]:
        """Pairs that are not one entity: of a cannot-link or a split all pairs between two groups."""
        return tuple(chain.from_iterable(between(groups) for groups in self._by(PARTING)))

    @cached_property
    def unsure(self) -> tuple[KeyPair, ...]:
        """Pairs of which nobody could tell."""
        return tuple(chain.from_iterable(between(groups) for groups in self._by(("unsure",))))

    @cached_property
    def pins(self) -> dict[Key, str]:
        """By record, the id that its entity keeps."""
        return {key: judgement.entity_id or "" for key, judgement in self._single("pin")}

    @cached_property
    def locks(self) -> dict[Key, int]:
        """By record, the number of its lock: the id of the judgement, of several of the same records the lowest."""
        return {key: judgement.id for key, judgement in reversed(list(self._single("lock")))}

    @cached_property
    def dormant(self) -> tuple[Judgement, ...]:
        """The judgements that ask for nothing, since too few of their records are there."""
        told = zip(self.judgements, self.groups, strict=True)
        return tuple(judgement for judgement, groups in told if not speaks(judgement.kind, groups))

    def __len__(self) -> int:
        """Return the number of judgements."""
        return len(self.judgements)

    def __repr__(self) -> str:
        """Return the counts; never a record."""
        count = len(self)
        return f"<Rulings: {count:,} judgement{'s'[: count != 1]}, {len(self.dormant):,} dormant>"

    def _by(self, kinds: Sequence[str]) -> Iterator[Groups]:
        """Yield the groups of judgements of some kinds."""
        told = zip(self.judgements, self.groups, strict=True)
        return (groups for judgement, groups in told if judgement.kind in kinds)

    def _single(self, kind: str) -> Iterator[tuple[Key, Judgement]]:
        """Yield the records of judgements of a kind of one group."""
        for judgement, groups in zip(self.judgements, self.groups, strict=True):
            if judgement.kind == kind:
                for key in groups[0]:
                    yield key, judgement


def chains(groups: Iterable[Sequence[T]]) -> Iterator[tuple[T, T]]:
    """Yield pairs that join the records of each group.

    Examples:
        >>> list(chains([[1, 2, 3], [4, 5]]))
        [(1, 2), (2, 3), (4, 5)]
    """
    return chain.from_iterable(map(pairwise, groups))


def between(groups: Iterable[Sequence[T]]) -> Iterator[tuple[T, T]]:
    """Yield all pairs of records of different groups.

    Examples:
        >>> list(between([[1, 2], [3], [4]]))
        [(1, 3), (2, 3), (1, 4), (2, 4), (3, 4)]
    """
    return chain.from_iterable(product(one, other) for one, other in combinations(groups, 2))


def speaks(kind: str, groups: Iterable[Sequence[object]]) -> bool:
    """Return whether a judgement asks for anything, when these of its records are there.

    Examples:
        >>> speaks("must_link", [["a"]]), speaks("lock", [["a"]]), speaks("split", [["a", "b"], []])
        (False, True, False)
    """
    there = [len(group) for group in groups]
    return sum(there) > (kind == "must_link") if kind in OF_ONE_GROUP else sum(map(bool, there)) > 1


def _among(groups: Groups, known: Container[Key]) -> Groups:
    return tuple(tuple(key for key in group if key in known) for group in groups)
