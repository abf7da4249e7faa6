"""Graders: the ways in which two values may agree without being equal.

Each is a value that names the features it reads, and grades pairs of row numbers: 0 for no, then rising.
"""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.calls import call_repr
from identigraph.comparing.comparator import Grades, Similarities, grade_present, measure_present
from identigraph.comparing.cutoffs import TOLERANCE, ascending, check_shares, reached
from identigraph.comparing.strings import Strings
from identigraph.encoding import Codes, Encoded, encode, take
from identigraph.errors import RangeError
from identigraph.fields.derived import Feature
from identigraph.fields.nicknames import nickname_pairs
from identigraph.pairs import Rows
from identigraph.records import Records

MOST_TYPOS = 20


def strings_of(records: Records, feature: Feature) -> Strings:
    """Return the distinct values of a feature, ready to be compared; made once."""
    return records.remember(("strings", feature), lambda: Strings.of(records.column(feature)))


@attrs.frozen
class JaroWinkler:
    """Jaro-Winkler similarity at or above each of the cutoffs, 0 to 1.

    The similarity of Winkler (1990), with a prefix weight of 0.1 for up to four equal first characters.
    """

    feature: Feature
    cutoffs: tuple[float, ...] = attrs.field(converter=ascending, validator=check_shares)

    __repr__ = call_repr

    @property
    def labels(self) -> tuple[str, ...]:
        """One per cutoff."""
        return tuple(f"similar, {cutoff:.2g}" for cutoff in self.cutoffs)

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return how many cutoffs each pair reaches."""
        strings = strings_of(records, self.feature)
        lowest = max(min(self.cutoffs, default=1.0) - TOLERANCE, 0.0)

        def grade(a: Codes, b: Codes) -> Grades:
            return reached(strings.jaro_winkler(a, b, lowest), self.cutoffs)

        return grade_present(records.column(self.feature), left, right, grade)

    def similarity(self, records: Records, left: Rows, right: Rows) -> Similarities:
        """Return the Jaro-Winkler similarity of each pair, NaN where a value is missing."""
        strings = strings_of(records, self.feature)
        return measure_present(records.column(self.feature), left, right, strings.jaro_winkler_of_all)


def _check_most(instance: object, attribute: attrs.Attribute[int], value: int) -> None:
    del instance
    if not 1 <= value <= MOST_TYPOS:
        raise RangeError(attribute.name, value, 1, MOST_TYPOS)


def _check_least(instance: object, attribute: attrs.Attribute[int], value: int) -> None:
    del instance
    if value < 1:
        raise RangeError(attribute.name, value, 1, float("inf"))


@attrs.frozen
class Typos:
    """At most so many typos: insertions, deletions, replacements, swaps of neighbors (optimal string alignment).

    Raises:
        RangeError: `most` is below 1 or above 20.
    """

    feature: Feature
    most: int = attrs.field(default=1, validator=_check_most)

    __repr__ = call_repr

    @property
    def labels(self) -> tuple[str, ...]:
        """From the most typos to one."""
        return tuple(f"{n} typo{'s'[: n != 1]}" for n in range(self.most, 0, -1))

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return ``most + 1`` less the number of typos; equal values are graded as those with one typo."""
        strings = strings_of(records, self.feature)
        column = records.column(self.feature)
        return grade_present(
            column, left, right, lambda a, b: self.most + 1 - np.maximum(strings.osa(a, b, self.most), 1)
        )

    def similarity(self, records: Records, left: Rows, right: Rows) -> Similarities:
        """Return one less the typos as a share of the longer value, NaN where a value is missing."""
        strings = strings_of(records, self.feature)

        def similarity(a: Codes, b: Codes) -> npt.NDArray[np.floating]:
            longer = np.maximum(strings.length[a], strings.length[b])
            return 1 - strings.osa(a, b, int(longer.max(initial=0))) / longer

        return measure_present(records.column(self.feature), left, right, similarity)


