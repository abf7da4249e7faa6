"""Measures of characters in their order: edit distances as similarities, Jaro and Jaro-Winkler, what is common.

A normalized similarity is ``1 - distance / largest distance that texts of these lengths can have``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA, DamerauLevenshtein, Hamming, Indel, Jaro, JaroWinkler, LCSseq, Levenshtein

from identigraph.comparing.measures.kernels import Floats, Texts, lengths_of, measure
from identigraph.errors import RangeError

CELLS = 1 << 23
"""Cells of the dynamic program that are worked on at a time."""


@measure
def exact(left: Texts, right: Texts) -> Floats:
    """Return 1 where two texts are equal and 0 where they are not.

    Weak where values are written in several ways: one typing error and the similarity is 0.

    Args:
        left: a text, or a column of texts.
        right: a text, or a column of texts of equal length.

    Returns:
        0 or 1; symmetric; null where either side is null.

    Examples:
        >>> exact("ann", "ann"), exact("ann", "Ann"), exact("ann", None)
        (1.0, 0.0, None)
    """
    del right
    return np.zeros(len(left))


@measure
def jaro(left: Texts, right: Texts) -> Floats:
    """Return the Jaro similarity: how many characters two texts share at about the same place, and in the same order.

    Characters match if equal and less than half the longer length apart. With m matches, t of them out of order:
    ``(m / |a| + m / |b| + (m - t / 2) / m) / 3``, and 0 without a match. Made for short words such as names; of long
    texts nearly any two share most letters, so that unlike ones seldom score below 0.5.

    Args:
        left: a text, or a column of texts.
        right: a text, or a column of texts of equal length.

    Returns:
        0 to 1; symmetric; null where either side is null.

    Examples:
        All six match, *t* and *h* out of order: (1 + 1 + 5/6) / 3.

        >>> round(jaro("martha", "marhta"), 4)
        0.9444

    References:
        M. A. Jaro, "Advances in record-linkage methodology as applied to matching the 1985 census of Tampa, Florida",
        Journal of the American Statistical Association 84 (1989).
    """
    return pairwise(Jaro.similarity, left, right)


@measure
def jaro_winkler(left: Texts, right: Texts, *, prefix_weight: float = 0.1) -> Floats:
    """Return the Jaro similarity, lifted where two texts begin alike.

    With p the number of the first four characters that agree from the start: ``jaro + p * prefix_weight * (1 - jaro)``
    where jaro is above 0.7, and jaro itself elsewhere. The usual measure for names. Weak where the start is what
    differs (*Catherine*, *Katherine*), where words change places, and for texts of many words.

    Args:
        left: a text, or a column of texts.
        right: a text, or a column of texts of equal length.
        prefix_weight: what a common character at the start counts, 0 to 0.25.

    Returns:
        0 to 1; symmetric; null where either side is null.

    Raises:
        RangeError: the weight lies outside its range.

    Examples:
        Four of five characters match, in order: jaro = (0.8 + 0.8 + 1) / 3 = 0.8667, and two are a common start.

        >>> round(jaro_winkler("smith", "smyth"), 4)
        0.8933
        >>> jaro_winkler(["smith", "ann"], ["smith", None]).to_list()
        [1.0, None]

    References:
        W. E. Winkler, "String comparator metrics and enhanced decision rules in the Fellegi-Sunter model of record
        linkage", Proceedings of the Section on Survey Research Methods (1990).
    """
    if not 0 <= prefix_weight <= 0.25:
        raise RangeError("prefix_weight", prefix_weight, 0, 0.25)
    return pairwise(JaroWinkler.similarity, left, right, prefix_weight=prefix_weight)


@measure
def levenshtein(left: Texts, right: Texts) -> Floats:
    """Return the Levenshtein similarity: the share of characters that need no insertion, deletion or substitution.

    ``1 - distance / max(|a|, |b|)``, the distance being the fewest such edits that turn one text into the other. Weak
    where neighbors are swapped, which counts as two edits, and where words change places.

    Args:
        left: a text, or a column of texts.
        right: a text, or a column of texts of equal length.

    Returns:
        0 to 1; symmetric; null where either side is null.

    Examples:
        Two substitutions and an insertion: 1 - 3/7.

        >>> round(levenshtein("kitten", "sitting"), 4)
        0.5714

    References:
        V. I. Levenshtein, "Binary codes capable of correcting deletions, insertions, and reversals", Soviet Physics
        Doklady 10 (1966).
    """
    return pairwise(Levenshtein.normalized_similarity, left, right)


@measure
def osa(left: Texts, right: Texts) -> Floats:
    """Return the optimal string alignment similarity: Levenshtein's, a swap of two neighbors being one edit.

    ``1 - distance / max(|a|, |b|)``; no part of a text is edited twice, so that *ca* and *abc* are three edits apart
    where `damerau_levenshtein` finds two. The distance breaks the triangle inequality. Suits typing errors.

    Args:
        left: a text, or a column of texts.
        right: a text, or a column of texts of equal length.

    Returns:
        0 to 1; symmetric; null where either side is null.

    Examples:
        One swap in four characters, of which Levenshtein makes two edits.

        >>> osa("jhon", "john"), levenshtein("jhon", "john"), osa("ca", "abc")
        (0.75, 0.5, 0.0)

    References:
        L. Boytsov, "Indexing methods for approximate dictionary searching", ACM Journal of Experimental Algorithmics 16
        (2011).
    """
    return pairwise(OSA.normalized_similarity, left, right)


@measure
def damerau_levenshtein(left: Texts, right: Texts) -> Floats:
    """Return the Damerau-Levenshtein similarity: Levenshtein's, with swaps of neighbors that may be edited again.

    ``1 - distance / max(|a|, |b|)``. Unlike that of `osa`, the distance is a metric; it takes several times as long.

    Args:
        left: a text, or a column of texts.
        right: a text, or a column of texts of equal length.

    Returns:
        0 to 1; symmetric; null where either side is null.

    Examples:
        *ca* is swapped to *ac*, then *b* inserted: 1 - 2/3.

        >>> round(damerau_levenshtein("ca", "abc"), 4)
        0.3333

    References:
        F. J. Damerau, "A technique for computer detection and correction of spelling errors", Communications of the
        ACM 7 (1964); R. Lowrance and R. A. Wagner, "An extension of the string-to-string correction problem", Journal
        of the ACM 22 (1975).
    """
    return pairwise(DamerauLevenshtein.normalized_similarity, left, right)


@measure
def indel(left: Texts, right: Texts) -> Floats:
    """Return the indel similarity: the share of characters that need no insertion or deletion.

    ``1 - distance / (|a| + |b|)``, which is ``2 * LCS / (|a| + |b|)`` with the longest common subsequence; also known
    as ratio. A substitution counts as two edits. Long unlike texts share many characters by chance.

    Args:
        left: a text, or a column of texts.
        right: a text, or a column of texts of equal length.

    Returns:
        0 to 1; symmetric; null where either side is null.

    Examples:
        *smth* is common to both: 2 * 4 / 10.

        >>> indel("smith", "smyth")
        0.8

    References:
        S. B. Needleman and C. D. Wunsch, "A general method applicable to the search for similarities in the amino acid
        sequence of two proteins", Journal of Molecular Biology 48 (1970).
    """
    return pairwise(Indel.normalized_similarity, left, right)


@measure
def hamming(left: Texts, right: Texts) -> Floats:
    """Return the Hamming similarity: the share of places at which two texts have the same character.

    ``equal places / max(|a|, |b|)``; places that only the longer text has count as different. Suits codes of fixed
    length; one character inserted at the start makes all the rest differ.

    Args:
        left: a text, or a column of texts.
        right: a text, or a column of texts of equal length.

    Returns:
        0 to 1; symmetric; null where either side is null.

    Examples:
        Four of five places; then two of three, for the longer text has one more.

        >>> hamming("90210", "90211"), round(hamming("ab", "abc"), 4)
        (0.8, 0.6667)

    References:
        R. W. Hamming, "Error detecting and error correcting codes", Bell System Technical Journal 29 (1950).
    """
    return pairwise(Hamming.normalized_similarity, left, right)


@measure
def longest_common_subsequence(left: Texts, right: Texts) -> Floats:
    """Return the length of the longest common subsequence, as a share of the longer text.

    A subsequence keeps the order of its characters, which need not be neighbors: ``LCS / max(|a|, |b|)``. Kind to
    abbreviations written in order; long unlike texts share many characters by chance.

    Args:
        left: a text, or a column of texts.
        right: a text, or a column of texts of equal length.

    Returns:
        0 to 1; symmetric; null where either side is null.

    Examples:
        *smth* is four of five characters.

        >>> longest_common_subsequence("smith", "smyth")
        0.8

    References:
        D. S. Hirschberg, "A linear space algorithm for computing maximal common subsequences", Communications of the
        ACM 18 (1975).
    """
    return pairwise(LCSseq.normalized_similarity, left, right)


@measure
def longest_common_substring(left: Texts, right: Texts) -> Floats:
    """Return the length of the longest run of characters that both texts contain, as a share of the longer text.

    ``longest common run / max(|a|, |b|)``; 1 only of equal texts, so a text inside a longer one scores the share it
    takes. One wrong character in the middle halves it. Takes time in proportion to ``|a| * |b|``.

    Args:
        left: a text, or a column of texts.
        right: a text, or a column of texts of equal length.

    Returns:
        0 to 1; symmetric; null where either side is null.

    Examples:
        *john* is four of eight characters.

        >>> longest_common_substring("johnston", "st john")
        0.5

    References:
        D. Gusfield, Algorithms on Strings, Trees, and Sequences (1997), section 7.4.
    """
    longer = np.maximum(lengths_of(left), lengths_of(right))
    order = np.argsort(-longer, kind="stable")
    similarity = np.zeros(len(left))
    low = 0
    while low < len(order):
        high = low + max(1, CELLS // int(longer[order[low]]) ** 2)
        at = order[low:high]
        similarity[at] = _longest_runs([left[i] for i in at], [right[i] for i in at]) / longer[at]
        low = high
    return similarity


def pairwise(scorer: Any, left: Texts, right: Texts, **options: Any) -> Floats:
    """Return what a scorer of rapidfuzz makes of each pair.

    Examples:
        >>> pairwise(Indel.normalized_similarity, ["smith"], ["smyth"]).tolist()
        [0.8]
    """
    scores: Floats = process.cpdist(left, right, scorer=scorer, scorer_kwargs=options, dtype=np.float64)
    return scores


def _longest_runs(left: Texts, right: Texts) -> npt.NDArray[np.int32]:
    """Return the length of the longest common run of each pair, by the dynamic program over all pairs at once."""
    a, b = _characters(left, padding=-1), _characters(right, padding=-2)
    ending = np.zeros((len(b) + 1, len(left)), dtype=np.int32)
    longest = np.zeros(len(left), dtype=np.int32)
    for place in a:
        ending[1:] = (ending[:-1] + 1) * (b == place)
        np.maximum(longest, ending.max(axis=0), out=longest)
    return longest


def _characters(values: Texts, *, padding: int) -> npt.NDArray[np.int32]:
    """Return the characters of texts as a matrix, one column each, filled up with `padding`."""
    length = lengths_of(values)
    matrix = np.full((len(values), int(length.max(initial=0))), padding, dtype=np.int32)
    matrix[np.arange(matrix.shape[1]) < length[:, None]] = np.frombuffer("".join(values).encode("utf-32-le"), np.int32)
    return np.ascontiguousarray(matrix.T)
