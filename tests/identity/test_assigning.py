"""Ids are given by pins, by claims, and else by the factory."""

from __future__ import annotations

import pytest
from made_histories import KEYS, MONDAY, factory, lived

from identigraph.errors import ConfigurationError, InvalidIntermediateError
from identigraph.identity import Register, assign

A, B, C, D = KEYS[:4]


def give(register: Register, *clusters, make=None, **told):
    return assign(register, clusters, at=MONDAY, factory=make or factory("m"), **told)


def test_new_ids_are_made_in_the_order_of_the_first_records() -> None:
    events = give(Register(), [D, B], [C], [A])
    assert [(event.entity_id, event.records) for event in events] == [("m1", (A,)), ("m2", (B, D)), ("m3", (C,))]


def test_new_ids_are_in_order_also_where_only_some_clusters_are_new() -> None:
    register = lived([{B: 0, C: 0}]).register
    events = give(register, [A], [B], [C], [D])
    assert {event.records: event.entity_id for event in events.of_kind("created")} == {
        (A,): "m1",
        (C,): "m2",
        (D,): "m3",
    }


@pytest.mark.parametrize("made", ["n1", "n2", "P", "", 7, None])
def test_a_factory_that_makes_no_new_id_is_an_error(made) -> None:
    """Neither live ids, nor those that ended, nor those that are pinned in the same breath are given once more."""
    register = lived([{A: 0, B: 1}, {A: 0, B: 0}]).register
    with pytest.raises(InvalidIntermediateError, match=r"^the id factory should return "):
        give(register, [A, B], [C], [D], make=lambda: made, pins={D: "P"})


def test_a_factory_that_makes_an_id_twice_is_an_error() -> None:
    with pytest.raises(InvalidIntermediateError, match="ids never given before, got 'X' once more"):
        give(Register(), [A], [B], make=lambda: "X")


def test_a_pinned_record_gives_its_cluster_the_id_whatever_the_weights() -> None:
    register = lived([{A: 0, B: 1, C: 1}]).register
    events = give(register, [A, B, C], pins={A: "n1"})
    assert [(event.kind, event.entity_id, event.other_ids) for event in events] == [("merged", "n1", ("n2",))]


def test_a_retired_id_can_be_pinned() -> None:
    register = lived([{A: 0, B: 1}, {A: 0}]).register
    assert [event.kind for event in give(register, [A], [C], pins={C: "n2"})] == ["revived"]


def test_a_merged_id_can_be_pinned_to_strangers_and_leaves_what_it_brought() -> None:
    """The entity that it led to is in no cluster of the area, yet forgets it."""
    register = lived([{A: 0, B: 1}, {A: 0, B: 0}]).register
    register.apply(give(register, [C], pins={C: "n2"}))
    assert register.entities == {"n1": (A, B), "n2": (C,)}
    assert register.present[B] == ("n1",)


def test_pins_of_records_that_are_not_there_are_left_out() -> None:
    assert give(Register(), [A], pins={B: "P"})[0].entity_id == "m1"


def test_pins_of_two_ids_for_one_entity_are_an_error() -> None:
    with pytest.raises(ConfigurationError, match="3 pins give the ids 'P' and 'Q' to records of one cluster"):
        give(Register(), [A, B, C], [D], pins={A: "P", B: "P", C: "Q", D: "R"})


def test_pins_of_one_id_for_two_entities_are_an_error() -> None:
    with pytest.raises(ConfigurationError, match="pins give the id 'P' to records of 2 clusters"):
        give(Register(), [A, B], [C], pins={A: "P", B: "P", C: "P"})


def test_an_erased_id_cannot_be_pinned() -> None:
    register = lived([{A: 0}]).register
    register.erase([A], at=MONDAY)
    with pytest.raises(ConfigurationError, match="pins name the id 'n1', which was erased"):
        give(register, [B], pins={B: "n1"})


def test_a_live_id_cannot_be_pinned_where_its_records_are_not_told() -> None:
    register = lived([{A: 0, B: 1}]).register
    with pytest.raises(ConfigurationError, match="pins name the id 'n2', the entity of which is not in this area"):
        give(register, [A], pins={A: "n2"})


def test_nothing_is_changed_by_assigning() -> None:
    register = lived([{A: 0, B: 1}]).register
    before = register.copy()
    give(register, [A, B], [C])
    assert register == before
