"""Comparators on two rows: equality and its bands, then graders, best first."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from identigraph.comparing.comparator import FREQUENCY_BANDS, SHARED_LABELS, Graded, Measured, counts_of
from identigraph.comparing.contacts import Carriers
from identigraph.comparing.frequencies import Frequencies
from identigraph.comparing.lists import SharedElements
from identigraph.comparing.mail_names import NameInMail
from identigraph.comparing.mail_rest import RestOfMail
from identigraph.comparing.places import NearPlace
from identigraph.comparing.singly.contacts import name_in_mail, rest_of_mail
from identigraph.comparing.singly.lists import shared_elements
from identigraph.comparing.singly.plan import Grade, Plan, Row, Way, kept
from identigraph.comparing.singly.quantities import near_place
from identigraph.records import Records


def graded(comparator: Graded, plan: Plan) -> Grade | None:
    """Return the level of two rows; None where what tells who shares a value is not of the library."""
    if not isinstance(comparator.shared_by, Carriers | None):
        return None
    level = _agreed(comparator, plan)
    if comparator.conflict is not None:
        level = _contradicted(level, plan.grade(comparator.conflict))
    return level if comparator.silent is None else _silenced(level, plan.grade(comparator.silent))


def _agreed(comparator: Graded, plan: Plan) -> Grade:
    """Return the level of two rows, whatever contradicts it or makes it silent."""
    place, equal = plan.place(comparator.feature), kept(_equal(comparator, plan.records))
    ladder = _ladder(comparator, plan)

    def level(left: Row, right: Row) -> int:
        one, other = left[place], right[place]
        if one is None or other is None:
            return -1
        if one == other:
            return equal(one)
        for below, grade in ladder:
            found = grade(left, right)
            if found:
                return below + found
        return 0

    return level


def _contradicted(level: Grade, conflict: Grade) -> Grade:
    def contradicted(left: Row, right: Row) -> int:
        found = level(left, right)
        return 0 if found > 0 and conflict(left, right) else found

    return contradicted


def _silenced(level: Grade, silent: Grade) -> Grade:
    return lambda left, right: -1 if silent(left, right) else level(left, right)


def _ladder(comparator: Graded, plan: Plan) -> tuple[tuple[int, Grade], ...]:
    """Return what grades unequal values, best first, each with the level below that of its first grade."""
    rungs, top = [], comparator.equal_from
    for grader in comparator.graders:
        top -= len(grader.labels)
        rungs.append((top - 1, plan.grade(grader)))
    return tuple(rungs)


def _equal(comparator: Graded, records: Records) -> Callable[[str], int]:
    """Return what tells the level of equality of a value."""
    band, lowest, shared_by = _band(comparator, records), comparator.equal_from, comparator.shared_by
    if not isinstance(shared_by, Carriers):
        return lambda value: lowest + band(value)
    told, personal = shared_by.told(records, comparator.feature).ready(), len(SHARED_LABELS)

    def level(value: str) -> int:
        shared = int(told.number(value))
        return lowest + (shared if shared < personal else personal + band(value))

    return level


def _band(comparator: Graded, records: Records) -> Callable[[str], int]:
    """Return what tells how uncommon a value is."""
    frequency = comparator.frequency
    if not frequency:
        return lambda _: 0
    shares = frequency if isinstance(frequency, Frequencies) else counts_of(records, comparator.feature).ready()

    def band(value: str) -> int:
        share = shares.share(value)
        return sum(above > share for above in FREQUENCY_BANDS)

    return band


def measured(comparator: Measured, plan: Plan) -> Grade | None:
    """Return the level of two rows; None where there is no way for the measure."""
    way = LEVELS.get(type(comparator.measure))
    return None if way is None else way(comparator.measure, plan)


LEVELS: Mapping[type, Way] = {
    NameInMail: name_in_mail,
    NearPlace: near_place,
    RestOfMail: rest_of_mail,
    SharedElements: shared_elements,
}
"""Measures of two rows: the level, -1 where there is nothing to measure."""
COMPARATORS: Mapping[type, Way] = {Graded: graded, Measured: measured}
