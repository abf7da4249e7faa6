"""Graders of names in each other's place on two rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import ulp

from identigraph.comparing.comparator import counts_of
from identigraph.comparing.people import (
    COMMON_BOTH,
    RARE,
    RARE_BOTH,
    AmongWords,
    Crossed,
    Misplaced,
    Rarer,
    Unless,
    counts_of_both,
)
from identigraph.comparing.singly.plan import Grade, Plan, Row, Way, kept, winkler
from identigraph.comparing.strings import ROUNDING
from identigraph.fields.derived import Feature


def crossed(grader: Crossed, plan: Plan) -> Grade:
    """Return the grade of two rows in which both features are swapped."""
    first, second = plan.place(grader.first), plan.place(grader.second)
    above = grader.cutoff is not None
    alike = _alike(plan, grader.cutoff)
    share = _share(plan, grader.first, grader.second) if grader.frequency else None

    def grade(left: Row, right: Row) -> int:
        one, other = left[first], right[second]
        if one is None or other is None or not (one == other or alike(one, other)):
            return 0
        two, another = left[second], right[first]
        if two is None or another is None:
            return 0
        if one != other or two != another:
            return 1 if above and (two == another or alike(two, another)) else 0
        common = 1.0 if share is None else share(one) * share(two)
        return 1 + above + (common < COMMON_BOTH) + (common < RARE_BOTH)

    return grade


def misplaced(grader: Misplaced, plan: Plan) -> Grade:
    """Return the grade of two rows, in whichever the feature is missing."""
    feature, lacked = plan.place(grader.feature), plan.place(grader.other)
    above = grader.cutoff is not None
    alike = _alike(plan, grader.cutoff)
    share = _share(plan, grader.feature, grader.other) if grader.frequency else None

    def one_way(left: Row, right: Row) -> int:
        one, other = left[feature], right[lacked]
        if one is None or other is None:
            return 0
        if one == other:
            return 1 + above + (share is not None and share(one) < RARE)
        return 1 if alike(one, other) else 0

    def grade(left: Row, right: Row) -> int:
        if left[lacked] is None:
            return one_way(left, right)
        return one_way(right, left) if right[lacked] is None else 0

    return grade


def _share(plan: Plan, first: Feature, second: Feature) -> Callable[[str], float]:
    """Return what tells how common a text is among those of two features."""
    return counts_of_both(plan.records, first, second).ready().share


def _alike(plan: Plan, cutoff: float | None) -> Callable[[str, str], bool]:
    """Return what tells whether two unequal texts count as swapped or misplaced."""
    if cutoff is None:
        return lambda *_: False
    similarity, lowest = winkler(plan), max(cutoff - ROUNDING, ulp(0.0))
    return lambda one, other: similarity(one, other) >= lowest


def among_words(grader: AmongWords, plan: Plan) -> Grade:
    """Return 1 where a text of one row is a word of the other, either way; words of one letter do not count."""
    feature, words = plan.place(grader.feature), plan.place(grader.other)

    def one_way(one: str | None, other: str) -> bool:
        return one is not None and one in other and len(one) > 1 and one in other.split(" ")

    def grade(left: Row, right: Row) -> int:
        there, here = right[words], left[words]
        if there is not None and one_way(left[feature], there):
            return 1
        return 1 if here is not None and one_way(right[feature], here) else 0

    return grade


def unless(grader: Unless, plan: Plan) -> Grade:
    """Return the grade of the grader, 0 where two rows are excepted."""
    graded, excepted = plan.grade(grader.grader), plan.grade(grader.exception)

    def grade(left: Row, right: Row) -> int:
        found = graded(left, right)
        return 0 if found and excepted(left, right) else found

    return grade


def rarer(grader: Rarer, plan: Plan) -> Grade:
    """Return twice the grade of two rows, less one where a text is not rare."""
    place, graded = plan.place(grader.grader.feature), plan.grade(grader.grader)
    counts, share = counts_of(plan.records, grader.grader.feature).ready(), grader.share
    rare = kept(lambda value: value is not None and counts.share(value) < share)

    def grade(left: Row, right: Row) -> int:
        found = graded(left, right)
        if not found:
            return 0
        return found * 2 - (not (rare(left[place]) and rare(right[place])))

    return grade


PEOPLE: Mapping[type, Way] = {
    AmongWords: among_words,
    Crossed: crossed,
    Misplaced: misplaced,
    Rarer: rarer,
    Unless: unless,
}
