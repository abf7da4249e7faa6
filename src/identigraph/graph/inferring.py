"""Namespaces found in the data: which identifiers link, and how many an entity has, with care.

Two records that alone agree on two telling features at once are mostly of one entity. How often such **couples** differ
in an identifier tells whether an entity has but one; how often couples that alone share an identifier differ in all the
rest tells whether it may link. What is not clear from many couples is left open. E-mail addresses and telephone numbers
never link by themselves, for families share them: they count as evidence in scored pairs, and show who may be related.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from identigraph.comparing import Comparator
from identigraph.encoding import Codes
from identigraph.fields import Email, FieldKind, Identifier, Phone
from identigraph.graph.namespaces import Generic, Namespace
from identigraph.matching.sources import Couples, couples, couples_of_two, telling
from identigraph.records import Records

Ints = npt.NDArray[np.int64]

FEWEST = 300
"""So many couples it takes to tell."""
SELDOM = 0.002
"""A limit of one is set, and values link, where fewer couples than this speak against it."""
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
    found = (_told(records, name, kind, features, twos) for name, kind in records.fields.items() if name in features)
    return tuple(space for space in found if space is not None)


def _told(
    records: Records, name: str, kind: FieldKind, features: dict[str, Codes], twos: list[Couples]
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
    links = sharing >= FEWEST and strangers <= SELDOM * sharing
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
    """Return how many couples on an identifier agree in nothing else that both have, and of how many."""
    left, right = couples(own)
    known, agree = np.zeros(len(left), dtype=bool), np.zeros(len(left), dtype=bool)
    for codes in others.values():
        both = (codes[left] >= 0) & (codes[right] >= 0)
        known |= both
        agree |= both & (codes[left] == codes[right])
    return int((known & ~agree).sum()), int(known.sum())
