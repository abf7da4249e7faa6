"""What type checkers make of the public face; checked by test_typing.py, not run."""

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

customers: dict[str, list[str | None]] = {"name": ["Ann Lee", None], "mail": ["ann@x.com", "bob@x.com"]}

result = ig.resolve(customers, link="across", threshold=0.9, progress=lambda stage, done, total: None)
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

resolver = ig.Resolver.infer(customers)
assert_type(resolver, ig.Resolver)
assert_type(resolver.comparators, tuple[Comparator, ...])
assert_type(attrs.evolve(resolver, seed=1), ig.Resolver)
assert_type(result.resolver.matcher, ig.FellegiSunter)

email = ig.block_on("email")
assert_type(email, KeyBlocking)
assert_type(email | ig.block_on(ig.soundex("surname"), "city"), Union)
assert_type(email & ig.words_of("title"), Intersection)
assert_type(ig.prefix(ig.soundex("surname"), 2), Derived)
assert_type(ig.similar("surname", 0.9), Graded)

strategy: BlockingStrategy = email | ig.all_pairs()
kind: FieldKind = ig.fields.Email()
kinds: dict[str, FieldKind] = {"mail": kind, "name": ig.fields.PersonName(full="name")}
builder: ClusterBuilder = ig.Components(threshold=0.8)


class Alone:
    """A cluster builder of one's own: no subclassing."""

    def build(self, n: int, scored: ScoredPairs, *, apart: Codes | None = None) -> Clusters:
        """Return every record as a cluster."""
        return Clusters.of(np.arange(n))


assert_type(ig.Resolver(strategy, [ig.exact("mail")], fields=kinds, builder=Alone()).resolve(customers), ig.Resolution)
