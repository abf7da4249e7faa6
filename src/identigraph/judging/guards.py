"""Guards: what speaks against a fit, read off the pairs that are taken for matches.

A model that has taken something else for matches - members of a household, covers of a song - is sure of itself, and so
are its probabilities. Two things give it away, for matches contradict each other by errors only:

- *Differing together*. Errors in one field say nothing of errors in another; pairs that are no matches differ in both.
  So where pairs taken for matches differ in two fields at once oftener than the rates of both give, they are mixed: a
  share s of others, who differ in both, gives a surplus of s (1 - s).
- *Contradicted*. Pairs that agree on other fields, by values so rare that hardly anybody shares them by chance, are
  matches, and tell how often matches differ. Where others taken for matches differ many times as often, they are none.

What changes together proves nothing: who moves has another address and another telephone. So two comparators of one
field are never held against each other, and two that an entity may change need a much larger surplus than those of
which one is of identity (names, birth dates, titles).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import polars as pl

from identigraph.blocking.offering import field_of
from identigraph.comparing.comparator import Comparator, Graded
from identigraph.comparing.comparisons import Comparisons
from identigraph.comparing.layout import Levels
from identigraph.comparing.patterns import Patterns
from identigraph.drawing.figures import share
from identigraph.fields.derived import Derived
from identigraph.judging.held_out import TELLING
from identigraph.matching.expectation import MOST_CONTRADICTED
from identigraph.matching.fellegi_sunter import FellegiSunter
from identigraph.matching.parameters import Parameters
from identigraph.pairs import Mask

Floats = npt.NDArray[np.float64]

CORRELATED = 0.3
"""Correlation of differing, from which on two comparators are warned of if their surplus is large as well."""
SURPLUS = 0.03
"""Share of pairs that differ in both beyond chance, from which on they are, where one of the two is of identity."""
CHANGING = 0.1
"""The same where neither is: among true matches, what changes together gives up to 0.08."""
COPIES, COPIED = 0.98, 0.01
"""Correlation and surplus, among all candidates, from which on two comparators say the same."""
TIMES, MORE = 3.0, 0.05
"""So many times as often as safe pairs, and by so much more, others differ in a comparator that is warned of."""
FEWEST, PART = 100, 0.02
"""Pairs, and the share of all, that must have the values that are looked at."""
SAFE = 5.0
"""Log2 odds of a match, by agreement on other fields alone, from which on a pair is safe."""

MODEL, ENTITIES = "model", "entities"
TOGETHER: dict[str, Any] = {
    "of": pl.String,
    "one": pl.String,
    "other": pl.String,
    "pairs": pl.Float64,
    "correlation": pl.Float64,
    "surplus": pl.Float64,
    "limit": pl.Float64,
    "alarm": pl.Boolean,
}
CONTRADICTED: dict[str, Any] = {
    "of": pl.String,
    "comparator": pl.String,
    "differing": pl.Float64,
    "safe": pl.Float64,
    "safe_pairs": pl.Float64,
    "limit": pl.Float64,
    "alarm": pl.Boolean,
}

MIXED_ENTITIES = (
    "some entities probably hold records of several; look at such pairs with result.why(...), then raise the "
    "threshold, give labels, or name as the model's identity what tells an entity from those that resemble it"
)
MIXED_MODEL = (
    "it probably takes others for matches too, so its weights and probabilities are too high; labels would help"
)
NOT_SHOWN = "; pairs of one entity do not show it"
SAME = (
    "differ together in nearly all candidates, matches or not: they say the same and count twice; leave one of them "
    "out of the comparators"
)
SHOWN = 3
"""Twos that say the same that are named."""


@attrs.frozen(eq=False)
class Guards:
    """What speaks against a fit.

    Tables speak ``of`` the pairs that the *model* takes for matches, each by its probability, and of the pairs of
    *entities*.

    Args:
        together: one row per two comparators of different fields: ``of, one, other, pairs`` with all values,
            ``correlation`` of differing, ``surplus``, the share of pairs that differ in both beyond what the rates of
            both give, its ``limit``, and whether there is an ``alarm``; the largest surplus first.
        contradicted: one row per comparator of identity, or where there is none, per telling one: ``of, comparator``,
            the share of pairs ``differing``, that of ``safe`` pairs, null where few have the values, how many
            ``safe_pairs`` have them, the ``limit``, and whether there is an ``alarm``.
        entities: what speaks against the entities, in words; None where nothing does.
        model: what speaks against the model and its probabilities; None where nothing does.
        copies: which comparators say the same, and so count twice; None where none do.
    """

    together: pl.DataFrame = attrs.field(repr=False)
    contradicted: pl.DataFrame = attrs.field(repr=False)
    entities: str | None
    model: str | None
    copies: str | None = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """What speaks against the entities, against the model, and against comparators."""
        return tuple(told for told in (self.entities, self.model, self.copies) if told is not None)


@attrs.frozen(eq=False)
class _Pairs:
    """Patterns of pairs: their levels, shape (patterns, comparators), and how many pairs show each."""

    levels: Levels
    counts: Floats

    def known(self, place: int) -> float:
        """Return how many pairs have both values of a comparator."""
        return float(self.counts[self.levels[:, place] >= 0].sum())

    def differing(self, place: int) -> float | None:
        """Return which share of these differs; None where they are few."""
        known = self.known(place)
        return float(self.counts[self.levels[:, place] == 0].sum()) / known if known >= FEWEST else None


def guarded(model: FellegiSunter, seen: Patterns, inside: Patterns, comparators: Iterable[Comparator] = ()) -> Guards:
    """Return what speaks against a fit.

    Args:
        model: fitted.
        seen: the patterns of all candidates, counted.
        inside: the patterns of the scored pairs of one entity, counted.
        comparators: what their levels are of; left out, the field of each is what its name has up to the first point.

    Raises:
        NotFittedError: the model has no parameters.

    Examples:
        Of 1,000 pairs of one entity, 200 differ in given name and birth date, and nearly none in one of them.

        >>> from identigraph.comparing import Layout
        >>> layout = Layout(("given", "birth_date"), (("differs", "equal"), ("differs", "equal")))
        >>> m, u = ((0.1, 0.9), (0.1, 0.9)), ((0.99, 0.01), (0.99, 0.01))
        >>> learned = Parameters(layout.names, layout.labels, m, u, u, 0.01, 0.0, 0.99, 1, converged=True)
        >>> model = FellegiSunter(identity=("given", "birth_date"), parameters=learned)
        >>> pairs = Patterns(layout.pack([[0, 0], [1, 0], [1, 1]]), np.array([200.0, 10.0, 790.0]))
        >>> guarded(model, pairs, pairs).entities[:82]
        "pairs of one entity differ in 'given' and 'birth_date' at once in 15.8% more cases"
    """
    p = model.fitted
    field = _fields(p.names, comparators)
    candidates = _Pairs(p.layout.levels(seen.packed), seen.counts)
    chance = model.probabilities(model.score(Comparisons(p.layout, seen.packed)))
    taken = {
        MODEL: attrs.evolve(candidates, counts=seen.counts * chance),
        ENTITIES: _Pairs(p.layout.levels(inside.packed), inside.counts),
    }
    same = _same(candidates, field)
    told = [row for of, pairs in taken.items() for row in _together(of, pairs, model, field, same)]
    together = pl.DataFrame(told, schema=TOGETHER, orient="row").sort("surplus", descending=True, maintain_order=True)
    rows = list(_contradicted(model, candidates, taken, field))
    contradicted = pl.DataFrame(rows, schema=CONTRADICTED, orient="row")
    alarms = {of: " and ".join(_told(of, together, contradicted)) for of in taken}
    against = f"pairs of one entity {alarms[ENTITIES]}: {MIXED_ENTITIES}" if alarms[ENTITIES] else None
    meaning = MIXED_MODEL + (NOT_SHOWN if against is None else "")
    doubt = f"pairs that the model takes for matches {alarms[MODEL]}: {meaning}" if alarms[MODEL] else None
    return Guards(together, contradicted, against, doubt, _copies(p.names, same))


def _fields(names: tuple[str, ...], comparators: Iterable[Comparator]) -> list[str]:
    """Return the field that each comparator reads, by its feature, or else by its name."""
    features = {each.name: each.feature for each in comparators if isinstance(each, Graded)}
    read = (features.get(name, name) for name in names)
    return [field_of(feature.root if isinstance(feature, Derived) else feature) for feature in read]


def differing_together(levels: Levels, counts: Floats) -> tuple[Floats, Floats, Floats]:
    """Return, for each two comparators, the pairs with both values, the correlation of differing, and the surplus.

    The surplus is the share of pairs that differ in both, less what the rates of both give.

    Args:
        levels: shape (patterns, comparators): 0 where they differ, -1 where a value is missing.
        counts: pairs per pattern.

    Examples:
        Of ten pairs two differ in both, and none in one alone.

        >>> levels = np.array([[0, 0], [1, 1]], dtype=np.int8)
        >>> pairs, correlation, surplus = differing_together(levels, np.array([2.0, 8.0]))
        >>> float(pairs[0, 1]), float(correlation[0, 1].round(2)), float(surplus[0, 1].round(2))
        (10.0, 1.0, 0.16)
    """
    known, apart = (levels >= 0).astype(np.float64), (levels == 0).astype(np.float64)
    pairs = (known * counts[:, None]).T @ known
    some = np.maximum(pairs, 1e-9)
    one = (apart * counts[:, None]).T @ known / some
    surplus = (apart * counts[:, None]).T @ apart / some - one * one.T
    spread = np.sqrt(np.maximum(one * (1 - one) * one.T * (1 - one.T), 0.0))
    return pairs, np.where(spread > 1e-9, surplus / np.maximum(spread, 1e-9), 0.0), surplus


def _same(candidates: _Pairs, field: list[str]) -> list[tuple[int, int]]:
    """Return the twos of comparators of different fields that say the same of candidates, matches or not."""
    pairs, correlation, surplus = differing_together(candidates.levels, candidates.counts)
    same = (pairs >= FEWEST) & (correlation >= COPIES) & (surplus >= COPIED)
    return [(i, j) for i, j in combinations(range(len(field)), 2) if same[i, j] and field[i] != field[j]]


def _copies(names: tuple[str, ...], same: list[tuple[int, int]]) -> str | None:
    """Return which comparators say the same, in words."""
    twos = ", ".join(f"{names[i]!r} and {names[j]!r}" for i, j in same[:SHOWN])
    return f"{twos} {SAME}" if twos else None


def _together(
    of: str, pairs: _Pairs, model: FellegiSunter, field: list[str], same: list[tuple[int, int]]
) -> Iterator[tuple[object, ...]]:
    """Yield what each two comparators of different fields show of some pairs, where enough have all values."""
    names = model.fitted.names
    told = differing_together(pairs.levels, pairs.counts)
    fewest = max(FEWEST, PART * float(pairs.counts.sum()))
    for i, j in combinations(range(len(names)), 2):
        if field[i] != field[j] and told[0][i, j] >= fewest:
            pair, correlation, surplus = (float(each[i, j]) for each in told)
            limit = SURPLUS if {names[i], names[j]} & set(model.identity) else CHANGING
            alarm = correlation >= CORRELATED and surplus >= limit and (i, j) not in same
            yield of, names[i], names[j], pair, correlation, surplus, limit, alarm


def _contradicted(
    model: FellegiSunter, candidates: _Pairs, taken: Mapping[str, _Pairs], field: list[str]
) -> Iterator[tuple[object, ...]]:
    """Yield how often pairs taken for matches, and safe ones, differ in each comparator in which matches hardly do."""
    p, steady = model.fitted, _steady(model)
    own = [place for place in steady if p.names[place] not in model.household]
    most = MOST_CONTRADICTED if model.identity else 1.0
    for place in steady:
        others = [i for i in range(len(field)) if field[i] != field[place]]
        mask = _safe(p, candidates.levels, {i: field[i] for i in others}, own)
        safe = attrs.evolve(candidates, counts=candidates.counts * mask)
        known, rate = safe.known(place), safe.differing(place)
        limit = most if rate is None else min(most, max(TIMES * rate, rate + MORE))
        for of, pairs in taken.items():
            found = pairs.differing(place)
            yield of, p.names[place], found, rate, known, limit, found is not None and found > limit


def _steady(model: FellegiSunter) -> list[int]:
    """Return the comparators of identity, or where there is none, the telling ones that siblings do not share."""
    p = model.fitted
    named = [place for place, name in enumerate(p.names) if name in model.identity]
    return named or [
        place
        for place, (name, m, u) in enumerate(zip(p.names, p.m, p.u, strict=True))
        if name not in model.household and (np.array(m) * np.log2(np.array(m) / np.array(u))).sum() >= TELLING
    ]


def _safe(p: Parameters, levels: Levels, others: Mapping[int, str], own: list[int]) -> Mask:
    """Return which patterns are matches by equal values of two fields or more, one of them not shared by siblings.

    Equality counts by how rare it is among strangers, and among siblings. Differing counts for nothing, and m is not
    looked at: it may be what is wrong.

    Args:
        p: what training found.
        levels: of the patterns.
        others: the comparators that count, each with its field: of one field the rarest agreement does.
        own: comparators that siblings differ in.
    """
    agreed = {field: np.zeros((2, len(levels))) for field in others.values()}
    apart = np.zeros(len(levels), dtype=bool)
    for place, field in others.items():
        level = levels[:, place]
        equal = level >= p.layout.equal_from(place)
        rare = np.array([-np.log2(np.append(side[place], 1.0))[level] for side in (p.u, p.h)])
        agreed[field] = np.maximum(agreed[field], np.where(equal, rare, 0.0))
        apart |= equal & (place in own)
    bits = np.array(list(agreed.values())).reshape(len(agreed), 2, len(levels))
    siblings = np.log2(p.prior_same / p.prior_household) if p.prior_household > 0 else np.inf
    odds = bits.sum(axis=0) + np.array([[p.prior_bits], [siblings]])
    safe: Mask = apart & ((bits[:, 0] > 0).sum(axis=0) >= 2) & (odds.min(axis=0) >= SAFE)
    return safe


def _told(of: str, together: pl.DataFrame, contradicted: pl.DataFrame) -> Iterator[str]:
    """Yield what is to be warned of, the worst of each kind."""
    alarm = pl.col("alarm") & (pl.col("of") == of)
    for row in together.filter(alarm).head(1).iter_rows(named=True):
        yield (
            f"differ in {row['one']!r} and {row['other']!r} at once in {share(row['surplus'])} more cases "
            f"than errors in each of them give (correlation {row['correlation']:.2f})"
        )
    worst = contradicted.filter(alarm).sort(pl.col("differing") / pl.col("limit"), descending=True)
    for row in worst.head(1).iter_rows(named=True):
        safe = f"pairs that surely match do in {share(row['safe'] or 0.0)}"
        most = safe if row["limit"] < MOST_CONTRADICTED else f"errors explain {share(MOST_CONTRADICTED)} at most"
        yield f"differ in {row['comparator']!r} in {share(row['differing'])} of cases, where {most}"
