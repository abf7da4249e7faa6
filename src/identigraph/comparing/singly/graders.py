"""Graders of two texts on two rows: letters, typos, sameness, beginnings."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping

from rapidfuzz.distance import OSA

from identigraph.comparing.cutoffs import floors
from identigraph.comparing.graders import (
    Abbreviated,
    Acronym,
    Contained,
    Different,
    JaroWinkler,
    Nickname,
    Same,
    SharedWord,
    Typos,
    share_a_word,
)
from identigraph.comparing.singly.plan import Grade, Plan, Row, Way, winkler
from identigraph.fields.nicknames import nickname_pairs


def jaro_winkler(grader: JaroWinkler, plan: Plan) -> Grade:
    """Return how many cutoffs the texts of two rows reach."""
    place, similarity, reach = plan.place(grader.feature), winkler(plan), floors(grader.cutoffs)

    def grade(left: Row, right: Row) -> int:
        one, other = left[place], right[place]
        if one is None or other is None:
            return 0
        return bisect_right(reach, similarity(one, other))

    return grade


def typos(grader: Typos, plan: Plan) -> Grade:
    """Return one more than are allowed less the typos; equal texts are graded as those with one typo."""
    place, most, distance = plan.place(grader.feature), grader.most, OSA.distance

    def grade(left: Row, right: Row) -> int:
        one, other = left[place], right[place]
        if one is None or other is None:
            return 0
        return most + 1 - (distance(one, other, score_cutoff=most) or 1)

    return grade


def same(grader: Same, plan: Plan) -> Grade:
    """Return 1 where both rows have the same text."""
    place = plan.place(grader.feature)

    def grade(left: Row, right: Row) -> int:
        one = left[place]
        return 1 if one is not None and one == right[place] else 0

    return grade


def different(grader: Different, plan: Plan) -> Grade:
    """Return 1 where both rows have a text and not the same."""
    place = plan.place(grader.feature)

    def grade(left: Row, right: Row) -> int:
        one, other = left[place], right[place]
        return 0 if one is None or other is None or one == other else 1

    return grade


def nickname(grader: Nickname, plan: Plan) -> Grade:
    """Return 1 where the names are related."""
    place, related = plan.place(grader.feature), frozenset(nickname_pairs())

    def grade(left: Row, right: Row) -> int:
        one, other = left[place], right[place]
        return 1 if (one, other) in related or (other, one) in related else 0

    return grade


def abbreviated(grader: Abbreviated, plan: Plan) -> Grade:
    """Return 1 where one text is the initial of the other, 2 where it is a longer beginning."""
    place = plan.place(grader.feature)

    def grade(left: Row, right: Row) -> int:
        one, other = left[place], right[place]
        if not one or not other or one[0] != other[0]:
            return 0
        size, other_size = len(one), len(other)
        if size == other_size or not (one.startswith(other) or other.startswith(one)):
            return 0
        return 1 if size == 1 or other_size == 1 else 2

    return grade


def contained(grader: Contained, plan: Plan) -> Grade:
    """Return 1 where one text is a part of the other, and shorter."""
    place, least = plan.place(grader.feature), grader.least

    def grade(left: Row, right: Row) -> int:
        one, other = left[place], right[place]
        if one is None or other is None:
            return 0
        size, other_size = len(one) or 1, len(other) or 1
        if size == other_size or size < least or other_size < least:
            return 0
        return 1 if one in other or other in one else 0

    return grade


def acronym(grader: Acronym, plan: Plan) -> Grade:
    """Return 1 where either name, as one word, is the acronym of the other."""
    place, initials = plan.place(grader.feature), plan.place(grader.initials)

    def one_way(left: Row, right: Row) -> bool:
        short, long = left[place], right[initials]
        return short is not None and long is not None and short.replace(" ", "") == long

    return lambda left, right: 1 if one_way(left, right) or one_way(right, left) else 0


def shared_word(grader: SharedWord, plan: Plan) -> Grade:
    """Return 1 where at least one text has several words and a word is shared."""
    place = plan.place(grader.feature)

    def grade(left: Row, right: Row) -> int:
        one, other = left[place], right[place]
        if one is None or other is None or not (" " in one or " " in other):
            return 0
        return 1 if share_a_word(one, other) else 0

    return grade


GRADERS: Mapping[type, Way] = {
    Abbreviated: abbreviated,
    Acronym: acronym,
    Contained: contained,
    Different: different,
    JaroWinkler: jaro_winkler,
    Nickname: nickname,
    Same: same,
    SharedWord: shared_word,
    Typos: typos,
}
