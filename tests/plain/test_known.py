"""What plain data may name: classes and measures of the package that are loaded, each by one name."""

from __future__ import annotations

import sys
from types import ModuleType

import attrs

import identigraph as ig
from identigraph.comparing import measures
from identigraph.plain import known
from identigraph.plain.known import known_classes, known_measures


def test_the_public_values_of_a_resolver_are_known() -> None:
    found = known_classes()
    for each in (ig.Resolver, ig.Namespace, ig.FellegiSunter, ig.fields.Email, ig.blocking.HotPolicy, ig.Points):
        assert found[each.__name__] is each


def test_what_is_private_or_no_attrs_class_or_elsewhere_is_not_known() -> None:
    found = known_classes()
    assert not [name for name in found if name.startswith("_")]
    assert not {"FieldKind", "PairwiseScore", "Table", "DataFrame", "Series", "Customers"} & set(found)
    assert all(attrs.has(each) and each.__module__.startswith("identigraph.") for each in found.values())


def test_a_name_of_two_classes_is_not_known(monkeypatch) -> None:
    """Rather than one of them by chance; both go by other names before they can be written."""
    assert known_classes()["Typos"] is ig.comparing.Typos
    module = ModuleType("identigraph.comparing.mine")
    module.Typos = attrs.make_class("Typos", [])  # type: ignore[attr-defined]
    module.Typos.__module__ = module.__name__  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    assert "Typos" not in known_classes()


def test_only_rooms_of_settings_are_looked_through(monkeypatch) -> None:
    monkeypatch.setattr(known, "ROOMS", ("blocking", "settled"))
    rooms = {each.__module__.split(".")[1] for each in known_classes().values()}
    assert rooms == {"blocking", "settled"}


def test_measures_are_those_of_their_room_and_not_what_makes_them() -> None:
    found = known_measures()
    assert set(found) == set(measures.__all__) - {"Measure", "each_pair", "measure"}
    assert found["jaro"] is measures.jaro
