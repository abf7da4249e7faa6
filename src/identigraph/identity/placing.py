"""Rulings by row number: the judgements of an identity graph, and its locks.

Two roads to one outcome: joins for tables of any size, and plain Python for a few records of many.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.errors import ConfigurationError
from identigraph.graph.identity_graph import IdentityGraph
from identigraph.graph.judgements import VERDICTS, Judgements, judged
from identigraph.graph.keys import texts
from identigraph.graph.locking import unlinked
from identigraph.graph.of_records import judgements_of
from identigraph.identity.judgement import JOINING, OF_ONE_GROUP, Key
from identigraph.identity.judgement_log import JudgementLog
from identigraph.identity.rulings import Rulings, between, chains, speaks
from identigraph.pairs import Pairs
from identigraph.records import Records

Ints = npt.NDArray[np.int64]

UNLOCKED = -1
VERDICT_OF = {
    "must_link": "must_link",
    "lock": "must_link",
    "cannot_link": "cannot_link",
    "split": "cannot_link",
    "unsure": "unsure",
}
"""What a kind of judgement says of the pairs that it makes; pins make none."""
MENTIONS: Mapping[str, Any] = {
    "judgement": pl.Int64,
    "kind": pl.String,
    "group": pl.Int64,
    "source": pl.String,
    "record_id": pl.String,
}
TOLD: Mapping[str, Any] = {"judgement_id": pl.Int64, "kind": pl.String, "author": pl.String, "reason": pl.String}


@attrs.frozen(eq=False, repr=False)
class Placed:
    """What judgements ask for, by row number.

    Args:
        judgements: pairs that must be linked, those of locks among them, that cannot be linked, and unsure ones.
        locks: shape (records,): the number of the lock of each record, -1 where it is in none.
        dormant: how many judgements ask for nothing, since too few of their records are there.
    """

    judgements: Judgements
    locks: Ints
    dormant: int = 0

    @classmethod
    def of(cls, judgements: Judgements, records: int) -> Placed:
        """Return judgements about pairs of so many records, of which none is locked."""
        return cls(judgements, np.full(records, UNLOCKED, dtype=np.int64))

    def on(self, graph: IdentityGraph) -> IdentityGraph:
        """Return a graph of the same records with these judgements instead of its own, and with these locks.

        Raises:
            ConfigurationError: the graph has another number of records.
        """
        return unlinked(attrs.evolve(graph, judgements=self.judgements), self.locks)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the caller should know: that judgements are dormant."""
        told = f"{_counted(self.dormant, 'judgement')} of records that are not here, or not enough of them"
        return (told,) if self.dormant else ()

    def __repr__(self) -> str:
        """Return the counts."""
        locked = int((self.locks != UNLOCKED).sum())
        counts = {"pair": len(self.judgements), "locked record": locked, "dormant judgement": self.dormant}
        return f"<Placed: {', '.join(_counted(count, what) for what, count in counts.items())}>"


def place(rulings: Rulings, keys: pl.DataFrame) -> Placed:
    """Return rulings by row number.

    Args:
        rulings: what judgements ask for.
        keys: ``source, record_id`` of all records, in the order of their rows; ids may be numbers.

    Returns:
        With the judgements of the graph come ``judgement_id, kind, author, reason`` of each pair; of pairs that several
        ask for, those of the first.

    Examples:
        >>> from datetime import UTC, datetime
        >>> day = datetime(2026, 1, 1, tzinfo=UTC)
        >>> log = JudgementLog().must_link(("crm", 7), ("web", 1), at=day).lock([("web", 2)], at=day)
        >>> keys = pl.DataFrame({"source": ["web", "crm", "web"], "record_id": [1, 7, 2]})
        >>> placed = place(log.rulings(day), keys)
        >>> placed.judgements.must.left.tolist(), placed.judgements.must.right.tolist(), placed.locks.tolist()
        ([0], [1], [-1, -1, 2])
    """
    here = _mentions(rulings, keys)
    counts = here.group_by("judgement", "kind").agg(records=pl.len(), groups=pl.col("group").n_unique())
    least = pl.when(kind="must_link").then(2).otherwise(1)
    enough = pl.when(pl.col("kind").is_in(OF_ONE_GROUP)).then(pl.col("records") >= least)
    speaking = counts.filter(enough.otherwise(pl.col("groups") >= 2)).height
    return Placed(_judgements(rulings, here), _locks(rulings, here, keys.height), len(rulings) - speaking)


