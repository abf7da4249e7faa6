"""Issued ids: what became of each, and where it leads now.

What is kept of an id that was merged is the id it was merged into *then*; where that one leads now is looked up. So an
id follows its survivor wherever that goes, and home again when a merge is undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from functools import cache, partial
from typing import Any

import attrs
import polars as pl

from identigraph.errors import ConfigurationError
from identigraph.identity.events import Event
from identigraph.identity.lists import list_column, read_typed
from identigraph.identity.status import Erased, Live, Redirect, Retired, Split, Status, Unknown

LIVE, RETIRED, ERASED, UNKNOWN = Live(), Retired(), Erased(), Unknown()

SCHEMA: Mapping[str, Any] = {
    "entity_id": pl.String,
    "born": pl.Int64,
    "changed": pl.Int64,
    "status": pl.String,
    "to": pl.List(pl.String),
    "shares": pl.List(pl.Float64),
}

NAMED: Mapping[str, Status] = {"live": LIVE, "retired": RETIRED, "erased": ERASED}
"""The statuses that lead nowhere, by the names they have in tables."""


@attrs.frozen
class Issued:
    """What is known of an id.

    Attributes:
        born: the change it was issued in; 0 if it is older than the register.
        changed: the last change it was concerned in.
        status: live, or what became of it at that time.
    """

    born: int
    changed: int
    status: Status


def resolve(issued: Mapping[str, Issued], entity_id: str) -> Status:
    """Return where an id leads now, in one step.

    Examples:
        >>> old, new = Issued(1, 2, Redirect("C-2")), Issued(1, 2, LIVE)
        >>> ids = {"C-1": old, "C-2": new, "C-3": Issued(0, 1, Redirect("C-1"))}
        >>> resolve(ids, "C-3"), resolve(ids, "C-2"), resolve(ids, "C-4")
        (Redirect(entity_id='C-2'), Live(), Unknown())
    """
    end, status = _end(issued, entity_id)
    if isinstance(status, Split):
        return _parts(issued, status)
    return Redirect(end) if end != entity_id and status == LIVE else status


def live_id(issued: Mapping[str, Issued], entity_id: str) -> str | None:
    """Return the one live id that an id leads to, itself if it is live; None if there is none, or several.

    Examples:
        >>> live_id({"C-1": Issued(1, 2, Redirect("C-2")), "C-2": Issued(1, 2, LIVE)}, "C-1")
        'C-2'
    """
    status = resolve(issued, entity_id)
    if isinstance(status, Redirect):
        return status.entity_id
    return entity_id if status == LIVE else None


def followed(issued: Mapping[str, Issued], ids: Iterable[str]) -> dict[str, Issued]:
    """Return some ids and all that they lead to.

    Examples:
        >>> old, new = Issued(1, 2, Redirect("C-2")), Issued(1, 2, LIVE)
        >>> sorted(followed({"C-1": old, "C-2": new, "C-3": new}, ["C-1"]))
        ['C-1', 'C-2']
    """
    found: dict[str, Issued] = {}
    waiting = list(ids)
    while waiting:
        entity_id = waiting.pop()
        if entity_id in issued and entity_id not in found:
            found[entity_id] = issued[entity_id]
            waiting += _led(issued[entity_id].status)
    return found


def note(issued: MutableMapping[str, Issued], event: Event) -> None:
    """Note what an event says of its ids.

    Examples:
        >>> from datetime import UTC, datetime
        >>> ids = {}
        >>> note(ids, Event(1, datetime(2026, 3, 2, tzinfo=UTC), "created", "C-1"))
        >>> ids
        {'C-1': Issued(born=1, changed=1, status=Live())}
    """
    became = _became(event)
    for entity_id in (event.entity_id, *event.other_ids):
        known = issued.get(entity_id)
        born, before = (event.change, LIVE) if known is None else (known.born, known.status)
        issued[entity_id] = Issued(born, event.change, became.get(entity_id, before))


def as_table(issued: Mapping[str, Issued]) -> pl.DataFrame:
    """Return one row per id, in order: ``entity_id, born, changed, status, to, shares``."""
    told = list(zip(*(row_of(*each) for each in sorted(issued.items())), strict=True)) or [()] * len(SCHEMA)
    columns = dict(zip(SCHEMA, told, strict=True))
    lists = {name: list_column(name, columns[name], SCHEMA[name].inner) for name in ("to", "shares")}
    return pl.DataFrame({**columns, **lists}, schema=SCHEMA)


def row_of(entity_id: str, known: Issued) -> tuple[str, int, int, str, tuple[str, ...], tuple[float, ...]]:
    """Return an id as a row of such a table.

    Examples:
        >>> row_of("C-1", Issued(1, 2, Redirect("C-2")))
        ('C-1', 1, 2, 'redirect', ('C-2',), (1.0,))
    """
    led = _led(known.status)
    return entity_id, known.born, known.changed, type(known.status).__name__.lower(), (*led,), (*led.values(),)


def from_table(table: pl.DataFrame) -> dict[str, Issued]:
    """Return ids from such a table.

    Raises:
        ColumnNotFoundError: a column is missing.
        ConfigurationError: an id occurs twice, or has a status that there is not, or lists came as text.
    """
    rows = read_typed(table, SCHEMA, "ids").rows()
    alike = cache(partial(Issued, status=LIVE))  # most ids are live, and many as old: they may share what is known
    found = {
        entity_id: alike(born, changed) if told[0] == "live" else Issued(born, changed, _status(*told))
        for entity_id, born, changed, *told in rows
    }
    if len(found) < len(rows):
        raise ConfigurationError(f"{len(rows) - len(found):,} rows of the ids repeat an entity_id; give each once")
    return found


def _became(event: Event) -> dict[str, Status]:
    """Return the new status of each id whose status an event changes."""
    if event.kind in {"created", "revived"}:
        return {event.entity_id: LIVE}
    if event.kind in {"merged", "redirected"}:
        return dict.fromkeys(event.other_ids, Redirect(event.entity_id))
    if event.kind == "split" and event.entity_id not in event.other_ids:
        return {event.entity_id: Split(dict(zip(event.other_ids, event.shares, strict=True)))}
    return {event.entity_id: NAMED[event.kind]} if event.kind in NAMED else {}


def _end(issued: Mapping[str, Issued], entity_id: str) -> tuple[str, Status]:
    """Return the id that redirects lead to in the end, and its status."""
    known = issued.get(entity_id)
    while known is not None and isinstance(known.status, Redirect):
        entity_id = known.status.entity_id
        known = issued.get(entity_id)
    return entity_id, UNKNOWN if known is None else known.status


def _parts(issued: Mapping[str, Issued], status: Split) -> Status:
    """Return where the parts of a split are now: what is live of them."""
    shares: dict[str, float] = {}
    waiting = list(status.shares.items())
    while waiting:
        end, found = _end(issued, waiting[-1][0])
        share = waiting.pop()[1]
        if isinstance(found, Split):
            waiting += [(inner, share * portion) for inner, portion in found.shares.items()]
        elif found == LIVE:
            shares[end] = shares.get(end, 0.0) + share
    if len(shares) > 1:
        return Split(dict(sorted(shares.items())))
    return Redirect(next(iter(shares))) if shares else RETIRED


def _led(status: Status) -> Mapping[str, float]:
    """Return the ids that a status names, with their shares."""
    if isinstance(status, Redirect):
        return {status.entity_id: 1.0}
    return status.shares if isinstance(status, Split) else {}


def _status(name: str, to: Sequence[str], shares: Sequence[float]) -> Status:
    """Return the status of a name, which leads to some ids."""
    if name in NAMED:
        return NAMED[name]
    if name == "redirect" and len(to) == 1:
        return Redirect(to[0])
    if name == "split" and len(to) == len(shares) > 1:
        return Split(dict(zip(to, shares, strict=True)))
    raise ConfigurationError(
        "the ids of a register have the status live, redirect (to one id), split (to several, with shares), retired or "
        f"erased; got {name!r} to {len(to)}"
    )
