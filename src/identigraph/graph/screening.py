"""Screening: which identifiers link, which only count, and which are set aside, each with its reason.

In order: what could not be normalized is *invalid*; what says nothing is *blocked*; what has not the form asked for is
*invalid* as well; more different values on one record than an entity may have are a *self_conflict*; a value with too
many names behind it is *generic*; one that touches more entities than it may is *shared*. What is set aside neither
links nor counts.

All of this is told from the records that carry a value, so an envelope screened alone is screened alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cdist

from identigraph.components import connected_components
from identigraph.encoding import Encoded, run_starts, take
from identigraph.graph.keys import KEY
from identigraph.graph.namespaces import Generic, Namespace
from identigraph.graph.owners import Owners, owners_of, passed_on, shares
from identigraph.graph.sightings import Sightings
from identigraph.pairs import Mask
from identigraph.table import Table

if TYPE_CHECKING:
    from identigraph.graph.identity_graph import IdentityGraph

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CODES = ("kept", "invalid", "blocked", "self_conflict", "generic", "shared")
KEPT, INVALID, BLOCKED, CONFLICT, GENERIC, SHARED = range(6)
MOST_NAMES = 2_000
"""So many different names of one value are grouped; of more, the first in the alphabet."""


@attrs.frozen(eq=False, repr=False)
class Screened:
    """The identifiers of one namespace after screening.

    Args:
        sightings: all of them.
        fate: shape (sightings,): what became of each, as its place in `CODES`.
        life: shape (sightings,): which life of which value each belongs to, numbered from 0; -1 where set aside.
        lives: how many lives there are.
        share: shape (sightings,): the share of the sighting's owner among all of its life; see `owners.shares`.
    """

    sightings: Sightings
    fate: Ints
    life: Ints
    lives: int
    share: Floats

    @property
    def namespace(self) -> Namespace:
        """The namespace."""
        return self.sightings.namespace

    @property
    def told(self) -> str:
        """What the namespace does, and how many identifiers were set aside for which reasons; no value."""
        space, counts = self.namespace, np.bincount(self.fate, minlength=len(CODES)).tolist()
        limit = "any number" if space.limit is None else f"at most {space.limit:,}"
        aside = ", ".join(f"{count:,} {code}" for code, count in zip(CODES[1:], counts[1:], strict=True) if count)
        links = "links" if space.links else "does not link"
        return f"{space.kind}, {links}, {limit} per entity; {counts[KEPT]:,} kept; {aside or 'none'} set aside"

    @property
    def repeated(self) -> Mask:
        """Which sightings are of a value that two records or more carry; of logins and the like, all."""
        if self.namespace.kind != "contact":
            return np.ones(len(self.fate), dtype=bool)
        _, lives = distinct_pairs(self.sightings.rows[self.kept], self.life[self.kept])
        several: Mask = np.append(np.bincount(lives, minlength=self.lives) > 1, False)[self.life]
        return several

    @property
    def kept(self) -> Mask:
        """Which sightings count, and link where the namespace links."""
        kept: Mask = self.fate == KEPT
        return kept


def screen(graph: IdentityGraph) -> tuple[Screened, ...]:
    """Return the identifiers of each namespace, screened.

    Examples:
        >>> events = {"id": [1, 2, 3], "login": ["ann", "null", "ann"]}
        >>> from identigraph.graph import IdentityGraph
        >>> graph = IdentityGraph.of(events, id="id", namespaces=[Namespace("login")])
        >>> [CODES[fate] for fate in screen(graph)[0].fate]
        ['kept', 'blocked', 'kept']
    """
    fates = [_fate_alone(seen, graph.attributes) for seen in graph.sightings]
    for seen, fate, shared in zip(graph.sightings, fates, _shared(graph.sightings, fates), strict=True):
        fate[(fate == KEPT) & shared[seen.codes]] = SHARED
    kept = [(seen, fate == KEPT) for seen, fate in zip(graph.sightings, fates, strict=True)]
    return tuple(_screened(seen, fate, kept) for seen, fate in zip(graph.sightings, fates, strict=True))


def _screened(seen: Sightings, fate: Ints, kept: Sequence[tuple[Sightings, Mask]]) -> Screened:
    owners = owners_of(seen, fate == KEPT, kept)
    life, lives = _lives(seen, fate == KEPT, owners)
    return Screened(seen, fate, life, lives, shares(life, owners.primary(len(seen))))


def set_aside(graph: IdentityGraph, screened: Sequence[Screened]) -> Table:
    """Return one row per identifier set aside: ``code, source, record_id, namespace, value``.

    The values are data about persons: keep the table where you keep those.
    """
    frames = [_rows_aside(graph, found) for found in screened]
    schema = {
        "code": pl.String,
        "source": pl.String,
        "record_id": pl.String,
        "namespace": pl.String,
        "value": pl.String,
    }
    return Table("set_aside", pl.concat(frames, how="vertical_relaxed") if frames else pl.DataFrame(schema=schema))


def diagnostics(screened: Sequence[Screened]) -> Table:
    """Return one row per namespace: what it may do, how many identifiers it has, and what became of them.

    Columns: ``namespace, kind, priority, limit, policy``; ``values``: different ones; ``records`` that carry one;
    ``most_records`` that carry the same; ``linking``: values that two records or more carry and that link; then how
    many identifiers were ``kept``, and how many were ``invalid, blocked, self_conflict, generic, shared``.
    """
    return Table("namespaces", pl.DataFrame([_diagnosed(found) for found in screened], schema=_schema()))


def _diagnosed(found: Screened) -> dict[str, object]:
    space, seen = found.namespace, found.sightings
    _, carriers = distinct_pairs(seen.rows[found.kept], found.life[found.kept])
    carried = np.bincount(carriers, minlength=1)
    fates = np.bincount(found.fate, minlength=len(CODES)).tolist()
    return {
        "namespace": space.name,
        "kind": space.kind,
        "priority": space.rank,
        "limit": space.limit,
        "policy": space.policy,
        "values": len(seen.values),
        "records": len(np.unique(seen.rows)),
        "most_records": int(carried.max()),
        "linking": int((carried > 1).sum()) if space.links else 0,
        **dict(zip(CODES, fates, strict=True)),
    }


def _schema() -> dict[str, type[pl.DataType]]:
    texts = {"namespace": pl.String, "kind": pl.String, "priority": pl.Int64, "limit": pl.Int64, "policy": pl.String}
    return {**texts, **dict.fromkeys(("values", "records", "most_records", "linking", *CODES), pl.Int64)}


def _rows_aside(graph: IdentityGraph, found: Screened) -> pl.DataFrame:
    aside = np.flatnonzero(~found.kept)
    seen = found.sightings
    value = take(seen.values, seen.codes[aside])
    keys = graph.keys.frame[seen.rows[aside]].select(KEY)
    told = pl.Series("code", CODES, dtype=pl.String).gather(found.fate[aside])
    name = pl.repeat(seen.namespace.name, len(aside), eager=True)
    return pl.DataFrame([told, *keys.get_columns(), name.alias("namespace"), value.alias("value")])


def _fate_alone(seen: Sightings, attributes: Mapping[str, Encoded]) -> Ints:
    """Return the fate of each sighting as far as its own namespace tells."""
    space, codes = seen.namespace, seen.codes
    blocked, valid = space.is_blocked(seen.values).to_numpy(), space.is_valid(seen.values).to_numpy()
    of_value = np.where(blocked, BLOCKED, np.where(valid, KEPT, INVALID))
    fate = np.append(of_value, INVALID)[codes].astype(np.int64)
    if space.limit is not None:
        fate[_self_conflicting(seen, fate == KEPT, space.limit)] = CONFLICT
    if space.generic is not None:
        fate[(fate == KEPT) & _generic(seen, fate == KEPT, space.generic, attributes)[codes]] = GENERIC
    return fate


def _self_conflicting(seen: Sightings, kept: Mask, limit: int) -> Mask:
    """Return the kept sightings of records that carry more different values than the limit."""
    rows, _ = distinct_pairs(seen.rows[kept], seen.codes[kept])
    values = np.bincount(rows, minlength=int(seen.rows.max(initial=-1)) + 1)
    conflicting: Mask = kept & (values[seen.rows] > limit)
    return conflicting


def _generic(seen: Sightings, kept: Mask, rule: Generic, attributes: Mapping[str, Encoded]) -> Mask:
    """Return for each value whether more groups of names than allowed stand behind it."""
    names = attributes[rule.attribute]
    shown = names.codes[seen.rows[kept]]
    values, behind = distinct_pairs(seen.codes[kept][shown >= 0], shown[shown >= 0])
    starts = run_starts(values)
    counts = np.diff(np.append(starts, len(values)))
    generic = np.zeros(len(seen.values), dtype=bool)
    many = counts > rule.most
    for start, count in zip(starts[many].tolist(), counts[many].tolist(), strict=True):
        texts = names.values.gather(behind[start : start + min(count, MOST_NAMES)]).to_list()
        generic[values[start]] = _groups(texts, rule.similarity) > rule.most
    return generic


def _groups(names: list[str], similarity: float) -> int:
    """Return the number of groups of names that look alike, directly or through others.

    Examples:
        >>> _groups(["maria", "marie", "john"], 0.85)
        2
    """
    alike = cdist(names, names, scorer=JaroWinkler.similarity, score_cutoff=similarity, dtype=np.float32)
    left, right = np.nonzero(np.triu(alike, k=1))
    return len(np.unique(connected_components(len(names), left, right)))


def _shared(sightings: Sequence[Sightings], fates: Sequence[Ints]) -> list[Mask]:
    """Return for each namespace which values touch more entities than they may; the last entry is for no value.

    An entity has at most `limit` values of a stronger namespace, so a value whose records carry m of them touches m /
    limit entities at the least.
    """
    kept = [(s.rows[fate == KEPT], s.codes[fate == KEPT]) for s, fate in zip(sightings, fates, strict=True)]
    found = []
    for seen, own in zip(sightings, kept, strict=True):
        space, shared = seen.namespace, np.zeros(len(seen.values) + 1, dtype=bool)
        for other, others in zip(sightings, kept, strict=True):
            above = other.namespace
            if space.max_entities is not None and above.limit is not None and above.rank < space.rank:
                behind = values_behind(own, others, len(seen.values))
                shared[:-1] |= behind > space.max_entities * above.limit
        found.append(shared)
    return found


def values_behind(own: tuple[Ints, Ints], other: tuple[Ints, Ints], size: int) -> Ints:
    """Return for each of `size` values how many different values of another namespace its records carry.

    Args:
        own: record and value of each sighting.
        other: the same of the other namespace.
        size: how many values there are.

    Examples:
        >>> own, other = (np.array([0, 1, 2]), np.array([0, 0, 1])), (np.array([0, 1, 1]), np.array([5, 6, 5]))
        >>> values_behind(own, other, 2).tolist()
        [2, 0]
    """
    one = pl.DataFrame({"row": own[0], "value": own[1]})
    joined = one.join(pl.DataFrame({"row": other[0], "behind": other[1]}), on="row")
    values, _ = distinct_pairs(joined.get_column("value").to_numpy(), joined.get_column("behind").to_numpy())
    return np.bincount(values, minlength=size)


def distinct_pairs(one: npt.NDArray[np.integer], other: npt.NDArray[np.integer]) -> tuple[Ints, Ints]:
    """Return the different pairs of two columns of numbers from 0 to 2**31, in order.

    Examples:
        >>> [side.tolist() for side in distinct_pairs(np.array([2, 1, 2]), np.array([0, 3, 0]))]
        [[1, 2], [3, 0]]
    """
    codes = np.sort((one.astype(np.int64) << 32) | other)
    once = codes[run_starts(codes)]
    return once >> 32, once & 0xFFFFFFFF


def _lives(seen: Sightings, kept: Mask, owners: Owners) -> tuple[Ints, int]:
    """Return the life of each kept sighting, and how many there are: one per value, more where it is passed on."""
    life = np.full(len(seen), -1, dtype=np.int64)
    order = np.flatnonzero(kept)
    order = order[np.lexsort((seen.times[order], seen.codes[order]))]
    if len(order) == 0:
        return life, 0
    codes = seen.codes[order]
    begins = np.append(True, codes[1:] != codes[:-1])
    if seen.namespace.ttl is not None:
        longest = seen.namespace.ttl.total_seconds() * 1e6
        begins = begins | passed_on(order, begins, seen.times[order], longest, owners)
    life[order] = np.cumsum(begins) - 1
    return life, int(begins.sum())
