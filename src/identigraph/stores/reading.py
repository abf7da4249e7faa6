"""What the tables of a store tell: the resolution, the numbers of its records, what people decided."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.changing import Named
from identigraph.errors import StoreError
from identigraph.graph import Clusters, ScoredPairs
from identigraph.graph.of_records import graph_of
from identigraph.identity import Assignment, Events, JudgementLog, Register, place_on
from identigraph.notes import quietly
from identigraph.pairs import Mask, Pairs
from identigraph.records import Records
from identigraph.records.rows import Rows
from identigraph.resolution import Resolution
from identigraph.resolver import Resolver
from identigraph.siblings import Siblings
from identigraph.stores.keeper import Session
from identigraph.table import Table

Ints = npt.NDArray[np.int64]

WHOLE = (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64)
ID_TYPES: Mapping[str, Any] = {str(dtype): dtype for dtype in (pl.String, *WHOLE)}
"""The types that ids of records may have, by their names."""


@attrs.frozen(eq=False, repr=False, slots=False)
class Read:
    """What the tables of a store tell; what it takes long to make of it is made when it is asked for.

    Args:
        resolver: that has learned.
        records: with its fields.
        numbers: shape (records,): the number of the version of each record.
        register: every id that was issued.
        scored: the scored pairs.
        patterns: how those agree that blocking proposed.
        pending: shape (records,): which are to be resolved again.
        log: the judgements of people.
        change: the number of the last change.
        at: the time of the last change; what people said by then holds.
        highest: the highest number ever given to a record.
        named: how tables call ids and sources.
        siblings: pairs that the model takes for siblings.
    """

    resolver: Resolver
    records: Records
    numbers: Ints
    register: Register
    scored: ScoredPairs
    patterns: Ints
    pending: Mask
    log: JudgementLog
    change: int
    at: datetime
    highest: int
    named: Named
    siblings: Siblings

    @classmethod
    def of(cls, session: Session) -> Read:
        """Return what a session reads.

        Raises:
            StoreError: a single value is missing.
            LookupError, ValueError, PolarsError: the tables do not go together.
        """
        told, at = json.loads(_value(session, "settings")), datetime.fromisoformat(_value(session, "at"))
        policies = session.read("policies").sort("change")
        resolver = Resolver.from_dict(json.loads(policies.get_column("policy")[-1]))
        records, numbers = _records(session, told, resolver)
        register = Register.of(
            session.read("chains").with_columns(entity_id=pl.col("chain").list.last()), ids=session.read("ids")
        )
        if register.present.keys() != set(records.keys):
            raise ValueError("records without an entity, or entities without records")
        scored, patterns = _scored(session, numbers)
        related = session.read("siblings")
        return cls(
            resolver,
            records,
            numbers,
            register,
            scored,
            patterns,
            np.isin(numbers, session.read("pending").get_column("number").to_numpy()),
            JudgementLog.of(session.read("judgements")),
            int(_value(session, "change")),
            at,
            int(_value(session, "highest")),
            Named(**told["named"]),
            Siblings(_pairs_of(related, numbers), related.get_column("probability").to_numpy()),
        )

    @cached_property
    def resolution(self) -> Resolution:
        """The resolution."""
        resolver, records, judged = self.resolver, self.records, self.log.rulings(self.at)
        placed = place_on(records, judged)
        graph = graph_of(
            records,
            self.scored,
            namespaces=resolver.namespaces,
            observed_at=resolver.observed_at,
            judgements=placed.judgements,
            one_per_source=resolver.unique,
        )
        entity = pl.Series([self.register.present[key][-1] for key in records.keys], dtype=pl.String)
        with quietly():
            reports = resolver.blocking.candidates(records).reports
        return Resolution(
            records,
            resolver,
            graph,
            Clusters.of(entity.rank("dense").to_numpy().astype(np.int64)),
            reports,
            0,
            (),
            siblings=self.siblings,
            patterns=self.patterns,
            judged=judged,
            assigned=assigned_by(records, self.register, Events()),
            locks=placed.locks,
            pending=self.pending,
            named=self.named,
        )


def id_type(records: Records) -> str:
    """Return the name of the type of ids.

    Raises:
        StoreError: ids are neither whole numbers nor text.
    """
    name = str(records.ids.dtype)
    if name not in ID_TYPES:
        raise StoreError(f"ids are of type {name}, and a store finds whole numbers and text again: resolve with those")
    return name


def _value(session: Session, name: str) -> str:
    """Return a single value.

    Raises:
        StoreError: there is none.
    """
    found = session.value(name)
    if found is None:
        raise StoreError(f"the store lacks its {name!r}: it is damaged, or was not written by identigraph")
    return found


def _records(session: Session, told: Mapping[str, Any], resolver: Resolver) -> tuple[Records, Ints]:
    """Return the records that there are, and the number of each."""
    rows = session.read("records").join(session.read("ended"), on="number", how="anti").sort("number")
    columns = dict.fromkeys(told["columns"], pl.String)
    content = rows.get_column("content").str.json_decode(pl.Struct(columns)).struct.unnest()
    ids, sources = rows.get_column("record_id"), rows.get_column("source")
    typed = ids.cast(ID_TYPES[told["ids"]])
    named = {"has_ids": True, "has_sources": told["has_sources"], "lists": frozenset(told["lists"])}
    records = resolver.reading(Records.of_rows(Rows(content, typed, sources, **named)))
    return records, rows.get_column("number").to_numpy()[records.position]


def _scored(session: Session, numbers: Ints) -> tuple[ScoredPairs, Ints]:
    """Return the scored pairs, those that clusters asked for last, and how the others agree."""
    told = session.read("pairs")
    pairs = _pairs_of(told, numbers)
    order = np.lexsort((pairs.codes(), told.get_column("pattern").is_null().to_numpy()))
    weight, chance = (told.get_column(name).to_numpy().astype(np.float32)[order] for name in ("weight", "probability"))
    patterns = told.get_column("pattern").gather(order).drop_nulls().to_numpy()
    return ScoredPairs(pairs.left[order], pairs.right[order], weight, chance), patterns


def _pairs_of(told: pl.DataFrame, numbers: Ints) -> Pairs:
    """Return pairs of numbers as pairs of rows.

    Raises:
        ValueError: a record is not there.
    """
    ends = [told.get_column(name).to_numpy() for name in ("one", "other")]
    row = np.full(int(numbers.max(initial=0)) + 1, -1, dtype=np.int64)
    row[numbers] = np.arange(len(numbers))
    known = [(end >= 0) & (end < len(row)) for end in ends]
    if not all(k.all() and (row[end] >= 0).all() for k, end in zip(known, ends, strict=True)):
        raise ValueError("pairs of records that are not there")
    return Pairs.of(*(row[end] for end in ends))


def assigned_by(records: Records, register: Register, happened: Events) -> Assignment:
    """Return the ids of records, as a register has them."""
    keys = records.row_keys(np.argsort(records.position, kind="stable"))
    entity = [register.present[key][-1] for key in keys.cast(pl.String).iter_rows()]
    crosswalk = Table("crosswalk", keys.with_columns(entity_id=pl.Series(entity, dtype=pl.String)))
    return Assignment(crosswalk, happened, register, pl.repeat(None, len(records), dtype=pl.String, eager=True))
