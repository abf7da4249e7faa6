"""What records that come one by one, or together, add to the tables of a store."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import attrs
import polars as pl

from identigraph.identity import Event, Register
from identigraph.identity.issued import row_of
from identigraph.live.engine import Came, CameTogether
from identigraph.stores.state import contents
from identigraph.stores.tables import Delta

Row = tuple[Any, ...]


@attrs.frozen
class Place:
    """Where a store stands: the last change and its time, and the highest number of a record."""

    change: int
    at: datetime
    highest: int


def delta_of(came: Came, register: Register, numbers: Sequence[int], place: Place) -> Delta:
    """Return what one record changes.

    Args:
        came: the record.
        register: as it was before.
        numbers: of all records, by slot.
        place: where the store stands then.
    """
    coming, own = came.coming, numbers[came.slot]
    content = json.dumps(coming.columns, ensure_ascii=False)
    put: dict[str, list[Row]] = {
        "records": [(own, *coming.key, content, place.change)],
        "pairs": [
            (numbers[each.slot], own, each.pattern, each.verdict.weight, each.verdict.probability)
            for each in coming.kept
        ],
        "siblings": [(numbers[slot], own, probability) for slot, probability in coming.siblings],
    }
    return _delta(put, came, register, numbers, place)


def delta_of_several(came: CameTogether, register: Register, numbers: Sequence[int], place: Place) -> Delta:
    """Return what records that came together change; the arguments are those of `delta_of`."""
    rows = came.records.rows
    content = contents(rows.content).to_list()
    keys = zip(rows.sources.to_list(), rows.ids.cast(pl.String).to_list(), content, strict=True)
    new = numbers[came.first :]
    put: dict[str, list[Row]] = {
        "records": [(number, *told, place.change) for number, told in zip(new, keys, strict=True)],
        "pairs": [(*_two(numbers, low, high), *told) for low, high, *told in came.scored],
        "siblings": [(*_two(numbers, low, high), probability) for low, high, probability in came.siblings],
    }
    return _delta(put, came, register, numbers, place)


def _delta(
    put: dict[str, list[Row]], came: Came | CameTogether, register: Register, numbers: Sequence[int], place: Place
) -> Delta:
    """Return what records change, with what becomes of pairs that clusters asked for, of entities and of ids."""
    put["pairs"] += [
        (*_two(numbers, low, high), None, verdict.weight, verdict.probability)
        for (low, high), verdict in came.asked.items()
    ]
    part = register.part(came.events)
    keys = part.apply(came.events)
    ids = {i for event in came.events for i in (event.entity_id, *event.other_ids)}
    put |= {
        "meta": [("change", str(place.change)), ("at", place.at.isoformat()), ("highest", str(place.highest))],
        "chains": [(*key, part.present.get(key) or part.left[key], key in part.present) for key in sorted(keys)],
        "ids": [row_of(i, part.issued[i]) for i in sorted(ids)],
        "events": [_row_of(event, n) for n, event in enumerate(came.events)],
    }
    return Delta(put, {"pairs": [_two(numbers, low, high) for low, high in came.dropped]})


def _two(numbers: Sequence[int], one: int, other: int) -> tuple[int, int]:
    """Return the numbers of two slots, the lower first."""
    low, high = sorted((numbers[one], numbers[other]))
    return low, high


def _row_of(event: Event, place: int) -> Row:
    """Return an event as a row of the table of events."""
    told = (event.change, place, event.at, event.kind, event.entity_id, event.other_ids, event.shares)
    return (*told, tuple(source for source, _ in event.records), tuple(i for _, i in event.records), event.cause)
