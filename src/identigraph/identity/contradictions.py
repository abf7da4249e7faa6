"""Contradictions: judgements that no set of entities can follow at once, with the judgements they come from.

Five sorts: records are kept apart that others join; a must-link leads out of a lock; two locks share a part of their
records; records that are joined are pinned to two ids; records that are kept apart are pinned to one. Where none of
these is found, there are entities as all judgements say.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import TypeAlias

import attrs
import numpy as np

from identigraph.components import connected_components
from identigraph.errors import JudgementConflictError
from identigraph.identity.judgement import JOINING, PARTING, Judgement, Key

SHOWN = 8
"""How many judgements of a chain are told in words."""

Part: TypeAlias = int | Key
"""What joined records have in common: a number; a record that nothing joins is a part of its own."""


@attrs.frozen
class Contradiction:
    """Judgements that cannot all be followed.

    Args:
        judgements: the judgements, each once.
        pair: two records that would be one entity, and would not.
        told: what contradicts what, in words.
    """

    judgements: tuple[Judgement, ...]
    pair: tuple[Key, Key]
    told: str


@attrs.frozen
class Pinned:
    """A record that a pin names."""

    pin: Judgement
    key: Key


@attrs.frozen(eq=False)
class Joined:
    """Which records must-links and locks make one entity.

    Args:
        judgements: must-links and locks.
        part: what the records of each of them have in common.
    """

    judgements: Sequence[Judgement]
    part: Mapping[Key, int]

    @classmethod
    def by(cls, judgements: Sequence[Judgement]) -> Joined:
        """Return what judgements join.

        Examples:
            >>> from datetime import UTC, datetime
            >>> day = datetime(2026, 1, 1, tzinfo=UTC)
            >>> joined = Joined.by([Judgement(1, "must_link", [["a", "b"]], at=day)])
            >>> joined.of(("records", "a")) == joined.of(("records", "b")), joined.of(("records", "c"))
            (True, ('records', 'c'))
        """
        number: dict[Key, int] = {}
        left, right = [], []
        for judgement in judgements:
            first, *others = (number.setdefault(key, len(number)) for key in judgement.records)
            left += [first] * len(others)
            right += others
        ends = np.array(left, dtype=np.int64), np.array(right, dtype=np.int64)
        return cls(judgements, dict(zip(number, connected_components(len(number), *ends).tolist(), strict=True)))

    def of(self, key: Key) -> Part:
        """Return what a record has in common with those it is joined with."""
        return self.part.get(key, key)

    def chain(self, sources: Collection[Key], targets: Collection[Key]) -> tuple[Judgement, ...]:
        """Return the fewest judgements that lead from one of some records to one of others."""
        came: dict[Key, tuple[Judgement, ...]] = dict.fromkeys(sources, ())
        ahead, wanted = deque(sources), set(targets)
        while ahead:
            key = ahead.popleft()
            if key in wanted:
                return came[key]
            for judgement in self._naming.get(key, ()):
                for other in judgement.records:
                    if other not in came:
                        came[other] = (*came[key], judgement)
                        ahead.append(other)
        return ()

    @cached_property
    def _naming(self) -> Mapping[Key, list[Judgement]]:
        naming: dict[Key, list[Judgement]] = {}
        for judgement in self.judgements:
            for key in judgement.records:
                naming.setdefault(key, []).append(judgement)
        return naming


def check(judgements: Iterable[Judgement]) -> None:
    """Check that judgements do not contradict each other.

    Raises:
        JudgementConflictError: they do.
    """
    found = list(contradictions(judgements))
    if found:
        pairs = [(":".join(one), ":".join(other)) for one, other in (each.pair for each in found)]
        ids = [tuple(judgement.id for judgement in each.judgements) for each in found]
        raise JudgementConflictError(pairs, ids, [each.told for each in found])


def contradictions(judgements: Iterable[Judgement]) -> Iterator[Contradiction]:
    """Yield what contradicts each other among judgements that are all in force: nothing, or at least one of each set.

    Examples:
        >>> from datetime import UTC, datetime
        >>> day = datetime(2026, 1, 1, tzinfo=UTC)
        >>> same = Judgement(1, "must_link", [["a", "b"]], at=day, author="ann")
        >>> other = Judgement(2, "cannot_link", [["a"], ["b"]], at=day)
        >>> [found.told for found in contradictions([same, other])]
        ["cannot_link 2 keeps apart what must_link 1 by 'ann' joins"]
    """
    by_kind: dict[str, list[Judgement]] = {}
    for judgement in judgements:
        by_kind.setdefault(judgement.kind, []).append(judgement)
    joining, parting = ([one for kind in kinds for one in by_kind.get(kind, [])] for kinds in (JOINING, PARTING))
    joined = Joined.by(joining)
    locked: dict[Key, tuple[Judgement, ...]] = {}
    yield from _overlapping(by_kind.get("lock", ()), locked)
    yield from _leaving(by_kind.get("must_link", ()), locked)
    yield from _parting(parting, joined)
    pinned: dict[Part, list[Pinned]] = {}
    for pin in by_kind.get("pin", ()):
        for key in pin.records:
            pinned.setdefault(joined.of(key), []).append(Pinned(pin, key))
    if pinned:
        yield from _with_two_ids(pinned, joined)
        yield from _with_one_id(pinned, parting, joined)
        yield from _with_one_id_locked(pinned, locked)


def _overlapping(locks: Iterable[Judgement], locked: dict[Key, tuple[Judgement, ...]]) -> Iterator[Contradiction]:
    """Yield locks that share a part of their records; `locked` is told the locks of each record, equal ones once."""
    for lock in locks:
        others = _once(chain.from_iterable(locked.get(key, ()) for key in lock.records))
        if any(other.groups == lock.groups for other in others):
            continue
        for other in others:
            mine, theirs = set(lock.records), set(other.records)
            told = f"{lock.told} and {other.told} share some of their records, not all"
            yield _found(told, (lock, other), (min(mine & theirs), min(mine ^ theirs)))
        for key in lock.records:
            locked[key] = (*locked.get(key, ()), lock)


def _leaving(must_links: Iterable[Judgement], locked: Mapping[Key, Sequence[Judgement]]) -> Iterator[Contradiction]:
    """Yield must-links of records in a lock with others."""
    for must in must_links:
        for lock, pair in _left(must.records, locked):
            yield _found(f"{must.told} leads out of {lock.told}", (must, lock), pair)


def _parting(parting: Iterable[Judgement], joined: Joined) -> Iterator[Contradiction]:
    """Yield cannot-links and splits of records that are joined."""
    for judgement in parting:
        seen: dict[Part, tuple[int, Key]] = {}
        for place, key in _placed(judgement):
            first, one = seen.setdefault(joined.of(key), (place, key))
            if first != place:
                links = joined.chain(judgement.groups[first], judgement.groups[place])
                told = f"{judgement.told} keeps apart what {_told(links)} join{'s'[: len(links) == 1]}"
                yield _found(told, (judgement, *links), (one, key))
                break


def _with_two_ids(pinned: Mapping[Part, Sequence[Pinned]], joined: Joined) -> Iterator[Contradiction]:
    """Yield pins of joined records, or of one, to two ids."""
    for first, *others in pinned.values():
        for other in others:
            if other.pin.entity_id != first.pin.entity_id:
                links = joined.chain({first.key}, {other.key})
                what = f"what {_told(links)} join{'s'[: len(links) == 1]}" if links else "one record"
                told = f"{first.pin.told} and {other.pin.told} give two ids to {what}"
                yield _found(told, (first.pin, other.pin, *links), (first.key, other.key))
                break


def _with_one_id(
    pinned: Mapping[Part, Sequence[Pinned]], parting: Iterable[Judgement], joined: Joined
) -> Iterator[Contradiction]:
    """Yield pins of records to one id that a cannot-link or a split keeps apart, them or what they are joined with."""
    for judgement in parting:
        seen: dict[str | None, tuple[int, Pinned, Key]] = {}
        for place, key in _placed(judgement):
            for here in pinned.get(joined.of(key), ())[:1]:
                first, there, end = seen.setdefault(here.pin.entity_id, (place, here, key))
                if first != place and joined.of(end) != joined.of(key):
                    links = (*joined.chain({end}, {there.key}), *joined.chain({key}, {here.key}))
                    both = _once((there.pin, here.pin))
                    by = f"{judgement.told} with {_told(links)}" if links else judgement.told
                    told = f"{_told(both)} give{'s'[: len(both) == 1]} one id to what {by} keeps apart"
                    yield _found(told, (*both, judgement, *links), (there.key, here.key))


def _with_one_id_locked(
    pinned: Mapping[Part, Sequence[Pinned]], locked: Mapping[Key, Sequence[Judgement]]
) -> Iterator[Contradiction]:
    """Yield pins to one id of records in a lock and of others."""
    by_id: dict[str | None, dict[Key, Judgement]] = {}
    for each in chain.from_iterable(pinned.values()):
        by_id.setdefault(each.pin.entity_id, {}).setdefault(each.key, each.pin)
    for pins in by_id.values():
        for lock, (one, other) in _left(pins, locked):
            both = _once((pins[one], pins[other]))
            told = f"{_told(both)} give{'s'[: len(both) == 1]} one id to records inside and outside of {lock.told}"
            yield _found(told, (*both, lock), (one, other))


def _left(
    keys: Collection[Key], locked: Mapping[Key, Sequence[Judgement]]
) -> Iterator[tuple[Judgement, tuple[Key, Key]]]:
    """Yield the locks that hold some of the records but not all, each with a record inside and one outside."""
    for lock in _once(chain.from_iterable(locked.get(key, ()) for key in keys)):
        held = set(lock.records)
        outside = [key for key in keys if key not in held]
        if outside:
            yield lock, (next(key for key in keys if key in held), outside[0])


def _placed(judgement: Judgement) -> Iterator[tuple[int, Key]]:
    """Yield the records of a judgement, each with the place of its group."""
    for place, group in enumerate(judgement.groups):
        for key in group:
            yield place, key


def _found(told: str, judgements: Iterable[Judgement], pair: tuple[Key, Key]) -> Contradiction:
    return Contradiction(_once(judgements), pair, told)


def _once(judgements: Iterable[Judgement]) -> tuple[Judgement, ...]:
    return tuple({judgement.id: judgement for judgement in judgements}.values())


def _told(judgements: Sequence[Judgement]) -> str:
    """Return judgements in words: of a long chain its first, and how many more there are."""
    rest = len(judgements) - SHOWN
    shown = [judgement.told for judgement in judgements[:SHOWN]]
    return ", ".join([*shown, *([f"{rest:,} more"] if rest > 0 else [])])
