"""Measures of names of organisations.

Made for names as `identigraph.fields.Organisation` normalizes them, words of lower-case letters and digits; others are
compared as they stand.
"""

from __future__ import annotations

from functools import cache, partial
from typing import Any, overload

import numpy as np
import polars as pl

from identigraph.comparing.measures.alignment import aligned
from identigraph.comparing.measures.bags import words_of
from identigraph.comparing.measures.crossing import CELLS, word_pairs
from identigraph.comparing.measures.frequencies import Weights
from identigraph.comparing.measures.joining import joined
from identigraph.comparing.measures.kernels import Column, Floats, Texts, in_portions, scored, texts
from identigraph.comparing.measures.spelling import respelt, spelt_alike
from identigraph.fields.organisation import ABBREVIATIONS, legal_forms
from identigraph.fields.organisation import GENERIC as CONNECTIVES

ACRONYM = 0.9
LEAST = 0.9
"""Words less alike than this count as different: of long words, slips are more alike than of names."""
LEGAL_FORM = 0.05
CONNECTIVE = 0.1
GENERIC = 0.3
GENERIC_WORDS = [
    "agency", "associates", "association", "business", "centre", "club", "companies", "consultancy", "consultants",
    "consulting", "corporate", "council", "development", "distribution", "enterprise", "enterprises", "exports", "firm",
    "foundation", "global", "group", "groupe", "grupo", "gruppe", "gruppo", "holdings", "imports", "industrial",
    "industries", "institute", "international", "investments", "management", "manufacturing", "national", "office",
    "organization", "partners", "partnership", "products", "projects", "sales", "service", "services", "society",
    "solutions", "store", "stores", "supplies", "systems", "technology", "trade", "traders", "trading", "trust",
    "union", "ventures", "world", "worldwide",
]  # fmt: skip
"""Words that many names have and that tell few organisations apart, spelt as `fields.Organisation` does."""


@overload
def organisation_name(left: str | None, right: str | None, *, corpus: Column | None = None) -> float | None: ...


@overload
def organisation_name(left: Column, right: Column, *, corpus: Column | None = None) -> pl.Series: ...


def organisation_name(left: Any, right: Any, *, corpus: Column | None = None) -> Any:
    """Return how alike two names of organisations are, their words matched one to one in any order.

    ``matched / (lesser + 0.25 * (greater - lesser))``, or 0.9 if that is more and one name is the acronym of the other.
    Matched is the largest sum, over all ways to match each word with at most one of the other name, of the similarity
    of two words times the lesser of their weights; lesser and greater are the summed weights of the words of the
    lighter and of the heavier name. So words that one name leaves out cost little, and words that contradict each other
    much.

    The similarity of two words is 1 for two spellings of one (*intl*, *international*), 0.9 where one has three letters
    or more and begins the other (*univ*, *university*), else that of Jaro-Winkler; below 0.9 it is 0. A word weighs 1,
    one that many organisations have (*group, services, trading ...*) 0.3, *of*, *and* and their like 0.1, a legal form
    0.05; with a corpus of n texts, n_word of which have the word, this times ``log(1 + n / n_word)``. Two or three
    neighboring words that only the other name writes as one are joined. An acronym has the first letters of at least
    two words that are no legal forms, nor *of*, *and* and their like. Up to 6 words in the shorter name the matching is
    the best one; beyond, the two words that are worth most are matched again and again.

    Args:
        left: a text, or a column of texts.
        right: a text, or a column of texts of equal length.
        corpus: a column of names, whose rare words weigh more than the frequent ones; without it all weigh alike.

    Returns:
        0 to 1; symmetric; null where either side is null. Two texts without words score 1, one without scores 0.

    Examples:
        *acme* and *trading* of 1.3, and 0.05 that only one has; then *services*, 0.3 of 1.3; then an acronym.

        >>> round(organisation_name("acme trading", "acme trading ltd"), 4)
        0.9905
        >>> round(organisation_name("acme services", "bolt services"), 4)
        0.2308
        >>> organisation_name("ibm", "international business machines")
        0.9

    References:
        W. W. Cohen, P. Ravikumar and S. E. Fienberg, "A comparison of string distance metrics for name-matching tasks",
        Proceedings of the IJCAI Workshop on Information Integration on the Web (2003).
    """
    rarity = (
        None if corpus is None else Weights.of(pl.Series(respelt(_present(corpus), ABBREVIATIONS), dtype=pl.String))
    )

    def kernel(a: Texts, b: Texts) -> Floats:
        return in_portions(partial(_organisation_name, rarity=rarity), a, b, word_pairs(a, b), CELLS)

    return scored(kernel, left, right, "organisation_name")


def _present(corpus: Column) -> Texts:
    return texts(corpus).drop_nulls().to_list()


def _organisation_name(left: Texts, right: Texts, rarity: Weights | None) -> Floats:
    left, right = respelt(left, ABBREVIATIONS), respelt(right, ABBREVIATIONS)
    a, b, words = words_of(left, right, distinct=False)
    a, b = joined(a, b, words)
    weight = _weights(words, rarity)
    similarity = aligned(a, b, [weight[a.item], weight[b.item]], partial(spelt_alike, words, least=LEAST))
    return np.maximum(similarity, ACRONYM * _is_acronym(left, right))


def _weights(words: pl.Series, rarity: Weights | None) -> Floats:
    """Return the weight of each word."""
    kinds = [(legal_words(), LEGAL_FORM), (CONNECTIVES, CONNECTIVE), (GENERIC_WORDS, GENERIC)]
    members = [words.is_in(list(kind)).to_numpy() for kind, _ in kinds]
    weight = np.select(members, [weight for _, weight in kinds], 1.0)
    return weight if rarity is None else weight * rarity.of_words(words)


@cache
def legal_words() -> tuple[str, ...]:
    """Return the legal forms of one word.

    Examples:
        >>> "gmbh" in legal_words(), "sa de cv" in legal_words()
        (True, False)
    """
    return tuple(form for form in legal_forms() if " " not in form)


def _is_acronym(left: Texts, right: Texts) -> Floats:
    """Return 1 where one name is the acronym of the other."""
    silent = dict.fromkeys([*legal_words(), *CONNECTIVES], "")
    names = [pl.Series(respelt(side, silent), dtype=pl.String) for side in (left, right)]
    letters = [name.str.replace_all(r"(\S)\S* ?", "$1") for name in names]
    first, second = (
        (letters[long] == names[short]) & names[long].str.contains(" ", literal=True)
        for long, short in ((0, 1), (1, 0))
    )
    return (first | second).cast(pl.Float64).to_numpy()
