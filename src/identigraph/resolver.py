"""The resolver: all stages strung together, from a table to entities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.blocking import BlockingStrategy, Candidates
from identigraph.blocking.candidates import linking
from identigraph.calls import call_repr
from identigraph.changing import Named
from identigraph.comparing import Comparator, Comparison, Comparisons, Patterns
from identigraph.comparing.defaults import (
    default_comparators,
)
from identigraph.comparing.patterns import as_comparators
from identigraph.errors import (
    ConfigurationError,
    FitWarning,
    InvalidIntermediateError,
    NotPlainError,
    UnsupportedInputError,
)
from identigraph.faults import LINKS, faults, unknown_link
from identigraph.fields import FieldKind
from identigraph.graph import (
    AverageLinkage,
    ClusterBuilder,
    Clusters,
    ConstrainedComponents,
    IdentityGraph,
    Judgements,
    Namespace,
    ScoredPairs,
)
from identigraph.graph.inferring import infer_namespaces
from identigraph.graph.locking import unlinked
from identigraph.graph.of_records import graph_of
from identigraph.identity import Placed, place_on
from identigraph.identity.assigning import IdFactory
from identigraph.identity.reading import Weights
from identigraph.inferring import chosen_blocking, inferred_matcher, read_records
from identigraph.judging import Guards, guarded
from identigraph.matching import FellegiSunter, Link, Matcher, Population, Supervised, model_of
from identigraph.matching.labels import Labels
from identigraph.matching.linkage import compare_all, compare_sample
from identigraph.matching.sources import infer_link
from identigraph.notes import noted, warn
from identigraph.pairs import Mask, Pairs
from identigraph.plain import NOTE, Plain, fingerprint, read_file, write_file
from identigraph.progress import Progress
from identigraph.records import Records
from identigraph.records.infer import Inferred, infer_fields, source_differences
from identigraph.records.rows import Columns, Ids
from identigraph.refining import Answers, Refined, Scores, linkage_of, refine
from identigraph.report.clock import Clock
from identigraph.resolution import Resolution
from identigraph.scoring import scored_pairs
from identigraph.settled import Settled
from identigraph.updating import Naming, resolved_by, updated

Packed = npt.NDArray[np.int64]


def _as_namespaces(namespaces: Iterable[Namespace]) -> tuple[Namespace, ...]:
    if isinstance(namespaces, str) or not isinstance(namespaces, Iterable):
        raise UnsupportedInputError(namespaces, "several namespaces, such as [ig.Namespace('login', limit=1)]")
    return tuple(namespaces)


def _as_fields(fields: Mapping[str, FieldKind]) -> dict[str, FieldKind]:
    if not isinstance(fields, Mapping):
        raise UnsupportedInputError(fields, "a mapping of field names to kinds")
    return dict(fields)


@attrs.frozen
class Resolver(Plain):
    """All stages from a table to entities, as one value: `infer` makes one, `attrs.evolve` changes it.

    Args:
        blocking: which pairs are compared.
        comparators: how pairs are compared.
        fields: what the columns mean: field name to kind; columns without a field are plain text.
        matcher: how agreement is weighed; trained on the data unless it is fitted.
        builder: how the evidence becomes clusters.
        namespaces: identifiers that link and limit: logins, account numbers, cookies; each reads the feature or column
            of its name.
        observed_at: the column that says when a record was observed, for namespaces that ask for times.
        link: which pairs may be linked: ``"both"`` any, ``"across"`` sources only, ``"within"`` a source only.
        unique: whether each source lists every entity once, so that no entity has two records of one source.
        keep: pairs that blocking proposes are not kept below this match probability; 0 to 1.
        seed: for random pairs; 0 or more.
        inferred: what the columns were recognized as, where `infer` made the resolver.
        settled: what a resolver that has learned keeps of the records it learned from; see `refit`.

    Raises:
        NoBlockingError: no blocking was given.
        UnsupportedInputError: an argument is of the wrong type.
        ConfigurationError: an argument makes no sense, or the matcher was fitted to other comparators.
        ExceptionGroup: several of these.

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
    fields: Mapping[str, FieldKind] = attrs.field(factory=dict, converter=_as_fields, hash=False, kw_only=True)
    matcher: Matcher = attrs.field(default=FellegiSunter(), kw_only=True)
    builder: ClusterBuilder = attrs.field(default=ConstrainedComponents(), kw_only=True)
    namespaces: tuple[Namespace, ...] = attrs.field(default=(), converter=_as_namespaces, kw_only=True)
    observed_at: str | None = attrs.field(default=None, kw_only=True)
    link: Link = attrs.field(default="both", kw_only=True)
    unique: bool = attrs.field(default=False, kw_only=True)
    keep: float = attrs.field(default=0.004, kw_only=True)
    seed: int = attrs.field(default=0, kw_only=True)
    inferred: Inferred | None = attrs.field(default=None, kw_only=True, eq=False, repr=False, metadata=NOTE)
    settled: Settled | None = attrs.field(default=None, kw_only=True, eq=False, repr=False)

    __repr__ = call_repr

    def __attrs_post_init__(self) -> None:
        found = list(faults(self))
        if len(found) == 1:
            raise found[0]
        if found:
            message = "the resolver's arguments make no sense"
            raise ExceptionGroup(message, found)

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
        inferred = infer_fields(records.table, lists=records.lists)
        known = records.with_fields(inferred.fields)
        comparators = default_comparators(known)
        matcher = inferred_matcher(known, comparators)
        link = infer_link(known, comparators)
        unique = link == "across"
        blocking = chosen_blocking(known, comparators)
        resolver = cls(
            blocking,
            comparators,
            fields=inferred.fields,
            matcher=matcher,
            link=link,
            unique=unique,
            namespaces=infer_namespaces(known, comparators),
            inferred=inferred,
        )
        return resolver, known

    def resolve(
        self,
        data: Any,
        *,
        id: Ids = None,  # noqa: A002 - the caller's word for it
        source: str | None = None,
        columns: Columns = None,
        labels: Any = None,
        judgements: Any = None,
        progress: Progress = None,
    ) -> Resolution:
        """Return the entities of `data`.

        Args:
            data: any table, a mapping ``{source: table}``, or `Records`.
            id: the column of record ids, unique per source; left out, rows are numbered.
            source: the column of sources.
            columns: as for `infer`.
            labels: pairs of which you know whether they match, for the matcher to learn from: a table ``left_id,
                right_id, match`` or `Labels`; see `identigraph.Labels.of`. A builder without a threshold gets the one
                at which the expected F1 of whole clusters is highest.
            judgements: what people decided, whatever the evidence: `identity.Rulings`, such as ``log.rulings(now)``; or
                pairs, a table ``left_id, right_id, judgement``, the last being ``must_link``, ``cannot_link`` or
                ``unsure``.
            progress: None for silence, True for bars, or a function called with (stage, done, total).

        Raises:
            ColumnNotFoundError: a field, blocking key or comparator names a column that the table does not have.
            ConfigurationError: only records of different sources may be linked, and no source is named.
            HotBlockError: a block is above its cap and its policy is to raise.
            ContradictionError: judgements contradict each other.
        """
        clock = Clock()
        known = labels if labels is None or isinstance(labels, Labels) else Labels.of(labels)
        with clock.stage("read", "records"):
            records = self.reading(read_records(data, id=id, source=source, columns=columns)).renewed()
            clock.count(len(records))
        if (self.link == "across" or self.unique) and not records.has_sources:
            told = "link='across' and unique=True are about sources: name them with source=..., or give {source: table}"
            raise ConfigurationError(told)
        placed = place_on(records, judgements)
        with noted() as notes:
            if len(records) > 1:
                resolution = self._run(records, known, placed, clock, progress)
            else:
                resolution = self._alone(records, clock)
        learned = () if known is None else (f"learned from {known.told}",)
        notes_of = (*source_differences(records), *placed.notes, *notes, *resolution.notes, *learned)
        named = Named(id, source, columns)
        return attrs.evolve(resolution, notes=notes_of, named=named, judged=judgements, locks=placed.locks)

    def _run(
        self, records: Records, labels: Labels | None, placed: Placed, clock: Clock, progress: Progress
    ) -> Resolution:
        comparison = Comparison(self.comparators)
        first, learner = self._first(labels)
        with clock.stage("block", "candidate pairs, repeats counted"):
            candidates = self.candidates(records)
            clock.count(candidates.cost)
        with clock.stage("compare", "pairs compared to train on"):
            compared = compare_sample(records, candidates, comparison, progress=progress)
            clock.count(compared.pairs)
        with clock.stage("train", "agreement patterns"):
            matcher = self._trained(first, records, comparison, compared.patterns, None if learner else labels)
            clock.count(len(compared.patterns))
        with clock.stage("score", "pairs scored"):
            batches = compare_all(records, candidates, comparison, compared, progress=progress)
            scored = scored_pairs(matcher, comparison, records, batches, self.keep)
            clock.count(scored.seen)
        with clock.stage("refine", "pairs scored that clusters asked for"):
            graph = self._graph(records, scored.pairs, placed.judgements)
            scores = Scores(records, comparison, matcher, graph, scored.packed, link=self.link)
            refined = self._refined(scores, compared.patterns, labels, learner, teach=not first.is_fitted)
            clock.count(refined.asked)
        settled = self.settled or Settled.of(records, self)
        trained = attrs.evolve(self, matcher=refined.scores.matcher, builder=refined.builder, settled=settled)
        with clock.stage("cluster", "entities"):
            graph = refined.scores.graph
            clusters = trained._clustered(unlinked(graph, placed.locks))  # noqa: SLF001 - its own copy
            clock.count(clusters.count)
        found = _guards_of(refined.scores, compared.patterns, clusters)
        notes = (*refined.notes, *(told for told in (found.model, found.copies) if told)) if found else refined.notes
        made = Resolution(records, trained, graph, clusters, candidates.reports, scored.seen, clock.stages)
        made = attrs.evolve(made, estimated=refined.estimated, guards=found, notes=notes)
        count = len(refined.scores.packed) - refined.scores.asked
        return attrs.evolve(made, siblings=scored.siblings, patterns=refined.scores.packed[:count])

    def _refined(
        self, scores: Scores, seen: Patterns, labels: Labels | None, learner: Supervised | None, *, teach: bool
    ) -> Refined:
        """Return what clusters are made with: what comparators left out say, and then labels where there are some."""
        if not scores.matcher.is_fitted:
            return Refined(attrs.evolve(scores, matcher=self.matcher), self.builder)
        answers = None
        if labels is not None:
            pairs = Pairs.of(*labels.pairs.rows(scores.records))
            answers = Answers(pairs, labels.compared(scores.records, scores.comparison), learner)
        return refine(scores, self.builder, self.blocking, seen, teach=teach, answers=answers)

    def update(
        self,
        resolution: Resolution,
        *,
        add: Any = None,
        replace: Any = None,
        delete: Any = None,
        judgements: Any = None,
        budget: int | None = None,
        weights: Weights = None,
        factory: IdFactory | None = None,
        at: datetime | None = None,
        cause: str = "",
    ) -> Resolution:
        """Return the entities after records came, changed and went, or people decided; nothing is learned anew.

        They are those of one run of the same resolver on the records that are left. Only what a change reaches is
        resolved again. Tables are read as they were for the resolution, under the same names of ids and sources.

        Args:
            resolution: that of this resolver: as ``resolution.resolver.update(resolution, ...)``; or of one with the
                same hash.
            add: a table of new records. One that is there with the same content is left as it is.
            replace: a table of records that are there, with other content.
            delete: records that go: a table with their ids, or a list of ids or ``(source, id)``.
            judgements: all that people say now about pairs, as for `resolve`; left out, what they said before.
            budget: about how many records are resolved again at the most; the others are *pending*, and resolved by the
                next updates, whether these change anything or not.
            weights: how much records count for the id of their entity, as for `identigraph.assign_ids`.
            factory: makes a new id; left out, numbers go on where all ids are numbers, else UUIDs of version 7.
            at: the time of the change, with time zone; None: now.
            cause: what brought the change about, in words, for the events.

        Raises:
            ConfigurationError: the resolution is of another resolver or was made of numbered rows; a column is new.
            UnknownIdError: a record that is to be replaced or deleted is not there.
            ChangeError: a record that is to come is there with other content, or a record is told of twice.
        """
        if self.settled is None or not _same(resolution.resolver, self):
            told = "update is for the resolver that learned: resolution.resolver.update(resolution, ...)"
            raise ConfigurationError(told)
        changes = {"add": add, "replace": replace, "delete": delete, "judgements": judgements}
        return updated(resolution, self, **changes, budget=budget, naming=Naming(weights, factory, at, cause))

    def apply(self, resolution: Resolution) -> Resolution:
        """Return the entities of the records of a resolution by this resolver; nothing is learned anew.

        Where it scores pairs as the resolver of the resolution did, these are not scored again.

        Args:
            resolution: that of a resolver which learned, of which this one is a changed copy, made by `attrs.evolve`.
        """
        return resolved_by(resolution, self)

    def refit(self, resolution: Resolution, *, labels: Any = None, progress: Progress = None) -> Resolution:
        """Return the entities of the same records after learning anew: weights, frequencies, threshold, readings.

        Blocking, comparators and fields stay as they are.

        Args:
            resolution: that of this resolver, or of one that learned before.
            labels: as for `resolve`.
            progress: as for `resolve`.
        """
        origin = self if self.settled is None else self.settled.origin
        records = Records.of_rows(resolution.records.rows)
        records = attrs.evolve(records, position=resolution.records.position[records.position])
        found = origin.resolve(records, labels=labels, judgements=resolution.judged, progress=progress)
        return attrs.evolve(found, named=resolution.named)

    @cached_property
    def hash(self) -> str:
        """The SHA-256 of all settings and of all that was learned: of equal resolvers the same, wherever it is taken.

        Raises:
            NotPlainError: the resolver holds code, or an object of a class that cannot be written.
        """
        return fingerprint(self)

    def write(self, path: str | Path) -> None:
        """Write the resolver as JSON, compressed where the name ends in ``.gz``.

        One that has learned holds values of records: keep the file where you keep those.

        Raises:
            NotPlainError: the resolver holds code, or an object of a class that cannot be written.
        """
        write_file(self.to_dict(), path)

    @classmethod
    def read(cls, path: str | Path, *, classes: Iterable[type] = ()) -> Self:
        """Return the resolver that `write` wrote.

        Args:
            path: the file.
            classes: those of your own that it holds; see `from_dict`.

        Raises:
            PlainDataError: the file is damaged, of something else, or of a later version.

        Examples:
            >>> from tempfile import TemporaryDirectory
            >>> import identigraph as ig
            >>> resolver = Resolver(ig.block_on("city"), [ig.similar("name")])
            >>> with TemporaryDirectory() as folder:
            ...     resolver.write(f"{folder}/mine.json")
            ...     again = Resolver.read(f"{folder}/mine.json")
            >>> again == resolver, again.hash == resolver.hash
            (True, True)
        """
        return cls.from_dict(read_file(path), classes=classes)

    def reading(self, records: Records) -> Records:
        """Return records with the fields of the resolver, and with what it keeps of those that it learned from."""
        return records.with_fields(self.fields) if self.settled is None else self.settled.applied(records)

    def candidates(self, records: Records) -> Candidates:
        """Return the pairs that are compared: those that blocking proposes and that may be linked.

        Args:
            records: with the fields of the resolver.
        """
        return self.linkable(records, self.blocking.candidates(records))

    def linkable(self, records: Records, candidates: Candidates) -> Candidates:
        """Return those of some pairs that may be linked, by source."""
        if self.link == "both":
            return candidates
        return linking(candidates, records.sources.codes, across=self.link == "across")

    def may_link(self, records: Records, pairs: Pairs) -> Mask:
        """Tell which of some pairs may be linked, by source."""
        source = records.sources.codes
        same: Mask = source[pairs.left] == source[pairs.right]
        return np.ones(len(pairs), dtype=bool) if self.link == "both" else same == (self.link == "within")

    def _first(self, labels: Labels | None) -> tuple[Matcher, Supervised | None]:
        """Return what scores pairs first, and what learns from labels beside it once it has learned all it can."""
        matcher = self.matcher
        if labels is None or not isinstance(matcher, Supervised) or linkage_of(self.builder) is None:
            return matcher, None
        return (matcher, None) if matcher.model is None else (matcher.model, matcher)

    def _trained(
        self, matcher: Matcher, records: Records, comparison: Comparison, patterns: Patterns, labels: Labels | None
    ) -> Matcher:
        known = None if labels is None else labels.compared(records, comparison)
        if (matcher.is_fitted and known is None) or len(patterns) == 0:
            return matcher
        population = Population.of(records, comparison, link=self.link, seed=self.seed)
        compared = Comparisons(comparison.layout, patterns.packed, patterns.counts, comparison, records)
        return matcher.fit(compared, labels=known, population=population)

    def _clustered(self, graph: IdentityGraph) -> Clusters:
        clusters = self.builder.build(graph)
        if len(clusters) != len(graph):
            stage = f"{type(self.builder).__name__}.build"
            raise InvalidIntermediateError(stage, f"clusters of {len(graph):,} records", f"{len(clusters):,}")
        return clusters

    def _graph(self, records: Records, scored: ScoredPairs, judgements: Judgements) -> IdentityGraph:
        """Return the records and the evidence between them."""
        return graph_of(
            records,
            scored,
            namespaces=self.namespaces,
            observed_at=self.observed_at,
            judgements=judgements,
            one_per_source=self.unique,
        )

    def _alone(self, records: Records, clock: Clock) -> Resolution:
        """Return the resolution of no record, or of one."""
        graph = self._graph(records, ScoredPairs.none(), Judgements())
        return Resolution(records, self, graph, Clusters.of(np.arange(len(records))), (), 0, clock.stages)


