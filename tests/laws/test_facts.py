"""The law of facts: with those of a population kept, what two of its records are to each other stays as it was."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from raw_kind import Raw

from identigraph import Pairs, Records
from identigraph.comparing import Carriers, Comparator, Graded, mail_names, measures, people
from identigraph.comparing import comparator as comparators
from identigraph.comparing.graders import JaroWinkler
from identigraph.comparing.mail_names import MadeOfNames
from identigraph.comparing.models import SameModel
from identigraph.comparing.people import Crossed, Misplaced, Rarer
from identigraph.comparing.texts import TextMeasure
from identigraph.comparing.tokens import TokenCosine

Row = dict[str, str | None]

NAMES = ("ann", "anne", "bob", "lee", "leo")
CELLS: dict[str, tuple[str | None, ...]] = {
    "given": (*NAMES, None),
    "family": (*NAMES, None),
    "phone": ("5551", "5551", "5552", None),
    "home": ("1 elm rd", "2 oak st", None),
    "local": ("ann lee", "annlee", "bob7", None),
    "domain": ("x com", "y com", None),
    "model": ("kx100", "kx100 zz9", "zz9", "kx1005", None),
    "text": ("silent garden", "silent gardne", "garden hall", "hall silent", "garden", None),
}
SHARED_BY = Carriers("given", "family", homes=("home",))
CUTOFFS = tuple(i / 20 for i in range(1, 20))


def graded(grader: Any, feature: str) -> Graded:
    """Return a comparator of one grader, equality told apart by nothing."""
    return Graded("x", feature, (grader,), frequency=False)


CASES: dict[str, Comparator] = {
    "bands": Graded("x", "given"),
    "contacts": Graded("x", "phone", frequency=False, shared_by=SHARED_BY),
    "bands of contacts": Graded("x", "phone", shared_by=SHARED_BY),
    "rarer": graded(Rarer(JaroWinkler("given", (0.8,)), share=0.3), "given"),
    "crossed": graded(Crossed("given", "family", cutoff=0.8, frequency=True), "given"),
    "misplaced": graded(Misplaced("given", "family", "alone", cutoff=0.8, frequency=True), "given"),
    "made of names": graded(MadeOfNames("local", ("given", "family"), domain="domain"), "local"),
    "models": graded(SameModel("model"), "model"),
    "words": graded(TokenCosine("text", CUTOFFS), "text"),
    "spelled words": graded(TokenCosine("text", CUTOFFS, spelling=True), "text"),
    "a measure with a corpus": graded(TextMeasure("text", measures.tfidf_cosine, CUTOFFS), "text"),
}


@pytest.fixture(autouse=True, scope="module")
def few_are_many() -> Iterator[None]:
    """Let values be common, rare and in use in tables of a dozen records."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparators, "FREQUENCY_BANDS", (0.6, 0.45, 0.3, 0.2, 0.1))
        patch.setattr(people, "RARE", 0.3)
        patch.setattr(people, "COMMON_BOTH", 0.1)
        patch.setattr(people, "RARE_BOTH", 0.03)
        patch.setattr(mail_names, "FEW", 2)
        yield


def drawn(random: Random) -> list[Row]:
    """Return up to nine records of few values."""
    return [{key: random.choice(of) for key, of in CELLS.items()} for _ in range(random.randrange(10))]


def records_of(rows: list[Row]) -> Records:
    """Return records with ids from 0."""
    table = pl.DataFrame(rows, schema=dict.fromkeys(CELLS, pl.String)).with_row_index("id")
    return Records.of(table, id="id", fields={name: Raw() for name in CELLS})


def levels_of(records: Records, ids: range) -> dict[str, list[int]]:
    """Return the levels of all pairs of some records by each comparator, in the order of their ids."""
    row = {key: place for place, key in enumerate(records.ids)}
    twos = [(row[a], row[b]) for a, b in combinations(ids, 2)]
    pairs = Pairs.of([a for a, _ in twos], [b for _, b in twos])
    return {name: comparator.levels(records, pairs).tolist() for name, comparator in CASES.items()}


@settings(max_examples=settings().max_examples // 2)
@given(st.integers(0, 10**6))
def test_levels_of_two_records_stay_when_others_come_and_the_facts_are_kept(seed: int) -> None:
    old, new = (drawn(Random(seed + i)) for i in range(2))
    first = records_of(old)
    before = levels_of(first, range(len(old)))
    assert levels_of(records_of([*old, *new]).with_facts(first.facts), range(len(old))) == before


@settings(max_examples=settings().max_examples // 4)
@given(st.integers(0, 10**6))
def test_levels_of_records_that_come_are_told_by_the_facts_whatever_else_comes(seed: int) -> None:
    """Facts kept are all that is taken of others than the two."""
    old, new, more = (drawn(Random(seed + i)) for i in range(3))
    first = records_of([*old, *FIRST])
    levels_of(first, range(len(first)))
    alone, whole = (records_of(rows).with_facts(first.facts) for rows in (new, [*new, *more]))
    assert levels_of(whole, range(len(new))) == levels_of(alone, range(len(new)))
    assert whole.facts.keys() == first.facts.keys()


FIRST: list[Row] = [
    {key: of[0] for key, of in CELLS.items()},
    {key: of[1] for key, of in CELLS.items()} | {"family": "ann", "given": "lee"},
    {key: of[0] for key, of in CELLS.items()} | {"family": None, "given": "lee", "phone": None},
]
"""Records that all is asked about."""


def test_without_the_facts_levels_of_any_comparator_may_change() -> None:
    """So the laws above are of something."""
    changed: set[str] = set()
    for seed in range(40):
        old, new = (drawn(Random(2 * seed + i)) for i in range(2))
        before, anew = (levels_of(records_of(rows), range(len(old))) for rows in (old, [*old, *new]))
        changed |= {name for name in CASES if before[name] != anew[name]}
    assert changed == set(CASES)
