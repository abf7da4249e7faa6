"""Reading: nothing but values of the package and of the classes that were named, and what is wrong with data."""

from __future__ import annotations

import builtins
import json
import re
from typing import Any

import numpy as np
import pytest

import identigraph as ig
from identigraph import comparing, estimators
from identigraph.comparing import Typos
from identigraph.errors import (
    ColumnNotFoundError,
    ConfigurationError,
    PlainDataError,
    RangeError,
    UnsupportedInputError,
)
from identigraph.plain import restored, written
from identigraph.plain.reading import Reader
from identigraph.records.facts import Lookup

TYPOS = {"is": "Typos", "feature": "name"}
LATER = "the data may be of a later version: update identigraph"
TABLE = {"is": "frame", "columns": [["value", "String", ["x"]], ["number", "Float64", [2.0]]]}


@pytest.mark.parametrize(
    "name", ["os.system", "system", "Popen", "subprocess.Popen", "eval", "builtins.eval", "__import__", "Writer", "sys"]
)
@pytest.mark.parametrize("form", ["class", "measure", "estimator", "array", "function", "column"])
def test_data_cannot_name_code(name: str, form: str, monkeypatch) -> None:
    """Neither of the library beside its settings, nor of Python, nor of other packages; nothing is imported for it."""

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(estimators, "import_module", refuse)
    monkeypatch.setattr(builtins, "__import__", refuse)
    data: dict[str, Any] = {
        "class": {"is": name, "args": "ls"},
        "measure": {"is": "measure", "name": name},
        "estimator": {"is": "estimator", "name": name, "parameters": {}},
        "array": {"is": "array", "type": name, "shape": [1], "columns": [["values", "Int64", [1]]]},
        "function": {"is": "Derived", "function": name, "feature": "name"},
        "column": {"is": "frame", "columns": [["a", name, []]]},
    }[form]
    for inside in (data, {"is": "Typos", "feature": data}, {"is": "Resolver", "blocking": [data]}):
        with pytest.raises((ConfigurationError, ColumnNotFoundError)):
            restored(inside, Typos)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"is": "Typoes"}, f"Typos is of class 'Typoes', which this version of identigraph does not have; {LATER}"),
        (TYPOS | {"swaps": 1}, f"Typos has 'swaps', which Typos does not have in this version; {LATER}"),
        (TYPOS | {"_x": 1, "y": 2}, f"Typos has '_x', 'y', which Typos does not have in this version; {LATER}"),
        ({"most": 1}, "Typos is damaged: a Typos lacks 'feature'"),
        (TYPOS | {"most": "x"}, "Typos is damaged: it makes no Typos"),
        (TYPOS | {"most": {1}}, "Typos.most is no plain data, but of class 'set'"),
        ({"is": "AllPairs"}, "Typos is expected, and the data describe a 'AllPairs'"),
        (TYPOS | {"version": 2}, "Typos is of version 2 of the format, this release reads up to 1"),
        (TYPOS | {"version": 0}, "Typos is of version 0 of the format"),
        (TYPOS | {"version": True}, "Typos is of version True of the format"),
        (TYPOS | {"version": "1"}, "Typos is of version '1' of the format"),
        ([TYPOS], "Typos is read from a mapping, got 'list'"),
        (TYPOS | {"feature": {"is": "Derived"}}, "Typos.feature is damaged: a Derived lacks 'function', 'feature'"),
        (TYPOS | {"feature": {"is": "measure", "name": "jaroo"}}, f"is the measure 'jaroo', which .*; {LATER}"),
        (TYPOS | {"feature": {"is": "measure"}}, "Typos.feature is damaged: it makes no measure"),
        (TYPOS | {"feature": {"is": "pattern", "pattern": "(", "flags": 0}}, "it makes no pattern"),
        (TYPOS | {"feature": {"is": "timedelta", "microseconds": 10**30}}, "it makes no timedelta"),
        (TYPOS | {"feature": {"is": "number", "value": "x"}}, "it makes no number"),
        (TYPOS | {"feature": {"is": "mapping", "items": [1]}}, "it makes no mapping"),
        (TYPOS | {"feature": {"is": "set", "items": [{"is": "list", "items": []}]}}, "it makes no set"),
        (
            TYPOS | {"feature": {"is": "array", "type": "int8", "shape": [3], "columns": [["values", "Int8", [1]]]}},
            "it makes no array",
        ),
        (TYPOS | {"feature": {"is": "frame", "table": "abc"}}, "was kept apart: give the table 'abc' in tables="),
        (TYPOS | {"feature": {"is": "Mine", "own": {}}}, r"'Mine', which is no class of identigraph; give classes=\[M"),
    ],
)
def test_what_is_wrong_with_data_is_told_with_its_place(data: Any, told: str) -> None:
    with pytest.raises(PlainDataError, match=told) as caught:
        restored(data, Typos)
    assert str(caught.value).startswith(caught.value.where)


