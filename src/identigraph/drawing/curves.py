"""Curves of shares against shares as inline SVG, on axes from 0 to 1, colored by the style sheet."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from identigraph.drawing.markup import Markup, tag

SIDE = 260
"""Width and height of the plot, in pixels."""

LEFT, TOP, RIGHT, BOTTOM = 56, 10, 16, 46
"""Room around it for its axes."""

TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)

STYLE = """
.identigraph .charts { display: flex; flex-wrap: wrap; gap: 20px 36px; }
.identigraph .charts figure { margin: 0; }
.identigraph .charts figcaption { font-size: 13px; font-weight: 600; margin: 0 0 6px; }
.identigraph svg.chart { max-width: 100%; height: auto; }
.identigraph svg.chart text { fill: var(--muted); font-size: 12px; }
.identigraph svg.chart line { stroke: var(--faint); }
.identigraph svg.chart line.axis { stroke: var(--rule); }
.identigraph svg.chart line.diagonal { stroke: var(--muted); stroke-dasharray: 4 4; }
.identigraph svg.chart line.interval { stroke: var(--accent); stroke-width: 1.5; }
.identigraph svg.chart circle { fill: var(--accent); }
.identigraph svg.chart polyline { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; }
"""
"""What charts need beside the style of a page or a notebook."""


def charts(*figures: Markup) -> Markup:
    """Return charts made by `chart`, side by side where there is room, with their style."""
    return tag("div", tag("style", Markup(STYLE)), *figures, class_="charts")


def chart(title: str, across: str, up: str, *marks: Markup) -> Markup:
    """Return `marks` on axes from 0 to 1.

    Args:
        title: what it shows.
        across: what the horizontal axis is.
        up: what the vertical axis is.
        *marks: made by `curve`, `diagonal` and `point`; later ones lie on top.
    """
    width, height = LEFT + SIDE + RIGHT, TOP + SIDE + BOTTOM
    middle = TOP + SIDE / 2
    names = (
        tag("text", across, x=LEFT + SIDE / 2, y=height - 8, text_anchor="middle"),
        tag("text", up, transform=f"translate(14 {middle:g}) rotate(-90)", text_anchor="middle"),
    )
    size = {"width": width, "height": height, "viewBox": f"0 0 {width} {height}"}
    described = {"role": "img", "aria-label": f"{title}: {up} against {across}"}
    drawing = tag("svg", *_grid(), *names, *marks, class_="chart", **size, **described)
    return tag("figure", tag("figcaption", title), drawing)


def curve(across: NDArray[np.float64], up: NDArray[np.float64]) -> Markup:
    """Return a line through points on the unit square, to half a pixel, so that a million points draw as few.

    Examples:
        >>> curve(np.array([0.0, 0.0001, 1.0]), np.array([0.0, 0.0001, 1.0]))
        '<polyline points="56,270 316,10"></polyline>'
    """
    places = np.column_stack([_across(across), _up(up)])
    places = np.round(2 * places) / 2
    is_new = np.ones(len(places), dtype=np.bool_)
    is_new[1:] = (places[1:] != places[:-1]).any(axis=1)
    return tag("polyline", points=" ".join(f"{x:g},{y:g}" for x, y in places[is_new]))


def diagonal() -> Markup:
    """Return the line on which both shares are equal."""
    return tag("line", x1=LEFT, x2=LEFT + SIDE, y1=TOP + SIDE, y2=TOP, class_="diagonal")


def point(across: float, up: float, title: str, *, interval: tuple[float, float] | None = None) -> Markup:
    """Return a point on the unit square that shows `title` when pointed at, with an upright `interval` if given.

    Examples:
        >>> point(0.5, 0.25, "here")
        '<g><title>here</title><circle cx="186" cy="205" r="4"></circle></g>'
    """
    x = float(_across(across))
    dot = tag("circle", cx=x, cy=float(_up(up)), r=4)
    if interval is None:
        return tag("g", tag("title", title), dot)
    low, high = interval
    line = tag("line", x1=x, x2=x, y1=float(_up(low)), y2=float(_up(high)), class_="interval")
    return tag("g", tag("title", title), line, dot)


def _across(value: float | NDArray[np.float64]) -> NDArray[np.float64]:
    return LEFT + SIDE * np.asarray(value, dtype=np.float64)


def _up(value: float | NDArray[np.float64]) -> NDArray[np.float64]:
    return TOP + SIDE * (1 - np.asarray(value, dtype=np.float64))


def _grid() -> list[Markup]:
    """Return a line and a figure for each tick of both axes."""
    drawn = []
    for tick in TICKS:
        x, y = float(_across(tick)), float(_up(tick))
        style = None if tick else "axis"
        drawn.append(tag("line", x1=LEFT, x2=LEFT + SIDE, y1=y, y2=y, class_=style))
        drawn.append(tag("line", x1=x, x2=x, y1=TOP, y2=TOP + SIDE, class_=style))
        drawn.append(tag("text", f"{tick:g}", x=LEFT - 8, y=y + 4, text_anchor="end"))
        drawn.append(tag("text", f"{tick:g}", x=x, y=TOP + SIDE + 18, text_anchor="middle"))
    return drawn
