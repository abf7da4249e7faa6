"""The identity graph: records, the evidence that links them, and what keeps them apart.

Evidence is of three sorts: scored pairs, identifiers that records share, and judgements of people. Each is optional;
somebody may bring nothing but edges. A graph decides nothing: cluster builders do.

Invariant: nodes are numbered by source and id, or like the records of a resolver by their content, so that no order of
the input leaves a trace.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.encoding import Codes, Encoded, encode
from identigraph.errors import ColumnNotFoundError, ConfigurationError, ContradictionError, UnsupportedInputError
from identigraph.graph.clusters import ScoredPairs
from identigraph.graph.combining import combined, envelopes, some_records
from identigraph.graph.judgements import Judgements, no_pairs
from identigraph.graph.keys import Keys, read_keyed, read_pairs
from identigraph.graph.namespaces import Namespace
from identigraph.graph.reading import attributes_of, judged_pairs, read_identifiers, scored_edges, sightings_of
from identigraph.graph.screening import Screened, diagnostics, screen, set_aside
from identigraph.graph.sightings import Sightings
from identigraph.table import Table

Ints = npt.NDArray[np.int64]


def _by_strength(sightings: Iterable[Sightings]) -> tuple[Sightings, ...]:
    """Return the sightings of the strongest namespaces first, of equals by name: no order of theirs leaves a trace."""
    return tuple(sorted(sightings, key=lambda seen: (seen.namespace.rank, seen.namespace.name)))


@attrs.frozen(eq=False, repr=False)
class IdentityGraph:
    """Records and the evidence between them. Made by `IdentityGraph.of`, or by a resolver.

    Args:
        keys: the key of each record, by number.
        scored: pairs of records with a probability that they are one entity.
        sightings: which records carry which identifiers, one item per namespace; the strongest first.
        judgements: what people said about pairs.
        apart: shape (records,): no two records of one cluster have the same code; -1: no code. None: no such codes.
        attributes: by name, a value of each record that is evidence of nothing but counted by generic rules.

    Raises:
        ContradictionError: records that cannot be linked must be linked.
        ConfigurationError: two namespaces share a name.
        ColumnNotFoundError: a generic rule counts an attribute that there is not.

    Examples:
        >>> graph = IdentityGraph.of(edges=[("a", "b", 0.99), ("b", "c", 0.2)])
        >>> graph
        <IdentityGraph: 3 records, 2 scored pairs>
        >>> from identigraph.graph import Components
        >>> Components(threshold=0.5).build(graph).labels.tolist()
        [0, 0, 1]
    """

    keys: Keys
    scored: ScoredPairs = attrs.field(factory=ScoredPairs.none)
    sightings: tuple[Sightings, ...] = attrs.field(default=(), converter=_by_strength)
    judgements: Judgements = attrs.field(factory=Judgements)
    apart: Codes | None = None
    attributes: Mapping[str, Encoded] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        names = [seen.namespace.name for seen in self.sightings]
        if len(set(names)) < len(names):
            raise ConfigurationError(f"two namespaces share a name: {', '.join(sorted(names))}")
        for space in self.namespaces:
            if space.generic is not None and space.generic.attribute not in self.attributes:
                raise ColumnNotFoundError(space.generic.attribute, self.attributes, where=" for a generic rule")
        against = self.judgements.contradictions(len(self))
        if len(against):
            ends = zip(against.left.tolist(), against.right.tolist(), strict=True)
            raise ContradictionError([(self.keys.told(left), self.keys.told(right)) for left, right in ends])

    @classmethod
    def of(
        cls,
        records: Any = None,
        *,
        id: str | None = None,  # noqa: A002 - the caller's word for it
        source: str | None = None,
        observed_at: str | None = None,
        namespaces: Iterable[Namespace] = (),
        identifiers: Any = None,
        edges: Any = None,
        judgements: Any = None,
        one_per_source: bool = False,
    ) -> IdentityGraph:
        """Return the graph of what is given; each part is optional, in any order of rows.

        Args:
            records: any table of records or events; namespaces read its columns. Rows of one id are one record.
            id: the column of record ids; left out, rows are numbered.
            source: the column of sources, where ids are unique in their source only.
            observed_at: the column that says when a row was observed: datetimes, dates, or numbers of seconds.
            namespaces: what the identifiers may do.
            identifiers: any table with the columns ``record_id, namespace, value``, and may be ``source``,
                ``observed_at``: identifiers beside those in columns of `records`.
            edges: any table with the columns ``left, right`` (or ``left_id, right_id``, with ``left_source,
                right_source``) and one of ``match_probability``, ``weight`` (0 to 1) or ``match_weight`` (log2 odds of
                a match); without any, all edges are certain. Or tuples ``(left, right, weight)``.
            judgements: any table with the columns ``left, right, judgement``, the last being ``must_link``,
                ``cannot_link`` or ``unsure``; further columns, such as author and reason, are kept.
            one_per_source: whether an entity has at most one record of each source.

        Raises:
            ColumnNotFoundError, NullIdError, UnknownIdError, UnsupportedInputError: a table is not as told above.
            ContradictionError: judgements contradict each other.
            RangeError: a weight lies outside 0 to 1.

        Examples:
            >>> events = {"id": [1, 2, 3], "login": ["ann", None, "bob"], "cookie": ["c1", "c1", "c2"]}
            >>> spaces = [Namespace("login", kind="login", limit=1), Namespace("cookie", kind="cookie")]
            >>> IdentityGraph.of(events, id="id", namespaces=spaces)
            <IdentityGraph: 3 records, 2 namespaces with 5 identifiers>
        """
        spaces = _as_namespaces(namespaces)
        rows = None if records is None else read_keyed(records, id=id, source=source, what="records")
        listed = None if identifiers is None else read_identifiers(identifiers, [space.name for space in spaces])
        pairs = None if edges is None else read_pairs(edges, what="edges")
        verdicts = None if judgements is None else read_pairs(judgements, what="judgements")
        others = [*([] if listed is None else [listed]), *(pairs or ())[:2], *(verdicts or ())[:2]]
        keys = Keys.of(others if rows is None else [rows])
        return cls(
            keys,
            ScoredPairs.none() if pairs is None else scored_edges(keys, *pairs),
            tuple(sightings_of(space, keys, rows, listed, observed_at) for space in spaces),
            Judgements() if verdicts is None else judged_pairs(keys, *verdicts),
            encode(keys.frame.get_column("source")).codes if one_per_source else None,
            {} if rows is None else attributes_of(keys, rows, spaces),
        )

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self.keys)

    def __repr__(self) -> str:
        """Return the counts; never an id or a value."""
        seen = sum(map(len, self.sightings))
        parts = [
            f"{len(self):,} record{'s'[: len(self) != 1]}",
            f"{len(self.scored):,} scored pair{'s'[: len(self.scored) != 1]}" if len(self.scored) else "",
            f"{len(self.sightings)} namespace{'s'[: len(self.sightings) != 1]} with {seen:,} identifiers"
            if seen
            else "",
            f"{len(self.judgements):,} judgement{'s'[: len(self.judgements) != 1]}" if len(self.judgements) else "",
        ]
        return f"<IdentityGraph: {', '.join(part for part in parts if part)}>"

    @property
    def namespaces(self) -> tuple[Namespace, ...]:
        """The namespaces."""
        return tuple(seen.namespace for seen in self.sightings)

    @cached_property
    def groups(self) -> Ints:
        """For each record the lowest one that must-links lead to."""
        return self.judgements.groups(len(self))

    @property
    def without_must_links(self) -> IdentityGraph:
        """The same without must-links: what the evidence says by itself, and what may not be one."""
        told = {verdict: frame for verdict, frame in self.judgements.told.items() if verdict != "must_link"}
        return attrs.evolve(self, judgements=attrs.evolve(self.judgements, must=no_pairs(), told=told))

    @cached_property
    def screened(self) -> tuple[Screened, ...]:
        """The identifiers of each namespace: which link, which only count, which are set aside."""
        return screen(self)

    @property
    def diagnostics(self) -> Table:
        """One row per namespace: how many identifiers it has and what became of them; see `screening.diagnostics`."""
        return diagnostics(self.screened)

    @property
    def set_aside(self) -> Table:
        """One row per identifier that is set aside: ``code, source, record_id, namespace, value``."""
        return set_aside(self, self.screened)

    def envelope(self, record: object, source: str | None = None) -> IdentityGraph:
        """Return the graph of all records that evidence of any sort leads to from one, whether it counts or not.

        Resolved alone, its records get the same entities as among all others.

        Raises:
            UnknownIdError, ConfigurationError: see `Keys.number`.

        Examples:
            >>> graph = IdentityGraph.of(edges=[("a", "b", 0.01), ("c", "d", 0.99)])
            >>> graph.envelope("b")
            <IdentityGraph: 2 records, 1 scored pair>
        """
        label = envelopes(self)
        return some_records(self, label == label[self.keys.number(record, source)])

    def __or__(self, other: IdentityGraph) -> IdentityGraph:
        """Return the graph of the records and the evidence of both.

        Raises:
            ConfigurationError: a namespace has other rules in the other graph.

        Examples:
            >>> IdentityGraph.of(edges=[("a", "b", 0.9)]) | IdentityGraph.of(edges=[("b", "c", 0.8), ("b", "a", 0.5)])
            <IdentityGraph: 3 records, 2 scored pairs>
        """
        return combined(self, other)

    def with_namespaces(self, *changed: Namespace) -> IdentityGraph:
        """Return the same graph under other rules for some namespaces, found by their names; values stay as read.

        Raises:
            ColumnNotFoundError: there is no namespace of that name.
        """
        named = {space.name: space for space in changed}
        there = [space.name for space in self.namespaces]
        for name in named:
            if name not in there:
                raise ColumnNotFoundError(name, there, what="namespace")
        return attrs.evolve(
            self,
            sightings=tuple(
                attrs.evolve(seen, namespace=named.get(seen.namespace.name, seen.namespace)) for seen in self.sightings
            ),
        )


def _as_namespaces(given: Any) -> tuple[Namespace, ...]:
    """Return namespaces as a tuple."""
    if not isinstance(given, Iterable):
        raise UnsupportedInputError(given, "several namespaces, such as [ig.Namespace(...)]")
    spaces = tuple(given)
    for space in spaces:
        if not isinstance(space, Namespace):
            raise UnsupportedInputError(space, "each namespace as an ig.Namespace")
    return spaces
