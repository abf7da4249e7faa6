"""Writing: how each sort of value looks, and what cannot be written."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import attrs
import numpy as np
import polars as pl
import pytest
from raw_kind import Raw

import identigraph as ig
from identigraph import comparing, fields, graph
from identigraph.comparing import measures
from identigraph.errors import IdentigraphError, NotPlainError
from identigraph.plain import written
from identigraph.plain.writing import Writer


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (None, None),
        (True, True),
        (3, 3),
        (0.1, 0.1),
        (np.float32(0.5), 0.5),
        (np.int64(2**62), 2**62),
        (np.bool_(True), True),
        (np.str_("x"), "x"),
        (float("-inf"), {"is": "number", "value": "-inf"}),
        (("a", (1,)), ["a", [1]]),
        (["a"], {"is": "list", "items": ["a"]}),
        ({"b", "a"}, {"is": "set", "items": ["a", "b"]}),
        (frozenset({3, 20}), {"is": "frozenset", "items": [20, 3]}),
        ({"b": 1, "a": (2,)}, {"b": 1, "a": [2]}),
        ({2: "b", 1: "a"}, {"is": "mapping", "items": [[1, "a"], [2, "b"]]}),
        ({"is": 1}, {"is": "mapping", "items": [["is", 1]]}),
        (timedelta(days=1, microseconds=1), {"is": "timedelta", "microseconds": 86_400_000_001}),
        (re.compile("a", re.IGNORECASE), {"is": "pattern", "pattern": "a", "flags": 34}),
        (
            np.array([[1.0, np.nan]], dtype=np.float32),
            {"is": "array", "type": "float32", "shape": [1, 2], "columns": [["values", "Float32", [1.0, "nan"]]]},
        ),
        (pl.Series("n", ["a"]), {"is": "series", "name": "n", "columns": [["values", "String", ["a"]]]}),
        (pl.DataFrame({"n": [1]}), {"is": "frame", "columns": [["n", "Int64", [1]]]}),
        (measures.jaro, {"is": "measure", "name": "jaro"}),
        (fields.Email(), {"is": "Email"}),
        (fields.Email("mail"), {"is": "Email", "column": "mail"}),
    ],
)
def test_each_sort_of_value_has_its_form(value: Any, plain: Any) -> None:
    made = Writer().write(value, "it")
    assert json.dumps(made, allow_nan=False) == json.dumps(plain)


def test_what_has_its_default_is_left_out_whatever_made_the_default() -> None:
    assert written(graph.ConstrainedComponents(linkage=graph.AverageLinkage())) == {
        "version": 1,
        "is": "ConstrainedComponents",
    }
    assert written(graph.ConstrainedComponents(linkage=graph.AverageLinkage(0.5)))["linkage"] == {
        "is": "AverageLinkage",
        "threshold": 0.5,
    }


def test_what_was_only_computed_is_not_written() -> None:
    """As the values that a table of facts has looked up."""
    found = ig.resolve({"name": ["ann lee", "ann lee", "bob"], "town": ["x", "x", "y"]}).resolver.settled.facts
    lookup = next(fact for fact in found.values() if hasattr(fact, "numbers"))
    before = written(lookup)
    lookup.numbers(pl.Series(["ann lee"]))
    assert written(lookup) == before
    assert set(before) == {"version", "is", "table", "rest", "total"}


def vowels(value: str) -> str:
    """Return the vowels of a text."""
    return "".join(letter for letter in value if letter in "aeiou")


@attrs.frozen
class Mine(comparing.Typos):
    """A grader made of one of the library's."""


class Half:
    """A matcher of which one half was written."""

    to_dict = None

    def from_dict(self) -> None:
        """Return nothing."""


RESOLVER = ig.Resolver(ig.block_on("a"), [ig.exact("a")])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"blocking": ig.all_pairs() | ig.block_on("a", ig.derive(vowels, "b"))},
            (
                r"^Resolver\.blocking\.strategies\[1\]\.features\[1\]\.function is the function 'vowels', which plain "
                r"data cannot hold; .* of the table, or give an object of a class of your own to_dict\(\) and from_dict"
            ),
        ),
        (
            {"comparators": [ig.exact("b"), comparing.scored_by("a", lambda a, b: a < b)]},
            r"^Resolver\.comparators\[1\]\.graders\[0\]\.measure is the function 'lambda', which",
        ),
        (
            {"comparators": [comparing.measured("a", measures.jaro, scale=max)]},
            r"^Resolver\.comparators\[0\]\.graders\[0\]\.options\[0\]\[1\] is the function 'max', which",
        ),
        (
            {"fields": {"code": Raw()}},
            r"^Resolver\.fields\['code'\] is of class 'Raw', .* or give Raw to_dict\(\) and from_dict\(data\), and",
        ),
        (
            {"namespaces": [ig.Namespace("a", normalize=pl.Series.abs)]},
            r"^Resolver\.namespaces\[0\]\.normalize is the function 'abs'",
        ),
        (
            {"comparators": [attrs.evolve(ig.exact("a"), graders=(Mine("a"),))]},
            r"^Resolver\.comparators\[0\]\.graders\[0\] is of class 'Mine'",
        ),
        (
            {"comparators": [attrs.evolve(ig.exact("a"), conflict=Half())]},
            r"^Resolver\.comparators\[0\]\.conflict is of class 'Half'",
        ),
        (
            {"comparators": [attrs.evolve(ig.exact("a"), silent=Half)]},
            r"^Resolver\.comparators\[0\]\.silent is the class 'Half'",
        ),
    ],
)
def test_what_cannot_be_written_is_named_with_its_place_and_what_to_do(change: dict[str, Any], told: str) -> None:
    with pytest.raises(NotPlainError, match=told) as caught:
        attrs.evolve(RESOLVER, **change).to_dict()
    assert isinstance(caught.value, IdentigraphError)
    assert str(caught.value).startswith(f"{caught.value.where} is ")


def test_a_class_that_inherits_how_it_is_written_does_not_write_itself() -> None:
    class Table(ig.Rules):
        """Rules with something else."""

    with pytest.raises(NotPlainError, match=r"^Table is of class 'Table'"):
        Table([]).to_dict()