def test_settings_that_make_no_sense_are_refused_as_where_they_are_made() -> None:
    with pytest.raises(RangeError, match="most must lie between"):
        restored(TYPOS | {"most": 99}, Typos)
    data = written(ig.Resolver(ig.block_on("a"), [ig.exact("a")]))
    with pytest.raises(ExceptionGroup) as caught:
        ig.Resolver.from_dict(data | {"comparators": [], "seed": -1})
    assert [type(each) for each in caught.value.exceptions] == [ConfigurationError, RangeError]


def test_data_that_do_not_say_what_they_are_are_taken_for_what_is_asked_for() -> None:
    assert restored({"feature": "name", "most": 2}, Typos) == Typos("name", 2)


def test_tuples_of_python_are_read_like_lists_of_json() -> None:
    assert restored({"is": "JaroWinkler", "feature": "a", "cutoffs": (0.5,)}, comparing.JaroWinkler).cutoffs == (0.5,)


def test_tables_are_taken_as_they_are_given() -> None:
    table = restored({"is": "Lookup", "table": TABLE, "rest": 1, "total": 3}, Lookup).table
    data = {"is": "Lookup", "table": {"is": "frame", "table": "mine"}, "rest": 1, "total": 3}
    assert restored(data, Lookup, tables={"mine": table}).table is table


def test_arrays_that_come_back_are_read_only() -> None:
    data = written(comparing.vectors("v", [[1, 2]]))
    array = Reader.of((), {}).read(data["measure"]["vectors"], "it")
    assert array.tolist() == [[1.0, 2.0]]
    assert not array.flags.writeable


class Vowels:
    """A comparator of one's own: how many vowels two texts share."""

    labels = ("differs", "equal")

    def __init__(self, feature: Any, most: int = 3) -> None:
        """Keep what is compared."""
        self.feature, self.most, self.name = feature, most, "vowels"

    def levels(self, records, pairs):
        """Return 1 where both have as many."""
        texts = records.column(self.feature).decoded().fill_null("").str.count_matches("[aeiou]").to_numpy()
        both = np.minimum(texts, self.most)
        return (both[pairs.left] == both[pairs.right]).astype(np.int8)

    def to_dict(self) -> dict[str, Any]:
        """Return the settings; values of the library may be among them."""
        return {"feature": self.feature, "most": self.most, "is": ("a", "tuple")}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Vowels:
        """Return the comparator with these settings."""
        assert data.pop("is") == ("a", "tuple")
        return cls(**data)


PEOPLE = {"name": ["anna", "anno", "bob", "rob"], "town": ["x", "x", "y", "y"]}


def test_classes_of_ones_own_come_back_where_they_are_named() -> None:
    resolver = ig.Resolver(ig.all_pairs(), [Vowels(ig.soundex("name"), 2), ig.exact("town")])
    found = ig.Resolver.resolve(resolver, PEOPLE)
    data = json.loads(json.dumps(found.resolver.to_dict()))
    again = ig.Resolver.from_dict(data, classes=[Vowels])
    own = again.comparators[0]
    assert (type(own), own.feature, own.most) == (Vowels, ig.soundex("name"), 2)
    assert again.hash == found.resolver.hash
    scored = again.resolve(PEOPLE).scored
    assert scored.match_weight.tolist() == found.scored.match_weight.tolist()
    with pytest.raises(PlainDataError, match=r"^Resolver\.comparators\[0\] is of class 'Vowels'.*classes=\[Vowels\]"):
        ig.Resolver.from_dict(data)


@pytest.mark.parametrize("wrong", [Vowels("a"), int, "Vowels", re.compile("a")])
def test_classes_are_classes_with_from_dict(wrong: Any) -> None:
    with pytest.raises(UnsupportedInputError, match=r"classes of your own that have from_dict\(data\)"):
        restored(TYPOS, Typos, classes=[wrong])


def test_two_classes_of_one_name_are_refused() -> None:
    other = type("Vowels", (), {"from_dict": None})
    with pytest.raises(ConfigurationError, match="two of the classes share a name: Vowels, Vowels; rename one"):
        restored(TYPOS, Typos, classes=[Vowels, other])
