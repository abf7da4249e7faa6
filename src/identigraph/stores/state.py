"""What a store holds in memory: a resolution, the numbers of its records, and what people decided."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl
from polars.exceptions import PolarsError

from identigraph.changing import Named
from identigraph.errors import ConfigurationError, IdentigraphError, StoreError
from identigraph.identity import Event, Events, JudgementLog, Register, Rulings, place_on
from identigraph.identity.events import Key, as_time
from identigraph.identity.issued import as_table
from identigraph.identity.lists import list_column
from identigraph.live.parts import Parts
from identigraph.pairs import Pairs
from identigraph.records import Records
from identigraph.resolution import Resolution
from identigraph.stores.keeper import Session
from identigraph.stores.reading import Read, assigned_by, id_type
from identigraph.stores.tables import TABLES, Delta
from identigraph.updating import Naming

Ints = npt.NDArray[np.int64]


@attrs.frozen(eq=False, repr=False, slots=False)
class State:
    """The state of a store after a change.

    Args:
        whole: the resolution, or what a store read, of which it is made when it is asked for.
        numbers: shape (records,): the number of the version of each record; rising with the order of arrival.
        log: the judgements of people.
        change: the number of the last change.
        at: the time of the last change; what people said by then holds.
        highest: the highest number ever given to a record.
    """

    whole: Resolution | Read
    numbers: Ints
    log: JudgementLog
    change: int
    at: datetime
    highest: int

    @classmethod
    def first(cls, resolution: Resolution, at: datetime) -> State:
        """Return the state of a store that begins with a resolution: each entity is created.

        Raises:
            StoreError: records have no ids, or ids of another type than whole numbers and text; the resolver has not
                learned, ids of the resolution are merged already, or it was made with judgements of another time.
        """
        if not resolution.records.has_ids:
            raise StoreError("records without ids cannot be found again: resolve with id=...")
        id_type(resolution.records)
        if resolution.resolver.settled is None:
            raise StoreError("a store begins with what Resolver.resolve returned; this resolver has not learned")
        before, log = resolution.register, _log_of(resolution, at)
        if isinstance(resolution.judged, Rulings) and len(log.active(at)) < len(log):
            raise StoreError(
                "judgements of the resolution are not in force when the store begins: give their time as at"
            )
        if len(before.issued) > len(before):
            raise StoreError(
                "ids of this resolution were merged or retired by its updates, which a store would know nothing of: "
                "begin with the resolution that resolve returned, and make the updates in the store"
            )
        created = [Event(1, at, "created", i, records=keys) for i, keys in before.entities.items()]
        happened = Events(tuple(sorted(created, key=lambda event: event.records)))
        register = Register()
        register.apply(happened)
        resolution = attrs.evolve(resolution, assigned=assigned_by(resolution.records, register, happened))
        numbers = resolution.records.position.argsort().argsort() + 1
        return cls(resolution, numbers, log, 1, at, len(numbers))

    @classmethod
    def of(cls, session: Session) -> State:
        """Return the state that a session reads.

        Raises:
            StoreError: what is read does not go together.
        """
        try:
            read = Read.of(session)
        except (LookupError, ValueError, PolarsError) as error:
            told = f" ({error})" if isinstance(error, IdentigraphError) else ""
            raise StoreError(f"what the store holds does not go together{told}: something else changed it") from error
        return cls(read, read.numbers, read.log, read.change, read.at, read.highest)

    def followed(self, resolution: Resolution, log: JudgementLog, at: datetime) -> State:
        """Return the state after an update of the resolution, at a time."""
        before, came = resolution.row_before, resolution.row_before < 0
        numbers = np.empty(len(before), dtype=np.int64)
        numbers[~came] = self.numbers[before[~came]]
        arrival = np.argsort(resolution.records.position[came], kind="stable")
        numbers[np.flatnonzero(came)[arrival]] = self.highest + 1 + np.arange(int(came.sum()))
        return State(resolution, numbers, log, self.change + 1, at, self.highest + int(came.sum()))

    def judged(self, at: datetime) -> Resolution:
        """Return the resolution with the judgements that are in force at a time; its entities are as they were."""
        rulings = self.log.rulings(at)
        placed = place_on(self.resolution.records, rulings)
        graph = attrs.evolve(self.resolution.graph, judgements=placed.judgements)
        return attrs.evolve(self.resolution, judged=rulings, graph=graph, locks=placed.locks)

    def renewed(self, resolution: Resolution, at: datetime, **naming: Any) -> State:
        """Return the state after its records were resolved anew at a time; the arguments are those of `Naming`."""
        row = _rows_of(self.resolution.records, resolution.records)
        resolution = attrs.evolve(resolution, row_before=row)
        told = Naming(at=at, **naming).assigned(self.resolution, resolution, resolution.judged.pins)
        return self.followed(attrs.evolve(resolution, assigned=told), self.log, at)

    @property
    def resolution(self) -> Resolution:
        """Records, evidence, entities."""
        return self.whole.resolution if isinstance(self.whole, Read) else self.whole

    @property
    def register(self) -> Register:
        """Every id that was issued, and what became of it."""
        return self.whole.register

    @property
    def named(self) -> Named:
        """How tables call ids and sources."""
        return self.whole.named

    @cached_property
    def parts(self) -> Parts:
        """What a live index is made of."""
        read = self.whole
        told = (read.resolver, read.records, read.scored, read.patterns, read.register, read.pending)
        return Parts(*told, whole=lambda: self.resolution)

    @property
    def as_delta(self) -> Delta:
        """What makes the state of empty tables."""
        register = self.register
        put = {
            "policies": self._policy,
            "records": self._rows(np.arange(len(self.numbers))),
            "pairs": self._pairs,
            "siblings": self._siblings,
            "chains": _chains(register, [*register.present, *register.left]),
            "ids": as_table(register.issued),
            "events": _told(self.resolution.events),
            "judgements": _entries(self.log, 0),
        }
        return Delta({**put, **self._now})

    def since(self, before: State) -> Delta:
        """Return what makes the tables of this state of those of the one before it."""
        happened, register = self.resolution.events, self.register
        keys = before.register.copy().apply(happened)
        concerned = {i for event in happened for i in (event.entity_id, *event.other_ids)}
        went = pl.DataFrame({"number": np.setdiff1d(before.numbers, self.numbers, assume_unique=True)})
        pairs, without = _difference(before._pairs, self._pairs)
        siblings, apart = _difference(before._siblings, self._siblings)
        put = {
            "records": self._rows(np.flatnonzero(self.numbers > before.highest)),
            "ended": went.with_columns(went=pl.lit(self.change, dtype=pl.Int64)),
            "pairs": pairs,
            "siblings": siblings,
            "chains": _chains(register, keys),
            "ids": as_table({entity_id: register.issued[entity_id] for entity_id in concerned}),
            "events": _told(happened),
            "judgements": _entries(self.log, len(before.log)),
        }
        if self.resolution.resolver is not before.resolution.resolver:
            put["policies"] = self._policy
        left = before._now["pending"].join(self._now["pending"], on="number", how="anti")
        return Delta({**put, **self._now}, {"pairs": without, "siblings": apart, "pending": left})

    @property
    def _policy(self) -> pl.DataFrame:
        policy = json.dumps(self.resolution.resolver.to_dict(), ensure_ascii=False)
        return TABLES["policies"].frame([(self.change, policy)])

    @property
    def _now(self) -> dict[str, pl.DataFrame]:
        """The rows that tell the state as a whole."""
        records = self.resolution.records
        settings = {
            "columns": records.table.columns,
            "lists": sorted(records.lists),
            "has_sources": records.has_sources,
            "ids": id_type(records),
            "named": attrs.asdict(self.resolution.named),
        }
        meta = {
            "change": str(self.change),
            "at": self.at.isoformat(),
            "highest": str(self.highest),
            "settings": json.dumps(settings),
        }
        pending = pl.DataFrame({"number": self.numbers[self.resolution.pending]})
        return {"meta": TABLES["meta"].frame(list(meta.items())), "pending": pending}

    @property
    def _pairs(self) -> pl.DataFrame:
        scored, patterns = self.resolution.scored, self.resolution.patterns
        asked = pl.repeat(None, len(scored) - len(patterns), dtype=pl.Int64, eager=True)
        return self._numbered(Pairs(scored.left, scored.right)).with_columns(
            pattern=pl.concat([pl.Series(patterns, dtype=pl.Int64), asked]),
            weight=pl.Series(scored.match_weight.astype(np.float64)),
            probability=pl.Series(scored.match_probability.astype(np.float64)),
        )

    @property
    def _siblings(self) -> pl.DataFrame:
        found = self.resolution.siblings
        return self._numbered(found.pairs).with_columns(probability=pl.Series(found.probability, dtype=pl.Float64))

    def _numbered(self, pairs: Pairs) -> pl.DataFrame:
        one, other = self.numbers[pairs.left], self.numbers[pairs.right]
        return pl.DataFrame({"one": np.minimum(one, other), "other": np.maximum(one, other)})

    def _rows(self, rows: Ints) -> pl.DataFrame:
        """Return some records as rows of their table."""
        records = self.resolution.records
        return TABLES["records"].frame(
            records.row_keys(rows).with_columns(
                number=pl.Series(self.numbers[rows]),
                content=contents(records.table[rows]),
                came=pl.lit(self.change, dtype=pl.Int64),
            )
        )


def contents(columns: pl.DataFrame) -> pl.Series:
    """Return each row as a JSON object.

    Examples:
        >>> contents(pl.DataFrame({"name": ["Ann", None], "city": ["Bern", "Genf"]})).to_list()
        ['{"name":"Ann","city":"Bern"}', '{"name":null,"city":"Genf"}']
    """
    if not columns.width:
        return pl.repeat("{}", columns.height, dtype=pl.String, eager=True)
    return columns.select(pl.struct(pl.all()).struct.json_encode()).to_series()


def _log_of(resolution: Resolution, at: datetime) -> JudgementLog:
    """Return what people said of the records of a resolution, as a log."""
    log, judged = JudgementLog(), resolution.judged
    if judged is None:
        return log
    if isinstance(judged, Rulings):
        return JudgementLog(tuple(attrs.evolve(each, id=n) for n, each in enumerate(judged.judgements, 1)))
    keys = resolution.records.keys
    told = resolution.graph.judgements
    for add, pairs in (
        (JudgementLog.must_link, told.must),
        (JudgementLog.cannot_link, told.cannot),
        (JudgementLog.unsure, told.unsure),
    ):
        for left, right in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True):
            log = add(log, keys[left], keys[right], at=at, reason="given with the records")
    return log


def _rows_of(before: Records, now: Records) -> Ints:
    """Return the row that each record had before."""
    keys = before.row_keys(np.arange(len(before))).cast(pl.String).with_row_index("row")
    asked = now.row_keys(np.arange(len(now))).cast(pl.String)
    joined = asked.join(keys, on=["source", "record_id"], how="left", maintain_order="left")
    return joined.get_column("row").cast(pl.Int64).to_numpy()


def _difference(before: pl.DataFrame, now: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows that came or changed, and those whose pair is gone."""
    came = now.join(before, on=list(now.columns), how="anti", nulls_equal=True)
    return came, before.join(now, on=["one", "other"], how="anti")


