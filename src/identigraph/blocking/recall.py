"""How much blocking finds, estimated without labels: capture and recapture by independent fields.

Pairs that agree exactly on two fields are nearly all matches. How many of them the keys of *other* fields find tells
how much these keys find of all matches, if errors in one field say nothing of errors in another. So with A two fields
and R the rest, what the keys within R find of the pairs that agree on A, and what the keys within A find of the pairs
that agree on two fields of R, together give the share that is found by either: ``1 - (1 - r)(1 - a)``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import attrs
import numpy as np

from identigraph.blocking.candidates import Candidates
from identigraph.blocking.hot import HotPolicy
from identigraph.blocking.keys import KeyCandidates
from identigraph.blocking.offering import field_of
from identigraph.blocking.reading import features_read
from identigraph.blocking.strategy import BlockingStrategy
from identigraph.encoding import combine
from identigraph.fields import Address, PersonName
from identigraph.fields.derived import Feature
from identigraph.pairs import Mask, Pairs
from identigraph.records import Records

Fields = frozenset[str]

FEWEST = 50
"""The fewest pairs that agree on two fields to learn from."""
MOST = 20_000
"""The most of them that are looked at."""
AGREEING = HotPolicy(100, "skip")
"""Values that more records share on both fields say nothing of a match."""
PURE = 0.5
"""The least share of pairs that agree on two fields for another reason than chance."""


@attrs.frozen
class RecallEstimate:
    """An estimate of the share of matches that blocking holds.

    Args:
        recall: the median over all pairs of fields that it could be made from.
        low: the lower quartile of them.
        high: the upper quartile.
        estimates: from how many pairs of fields.
        pairs: how many agreeing pairs were looked at.
    """

    recall: float
    low: float
    high: float
    estimates: int
    pairs: int


@attrs.frozen(eq=False)
class _Agreeing:
    """Pairs that agree on two fields.

    Args:
        fields: the two.
        held: which of the pairs each part holds; shape (parts, pairs).
        pure: the share of the pairs that agree for another reason than chance.
    """

    fields: Fields
    held: Mask
    pure: float

    def share(self, parts: Sequence[int]) -> float:
        """Return the share of the matches among the pairs that any of `parts` holds; chance pairs are held by none."""
        return min(float(self.held[list(parts)].any(axis=0).mean()) / self.pure, 1.0) if parts else 0.0


def estimate_recall(
    records: Records, strategies: Sequence[BlockingStrategy], candidates: Sequence[Candidates]
) -> RecallEstimate | None:
    """Return an estimate of how many of all matches the strategies hold together; None where it cannot be made.

    It cannot where the strategies read fewer than two independent fields besides the two that agree. Where it is weak:
    records that are poor in everything are in none of the pairs that it learns from, so it is too high where errors
    come together; members of a household that agree on two fields and are not one person make it too low, and so do
    keys that read fields of both sides, which count for neither.

    Args:
        records: the records.
        strategies: the parts of the strategy.
        candidates: each of them bound to the records.

    References:
        Herzog, Scheuren, Winkler (2007): Data quality and record linkage techniques, chapter 12 on capture-recapture.
    """
    read = [frozenset(map(field_of, features_read(strategy))) for strategy in strategies]
    agreeing = list(_agreeing(records, candidates))
    found = [estimate for one in agreeing if (estimate := _either(one, agreeing, read)) is not None]
    if not found:
        return None
    low, middle, high = (float(np.quantile(found, q)) for q in (0.25, 0.5, 0.75))
    return RecallEstimate(middle, low, high, len(found), sum(one.held.shape[1] for one in agreeing))


def _either(one: _Agreeing, agreeing: list[_Agreeing], read: list[Fields]) -> float | None:
    """Return the share of matches that keys free of the fields of `one`, or keys of nothing else, find."""
    free = [i for i, fields in enumerate(read) if not fields & one.fields]
    within = [i for i, fields in enumerate(read) if fields and fields <= one.fields]
    others = [other.share(within) for other in agreeing if not other.fields & one.fields]
    if not free or not within or not others:
        return None
    return 1 - (1 - one.share(free)) * (1 - float(np.median(others)))


def _agreeing(records: Records, candidates: Sequence[Candidates]) -> Iterator[_Agreeing]:
    """Yield the pairs that agree on two fields, for each two fields on which enough do."""
    for (one, a), (other, b) in combinations(_telling(records).items(), 2):
        codes, size = combine([records.column(a).codes, records.column(b).codes])
        found = KeyCandidates.of("", codes, size, AGREEING, records)
        pure = 1 - _by_chance(records, a, b) / max(found.cost, 1)
        if found.cost >= FEWEST and pure >= PURE:
            pairs = _sampled(found)
            held = np.array([part.holds(pairs) for part in candidates])
            yield _Agreeing(frozenset({field_of(one), field_of(other)}), held, pure)


def _telling(records: Records) -> Mapping[str, Feature]:
    """Return the features in which records may agree: each field, names by given and family name."""
    features: dict[str, Feature] = {}
    for name, kind in records.fields.items():
        if isinstance(kind, PersonName):
            features |= {f"{name}.given": f"{name}.given", f"{name}.family": f"{name}.family"}
        elif name not in records.lists:
            features[name] = f"{name}.postcode" if isinstance(kind, Address) else name
    plain = [name for name in records.table.columns if not records.fields and name not in records.lists]
    return features | {name: name for name in plain}


def _sampled(found: KeyCandidates) -> Pairs:
    kept = [pairs.where(_chosen(len(pairs), min(1.0, MOST / found.cost))) for pairs in found]
    return Pairs(np.concatenate([p.left for p in kept]), np.concatenate([p.right for p in kept]))


def _by_chance(records: Records, one: Feature, other: Feature) -> float:
    """Return how many pairs would agree on both features if these had nothing to do with one another."""
    everything = len(records) * (len(records) - 1) / 2
    sizes = [records.column(feature).counts.astype(np.float64) for feature in (one, other)]
    return float(np.prod([(s * (s - 1) / 2).sum() for s in sizes]) / everything)


def _chosen(n: int, share: float) -> Mask:
    """Return about that share of n places, spread evenly."""
    at = np.floor(np.arange(n + 1) * share)
    chosen: Mask = at[1:] > at[:-1]
    return chosen
