"""Measures of names of people.

Made for names as `identigraph.fields.PersonName` normalizes them, words of lower-case letters without titles; others
are compared as they stand.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import polars as pl

from identigraph.comparing.measures.alignment import aligned
from identigraph.comparing.measures.bags import Ints, numbered, words_of
from identigraph.comparing.measures.crossing import CELLS, word_pairs
from identigraph.comparing.measures.joining import joined
from identigraph.comparing.measures.kernels import Floats, Texts, in_portions, measure
from identigraph.comparing.measures.spelling import spelt_alike
from identigraph.fields.name_order import PARTICLES
from identigraph.fields.nicknames import nickname_groups, nickname_related

NICKNAME = 0.95
LEAST = 0.75
"""Words less alike than this count as different: so alike are most slips of one name, and few other names."""
PARTICLE = 0.2
FEWEST_TELLING = 2


@measure
def given_name(left: Texts, right: Texts) -> Floats:
    """Return how alike two given names are, nicknames and abbreviations being close to what they stand for.

    The largest of: 0.95 where the names are related as nicknames (one is a nickname of the other, or both are of a
    third); 0.9 where one has three letters or more and begins the other; 0.85 where one is the first letter of the
    other; the Jaro-Winkler similarity. Each text is taken as one name, normalized as `identigraph.fields.PersonName`
    does. The nicknames are those of English; *pat*, which is short for several names, is close to each.

    Args:
        left: a text, or a column of texts.
        right: a text, or a column of texts of equal length.

    Returns:
        0 to 1; symmetric; null where either side is null.

    Examples:
        >>> given_name("bob", "robert"), given_name("wilh", "wilhelmina"), given_name("j", "john")
        (0.95, 0.9, 0.85)
    """
    names, number = numbered([*left, *right])
    return _one_name(names, number[: len(left)], number[len(left) :])


@measure
def person_name(left: Texts, right: Texts) -> Floats:
    """Return how alike two full names are, their words matched one to one in any order.

    ``matched / (lesser + 0.25 * (greater - lesser))``. Matched is the largest sum, over all ways to match each word
    with at most one of the other name, of the similarity of two words times the lesser of their weights; lesser and
    greater are the summed weights of the words of the lighter and of the heavier name. So words that one name leaves
    out cost little, and words that contradict each other much.

    The similarity of two words is that of `given_name`, and 0 where that is below 0.75. A word weighs 1; where both
    names have two words that are not particles (*van, de, la, al ...*), particles weigh 0.2. Two or three neighboring
    words that only the other name writes as one (*mary ann*, *maryann*) are joined. Normalize names with
    `identigraph.fields.PersonName` first.

    The matching is the best one where one of the names has at most 6 words; of longer names the two words that are
    worth most are matched again and again. Weak where the names of a family differ by little: *john* and *joan* are
    0.87 alike.

    Args:
        left: a text, or a column of texts.
        right: a text, or a column of texts of equal length.

    Returns:
        0 to 1; symmetric; null where either side is null. Two texts without words score 1, one without scores 0.

    Examples:
        *smith* 1 and *john* 0.85 of two words; then two words of two, and one that the other name lacks: 2 / 2.25; then
        one of two.

        >>> person_name("smith john", "j smith"), round(person_name("ann lee", "ann mary lee"), 4)
        (0.925, 0.8889)
        >>> person_name("ann lee", "bob lee"), round(person_name("maria de la cruz", "maria cruz"), 4)
        (0.5, 0.9524)

    References:
        W. W. Cohen, P. Ravikumar and S. E. Fienberg, "A comparison of string distance metrics for name-matching tasks",
        Proceedings of the IJCAI Workshop on Information Integration on the Web (2003); P. Christen, "A comparison of
        personal name matching: techniques and practical issues", Proceedings of the Sixth IEEE International Conference
        on Data Mining Workshops (2006).
    """
    return in_portions(_person_name, left, right, word_pairs(left, right), CELLS)


def _person_name(left: Texts, right: Texts) -> Floats:
    a, b, words = words_of(left, right, distinct=False)
    a, b = joined(a, b, words)
    particle = words.is_in(PARTICLES.split("|")).to_numpy()
    telling = [np.bincount(side.text[~particle[side.item]], minlength=side.texts) for side in (a, b)]
    light = np.minimum(*telling) >= FEWEST_TELLING
    weights = [np.where(light[side.text] & particle[side.item], PARTICLE, 1.0) for side in (a, b)]
    return aligned(a, b, weights, partial(_one_name, words, least=LEAST))


def _one_name(words: pl.Series, a: Ints, b: Ints, *, least: float = 0.0) -> Floats:
    """Return how alike words by number are as names of one word."""
    similarity = spelt_alike(words, a, b, least=least)
    known = words.is_in(nickname_groups()["name"].implode()).to_numpy()
    likely = np.flatnonzero(known[a] & known[b] & (similarity < NICKNAME))
    related = nickname_related(*(words.gather(side[likely]).to_numpy().astype(np.str_) for side in (a, b)))
    similarity[likely[related]] = NICKNAME
    return similarity
