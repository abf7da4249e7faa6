"""Small charts as inline SVG, colored by the style sheet. Bars stretch to the width of the cell that holds them."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import numpy as np

from identigraph.drawing.figures import count, counted, is_finite
from identigraph.drawing.markup import Markup, tag

HAIRLINE = 0.4
"""The least width, in percent, of a bar that is not nothing."""

DWARFED = 8
"""A scale turns logarithmic where the longest bar is more than so many times the next."""

LETTER = 6.4
"""About the width, in pixels, of a letter of a label."""

LABEL = 24
"""Letters of a label that are shown."""

DOT = 4.5
"""Radius of a dot."""

WIDTH, HEIGHT = 820, 190
"""Size of the plot of a histogram."""

LEFT, TOP, BOTTOM = 72, 10, 44
"""Room around it for its axes."""


def lengths(values: Sequence[float | None]) -> tuple[list[float], bool]:
    """Return the lengths of bars, 0 to 1, and whether their scale is logarithmic.

    It is where one bar would dwarf all others: length ``log(1 + value) / log(1 + largest)``.

    Examples:
        >>> lengths([2, 4, 1])
        ([0.5, 1.0, 0.25], False)
        >>> lengths([99, 9, 0, None])
        ([1.0, 0.5, 0.0, 0.0], True)
        >>> lengths([])
        ([], False)
    """
    known = np.array([v if v is not None and is_finite(v) and v > 0 else 0.0 for v in values])
    ranked = np.sort(known)[::-1]
    dwarfed = len(ranked) > 1 and ranked[0] > DWARFED * ranked[1] > 0
    scaled = np.log1p(known) if dwarfed else known
    return (scaled / max(scaled.max(initial=0), 1e-300)).tolist(), bool(dwarfed)


def bar(length: float, *, style: str = "") -> Markup:
    """Return a bar of a length from 0 to 1; decoration, for the figure stands beside it.

    Examples:
        >>> bar(0.25)
        '<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect width="25" \
height="1"></rect></svg>'
    """
    width = max(100.0 * min(length, 1), HAIRLINE) if length > 0 else 0.0
    rect = tag("rect", width=width, height=1)
    classes = f"bar {style}".strip()
    return tag("svg", rect, class_=classes, viewBox="0 0 100 1", preserveAspectRatio="none", aria_hidden="true")


def diverging(value: float | None, low: float, high: float, title: str) -> Markup:
    """Return a bar from 0 to `value` on a scale from `low` <= 0 to `high` >= 0, with a line at 0.

    Infinite values reach the end of the scale; what is not a number has no bar.
    """
    span = (high - low) or 1.0
    zero = 100.0 * abs(low) / span
    known = 0.0 if value is None or math.isnan(value) else min(max(value, low), high)
    width = 100.0 * abs(known) / span
    rect = tag("rect", x=zero - width if known < 0 else zero, y=4, width=width, height=12)
    axis = tag("line", x1=zero, x2=zero, y1=0, y2=20)
    style = "diverging against" if known < 0 else "diverging"
    described = {"role": "img", "aria-label": title}
    shape = {"viewBox": "0 0 100 20", "preserveAspectRatio": "none"}
    return tag("svg", tag("title", title), rect, axis, class_=style, **shape, **described)


def dots(members: Collection[int], total: int, title: str) -> Markup:
    """Return one dot per source, filled and joined where the source is one of the `members`."""
    pitch, middle = _pitch(total), 9
    at = [pitch * (i + 0.5) for i in range(total)]
    ends = [at[i] for i in sorted(members)]
    link = tag("line", x1=ends[0], x2=ends[-1], y1=middle, y2=middle) if len(ends) > 1 else Markup()
    outs = [tag("circle", cx=x, cy=middle, r=DOT, class_="out") for i, x in enumerate(at) if i not in members]
    ins = [tag("circle", cx=x, cy=middle, r=DOT) for x in ends]
    size = {"width": pitch * total, "height": 2 * middle, "role": "img", "aria-label": title}
    return tag("svg", tag("title", title), *outs, link, *ins, class_="dots", **size)


def slanted(names: Sequence[str]) -> Markup:
    """Return the names of sources, slanted, each above its column of dots."""
    pitch = _pitch(len(names))
    shown = [name if len(name) <= LABEL else name[: LABEL - 1] + "…" for name in names]
    rise = [len(name) * LETTER * math.sqrt(0.5) for name in shown]
    at = [pitch * (i + 0.5) + 3 for i in range(len(names))]
    width, height = max(map(sum, zip(at, rise, strict=True))), max(rise) + 14
    labels = [
        tag("text", tag("title", name), label, transform=f"translate({x:g} {height - 4:.0f}) rotate(-45)")
        for name, label, x in zip(names, shown, at, strict=True)
    ]
    size = {"width": round(width), "height": round(height), "role": "img", "aria-label": ", ".join(names)}
    return tag("svg", *labels, class_="labels", **size)


def histogram(bins: Sequence[tuple[float, float, int]], title: str) -> Markup:
    """Return columns over (from, to, pairs), their heights on a log scale; from the first edge to the last."""
    low, high = min(b[0] for b in bins), max(b[1] for b in bins)
    span = (high - low) or 1.0
    decades = max(math.ceil(math.log10(max(1, *(b[2] for b in bins)))), 1)
    columns = [
        _column(
            LEFT + WIDTH * (start - low) / span, LEFT + WIDTH * (end - low) / span, pairs, decades, f"{start:g}–{end:g}"
        )
        for start, end, pairs in bins
    ]
    axes = (*_decades(decades), *_ticks(low, high))
    box = f"0 0 {LEFT + WIDTH + 16} {TOP + HEIGHT + BOTTOM}"
    return tag("svg", *axes, *columns, class_="histogram", viewBox=box, **{"role": "img", "aria-label": title})


def _column(left: float, right: float, pairs: int, decades: int, label: str) -> Markup:
    height = HEIGHT * math.log10(1 + pairs) / math.log10(1 + 10**decades)
    width = max(right - left - 2, 1)
    title = tag("title", f"{label}: {counted(pairs, 'pair')}")
    return tag("rect", title, x=left + 1, y=TOP + HEIGHT - height, width=width, height=height)


def _decades(decades: int) -> list[Markup]:
    """Return a line and its figure for 0 and for powers of ten, at most five of them."""
    lines = []
    for value in [0, *(10**power for power in range(decades, 0, -math.ceil(decades / 5)))]:
        y = TOP + HEIGHT * (1 - math.log10(1 + value) / math.log10(1 + 10**decades))
        lines.append(tag("line", x1=LEFT, x2=LEFT + WIDTH, y1=y, y2=y, class_=None if value else "axis"))
        lines.append(tag("text", count(value), x=LEFT - 8, y=y + 4, text_anchor="end"))
    return lines


def _ticks(low: float, high: float) -> list[Markup]:
    """Return the figures below the axis and what they are."""
    below = TOP + HEIGHT + 18
    figures = [
        tag("text", f"{low + (high - low) * i / 5:.3g}", x=LEFT + WIDTH * i / 5, y=below, text_anchor="middle")
        for i in range(6)
    ]
    return [*figures, tag("text", "match probability", x=LEFT + WIDTH / 2, y=below + 20, text_anchor="middle")]


def _pitch(total: int) -> int:
    return 26 if total <= 6 else 20