@attrs.frozen
class Same:
    """Another feature is equal on both sides."""

    feature: Feature
    label: str

    __repr__ = call_repr

    @property
    def labels(self) -> tuple[str, ...]:
        """The one label."""
        return (self.label,)

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return 1 where both have the same value."""
        return grade_present(records.column(self.feature), left, right, np.equal)


@attrs.frozen
class Different:
    """Another feature is present on both sides and differs; for conflicts."""

    feature: Feature
    label: str

    __repr__ = call_repr

    @property
    def labels(self) -> tuple[str, ...]:
        """The one label."""
        return (self.label,)

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return 1 where both have a value and not the same."""
        return grade_present(records.column(self.feature), left, right, np.not_equal)


def aligned_codes(column: Encoded, other: Encoded) -> Rows:
    """Return the codes of `column` into the values of `other`; -2 where `other` lacks the value, -1 where missing.

    Examples:
        >>> import polars as pl
        >>> from identigraph.encoding import encode
        >>> aligned_codes(encode(pl.Series(["b", "c", None])), encode(pl.Series(["a", "b"]))).tolist()
        [1, -2, -1]
    """
    if len(other.values) == 0 or len(column.values) == 0:
        return np.where(column.codes < 0, np.int32(-1), np.int32(-2))
    place = other.values.search_sorted(column.values).to_numpy().astype(np.int64)
    place = np.minimum(place, len(other.values) - 1)
    found = (other.values.gather(place) == column.values).to_numpy()
    translated = np.where(found, place, -2).astype(np.int32)
    return np.append(translated, np.int32(-1))[column.codes]


@attrs.frozen
class Nickname:
    """One given name is a nickname of the other, or both are of a third."""

    feature: Feature

    __repr__ = call_repr

    @property
    def labels(self) -> tuple[str, ...]:
        """The one label."""
        return ("nickname",)

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return 1 where the names are related."""
        column = records.column(self.feature)
        known = records.remember(("nicknames", self.feature), lambda: nickname_codes(column))

        def grade(a: Codes, b: Codes) -> npt.NDArray[np.bool_]:
            return contains(known, (np.minimum(a, b).astype(np.int64) << 32) | np.maximum(a, b))

        return grade_present(column, left, right, grade)


def nickname_codes(column: Encoded) -> npt.NDArray[np.int64]:
    """Return the pairs of distinct values that are nicknames, as sorted ``smaller << 32 | larger``."""
    place = {value: code for code, value in enumerate(column.values.to_list())}
    related = [(place[a], place[b]) for a, b in nickname_pairs() if a in place and b in place]
    codes = np.array(related, dtype=np.int64).reshape(-1, 2)
    return np.sort((codes.min(axis=1) << 32) | codes.max(axis=1))


def contains(sorted_codes: npt.NDArray[np.int64], wanted: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Tell for each wanted code whether the sorted array has it.

    Examples:
        >>> contains(np.array([2, 5]), np.array([5, 3])).tolist()
        [True, False]
    """
    if len(sorted_codes) == 0:
        return np.zeros(len(wanted), dtype=bool)
    place = np.minimum(np.searchsorted(sorted_codes, wanted), len(sorted_codes) - 1)
    found: npt.NDArray[np.bool_] = sorted_codes[place] == wanted
    return found


