"""Measures of names and addresses are what slow, plain versions of them are, and agree with people."""

from __future__ import annotations

from functools import partial
from itertools import combinations, pairwise, permutations

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import JaroWinkler

from identigraph.comparing import measures
from identigraph.comparing.measures import alignment, joining
from identigraph.comparing.measures.bags import words_of
from identigraph.errors import UnsupportedInputError
from identigraph.fields import Address, Organisation, PersonName
from identigraph.fields.nicknames import nickname_pairs

PARTICLES = {"de", "la", "van", "al"}
RELATED = set(nickname_pairs())
LIKE = ["smith", "smuts", "ann", "anne", "mary", "maryann", "annlee", "lee", "zo", "zor", "zorobabel"]
NAMES = [*LIKE, "l", "j", "jo", "john", "jon", "bob", "robert"]
PEOPLE = st.lists(st.sampled_from([*NAMES, *sorted(PARTICLES), "dela", "vandela"]), max_size=4).map(" ".join)
PEOPLE_OR_TEXT = PEOPLE | st.text("ab é", max_size=5) | st.sampled_from(["ann\x00", "ann\tlee", "  "])
GENERIC = {"ab": 0.05, "services": 0.3, "group": 0.3, "of": 0.1, "and": 0.1, "gmbh": 0.05, "ltd": 0.05}
FIRMS = ["acme", "acmee", "acm", "a", "bolt", "bolts", "facebook", "face", "book", "univ", "university", "u", "ab", "s"]
FIRM = st.lists(st.sampled_from([*FIRMS, *GENERIC]), max_size=4).map(" ".join)
STREETS = ["12", "12a", "14", "12-14", "oak", "oaks", "high", "highland", "h", "st", "n", "3rd", "33rd", "highoak"]
STREET = st.lists(st.sampled_from(STREETS), max_size=4).map(" ".join)


def begins(u, v) -> float:
    """Return what one word being the beginning of the other is worth."""
    short, long = sorted((u, v), key=len)
    return {1: 0.85}.get(len(short), 0.9 * (len(short) >= 3)) * (len(short) < len(long) and long.startswith(short))


def spelt(u, v) -> float:
    return max(JaroWinkler.similarity(u, v), begins(u, v))


def plain_given_name(a, b) -> float:
    return max(spelt(a, b), 0.95 * (tuple(sorted((a, b))) in RELATED))


def join(words, other) -> list[str]:
    """Return the words, runs of them joined that only the other text writes as one."""
    if not words:
        return []
    for length in (3, 2):
        whole = "".join(words[:length])
        if len(words) >= length and whole in other and whole not in words:
            return [whole, *join(words[length:], other)]
    return [words[0], *join(words[1:], other)]


def joined(a, b) -> tuple[list[str], list[str]]:
    """Return two lists of words, joined; what a text has itself is not joined anywhere in it."""
    x, y = a.split(), b.split()
    return join(x, set(y) - set(x)), join(y, set(x) - set(y))


def plain_aligned(x, y, weights, similarity) -> float:
    """Return the similarity by all one-to-one matchings; `weights` are of the words of either text."""
    if not x or not y:
        return float(not x and not y)
    (x, p), (y, q) = sorted([(x, weights[0]), (y, weights[1])], key=lambda side: len(side[0]))
    matched = max(
        sum(min(p[i], q[j]) * similarity(x[i], y[j]) for i, j in enumerate(chosen))
        for chosen in permutations(range(len(y)), len(x))
    )
    return matched / (min(sum(p), sum(q)) + 0.25 * abs(sum(p) - sum(q)))


def at_least(similarity, least):
    return lambda u, v: similarity(u, v) * (similarity(u, v) >= least)


def plain_person_name(a, b) -> float:
    x, y = joined(a, b)
    light = all(sum(word not in PARTICLES for word in words) >= 2 for words in (x, y))
    weights = [[0.2 if light and word in PARTICLES else 1 for word in words] for words in (x, y)]
    return plain_aligned(x, y, weights, at_least(plain_given_name, 0.75))


def plain_organisation_name(a, b, corpus=None) -> float:
    a, b = (" ".join("university" if word == "univ" else word for word in text.split()) for text in (a, b))
    known = [set(text.split()) for text in corpus or []]

    def weight(word) -> float:
        rarity = np.log1p(max(len(known), 1) / max(sum(word in text for text in known), 1))
        return GENERIC.get(word, 0.1 if word == "a" else 1) * (1 if corpus is None else rarity)

    x, y = joined(a, b)
    weights = [[weight(word) for word in words] for words in (x, y)]
    telling = [
        [word for word in text.split() if word != "a" and GENERIC.get(word, 1) > 0.1 and word != "ab"]
        for text in (a, b)
    ]
    acronyms = ["".join(word[0] for word in words) if len(words) > 1 else None for words in telling]
    acronym = [acronyms[1]] == telling[0] or [acronyms[0]] == telling[1]
    return max(plain_aligned(x, y, weights, at_least(spelt, 0.9)), 0.9 * acronym)


