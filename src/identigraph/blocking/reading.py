"""What strategies read, and which pairs they propose without reading some feature."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from identigraph.blocking.hot import HotPolicy
from identigraph.blocking.keys import AllPairs, NoPairs
from identigraph.blocking.strategy import BlockingStrategy, Union
from identigraph.fields.derived import Derived, Feature
from identigraph.pairs import Mask, Pairs
from identigraph.records import Records

WHOLE = frozenset({"", "sorted"})
"""Parts of a field that hold all of its parts."""


def features_read(strategy: Any) -> frozenset[str]:
    """Return the features that a strategy reads, as far as its arguments tell, without what is derived from them.

    Examples:
        >>> from identigraph.blocking import block_on
        >>> from identigraph.fields.derived import year
        >>> sorted(features_read(block_on("name.family", year("birth_date")) | block_on("email")))
        ['birth_date', 'email', 'name.family']
    """
    found = set().union(*(features_read(inner) for inner in _inner(strategy)))
    for argument in attrs.fields(type(strategy)) if attrs.has(type(strategy)) else ():
        value = getattr(strategy, argument.name)
        if isinstance(value, HotPolicy):
            value = value.split_by
        elif argument.name not in {"feature", "features", "column", "latitude", "longitude"}:
            continue
        several = value if isinstance(value, tuple) else (value,)
        found |= {feature.root if isinstance(feature, Derived) else feature for feature in several}
    return frozenset(found)


def _inner(strategy: Any) -> tuple[Any, ...]:
    """Return the strategies that one is made of."""
    several: list[Any] = []
    for argument in attrs.fields(type(strategy)) if attrs.has(type(strategy)) else ():
        if argument.name in {"strategy", "strategies", "kept", "removed"}:
            value = getattr(strategy, argument.name)
            several += value if isinstance(value, tuple) else (value,)
    return tuple(several)


def _tells(strategy: Any) -> bool:
    """Return whether all that a strategy is made of tells what it reads."""
    inner = _inner(strategy)
    return (
        all(map(_tells, inner)) if inner else isinstance(strategy, AllPairs | NoPairs) or bool(features_read(strategy))
    )


def proposed_without(strategy: BlockingStrategy, records: Records, pairs: Pairs, feature: Feature) -> Mask:
    """Return which of some pairs the parts of a strategy propose that do not read a feature.

    A part whose arguments do not tell what it reads is taken to read it.

    Examples:
        >>> from identigraph.blocking import block_on
        >>> records = Records.of({"a": ["x", "x", "y"], "b": ["u", "v", "v"]})
        >>> both = block_on("a") | block_on("b")
        >>> every = Pairs.of([0, 0, 1], [1, 2, 2])
        >>> [int(proposed_without(both, records, every, feature).sum()) for feature in ("a", "c")]
        [1, 2]
    """
    held = np.zeros(len(pairs), dtype=bool)
    for part in strategy.strategies if isinstance(strategy, Union) else (strategy,):
        if isinstance(part, AllPairs):
            return np.ones(len(pairs), dtype=bool)
        if _tells(part) and not any(overlaps(each, feature) for each in features_read(part)):
            rest = np.flatnonzero(~held)
            held[rest] = part.candidates(records).holds(pairs.where(rest))
    return held


def overlaps(one: str, feature: Feature) -> bool:
    """Return whether two features speak of the same part of a field.

    Examples:
        >>> overlaps("name.sorted", "name.given"), overlaps("name.family", "name.given"), overlaps("mail.local", "mail")
        (True, False, True)
    """
    root = feature.root if isinstance(feature, Derived) else feature
    (field, _, part), (other, _, part_of_other) = one.partition("."), root.partition(".")
    return field == other and (part == part_of_other or bool({part, part_of_other} & WHOLE))
