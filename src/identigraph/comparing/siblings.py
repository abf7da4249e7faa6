"""Siblings among things that have texts and no names: the songs of one artist, the papers of the same authors.

Of two texts one tells such siblings apart, and the other is what they share. Equal titles of two authors are rarer than
several titles of one author; so the text that differs more often where the other is equal is the one that names things.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import attrs
import numpy as np

from identigraph.comparing.comparator import Graded
from identigraph.encoding import combine
from identigraph.fields.derived import Feature
from identigraph.pairs import Pairs, Rows
from identigraph.records import Records

PEERS = 10
"""Records of one value that each is compared with, at the most."""
LOOKED_AT = 20_000
"""Records that are looked at, about, by whole values."""
FEWEST = 1.0
"""Siblings that a record has on average, at the least: where there are fewer, there is nothing to learn them from."""

FEWEST_PAIRS, MOST_DIFFERENT = 30, 0.25
"""Records that are equal on all texts, at the least, and the share of them that may differ on a number."""


@attrs.frozen
class Sharing:
    """How records that are equal on one text differ on another.

    Args:
        each: how many records that are equal on the one and differ on the other a record has on average, counting up to
            `PEERS` of them.
        share: the share of these among the pairs that are equal on the one.
    """

    each: float
    share: float


def naming_text(records: Records, texts: Sequence[Graded]) -> str | None:
    """Return the name of the text that tells siblings apart; None where siblings are few, or no text is the one.

    Examples:
        >>> from identigraph.comparing.building import exact
        >>> songs = {"song": ["red sun", "blue sun", "rain", "rain"], "band": ["owls"] * 4}
        >>> naming_text(Records.of(songs), [exact("band"), exact("song")])
        'song'
    """
    found = {(a.name, b.name): sharing(records, a, b) for a, b in permutations(texts, 2)}
    for own in texts:
        others = [other.name for other in texts if other is not own]
        finer = all(found[other, own.name].share > found[own.name, other].share for other in others)
        if others and finer and max(found[other, own.name].each for other in others) >= FEWEST:
            return own.name
    return None


def steady(records: Records, texts: Sequence[Feature], numbers: Sequence[Graded]) -> tuple[str, ...]:
    """Return the names of the numbers that hardly ever differ between records that are equal on all texts.

    Examples:
        >>> from identigraph.comparing.building import number
        >>> songs = {"song": ["rain", "red sun"] * 20, "length": [180, 240] * 20, "price": range(1, 41)}
        >>> steady(Records.of(songs), ["song"], [number("length"), number("price")])
        ('length',)
    """
    codes = combine([records.column(text).codes for text in texts])[0]
    pairs = _equal_pairs(codes, len(records))[0]
    found = []
    for comparator in numbers:
        levels = comparator.levels(records, pairs)
        known = int((levels >= 0).sum())
        if known >= FEWEST_PAIRS and (levels == 0).sum() <= MOST_DIFFERENT * known:
            found.append(comparator.name)
    return tuple(found)


def sharing(records: Records, one: Graded, other: Graded) -> Sharing:
    """Return how records that are equal on the feature of `one` differ on `other`.

    Examples:
        >>> from identigraph.comparing.building import exact
        >>> songs = {"song": ["red sun", "blue sun", "rain"], "band": ["owls", "owls", "zeon"]}
        >>> sharing(Records.of(songs), exact("band"), exact("song"))
        Sharing(each=0.6666666666666666, share=1.0)
    """
    pairs, looked_at = _equal_pairs(records.column(one.feature).codes, len(records))
    levels = other.levels(records, pairs)
    differ, known = int((levels == 0).sum()), int((levels >= 0).sum())
    return Sharing(2 * differ / max(looked_at, 1), differ / max(known, 1))


def _equal_pairs(codes: Rows, records: int) -> tuple[Pairs, int]:
    """Return pairs of records of one code, each with the next `PEERS`, and how many records were looked at."""
    step = -(-records // LOOKED_AT)
    looked_at = np.flatnonzero((codes >= 0) & (codes % step == 0))
    order = looked_at[np.argsort(codes[looked_at], kind="stable")]
    runs = codes[order]
    nearby = [(apart, np.flatnonzero(runs[apart:] == runs[:-apart])) for apart in range(1, min(PEERS + 1, len(runs)))]
    left = np.concatenate([order[:0], *(order[at] for _, at in nearby)])
    right = np.concatenate([order[:0], *(order[at + apart] for apart, at in nearby)])
    return Pairs.of(left, right), len(looked_at)