def plain_address(a, b) -> float:
    numbers, streets = [], []
    for text in (a, b):
        words = text.split()
        house = [word for word in words if word[0].isdigit() and not word.endswith("rd")]
        numbers.append(house[0] if house else None)
        if house:
            words.remove(house[0])
        streets.append(" ".join(words))
    parts = [set((number or "").replace("a", "").split("-")) for number in numbers]
    factor = 1.0 if numbers[0] == numbers[1] else 0.9 if None in numbers else 0.85 if parts[0] & parts[1] else 0.5
    x, y = joined(*streets)
    weights = [[0.3 if word in {"st", "n"} else 1 for word in words] for words in (x, y)]

    def similarity(u, v) -> float:
        return float(u == v) if any(c.isdigit() for c in u + v) else at_least(spelt, 0.8)(u, v)

    return factor * plain_aligned(x, y, weights, similarity)


def check(measure, oracle, pairs) -> None:
    left, right = [a for a, _ in pairs], [b for _, b in pairs]
    expected = [1.0 if a == b else oracle(a, b) for a, b in pairs]
    assert measure(left, right).to_list() == pytest.approx(expected, abs=1e-12)


@given(st.lists(st.tuples(PEOPLE_OR_TEXT, PEOPLE_OR_TEXT), max_size=8))
@example([("ashley", "ashly"), ("zo", "zorobabel"), ("zor", "zorobabel"), ("z", "zorobabel"), ("bob", "robert")])
def test_given_name_is_the_largest_of_its_parts(pairs) -> None:
    words = [(a.split() or [""], b.split() or [""]) for a, b in pairs]
    check(measures.given_name, plain_given_name, [*pairs, *((x[0], y[0]) for x, y in words)])


@given(st.lists(st.tuples(PEOPLE_OR_TEXT, PEOPLE_OR_TEXT), max_size=8))
@example([("smith lee", "smuts lee"), ("smith van lee", "lee smith")])
def test_person_name_is_the_best_of_all_matchings(pairs) -> None:
    check(measures.person_name, plain_person_name, pairs)


LETTERS = st.lists(st.sampled_from(["a", "b", "c", "ab", "bc", "ca", "abc", "bca", "abb"]), max_size=5).map(" ".join)


@given(st.lists(st.tuples(LETTERS, LETTERS), max_size=8))
@example([("a b c", "ab abc"), ("a b c", "ab bc"), ("a b ab", "ab"), ("a b a b", "ab"), ("a b", "c"), ("c", "ab")])
def test_words_are_joined_that_only_the_other_text_writes_as_one(pairs) -> None:
    left, right, words = words_of([a for a, _ in pairs], [b for _, b in pairs], distinct=False)
    found = [
        [words.gather(side.item[side.text == pair]).to_list() for pair in range(len(pairs))]
        for side in joining.joined(left, right, words)
    ]
    assert list(zip(*found, strict=True)) == [joined(a, b) for a, b in pairs]


@given(st.lists(st.tuples(FIRM, FIRM), max_size=8), st.none() | st.lists(FIRM, max_size=4))
def test_organisation_name_is_the_best_of_all_matchings_or_an_acronym(pairs, corpus) -> None:
    spelled = corpus and [text.replace("university", "univ").replace("univ", "university") for text in corpus]
    oracle = partial(plain_organisation_name, corpus=spelled)
    check(partial(measures.organisation_name, corpus=corpus), oracle, pairs)


@given(st.lists(st.tuples(STREET, STREET), max_size=8))
def test_address_is_street_times_house_number(pairs) -> None:
    check(measures.address, plain_address, pairs)


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6), st.randoms())
@pytest.mark.parametrize("measure", [measures.person_name, measures.organisation_name, measures.address])
def test_the_order_of_words_means_nothing(measure, words, random) -> None:
    mixed = random.sample(words, len(words))
    assert measure(" ".join(words), " ".join(mixed)) == 1


@settings(max_examples=30)
@given(st.integers(0, 7), st.integers(0, 5), st.integers(0, 2**32))
def test_most_worth_is_the_largest_sum_of_all_matchings(left, right, seed) -> None:
    tables = np.random.default_rng(seed).random((2, left, right)).round(1)
    expected = [largest_sum(table) for table in tables]
    for turned in (tables, tables.swapaxes(1, 2)):
        _, a, b = turned.shape
        found = alignment.most_worth(turned.ravel(), np.full(2, a), np.full(2, b))
        assert found.tolist() == pytest.approx(expected)


