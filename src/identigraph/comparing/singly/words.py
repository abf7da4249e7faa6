"""Graders of words on two rows: words that two texts share, model numbers, sounds, categories, any measure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from math import sqrt

import polars as pl

from identigraph.comparing.categories import CloseCategory
from identigraph.comparing.cutoffs import floors
from identigraph.comparing.measures.sounds import CODES
from identigraph.comparing.models import COMMONLY_SHARED, PART, SHARED, SHORTEST_PART, SameModel, common_in
from identigraph.comparing.singly.plan import Grade, Plan, Row, Way, kept
from identigraph.comparing.sounds import SameSound
from identigraph.comparing.spelling import Vocabulary
from identigraph.comparing.texts import TextMeasure
from identigraph.comparing.tokens import TokenCosine, vocabulary_of
from identigraph.fields.derived import Feature
from identigraph.text.cutting import words_of
from identigraph.text.phonetic import match_rating_agreement
from identigraph.text.single import Single

Weights = Mapping[str, float]
"""The words of a text in alphabetical order, with weights of length one."""


def token_cosine(grader: TokenCosine, plan: Plan) -> Grade:
    """Return how many cutoffs the cosine of the words of two rows reaches."""
    place, reach = plan.place(grader.feature), floors(grader.cutoffs)
    key = ("words", grader.feature, grader.spelling)
    vocabulary = vocabulary_of(plan.records, grader.feature, spelling=grader.spelling)
    cosine = plan.once(key, lambda: _cosine(vocabulary.ready()))

    def grade(left: Row, right: Row) -> int:
        one, other = left[place], right[place]
        if one is None or other is None:
            return 0
        return bisect_right(reach, cosine(one, other))

    return grade


def _cosine(vocabulary: Vocabulary) -> Callable[[str, str], float]:
    """Return what tells the cosine of the words of two texts; several graders ask in turn."""
    weighed = _weighed(vocabulary)

    def cosine(one: str, other: str) -> float:
        total, of_other = 0.0, weighed(other).get
        for word, weight in weighed(one).items():
            total += weight * of_other(word, 0.0)
        return total

    return kept(cosine)


def _weighed(vocabulary: Vocabulary) -> Callable[[str], Weights]:
    """Return what tells the weights of the words of a text."""
    told = kept(vocabulary.known_word) if vocabulary.spelling else vocabulary.known_word

    def weights(text: str) -> Weights:
        found = sorted({told(word) for word in words_of(text)})
        squares = 0.0
        for _, weight in found:
            squares += weight * weight
        norm = sqrt(squares)
        return {word: weight / norm for word, weight in found}

    return kept(weights)


def same_model(grader: SameModel, plan: Plan) -> Grade:
    """Return the best grade that any model number of one row has with any of the other."""
    place, common = plan.place(grader.feature), common_in(plan.records, grader.feature).ready()
    numbers = kept(lambda text: tuple(dict.fromkeys(words_of(text))))

    def alike(one: str, other: str) -> int:
        if one == other:
            return COMMONLY_SHARED if common.number(one) > 0 else SHARED
        shorter, longer = sorted((one, other), key=len)
        part = SHORTEST_PART <= len(shorter) < len(longer) and shorter in longer
        return PART if part else 0

    def grade(left: Row, right: Row) -> int:
        one, other = left[place], right[place]
        if one is None or other is None:
            return 0
        return max((alike(a, b) for a in numbers(one) for b in numbers(other)), default=0)

    return grade


def same_sound(grader: SameSound, plan: Plan) -> Grade:
    """Return 1 where the texts of two rows sound alike."""
    code = CODES[grader.code]
    codes = kept(lambda text: frozenset((code(Single(text)).value or "").split(" ")) - {""})
    rated = kept(_rated)

    def alike(one: str, other: str) -> int:
        return 0 if codes(one).isdisjoint(codes(other)) else 1

    return _of_texts(grader.feature, plan, rated if grader.code == "match_rating" else alike)


def _rated(one: str, other: str) -> int:
    return 1 if match_rating_agreement(pl.Series([one]), pl.Series([other])).item() else 0


def close_category(grader: CloseCategory, plan: Plan) -> Grade:
    """Return how many cutoffs the similarity of two categories reaches by the table."""
    known, reach = {(one, other): share for one, other, share in grader.table}, floors(grader.cutoffs)

    def grade(one: str, other: str) -> int:
        share = 1.0 if one == other else known.get((min(one, other), max(one, other)), 0.0)
        return bisect_right(reach, share)

    return _of_texts(grader.feature, plan, grade)


def text_measure(grader: TextMeasure, plan: Plan) -> Grade:
    """Return how many cutoffs the measure of two texts reaches."""
    options, reach = grader.options_in(plan.records), floors(grader.cutoffs)
    measured = kept(lambda one, other: bisect_right(reach, float(grader.measured([one], [other], options)[0])))
    return _of_texts(grader.feature, plan, lambda one, other: measured(min(one, other), max(one, other)))


def _of_texts(feature: Feature, plan: Plan, grade_of: Callable[[str, str], int]) -> Grade:
    """Return the grade of two texts on two rows, 0 where one is missing."""
    place = plan.place(feature)

    def grade(left: Row, right: Row) -> int:
        one, other = left[place], right[place]
        return 0 if one is None or other is None else grade_of(one, other)

    return grade


WORDS: Mapping[type, Way] = {
    CloseCategory: close_category,
    SameModel: same_model,
    SameSound: same_sound,
    TextMeasure: text_measure,
    TokenCosine: token_cosine,
}
