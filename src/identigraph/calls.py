"""Values shown as the call that makes them: what differs from the defaults, broken over lines where it is long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from textwrap import indent
from typing import Any

import attrs

WIDTH = 96
"""The longest call that stays on one line."""


def call_repr(value: Any) -> str:
    """Return the call that makes an attrs value; serves as its ``__repr__``.

    Arguments without a default stand in their place; the others are named, and left out where they are the default.

    Examples:
        >>> @attrs.frozen
        ... class Point:
        ...     x: int
        ...     y: int = 0
        ...     name: str = ""
        ...     __repr__ = call_repr
        >>> Point(1, name="a"), Point(2)
        (Point(1, name='a'), Point(2))
    """
    return f"{type(value).__name__}{enclosed('(', _arguments(value), ')')}"


def enclosed(opening: str, items: Iterable[str], closing: str) -> str:
    """Return items in brackets: on one line, or where that is too long each on a line of its own.

    Examples:
        >>> enclosed("(", ["1", "2"], ")")
        '(1, 2)'
        >>> print(enclosed("[", ["1" * 60, "2" * 60], "]"))
        [
            111111111111111111111111111111111111111111111111111111111111,
            222222222222222222222222222222222222222222222222222222222222,
        ]
    """
    listed = list(items)
    line = f"{opening}{', '.join(listed)}{closing}"
    if len(line) <= WIDTH and "\n" not in line:
        return line
    lines = "".join(indent(f"{item},\n", "    ") for item in listed)
    return f"{opening}\n{lines}{closing}"


def _arguments(value: Any) -> Iterator[str]:
    for field in attrs.fields(type(value)):
        given = getattr(value, field.name)
        if field.default is attrs.NOTHING:
            yield _shown(given)
        elif field.repr and given != _default(field.default):
            yield f"{field.alias}={_shown(given)}"


def _default(default: Any) -> Any:
    return default.factory() if isinstance(default, attrs.Factory) else default  # type: ignore[arg-type]


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        line = enclosed("(", map(_shown, value), ")")
        return f"{line[:-1]},)" if len(value) == 1 and "\n" not in line else line
    if isinstance(value, Mapping):
        return enclosed("{", (f"{key!r}: {_shown(item)}" for key, item in value.items()), "}")
    return repr(value)