def _chains(register: Register, keys: Collection[Key]) -> pl.DataFrame:
    """Return the chains of some records as rows of their table."""
    told = sorted(keys)
    sources, ids = ([key[side] for key in told] for side in (0, 1))
    chains = [register.present.get(key) or register.left[key] for key in told]
    return pl.DataFrame(
        [
            pl.Series("source", sources, dtype=pl.String),
            pl.Series("record_id", ids, dtype=pl.String),
            list_column("chain", chains, pl.String),
            pl.Series("is_present", [key in register.present for key in told], dtype=pl.Boolean),
        ]
    )


def _told(happened: Events) -> pl.DataFrame:
    """Return events as rows of their table, their places those in their change."""
    return happened.table.to_polars().with_columns(place=pl.int_range(pl.len()).over("change"))


def _entries(log: JudgementLog, known: int) -> pl.DataFrame:
    """Return the entries of a log behind the first ones, as rows of their table."""
    return log.since(known).to_polars().with_columns(place=pl.int_range(pl.len()).over("id"))


def time_of(at: datetime | None, last: datetime) -> datetime:
    """Return the time of a change, which is not before that of the last one; clocks differ.

    Raises:
        ConfigurationError: the one given is, or has no zone.
    """
    if at is None:
        return max(datetime.now(UTC), last)
    if as_time(at) < last:
        raise ConfigurationError(f"a change follows the last one, made at {last.isoformat()}; got {at.isoformat()}")
    return as_time(at)
