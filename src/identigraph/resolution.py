"""What a run of a resolver made: entities, profiles, scored pairs, and how it came about."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.blocking.brought import brought
from identigraph.blocking.candidates import BlockReport, report_table
from identigraph.changing import Named
from identigraph.comparing.contacts import ContactProfile, profile_contacts
from identigraph.comparing.layout import Packed
from identigraph.encoding import take
from identigraph.errors import ConfigurationError
from identigraph.graph import Clusters, Evidence, IdentityGraph, ScoredPairs
from identigraph.graph.locking import unlinked
from identigraph.graph.networks import to_networkx
from identigraph.graph.ownership import owners_at, ownership
from identigraph.graph.relations import relations
from identigraph.graph.why import Answer, Standing, how, standing, why
from identigraph.identity import Assignment, Diff, Events, Register, diff
from identigraph.identity.events import as_time
from identigraph.judging import Estimated, Guards
from identigraph.matching import parameters_of
from identigraph.pairs import Mask, Pairs, Rows
from identigraph.profiles import Profiles
from identigraph.records import Records
from identigraph.report import Stage, Summary
from identigraph.report.page import notebook, render
from identigraph.siblings import Siblings
from identigraph.table import Table

if TYPE_CHECKING:
    from identigraph.resolver import Resolver


@attrs.frozen(eq=False, repr=False)
class Resolution:
    """Entities, and how they came about.

    Args:
        records: the records.
        resolver: the resolver, its matcher trained.
        graph: the records and the evidence between them: scored pairs, identifiers, judgements; by row number.
        clusters: which records are one entity, by row number.
        block_reports: what each blocking key did.
        candidate_pairs: distinct pairs that blocking proposed; clusters may ask for more, as the stage *refine* counts.
        stages: timings and counts of each stage.
        notes: how the columns of the sources differ, what was done with what was found, and the warnings given.
        estimated: precision, recall and F1 expected of the entities, where they could be estimated without labels.
        siblings: pairs that the model takes for siblings: members of one household, sister firms, models of a series.
        guards: what speaks against the fit; its warnings stand in `notes`. None without a Fellegi-Sunter model.
        patterns: how the scored pairs agree that blocking proposed; they come first among the scored pairs of the
            graph, in the order of their records, and then those that clusters asked for.
        named: how the caller called ids and sources.
        judged: what people said, as it was given: rulings, or a table of pairs.
        assigned: ids that last, and what changed; None before any update.
        row_before: shape (records,): the row of each record in the resolution that was updated, -1 where it came.
        locks: shape (records,): the lock that each record is in, -1 for none; see `graph.locking`.
        pending: shape (records,): which are to be resolved again by the next update, their entities being as before.
    """

    records: Records
    resolver: Resolver
    graph: IdentityGraph
    clusters: Clusters
    block_reports: tuple[BlockReport, ...]
    candidate_pairs: int
    stages: tuple[Stage, ...]
    notes: tuple[str, ...] = ()
    estimated: Estimated | None = None
    siblings: Siblings = attrs.field(factory=Siblings.none)
    guards: Guards | None = None
    patterns: Packed = attrs.field(factory=lambda: np.zeros(0, dtype=np.int64))
    named: Named = attrs.field(factory=Named)
    judged: Any = None
    assigned: Assignment | None = None
    row_before: npt.NDArray[np.int64] = attrs.field(
        default=attrs.Factory(lambda self: np.full(len(self.records), -1), takes_self=True)
    )
    locks: npt.NDArray[np.int64] = attrs.field(
        default=attrs.Factory(lambda self: np.full(len(self.records), -1), takes_self=True)
    )
    pending: Mask = attrs.field(default=attrs.Factory(lambda self: np.zeros(len(self.records), bool), takes_self=True))

    @property
    def scored(self) -> ScoredPairs:
        """The scored pairs that were kept, by row number."""
        return self.graph.scored

    @cached_property
    def entity_ids(self) -> npt.NDArray[Any]:
        """The id of each cluster; numbers, or texts where the ids given are no numbers.

        Of a first resolution from 1, in the order of the smallest (source, id) among its records; after an update as
        they were assigned.
        """
        if self.assigned is not None:
            return _ids_of(self.assigned.crosswalk.frame.get_column("entity_id"), self.records, self.clusters)
        keys = self.records.row_keys(np.arange(len(self.records))).with_columns(
            pl.Series("cluster", self.clusters.labels)
        )
        order = keys.sort("source", "record_id").unique("cluster", keep="first", maintain_order=True)
        ids = np.zeros(self.clusters.count, dtype=np.int64)
        ids[order.get_column("cluster").to_numpy()] = np.arange(1, self.clusters.count + 1)
        return ids

    @property
    def events(self) -> Events:
        """What the last update did to entities and their ids; nothing where there was none."""
        return Events(()) if self.assigned is None else self.assigned.events

    @cached_property
    def register(self) -> Register:
        """Every id that was issued so far, and what became of it."""
        return Register.of(self.crosswalk.frame) if self.assigned is None else self.assigned.register

    @cached_property
    def crosswalk(self) -> Table:
        """One row per record, in the order of the input: ``source, record_id, entity_id``."""
        rows = np.argsort(self.records.position, kind="stable")
        entity = pl.Series("entity_id", self.entity_ids[self.clusters.labels[rows]])
        return Table("crosswalk", self.records.row_keys(rows).with_columns(entity))

    @cached_property
    def profiles(self) -> Profiles:
        """One golden record per entity; ``profiles.lineage`` says which record each value came from."""
        return Profiles(self.records, self.entity_ids, self.clusters)

    @cached_property
    def scored_pairs(self) -> Table:
        """One row per scored pair: ``left_id, right_id, match_weight, match_probability``, the likeliest first.

        With sources, ``left_source`` and ``right_source`` stand beside the ids.
        """
        keys = self.pair_keys(self.scored.left, self.scored.right)
        scores = pl.DataFrame(
            {"match_weight": self.scored.match_weight, "match_probability": self.scored.match_probability}
        )
        frame = pl.concat([keys, scores], how="horizontal")
        by = ["match_weight", *(name for name in frame.columns if not name.startswith("match"))]
        return Table("scored_pairs", frame.sort(by, descending=[True] + [False] * (len(by) - 1)))

    @cached_property
    def blocking(self) -> Table:
        """What each part of the blocking brought, in its order, and what it cost; see `blocking.brought`.

        The candidate pairs are made once more, and none is compared.
        """
        candidates = self.resolver.candidates(self.records)
        scored = Pairs(self.scored.left, self.scored.right)
        return Table("blocking", brought(candidates, scored, self.clusters.labels))

    @cached_property
    def contacts(self) -> ContactProfile:
        """Who shares each e-mail address, telephone number and postal address, people being the entities.

        As told by names alone, see `identigraph.profile_contacts`; here a couple of records may share one as well.
        """
        return profile_contacts(self.records, clusters=self.clusters.labels)

    @cached_property
    def evidence(self) -> Evidence:
        """The evidence behind the entities, link by link: what holds, what is suppressed, and why."""
        return Evidence.of(unlinked(self.graph, self.locks), self.resolver.builder)

    @cached_property
    def relations(self) -> Table:
        """One row per pair of entities that are *possibly same* or *possibly related*; see `graph.relations`.

        Or of the *same household*, by how their records agree; where there are no people, *siblings*: sister firms,
        other models of a series. Columns ``left_entity, right_entity``, the lower left, ``relation, by, links,
        certainty``.
        """
        linked = relations(self.evidence).table.to_polars()
        found = pl.concat([linked, self.siblings.between(self.clusters, self.records).select(linked.columns)])
        ends = np.sort(self.entity_ids[found.select("left", "right").to_numpy()], axis=1)
        sides = pl.DataFrame({"left_entity": ends[:, 0], "right_entity": ends[:, 1]})
        told = sides.hstack(found.drop("left", "right"))
        return Table("relations", told.sort("left_entity", "right_entity", "relation"))

    @cached_property
    def ownership(self) -> Table:
        """Whose each identifier was, from when to when, by what is believed now; see `graph.ownership`.

        One row per time that an entity owned a value of a namespace of the resolver: ``namespace, value, entity_id,
        since, until, sightings``. Times are those of the column ``observed_at``; where none is known, ``since`` and
        ``until`` are null.
        """
        owned = ownership(self.graph.screened, self.clusters.labels)
        entity = pl.Series("entity", self.entity_ids[owned.get_column("entity").to_numpy()])
        return Table("ownership", owned.with_columns(entity).rename({"entity": "entity_id"}))

    def as_of(self, at: datetime) -> Table:
        """Return whose each identifier was at a time, by what is believed now: the rows of `ownership` that hold then.

        Args:
            at: with time zone.
        """
        return Table("ownership", owners_at(self.ownership.to_polars(), as_time(at)))

    def update(self, **changes: Any) -> Resolution:
        """Return the entities after records came, changed and went; see `Resolver.update`."""
        return self.resolver.update(self, **changes)

    def what_if(self, *, resolver: Resolver | None = None, **changes: Any) -> Diff:
        """Return what would become of the entities; nothing changes.

        Args:
            resolver: other settings: that of the resolution, changed by `attrs.evolve`.
            changes: records and judgements, as for `Resolver.update`.

        Raises:
            ConfigurationError: a resolver and changes together, or what `Resolver.update` refuses.
        """
        if resolver is None:
            return diff(self, self.update(**changes))
        if changes:
            raise ConfigurationError(
                "ask for another resolver, or for changes, one at a time: what_if(...) takes either"
            )
        return diff(self, resolver.apply(self))

    def why(self, left: object, right: object) -> Answer:
        """Return why two records are one entity, or why not.

        Args:
            left: the id of a record, or ``(source, id)`` where several sources have it.
            right: that of another.

        Raises:
            UnknownIdError: there is no such record.
            ConfigurationError: records of several sources have an id, and none was named.
        """
        return why(self.evidence, self._row(left), self._row(right))

    def how(self, record: object) -> Table:
        """Return the steps in which the entity of a record came about, the first first; see `graph.how`.

        Args:
            record: its id, or ``(source, id)``.

        Raises:
            UnknownIdError, ConfigurationError: as for `why`.
        """
        return how(self.evidence, self._row(record))

    def standing(self, record: object) -> Standing:
        """Return how well the entity of a record holds together: density, confidence, bridges, articulation records.

        Args:
            record: its id, or ``(source, id)``.

        Raises:
            UnknownIdError, ConfigurationError: as for `why`.
        """
        return standing(self.evidence, self._row(record))

    def to_networkx(self, record: object) -> Any:
        """Return the entity of a record as a networkx graph: its records, their identifiers, the evidence.

        Args:
            record: its id, or ``(source, id)``.

        Raises:
            UnknownIdError, ConfigurationError: as for `why`.
        """
        entity = int(self.clusters.labels[self._row(record)])
        return to_networkx(self.graph, clusters=self.clusters, entity=entity)

    def _row(self, record: object) -> int:
        if isinstance(record, tuple) and len(record) == 2:
            return self.graph.keys.number(record[1], str(record[0]))
        return self.graph.keys.number(record)

    @cached_property
    def summary(self) -> Summary:
        """Counts and tables about the run, without the values of records."""
        return Summary(
            records=len(self.records),
            sources=len(self.records.sources.values),
            entities=self.clusters.count,
            stages=self.stages,
            columns=_column_table(self),
            blocking=report_table(self.block_reports),
            weights=_weight_table(self),
            cluster_sizes=_size_table(self.clusters),
            overlap=_overlap_table(self),
            probabilities=_probability_table(self.scored),
            settings=_settings(self),
            notes=self.notes,
            estimated=self.estimated,
            guards=self.guards,
        )

    @property
    def set_aside(self) -> dict[str, str]:
        """Columns that were left out, each with the reason."""
        inferred = self.resolver.inferred
        return dict(inferred.set_aside) if inferred is not None else {}

    def report(self, path: str | Path, *, title: str = "Customer view") -> Path:
        """Write one HTML page about the resolution and return its path.

        Raises:
            ConfigurationError: the folder does not exist.
        """
        target = Path(path)
        if not target.parent.is_dir():
            raise ConfigurationError(f"there is no folder {str(target.parent)!r} to write the report to")
        target.write_text(render(self.summary, title=title), encoding="utf-8")
        return target

    def to_polars(self) -> pl.DataFrame:
        """Return the crosswalk as a polars frame."""
        return self.crosswalk.to_polars()

    def to_pandas(self) -> Any:
        """Return the crosswalk as a pandas frame."""
        return self.crosswalk.to_pandas()

    def to_arrow(self) -> Any:
        """Return the crosswalk as a pyarrow table."""
        return self.crosswalk.to_arrow()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the crosswalk as an Arrow stream."""
        return self.crosswalk.__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        """Return the number of entities."""
        return self.clusters.count

    def __repr__(self) -> str:
        """Return the counts."""
        records, sources, entities = len(self.records), len(self.records.sources.values), self.clusters.count
        return (
            f"<Resolution: {records:,} record{'s'[: records != 1]} from {sources} source{'s'[: sources != 1]} "
            f"-> {entities:,} entit{'y' if entities == 1 else 'ies'}>"
        )

    def _repr_html_(self) -> str:
        """Return a short summary, for a notebook."""
        return notebook(self.summary)

    def pair_keys(self, left: Rows, right: Rows) -> pl.DataFrame:
        """Return the ids of pairs of row numbers: ``left_id, right_id``, and both sources where there are some."""
        sides = {"left": self.records.row_keys(left), "right": self.records.row_keys(right)}
        columns = [keys.get_column("record_id").alias(f"{side}_id") for side, keys in sides.items()]
        if self.records.has_sources:
            columns = [keys.get_column("source").alias(f"{side}_source") for side, keys in sides.items()] + columns
        return pl.DataFrame(columns)


