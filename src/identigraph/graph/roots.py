"""Union-find on a dictionary, where parts grow link by link: each node leads to another one, a root to itself."""

from __future__ import annotations

Values = set[int]


def root_of(node: int, above: dict[int, int]) -> int:
    """Return the root of the part of a node, and shorten the way there.

    Args:
        node: a node; one that stands nowhere is its own root.
        above: for each node the next one towards its root.

    Examples:
        >>> root_of(5, {5: 3, 3: 1})
        1
    """
    while (over := above.get(node, node)) != node:
        above[node] = over = above.get(over, over)
        node = over
    return node


def pour(values: dict[int, Values], source: int, target: int) -> None:
    """Move the values of one part to another, the smaller set into the larger.

    Examples:
        >>> values = {1: {7}, 2: {8}}
        >>> pour(values, 2, 1)
        >>> sorted(values[1]), 2 in values
        ([7, 8], False)
    """
    moved = values.pop(source, None)
    if moved:
        few, many = sorted((values.get(target, set()), moved), key=len)
        many |= few
        values[target] = many
