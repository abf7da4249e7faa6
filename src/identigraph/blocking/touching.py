"""Pairs that some rows bring: what new records add to the candidates of those that were there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from identigraph.blocking.candidates import BlockReport, Candidates, UnionCandidates, decoded, distinct
from identigraph.blocking.keys import KeyCandidates
from identigraph.encoding import runs
from identigraph.pairs import Mask, Pairs


def touching(candidates: Candidates, rows: Mask, before: Sequence[BlockReport]) -> Pairs:
    """Return all pairs of which a record is among some rows, and those that others may have gained by them.

    Whether two records share a block is a matter of the two, as long as no block is hot: hot blocks are thinned out by
    all that is in them. Of a key with a hot block, then or now, all pairs are returned; so are those of any strategy
    that is no key.

    Args:
        candidates: of all records.
        rows: shape (records,): which are new.
        before: the reports of the same strategy on the records that were there before.

    Examples:
        >>> from identigraph.blocking import block_on
        >>> from identigraph.records import Records
        >>> records = Records.of({"city": ["Bern", "Bern", "Basel", "Bern"], "id": [1, 2, 3, 4]}, id="id")
        >>> found = block_on("city").candidates(records)
        >>> len(touching(found, records.ids.to_numpy() == 4, found.reports))
        2
    """
    parts = candidates.parts if isinstance(candidates, UnionCandidates) else (candidates,)
    steady = len(before) == len(parts)
    codes = [np.zeros(0, dtype=np.int64)]
    for place, part in enumerate(parts):
        if steady and is_steady(part) and before[place].hot_blocks == 0 and isinstance(part, KeyCandidates):
            codes.append(_in_blocks(part, rows).codes())
        else:
            codes += [pairs.codes() for pairs in part]
    return decoded(distinct(np.concatenate(codes)))


def is_steady(candidates: Candidates) -> bool:
    """Tell whether no pair of these candidates depends on other records than its two; a block that was split was hot.

    Examples:
        >>> from identigraph.blocking import block_on
        >>> from identigraph.records import Records
        >>> records = Records.of({"city": ["Bern", "Bern"], "name": ["Ann", "Ann"]})
        >>> city, name = block_on("city"), block_on("name")
        >>> is_steady((city | name).candidates(records)), is_steady((city & name).candidates(records))
        (True, False)
    """
    parts = candidates.parts if isinstance(candidates, UnionCandidates) else (candidates,)
    return all(isinstance(part, KeyCandidates) and not (part.origin or part).is_hot.any() for part in parts)


def _in_blocks(part: KeyCandidates, rows: Mask) -> Pairs:
    """Return the pairs within blocks of which a record is among some rows."""
    new = np.flatnonzero(rows & (part.key >= 0))
    wanted = np.zeros(part.size + 1, dtype=bool)
    wanted[part.key[new]] = True
    keyed = np.flatnonzero(wanted[part.key])
    order = keyed[np.argsort(part.key[keyed], kind="stable")]
    starts = np.searchsorted(part.key[order], part.key[new])
    place, at = runs(starts, part.sizes[part.key[new]])
    one, other = new[place], order[at]
    once = (one != other) & (~rows[other] | (one < other))
    return Pairs.of(one[once], other[once])