def largest_sum(table) -> float:
    table = table if table.shape[0] <= table.shape[1] else table.T
    rows, columns = table.shape
    return max(sum(table[i, j] for i, j in enumerate(chosen)) for chosen in permutations(range(columns), rows))


def greedy_sum(table) -> float:
    """Return the sum of the largest cell, and of the rest without its row and column."""
    if not table.size:
        return 0.0
    row, column = np.unravel_index(table.argmax(), table.shape)
    return table[row, column] + greedy_sum(np.delete(np.delete(table, row, 0), column, 1))


@settings(max_examples=20)
@given(st.integers(7, 9), st.integers(7, 9), st.integers(0, 2**32))
def test_beyond_6_words_the_matching_is_greedy_either_way_round(left, right, seed) -> None:
    tables = np.random.default_rng(seed).random((20, left, right)).round(1)
    tables[1:] = tables[1:] > 0.8
    found = alignment.most_worth(tables.ravel(), np.full(20, left), np.full(20, right))
    assert found.tolist() == pytest.approx([greedy_sum(table) for table in tables])
    turned = alignment.most_worth(tables.swapaxes(1, 2).ravel(), np.full(20, right), np.full(20, left))
    assert turned.tolist() == pytest.approx(found.tolist())


def test_the_matching_of_6_words_with_7_is_the_best_one() -> None:
    table = np.zeros((6, 7))
    table[0, 0], table[0, 1], table[1, 0] = 0.9, 0.8, 0.8
    assert alignment.most_worth(table.ravel(), np.array([6]), np.array([7])) == pytest.approx([1.6])
    more = np.zeros((7, 7))
    more[:6] = table
    assert alignment.most_worth(more.ravel(), np.array([7]), np.array([7])) == pytest.approx([0.9])


def test_long_texts_are_compared_too() -> None:
    """Words of 9 by 8 in a greedy way, and many in one text with few in the other."""
    many = "ada bob cyd dee eve fay gus hal ivy"
    assert measures.person_name(many, many[4:]) == pytest.approx(8 / 8.25)
    assert measures.person_name(" ".join(many.split()[::-1]), many) == 1
    more = " ".join([many] * 5)
    for pair in (("ivy ada", more), (more, "ivy ada")):
        assert measures.organisation_name(*pair) == pytest.approx(2 / (2 + 0.25 * 43))


PEOPLE_BY_LIKENESS = [
    ("Smith, John", "john smith", 1, 1),
    ("Mary-Ann Lee", "Maryann Lee", 1, 1),
    ("Anna van der Berg", "Anna Vanderberg", 1, 1),
    ("Dr. John Smith", "JOHN SMITH jr.", 1, 1),
    ("jonathan smith", "jonathon smyth", 0.9, 0.99),
    ("j smith", "john smith", 0.9, 0.95),
    ("bob jones", "robert jones", 0.95, 0.99),
    ("john quincy adams", "john adams", 0.85, 0.95),
    ("john q adams", "john adams", 0.85, 0.95),
    ("maria de la cruz", "maria cruz", 0.9, 0.99),
    ("ahmad al hassan", "ahmad hassan", 0.9, 0.99),
    ("al smith", "albert smith", 0.95, 0.99),
    ("juan garcia lopez", "juan garcia", 0.85, 0.95),
    ("wei zhang", "zhang wei", 1, 1),
    ("maria", "maria cruz", 0.7, 0.85),
    ("john smith", "jane smith", 0.4, 0.75),
    ("john adam smith", "john peter smith", 0.5, 0.75),
    ("john smith", "peter miller", 0, 0.1),
    ("maria de la cruz", "ana de la vega", 0, 0.3),
    ("j smith", "mary smith", 0.4, 0.6),
]


@pytest.mark.parametrize(("left", "right", "low", "high"), PEOPLE_BY_LIKENESS)
def test_person_name_agrees_with_people(left, right, low, high) -> None:
    names = PersonName(family_first=False).normalize("full", pl.Series([left, right]))[""]
    assert low <= measures.person_name(names[0], names[1]) <= high


@pytest.mark.parametrize(
    ("left", "right", "low", "high"),
    [
        ("elizabeth", "liz", 0.95, 0.95),
        ("bobby", "rob", 0.95, 0.95),
        ("benj", "benjamin", 0.9, 1),
        ("catherine", "catharine", 0.95, 1),
        ("a", "ann", 0.85, 0.85),
        ("a", "bob", 0, 0),
        ("john", "mary", 0, 0.5),
        ("tom", "dick", 0, 0.5),
    ],
)
def test_given_name_agrees_with_people(left, right, low, high) -> None:
    assert low <= measures.given_name(left, right) <= high


