"""Comparators that depend on each other: what two say together beyond what each says alone."""

from __future__ import annotations

from itertools import product

import attrs
import numpy as np
import pytest

from identigraph import FellegiSunter
from identigraph.comparing import Comparisons, Layout, Patterns
from identigraph.errors import ColumnNotFoundError, ConfigurationError
from identigraph.matching import Population
from identigraph.matching.interactions import find_interactions, interaction_bits

LAYOUT = Layout(("street", "city", "name"), (("differs", "equal"),) * 3)
LEVELS = np.array(list(product((0, 1), repeat=3)), dtype=np.int8)
PAIRS = 100_000.0


def joint(both: float, one: float, other: float) -> np.ndarray:
    """Return the probabilities of (differs, equal) by (differs, equal), from those of agreeing."""
    return np.array([[1 - one - other + both, other - both], [one - both, both]])


def pairs(table: np.ndarray, name: float, total: float) -> np.ndarray:
    """Return how many of so many pairs show each pattern of `LEVELS`; the name depends on nothing."""
    return total * np.array([table[i, j] * (name if k else 1 - name) for i, j, k in LEVELS])


SAME, OTHER = joint(0.72, 0.8, 0.85), joint(0.05, 0.06, 0.10)
MATCHES, STRANGERS = pairs(SAME, 0.9, 5_000), pairs(OTHER, 0.02, PAIRS)
CARRIERS = (np.array([0.0, 1_000.0]),) * 3


def population(counts: np.ndarray = STRANGERS) -> Population:
    """Return the population whose random pairs are so many."""
    seen = tuple(np.bincount(column, weights=counts, minlength=2) for column in LEVELS.T)
    return Population(PAIRS, seen, CARRIERS, Patterns(LAYOUT.pack(LEVELS), counts))


def table_of(matches: np.ndarray, strangers: np.ndarray, *names: str) -> np.ndarray:
    """Return the bits of the one interaction that is found."""
    (found,) = find_interactions([names], LAYOUT, LEVELS, matches, population(strangers))
    assert (found.one, found.other) == tuple(sorted(names))
    return np.array(found.bits)


def test_bits_are_those_of_the_formula() -> None:
    """City before street, as names are sorted."""
    bits = table_of(MATCHES, STRANGERS, "street", "city")
    tables = [t * total for t, total in ((SAME.T, 5_000), (OTHER.T, PAIRS))]
    expected = np.zeros((2, 2))
    for sign, seen in zip((1, -1), tables, strict=True):
        alone = np.outer(seen.sum(axis=1), seen.sum(axis=0)) / seen.sum()
        expected += sign * np.log2((seen + 10) / (alone + 10))
    assert bits[1:, 1:] == pytest.approx(expected)
    assert bits[0].tolist() == bits[:, 0].tolist() == [0, 0, 0]


def test_the_correction_has_the_right_sign_and_about_the_right_size() -> None:
    """Among strangers the two agree together eight times as often as if independent: that says three bits less."""
    bits = table_of(MATCHES, STRANGERS, "street", "city")
    true = np.log2(SAME / np.outer(SAME.sum(1), SAME.sum(0))) - np.log2(OTHER / np.outer(OTHER.sum(1), OTHER.sum(0)))
    assert bits[2, 2] == pytest.approx(true[1, 1], abs=0.05) == pytest.approx(-2.98, abs=0.05)
    assert bits[1, 2] > 0.5
    assert bits[1:, 1:] == pytest.approx(true.T, abs=0.2)


def test_independent_comparators_are_corrected_by_about_nothing() -> None:
    for names in (("street", "name"), ("name", "city")):
        assert np.abs(table_of(MATCHES, STRANGERS, *names)).max() < 1e-9
    apart = pairs(np.outer(OTHER.sum(1), OTHER.sum(0)), 0.02, PAIRS)
    alike = pairs(np.outer(SAME.sum(1), SAME.sum(0)), 0.9, 5_000)
    assert np.abs(table_of(alike, apart, "street", "city")).max() < 1e-9


def test_few_pairs_say_little() -> None:
    much, little = (table_of(MATCHES * share, STRANGERS * share, "street", "city")[2, 2] for share in (1, 1e-4))
    assert much < 10 * little < 0
    assert table_of(MATCHES * 0, STRANGERS * 0, "street", "city").tolist() == np.zeros((3, 3)).tolist()


