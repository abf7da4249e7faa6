"""Similarity of texts by the words they share, rare words counting more."""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.calls import call_repr
from identigraph.comparing.comparator import Grades, Similarities, grade_present, measure_present
from identigraph.comparing.cutoffs import ascending, check_shares, reached
from identigraph.comparing.spelling import Vocabulary
from identigraph.encoding import Encoded, encode, runs
from identigraph.fields.derived import Feature
from identigraph.pairs import Rows
from identigraph.records import Records
from identigraph.text.cutting import words

CHUNK = 100_000
"""Pairs whose words are held at a time."""


@attrs.frozen(eq=False)
class TokenIndex:
    """The distinct words of each distinct value, with weights of length one per value.

    Args:
        starts: shape (values + 1,): where the words of each value begin in `tokens`.
        tokens: word numbers, rising within a value.
        weights: idf of each word over the records, divided by the norm of its value.
    """

    starts: npt.NDArray[np.int64]
    tokens: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float64]

    @classmethod
    def of(cls, column: Encoded, vocabulary: Vocabulary | None = None) -> TokenIndex:
        """Return the words of a column, weighted by ``log(1 + records / records with the word)``.

        Args:
            column: texts.
            vocabulary: what words stand for and how many records have them; left out, as in the column.
        """
        known = vocabulary or Vocabulary.of(column)
        once = words(column.values).distinct()
        found = known.known(once.values)
        stands = encode(found.get_column("stands"))
        idf = np.zeros(len(stands.values))
        idf[stands.codes] = known.weights(found.get_column("records").to_numpy())
        once = attrs.evolve(once, item=stands.codes.astype(np.int64)[once.item]).distinct()
        weights = idf[once.item]
        norm = np.sqrt(np.bincount(once.text, weights=weights**2, minlength=once.texts))
        starts = np.append(0, np.cumsum(once.per_text()))
        return cls(starts, once.item, weights / norm[once.text])

    def cosine(self, a: Rows, b: Rows) -> npt.NDArray[np.float64]:
        """Return the cosine of the weighted word sets of each value pair, 0 to 1."""
        similarity = np.zeros(len(a))
        for low in range(0, len(a), CHUNK):
            high = low + CHUNK
            similarity[low:high] = self._cosine(a[low:high], b[low:high])
        return similarity

    def _cosine(self, a: Rows, b: Rows) -> npt.NDArray[np.float64]:
        pair_a, at_a = self._words(a)
        pair_b, at_b = self._words(b)
        width = int(self.tokens.max(initial=0)) + 1
        key_a, key_b = pair_a * width + self.tokens[at_a], pair_b * width + self.tokens[at_b]
        if len(key_a) == 0 or len(key_b) == 0:
            return np.zeros(len(a))
        place = np.minimum(np.searchsorted(key_b, key_a), len(key_b) - 1)
        shared = key_b[place] == key_a
        product = self.weights[at_a[shared]] * self.weights[at_b[place[shared]]]
        return np.bincount(pair_a[shared], weights=product, minlength=len(a)).astype(np.float64)

    def _words(self, codes: Rows) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return, for the words of all values named, the place of the value and the place of the word."""
        return runs(self.starts[codes], self.starts[codes + 1] - self.starts[codes])


def token_index(records: Records, feature: Feature, *, spelling: bool = False) -> TokenIndex:
    """Return the words of a feature; made once."""

    def make() -> TokenIndex:
        return TokenIndex.of(records.column(feature), vocabulary_of(records, feature, spelling=spelling))

    return records.remember(("tokens", feature, spelling), make)


def vocabulary_of(records: Records, feature: Feature, *, spelling: bool = False) -> Vocabulary:
    """Return what the words of a feature stand for, and how many records of the population have each."""
    known = ("words", feature, spelling)
    return records.fact(known, lambda: Vocabulary.of(records.column(feature), spelling=spelling))


@attrs.frozen
class TokenCosine:
    """Cosine of TF-IDF weighted word sets at or above each of the cutoffs, 0 to 1.

    Words count once per value and weigh ``log(1 + n / n_word)``; the order of words means nothing
    (Salton and Buckley 1988).

    Args:
        feature: what is compared.
        cutoffs: one grade each.
        spelling: take rare words for frequent ones that are one typo away; see `identigraph.comparing.spelling`.
    """

    feature: Feature
    cutoffs: tuple[float, ...] = attrs.field(converter=ascending, validator=check_shares)
    spelling: bool = False

    __repr__ = call_repr

    @property
    def labels(self) -> tuple[str, ...]:
        """One per cutoff."""
        return tuple(f"words, {cutoff:.2g}" for cutoff in self.cutoffs)

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return how many cutoffs each pair reaches."""
        index = token_index(records, self.feature, spelling=self.spelling)
        column = records.column(self.feature)
        return grade_present(column, left, right, lambda a, b: reached(index.cosine(a, b), self.cutoffs))

    def similarity(self, records: Records, left: Rows, right: Rows) -> Similarities:
        """Return the cosine of each pair, NaN where a value is missing."""
        index = token_index(records, self.feature, spelling=self.spelling)
        return measure_present(records.column(self.feature), left, right, index.cosine)