ORGANISATIONS_BY_LIKENESS = [
    ("Acme Trading Ltd.", "ACME TRADING LIMITED", 1, 1),
    ("Universal Exports Intl", "Universal Exports International GmbH", 1, 1),
    ("Univ. of Oxford", "Oxford University", 0.95, 1),
    ("Face Book Inc", "Facebook", 1, 1),
    ("Micorsoft Corp", "Microsoft", 0.9, 0.99),
    ("Acme", "Acme Services Group", 0.85, 0.95),
    ("IBM", "International Business Machines Corp", 0.9, 0.9),
    ("B.N.Y.", "The Bank of New York", 0.9, 0.9),
    ("Acme Steel", "Acme Shipping", 0.3, 0.6),
    ("Acme International Holdings", "Bolt International Holdings", 0, 0.4),
    ("Global Services", "Acme", 0, 0.1),
]


@pytest.mark.parametrize(("left", "right", "low", "high"), ORGANISATIONS_BY_LIKENESS)
def test_organisation_name_agrees_with_people(left, right, low, high) -> None:
    names = Organisation().normalize("column", pl.Series([left, right]))[""]
    assert low <= measures.organisation_name(names[0], names[1]) <= high


def test_any_white_space_parts_words() -> None:
    assert measures.organisation_name("acme\tintl ", "acme international") == 1
    assert measures.address("12\tmain  street", "12 main st") == 1


def test_legal_forms_weigh_almost_nothing_where_they_are_left() -> None:
    assert measures.organisation_name("acme gmbh", "acme ltd") > 0.95
    assert measures.organisation_name("acme gmbh", "bolt gmbh") < 0.1
    assert measures.organisation_name("ibm corp", "international business machines ltd") == 0.9


def test_frequent_words_of_the_corpus_weigh_less() -> None:
    corpus = ["acme steel", "bolt steel", "core steel", "acme oil", None]
    known = partial(measures.organisation_name, corpus=corpus)
    assert known("acme steel", "bolt steel") < 0.5 < known("acme steel", "acme oil")
    assert measures.organisation_name("acme steel", "bolt steel") == 0.5
    with pytest.raises(UnsupportedInputError, match=r"got builtins\.int"):
        measures.organisation_name("acme", "bolt", corpus=[1])


ADDRESSES_BY_LIKENESS = [
    ("12 Main Street", "12 main st.", 1, 1),
    ("Hauptstraße 7", "7 Hauptstr.", 1, 1),
    ("12 Main Stret", "12 Main St", 0.8, 0.95),
    ("12 Mian Street", "12 Main Street", 0.9, 0.99),
    ("12 Main Street", "12 Main", 0.9, 0.99),
    ("Main Street", "12 Main Street", 0.9, 0.9),
    ("12a High Road", "12 High Road", 0.85, 0.85),
    ("12-14 High Road", "14 High Road", 0.85, 0.85),
    ("12 High Road", "112 High Road", 0.5, 0.5),
    ("12 North Main St", "12 South Main St", 0.7, 0.9),
    ("12 Oak Street", "12 Elm Street", 0, 0.3),
    ("9 3rd Avenue", "9 13th Avenue", 0, 0.3),
    ("4 Highland Avenue", "97 Station Road", 0, 0.1),
]


@pytest.mark.parametrize(("left", "right", "low", "high"), ADDRESSES_BY_LIKENESS)
def test_address_agrees_with_people(left, right, low, high) -> None:
    lines = Address().normalize("street", pl.Series([left, right]))[""]
    assert low <= measures.address(lines[0], lines[1]) <= high


def test_the_likeness_of_house_numbers_has_four_levels() -> None:
    scores = [measures.address(f"{number} oak st", "12 oak st") for number in ("12", "", "12b", "21")]
    assert scores == [1, 0.9, 0.85, 0.5]
    assert all(high > low for high, low in pairwise(scores))
    assert [measures.address(*pair) for pair in (("12", "12a"), ("12", "14"), ("12", "12 oak st"))] == [0.85, 0.5, 0]


@pytest.mark.parametrize("measure", [measures.person_name, measures.organisation_name, measures.address])
@pytest.mark.parametrize("most", [1, 20, 150])
def test_portions_change_nothing(measure, most, monkeypatch) -> None:
    texts = ["ann lee", "12 oak st", "", "mary ann lee", "maryann lea", "ibm", "int business machines", "12a oak"]
    left, right = zip(*combinations(texts, 2), strict=True)
    expected = measure(left, right).to_list()
    monkeypatch.setattr(f"{measure.__module__}.CELLS", most)
    assert measure(left, right).to_list() == pytest.approx(expected, abs=1e-12)