def test_missing_levels_are_left_out() -> None:
    levels = np.vstack([LEVELS, [[-1, 1, 1], [0, -1, 1]]]).astype(np.int8)
    counts = np.append(STRANGERS, [5_000, 7_000])
    people = attrs.evolve(population(), sample=Patterns(LAYOUT.pack(levels), counts))
    matches = np.append(MATCHES, [900, 1_000])
    (found,) = find_interactions([("street", "city")], LAYOUT, levels, matches, people)
    assert np.array(found.bits).tolist() == table_of(MATCHES, STRANGERS, "street", "city").tolist()


def test_bands_of_equality_count_as_one() -> None:
    labels = ("differs", "equal, common", "equal, rare")
    layout = Layout(("a", "b"), (labels, ("differs", "equal")))
    levels = np.array(list(product(range(3), range(2))), dtype=np.int8)
    counts = np.array([900.0, 20, 30, 25, 3, 30])
    carriers = (np.array([0.0, 80, 20]), np.array([0.0, 100]))
    people = Population(1_000, (np.ones(3), np.ones(2)), carriers, Patterns(layout.pack(levels), counts))
    (found,) = find_interactions([("a", "b")], layout, levels, counts[::-1], people)
    bits = np.array(found.bits)
    assert bits[2].tolist() == bits[3].tolist() != bits[1].tolist()
    seen = [np.array([counts[:2], counts[2:4] + counts[4:]]) for counts in (counts[::-1], counts)]
    logs = [np.log2((s + 10) / (np.outer(s.sum(1), s.sum(0)) / s.sum() + 10)) for s in seen]
    assert bits[1:3, 1:] == pytest.approx(logs[0] - logs[1])


@pytest.mark.parametrize(
    ("sets", "twos"),
    [
        ([], []),
        ([("street",)], []),
        ([("street", "city"), ("city", "street")], [("city", "street")]),
        ([("street", "street", "city")], [("city", "street")]),
        ([("street", "city", "name")], [("city", "name"), ("city", "street"), ("name", "street")]),
    ],
)
def test_all_twos_of_each_set_are_looked_at_once(sets, twos) -> None:
    found = find_interactions(sets, LAYOUT, LEVELS, MATCHES, population())
    assert [(each.one, each.other) for each in found] == twos


def test_bits_are_added_up_over_interactions() -> None:
    found = find_interactions([("street", "city", "name")], LAYOUT, LEVELS, MATCHES, population())
    rows = list(product((-1, 0, 1), repeat=3))
    bits = interaction_bits(found, LAYOUT, LAYOUT.pack(rows))
    place = {name: i for i, name in enumerate(LAYOUT.names)}
    expected = [sum(each.bits[row[place[each.one]] + 1][row[place[each.other]] + 1] for each in found) for row in rows]
    assert bits.tolist() == pytest.approx(expected)
    assert interaction_bits((), LAYOUT, LAYOUT.pack(rows)).tolist() == [0] * 27


def test_a_population_without_random_pairs_and_unknown_names_are_refused() -> None:
    bare = attrs.evolve(population(), sample=None)
    with pytest.raises(ConfigurationError, match=r"interactions need the random pairs.*Population.of\(...\)"):
        find_interactions([("street", "city")], LAYOUT, LEVELS, MATCHES, bare)
    assert find_interactions([], LAYOUT, LEVELS, MATCHES, bare) == ()
    with pytest.raises(ColumnNotFoundError, match="no comparator 'town'"):
        find_interactions([("street", "town")], LAYOUT, LEVELS, MATCHES, population())


def test_a_fitted_model_adds_the_bits_to_its_weights() -> None:
    compared = Comparisons(LAYOUT, LAYOUT.pack(LEVELS), MATCHES + STRANGERS)
    people = population(MATCHES + STRANGERS)
    plain, model = (
        FellegiSunter(interactions=sets).fit(compared, population=people) for sets in ([], [("street", "city")])
    )
    (found,) = model.fitted.interactions
    assert attrs.evolve(model.fitted, interactions=()) == plain.fitted
    bits = [found.bits[city + 1][street + 1] for street, city, _ in LEVELS]
    assert (model.score(compared) - plain.score(compared)).tolist() == pytest.approx(bits)
    assert bits[-1] < -1
