"""Nicknames of given names, from the package ``nicknames``.

Names are grouped around each full name that has nicknames: *robert, bob, rob, bert ...*. Two names are related when
one group holds both. That is no equivalence: *bert* stands in the groups of *albert* and *robert*, which are not
related, and closing the relation would glue half of all names together.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import combinations

import numpy as np
import numpy.typing as npt
import polars as pl
from nicknames import name_triplets


@cache
def nickname_groups() -> pl.DataFrame:
    """Return which names stand in the group of which full name: columns ``name`` and ``group``, sorted.

    A full name stands in its own group; a name may stand in many. Where the package calls each of two names a
    nickname of the other, the one with more nicknames is the full name.

    Examples:
        >>> groups = nickname_groups()
        >>> groups.filter(name="ted")["group"].to_list()
        ['edmund', 'edward', 'ted', 'theodore']
    """
    links = [(t.name1, t.name2) for t in name_triplets() if t.relationship == "has_nickname"]
    both, nicknames = set(links), Counter(full for full, _ in links)
    groups = {
        (name, full)
        for full, name in links
        if full.isalpha() and name.isalpha() and ((name, full) not in both or nicknames[full] >= nicknames[name])
    }
    groups |= {(full, full) for _, full in groups}
    return pl.DataFrame(sorted(groups), schema={"name": pl.String, "group": pl.String}, orient="row")


@cache
def nickname_pairs() -> tuple[tuple[str, str], ...]:
    """Return every pair of related names, each once and in alphabetical order, sorted.

    Related: one is a nickname of the other, or both are nicknames of a third.

    Examples:
        >>> pairs = nickname_pairs()
        >>> ("bob", "robert") in pairs, ("bobby", "rob") in pairs, ("robert", "william") in pairs
        (True, True, False)
    """
    members = nickname_groups().group_by("group").agg("name")["name"].to_list()
    return tuple(sorted({pair for names in members for pair in combinations(sorted(names), 2)}))


def nickname_related(left: npt.NDArray[np.str_], right: npt.NDArray[np.str_]) -> npt.NDArray[np.bool_]:
    """Tell for each pair of normalized given names whether they are related but not equal.

    Args:
        left: shape (pairs,), lower-case names.
        right: shape (pairs,).

    Returns:
        shape (pairs,); False where a name is unknown.

    Examples:
        >>> import numpy as np
        >>> nickname_related(np.array(["bob", "bob", "bob"]), np.array(["robert", "bob", "ann"])).tolist()
        [True, False, False]
    """
    names, known = _pair_codes()
    a, b = (_name_codes(names, values) for values in (left, right))
    wanted = np.minimum(a, b) * len(names.categories) + np.maximum(a, b)
    place = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    related: npt.NDArray[np.bool_] = (known[place] == wanted) & (np.minimum(a, b) >= 0)
    return related


@cache
def _pair_codes() -> tuple[pl.Enum, npt.NDArray[np.int64]]:
    """Return the known names, and the related pairs as sorted codes ``smaller * names + larger``."""
    pairs = pl.DataFrame(nickname_pairs(), schema=["a", "b"], orient="row")
    names = pl.Enum(pl.concat([pairs["a"], pairs["b"]]).unique().sort())
    a, b = (_name_codes(names, pairs[side].to_numpy()) for side in ("a", "b"))
    codes = np.sort(a * len(names.categories) + b)
    codes.setflags(write=False)
    return names, codes


def _name_codes(names: pl.Enum, values: npt.NDArray[np.str_]) -> npt.NDArray[np.int64]:
    """Return the place of each value among the names, -1 where it is none of them."""
    known = pl.Series(values.tolist(), dtype=pl.String).cast(names, strict=False)
    return known.to_physical().cast(pl.Int64).fill_null(-1).to_numpy()
