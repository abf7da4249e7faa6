"""HTML elements from Python values. Whatever is not markup already is escaped, so that no text can become markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import attrs


class Markup(str):
    """Text that is HTML already and goes in as it is."""

    __slots__ = ()


def tag(name: str, *children: object, **attributes: object) -> Markup:
    """Return the element `name`, its children and attribute values escaped unless they are markup.

    A trailing underscore of an attribute is dropped (``class_``), others become hyphens; None leaves an attribute out.

    Examples:
        >>> tag("td", "a < b", tag("b", 1), class_="number", title='"', id=None)
        '<td class="number" title="&quot;">a &lt; b<b>1</b></td>'
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_text(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{written}>{joined(children)}</{name}>")


def joined(parts: Iterable[object]) -> Markup:
    """Return the parts one after another, escaped unless they are markup.

    Examples:
        >>> joined(["R&D ", tag("i", "x")])
        'R&amp;D <i>x</i>'
    """
    return Markup("".join(part if isinstance(part, Markup) else escape(_text(part)) for part in parts))


@attrs.frozen
class Column:
    """The head of a column: its title, and the class of its cells (``number``, ``bar``, ``code``, ``muted``)."""

    title: object
    style: str | None = None


def table(caption: str, columns: Sequence[Column], *bodies: Markup, style: str | None = None) -> Markup:
    """Return a table in a box that scrolls sideways where it is too wide.

    Args:
        caption: what it shows; for screen readers, unless the style shows it.
        columns: the heads; one without a title is no header cell.
        *bodies: groups of rows, made by `body`.
        style: the class of the table.
    """
    heads = [
        tag("th", column.title, scope="col", class_=column.style) if column.title else tag("td", class_=column.style)
        for column in columns
    ]
    head = tag("thead", tag("tr", *heads))
    return tag("div", tag("table", tag("caption", caption), head, *bodies, class_=style), class_="scroll")


def body(columns: Sequence[Column], rows: Iterable[Sequence[object]], *, heading: str | None = None) -> Markup:
    """Return a group of rows, each headed by its first cell; with a `heading`, a muted group under it.

    Examples:
        >>> body([Column("Key"), Column("Pairs", "number")], [("mail", "1,200")])
        '<tbody><tr><th scope="row">mail</th><td class="number">1,200</td></tr></tbody>'
    """
    written = [
        tag(
            "tr",
            tag("th", row[0], scope="row", class_=columns[0].style),
            *(tag("td", cell, class_=column.style) for column, cell in zip(columns[1:], row[1:], strict=True)),
        )
        for row in rows
    ]
    if heading is None:
        return tag("tbody", *written)
    title = tag("tr", tag("th", heading, scope="rowgroup", colspan=len(columns)), class_="heading")
    return tag("tbody", title, *written, class_="muted")


def _text(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else "" if value is None else str(value)
