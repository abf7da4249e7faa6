"""Conditions on agreement patterns, as one writes them by hand: ``when(email="equal", surname=">= similar, 0.8")``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs
import numpy as np

from identigraph.comparing.layout import MISSING, Layout, Packed
from identigraph.errors import ConfigurationError
from identigraph.pairs import Mask

PRESENT, AT_LEAST, AT_MOST, OR = "present", ">=", "<=", "|"


def _as_asked(asked: Mapping[str, str] | Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    pairs = tuple(asked.items()) if isinstance(asked, Mapping) else tuple(asked)
    for name, wanted in pairs:
        if not isinstance(name, str) or not isinstance(wanted, str) or not wanted.strip():
            raise ConfigurationError(
                f"a condition is a comparator and what it says, such as when(email='equal'); got "
                f"{type(wanted).__name__} for {name!r}"
            )
    return tuple((name, wanted.strip()) for name, wanted in pairs)


@attrs.frozen(repr=False)
class When:
    """A condition on patterns: each comparator named says what is asked. Made by `when`.

    Args:
        asked: comparator and what it must say, all of them.
    """

    asked: tuple[tuple[str, str], ...] = attrs.field(converter=_as_asked)

    def holds(self, layout: Layout, packed: Packed) -> Mask:
        """Tell for each packed pattern whether the condition holds.

        Raises:
            ColumnNotFoundError: it names a comparator or a level that the patterns do not have.
        """
        held = np.ones(len(packed), dtype=bool)
        for name, wanted in self.asked:
            place = layout.place(name)
            width, shift = layout.widths[place], layout.shifts[place]
            allowed = np.zeros(1 << width, dtype=bool)
            allowed[[level + 1 for level in levels_meant(layout, name, wanted)]] = True
            held &= allowed[(packed >> shift) & ((1 << width) - 1)]
        return held

    def check(self, layout: Layout) -> None:
        """Check that every comparator and level is there.

        Raises:
            ColumnNotFoundError: one is not; the message names the closest.
        """
        self.holds(layout, np.zeros(0, dtype=np.int64))

    def __repr__(self) -> str:
        """Return the call that makes it."""
        if all(name.isidentifier() for name, _ in self.asked):
            return f"when({', '.join(f'{name}={wanted!r}' for name, wanted in self.asked)})"
        return f"when({dict(self.asked)!r})"


def when(conditions: Mapping[str, str] | None = None, /, **named: str) -> When:
    """Return the condition that holds where every comparator named says what is asked.

    What is asked of a comparator is one of its labels, or how a label begins up to a comma: ``"equal"`` is meant for
    *equal, rare* as well. Besides: ``"missing"``, ``"present"``; ``">= similar, 0.8"`` for that level and all above,
    ``"<= similar, 0.8"`` for that level and those below, missing left out; and ``"equal | missing"`` for either.

    Args:
        conditions: comparator to what it must say, for names that are no Python names (``"name.given"``).
        named: the same by keyword.

    Raises:
        ConfigurationError: nothing is asked, or something that is no text.

    Examples:
        >>> when(email="equal", surname=">= similar, 0.8")
        when(email='equal', surname='>= similar, 0.8')
        >>> layout = Layout(("surname",), (("differs", "similar, 0.8", "equal, rare"),))
        >>> when(surname="equal | missing").holds(layout, layout.pack([[-1], [0], [1], [2]])).tolist()
        [True, False, False, True]
    """
    asked = {**(conditions or {}), **named}
    if not asked:
        raise ConfigurationError("a condition asks for something; name a comparator, such as when(email='equal')")
    return When(asked)


def levels_meant(layout: Layout, name: str, wanted: str) -> list[int]:
    """Return the levels of a comparator that `wanted` means, -1 for missing.

    Raises:
        ColumnNotFoundError: there is no such comparator or level.

    Examples:
        >>> layout = Layout(("surname",), (("differs", "similar, 0.8", "similar, 0.92", "equal"),))
        >>> levels_meant(layout, "surname", "similar"), levels_meant(layout, "surname", ">= similar, 0.92")
        ([1, 2], [2, 3])
    """
    if OR in wanted:
        return sorted({level for part in wanted.split(OR) for level in levels_meant(layout, name, part.strip())})
    top = len(layout.labels[layout.place(name)])
    if wanted == PRESENT:
        return list(range(top))
    for sign in (AT_LEAST, AT_MOST):
        if wanted.startswith(sign):
            bounds = levels_meant(layout, name, wanted.removeprefix(sign).strip())
            return list(range(min(bounds), top)) if sign == AT_LEAST else list(range(max(bounds) + 1))
    if wanted == MISSING:
        return [-1]
    layout.level(name, wanted)
    labels = layout.labels[layout.place(name)]
    return [level for level, label in enumerate(labels) if label == wanted or label.startswith(f"{wanted},")]
