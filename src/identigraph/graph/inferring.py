"""Namespaces found in the data: which identifiers link, and how many an entity has, with care.

Two records that alone agree on two telling features at once are mostly of one entity. How often such **couples** differ
in an identifier tells whether an entity has but one. An identifier may link where records that share it hardly ever
agree in nothing else, and hardly ever are plainly of two people, as a child that is registered under the document of
its mother; many pairs are needed to tell, and the pairs of a value that many records carry count all. What does not
link counts as evidence in scored pairs. E-mail addresses and telephone numbers never link by themselves, for families
share them; they show who may be related.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from identigraph.comparing import Comparator, Graded
from identigraph.comparing.defaults import identity_comparators
from identigraph.encoding import Codes, combine
from identigraph.fields import Email, FieldKind, Identifier, Phone
from identigraph.graph.namespaces import Generic, Namespace
from identigraph.matching.sources import Couples, couples_of_two, telling
from identigraph.pairs import Pairs
from identigraph.records import Records

Ints = npt.NDArray[np.int64]

FEWEST = 300
"""So many couples it takes to tell."""
SELDOM = 0.002
"""A limit of one is set, and values link, where fewer couples than this speak against it."""
MOST_CARRIERS = 5
"""Pairs of values that at most so many records carry are looked at for contradictions."""
MOST_NAMES = 20
"""Given names behind a contact from which on it stands for nobody."""


def infer_namespaces(records: Records, comparators: tuple[Comparator, ...]) -> tuple[Namespace, ...]:
    """Return the identifiers among the fields of `records` that one can rely on.

    Examples:
        >>> from identigraph.comparing.building import exact
        >>> people = [(f"given{i}", f"family{i}", f"c{1000 + i}") for i in range(400)] * 2
        >>> table = {"given": [p[0] for p in people], "family": [p[1] for p in people], "card": [p[2] for p in people]}
        >>> records = Records.of(table, fields={"card": Identifier()})
        >>> infer_namespaces(records, (exact("given"), exact("family"), exact("card")))
        (Namespace('card', limit=1),)
    """
    features = dict(telling(records, comparators))
    twos = couples_of_two(records, comparators)
    steady = _steady(records, comparators)
    found = (
        _told(records, name, kind, features, twos, steady) for name, kind in records.fields.items() if name in features
    )
    return tuple(space for space in found if space is not None)


def _steady(records: Records, comparators: tuple[Comparator, ...]) -> tuple[Graded, ...]:
    """Return the comparators that tell the members of a family apart, as the family name does not."""
    names = identity_comparators(records, comparators)
    steady = (c for c in comparators if c.name in names and not c.name.endswith(".family"))
    return tuple(c for c in steady if isinstance(c, Graded) and isinstance(c.feature, str))


def _told(
    records: Records,
    name: str,
    kind: FieldKind,
    features: dict[str, Codes],
    twos: list[Couples],
    steady: tuple[Graded, ...],
) -> Namespace | None:
    """Return the namespace of a field, None where it is no identifier, or the data does not tell enough."""
    if not isinstance(kind, Email | Phone | Identifier):
        return None
    own = features[name]
    others = {other: codes for other, codes in features.items() if other.partition(".")[0] != name}
    differ, together = _differing(own, [two for two in twos if set(two[0]) <= set(others)])
    limit = 1 if together >= FEWEST and differ <= SELDOM * together else None
    if isinstance(kind, Email | Phone):
        given = next((feature for feature in records.features() if feature.endswith(".given")), None)
        generic = None if given is None else Generic(given, MOST_NAMES)
        return Namespace(name, kind="contact", limit=limit, generic=generic, linkable=False)
    strangers, sharing = _strangers(own, others)
    links = sharing >= FEWEST and strangers <= SELDOM * sharing and not _contradicted(records, own, steady)
    return Namespace(name, limit=limit) if links else None


def _differing(own: Codes, twos: list[Couples]) -> tuple[int, int]:
    """Return how many couples on two other features differ in an identifier, and of how many."""
    differ = together = 0
    for _, left, right in twos:
        known = (own[left] >= 0) & (own[right] >= 0)
        together += int(known.sum())
        differ += int((known & (own[left] != own[right])).sum())
    return differ, together


def _strangers(own: Codes, others: dict[str, Codes]) -> tuple[int, int]:
    """Return how many pairs that share an identifier, at least, agree in nothing else, and of how many that could."""
    values = int(own.max(initial=-1)) + 1
    known, agreeing = np.zeros(values, dtype=np.int64), np.zeros(values, dtype=np.int64)
    for codes in others.values():
        rows = np.flatnonzero((own >= 0) & (codes >= 0))
        known = np.maximum(known, _pairs(np.bincount(own[rows], minlength=values)))
        together = combine([own[rows], codes[rows]])[0]
        _, first, counts = np.unique(together, return_index=True, return_counts=True)
        np.add.at(agreeing, own[rows][first], _pairs(counts))
    return int(np.maximum(known - agreeing, 0).sum()), int(known.sum())


def _pairs(counts: Ints) -> Ints:
    return counts * (counts - 1) // 2


def _contradicted(records: Records, own: Codes, steady: tuple[Graded, ...]) -> bool:
    """Tell whether too many of the pairs that share an identifier are plainly of two people.

    They differ in all that is steady, and what each says is said by another record as well: it is no slip.
    """
    if len(steady) <= 1:
        return False
    pairs = _sharing(own)
    levels = np.array([comparator.levels(records, pairs) for comparator in steady])
    known = (levels >= 0).all(axis=0)
    said = combine([records.column(comparator.feature).codes for comparator in steady])[0]
    again = np.append(np.bincount(said[said >= 0]) > 1, False)[said]
    two = known & (levels == 0).all(axis=0) & again[pairs.left] & again[pairs.right]
    return bool(two.sum() > SELDOM * known.sum())


def _sharing(own: Codes) -> Pairs:
    """Return all pairs of records that share a value which few carry."""
    counts = np.bincount(own[own >= 0], minlength=1)
    rows = np.flatnonzero(np.append((counts > 1) & (counts <= MOST_CARRIERS), False)[own])
    rows = rows[np.argsort(own[rows], kind="stable")].astype(np.int32)
    sides = [(rows[:-step], rows[step:]) for step in range(1, MOST_CARRIERS)]
    same = [own[left] == own[right] for left, right in sides]
    left, right = (np.concatenate([side[i][keep] for side, keep in zip(sides, same, strict=True)]) for i in (0, 1))
    return Pairs(left, right)
