"""Owners: who stands behind an identifier, told by the stronger identifiers of the records that carry it.

The owners of a cookie are the logins, account numbers and e-mail addresses on its records; those of an e-mail address
the logins and account numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.encoding import run_starts
from identigraph.graph.sightings import NEVER, Sightings
from identigraph.pairs import Mask

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@attrs.frozen(eq=False)
class Owners:
    """The stronger identifiers on the records of a namespace's sightings.

    Args:
        place: shape (owned,): the sighting, those of the strongest namespaces first.
        owner: shape (owned,): the identifier, numbered over all namespaces.
        exist: whether there are stronger namespaces that name anybody.
    """

    place: Ints
    owner: Ints
    exist: bool

    def primary(self, sightings: int) -> Ints:
        """Return the strongest owner of each sighting, -1 where there is none."""
        first = np.full(sightings, -1, dtype=np.int64)
        first[self.place[::-1]] = self.owner[::-1]
        return first


def owners_of(seen: Sightings, kept: Mask, others: Sequence[tuple[Sightings, Mask]]) -> Owners:
    """Return the owners of the kept sightings of a namespace, told by the kept ones of others."""
    naming = [(s, k) for s, k in others if s.namespace.naming and s.namespace.rank < seen.namespace.rank]
    places, owners, first = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)], 0
    own = pl.DataFrame({"place": np.flatnonzero(kept), "row": seen.rows[kept]})
    for stronger, there in sorted(naming, key=lambda item: item[0].namespace.rank):
        carried = pl.DataFrame({"row": stronger.rows[there], "owner": stronger.codes[there] + first}).unique()
        joined = own.join(carried, on="row").sort("place", "owner")
        places.append(joined.get_column("place").to_numpy())
        owners.append(joined.get_column("owner").to_numpy())
        first += len(stronger.values)
    return Owners(np.concatenate(places), np.concatenate(owners), bool(naming))


def shares(life: Ints, primary: Ints) -> Floats:
    """Return for each sighting the share of its owner among the sightings of its life that have one.

    Sightings without an owner get the largest share in their life, 1 where nobody is known.

    Args:
        life: shape (sightings,): which life of which value each is of; -1 where it does not count.
        primary: shape (sightings,): the owner; -1 for none.

    Examples:
        >>> shares(np.array([0, 0, 0, 0, 1]), np.array([7, 7, 8, -1, -1])).round(2).tolist()
        [0.67, 0.67, 0.33, 0.67, 1.0]
    """
    share = np.ones(len(life))
    named = np.flatnonzero((life >= 0) & (primary >= 0))
    if len(named) == 0:
        return share
    order = named[np.lexsort((primary[named], life[named]))]
    together = run_starts(np.column_stack([life[order], primary[order]]).view("i8,i8").ravel())
    counts = np.diff(np.append(together, len(order)))
    total = np.bincount(life[named], minlength=int(life.max()) + 1)
    share[order] = np.repeat(counts, counts) / total[life[order]]
    largest = np.ones(len(total))
    largest[life[named]] = 0
    np.maximum.at(largest, life[named], share[named])
    alone = (life >= 0) & (primary < 0)
    share[alone] = largest[life[alone]]
    return share


def passed_on(order: Ints, begins: Mask, times: Ints, longest: float, owners: Owners) -> Mask:
    """Return where, after a silence longer than `longest`, a value came back with nobody who was there before.

    Where stronger identifiers name owners, a silence alone changes nothing: an owner must be known on either side of
    it, and none may stand on both. Where no namespace could name an owner, the silence is all there is to tell.

    Args:
        order: the sightings that count, value after value, each in the order of time.
        begins: shape (order,): where a value begins.
        times: the time of each.
        longest: microseconds.
        owners: whose place is a sighting.
    """
    silent: Mask = ~begins & np.append(False, (times[:-1] != NEVER) & (times[1:].astype(float) - times[:-1] > longest))
    if not owners.exist:
        return silent
    rank = np.full(int(order.max(initial=-1)) + 1, -1, dtype=np.int64)
    rank[order] = np.arange(len(order))
    value = np.cumsum(begins) - 1
    spans = pl.DataFrame({"at": rank[owners.place], "value": value[rank[owners.place]], "owner": owners.owner})
    span = spans.group_by("value", "owner").agg(pl.col("at").min().alias("first"), pl.col("at").max().alias("last"))
    first, last, of = (span.get_column(name).to_numpy() for name in ("first", "last", "value"))
    over = np.zeros(len(order) + 1, dtype=np.int64)
    np.add.at(over, first + 1, 1)
    np.add.at(over, last + 1, -1)
    earliest, latest = np.full(value[-1] + 1, len(order)), np.full(value[-1] + 1, -1)
    np.minimum.at(earliest, of, first)
    np.maximum.at(latest, of, last)
    place = np.arange(len(order))
    between = (earliest[value] < place) & (latest[value] >= place)
    changed: Mask = silent & between & (np.cumsum(over)[:-1] == 0)
    return changed
