"""Engines of live indexes: what they need, and what they show."""

from __future__ import annotations

from itertools import count
from typing import Any

import attrs
import numpy as np
import pytest
from made_people import AT
from made_stores import PEOPLE, ROE, resolver

import identigraph as ig
from identigraph.comparing import exact, vectors
from identigraph.errors import ConfigurationError
from identigraph.live.engine import Engine, Naming, obstacles
from identigraph.live.parts import Parts

WARNINGS = ("HotBlockWarning", "EmptyBlockingWarning", "FitWarning")
pytestmark = [pytest.mark.filterwarnings(f"ignore::identigraph.errors.{name}") for name in WARNINGS]
MAIL = ig.block_on("mail")
SPACE = "identifiers that link or limit"


def parts(people: Any = None, **changes: Any) -> Parts:
    """Return the parts of the resolution of people who are one where their addresses are equal."""
    made = attrs.evolve(resolver(), **changes)
    return Parts.of(made.resolve(people or {**PEOPLE, "login": ["x", "y", "y"]}, id="id"))


def engine(found: Parts) -> Engine:
    """Return an engine that numbers entities."""
    return Engine.of(found, log=ig.JudgementLog(), at=AT, naming=Naming(count().__next__, lambda _: 1.0))


SETTINGS = [
    ({}, ()),
    ({"blocking": MAIL | ig.block_on("login")}, ()),
    ({"builder": ig.ConstrainedComponents(linkage=ig.AverageLinkage())}, ()),
    ({"namespaces": [ig.Namespace("login", kind="household")]}, ()),
    ({"blocking": MAIL | ig.all_pairs()}, ("blocking that is no union of keys",)),
    ({"link": "within"}, ("links across or within sources only",)),
    ({"namespaces": [ig.Namespace("login", kind="login")]}, (SPACE,)),
    ({"namespaces": [ig.Namespace("login", kind="household", limit=1)]}, (SPACE,)),
    ({"builder": ig.Components()}, ("a builder other than average linkage",)),
    (
        {"builder": ig.ConstrainedComponents(linkage=ig.AverageLinkage(), most_records=2)},
        ("a builder other than average linkage",),
    ),
    (
        {"comparators": [exact("mail", frequency=False), vectors("meaning", np.ones((3, 2)))]},
        ("a comparator or matcher that looks at whole tables",),
    ),
]


@pytest.mark.parametrize(("changes", "told"), SETTINGS, ids=str)
def test_what_keeps_from_asking_record_by_record_is_told(changes: Any, told: tuple[str, ...]) -> None:
    assert obstacles(parts(**changes)) == told


def test_one_record_per_source_is_an_obstacle() -> None:
    people = {**PEOPLE, "source": ["x", "y", "x"]}
    found = attrs.evolve(resolver(), unique=True, link="across").resolve(people, id="id", source="source")
    assert obstacles(Parts.of(found)) == ("links across or within sources only", "one record per source and entity")


def test_so_are_what_has_not_learned_lists_and_what_is_pending() -> None:
    found = parts()
    plain = attrs.evolve(found, resolver=resolver())
    assert obstacles(plain) == ("a resolver that has not learned",)
    assert obstacles(attrs.evolve(found, pending=np.array([False, True, False]))) == ("records that are pending",)
    assert obstacles(parts({**PEOPLE, "tags": [["x", "y"], ["x"], None]})) == ("columns of lists",)


def test_engines_are_of_average_linkage() -> None:
    with pytest.raises(ConfigurationError, match="average linkage"):
        _ = engine(parts(builder=ig.Components())).linkage


def test_no_value_stands_in_what_is_shown() -> None:
    made = engine(parts())
    assert (repr(made), repr(made.held)) == ("<Engine: 3 records, 2 entities>", "<Held: 3 records>")
    assert repr(made.verdicts) == f"<Verdicts: on {len(made.verdicts._looked_at)} patterns>"


def test_what_came_is_seen_when_it_is_taken() -> None:
    made = engine(parts())
    coming = made.coming(("records", "d"), {"mail": ROE})
    assert [made.held.keys[each.slot][1] for each in coming.kept] == ["c"]
    came = made.came(coming, at=AT)
    again = made.coming(("records", "e"), {"mail": ROE})
    assert [made.held.keys[each.slot][1] for each in again.kept] == ["c"]
    assert made.register.entity_of(("records", "d")) is None
    made.take(came)
    again = made.coming(("records", "e"), {"mail": ROE})
    assert sorted(made.held.keys[each.slot][1] for each in again.kept) == ["c", "d"]
    assert made.register.entity_of(("records", "d")) == made.register.entity_of(("records", "c"))
