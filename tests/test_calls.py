"""Values shown as the calls that make them."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from identigraph.calls import WIDTH, call_repr, enclosed


@attrs.frozen
class Value:
    """A value with every kind of argument."""

    first: Any
    second: Any = None
    table: dict[str, Any] = attrs.field(factory=dict)
    _private: int = 0
    named: int = attrs.field(default=1, kw_only=True)
    hidden: int = attrs.field(default=0, repr=False)

    __repr__ = call_repr


SHOWN = {
    "Value(1)": Value(1),
    "Value('it\\'s', second=2)": Value("it's", 2),
    "Value(None, table={'a': (1,), 'b': ()})": Value(None, None, {"a": (1,), "b": ()}),
    "Value(1, second=(1, 2), named=3)": Value(1, (1, 2), named=3),
    "Value(Value((None,)), private=5)": Value(Value((None,)), private=5),
}


@pytest.mark.parametrize(("shown", "value"), SHOWN.items())
def test_arguments_without_default_stand_in_place_and_defaults_are_left_out(shown: str, value: Value) -> None:
    assert eval(repr(value)) == eval(shown) == value  # noqa: S307
    assert repr(value) == shown.replace("'it\\'s'", '"it\'s"')


def test_hidden_arguments_are_not_shown() -> None:
    assert repr(Value(1, hidden=2)) == "Value(1)"


def test_a_long_call_has_one_argument_a_line() -> None:
    long = "x" * (WIDTH - 20)
    value = Value((long,), {"a": long, "b": Value(long, long)})
    assert repr(value).splitlines() == [
        "Value(",
        f"    ('{long}',),",
        "    second={",
        f"        'a': '{long}',",
        "        'b': Value(",
        f"            '{long}',",
        f"            second='{long}',",
        "        ),",
        "    },",
        ")",
    ]
    assert eval(repr(value)) == value  # noqa: S307


@pytest.mark.parametrize(("length", "lines"), [(WIDTH - 4, 1), (WIDTH - 3, 4)])
def test_a_line_is_filled_before_it_is_broken(length: int, lines: int) -> None:
    assert len(enclosed("(", ["a" * (length - 1), "b"], ")").splitlines()) == lines


def test_an_item_of_several_lines_breaks_the_line_as_well() -> None:
    assert enclosed("(", ["a(\n    b,\n)", "c"], ")") == "(\n    a(\n        b,\n    ),\n    c,\n)"
