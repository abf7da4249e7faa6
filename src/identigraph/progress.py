"""Progress of long work: nothing, tqdm bars, or the caller's own function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, Self, TypeAlias

from tqdm.auto import tqdm

Progress: TypeAlias = "bool | Callable[[str, int, int | None], None] | None"
"""``None`` or ``False``: silent. ``True``: a tqdm bar per stage. A function: called with (stage, done, total)."""


class Bar(Protocol):
    """What a stage reports its progress to."""

    def update(self, amount: int) -> None:
        """Say that `amount` more is done."""
        ...

    def __enter__(self) -> Self:
        """Start."""
        ...

    def __exit__(self, *error: object) -> None:
        """End."""
        ...


class _Silent:
    """A bar that shows nothing."""

    def update(self, amount: int) -> None:
        """Take the amount and do nothing with it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """End without a trace."""


class _Calling(_Silent):
    """A bar that calls the caller's function."""

    def __init__(self, call: Callable[[str, int, int | None], None], stage: str, total: int | None) -> None:
        self.call, self.stage, self.total, self.done = call, stage, total, 0

    def update(self, amount: int) -> None:
        """Call the function with what is done so far."""
        self.done += amount
        self.call(self.stage, self.done, self.total)


def bar(progress: Progress, stage: str, total: int | None = None) -> Bar:
    """Return the bar that `progress` asks for.

    Examples:
        >>> seen = []
        >>> with bar(lambda stage, done, total: seen.append((stage, done, total)), "compare", 10) as b:
        ...     b.update(4)
        ...     b.update(6)
        >>> seen
        [('compare', 4, 10), ('compare', 10, 10)]
    """
    if callable(progress):
        return _Calling(progress, stage, total)
    if progress:
        shown: Any = tqdm(total=total, desc=stage, unit_scale=True, leave=False)
        return shown  # type: ignore[no-any-return]
    return _Silent()
