"""What every page is made of: the document, its fragment for a notebook, key figures, sections."""

from __future__ import annotations

from collections.abc import Iterable

from identigraph.drawing.figures import counted
from identigraph.drawing.markup import Markup, tag
from identigraph.drawing.style import COMPONENTS, NOTEBOOK, PAGE

LOG_SCALE = " Bars are on a log scale."

NOTHING = tag("p", "Nothing to show.", class_="about")


def document(title: str, main: Markup) -> str:
    """Return an HTML page: no script, nothing loaded, readable by day and night, on screen and paper.

    Examples:
        >>> document("R&D", tag("main", "hello")).splitlines()[:2]
        ['<!DOCTYPE html>', '<html lang="en"><head><meta charset="utf-8">']
    """
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"{tag('title', title)}<style>{COMPONENTS}{PAGE}</style></head>\n"
        f"{tag('body', main, class_='identigraph')}</html>\n"
    )


def fragment(*parts: Markup) -> str:
    """Return the parts with their style, for ``_repr_html_``."""
    return tag("div", Markup(f"<style>{COMPONENTS}{NOTEBOOK}</style>"), *parts, class_="identigraph")


def stressed(value: int, noun: str) -> tuple[Markup, str]:
    """Return a number, stressed, and its noun.

    Examples:
        >>> stressed(2, "entity")
        ('<b>2</b>', ' entities')
    """
    figure, _, word = counted(value, noun).partition(" ")
    return tag("b", figure), f" {word}"


def tiles(figures: Iterable[tuple[str, str, str]]) -> Markup:
    """Return key figures, each as its name, the figure, and what it is out of."""
    return tag(
        "dl",
        *(tag("div", tag("dt", name), tag("dd", figure), tag("dd", detail)) for name, figure, detail in figures),
        class_="tiles",
    )


def section(title: str, about: str, *content: Markup) -> Markup:
    """Return a section: a heading, a line that says how to read what follows, and that; or that there is nothing."""
    text = tag("p", about, class_="about") if about and content else Markup()
    return tag("section", tag("div", tag("h2", title), text), tag("div", *(content or [NOTHING])))