def _same(one: Resolver, other: Resolver) -> bool:
    """Tell whether two resolvers have learned the same."""
    if one.settled is other.settled:
        return True
    try:
        return one.hash == other.hash
    except NotPlainError:
        return False


def resolve(
    data: Any,
    *,
    id: Ids = None,  # noqa: A002 - the caller's word for it
    source: str | None = None,
    columns: Columns = None,
    link: Link | None = None,
    threshold: float | None = None,
    labels: Any = None,
    judgements: Any = None,
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
            each source lists every entity once, only pairs across sources are linked, and one record of each at most.
        threshold: the match probability from which on pairs are linked, 0 to 1; left out, that of the highest expected
            F1, or 0.5 where none can be told.
        labels: pairs of which you know whether they match: a table ``left_id, right_id, match``. Then the matcher is
            `Supervised`, which needs the extra ``learn``, and the threshold is chosen for the best expected F1.
        judgements: what people decided, whatever the evidence: `identity.Rulings`, such as ``log.rulings(now)``; or
            a table of pairs ``left_id, right_id, judgement``, the last ``must_link``, ``cannot_link`` or ``unsure``.
        progress: None for silence, True for bars, or a function called with (stage, done, total).

    Raises:
        UnsupportedInputError: `data` is no table.
        ColumnNotFoundError: the id or source column does not exist.
        DuplicateIdError, NullIdError: ids are no key.
        RangeError: the threshold lies outside 0 to 1.
        ConfigurationError: an unknown `link`, or arguments that contradict each other.

    Examples:
        >>> people = {"name": ["Ann Lee", "Ann Lee", "Bob Ray"], "email": ["ann@x.com", "Ann@X.com", "bob@x.com"]}
        >>> resolve(people).crosswalk.to_polars().height
        3
    """
    builder = ConstrainedComponents(linkage=AverageLinkage(threshold))
    if link is not None and link not in LINKS:
        raise unknown_link(link)
    clock = Clock()
    with clock.stage("infer", "fields"), noted() as notes:
        records = read_records(data, id=id, source=source, columns=columns)
        inferred, known = Resolver._inferred(records)  # noqa: SLF001 - one module, one road
        resolver = attrs.evolve(inferred, builder=builder)
        if labels is not None:
            resolver = attrs.evolve(resolver, matcher=Supervised(inferred_matcher(known, resolver.comparators)))
        if link is not None:
            namespaces = () if link == "within" else resolver.namespaces
            resolver = attrs.evolve(resolver, link=link, unique=False, namespaces=namespaces)
        clock.count(len(resolver.fields))
    resolution = resolver.resolve(known, labels=labels, judgements=judgements, progress=progress)
    stages, notes_of = (*clock.stages, *resolution.stages), (*notes, *resolution.notes)
    return attrs.evolve(resolution, stages=stages, notes=notes_of, named=Named(id, source, columns))


def _guards_of(scores: Scores, seen: Patterns, clusters: Clusters) -> Guards | None:
    """Return what speaks against the fit, and warn of what speaks against the entities; None without a model."""
    model = model_of(scores.matcher)
    if model is None or not model.is_fitted or len(seen) == 0:
        return None
    inside = clusters.labels[scores.pairs.left] == clusters.labels[scores.pairs.right]
    found = guarded(model, seen, Patterns.counted([scores.packed[inside]]), scores.comparison.comparators)
    if found.entities is not None:
        warn(found.entities, FitWarning)
    return found
