"""Relations between entities: possibly the same, possibly related. They never merge anything."""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.encoding import run_starts, runs
from identigraph.graph.evidence import Evidence
from identigraph.graph.links import SCORED
from identigraph.graph.screening import Screened, distinct_pairs
from identigraph.table import Table

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SAME, RELATED = "possibly same", "possibly related"
TELLING = ("person", "login", "account", "session")
"""Kinds whose contested values tell that two entities are possibly the same; others tell that they may be related."""
LARGEST = 20
"""Values that touch more entities than this relate nobody."""


@attrs.frozen(eq=False)
class Relations:
    """What may join entities beyond what does.

    Args:
        table: one row per pair of entities and relation: ``left, right`` (clusters, the lower left), ``relation``,
            ``by`` (scored, a namespace, or unsure, joined by ", "), ``links``, how many pieces of evidence speak for
            it, and ``certainty``, the highest of theirs.
        skipped: how many values touch too many entities to relate them.
    """

    table: Table
    skipped: int


def relations(evidence: Evidence) -> Relations:
    """Return the relations between entities that links which do not hold, and values that do not link, tell.

    *Possibly same*: a scored pair above the threshold, or an identifier of a person, login, account or session, would
    join them, but something is in the way; or a judgement says unsure. Pairs that a judgement keeps apart are left out.
    *Possibly related*: they share an e-mail address, telephone number, device, cookie or household that does not join
    them.

    Examples:
        >>> from identigraph.graph import ConstrainedComponents, IdentityGraph, Namespace
        >>> events = {"id": [1, 2], "login": ["ann", "bob"], "cookie": ["tablet", "tablet"]}
        >>> spaces = [Namespace("login", kind="login", limit=1), Namespace("cookie", kind="cookie")]
        >>> graph = IdentityGraph.of(events, id="id", namespaces=spaces)
        >>> relations(Evidence.of(graph, ConstrainedComponents())).table.to_polars().rows()
        [(0, 1, 'possibly related', 'cookie', 1, 0.9)]
    """
    found, skipped = [_scored(evidence), _unsure(evidence)], 0
    for screened in evidence.screened:
        pairs, left_out = _sharing(evidence, screened)
        found.append(pairs)
        skipped += left_out
    rows = pl.concat(found).filter(pl.col("left") != pl.col("right"))
    kept = rows.join(_cannot(evidence), on=["left", "right"], how="anti")
    counted = kept.group_by("left", "right", "relation").agg(
        pl.col("by").unique().sort().str.join(", "),
        pl.len().cast(pl.Int64).alias("links"),
        pl.col("certainty").max(),
    )
    return Relations(Table("relations", counted.sort("left", "right", "relation")), skipped)


def _rows(left: Ints, right: Ints, relation: str, by: str, certainty: Floats) -> pl.DataFrame:
    """Return pairs of clusters as rows, the lower cluster left."""
    ends = {"left": np.minimum(left, right), "right": np.maximum(left, right)}
    told = (pl.lit(relation).alias("relation"), pl.lit(by).alias("by"))
    return pl.DataFrame(ends).with_columns(*told, certainty=pl.Series(certainty, dtype=pl.Float64))


def _scored(evidence: Evidence) -> pl.DataFrame:
    """Return the clusters between which scored pairs do not hold."""
    labels, links = evidence.clusters.labels, evidence.links
    apart = np.flatnonzero((links.space == SCORED) & ~evidence.holds)
    certainty = evidence.certainty(links.at(apart))
    return _rows(labels[links.one[apart]], labels[links.other[apart]], SAME, "scored", certainty)


def _unsure(evidence: Evidence) -> pl.DataFrame:
    """Return the clusters of records of which nobody could tell whether they are the same."""
    unsure, labels = evidence.graph.judgements.unsure, evidence.clusters.labels
    return _rows(labels[unsure.left], labels[unsure.right], SAME, "unsure", np.full(len(unsure), 0.5))


def _cannot(evidence: Evidence) -> pl.DataFrame:
    """Return the clusters that judgements keep apart."""
    pairs, labels = evidence.graph.judgements.cannot, evidence.clusters.labels
    left, right = labels[pairs.left], labels[pairs.right]
    return pl.DataFrame({"left": np.minimum(left, right), "right": np.maximum(left, right)})


def _sharing(evidence: Evidence, found: Screened) -> tuple[pl.DataFrame, int]:
    """Return the clusters that share a value of a namespace, and how many values touch too many clusters."""
    seen = found.sightings
    life, cluster = distinct_pairs(found.life[found.kept], evidence.clusters.labels[seen.rows[found.kept]])
    starts = run_starts(life)
    counts = np.diff(np.append(starts, len(life)))
    few = (counts > 1) & (counts <= LARGEST)
    left, right = _pairs_of_runs(starts[few], counts[few])
    relation = SAME if found.namespace.kind in TELLING else RELATED
    certainty = np.full(len(left), found.namespace.certainty)
    pairs = _rows(cluster[left], cluster[right], relation, found.namespace.name, certainty)
    told = found.namespace.links or found.namespace.kind in ("contact", "household", "organisation")
    return (pairs, int((counts > LARGEST).sum())) if told else (pairs.clear(), 0)


def _pairs_of_runs(starts: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """Return all pairs of places in each run.

    Examples:
        >>> [side.tolist() for side in _pairs_of_runs(np.array([0, 5]), np.array([3, 2]))]
        [[0, 0, 1, 5], [1, 2, 2, 6]]
    """
    of, place = runs(starts, counts)
    after = (starts + counts)[of] - place - 1
    first, second = runs(place + 1, after)
    return place[first], second
