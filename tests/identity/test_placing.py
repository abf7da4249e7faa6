"""Rulings by row number: for tables, for a few records, and on a graph."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from made_judgements import START

import identigraph as ig
from identigraph.errors import ConfigurationError, UnknownIdError
from identigraph.identity import JudgementLog, place, place_few, place_on

KEYS = pl.DataFrame({"source": ["web", "crm", "web", "crm"], "record_id": [1, 1, 2, 2]})
CRM1, CRM2, WEB1, WEB2 = ("crm", 1), ("crm", 2), ("web", 1), ("web", 2)


def told(log):
    """Return the rulings of a log."""
    return log.rulings(START)


def pairs(found):
    """Return pairs as tuples."""
    return list(zip(found.left.tolist(), found.right.tolist(), strict=True))


def test_pairs_are_by_row_and_told_with_who_said_so_and_why() -> None:
    log = JudgementLog().must_link(WEB2, CRM1, WEB1, at=START, author="ann", reason="one person")
    log = log.cannot_link(CRM2, WEB1, at=START, author="bob").lock([WEB1, CRM1, WEB2], at=START)
    log = log.unsure(CRM2, WEB2, at=START, reason="no idea")
    placed = place(told(log), KEYS)
    found = placed.judgements
    assert (pairs(found.must), pairs(found.cannot), pairs(found.unsure)) == ([(0, 1), (1, 2)], [(0, 3)], [(2, 3)])
    first = {"judgement_id": 1, "kind": "must_link", "author": "ann", "reason": "one person"}
    assert found.told["must_link"].to_dicts() == [first, first]
    assert found.told["cannot_link"].to_dicts() == [
        {"judgement_id": 2, "kind": "cannot_link", "author": "bob", "reason": ""}
    ]
    assert found.told["unsure"].to_dicts() == [{"judgement_id": 4, "kind": "unsure", "author": "", "reason": "no idea"}]
    assert placed.locks.tolist() == [3, 3, 3, -1]
    assert placed.dormant == 0


def test_records_that_are_not_there_are_left_out_and_dormant_judgements_counted() -> None:
    log = JudgementLog().must_link(CRM1, ("crm", 9), at=START).must_link(CRM1, ("crm", 8), WEB1, at=START)
    log = log.lock([("web", 9)], at=START).pin([("web", 9)], "X", at=START).pin([WEB1, ("web", 8)], "Y", at=START)
    log = log.split([("crm", 9)], [CRM2, WEB2], at=START).lock([CRM2, ("shop", 1)], at=START)
    rulings = told(log)
    for placed in (place(rulings, KEYS), place_few(rulings, [WEB1_, CRM1_, WEB2_, CRM2_])):
        assert pairs(placed.judgements.must) == [(0, 1)]
        assert len(placed.judgements) == 1
        assert placed.locks.tolist() == [-1, -1, -1, 7]
        assert placed.dormant == 4
        assert placed.notes == ("4 judgements of records that are not here, or not enough of them",)
        assert repr(placed) == "<Placed: 1 pair, 1 locked record, 4 dormant judgements>"


CRM1_, CRM2_, WEB1_, WEB2_ = ((source, str(number)) for source, number in (CRM1, CRM2, WEB1, WEB2))


def test_of_equal_locks_the_first_gives_the_number() -> None:
    log = JudgementLog().lock([CRM1], at=START).lock([CRM1], at=START)
    assert place(told(log), KEYS).locks.tolist() == [-1, 1, -1, -1]
    assert place_few(told(log), [CRM2_, CRM1_]).locks.tolist() == [-1, 1]


def test_no_judgements_and_no_records_are_no_trouble() -> None:
    assert repr(place(told(JudgementLog()), KEYS)) == "<Placed: 0 pairs, 0 locked records, 0 dormant judgements>"
    log = JudgementLog().must_link("a", "b", at=START).unsure("a", "c", at=START)
    for placed in (place(told(log), KEYS[:0]), place_few(told(log), [])):
        assert (len(placed.judgements), len(placed.locks), placed.dormant) == (0, 0, 2)
    assert place(told(JudgementLog()), KEYS).notes == ()


def test_an_id_that_came_as_text_or_as_a_number_is_one() -> None:
    log = JudgementLog().must_link(("web", "1"), ("crm", "1"), at=START)
    texts = KEYS.with_columns(pl.col("record_id").cast(pl.String))
    fractions = KEYS.with_columns(pl.col("record_id").cast(pl.Float64))
    for keys in (KEYS, texts, fractions):
        assert pairs(place(told(log), keys).judgements.must) == [(0, 1)]


def test_on_a_graph_locked_records_keep_no_evidence_but_their_own() -> None:
    login = ig.Namespace("login", kind="login")
    events = {"id": list("abcd"), "login": ["x", "x", "x", "y"]}
    graph = ig.IdentityGraph.of(events, id="id", namespaces=[login], edges=[("b", "d", 1.0), ("a", "b", 0.01)])
    assert ig.ConstrainedComponents().build(graph).labels.tolist() == [0, 0, 0, 0]
    keyed = [("", letter) for letter in "abcd"]
    log = JudgementLog().lock(keyed[:2], at=START)
    for placed in (place(told(log), graph.keys.frame), place_few(told(log), keyed)):
        locked = placed.on(graph)
        assert ig.ConstrainedComponents().build(locked).labels.tolist() == [0, 0, 1, 2]
        assert len(locked.scored) == 1


def test_a_graph_of_other_records_is_told() -> None:
    graph = ig.IdentityGraph.of(edges=[("a", "b", 0.9)])
    with pytest.raises(ConfigurationError, match="locks are a number per record: 2, got 4"):
        place(told(JudgementLog()), KEYS).on(graph)


def test_judgements_about_records_are_rulings_or_a_table_of_pairs_or_none() -> None:
    records = ig.Records.of({"id": [1, 2, 3], "name": ["ann", "bob", "cy"]}, id="id")
    row = dict(zip(records.ids.to_list(), range(3), strict=True))
    wanted = [tuple(sorted((row[1], row[3])))]
    rulings = told(JudgementLog().must_link(1, 3, at=START).lock([2], at=START))
    placed = place_on(records, rulings)
    assert pairs(placed.judgements.must) == wanted
    assert placed.locks[row[2]] == 2
    table = {"left_id": [3], "right_id": [1], "judgement": ["must_link"]}
    placed = place_on(records, table)
    assert pairs(placed.judgements.must) == wanted
    assert np.array_equal(placed.locks, [-1, -1, -1])
    assert len(place_on(records, None).judgements) == 0
    with pytest.raises(UnknownIdError):
        place_on(records, {"left_id": [3], "right_id": [9], "judgement": ["must_link"]})


def test_a_log_without_a_time_is_told() -> None:
    records = ig.Records.of({"id": [1, 2]}, id="id")
    with pytest.raises(ConfigurationError, match=r"judgements=log.rulings\(datetime.now\(UTC\)\)"):
        place_on(records, JudgementLog())