def _ids_of(given: pl.Series, records: Records, clusters: Clusters) -> npt.NDArray[Any]:
    """Return the id of each cluster, of those of all records in the order of the input."""
    numbers = given.cast(pl.Int64, strict=False)
    ids = given.to_numpy() if numbers.null_count() else numbers.to_numpy()
    found = np.empty(clusters.count, dtype=ids.dtype)
    found[clusters.labels[np.argsort(records.position, kind="stable")]] = ids
    return found


def _column_table(resolution: Resolution) -> pl.DataFrame:
    """Return how each column was read."""
    records, aside = resolution.records, resolution.set_aside
    rows: list[tuple[object, ...]] = []
    for name, kind in resolution.resolver.fields.items():
        report = records.field_report(name)
        for role, column in kind.roles(name).items():
            present = records.table.height - records.table.get_column(column).null_count()
            note = f"{report.defaults:,} default values left out" if report.defaults else ""
            rows.append((column, name, type(kind).__name__, role, present, report.unparsed, report.distinct, note))
    unread = [column for column in records.table.columns if column not in {row[0] for row in rows}]
    rows += [(column, *[None] * 6, aside.get(column, "plain text: no field reads it")) for column in unread]
    schema = {
        "column": pl.String,
        "field": pl.String,
        "kind": pl.String,
        "role": pl.String,
        "present": pl.Int64,
        "unparsed": pl.Int64,
        "distinct": pl.Int64,
        "note": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _weight_table(resolution: Resolution) -> pl.DataFrame:
    parameters = parameters_of(resolution.resolver.matcher)
    if parameters is None:
        names = ("comparator", "level", "label", "m", "u", "household", "match_weight")
        types = (pl.String, pl.Int64, pl.String, pl.Float64, pl.Float64, pl.Float64, pl.Float64)
        return pl.DataFrame(schema=dict(zip(names, types, strict=True)))
    return parameters.table()


def _size_table(clusters: Clusters) -> pl.DataFrame:
    sizes = pl.DataFrame({"size": clusters.sizes}).group_by("size").agg(pl.len().cast(pl.Int64).alias("clusters"))
    return sizes.sort("size").with_columns((pl.col("size") * pl.col("clusters")).alias("records"))


def _overlap_table(resolution: Resolution) -> pl.DataFrame:
    """Return entities by the set of sources they have records in."""
    sources = resolution.records.sources
    frame = pl.DataFrame({"entity": resolution.clusters.labels, "source": take(sources.values, sources.codes)})
    sets = frame.unique().sort("source").group_by("entity").agg(pl.col("source").str.join(" + ").alias("sources"))
    counted = sets.group_by("sources").agg(pl.len().cast(pl.Int64).alias("entities"))
    return counted.sort(["entities", "sources"], descending=[True, False])


def _probability_table(scored: ScoredPairs) -> pl.DataFrame:
    counts, edges = np.histogram(scored.match_probability.astype(np.float64), bins=20, range=(0.0, 1.0))
    return pl.DataFrame({"from": edges[:-1], "to": edges[1:], "pairs": counts.astype(np.int64)})


def _settings(resolution: Resolution) -> tuple[tuple[str, str], ...]:
    resolver = resolution.resolver
    return (
        ("link", resolver.link),
        ("one record per source and entity", "yes" if resolver.unique else "no"),
        ("builder", repr(resolver.builder)),
        ("kept from probability", f"{resolver.keep:g}"),
        ("candidate pairs scored", f"{resolution.candidate_pairs:,}"),
        ("seed", str(resolver.seed)),
        *((f"namespace {found.namespace.name}", found.told) for found in resolution.graph.screened),
    )
