"""What the bits of an agreement pattern mean: which comparators, and what their levels say.

A layout is plain data, so that a trained matcher can keep it and read patterns without any comparator.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.errors import ColumnNotFoundError, ConfigurationError

Packed = npt.NDArray[np.int64]
Levels = npt.NDArray[np.int8]

MISSING = "missing"
"""What level -1 says."""


@attrs.frozen
class Layout:
    """The names of comparators, and what their levels 0, 1, ... say.

    Args:
        names: the comparators, in order.
        labels: the levels of each.

    Examples:
        >>> layout = Layout(("surname", "city"), (("differs", "similar", "equal"), ("differs", "equal")))
        >>> layout.shifts, layout.bits
        ((0, 2), 4)
        >>> packed = layout.pack([[2, -1]])
        >>> layout.levels(packed).tolist(), layout.pattern(packed[0])
        ([[2, -1]], <Pattern: surname equal, city missing>)
    """

    names: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """How many bits each comparator takes: its levels, and one value for missing."""
        return tuple(len(labels).bit_length() for labels in self.labels)

    @cached_property
    def shifts(self) -> tuple[int, ...]:
        """Where the bit field of each comparator begins."""
        ends: list[int] = np.cumsum([0, *self.widths]).tolist()
        return tuple(ends[:-1])

    @property
    def bits(self) -> int:
        """How many bits a pattern has."""
        return sum(self.widths)

    def place(self, name: str) -> int:
        """Return which comparator goes by a name.

        Raises:
            ColumnNotFoundError: none does; the message names the closest.
        """
        if name not in self.names:
            raise ColumnNotFoundError(name, self.names, what="comparator")
        return self.names.index(name)

    def level(self, name: str, label: str) -> int:
        """Return the lowest level of a comparator that says `label`, or begins so up to a comma; missing is -1.

        Raises:
            ColumnNotFoundError: there is no such comparator, or no such level.

        Examples:
            >>> Layout(("city",), (("differs", "equal, common", "equal"),)).level("city", "equal")
            1
        """
        labels = self.labels[self.place(name)]
        if label == MISSING:
            return -1
        saying = [level for level, said in enumerate(labels) if said == label or said.startswith(f"{label},")]
        if not saying:
            raise ColumnNotFoundError(label, (*labels, MISSING), what="level", where=f" of comparator {name!r}")
        return saying[0]

    def levels(self, packed: Packed) -> Levels:
        """Return the levels that packed patterns stand for, shape (patterns, comparators); -1 is missing."""
        unpacked = np.empty((len(packed), len(self.names)), dtype=np.int8)
        for i, (width, shift) in enumerate(zip(self.widths, self.shifts, strict=True)):
            unpacked[:, i] = ((packed >> shift) & ((1 << width) - 1)) - 1
        return unpacked

    def pack(self, levels: Sequence[Sequence[int]] | npt.NDArray[np.integer]) -> Packed:
        """Return the packed patterns of levels, shape (patterns, comparators)."""
        fields = np.asarray(levels, dtype=np.int64).reshape(-1, len(self.names)) + 1
        return np.asarray((fields << np.array(self.shifts, dtype=np.int64)).sum(axis=1), dtype=np.int64)

    def pattern(self, packed: int) -> Pattern:
        """Return one packed pattern, readable."""
        return Pattern(self, int(packed))

    def equal_from(self, place: int) -> int:
        """Return the lowest level of a comparator that says that values are equal, the highest where none does.

        Examples:
            >>> Layout(("city",), (("differs", "1 typo", "equal, common", "equal"),)).equal_from(0)
            2
        """
        labels = self.labels[place]
        return next((level for level, label in enumerate(labels) if label.split(",")[0] == "equal"), len(labels) - 1)

    def without(self, packed: Packed, name: str) -> Packed:
        """Return patterns as if one comparator were missing.

        Raises:
            ColumnNotFoundError: there is no comparator of that name.

        Examples:
            >>> layout = Layout(("a", "b"), (("differs", "equal"), ("differs", "equal")))
            >>> layout.levels(layout.without(layout.pack([[1, 0], [0, 1]]), "a")).tolist()
            [[-1, 0], [-1, 1]]
        """
        place = self.place(name)
        return packed & ~np.int64(((1 << self.widths[place]) - 1) << self.shifts[place])

    def check(self, other: Layout, what: str) -> None:
        """Check that patterns of `other` can be read by this layout, that of `what`.

        Raises:
            ConfigurationError: they cannot.
        """
        if self != other:
            got = f"it was fitted to {', '.join(self.names)}, and got {', '.join(other.names)}"
            raise ConfigurationError(f"{what}'s comparators must be the same, level by level: {got}; fit it again")


@attrs.frozen(repr=False)
class Pattern:
    """The agreement pattern of one pair.

    Args:
        layout: what its bits mean.
        packed: the bits.
    """

    layout: Layout
    packed: int

    @property
    def levels(self) -> dict[str, int]:
        """The level of each comparator, -1 missing."""
        return dict(zip(self.layout.names, self.layout.levels(np.array([self.packed]))[0].tolist(), strict=True))

    @property
    def labels(self) -> dict[str, str]:
        """What the level of each comparator says."""
        said = zip(self.layout.names, self.layout.labels, self.levels.values(), strict=True)
        return {name: MISSING if level < 0 else labels[level] for name, labels, level in said}

    def __repr__(self) -> str:
        """Return what each comparator says."""
        return f"<Pattern: {', '.join(f'{name} {label}' for name, label in self.labels.items())}>"
