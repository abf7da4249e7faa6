"""Laws of judgements: no order leaves a trace, none contradict each other, and what people decided comes out."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

import attrs
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_graphs import builders, namespaces, parts_of, streams
from made_judgements import (
    EVERY,
    LETTERS,
    added,
    as_told,
    can_be,
    day,
    judgements,
    logs,
    several,
    unnumbered,
)

from identigraph.errors import JudgementConflictError
from identigraph.graph import Center, Hierarchical, IdentityGraph, Markov
from identigraph.identity import Judgement, JudgementLog, Revocation, Rulings, contradictions, place, place_few
from identigraph.identity.placing import Placed

TIMES = [day(number) + timedelta(hours=hours) for number in range(-1, 8) for hours in (0, 12)]
SOME = st.lists(st.sampled_from(EVERY), unique=True)


@settings(max_examples=settings().max_examples * 5)
@given(several())
def test_a_contradiction_is_found_where_no_partition_is_as_all_say_and_there_alone(some) -> None:
    found = list(contradictions(some))
    assert bool(found) == (not can_be(some))
    for each in found:
        assert not can_be(each.judgements)
        assert len({one.id for one in each.judgements}) == len(each.judgements)


@given(several(), st.randoms(use_true_random=False))
def test_no_order_of_judgements_decides_whether_they_contradict_each_other(some, random) -> None:
    shuffled = random.sample(some, len(some))
    assert bool(list(contradictions(shuffled))) == bool(list(contradictions(some)))


@given(logs(), judgements(timed=True))
def test_a_judgement_is_refused_where_it_contradicts_others_at_any_time_and_there_alone(log, new) -> None:
    asked = [time for time in TIMES if new.at <= time and (new.expires is None or time < new.expires)]
    fits = all(can_be([*log.active(time), new]) for time in asked)
    if fits:
        grown = added(log, new)
        assert grown.entries[:-1] == log.entries
        for time in TIMES:
            assert can_be(grown.active(time))
            grown.rulings(time)
    else:
        with pytest.raises(JudgementConflictError) as caught:
            added(log, new)
        assert all(len(log) + 1 in ids for ids in caught.value.judgements)


@given(logs(), st.randoms(use_true_random=False))
def test_what_is_in_force_does_not_depend_on_the_order_of_entries(log, random) -> None:
    """Neither of those of one time, nor of others: a log may be told late."""
    made = [entry for entry in log.entries if isinstance(entry, Judgement)]
    taken = [entry for entry in log.entries if isinstance(entry, Revocation)]
    shuffled = random.sample(made, len(made))
    number = {entry.id: place for place, entry in enumerate(shuffled, start=1)}
    renumbered = [attrs.evolve(entry, id=number[entry.id]) for entry in shuffled]
    renumbered += [
        attrs.evolve(entry, id=len(made) + place, revokes=number[entry.revokes])
        for place, entry in enumerate(random.sample(taken, len(taken)), start=1)
    ]
    other = JudgementLog(tuple(renumbered))
    for time in TIMES:
        assert unnumbered(other.active(time)) == unnumbered(log.active(time))


@given(logs(), judgements(timed=True), st.integers(0, 2))
def test_what_is_revoked_is_from_then_on_as_if_it_had_never_been_said(log, new, days) -> None:
    try:
        grown = added(log, new)
    except JudgementConflictError:
        return
    revoked = new.at + timedelta(days=days)
    taken_back = grown.revoke(len(grown), at=revoked, reason="a mistake")
    for time in TIMES:
        assert taken_back.active(time) == (log if time >= revoked else grown).active(time)
        for letter in LETTERS:
            here = taken_back.active(time, of=[letter])
            assert here == tuple(one for one in taken_back.active(time) if ("records", letter) in one.records)


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=4)


@settings(max_examples=settings().max_examples // 2)
@given(logs(), TEXTS, TEXTS, TEXTS.filter(str.strip), TEXTS)
def test_a_log_is_what_it_was_after_its_table_was_written_and_read(log, author, reason, record, source) -> None:
    log = log.must_link((source, record), "z", at=TIMES[1], author=author, reason=reason)
    assert JudgementLog.of(log.table) == log
    shuffled = log.table.to_polars().sample(fraction=1, shuffle=True, seed=1)
    assert JudgementLog.of(shuffled) == log
    assert JudgementLog.of(pl.concat([log.since(0).to_polars()[:0], JudgementLog().table.to_polars(), shuffled])) == log
    parts = [JudgementLog(log.entries[:2]).table.to_polars(), log.since(2).to_polars()]
    assert JudgementLog.of(pl.concat(parts)) == log
    with tempfile.TemporaryDirectory() as folder:
        for name in ("log.parquet", "log.ndjson"):
            assert JudgementLog.of(log.table.write(Path(folder) / name)) == log


@given(logs(), SOME, st.sampled_from(TIMES), st.booleans())
def test_both_roads_to_row_numbers_lead_to_the_same_and_it_is_what_the_keys_ask_for(log, there, time, known) -> None:
    rulings = log.rulings(time, known=set(there) if known else None)
    keys = pl.DataFrame({"source": ["records"] * len(there), "record_id": [key[1] for key in there]}, schema=TEXT)
    joined, plain = place(rulings, keys), place_few(rulings, there)
    for verdict, pairs in joined.judgements.by_verdict.items():
        assert pairs.codes().tolist() == plain.judgements.by_verdict[verdict].codes().tolist()
    assert joined.locks.tolist() == plain.locks.tolist()
    present = log.rulings(time, known=set(there))
    assert joined.dormant == plain.dormant == len(present.dormant)
    assert joined.locks.tolist() == [present.locks.get(key, -1) for key in there]
    for verdict, asked in (("cannot_link", present.cannot), ("unsure", present.unsure)):
        pairs = {frozenset((there[left], there[right])) for left, right in ends(joined, verdict)}
        assert pairs == {frozenset(pair) for pair in asked}
    chained = IdentityGraph.of({"id": [*LETTERS]}, id="id", judgements=table_of(present))
    groups = {frozenset(LETTERS[row] for row in part) for part in parts_of(chained.groups)}
    assert {frozenset(there[row][1] for row in part) for part in parts_of(joined.judgements.groups(len(there)))} == {
        part for part in groups if part <= {key[1] for key in there}
    }


TEXT = {"source": pl.String, "record_id": pl.String}


def ends(placed: Placed, verdict: str) -> list[tuple[int, int]]:
    """Return the judged pairs of a verdict."""
    pairs = placed.judgements.by_verdict[verdict]
    return list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))


def table_of(rulings: Rulings) -> pl.DataFrame:
    """Return what goes together as a table of pairs."""
    rows = [(left[1], right[1], "must_link") for left, right in rulings.must]
    return pl.DataFrame(rows, schema=dict.fromkeys(("left", "right", "judgement"), pl.String), orient="row")


@given(streams(judged=False), namespaces(), builders(), several(3))
def test_entities_are_as_people_decided_whatever_the_evidence(stream, spaces, builder, some) -> None:
    """What must be linked is together, what cannot be linked apart, and locked records are an entity of their own."""
    if not can_be(some):
        with pytest.raises(JudgementConflictError):
            Rulings.of(some)
        return
    letters = [("records", letter) for letter in (LETTERS + "xyz")[: stream.n]]
    there = [attrs.evolve(one, groups=groups) for one, groups in present(some, letters)]
    placed = place_few(Rulings.of(some), letters)
    graph = placed.on(stream.graph(spaces))
    for made in (builder, Center(), Markov(), Hierarchical("complete")):
        entities = parts_of(made.build(graph).labels)
        partition = [{letters[row] for row in part} for part in entities]
        assert as_told(partition, [one for one in there if one.kind != "pin"])


def present(
    some: list[Judgement], letters: list[tuple[str, str]]
) -> list[tuple[Judgement, list[list[tuple[str, str]]]]]:
    """Return the judgements that say something of the records that there are, with these."""
    rulings = Rulings.of(some, known=set(letters))
    told = zip(rulings.judgements, rulings.groups, strict=True)
    return [(one, [list(group) for group in groups if group]) for one, groups in told if one not in rulings.dormant]


@given(logs(), st.sampled_from(TIMES))
def test_locks_of_a_graph_are_the_only_thing_that_takes_evidence_out(log, time) -> None:
    placed = place_few(log.rulings(time), EVERY)
    graph = IdentityGraph.of(
        {"id": [*LETTERS]}, id="id", edges=[(a, b, 0.9) for a in LETTERS for b in LETTERS if a < b]
    )
    kept = placed.on(graph)
    same = placed.locks[graph.scored.left] == placed.locks[graph.scored.right]
    assert kept.scored.left.tolist() == graph.scored.left[same].tolist()
    assert np.array_equal(kept.groups, placed.judgements.groups(len(EVERY)))
