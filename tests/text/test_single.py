"""A column of one value against a Series of one: every operation, on ASCII and on other text, and on nulls."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from identigraph.text.single import FALSE, NULL, TRUE, Single, compiled

MANY = settings(max_examples=settings.default.max_examples * 8)
LETTERS = "aB1 0.,-+@/'&()#:x€$\n\t\x1c\x85é中"
texts = st.one_of(
    st.none(),
    st.text(LETTERS, max_size=8),
    st.text(max_size=6),
    st.sampled_from(["", "12a High St", "José Ray", "a\n"]),
)
GROUPED = [
    r"^\s*(\S+)", r"(\w+)\s+(\w+)", r"^(?:(a)|(B))", "(?<one>[a-z])(?<two>1)?", r"(?i)(X)|b", r"(\p{Lu})[\p{Lu}.'-]*",
]  # fmt: skip
PATTERNS = [
    *GROUPED, "a", "^a", "a$", "[^a-z]+", r"\s+", r"\b\w", r"[0-9]{1,3}$", r"[\p{Cf}\x00-\x08]", r"\p{Han}", "[€$]",
    r"[-/(.&]", "[]a]", r"\$|\]",
]  # fmt: skip
PLAIN = ["", "-", "$$", r"\1", r"\n", "a$$1", "$", "é$ "]
NAMED = ["$1", "<${1}>", "$1$1 $$", "$1$"]
TEXT_OPERATIONS: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    *(("contains", (pattern,), {}) for pattern in PATTERNS),
    *(("count_matches", (pattern,), {}) for pattern in PATTERNS),
    *(("extract", (pattern, 1), {}) for pattern in GROUPED),
    ("extract", (r"(\w+)\s+(\w+)", 2), {}),
    ("extract", ("(a)",), {}),
    ("contains", (".",), {"literal": True}),
    ("count_matches", (".",), {"literal": True}),
    ("replace_all", (".", "$1"), {"literal": True}),
    ("find", ("a",), {"literal": True}),
    *(("starts_with", (start,), {}) for start in ("", "a", "é")),
    *(("ends_with", (end,), {}) for end in ("", "a", "\n")),
    *((name, (" a€",), {}) for name in ("strip_chars", "strip_chars_start", "strip_chars_end")),
    ("strip_chars", (), {}),
    *(("slice", (start, length), {}) for start in (0, 1, 3) for length in (None, 0, 2)),
    *(("tail", (n,), {}) for n in (1, 3)),
    ("len_bytes", (), {}),
    ("to_lowercase", (), {}),
    ("to_uppercase", (), {}),
    ("strip_suffix", ("a",), {}),
    ("normalize", ("NFKC",), {}),
]
numbers = st.one_of(st.none(), st.integers(-40, 3000))
truths = st.sampled_from([None, True, False])


def series(value: Any, dtype: Any = pl.String) -> pl.Series:
    """Return a Series of one value."""
    return pl.Series([value], dtype=dtype)


@MANY
@given(operation=st.sampled_from(TEXT_OPERATIONS), text=texts)
def test_an_operation_on_a_text_is_that_of_polars(
    operation: tuple[str, tuple[Any, ...], dict[str, Any]], text: str | None
) -> None:
    name, arguments, options = operation
    expected = getattr(series(text).str, name)(*arguments, **options).item()
    assert getattr(Single(text).str, name)(*arguments, **options).value == expected


@MANY
@given(st.sampled_from(["replace", "replace_all"]), st.sampled_from(PATTERNS), texts, st.data())
def test_a_replacement_is_that_of_polars(name: str, pattern: str, text: str | None, data: st.DataObject) -> None:
    value = data.draw(st.sampled_from([*PLAIN, *NAMED] if pattern in GROUPED else PLAIN))
    expected = getattr(series(text).str, name)(pattern, value).item()
    assert getattr(Single(text).str, name)(pattern, value).value == expected


@given(text=texts, part=texts)
def test_texts_are_compared_with_those_of_another_column(text: str | None, part: str | None) -> None:
    for name in ("starts_with", "ends_with", "strip_suffix"):
        expected = pl.select(getattr(pl.lit(text, pl.String).str, name)(pl.lit(part, pl.String))).item()
        assert getattr(Single(text).str, name)(Single(part)).value == expected


@given(text=texts, start=st.one_of(st.none(), st.integers(0, 5)))
def test_a_slice_may_start_where_another_column_says(text: str | None, start: int | None) -> None:
    expected = series(text).str.slice(series(start, pl.Int64)).item()
    assert Single(text).str.slice(Single(start)).value == expected


COMPARISONS: list[Callable[[Any, Any], Any]] = [
    operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge,
]  # fmt: skip


@given(left=numbers, right=numbers)
def test_numbers_are_compared_and_computed_with_as_polars_does(left: int | None, right: int | None) -> None:
    both = series(left, pl.Int32), series(right, pl.Int32)
    for operation in (*COMPARISONS, operator.add, operator.sub):
        assert operation(Single(left), Single(right)).value == operation(*both).item()
        if right is not None:
            assert operation(Single(left), right).value == operation(both[0], right).item()


@given(number=st.one_of(st.none(), st.integers(0, 99_999).map(str)), length=st.integers(1, 5))
def test_digits_are_padded_as_polars_does(number: str | None, length: int) -> None:
    assert Single(number).str.zfill(length).value == series(number).str.zfill(length).item()


@given(number=numbers, other=st.integers(1, 100))
def test_numbers_are_divided_and_taken_from_plain_ones_as_polars_does(number: int | None, other: int) -> None:
    column = series(number, pl.Int32)
    for operation in (operator.mod, operator.floordiv):
        assert operation(Single(number), other).value == operation(column, other).item()
    assert (other - Single(number)).value == (other - column).item()
    assert Single(number).cast(pl.String).value == column.cast(pl.String).item()
    assert Single(number).cast(pl.Int32).value == number


@given(left=texts, right=texts)
def test_texts_are_compared_as_polars_does(left: str | None, right: str | None) -> None:
    for operation in COMPARISONS:
        assert operation(Single(left), Single(right)).value == operation(series(left), series(right)).item()


@given(left=texts, right=texts)
def test_texts_are_put_together_as_polars_does(left: str | None, right: str | None) -> None:
    assert (Single(left) + Single(right)).value == (series(left) + series(right)).item()
    assert ("a" + Single(left)).value == ("a" + series(left)).item()
    assert (Single(left) + "a").value == (series(left) + "a").item()


@given(left=truths, right=truths)
def test_truth_values_have_the_logic_of_polars(left: bool | None, right: bool | None) -> None:
    both = series(left, pl.Boolean), series(right, pl.Boolean)
    assert (Single(left) & Single(right)).value == (both[0] & both[1]).item()
    assert (Single(left) | Single(right)).value == (both[0] | both[1]).item()
    assert (~Single(left)).value == (~both[0]).item()
    assert Single(left).any() == both[0].any()


@given(text=texts, other=texts, truth=truths)
def test_values_are_replaced_as_polars_does(text: str | None, other: str | None, truth: bool | None) -> None:
    column, single, mask = series(text), Single(text), series(truth, pl.Boolean)
    assert single.is_null().value == column.is_null().item()
    assert single.is_not_null().value == column.is_not_null().item()
    assert single.fill_null(Single(other)).value == column.fill_null(series(other)).item()
    assert single.fill_null(value="x").value == column.fill_null(value="x").item()
    assert single.set(Single(truth), other).value == column.set(mask, other).item()
    assert single.zip_with(Single(truth), Single(other)).value == column.zip_with(mask, series(other)).item()


@given(text=st.one_of(st.none(), st.text("0123456789+- _.", max_size=12), st.integers(-(2**65), 2**65).map(str)))
@example("0" * 6000 + "7")
@example("7" * 6000)
@example("2147483648")
@example("-2147483648")
def test_texts_are_read_as_whole_numbers_as_polars_does(text: str | None) -> None:
    for dtype in (pl.Int32, pl.Int64):
        assert Single(text).cast(dtype, strict=False).value == series(text).cast(dtype, strict=False).item()


def test_a_single_shows_no_value() -> None:
    assert repr([Single("ann"), NULL, TRUE, FALSE]) == (
        "[<Single: str>, <Single: NoneType>, <Single: bool>, <Single: bool>]"
    )


def test_a_pattern_is_translated_once() -> None:
    assert compiled("^a$") is compiled("^a$")
    assert compiled(r"[$\p{Lu}\p{Han}](?<x>\p{L}\$)\p{Han}$").pattern == r"[$A-Z](?P<x>[A-Za-z]\$)(?!)\Z"
