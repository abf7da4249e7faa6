"""Questions about single records: how did an entity come about, why are two records together or apart."""

from __future__ import annotations

import attrs
import numpy as np
import polars as pl

from identigraph.graph.evidence import Evidence, Near
from identigraph.graph.identity_graph import IdentityGraph
from identigraph.graph.screening import CODES, Screened
from identigraph.table import Table


@attrs.frozen(eq=False, repr=False)
class Answer:
    """Why two records are together, or apart.

    Args:
        together: whether they are one entity.
        sentence: the answer in words, without ids or values.
        links: one row per link. Where the two are together the strongest path, in order from the first record to the
            second; where they are apart the **cut**: the fewest links that would join them, if they held, with the
            reason of each and its witness.
        certainty: of the weakest link of the path, 0 to 1; None where there is no path.
    """

    together: bool
    sentence: str
    links: Table
    certainty: float | None = None

    def __repr__(self) -> str:
        """Return the sentence."""
        return f"<Answer: {self.sentence}>"


def how(evidence: Evidence, record: int) -> Table:
    """Return the steps in which the entity of a record came about, the first first.

    Columns: those of `Evidence.told`, where both ends are records of the parts that were joined; and ``left_records,
    right_records``: how many records each part had before.

    Examples:
        >>> from identigraph.graph import ConstrainedComponents, IdentityGraph
        >>> graph = IdentityGraph.of(edges=[("a", "b", 0.99), ("b", "c", 0.98)])
        >>> steps = how(Evidence.of(graph, ConstrainedComponents()), 2).to_polars()
        >>> steps.select("left_id", "right_id", "left_records", "right_records").rows()
        [('a', 'b', 1, 1), ('b', 'c', 2, 1)]
    """
    near = evidence.near(record, entity=True)
    steps = near.links.steps()
    ends = near.told([step.link for step in steps])
    right = evidence.keys_of([step.right for step in steps], "right")
    sizes = pl.DataFrame(
        {
            "left_records": pl.Series([step.left_records for step in steps], dtype=pl.Int64),
            "right_records": pl.Series([step.right_records for step in steps], dtype=pl.Int64),
        }
    )
    return Table("steps", ends.with_columns(right.get_columns()).hstack(sizes))


def why(evidence: Evidence, left: int, right: int) -> Answer:
    """Return why two records are one entity, or why not.

    Args:
        evidence: the evidence behind the clusters.
        left: the number of a record.
        right: that of another.

    Examples:
        >>> from identigraph.graph import ConstrainedComponents, IdentityGraph
        >>> told = {"left": ["a"], "right": ["c"], "judgement": ["cannot_link"]}
        >>> graph = IdentityGraph.of(edges=[("a", "b", 0.99), ("b", "c", 0.9)], judgements=told)
        >>> evidence = Evidence.of(graph, ConstrainedComponents())
        >>> why(evidence, 0, 1)
        <Answer: one entity, by 1 link, certain to 0.99>
        >>> why(evidence, 0, 2)
        <Answer: two entities: 1 link between them does not hold: a judgement>
    """
    labels = evidence.clusters.labels
    if labels[left] == labels[right]:
        return _together(evidence.near(left, entity=True), left, right)
    return _apart(evidence.near(left, entity=False), left, right)


def _together(near: Near, left: int, right: int) -> Answer:
    path = near.links.strongest_path(left, right)
    if path is None:
        told = "one entity: the builder put the two together, no link leads from one to the other"
        return Answer(together=True, sentence=told, links=Table("path", near.told([])))
    certainty = min((near.links.certainty[link] for link in path), default=1.0)
    count = f"{len(path)} link{'s'[: len(path) != 1]}"
    sentence = f"one entity, by {count}, certain to {certainty:.3g}" if path else "one entity: the same record"
    return Answer(together=True, sentence=sentence, links=Table("path", near.told(path)), certainty=certainty)


def _apart(near: Near, left: int, right: int) -> Answer:
    cut = near.links.cut(left, right)
    table = Table("cut", near.reasoned(cut or []))
    if cut is None:
        told = f"two entities: {_without_links(near.evidence.graph, left, right)}"
        return Answer(together=False, sentence=told, links=table)
    reasons = table.to_polars().select("reason", "limit").unique(maintain_order=True).rows()
    between = f"{len(cut)} link{'s between them do' if len(cut) != 1 else ' between them does'} not hold"
    listed = "; ".join(_in_words(reason, limit) for reason, limit in reasons)
    return Answer(together=False, sentence=f"two entities: {between}: {listed}", links=table)


