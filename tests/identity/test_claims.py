"""Claims weigh the records shared; of an id that is parted those count that were in it first."""

from __future__ import annotations

from made_histories import KEYS, lived, weigh_by

from identigraph.identity.claims import Claim, claims_of, winners

A, B, C, D = KEYS[:4]
W = KEYS[4]


def weights(history, *clusters, by_source=None):
    register = lived(history, by_source).register
    claims = claims_of(register, dict(enumerate(clusters)), weigh_by(by_source or {}))
    return {entity_id: dict(claim.weights) for entity_id, claim in claims.items()}


MERGED = [{A: 0, B: 0, C: 1}, {A: 0, B: 0, C: 0}]


def test_what_stays_whole_counts_all_it_acquired() -> None:
    assert weights(MERGED, [A, B, C, D]) == {"n1": {0: 3}, "n2": {0: 1}}


def test_what_is_parted_counts_its_own_records() -> None:
    assert weights(MERGED, [A], [B, C]) == {"n1": {0: 1, 1: 1}, "n2": {1: 1}}
    assert weights(MERGED, [A, B], [C]) == {"n1": {0: 2}, "n2": {1: 1}}


def test_records_that_weigh_nothing_part_no_id() -> None:
    history = [{A: 0, W: 0, C: 1}, {A: 0, W: 0, C: 0}]
    assert weights(history, [A, C], [W], by_source={"web": 0})["n1"] == {0: 2}


def test_an_id_of_records_that_weigh_nothing_goes_by_their_number() -> None:
    assert weights([{A: 0, B: 0, C: 0}], [A, B], [C], by_source={"crm": 0}) == {"n1": {0: 2, 1: 1}}


def test_an_id_of_records_that_weigh_nothing_has_no_chance_where_records_of_weight_have_a_claim() -> None:
    register = lived([{A: 0, B: 0, W: 1}]).register
    claims = {"n1": Claim({0: 2.0, 1: 1.0}, True, True), "n2": Claim({1: 1.0, 2: 1.0}, False, True)}
    assert winners(claims, register, {}) == {0: "n1", 2: "n2"}


def test_live_ids_come_before_heavier_ones_that_ended() -> None:
    register = lived([{A: 0, B: 1}, {A: 0}]).register
    claims = {"n1": Claim({0: 1.0}, True, True), "n2": Claim({0: 9.0, 1: 1.0}, True, True)}
    assert winners(claims, register, {}) == {0: "n1", 1: "n2"}


def test_ties_go_to_the_older_then_the_lower_id_then_the_first_cluster() -> None:
    register = lived([{B: 0}, {B: 0, A: 1, C: 2}]).register
    even = {i: Claim({0: 1.0, 1: 1.0}, True, True) for i in ("n3", "n2", "n1")}
    assert winners(even, register, {}) == {0: "n1", 1: "n2"}