@attrs.frozen
class Abbreviated:
    """One value is the first letter of the other, or its beginning: two letters or more."""

    feature: Feature

    __repr__ = call_repr

    @property
    def labels(self) -> tuple[str, ...]:
        """An initial says less than a beginning."""
        return ("initial", "beginning")

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return 1 where one value is the initial of the other, 2 where it is a longer beginning."""
        strings = strings_of(records, self.feature)
        return grade_present(records.column(self.feature), left, right, lambda a, b: _abbreviates(strings, a, b))


def _abbreviates(strings: Strings, a: Codes, b: Codes) -> Grades:
    length_a, length_b = strings.length[a], strings.length[b]
    shorter = np.minimum(length_a, length_b)
    begins = (length_a != length_b) & (strings.common_start(a, b) >= np.minimum(shorter, 4))
    at = np.flatnonzero(begins)
    values = zip(strings.values[a[at]], strings.values[b[at]], strict=True)
    begins[at] = [x.startswith(y) or y.startswith(x) for x, y in values]
    grades: Grades = begins * np.where(shorter > 1, np.int8(2), np.int8(1))
    return grades


@attrs.frozen
class Contained:
    """One value stands inside the other: a phone number with its extension, or with another number behind it.

    Args:
        feature: what is compared.
        least: characters that the shorter value has at the least; above 0.

    Raises:
        RangeError: `least` is below 1.
    """

    feature: Feature
    least: int = attrs.field(default=7, validator=_check_least)

    __repr__ = call_repr

    @property
    def labels(self) -> tuple[str, ...]:
        """The one label."""
        return ("contained",)

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return 1 where one value is a part of the other, and shorter."""
        strings = strings_of(records, self.feature)

        def grade(a: Codes, b: Codes) -> npt.NDArray[np.bool_]:
            shorter = np.minimum(strings.length[a], strings.length[b])
            inside = (strings.length[a] != strings.length[b]) & (shorter >= self.least)
            at = np.flatnonzero(inside & (strings.common_at_most(a, b) >= shorter))
            values = zip(strings.values[a[at]], strings.values[b[at]], strict=True)
            found = np.zeros(len(a), dtype=bool)
            found[at] = [x in y or y in x for x, y in values]
            return found

        return grade_present(records.column(self.feature), left, right, grade)


@attrs.frozen
class Acronym:
    """One value is the acronym of the other: ``ibm`` and ``international business machines``.

    Args:
        feature: the names; spaces and points in an acronym mean nothing, as of ``i b m``.
        initials: the feature of their acronyms, missing where a name has no acronym.
    """

    feature: Feature
    initials: Feature

    __repr__ = call_repr

    @property
    def features(self) -> tuple[Feature, ...]:
        """Names and acronyms."""
        return (self.feature, self.initials)

    @property
    def labels(self) -> tuple[str, ...]:
        """The one label."""
        return ("acronym",)

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return 1 where either name, as one word, is the acronym of the other."""
        joined, initials = records.remember(("acronym", self.feature, self.initials), lambda: self._aligned(records))
        there = (initials[left] == joined[right]) & (initials[left] >= 0)
        back = (initials[right] == joined[left]) & (initials[right] >= 0)
        grades: Grades = (there | back).astype(np.int8)
        return grades

    def _aligned(self, records: Records) -> tuple[Rows, Rows]:
        """Return codes of the names without spaces, and those of their acronyms, into the values of the latter."""
        names, initials = records.column(self.feature), records.column(self.initials)
        joined = encode(take(names.values.str.replace_all(" ", "", literal=True), names.codes))
        return aligned_codes(joined, initials), initials.codes


@attrs.frozen
class SharedWord:
    """Both values have a word of three letters or more in common: ``smith`` and ``smith jones``."""

    feature: Feature

    __repr__ = call_repr

    @property
    def labels(self) -> tuple[str, ...]:
        """The one label."""
        return ("shared word",)

    def grades(self, records: Records, left: Rows, right: Rows) -> Grades:
        """Return 1 where at least one value has several words and a word is shared."""
        column = records.column(self.feature)
        several = records.remember(("several", self.feature), lambda: _several_words(column))
        values = strings_of(records, self.feature).values

        def grade(a: Codes, b: Codes) -> npt.NDArray[np.bool_]:
            shared = several[a] | several[b]
            at = np.flatnonzero(shared)
            shared[at] = [share_a_word(x, y) for x, y in zip(values[a[at]], values[b[at]], strict=True)]
            return shared

        return grade_present(column, left, right, grade)


def _several_words(column: Encoded) -> npt.NDArray[np.bool_]:
    several: npt.NDArray[np.bool_] = column.values.str.contains(" ", literal=True).to_numpy()
    return several


def share_a_word(one: str, other: str) -> bool:
    """Tell whether two texts have a word of three letters or more in common.

    Examples:
        >>> share_a_word("smith jones", "jones"), share_a_word("de smith", "de jones")
        (True, False)
    """
    return any(len(word) > 2 for word in set(one.split()) & set(other.split()))
