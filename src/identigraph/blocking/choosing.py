"""Blocking chosen from the data: many cheap keys, under a budget of pairs.

Each field offers features to block on, exact and coarse (phonetic, prefix, year). Every feature by itself and every two
of different kinds are candidate keys; their pairs are counted, and the cheapest are taken until the budget is spent.
A key that another one contains adds nothing and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.blocking.keys import DEFAULT_CAP, KeyBlocking, all_pairs
from identigraph.blocking.strategy import BlockingStrategy, Union
from identigraph.blocking.words import WordBlocking, WordCandidates
from identigraph.errors import NoBlockingError
from identigraph.fields import (
    Address,
    Category,
    Date,
    Email,
    FieldKind,
    FreeText,
    Identifier,
    Number,
    Organisation,
    PersonName,
    Phone,
    Url,
)
from identigraph.fields.derived import Derived, Feature, prefix, soundex, year
from identigraph.records import Records

SINGLE_SHARE = 0.2
"""The most of the budget that one key may take."""
MOST_KEYS = 40
FEW_PAIRS = 100_000
"""With so many pairs in all, or fewer, all are compared."""
MOST_HOT = 0.2
"""The most of the records with a key that may be in hot blocks, where they are compared with their neighbors only."""


def pair_budget(n: int) -> int:
    """Return how many candidate pairs are worth their time for `n` records.

    Generous where records are few, for recall is lost at blocking first; falling from 60 pairs a record to 20.

    Examples:
        >>> pair_budget(1_000), pair_budget(100_000), pair_budget(1_000_000)
        (60000, 4000000, 20000000)
    """
    per_record = np.interp(np.log10(max(n, 10)), [4.0, 5.0, 6.0], [60.0, 40.0, 20.0])
    return int(round(n * float(per_record), -3)) or 60


@attrs.frozen(eq=False)
class _Candidate:
    """A key that might be chosen: its features, the exact ones they refine, and the pairs it stands for."""

    features: tuple[Feature, ...]
    pairs: float

    def contains(self, other: _Candidate) -> bool:
        """Tell whether every pair of `other` is one of these: each feature here is there, or a finer form of it."""
        return all(any(_refines(theirs, ours) for theirs in other.features) for ours in self.features)


def choose_blocking(records: Records, *, budget: int | None = None) -> BlockingStrategy:
    """Return a blocking strategy for `records`, from their fields and within a budget of pairs.

    Args:
        records: with fields.
        budget: candidate pairs at the most, counted with repeats; left out, by the number of records.

    Raises:
        NoBlockingError: no feature is shared by any two records.
    """
    everything = len(records) * (len(records) - 1) // 2
    if everything <= (FEW_PAIRS if budget is None else budget):
        return all_pairs()
    allowed = pair_budget(len(records)) if budget is None else budget
    features = [f for offered in _offers(records).values() for f in offered if _blocks(records, f)]
    chosen: list[_Candidate] = []
    spent = 0.0
    for candidates in (_singles(records, features), _doubles(records, features, chosen)):
        for candidate in sorted(candidates, key=lambda c: (c.pairs, repr(c.features))):
            covered = any(other.contains(candidate) for other in chosen)
            if covered or candidate.pairs > SINGLE_SHARE * allowed or spent + candidate.pairs > allowed:
                continue
            chosen.append(candidate)
            spent += candidate.pairs
    kept = [c for c in chosen if not any(o is not c and o.contains(c) for o in chosen)][:MOST_KEYS]
    words = [w for name in _texts(records) if (w := _word_blocking(records, name, allowed)) is not None]
    strategies = (*(KeyBlocking(c.features, DEFAULT_CAP, "cap", quiet=True) for c in kept), *words)
    if not strategies:
        raise NoBlockingError("no two records share any value to block on")
    return strategies[0] if len(strategies) == 1 else Union(strategies)


def _offers(records: Records) -> dict[str, tuple[Feature, ...]]:
    """Return the features that each field offers to block on."""
    return {name: _features(name, kind) for name, kind in records.fields.items()}


def _features(name: str, kind: FieldKind) -> tuple[Feature, ...]:
    given, family = f"{name}.given", f"{name}.family"
    by_kind: Mapping[type, tuple[Feature, ...]] = {
        PersonName: (
            f"{name}.sorted",
            given,
            family,
            soundex(family),
            soundex(given),
            prefix(given, 3),
            prefix(family, 4),
        ),
        Date: (name, year(name), f"{name}.month_day"),
        Email: (name, f"{name}.local"),
        Phone: (name, f"{name}.tail"),
        Address: (name, f"{name}.street", f"{name}.postcode", f"{name}.city"),
        Organisation: (name, f"{name}.sorted", prefix(name, 5), f"{name}.initials"),
        Identifier: (name,),
        Category: (name,),
        Number: (name,),
        FreeText: (name, f"{name}.sorted", prefix(name, 6)),
        Url: (f"{name}.domain", name),
    }
    return by_kind.get(type(kind), (name,))


def _blocks(records: Records, feature: Feature) -> bool:
    return bool((records.column(feature).counts > 1).any())


def _singles(records: Records, features: list[Feature]) -> Iterator[_Candidate]:
    for feature in features:
        counts = records.column(feature).counts.astype(np.float64)
        yield _Candidate((feature,), _pairs_of(counts))


def _doubles(records: Records, features: list[Feature], chosen: list[_Candidate]) -> Iterator[_Candidate]:
    """Yield keys of two features that are not forms of one another and of which none is a key by itself."""
    alone = {c.features[0] for c in chosen if len(c.features) == 1}
    for one, other in combinations([f for f in features if f not in alone], 2):
        if _part(one) != _part(other):
            counts = _compound_counts(records.column(one).codes, records.column(other).codes)
            pairs = _pairs_of(counts)
            if pairs >= 1:
                yield _Candidate((one, other), pairs)


def _compound_counts(a: npt.NDArray[np.int32], b: npt.NDArray[np.int32]) -> npt.NDArray[np.float64]:
    """Return about the block sizes of a compound key, by hashing it: some blocks fall together, which costs little."""
    both = (a >= 0) & (b >= 0)
    slots = max(1 << 16, 1 << (4 * len(a)).bit_length())
    mixed = (a[both].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) ^ (
        b[both].astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
    )
    return np.bincount(((mixed >> np.uint64(20)) & np.uint64(slots - 1)).astype(np.int64)).astype(np.float64)


def _pairs_of(counts: npt.NDArray[np.float64]) -> float:
    """Return the pairs of blocks of these sizes, hot ones thinned out; without bound where most records are in hot ones."""
    full = counts * (counts - 1) / 2
    hot = counts > DEFAULT_CAP
    if counts[hot].sum() > MOST_HOT * counts.sum():
        return float("inf")
    return float(np.where(hot, np.minimum(full, 10 * counts), full).sum())


def _part(feature: Feature) -> str:
    """Return the part of a field that a feature is a form of: two forms of one part make no compound key."""
    root = feature.root if isinstance(feature, Derived) else feature
    field, _, part = root.partition(".")
    whole = {"sorted": f"{field}.", "local": field, "tail": field, "month_day": field, "domain": field}
    return whole.get(part, root if part else field)


def _refines(fine: Feature, coarse: Feature) -> bool:
    """Tell whether equal values of `fine` mean equal values of `coarse`."""
    if fine == coarse:
        return True
    if isinstance(coarse, Derived):
        return _refines(fine, coarse.feature)
    field, _, part = coarse.partition(".")
    return fine == field and part in {"sorted", "local", "tail", "domain", "street", "month_day", "initials"}


def _texts(records: Records) -> list[str]:
    """Return the fields whose values are several words."""
    return [
        name
        for name, kind in records.fields.items()
        if isinstance(kind, FreeText | Organisation)
        and float(records.column(name).values.str.count_matches(r"\S+").mean() or 0.0) >= 1.5  # type: ignore[arg-type]
    ]


def _word_blocking(records: Records, name: str, budget: int) -> WordBlocking | None:
    """Return word blocking with the largest cap whose pairs stay within a part of the budget."""
    column = records.column(name)
    for cap in (200, 100, 50, 25, 12, 6):
        strategy = WordBlocking(name, cap)
        cost = WordCandidates(repr(strategy), column, cap).cost
        if 0 < cost <= budget / 2:
            return strategy
    return None