def place_few(rulings: Rulings, keys: Sequence[Key]) -> Placed:
    """Return rulings by row number, as `place` does, in plain Python: fast where records and judgements are few.

    Args:
        rulings: what judgements ask for.
        keys: the keys of all records, in the order of their rows.

    Returns:
        What `place` returns, but for the columns beside the pairs.

    Examples:
        >>> from datetime import UTC, datetime
        >>> day = datetime(2026, 1, 1, tzinfo=UTC)
        >>> rulings = JudgementLog().cannot_link("a", "b", at=day).rulings(day)
        >>> place_few(rulings, [("records", "b"), ("records", "a")])
        <Placed: 1 pair, 0 locked records, 0 dormant judgements>
    """
    number = {key: row for row, key in enumerate(keys)}
    found: dict[str, set[tuple[int, int]]] = {verdict: set() for verdict in VERDICTS}
    locks, dormant = [UNLOCKED] * len(keys), 0
    for judgement, groups in zip(rulings.judgements, rulings.groups, strict=True):
        rows = [sorted(number[key] for key in group if key in number) for group in groups]
        dormant += not speaks(judgement.kind, rows)
        if judgement.kind in VERDICT_OF:
            pairs = chains(rows) if judgement.kind in JOINING else between(rows)
            found[VERDICT_OF[judgement.kind]].update((min(pair), max(pair)) for pair in pairs)
        if judgement.kind == "lock":
            for row in rows[0]:
                locks[row] = judgement.id if locks[row] == UNLOCKED else locks[row]
    must, cannot, unsure = (np.array(sorted(pairs), dtype=np.int32).reshape(-1, 2).T for pairs in found.values())
    told = Judgements(Pairs(*must), Pairs(*cannot), Pairs(*unsure))
    return Placed(told, np.array(locks, dtype=np.int64), dormant)


def place_on(records: Records, judgements: Any) -> Placed:
    """Return judgements about records by row number.

    Args:
        records: the records.
        judgements: `Rulings`; or a table of pairs, see `judgements_of`; None: none.

    Raises:
        ConfigurationError: a log, which holds what was in force at any time.
        ColumnNotFoundError, ConfigurationError, UnknownIdError: it is no such table, or names no such records.
    """
    if isinstance(judgements, Rulings):
        return place(judgements, records.row_keys(np.arange(len(records))))
    if isinstance(judgements, JudgementLog):
        told = "a log of judgements holds those of all times; say of which: judgements=log.rulings(datetime.now(UTC))"
        raise ConfigurationError(told)
    return Placed.of(Judgements() if judgements is None else judgements_of(records, judgements), len(records))


def _mentions(rulings: Rulings, keys: pl.DataFrame) -> pl.DataFrame:
    """Return ``judgement`` (its place), ``kind, group, row`` of each record that there is of each judgement."""
    told = (
        (place, judgement.kind, number, *key)
        for place, (judgement, groups) in enumerate(zip(rulings.judgements, rulings.groups, strict=True))
        for number, group in enumerate(groups)
        for key in group
    )
    ids = texts(keys.get_column("record_id"))
    rows = pl.DataFrame({"source": keys.get_column("source"), "record_id": ids, "row": np.arange(keys.height)})
    here = _frame(told, MENTIONS).join(rows, on=["source", "record_id"])
    return here.select("judgement", "kind", "group", "row").sort("judgement", "row")


def _judgements(rulings: Rulings, here: pl.DataFrame) -> Judgements:
    """Return the judged pairs, with who said so and why."""
    next_one = pl.col("judgement", "row").shift(-1).name.suffix("_right")
    chained = here.filter(pl.col("kind").is_in(JOINING)).with_columns(next_one)
    chained = chained.filter(pl.col("judgement") == pl.col("judgement_right"))
    grouped = here.filter(~pl.col("kind").is_in(OF_ONE_GROUP))
    crossed = grouped.join(grouped, on=["judgement", "kind"]).filter(pl.col("group") < pl.col("group_right"))
    pairs = pl.concat([part.select("judgement", "kind", "row", "row_right") for part in (chained, crossed)])
    said = pairs.get_column("kind").replace_strict(VERDICT_OF, return_dtype=pl.String)
    told = _frame(((one.id, one.kind, one.author, one.reason) for one in rulings.judgements), TOLD)
    left, right = pairs.get_column("row").to_numpy(), pairs.get_column("row_right").to_numpy()
    return judged(left, right, said, told[pairs.get_column("judgement")])


def _locks(rulings: Rulings, here: pl.DataFrame, records: int) -> Ints:
    """Return the lock of each record; of locks of the same records the first."""
    locks = np.full(records, UNLOCKED, dtype=np.int64)
    locked = here.filter(kind="lock").reverse()
    ids = np.array([judgement.id for judgement in rulings.judgements], dtype=np.int64)
    locks[locked.get_column("row").to_numpy()] = ids[locked.get_column("judgement").to_numpy()]
    return locks


def _frame(rows: Iterable[tuple[Any, ...]], schema: Mapping[str, Any]) -> pl.DataFrame:
    """Return rows of Python values as a table."""
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pl.DataFrame(
        [pl.Series(name, column, dtype=schema[name]) for name, column in zip(schema, columns, strict=True)]
    )


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'s'[: count != 1]}"
