"""What rows of texts hold, and where: told by comparators while they are turned into functions of two rows."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Protocol, TypeAlias, TypeVar

import attrs
from rapidfuzz.distance import JaroWinkler

from identigraph.comparing.comparator import Comparator, Grader
from identigraph.fields.derived import Feature
from identigraph.records import Records

T = TypeVar("T")

Row: TypeAlias = Sequence[str | None]
"""The texts of one record, None where there is none."""
Grade: TypeAlias = Callable[[Row, Row], int]
"""The grade, or the level, of two rows."""

KEPT = 2**15
"""Values, or pairs of values, of which a function keeps what it found; the least recently used are forgotten."""


@attrs.frozen
class Given:
    """A column as it is given, where the feature of that name would be normalized.

    Args:
        column: its name.
    """

    column: str


class Way(Protocol):
    """How a grader or comparator of one type is turned into a function of two rows."""

    def __call__(self, each: Any, plan: Plan, /) -> Grade | None:
        """Return the function; None where there is none, for these arguments."""
        ...


@attrs.frozen(eq=False, repr=False)
class Plan:
    """What comparators ask of rows, and of the population.

    Args:
        records: tell what is known of the population; see `Records.fact`.
        ways: how comparators and graders are turned into functions of two rows, by type.
        by_table: the function of all others.
        places: where each feature, or column as given, stands in a row.

    Examples:
        >>> plan = Plan(Records.of({"city": ["Bern"]}), {}, lambda each, plan: None)
        >>> plan.place("city"), plan.place(Given("price")), plan.place("city")
        (0, 1, 0)
    """

    records: Records
    ways: Mapping[type, Way]
    by_table: Callable[[Comparator | Grader, Plan], Grade]
    places: dict[Feature | Given, int] = attrs.field(factory=dict)
    _made: dict[Hashable, Any] = attrs.field(factory=dict, init=False)

    def place(self, held: Feature | Given) -> int:
        """Return where a feature, or a column as given, stands in a row."""
        return self.places.setdefault(held, len(self.places))

    def grade(self, each: Comparator | Grader) -> Grade:
        """Return the function of two rows that a comparator or grader is."""
        way = self.ways.get(type(each))
        found = None if way is None else way(each, self)
        return self.by_table(each, self) if found is None else found

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` makes, made once per `key`, so that graders share it."""
        if key not in self._made:
            self._made[key] = make()
        made: T = self._made[key]
        return made


def winkler(plan: Plan) -> Callable[[str, str], float]:
    """Return the Jaro-Winkler similarity of two texts, shared by all that ask for it: several graders ask in turn."""
    return plan.once("jaro winkler", lambda: kept(JaroWinkler.similarity))


def kept(function: Callable[..., T]) -> Callable[..., T]:
    """Return a function of texts that keeps what it found; safe in many threads.

    Examples:
        >>> kept(str.upper)("ann")
        'ANN'
    """
    return lru_cache(KEPT)(function)
