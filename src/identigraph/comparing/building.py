"""Comparators as one writes them by hand: a verb, a feature, its cutoffs."""

from __future__ import annotations

from identigraph.comparing.comparator import Graded
from identigraph.comparing.graders import JaroWinkler, Same, Typos
from identigraph.comparing.quantities import NearDate, NearNumber
from identigraph.comparing.tokens import TokenCosine
from identigraph.fields.derived import Feature


def _name(feature: Feature) -> str:
    return feature if isinstance(feature, str) else repr(feature)


def exact(feature: Feature, *, frequency: bool = True) -> Graded:
    """Return the comparator that asks for equality.

    Args:
        feature: what is compared.
        frequency: weigh equality by how common the value is.

    Examples:
        >>> exact("loyalty_number", frequency=False).labels
        ('differs', 'equal')
    """
    return Graded(_name(feature), feature, frequency=frequency)


def similar(feature: Feature, *cutoffs: float, frequency: bool = True) -> Graded:
    """Return the comparator of Jaro-Winkler similarity, one level per cutoff (0 to 1; left out: 0.8 and 0.92).

    Raises:
        RangeError: a cutoff lies outside 0 to 1.

    Examples:
        >>> similar("surname", 0.9, frequency=False).labels
        ('differs', 'similar, 0.9', 'equal')
    """
    grader = JaroWinkler(feature, cutoffs or (0.8, 0.92))
    return Graded(_name(feature), feature, (grader,), frequency=frequency)


def typos(feature: Feature, most: int = 2, *, frequency: bool = True) -> Graded:
    """Return the comparator that counts typos, one level per number of them up to `most`.

    Raises:
        RangeError: `most` is below 1 or above 20.

    Examples:
        >>> typos("postcode", 1, frequency=False).labels
        ('differs', '1 typo', 'equal')
    """
    return Graded(_name(feature), feature, (Typos(feature, most),), frequency=frequency)


def text(feature: Feature, *cutoffs: float, frequency: bool = True) -> Graded:
    """Return the comparator of shared words, rare ones counting more (left out: cosine .3, .5, .7 and .85).

    Raises:
        RangeError: a cutoff lies outside 0 to 1.

    Examples:
        >>> text("title", 0.5, frequency=False).labels
        ('differs', 'words, 0.5', 'equal')
    """
    grader = TokenCosine(feature, cutoffs or (0.3, 0.5, 0.7, 0.85))
    return Graded(_name(feature), feature, (grader,), frequency=frequency)


def date(feature: Feature, *, frequency: bool = True) -> Graded:
    """Return the comparator of dates: equal, one digit wrong or swapped, two parts equal, near where partial.

    Examples:
        >>> date("birth_date", frequency=False).labels[0]
        'differs'
    """
    return Graded(_name(feature), feature, (NearDate(feature),), frequency=frequency)


def number(feature: Feature, *, relative: tuple[float, ...] = (0.1, 0.01), absolute: tuple[float, ...] = ()) -> Graded:
    """Return the comparator of numbers: equal, or within a share of the larger, or within an amount.

    Raises:
        RangeError: a share lies outside 0 to 1.

    Examples:
        >>> number("price", relative=(0.05,)).labels[:2]
        ('differs', 'within 0.05 of it')
    """
    return Graded(_name(feature), feature, (NearNumber(feature, relative, absolute),))


def email(field: str, *, frequency: bool = True) -> Graded:
    """Return the comparator of an e-mail field: equal, up to two typos, same or similar local part.

    Examples:
        >>> email("mail", frequency=False).labels[-2:]
        ('1 typo', 'equal')
    """
    local = f"{field}.local"
    graders = (Typos(field, 2), Same(local, "same local part"), JaroWinkler(local, (0.85,)))
    return Graded(field, field, graders, frequency=frequency)


def phone(field: str, *, frequency: bool = True) -> Graded:
    """Return the comparator of a phone field: equal, one typo, last digits equal.

    Examples:
        >>> phone("tel", frequency=False).labels
        ('differs', 'last digits equal', '1 typo', 'equal')
    """
    return Graded(field, field, (Typos(field, 1), Same(f"{field}.tail", "last digits equal")), frequency=frequency)
