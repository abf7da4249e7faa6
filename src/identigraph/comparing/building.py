"""Comparators as one writes them by hand: a verb, a feature, its cutoffs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from identigraph.comparing.categories import CloseCategory
from identigraph.comparing.comparator import Graded, Measured
from identigraph.comparing.embeddings import NearVector
from identigraph.comparing.frequencies import Frequencies
from identigraph.comparing.graders import JaroWinkler, Typos
from identigraph.comparing.lists import Coefficient, SharedElements
from identigraph.comparing.measures import Measure, each_pair
from identigraph.comparing.measures.sounds import Code
from identigraph.comparing.places import NearPlace
from identigraph.comparing.quantities import NearDate, NearNumber
from identigraph.comparing.sounds import SameSound
from identigraph.comparing.texts import TextMeasure
from identigraph.comparing.tokens import TokenCosine
from identigraph.fields import Date, Number
from identigraph.fields.derived import Feature
from identigraph.fields.derived import year as year_of
from identigraph.records.vectors import as_vectors


def name_of(feature: Feature) -> str:
    """Return what a comparator of a feature is called."""
    return feature if isinstance(feature, str) else repr(feature)


def exact(feature: Feature, *, frequency: bool | Frequencies = True) -> Graded:
    """Return the comparator that asks for equality.

    Args:
        feature: what is compared.
        frequency: weigh equality by how common the value is, among the records or by a table.

    Examples:
        >>> exact("loyalty_number", frequency=False).labels
        ('differs', 'equal')
        >>> exact("loyalty_number").compare("A-17", "a 17").similarity
        1.0
    """
    return Graded(name_of(feature), feature, frequency=frequency)


def similar(feature: Feature, *cutoffs: float, frequency: bool | Frequencies = True) -> Graded:
    """Return the comparator of Jaro-Winkler similarity, one level per cutoff (0 to 1; left out: 0.8 and 0.92).

    Raises:
        RangeError: a cutoff lies outside 0 to 1.

    Examples:
        >>> similar("surname", 0.9, frequency=False).labels
        ('differs', 'similar, 0.9', 'equal')
    """
    grader = JaroWinkler(feature, cutoffs or (0.8, 0.92))
    return Graded(name_of(feature), feature, (grader,), frequency=frequency)


def typos(feature: Feature, most: int = 2, *, frequency: bool | Frequencies = True) -> Graded:
    """Return the comparator that counts typos, one level per number of them up to `most`.

    Raises:
        RangeError: `most` is below 1 or above 20.

    Examples:
        >>> typos("postcode", 1, frequency=False).labels
        ('differs', '1 typo', 'equal')
    """
    return Graded(name_of(feature), feature, (Typos(feature, most),), frequency=frequency)


def text(feature: Feature, *cutoffs: float, frequency: bool | Frequencies = True, spelling: bool = False) -> Graded:
    """Return the comparator of shared words, rare ones counting more (left out: cosine .3, .5, .7 and .85).

    Args:
        feature: what is compared.
        cutoffs: 0 to 1.
        frequency: weigh equality by how common the value is, among the records or by a table.
        spelling: take rare words for frequent ones that are one typo away.

    Raises:
        RangeError: a cutoff lies outside 0 to 1.

    Examples:
        >>> text("title", 0.5, frequency=False).labels
        ('differs', 'words, 0.5', 'equal')
        >>> text("title", 0.5, spelling=True).compare("the silent garden", "the slient garden").label
        'words, 0.5'
    """
    grader = TokenCosine(feature, cutoffs or (0.3, 0.5, 0.7, 0.85), spelling)
    return Graded(name_of(feature), feature, (grader,), frequency=frequency)


def measured(
    feature: Feature, measure: Measure[Any], *cutoffs: float, frequency: bool | Frequencies = True, **options: Any
) -> Graded:
    """Return the comparator of any measure of `identigraph.comparing.measures`, one level per cutoff.

    Args:
        feature: what is compared.
        measure: a symmetric function of two columns of texts, 0 to 1; your own is made by ``measures.measure``.
        cutoffs: 0 to 1; left out: 0.7 and 0.85.
        frequency: weigh equality by how common the value is, among the records or by a table.
        options: what the measure is given by keyword.

    Raises:
        RangeError: a cutoff lies outside 0 to 1.

    Examples:
        >>> from identigraph.comparing import measures
        >>> titles = measured("title", measures.qgram_dice, 0.8, q=3)
        >>> titles.compare("grand hotel bern", "grand hotel berne").label
        'qgram dice, 0.8'
    """
    grader = TextMeasure(feature, measure, cutoffs or (0.7, 0.85), tuple(options.items()))
    return Graded(name_of(feature), feature, (grader,), frequency=frequency)


def scored_by(
    feature: Feature, function: Callable[[str, str], float], *cutoffs: float, frequency: bool | Frequencies = True
) -> Graded:
    """Return the comparator of your own function of two texts, one level per cutoff.

    Args:
        feature: what is compared.
        function: takes two normalized, unequal texts and returns a number from 0 to 1, or True or False; the order of
            the two must mean nothing. It is called once for each distinct pair of values, for levels, and once more for
            similarities.
        cutoffs: 0 to 1; left out: 0.7 and 0.85.
        frequency: weigh equality by how common the value is, among the records or by a table.

    Raises:
        RangeError: a cutoff lies outside 0 to 1.

    Examples:
        >>> def same_start(left, right):
        ...     return left[:2] == right[:2]
        >>> scored_by("sku", same_start, 1).compare("AB-1", "ab-2").label
        'same start, 1'
    """
    return measured(feature, each_pair(function), *cutoffs, frequency=frequency)


def sounds(feature: Feature, *codes: Code, frequency: bool | Frequencies = True) -> Graded:
    """Return the comparator of phonetic equality, one level per code, the first the highest (left out: Soundex).

    Raises:
        ConfigurationError: there is no such code; see `measures.same_sound`.

    Examples:
        >>> heard = sounds("surname", "double_metaphone", "soundex", frequency=False)
        >>> heard.labels
        ('differs', 'same soundex', 'same double metaphone', 'equal')
        >>> heard.compare("Schmidt", "Schmitt").label
        'same double metaphone'
    """
    graders = tuple(SameSound(feature, code) for code in codes or ("soundex",))
    return Graded(name_of(feature), feature, graders, frequency=frequency)


def date(feature: str, *, frequency: bool | Frequencies = True) -> Graded:
    """Return the comparator of dates: equal, day and month swapped, one slip, two parts equal, near, or partly equal.

    Examples:
        >>> date("birth_date", frequency=False).compare("1990-03-15", "15/03/1990").label
        'equal'
        >>> date("birth_date").compare("1990-03-15", "1990-03-18").label
        'one slip'
    """
    return Graded(feature, feature, (NearDate(feature),), frequency=frequency, fields={feature: Date()})


def year(feature: str, *within: float, frequency: bool | Frequencies = True) -> Graded:
    """Return the comparator of the years of dates, one level per number of years apart (left out: 1 and 3).

    Raises:
        RangeError: a number of years is below 0.

    Examples:
        >>> year("founded", 2).compare("1998", "2000-05-17").label
        'within 2'
    """
    read = year_of(feature)
    grader = NearNumber(read, absolute=within or (1, 3))
    return Graded(f"{feature} year", read, (grader,), frequency=frequency, fields={feature: Date()})


def age(feature: str, *within: float, frequency: bool | Frequencies = True) -> Graded:
    """Return the comparator of ages in years, one level per number of years apart (left out: 1 and 3).

    Raises:
        RangeError: a number of years is below 0.

    Examples:
        >>> age("age").compare(41, 42).label
        'within 1'
    """
    return number(feature, relative=(), absolute=within or (1, 3), frequency=frequency)


def number(
    feature: str,
    *,
    relative: tuple[float, ...] = (0.1, 0.01),
    absolute: tuple[float, ...] = (),
    frequency: bool | Frequencies = True,
) -> Graded:
    """Return the comparator of numbers: equal, or within a share of the larger, or within an amount.

    Raises:
        RangeError: a share lies outside 0 to 1, or an amount below 0.

    Examples:
        >>> number("price", relative=(0.05,)).labels[:2]
        ('differs', 'within 0.05 of it')
        >>> number("price").compare(100, "95").label
        'within 0.1 of it'
    """
    grader = NearNumber(feature, relative, absolute)
    return Graded(feature, feature, (grader,), frequency=frequency, fields={feature: Number()})


def distance(latitude: str, longitude: str, *kilometers: float) -> Measured:
    """Return the comparator of places, one level per distance as the crow flies (left out: .1, 1 and 10 km).

    A record has a place where both columns hold degrees in their range; others are missing, and a warning counts them.

    Raises:
        RangeError: a distance is not above 0.

    Examples:
        >>> places = distance("lat", "lon")
        >>> places.compare({"lat": 46.948, "lon": 7.447}, {"lat": 46.950, "lon": 7.440}).label
        'within 1 km'
    """
    return Measured(f"{latitude}, {longitude}", NearPlace(latitude, longitude, kilometers or (0.1, 1, 10)))


def shared(
    feature: Feature, *cutoffs: float, coefficient: Coefficient = "jaccard", separator: str | None = None
) -> Measured:
    """Return the comparator of sets and lists, one level per cutoff on what they share (left out: 0.01, 0.5 and 1).

    Args:
        feature: a column of lists, or of texts with a separator between elements.
        cutoffs: 0 to 1; a pair that shares nothing is level 0 whatever they are.
        coefficient: ``"jaccard"``, ``"dice"``, ``"overlap"``, or ``"any"`` for one level: an element is shared.
        separator: what stands between the elements of one text.

    Raises:
        RangeError: a cutoff lies outside 0 to 1.
        ConfigurationError: there is no such coefficient.

    Examples:
        >>> shared("tags").compare({"new", "vip"}, {"VIP"}).similarity
        0.5
        >>> shared("tags", coefficient="any", separator=";").compare("new; vip", "vip").label
        'shares any'
    """
    asked = (1.0,) if coefficient == "any" else cutoffs or (0.01, 0.5, 1.0)
    return Measured(name_of(feature), SharedElements(feature, coefficient, asked, separator))


def category(
    feature: Feature,
    table: Mapping[tuple[str, str], float] | Iterable[tuple[str, str, float]] = (),
    *cutoffs: float,
    frequency: bool | Frequencies = True,
) -> Graded:
    """Return the comparator of categories that a table calls similar, one level per cutoff (left out: 0.5).

    Args:
        feature: what is compared.
        table: similarity of two values, 0 to 1, by pair; pairs that are not in it have 0.
        cutoffs: 0 to 1.
        frequency: weigh equality by how common the value is, among the records or by a table.

    Raises:
        ConfigurationError: a pair has two similarities, or one outside 0 to 1.

    Examples:
        >>> marital = category("status", {("married", "divorced"): 0.6, ("single", "divorced"): 0.2})
        >>> [marital.compare("divorced", other).similarity for other in ("married", "single", "widowed")]
        [0.6, 0.2, 0.0]
    """
    grader = CloseCategory(feature, table, cutoffs or (0.5,))
    return Graded(name_of(feature), feature, (grader,), frequency=frequency)


def vectors(name: str, points: Any, *cutoffs: float) -> Measured:
    """Return the comparator of vectors that you bring, such as embeddings, by their cosine (left out: .7, .8 and .9).

    Two vectors, or two arrays of vectors, alone: `cosine`.

    Args:
        name: what the comparator is called.
        points: shape (rows, dimensions): one for each row of your table and in its order; NaN or zeros alone where a
            record has none.
        cutoffs: 0 to 1.

    Raises:
        UnsupportedInputError: they are no array of numbers with two dimensions.
        ConfigurationError: they hold infinite numbers.

    Examples:
        >>> from identigraph.pairs import Pairs
        >>> from identigraph.records import Records
        >>> records = Records.of({"title": ["red shoe", "crimson shoe"]})
        >>> meaning = vectors("meaning", [[0.9, 0.1], [0.8, 0.2]])
        >>> meaning.levels(records, Pairs.of([0], [1])).tolist()
        [3]
    """
    return Measured(name, NearVector(as_vectors(points), cutoffs or (0.7, 0.8, 0.9)))
