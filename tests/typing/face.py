"""What type checkers make of the public face; checked by test_typing.py, never called."""

from __future__ import annotations

from pathlib import Path
from typing import Any, assert_type

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

import identigraph as ig
from identigraph.blocking import BlockingStrategy, Intersection, KeyBlocking, Union
from identigraph.comparing import Comparator, Graded
from identigraph.encoding import Codes
from identigraph.fields import FieldKind
from identigraph.fields.derived import Derived
from identigraph.graph import ClusterBuilder, Clusters, ScoredPairs
from identigraph.profiles import Profiles
from identigraph.table import Table

PEOPLE: dict[str, list[str | None]] = {"name": ["Ann Lee", None], "mail": ["ann@x.com", "bob@x.com"]}


def results() -> None:
    """Check what resolving gives, and what that gives."""
    result = ig.resolve(PEOPLE, link="across", threshold=0.9, progress=tell)
    assert_type(result, ig.Resolution)
    assert_type(ig.resolve({"crm": "crm.csv", "web": pl.DataFrame()}, id={"crm": "no", "web": "id"}), ig.Resolution)
    assert_type(result.crosswalk, Table)
    assert_type(result.to_polars(), pl.DataFrame)
    assert_type(result.to_pandas(), Any)
    assert_type(result.profiles, Profiles)
    assert_type(result.profiles.lineage.to_polars(), pl.DataFrame)
    assert_type(result.scored, ScoredPairs)
    assert_type(result.entity_ids, npt.NDArray[np.int64])
    assert_type(result.report("page.html"), Path)
    assert_type(len(result), int)
    assert_type(result.resolver.matcher, ig.FellegiSunter)


def tell(stage: str, done: int, total: int | None) -> None:
    """Take progress."""


def values() -> None:
    """Check the values that one writes by hand."""
    resolver = ig.Resolver.infer(PEOPLE)
    assert_type(resolver, ig.Resolver)
    assert_type(resolver.comparators, tuple[Comparator, ...])
    assert_type(attrs.evolve(resolver, seed=1), ig.Resolver)
    email = ig.block_on("email")
    assert_type(email, KeyBlocking)
    assert_type(email | ig.block_on(ig.soundex("surname"), "city"), Union)
    assert_type(email & ig.words_of("title"), Intersection)
    assert_type(ig.prefix(ig.soundex("surname"), 2), Derived)
    assert_type(ig.similar("surname", 0.9), Graded)


class Alone:
    """A cluster builder of one's own: no subclassing."""

    def build(self, n: int, scored: ScoredPairs, *, apart: Codes | None = None) -> Clusters:
        """Return every record as a cluster."""
        del scored, apart
        return Clusters.of(np.arange(n))


def protocols() -> None:
    """Check that what fits is taken."""
    strategy: BlockingStrategy = ig.block_on("email") | ig.all_pairs()
    kinds: dict[str, FieldKind] = {"mail": ig.fields.Email(), "name": ig.fields.PersonName(full="name")}
    builders: list[ClusterBuilder] = [ig.Components(threshold=0.8), ig.AverageLinkage(), Alone()]
    resolver = ig.Resolver(strategy, [ig.exact("mail")], fields=kinds, builder=builders[0])
    assert_type(resolver.resolve(PEOPLE), ig.Resolution)


def refused() -> None:
    """Check that what does not fit is refused: each comment is needed, or the checker complains."""
    ig.resolve(PEOPLE, link="between")  # type: ignore[arg-type]
    ig.resolve(PEOPLE, threshold="0.5")  # type: ignore[arg-type]
    ig.Resolver("email", [ig.exact("email")])  # type: ignore[arg-type]
    ig.Resolver(ig.all_pairs(), ["email"])  # type: ignore[list-item]
    ig.Resolver(ig.all_pairs(), [], fields={"mail": ig.fields.Email})  # type: ignore[dict-item]
    ig.block_on("email", hot="thin")  # type: ignore[arg-type]
    ig.block_on("email").__or__("name")  # type: ignore[operator]
    ig.AverageLinkage(most=1)  # type: ignore[call-arg]
