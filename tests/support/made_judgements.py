"""Random judgements of a few records, and whether entities can be as they all say, found by trying all partitions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any

import attrs
from hypothesis import strategies as st

from identigraph.errors import JudgementConflictError
from identigraph.identity import Judgement, JudgementLog
from identigraph.identity.judgement import KINDS, Key

LETTERS = "abcde"
EVERY = tuple(("records", letter) for letter in LETTERS)
IDS = ("X", "Y")
START = datetime(2026, 1, 1, tzinfo=UTC)
Partition = list[set[Key]]


def day(number: int) -> datetime:
    """Return a time."""
    return START + timedelta(days=number)


def judgement(kind: str, *groups: str, id: int = 1, at: int = 0, **told: Any) -> Judgement:  # noqa: A002
    """Return a judgement of records called by single letters."""
    entity_id = told.pop("entity_id", "X" if kind == "pin" else None)
    return Judgement(id, kind, [list(group) for group in groups], at=day(at), entity_id=entity_id, **told)


@st.composite
def judgements(draw: Any, *, id: int = 1, timed: bool = False) -> Judgement:  # noqa: A002
    """Draw a judgement."""
    kind = draw(st.sampled_from([kind for kind in KINDS if timed or kind != "unsure"]))
    letters = draw(st.permutations(LETTERS))
    if kind in ("cannot_link", "unsure"):
        groups = letters[: draw(st.integers(2, 3))]
    elif kind == "split":
        first, second = draw(st.integers(1, 2)), draw(st.integers(1, 3))
        groups = [letters[:first], letters[first : first + second]]
    else:
        groups = [letters[: draw(st.integers(2 if kind == "must_link" else 1, 3))]]
    told: dict[str, Any] = {"entity_id": draw(st.sampled_from(IDS))} if kind == "pin" else {}
    if timed:
        told["at"] = draw(st.integers(0, 3))
        told["expires"] = draw(st.none() | st.integers(1, 3).map(lambda days: day(told["at"] + days)))
    return judgement(kind, *groups, id=id, **told)


@st.composite
def several(draw: Any, most: int = 6) -> list[Judgement]:
    """Draw judgements that are all in force, whether they contradict each other or not."""
    return [draw(judgements(id=number)) for number in range(1, draw(st.integers(1, most)) + 1)]


@st.composite
def logs(draw: Any, most: int = 6) -> JudgementLog:
    """Draw a log; what contradicts it is left out, and some of it is revoked."""
    log = JudgementLog()
    for _ in range(draw(st.integers(0, most))):
        new = draw(judgements(timed=True))
        try:
            log = added(log, new)
        except JudgementConflictError:
            continue
        if draw(st.integers(0, 3)) == 0:
            log = log.revoke(len(log), at=new.at + timedelta(days=draw(st.integers(0, 2))), author="eve")
    return log


def added(log: JudgementLog, new: Judgement) -> JudgementLog:
    """Return a log with a judgement, by the method of its kind."""
    told = {"at": new.at, "expires": new.expires, "author": new.author, "reason": new.reason}
    if new.kind == "pin":
        return log.pin(new.records, str(new.entity_id), **told)
    if new.kind == "lock":
        return log.lock(new.records, **told)
    if new.kind == "split":
        return log.split(*new.groups, **told)
    return getattr(log, new.kind)(*new.records, **told)


def unnumbered(some: Iterable[Judgement]) -> list[Judgement]:
    """Return judgements in an order of their own, without the ids that tell which came first."""
    return sorted((attrs.evolve(one, id=1) for one in some), key=repr)


def can_be(some: Iterable[Judgement]) -> bool:
    """Return whether there is a partition of the records as all judgements say."""
    told = list(some)
    return any(as_told(partition, told) for partition in partitions(list(EVERY)))


def partitions(records: list[Key]) -> Iterator[Partition]:
    """Yield all partitions of some records."""
    if not records:
        yield []
        return
    first, *rest = records
    for partition in partitions(rest):
        yield [{first}, *partition]
        for place, part in enumerate(partition):
            yield [*partition[:place], {first, *part}, *partition[place + 1 :]]


def as_told(partition: Partition, some: list[Judgement]) -> bool:
    """Return whether a partition is as judgements say: a pinned id is on one entity, and no entity has two ids."""
    of = {key: place for place, part in enumerate(partition) for key in part}
    named: dict[str, set[int]] = {}
    for one in some:
        places = [{of[key] for key in group} for group in one.groups]
        if one.kind in ("must_link", "lock") and len(places[0]) > 1:
            return False
        if one.kind == "lock" and partition[min(places[0])] != set(one.records):
            return False
        if one.kind in ("cannot_link", "split") and any(a & b for a, b in combinations(places, 2)):
            return False
        if one.kind == "pin":
            named.setdefault(str(one.entity_id), set()).update(places[0])
    return all(len(places) == 1 for places in named.values()) and len(set.union(set(), *named.values())) == len(named)
