"""Namespaces: what identifiers may do, and which of their values say nothing."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import attrs
import polars as pl
import pytest

from identigraph.errors import ConfigurationError, IdentigraphError, RangeError, UnsupportedInputError
from identigraph.fields import Email
from identigraph.graph import Generic, Namespace
from identigraph.graph.namespaces import CONFIDENCES, PRIORITIES, rules_of


@pytest.mark.parametrize("kind", PRIORITIES)
def test_a_kind_tells_what_is_not_told(kind) -> None:
    space = Namespace("x", kind=kind)
    assert (space.rank, space.certainty) == (PRIORITIES[kind], CONFIDENCES[kind])
    assert space.links == (kind not in ("organisation", "household"))
    assert space.identifying == (kind in ("person", "login"))
    assert space.naming == (kind in ("person", "login", "account", "contact"))
    assert space.source_column == "x"


def test_what_is_told_counts() -> None:
    space = Namespace("x", kind="person", priority=0, confidence=0.5, linkable=False, column="y")
    assert (space.rank, space.certainty, space.links, space.source_column) == (0, 0.5, False, "y")
    assert not space.identifying
    assert not space.naming
    assert Namespace("x", kind="household", linkable=True).links


def test_namespaces_are_values() -> None:
    space = Namespace("login", kind="login", limit=1, blocked=["x"])
    assert space == Namespace("login", kind="login", limit=1, blocked=("x",))
    assert repr(space) == "Namespace('login', kind='login', limit=1, blocked=('x',))"
    assert hash(space) == hash(attrs.evolve(space))


@pytest.mark.parametrize(
    ("wrong", "error", "told"),
    [
        ({"name": ""}, ConfigurationError, "needs a name"),
        ({"name": 5}, ConfigurationError, "needs a name"),
        ({"kind": "mail"}, ConfigurationError, "kind must be one of 'person'"),
        ({"policy": "first"}, ConfigurationError, "policy must be one of 'isolate'"),
        ({"limit": 0}, RangeError, "limit must lie between 1"),
        ({"limit": 1.5}, ConfigurationError, "limit must be a whole number"),
        ({"limit": True}, ConfigurationError, "limit must be a whole number"),
        ({"max_entities": 0}, RangeError, "max_entities must lie between 1"),
        ({"priority": -1}, RangeError, "priority must lie between 0"),
        ({"priority": "1"}, ConfigurationError, "priority must be a whole number"),
        ({"window": timedelta(1)}, ConfigurationError, "a window is about a limit"),
        ({"window": 5, "limit": 1}, UnsupportedInputError, "window as a datetime.timedelta"),
        ({"ttl": timedelta(0)}, ConfigurationError, "ttl must be longer than nothing"),
        ({"confidence": 1.1}, RangeError, "confidence must lie between 0 and 1"),
        ({"confidence": "high"}, RangeError, "confidence must lie between 0 and 1"),
        ({"valid": "(?=x)"}, ConfigurationError, "valid takes regular expressions as polars has them"),
        ({"valid": re.compile("x")}, UnsupportedInputError, "valid as text"),
        ({"blocked": "null"}, ConfigurationError, r"write blocked=\['null'\]"),
        ({"blocked": None}, UnsupportedInputError, "what is blocked"),
        ({"blocked": [5]}, UnsupportedInputError, "blocked as text"),
        ({"blocked": [re.compile(b"x")]}, UnsupportedInputError, "blocked as text"),
        ({"blocked": [re.compile("(?=x)")]}, ConfigurationError, "blocked takes regular expressions"),
        ({"generic": "given_name"}, UnsupportedInputError, "generic as an ig.Generic"),
        ({"linkable": "no"}, UnsupportedInputError, "linkable as True or False"),
        ({"column": 5}, UnsupportedInputError, "column as the name of a column"),
        ({"normalize": "email"}, UnsupportedInputError, "a field kind such as"),
        ({"normalize": Email}, UnsupportedInputError, "a field kind such as"),
    ],
)
def test_what_makes_no_sense_is_told(wrong, error, told) -> None:
    with pytest.raises(error, match=told) as caught:
        Namespace(**{"name": "x", **wrong})
    assert isinstance(caught.value, IdentigraphError)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"attribute": 5}, UnsupportedInputError),
        ({"most": 0}, RangeError),
        ({"most": "many"}, ConfigurationError),
        ({"similarity": 1.5}, RangeError),
        ({"similarity": "high"}, RangeError),
    ],
)
def test_a_generic_rule_that_makes_no_sense_is_told(wrong, error) -> None:
    with pytest.raises(error):
        Generic(**{"attribute": "name", **wrong})


def blocked(values: list[str], **rules: Any) -> list[bool]:
    """Return which values say nothing."""
    return Namespace("x", **rules).is_blocked(pl.Series(values)).to_list()


@pytest.mark.parametrize(
    "value",
    [
        *("null", "NULL", "None", "n/a", "unknown", "[object Object]", "-1", "0", "00000", "0000-0000", "--", "999"),
        *("9999", "1111111", "1234567890", "test@x.org", "noreply@shop.com", "DEFAULT CUSTOMER", "Guest"),
    ],
)
def test_what_forms_and_trackers_write_for_nothing_is_blocked(value) -> None:
    assert blocked([value]) == [True]


@pytest.mark.parametrize("value", ["ann", "nullabor", "99", "1112", "100", "atest@x.org", "guest7", "no"])
def test_what_only_looks_alike_is_not_blocked(value) -> None:
    assert blocked([value]) == [False]


def test_blocked_values_are_compared_as_a_whole_and_in_lower_case() -> None:
    rules = {"blocked": ["Kiosk", "STRAßE", re.compile("STORE-[0-9]+|desk")]}
    told = ["KIOSK", "kiosk 2", "straße", "store-7", "Store-7", "my store-7", "desks", "null"]
    assert blocked(told, **rules) == [True, False, True, True, True, False, False, False]
    assert blocked(["null", "x"], blocked=()) == [False, False]


def test_valid_is_about_the_whole_value() -> None:
    values = pl.Series(["a1", "a1b", "b", "c"])
    assert Namespace("x", valid="a[0-9]|b").is_valid(values).to_list() == [True, False, True, False]
    assert Namespace("x").is_valid(values).to_list() == [True] * 4


def test_values_are_normalized_by_a_kind_a_function_or_without_blanks() -> None:
    values = pl.Series([" A@X.com ", " ", "b"])
    assert Namespace("x").normalized(values).to_list() == ["A@X.com", None, "b"]
    assert Namespace("x", normalize=Email()).normalized(values).to_list() == ["a@x.com", None, None]
    upper = Namespace("x", normalize=lambda column: column.str.to_uppercase())
    assert upper.normalized(values).to_list() == [" A@X.COM ", " ", "B"]


FULL = Namespace(
    "x",
    kind="contact",
    limit=2,
    priority=4,
    window=timedelta(days=1, microseconds=5),
    max_entities=3,
    policy="cap",
    valid="a+",
    blocked=["null", re.compile("0+")],
    generic=Generic("name", most=3, similarity=0.9),
    linkable=True,
    ttl=timedelta(seconds=5),
    confidence=0.7,
    column="y",
)


@pytest.mark.parametrize("space", [Namespace("x"), FULL, attrs.evolve(FULL, normalize=Email())])
def test_rules_as_plain_data_are_the_same_rules(space) -> None:
    assert Namespace.from_dict(json.loads(json.dumps(space.to_dict()))) == space
    assert Namespace.from_dict(json.loads(json.dumps(rules_of(space)))) == attrs.evolve(space, normalize=None)


def test_rules_are_read_as_one_writes_them_by_hand() -> None:
    assert Namespace.from_dict({"name": "login", "kind": "login", "limit": 1}) == Namespace(
        "login", kind="login", limit=1
    )


@pytest.mark.parametrize(
    ("data", "error", "told"),
    [
        ([], ConfigurationError, "Namespace is read from a mapping, got 'list'"),
        ({}, ConfigurationError, "Namespace is damaged: a Namespace lacks 'name'"),
        ({"name": "x", "limits": 1}, ConfigurationError, "Namespace has 'limits', which Namespace does not have"),
        ({"name": "x", "normalize": "email"}, UnsupportedInputError, "a field kind such as"),
        ({"name": "x", "generic": {"is": "Generic", "most": 3, "x": 1}}, ConfigurationError, "generic has 'x'"),
        ({"name": "x", "generic": {"is": "Generic"}}, ConfigurationError, "generic is damaged.* lacks 'attribute'"),
        ({"name": "x", "generic": 3}, UnsupportedInputError, "generic as an ig.Generic"),
        ({"name": "x", "blocked": [5]}, UnsupportedInputError, "blocked as text"),
        ({"name": "x", "limit": 0}, RangeError, "limit"),
        ({"name": "x", "limit": 1, "window": "day"}, UnsupportedInputError, "window as a datetime.timedelta"),
    ],
)
def test_plain_data_that_are_no_rules_are_told(data, error, told) -> None:
    with pytest.raises(error, match=told):
        Namespace.from_dict(data)