def _without_links(graph: IdentityGraph, left: int, right: int) -> str:
    """Return what there is between two records that no link joins: a low score, identifiers that are set aside."""
    scored, ends = graph.scored, sorted((left, right))
    pair = np.flatnonzero((scored.left == ends[0]) & (scored.right == ends[1]))
    if len(pair):
        return f"their match probability of {scored.match_probability[pair[0]]:.3g} is below the threshold"
    aside = [told for found in graph.screened for told in _set_aside(found, left, right)]
    return f"they share only what is set aside: {', '.join(aside)}" if aside else "no link leads from one to the other"


def _set_aside(found: Screened, left: int, right: int) -> list[str]:
    """Return the reasons for which identifiers that two records share are set aside, with the namespace."""
    rows, codes = found.sightings.rows, found.sightings.codes
    both = np.intersect1d(codes[(rows == left) & ~found.kept], codes[(rows == right) & ~found.kept])
    fates = np.unique(found.fate[(rows == left) & np.isin(codes, both[both >= 0])])
    return [f"{found.namespace.name} ({CODES[fate]})" for fate in fates.tolist()]


def _in_words(reason: str, limit: str) -> str:
    """Return a reason as a person would tell it.

    Examples:
        >>> _in_words("limit", "login"), _in_words("ambiguous", "cannot_link")
        ("the limit of namespace 'login'", 'it is ambiguous because of a judgement')
    """
    stated = {
        "linkage": "the other pairs of the two speak against it",
        "builder": "the builder put its ends apart",
        "cannot_link": "a judgement",
        "one_per_source": "both have a record of one source",
        "most_records": "the most records that an entity may have",
        "protected": "both have an identifier of a person",
        "named_apart": "both are named, and a device or cookie joins no two",
    }
    told = stated.get(limit or reason, f"the limit of namespace {limit!r}")
    return f"it is ambiguous because of {told}" if reason == "ambiguous" else told


@attrs.frozen(eq=False)
class Standing:
    """How well an entity holds together.

    Args:
        records: the number of its records.
        links: the number of links that hold it.
        density: linked pairs of records, directly or by a value that both hold, per pair of records, 0 to 1; 1 for one
            record.
        confidence: the certainty of its weakest link, along the strongest ways between its records, 0 to 1.
        members: one row per record: ``source, record_id, confidence``, and ``articulation``: whether other records fall
            apart without it. The confidence of a member is the weakest link on its strongest way to more than half of
            the entity.
        bridges: the links without any of which the entity falls apart.
    """

    records: int
    links: int
    density: float
    confidence: float
    members: Table
    bridges: Table


def standing(evidence: Evidence, record: int) -> Standing:
    """Return how well the entity of a record holds together.

    Examples:
        >>> from identigraph.graph import Components, IdentityGraph
        >>> graph = IdentityGraph.of(edges=[("a", "b", 0.99), ("b", "c", 0.9)])
        >>> found = standing(Evidence.of(graph, Components(0.5)), 0)
        >>> found.members.to_polars().select("record_id", "articulation").rows()
        [('a', False), ('b', True), ('c', False)]
        >>> round(found.confidence, 3), round(found.density, 3), len(found.bridges)
        (0.9, 0.667, 2)
    """
    near = evidence.near(record, entity=True)
    rows = evidence.members(record)
    confidence = near.links.member_certainty(rows)
    cut_points = set(near.links.articulations())
    members = evidence.graph.keys.frame[rows].with_columns(
        confidence=pl.Series([confidence[row] for row in rows], dtype=pl.Float64),
        articulation=pl.Series([row in cut_points for row in rows], dtype=pl.Boolean),
    )
    pairs = len(rows) * (len(rows) - 1) // 2
    return Standing(
        records=len(rows),
        links=len(near.links.one),
        density=near.links.linked_pairs() / pairs if pairs else 1.0,
        confidence=min(confidence.values()),
        members=Table("members", members),
        bridges=Table("bridges", near.told(near.links.bridges())),
    )
