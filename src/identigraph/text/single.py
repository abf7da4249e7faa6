"""A column of one value: what a polars Series of texts, whole numbers or truth values does, in a microsecond.

Code that cleans and cuts values is written once, in operations that a Series has and a `Single` has too. An operation
of polars takes a twentieth of a millisecond whatever it works on: nothing for a table, too much for a record.

Regular expressions are those of polars, which are Rust's. What they say of ASCII is translated for Python; on any other
text the operation is polars' own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any, Literal, TypeAlias

import polars as pl

Text: TypeAlias = str
Value: TypeAlias = str | int | bool | None
Operand: TypeAlias = "Single | str | int"

BLANKS = " \t\n\r\x0b\x0c"
"""White space in ASCII."""
CLASSES = {"Lu": "A-Z", "Ll": "a-z", "L": "A-Za-z", "N": "0-9"}
"""What of ASCII is in the classes of Unicode; nothing is in the others that are used."""
SYNTAX = re.compile(r"\\p\{(\w+)\}|\\.|\[\^?\]?|\]|\$|\(\?<(?=\w)", re.DOTALL)
REFERENCE = re.compile(r"\$(?:\$|\{(\w+)\}|(\w+))|[^$]+|\$")
NUMBER = re.compile(r"([+-]?)0*([0-9]{1,19})", re.ASCII)
LIMITS: dict[Any, int] = {pl.Int32: 2**31, pl.Int64: 2**63}


class Single:
    """A column of one value; its methods do what those of a Series do that have their names, or of its ``str``.

    Args:
        value: a text, a whole number, a truth value or None.

    Examples:
        >>> Single("ann  lee").str.replace_all(" +", "-").value
        'ann-lee'
        >>> (Single(None) | (Single(3) > 2)).value
        True
    """

    __slots__ = ("value",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, value: Value) -> None:
        self.value: Any = value

    def __repr__(self) -> Text:
        """Return the type of the value; never the value."""
        return f"<Single: {type(self.value).__name__}>"

    @property
    def str(self) -> Single:
        """The column, for its operations on texts."""
        return self

    def __eq__(self, other: object) -> Single:  # type: ignore[override]
        left, right = self.value, other.value if isinstance(other, Single) else other
        return NULL if left is None or right is None else TRUE if left == right else FALSE

    def __ne__(self, other: object) -> Single:  # type: ignore[override]
        left, right = self.value, other.value if isinstance(other, Single) else other
        return NULL if left is None or right is None else TRUE if left != right else FALSE

    def __lt__(self, other: Operand) -> Single:
        left, right = self.value, other.value if isinstance(other, Single) else other
        return NULL if left is None or right is None else TRUE if left < right else FALSE

    def __le__(self, other: Operand) -> Single:
        left, right = self.value, other.value if isinstance(other, Single) else other
        return NULL if left is None or right is None else TRUE if left <= right else FALSE

    def __gt__(self, other: Operand) -> Single:
        left, right = self.value, other.value if isinstance(other, Single) else other
        return NULL if left is None or right is None else TRUE if left > right else FALSE

    def __ge__(self, other: Operand) -> Single:
        left, right = self.value, other.value if isinstance(other, Single) else other
        return NULL if left is None or right is None else TRUE if left >= right else FALSE

    def __and__(self, other: Single) -> Single:
        left, right = self.value, other.value
        if left is False or right is False:
            return FALSE
        return NULL if left is None or right is None else TRUE

    def __or__(self, other: Single) -> Single:
        left, right = self.value, other.value
        if left is True or right is True:
            return TRUE
        return NULL if left is None or right is None else FALSE

    def __invert__(self) -> Single:
        return NULL if self.value is None else FALSE if self.value else TRUE

    def __add__(self, other: Operand) -> Single:
        left, right = self.value, other.value if isinstance(other, Single) else other
        return NULL if left is None or right is None else Single(left + right)

    def __radd__(self, other: Text | int) -> Single:
        return NULL if self.value is None else Single(other + self.value)

    def __sub__(self, other: Operand) -> Single:
        left, right = self.value, other.value if isinstance(other, Single) else other
        return NULL if left is None or right is None else Single(left - right)

    def __rsub__(self, other: int) -> Single:
        return NULL if self.value is None else Single(other - self.value)

    def __mod__(self, other: int) -> Single:
        return NULL if self.value is None else Single(self.value % other)

    def __floordiv__(self, other: int) -> Single:
        return NULL if self.value is None else Single(self.value // other)

    def is_null(self) -> Single:
        """Tell whether there is no value."""
        return TRUE if self.value is None else FALSE

    def is_not_null(self) -> Single:
        """Tell whether there is a value."""
        return FALSE if self.value is None else TRUE

    def fill_null(self, value: Single | Value) -> Single:
        """Return the value, or another where there is none."""
        if self.value is not None:
            return self
        return value if isinstance(value, Single) else Single(value)

    def set(self, filter: Single, value: Value) -> Single:  # noqa: A002 - as polars calls it
        """Return another value where `filter` is true."""
        return Single(value) if filter.value else self

    def zip_with(self, mask: Single, other: Single) -> Single:
        """Return the value where the mask is true, else the other."""
        return self if mask.value else other

    def any(self) -> bool:
        """Tell whether the value is true."""
        return bool(self.value)

    def cast(self, dtype: Any, *, strict: Literal[False] = False) -> Single:
        """Return a whole number as text, or the whole number that a text is, null where it is none of that size."""
        del strict
        value, limit = self.value, LIMITS.get(dtype)
        if value is None or (limit is not None and isinstance(value, int)):
            return self
        if limit is None:
            return Single(Text(value))
        found = NUMBER.fullmatch(value)
        number = int(found[1] + found[2]) if found else limit
        return Single(number) if -limit <= number < limit else NULL

    def contains(self, pattern: Text, *, literal: bool = False) -> Single:
        """Tell whether the text holds a match."""
        text = self.value
        if text is None:
            return self
        if literal:
            return TRUE if pattern in text else FALSE
        if text.isascii():
            return TRUE if compiled(pattern).search(text) else FALSE
        return self._by_polars("contains", pattern)

    def starts_with(self, prefix: Single | Text) -> Single:
        """Tell whether the text starts so."""
        text, start = self.value, _value(prefix)
        return NULL if text is None or start is None else TRUE if text.startswith(start) else FALSE

    def ends_with(self, suffix: Single | Text) -> Single:
        """Tell whether the text ends so."""
        text, end = self.value, _value(suffix)
        return NULL if text is None or end is None else TRUE if text.endswith(end) else FALSE

    def extract(self, pattern: Text, group_index: int = 1) -> Single:
        """Return what a group of the first match holds, null where there is none."""
        text = self.value
        if text is None:
            return self
        if not text.isascii():
            return self._by_polars("extract", pattern, group_index)
        found = compiled(pattern).search(text)
        return Single(found[group_index]) if found else NULL

    def replace(self, pattern: Text, value: Text) -> Single:
        """Return the text with the first match replaced."""
        text = self.value
        if text is None:
            return self
        if text.isascii():
            return Single(compiled(pattern).sub(_template(value), text, 1))
        return self._by_polars("replace", pattern, value)

    def replace_all(self, pattern: Text, value: Text, *, literal: bool = False) -> Single:
        """Return the text with all matches replaced."""
        text = self.value
        if text is None:
            return self
        if literal:
            return Single(text.replace(pattern, value))
        if text.isascii():
            return Single(compiled(pattern).sub(_template(value), text))
        return self._by_polars("replace_all", pattern, value)

    def count_matches(self, pattern: Text, *, literal: bool = False) -> Single:
        """Return how many matches the text holds."""
        text = self.value
        if text is None:
            return self
        if literal:
            return Single(text.count(pattern))
        if text.isascii():
            return Single(sum(1 for _ in compiled(pattern).finditer(text)))
        return self._by_polars("count_matches", pattern)

    def strip_chars(self, characters: Text | None = None) -> Single:
        """Return the text without these characters at its ends, or without white space."""
        text = self.value
        if text is None:
            return self
        if characters is not None or text.isascii():
            return Single(text.strip(BLANKS if characters is None else characters))
        return self._by_polars("strip_chars")

    def strip_chars_start(self, characters: Text) -> Single:
        """Return the text without these characters at its start."""
        return self if self.value is None else Single(self.value.lstrip(characters))

    def strip_chars_end(self, characters: Text) -> Single:
        """Return the text without these characters at its end."""
        return self if self.value is None else Single(self.value.rstrip(characters))

    def slice(self, offset: Single | int, length: int | None = None) -> Single:
        """Return so many characters from an offset on, all without a length."""
        text, start = self.value, _value(offset)
        if text is None or start is None:
            return NULL
        return Single(text[start:] if length is None else text[start : start + length])

    def tail(self, n: int) -> Single:
        """Return the last characters."""
        return self if self.value is None else Single(self.value[-n:])

    def zfill(self, length: int) -> Single:
        """Return digits with zeros before them."""
        return self if self.value is None else Single(self.value.zfill(length))

    def len_bytes(self) -> Single:
        """Return how many bytes the text has in UTF-8."""
        text = self.value
        return self if text is None else Single(len(text) if text.isascii() else len(text.encode()))

    def strip_suffix(self, suffix: Single | Text) -> Single:
        """Return the text without an end, where it ends so."""
        text, end = self.value, _value(suffix)
        return NULL if text is None or end is None else Single(text.removesuffix(end))

    def to_lowercase(self) -> Single:
        """Return the text in small letters."""
        return self._cased("to_lowercase", Text.lower)

    def to_uppercase(self) -> Single:
        """Return the text in capitals."""
        return self._cased("to_uppercase", Text.upper)

    def find(self, pattern: Text, *, literal: Literal[True]) -> Single:
        """Return the byte where a literal text begins, null where it is not there."""
        del literal
        place = -1 if self.value is None else self.value.encode().find(pattern.encode())
        return NULL if place < 0 else Single(place)

    def normalize(self, form: Any) -> Single:
        """Return the text in a normal form of Unicode."""
        return self if self.value is None or self.value.isascii() else self._by_polars("normalize", form)

    def _cased(self, operation: Text, change: Callable[[Text], Text]) -> Single:
        text = self.value
        if text is None:
            return self
        return Single(change(text)) if text.isascii() else self._by_polars(operation)

    def _by_polars(self, operation: Text, *arguments: Any) -> Single:
        """Return what the operation of polars gives for the text."""
        return Single(getattr(pl.Series([self.value]).str, operation)(*arguments).item())


NULL, TRUE, FALSE = Single(None), Single(True), Single(False)  # noqa: FBT003


@cache
def compiled(pattern: Text) -> re.Pattern[Text]:
    r"""Return a regular expression of Rust as one of Python that does the same on ASCII.

    Examples:
        >>> compiled(r"(?<end>\p{Lu}$)").pattern
        '(?P<end>[A-Z]\\Z)'
    """
    inside = False

    def translated(found: re.Match[Text]) -> Text:
        nonlocal inside
        piece, name = found[0], found[1]
        if name is not None:
            members = CLASSES.get(name, "")
            return members if inside else f"[{members}]" if members else "(?!)"
        if piece[0] == "[":
            inside = True
        elif piece == "]":
            inside = False
        elif not inside:
            return {"$": r"\Z", "(?<": "(?P<"}.get(piece, piece)
        return piece

    return re.compile(SYNTAX.sub(translated, pattern), re.ASCII)


@cache
def _template(value: Text) -> Text | Callable[[re.Match[Text]], Text]:
    """Return what replaces a match, as Python takes it: a text, or a function of the match where groups are named."""
    if "$" not in value and "\\" not in value:
        return value
    parts = [(found[0], found[1] or found[2]) for found in REFERENCE.finditer(value)]
    return lambda match: "".join(_put(match, text, group) for text, group in parts)


def _put(match: re.Match[Text], text: Text, group: Text | None) -> Text:
    """Return the part of a replacement: the group that is named, or the text as it stands."""
    if group is None:
        return "$" if text == "$$" else text
    return match[int(group) if group.isdecimal() else group] or ""


def _value(operand: object) -> Any:
    return operand.value if isinstance(operand, Single) else operand
