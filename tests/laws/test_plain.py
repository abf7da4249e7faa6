"""Laws of plain data: what is written comes back as it was, and its hash follows from what it is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from inspect import isclass
from typing import Any

import attrs
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from plain_values import CLASSES, EVERY, EXAMPLES, FACES, NO_SETTINGS

from identigraph.plain import apart, fingerprint, restored, written
from identigraph.plain.known import known_classes
from identigraph.plain.reading import Reader
from identigraph.plain.tables import ARRAY_TYPES
from identigraph.plain.writing import IS, OWN, Frames, Writer

DOES = ("candidates", "grades", "levels", "normalize", "build", "classes", "fit")
"""What values do that a resolver is made of."""
NO_RESOLVER = {
    *("Algebra", "BlockStrategy", "Comparisons", "Layout", "ModelNumbers", "PairComparer", "Pattern", "Population")
}
"""Classes that do such a thing and are no settings: parts of algorithms, and what others inherit."""


def through_json(value: Any) -> Any:
    """Return what a value comes back as."""
    return restored(json.loads(json.dumps(written(value), allow_nan=False)), type(value))


def through_tables(value: Any) -> Any:
    """Return what a value comes back as, large tables apart."""
    data, tables = apart(value)
    return restored(json.loads(json.dumps(data, allow_nan=False)), type(value), tables=tables)


def content(value: Any) -> Any:
    """Return what a value holds as something that equals the content of the same values only."""
    if attrs.has(type(value)):
        found: Any = [content(getattr(value, field.name)) for field in attrs.fields(type(value))]
    elif isinstance(value, pl.Series):
        found = value.name, str(value.dtype), content(value.to_list())
    elif isinstance(value, pl.DataFrame):
        found = [content(column) for column in value]
    elif isinstance(value, np.ndarray):
        found = str(value.dtype), value.shape, value.tobytes()
    elif isinstance(value, Mapping):
        found = [(key, content(item)) for key, item in value.items()]
    elif isinstance(value, list | tuple):
        found = [content(item) for item in value]
    else:
        found = value.hex() if isinstance(value, float) else value
    return type(value), found


def same(left: Any, right: Any) -> bool:
    """Tell whether two values are the same to the last bit, tables and arrays by what they hold."""
    return bool(content(left) == content(right))


@pytest.mark.parametrize("name", sorted({name for face in FACES for name in face.__all__} - NO_SETTINGS))
def test_every_public_setting_can_be_written(name: str) -> None:
    """A new strategy, comparator, kind, builder, matcher or measure stands among the examples, which come back."""
    public = [getattr(face, name) for face in FACES if name in face.__all__]
    assert name in EXAMPLES or any(isclass(each) and each in CLASSES for each in public)


def test_every_class_of_settings_is_among_the_examples() -> None:
    does = {each for each in known_classes().values() if any(hasattr(each, name) for name in DOES)}
    assert {each.__name__ for each in does - CLASSES} == NO_RESOLVER


@pytest.mark.parametrize("value", EVERY, ids=lambda value: re.sub(r"\W+", " ", repr(value))[:60])
def test_values_come_back_as_they_were(value: Any) -> None:
    for again in (through_json(value), through_tables(value)):
        assert same(again, value)
        assert repr(again) == repr(value)
        assert written(again) == written(value)
        assert fingerprint(again) == fingerprint(value)


def test_different_values_have_different_hashes() -> None:
    """Those that are equal but for a note share one."""
    hashes = {}
    for value in EVERY:
        hashes.setdefault(fingerprint(value), []).append(value)
    assert [each for each in hashes.values() if len(each) > 1] == []


@pytest.mark.parametrize("kind", sorted(CLASSES, key=lambda kind: kind.__name__))
def test_no_field_is_called_like_a_word_of_the_format(kind: type) -> None:
    assert not {field.alias for field in attrs.fields(kind)} & {IS, OWN, "version"}


NUMBERS = st.one_of(
    st.booleans(), st.integers(), st.floats(), st.floats().map(np.float64), st.integers(0, 9).map(np.int8)
)
KEYS = st.one_of(st.text(max_size=3), st.sampled_from([IS, OWN]), st.integers(), st.tuples(st.text(), st.none()))
LEAVES = st.one_of(
    st.none(),
    NUMBERS,
    st.text(),
    st.timedeltas(),
    st.sampled_from([re.compile("a+"), re.compile(r"\d", re.IGNORECASE)]),
    st.frozensets(st.one_of(st.integers(), st.text())),
    st.sets(st.booleans()),
    arrays.arrays(st.sampled_from(sorted(ARRAY_TYPES)), st.sampled_from([0, 3, (2, 3), (0, 2), ()])),
    st.lists(st.one_of(st.none(), st.floats())).map(lambda values: pl.Series("x", values, dtype=pl.Float64)),
    st.lists(st.one_of(st.none(), st.text())).map(
        lambda values: pl.DataFrame({"v": pl.Series(values, dtype=pl.String)})
    ),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.lists(inner, max_size=3).map(tuple), st.dictionaries(KEYS, inner, max_size=3)
    ),
)


def plain(value: Any) -> Any:
    """Return a value of Python, whatever numpy makes of it, and mappings without an order."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Mapping):
        return {key: plain(value[key]) for key in sorted(value, key=repr)}
    if isinstance(value, list | tuple):
        return type(value)(map(plain, value))
    return value


@given(VALUES, st.booleans())
def test_anything_plain_comes_back_as_it_was(value: Any, separate: bool) -> None:
    """To the last bit, whatever is inside of what."""
    tables: Frames = {}
    data = json.loads(json.dumps(Writer(tables if separate else None).write(value, "it"), allow_nan=False))
    assert same(plain(Reader.of((), tables).read(data, "it")), plain(value))


@given(st.integers(990, 1_010), st.sampled_from([np.float64, np.int16, np.bool_]))
def test_large_tables_go_apart_and_equal_ones_once(size: int, kind: Any) -> None:
    one, other = np.arange(size).astype(kind), pl.DataFrame({"v": np.arange(size).astype(kind)})
    tables: Frames = {}
    data = Writer(tables).write((one, one.copy(), other), "it")
    assert len(tables) == (2 if size >= 1_000 else 0)
    again = Reader.of((), tables).read(json.loads(json.dumps(data)), "it")
    assert same(again, (one, one, other))
