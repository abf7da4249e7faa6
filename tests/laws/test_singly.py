"""Laws of pairs one at a time: two rows of texts are compared as the records that have them are in arrays."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import polars as pl
import pytest
from comparator_cases import CASES, CLOSE, SOUNDS, Case
from hypothesis import given, settings
from hypothesis import strategies as st
from raw_kind import Raw
from shared_fields import FIELDS, shared_table

from identigraph import Pairs, Records
from identigraph.comparing import (
    Carriers,
    Comparison,
    Frequencies,
    Graded,
    Measured,
    NameInMail,
    RestOfMail,
    SameModel,
    category,
    measures,
)
from identigraph.comparing.defaults import default_comparators
from identigraph.comparing.graders import (
    Abbreviated,
    Acronym,
    Contained,
    Different,
    JaroWinkler,
    Nickname,
    Same,
    SharedWord,
    Typos,
)
from identigraph.comparing.mail_names import MadeOfNames
from identigraph.comparing.people import AmongWords, Crossed, Misplaced, Rarer, Unless
from identigraph.comparing.quantities import NearDate, NearNumber
from identigraph.comparing.singly import PairComparer, Plan
from identigraph.comparing.singly.comparators import LEVELS
from identigraph.comparing.singly.comparer import WAYS
from identigraph.comparing.singly.two_rows import by_table
from identigraph.comparing.sounds import SameSound
from identigraph.comparing.spelling import Vocabulary
from identigraph.comparing.texts import TextMeasure
from identigraph.comparing.tokens import TokenCosine
from identigraph.datasets import customers
from identigraph.encoding import encode
from identigraph.fields import FreeText, Identifier, Money, Number, Organisation, Postcode, Url
from identigraph.records.facts import Lookup
from identigraph.records.infer import infer_fields

FEW = settings(max_examples=max(settings.default.max_examples // 5, 5))
SOME = settings(max_examples=settings.default.max_examples * 2 // 3)

NAMES = ["ann", "anna", "anne", "bob", "robert", "rob", "lee", "leo", "lee smith", "smith", "de la cruz", "e", "josé"]
ODD = st.text("abé漢ß -'\u0301\u00a0", max_size=9) | st.sampled_from(["", "x" * 100, "a" * 70 + "b", "a" * 70 + "c"])
NEAR = st.sampled_from(["martha", "marhta", "marta", "dixon", "dicksonx", "jones", "johnson", "ab", "abcd", "abc"])
TEXT = st.sampled_from(
    ["lg tv lg", "tv lg", "lg tvs stand", "stand", "the garden hall", "gardne hall", "a\u2003garden"]
)
DATES = [
    f"{year}{mark}{month:02}{mark}{day:02}"
    for year in (980, 1989, 1990, 1998, 2000, 2009, 2010, 2090)
    for month in (0, 1, 2, 11, 12)
    for day in (0, 1, 2, 11, 12, 20, 31)
    for mark in "- "[: 1 + (year == 1990)]
]
DATES += [*{date[:known] for date in DATES for known in (4, 7)}, "1990-3-15", "1990-03-15T", "0000", "٣٣٣٣", ""]
NUMBERS = [
    "1", "1.1", "1.01", "1.001", "1000", "1005", "0", "-0", "-1", "100", "99", "95", "50", "99.999", "0.3", "0.4",
    "1e2", "nan", "inf", " 7 ", "1_0", "x", "9" * 20, "1.", ".5", "-0.5", "٣",
]  # fmt: skip
MODEL = st.lists(st.sampled_from(["kx100", "kx1005", "zz9", "xkx100", "rx863", "12345"]), max_size=3).map(" ".join)
PLACES: Mapping[str, st.SearchStrategy[str]] = {
    "v": ODD | NEAR | TEXT,
    "w": NEAR | st.sampled_from(["m", "d", "tl", "tgh", "lgtv", "martha marta", "lg tv"]),
    "given": st.sampled_from(NAMES) | ODD,
    "family": st.sampled_from(NAMES),
    "middle": st.sampled_from(["ann lee", "e anna", "smith", "bob e"]) | ODD,
    "mail": st.sampled_from(["ann@x com", "anna@x com", "ann@x co", "ann@y com", "bob7@z com"]),
    "mail.local": st.sampled_from(["ann", "ann.lee", "annlee7", "al", "bs", "rob", "smith_e", "7", "éa"]) | ODD,
    "mail.beginning": st.sampled_from(["ann", "an", "annx", "a", "é", "smit", ""]),
    "mail.digits": st.sampled_from(["0170555123", "0170555132", "0170555145", "0170555999", "1"]),
    "domain": st.sampled_from(["x com", "y com", "z com"]),
    "model": MODEL | ODD,
    "state": st.sampled_from(["married", "divorced", "single", "widowed", "x"]),
}
CUTOFFS = tuple(i / 20 for i in range(21))
LOCAL, PEOPLE = "mail.local", ("given", "family")
SPELLING = {"garden": 40.0, "gxrden": 40.0, "hall": 3.0, "halls": 50.0, "stand": 2.0, "lg": 900.0, "marta": 7.0}


GRADERS: Mapping[str, Any] = {
    "similar": JaroWinkler("v", (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)),
    "similar at cutoffs": JaroWinkler("v", (0.8222222222, 0.9, 0.9611111111, 0.961112)),
    "typos": Typos("v", 1),
    "many typos": Typos("v", 20),
    "same": Same("w", "same"),
    "different": Different("w", "other"),
    "nickname": Nickname("given"),
    "abbreviated": Abbreviated("v"),
    "contained": Contained("v", 1),
    "contained by three": Contained("v", 3),
    "acronym": Acronym("v", "w"),
    "shared word": SharedWord("v"),
    "words": TokenCosine("v", CUTOFFS),
    "spelled words": TokenCosine("v", CUTOFFS, spelling=True),
    "models": SameModel("model"),
    **{f"sounds {code}": SameSound("v", code) for code in SOUNDS},
    "close": category("state", CLOSE, 0.2, 0.5, 1.0).graders[0],
    "a measure": TextMeasure("v", measures.qgram_dice, (0.3, 0.5), (("q", 2),)),
    "a measure of words": TextMeasure("v", measures.monge_elkan, CUTOFFS),
    "a measure with a corpus": TextMeasure("v", measures.tfidf_cosine, CUTOFFS),
    "a measure without a kernel": TextMeasure("v", measures.organisation_name, CUTOFFS),
    "among words": AmongWords("given", "middle", "middle name"),
    "crossed": Crossed("given", "family"),
    "crossed, similar": Crossed("given", "family", cutoff=0.8),
    "crossed, common": Crossed("given", "family", frequency=True),
    "crossed, both": Crossed("given", "family", cutoff=0.0, frequency=True),
    "misplaced": Misplaced("given", "family", "alone"),
    "misplaced, similar": Misplaced("given", "family", "alone", cutoff=0.8, frequency=True),
    "misplaced, rare": Misplaced("family", "given", "alone", frequency=True),
    "rarer": Rarer(JaroWinkler("given", (0.7, 0.8))),
    "unless": Unless(JaroWinkler("given", (0.5, 0.8)), Same("family", "same")),
    "made of names": MadeOfNames(LOCAL, PEOPLE),
    "made of other names": MadeOfNames(LOCAL, PEOPLE, same=False),
    "made of names in use": MadeOfNames(LOCAL, PEOPLE, domain="domain"),
}
COMPARATORS: Mapping[str, Any] = {
    "bands": Graded("x", "given"),
    "one band": Graded("x", "given", frequency=False),
    "bands of a table": Graded("x", "given", frequency=Frequencies.of({"ann": 9000, "bob": 10, "lee": 1, "leo": 0.1})),
    "contacts": Graded("x", "given", shared_by=Carriers("given", "family")),
    "one band of contacts": Graded("x", "given", frequency=False, shared_by=Carriers("given", "family")),
    "silent and in conflict": Graded(
        "x",
        "given",
        (Same("family", "same"), Rarer(JaroWinkler("given", (0.5,))), JaroWinkler("given", (0.2, 0.3))),
        Different("domain", "other"),
        silent=Crossed("given", "family", cutoff=0.85),
    ),
    "name in address": Measured("x", NameInMail(LOCAL, PEOPLE)),
    "rest of an address": Measured("x", RestOfMail("mail")),
}


def facts(seed: int) -> dict[str, Any]:
    """Return facts of a large population: names and domains from one record to a tenth of all."""
    random, total = Random(seed), 100_000

    def counts(values: list[str]) -> Lookup:
        numbers = [random.choice([1, 2, 5, 16, 30, 31, 61, 100, 900, 10_000]) for _ in values]
        return Lookup.of(pl.Series(values), np.array(numbers), rest=1, total=total)

    of_words = pl.DataFrame(
        {"word": sorted(SPELLING), "stands": sorted(SPELLING), "records": [SPELLING[word] for word in sorted(SPELLING)]}
    )
    shared = Lookup.of(pl.Series(["ann", "bob", "lee"]), np.array([0, 1, 2]), rest=2, total=total)
    common = Lookup.of(pl.Series(["kx100"]), np.array([1]), rest=0, total=total)
    told: dict[Any, Any] = {
        ("counts", "given"): counts(NAMES[::2]),
        ("counts", "given", "family"): counts(NAMES),
        ("counts", "family", "given"): counts(NAMES),
        ("counts", "domain"): counts(["x com", "y com"]),
        ("contacts", Carriers("given", "family"), "given"): shared,
        ("common numbers", "model"): common,
        ("words", "v", False): Vocabulary(of_words, total),
        ("words", "v", True): Vocabulary(of_words, total, spelling=True),
        ("texts", "v"): pl.Series(["lg tv", "stand", "garden hall", "lg"]),
    }
    return {repr(key): value for key, value in told.items()}


@st.composite
def tables(draw: st.DrawFn) -> Records:
    """Return records whose features have any values, among them some that no field gives; facts are of others."""
    n = draw(st.integers(2, 4))
    columns = {
        name: pl.Series(draw(st.lists(st.none() | values | values, min_size=n, max_size=n)), dtype=pl.String)
        for name, values in PLACES.items()
    }
    records = Records.of({"row": list(range(n))}).with_facts(facts(draw(st.integers(0, 99))))
    for name, column in columns.items():
        records.encoded[name] = encode(column)
    return records


def all_pairs(records: Records) -> Pairs:
    """Return all pairs of records in both directions, and each with itself."""
    left, right = np.indices((len(records), len(records))).reshape(2, -1).astype(np.int32)
    return Pairs(left, right)


def told(each: Any, records: Records, pairs: Pairs) -> list[int]:
    """Return the grade or level of each pair, one at a time."""
    plan = Plan(records, WAYS, by_table)
    grade = plan.grade(each)
    rows = list(PairComparer(tuple(plan.places), ()).rows(records))
    return [grade(rows[i], rows[j]) for i, j in zip(pairs.left, pairs.right, strict=True)]


@SOME
@given(tables())
def test_grades_of_two_rows_are_those_of_arrays(records: Records) -> None:
    pairs = all_pairs(records)
    for name, grader in GRADERS.items():
        assert told(grader, records, pairs) == grader.grades(records, pairs.left, pairs.right).tolist(), name


@given(tables())
def test_levels_of_two_rows_are_those_of_arrays(records: Records) -> None:
    pairs = all_pairs(records)
    for name, comparator in COMPARATORS.items():
        assert told(comparator, records, pairs) == comparator.levels(records, pairs).tolist(), name


BUILT = [case.comparator for case in CASES.values()]
QUANTITIES = {
    "dates": (NearDate("v"), DATES),
    "numbers": (NearNumber("v", (0.5, 0.1, 0.01), (0.1, 2.0)), NUMBERS),
    "numbers of a field": (NearNumber("v", (0.05,)), NUMBERS),
}


@pytest.mark.parametrize("name", QUANTITIES)
def test_quantities_on_two_rows_are_graded_as_in_arrays(name: str) -> None:
    """All pairs of a grid of values."""
    grader, values = QUANTITIES[name]
    records = Records.of({"v": values}, fields={"v": Raw()} if "field" in name else None)
    if name == "dates":
        records.encoded["v"] = encode(pl.Series(values))
    pairs = all_pairs(records)
    expected = grader.grades(records, pairs.left, pairs.right).tolist()
    assert told(grader, records, pairs) == expected
    assert set(expected) == set(range(len(grader.labels) + 1))


def test_the_laws_try_all_types_that_have_a_way() -> None:
    tried = {
        type(each) for each in (*GRADERS.values(), *COMPARATORS.values(), *(each for each, _ in QUANTITIES.values()))
    }
    assert tried == set(WAYS)
    measured = [each for each in (*COMPARATORS.values(), *BUILT) if isinstance(each, Measured)]
    assert {type(each.measure) for each in measured} == set(LEVELS)


def checked(comparators: Any, records: Records, pairs: Pairs) -> None:
    """Check that rows of records are compared as the records are."""
    comparison = Comparison(comparators)
    expected = comparison.patterns(records, pairs).tolist()
    comparer = PairComparer.of(comparison, records)
    rows = list(comparer.rows(records))
    assert [comparer.pattern(rows[i], rows[j]) for i, j in zip(pairs.left, pairs.right, strict=True)] == expected


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@FEW
@given(data=st.data())
def test_every_builder_makes_comparators_of_rows(case: Case, data: st.DataObject) -> None:
    """Those of places and sets go by tables."""
    values = data.draw(st.lists(case.values, min_size=2, max_size=3))
    records = Records.of(case.columns(values), fields=dict(case.comparator.fields))
    checked([case.comparator], records, all_pairs(records))


# ---- whole policies


def some(random: Random, *words: str, most: int = 3) -> str | None:
    """Return a few of the words, or none."""
    return " ".join(random.sample(words, random.randint(1, min(most, len(words))))) if random.random() < 0.95 else None


def made(name: str) -> Records:
    """Return a hundred records of customers, or of things that have no people in them."""
    if name == "customers":
        found = Records.of(customers(150, seed=4).records, id="record_id", source="source")
        return found.with_fields(infer_fields(found.table).fields)
    random = Random(7)
    firm = ("acme", "bolt", "nuts", "trading", "international", "works", "tools", "of", "bern", "universty")
    thing = ("zeon", "radio", "RX-V863", "RXV864", "rxv863bl", "lamp", "black", "blakc", "with", "stand", "24734")
    rows = [
        {
            "firm": some(random, *firm),
            "body": some(random, *firm, "university", "department", most=7),
            "title": some(random, *thing, most=6),
            "year": random.choice(["1998", "1999", "2003", None]),
            "price": random.choice(["9.5", "9.49", "100", "EUR 12.50", None]),
            "site": random.choice(["https://www.acme.com/", "acme.com/shop", "bolt.org", None]),
            "postcode": random.choice(["SW1A 1AA", "sw1a2aa", "SW9 8JX", "M1 1AE", None]),
            "code": random.choice(["RUK-109 337", "ruk109338", "A1", None]),
        }
        for _ in range(90)
    ]
    kinds = {
        "firm": Organisation(),
        "body": Organisation(),
        "title": FreeText(),
        "year": Number(),
        "price": Money(),
        "site": Url(),
        "postcode": Postcode(),
        "code": Identifier(),
    }
    columns = {"customers": [], "firms": ["firm", "postcode", "site"], "bodies": ["body", "code"]}
    return Records.of(rows, fields={key: kinds[key] for key in columns.get(name, ["title", "year", "price"])})


@pytest.mark.parametrize("name", ["customers", "firms", "bodies", "products"])
def test_policies_compare_rows_as_records(name: str) -> None:
    """All pairs; with what the records tell of themselves, and with what others told."""
    records = made(name)
    comparators = default_comparators(records)
    first = records.position % 2 == 0
    checked(comparators, records, Pairs.of(*np.triu_indices(len(records), k=1)))
    population, others = records.some(first), records.some(~first)
    Comparison(comparators).patterns(population, Pairs.of([0], [1]))
    checked(comparators, others.with_facts(population.facts), Pairs.of(*np.triu_indices(len(others), k=1)))


@pytest.mark.shared_data
@pytest.mark.parametrize("name", FIELDS)
def test_shared_data_is_compared_by_rows_as_together(shared_data: Path, name: str) -> None:
    whole = shared_table(shared_data, name)
    table = whole.sample(min(whole.height, 300), seed=1)
    records = Records.of(table, id="record_id", source="source", fields=FIELDS[name])
    left = np.repeat(np.arange(len(records) - 1), 9)
    right = np.minimum(left + np.tile(np.arange(1, 10), len(records) - 1), len(records) - 1)
    checked(default_comparators(records), records, Pairs.of(left[left < right], right[left < right]))
