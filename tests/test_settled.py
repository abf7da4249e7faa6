"""What a resolver keeps of the records it learned from."""

from __future__ import annotations

import identigraph as ig
from identigraph import Records
from identigraph.fields import Date
from identigraph.settled import Settled

FIELDS = {"born": Date("b")}
RESOLVER = ig.Resolver(fields=FIELDS, comparators=[ig.exact("born")], blocking=ig.all_pairs())


def test_records_say_what_the_records_learned_from_tell() -> None:
    """Which of two numbers is the month, and what was asked of the whole population."""
    first = Records.of({"b": ["12/25/1990", "03/04/1990"]}, fields=FIELDS)
    first.fact("size", lambda: 2)
    settled = Settled.of(first, RESOLVER)
    alone = settled.applied(Records.of({"b": ["03/04/1990"]}))
    assert alone.column("born").values.to_list() == ["1990-03-04"]
    assert alone.facts == settled.facts == {"'size'": 2}
    assert alone.fact("size", lambda: 1) == 2


def test_its_repr_counts_and_shows_no_value() -> None:
    records = Records.of({"b": ["12/25/1990"]}, fields=FIELDS).with_facts({"secret": "secret", "other": "1990"})
    assert repr(Settled.of(records, RESOLVER)) == "<Settled: 2 facts>"
    many = records.with_facts({str(number): number for number in range(1_200)})
    assert repr(Settled.of(many, RESOLVER)) == "<Settled: 1,200 facts>"
