"""The resolver: all stages strung together, from a table to entities."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.blocking import BlockingStrategy, Candidates, no_pairs
from identigraph.blocking.candidates import LinkCandidates
from identigraph.blocking.choosing import choose_blocking
from identigraph.comparing import Comparator, Comparison, Patterns
from identigraph.comparing.defaults import default_comparators, household_comparators, identity_comparators
from identigraph.comparing.patterns import as_comparators, check_names
from identigraph.errors import (
    ConfigurationError,
    EmptyBlockingWarning,
    IdentigraphWarning,
    NoBlockingError,
    RangeError,
    UnsupportedInputError,
)
from identigraph.fields import FieldKind
from identigraph.graph import AverageLinkage, ClusterBuilder, Clusters, ScoredPairs, check_probability
from identigraph.matching import FellegiSunter, Link, Population
from identigraph.matching.linkage import compare_all, compare_sample
from identigraph.matching.sources import infer_link
from identigraph.pairs import Pairs
from identigraph.progress import Progress
from identigraph.records import Records
from identigraph.records.infer import Inferred, align_columns, infer_fields
from identigraph.records.tables import is_mapping_of_tables
from identigraph.report.clock import Clock
from identigraph.resolution import Resolution

Ids: TypeAlias = "str | Mapping[str, str] | None"
Columns: TypeAlias = "Mapping[str, Mapping[str, str]] | None"
Packed = npt.NDArray[np.int64]


@attrs.frozen
class Resolver:
    """All stages from a table to entities, as one value: `infer` makes one, `attrs.evolve` changes it.

    Args:
        fields: what the columns mean: field name to kind.
        blocking: which pairs are compared.
        comparators: how pairs are compared.
        matcher: how agreement is weighed; trained on the data unless it is fitted.
        builder: how scored pairs become clusters.
        link: which pairs may be linked: ``"both"`` any, ``"across"`` sources only, ``"within"`` a source only.
        unique: whether each source lists every entity once, so that no entity has two records of one source.
        keep: scored pairs below this match probability are not kept; 0 to 1.
        seed: for random pairs.

    Raises:
        NoBlockingError: no blocking was given.
        ExceptionGroup: several arguments make no sense.

    Examples:
        >>> import identigraph as ig
        >>> resolver = Resolver(
        ...     blocking=ig.block_on("email") | ig.block_on(ig.soundex("surname"), "city"),
        ...     comparators=[ig.exact("email"), ig.similar("surname"), ig.exact("city")],
        ... )
        >>> resolver.blocking
        block_on('email') | block_on(soundex('surname'), 'city')
    """

    blocking: BlockingStrategy = attrs.field(default=None)
    comparators: tuple[Comparator, ...] = attrs.field(default=(), converter=as_comparators)
    fields: Mapping[str, FieldKind] = attrs.field(factory=dict, hash=False)
    matcher: FellegiSunter = FellegiSunter()
    builder: ClusterBuilder = AverageLinkage()
    link: Link = "both"
    unique: bool = False
    keep: float = 0.004
    seed: int = 0
    inferred: Inferred | None = attrs.field(default=None, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        faults = list(_faults(self))
        if len(faults) == 1:
            raise faults[0]
        if faults:
            message = "the resolver's arguments make no sense"
            raise ExceptionGroup(message, faults)

    @classmethod
    def infer(
        cls,
        data: Any,
        *,
        id: Ids = None,  # noqa: A002 - the caller's word for it
        source: str | None = None,
        columns: Columns = None,
    ) -> Self:
        """Return the resolver that `identigraph.resolve` would use for `data`, as an ordinary value.

        Args:
            data: any table, a mapping ``{source: table}``, or `Records`.
            id: the column of record ids.
            source: the column of sources.
            columns: for a mapping of tables, ``{source: {its column: common name}}``; left out, columns are aligned by
                name and by what they are recognized as.
        """
        return cls._inferred(read_records(data, id=id, source=source, columns=columns))[0]

    @classmethod
    def _inferred(cls, records: Records) -> tuple[Self, Records]:
        """Return the resolver for `records`, and the records with the fields that it found, partly encoded."""
        inferred = infer_fields(records.table)
        known = records.with_fields(inferred.fields)
        comparators = default_comparators(known)
        matcher = FellegiSunter(
            household=household_comparators(known, comparators), identity=identity_comparators(known, comparators)
        )
        link = infer_link(known, comparators)
        unique = link == "across"
        blocking = _chosen_blocking(known)
        resolver = cls(blocking, comparators, inferred.fields, matcher, link=link, unique=unique, inferred=inferred)
        return resolver, known

    def resolve(
        self,
        data: Any,
        *,
        id: Ids = None,  # noqa: A002 - the caller's word for it
        source: str | None = None,
        columns: Columns = None,
        progress: Progress = None,
    ) -> Resolution:
        """Return the entities of `data`.

        Args:
            data: any table, a mapping ``{source: table}``, or `Records`.
            id: the column of record ids, unique per source; left out, rows are numbered.
            source: the column of sources.
            columns: as for `infer`.
            progress: None for silence, True for bars, or a function called with (stage, done, total).

        Raises:
            ColumnNotFoundError: a field, blocking key or comparator names a column that the table does not have.
            HotBlockError: a block is above its cap and its policy is to raise.
        """
        clock = Clock()
        with clock.stage("read", "records"):
            records = read_records(data, id=id, source=source, columns=columns).with_fields(self.fields)
            clock.count(len(records))
        with _collected_warnings() as notes:
            resolution = self._run(records, clock, progress) if len(records) > 1 else self._alone(records, clock)
        return attrs.evolve(resolution, notes=tuple(notes))

    def _run(self, records: Records, clock: Clock, progress: Progress) -> Resolution:
        comparison = Comparison(self.comparators)
        with clock.stage("block", "candidate pairs, repeats counted"):
            candidates = self._candidates(records)
            clock.count(candidates.cost)
        with clock.stage("compare", "pairs compared to train on"):
            compared = compare_sample(records, candidates, comparison, progress=progress)
            clock.count(compared.pairs)
        with clock.stage("train", "agreement patterns"):
            matcher = self._trained(records, comparison, compared.patterns)
            clock.count(len(compared.patterns))
        with clock.stage("score", "pairs scored"):
            batches = compare_all(records, candidates, comparison, compared, progress=progress)
            scored, seen = _score(matcher, comparison, batches, self.keep)
            clock.count(seen)
        with clock.stage("cluster", "entities"):
            clusters = self.builder.build(len(records), scored, apart=records.sources.codes if self.unique else None)
            clock.count(clusters.count)
        trained = attrs.evolve(self, matcher=matcher)
        return Resolution(records, trained, scored, clusters, candidates.reports, seen, clock.stages)

    def _candidates(self, records: Records) -> Candidates:
        candidates = self.blocking.candidates(records)
        if self.link == "both":
            return candidates
        return LinkCandidates(candidates, records.sources.codes, self.link == "across")

    def _trained(self, records: Records, comparison: Comparison, patterns: Patterns) -> FellegiSunter:
        if self.matcher.is_fitted or len(patterns) == 0:
            return self.matcher
        population = Population.of(records, comparison, link=self.link, seed=self.seed)
        return self.matcher.fit(comparison, patterns, population)

    def _alone(self, records: Records, clock: Clock) -> Resolution:
        """Return the resolution of no record, or of one."""
        clusters = Clusters.of(np.arange(len(records)))
        return Resolution(records, self, ScoredPairs.none(), clusters, (), 0, clock.stages)


def resolve(
    data: Any,
    *,
    id: Ids = None,  # noqa: A002 - the caller's word for it
    source: str | None = None,
    columns: Columns = None,
    link: Link | None = None,
    threshold: float | None = None,
    progress: Progress = None,
) -> Resolution:
    """Return the entities of a table, with no configuration and no labels.

    Kinds of columns, blocking keys and comparators are inferred from the data, and the matcher is trained on it. To see
    or change what was inferred, start from `Resolver.infer`.

    Args:
        data: any table: polars, pandas, pyarrow, DuckDB, a dict of columns, a list of dicts, a path to CSV, Parquet or
            NDJSON; or a mapping ``{source: table}``, whose columns may differ.
        id: the column of record ids, unique per source; for a mapping also ``{source: column}``. Left out, rows are
            numbered from 0.
        source: the column that names the source of each row.
        columns: for a mapping of tables, ``{source: {its column: common name}}``.
        link: ``"both"``, ``"across"`` sources only, or ``"within"`` a source only. Left out, found from the data: where
            the sources list every entity once, only pairs across sources are linked, and one record of each at the most.
        threshold: the match probability from which on pairs are linked, 0 to 1; left out, the default of the builder.
        progress: None for silence, True for bars, or a function called with (stage, done, total).

    Raises:
        UnsupportedInputError: `data` is no table.
        ColumnNotFoundError: the id or source column does not exist.
        DuplicateIdError, NullIdError: ids are no key.
        RangeError: the threshold lies outside 0 to 1.

    Examples:
        >>> people = {"name": ["Ann Lee", "Ann Lee", "Bob Ray"], "email": ["ann@x.com", "Ann@X.com", "bob@x.com"]}
        >>> resolve(people).crosswalk.to_polars().height
        3
    """
    builder = AverageLinkage() if threshold is None else AverageLinkage(threshold)
    clock = Clock()
    with clock.stage("infer", "fields"):
        records = read_records(data, id=id, source=source, columns=columns)
        inferred, known = Resolver._inferred(records)  # noqa: SLF001 - one module, one road
        resolver = attrs.evolve(inferred, builder=builder)
        if link is not None:
            resolver = attrs.evolve(resolver, link=link, unique=False)
        clock.count(len(resolver.fields))
    resolution = resolver.resolve(known, progress=progress)
    return attrs.evolve(resolution, stages=(*clock.stages, *resolution.stages))


def read_records(data: Any, *, id: Ids, source: str | None, columns: Columns) -> Records:  # noqa: A002
    """Return the records of `data`; tables of several sources are aligned."""
    if isinstance(data, Records):
        return data
    if columns is None and is_mapping_of_tables(data):
        columns = align_columns(data, id=id)
    return Records.of(data, id=id, source=source, columns=columns)


def _chosen_blocking(records: Records) -> BlockingStrategy:
    if len(records) < 2:
        return no_pairs()
    try:
        return choose_blocking(records)
    except NoBlockingError as error:
        warnings.warn(f"every record stays an entity of its own: {error}", EmptyBlockingWarning, stacklevel=4)
        return no_pairs()


def _score(
    matcher: FellegiSunter, comparison: Comparison, batches: Iterable[tuple[Pairs, Packed]], keep: float
) -> tuple[ScoredPairs, int]:
    """Return the pairs at or above the probability to keep, and how many were scored."""
    kept: list[tuple[Pairs, npt.NDArray[np.float64]]] = []
    seen = 0
    for pairs, packed in batches:
        seen += len(pairs)
        weights = matcher.weights(comparison, packed)
        above = weights >= matcher.weight_at(keep)
        kept.append((pairs.where(above), weights[above]))
    if not kept:
        return ScoredPairs.none(), seen
    weight = np.concatenate([weights for _, weights in kept])
    left = np.concatenate([pairs.left for pairs, _ in kept])
    right = np.concatenate([pairs.right for pairs, _ in kept])
    probability = matcher.probabilities(weight).astype(np.float32)
    return ScoredPairs(left, right, weight.astype(np.float32), probability), seen


@contextmanager
def _collected_warnings() -> Iterator[list[str]]:
    """Collect the texts of our warnings, and give them all the same."""
    notes: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield notes
    for warning in caught:
        if issubclass(warning.category, IdentigraphWarning):
            notes.append(str(warning.message))
        warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)


def _faults(resolver: Resolver) -> Iterator[Exception]:
    """Yield what is wrong with the arguments of a resolver."""
    if resolver.blocking is None:
        yield NoBlockingError("no blocking strategy was given")
    elif not isinstance(resolver.blocking, BlockingStrategy):
        yield UnsupportedInputError(resolver.blocking, "a blocking strategy, such as ig.block_on('email')")
    if resolver.link not in {"both", "across", "within"}:
        yield ConfigurationError(f"link must be 'both', 'across' or 'within', got {resolver.link!r}")
    repeated = check_names(resolver.comparators)
    if repeated:
        yield ConfigurationError(f"comparators share the name {repeated[0]!r}; give each its own")
    try:
        check_probability("keep", resolver.keep)
    except RangeError as error:
        yield error
