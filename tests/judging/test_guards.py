"""Guards: what they count against a slow oracle, when they speak and when they keep silent, and a fit made wrong."""

from __future__ import annotations

import warnings
from itertools import combinations, product
from typing import Any

import attrs
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import identigraph as ig
from identigraph import FellegiSunter
from identigraph.comparing import Graded, Layout, Patterns
from identigraph.datasets import customers
from identigraph.errors import FitWarning, NotFittedError
from identigraph.judging import Guards, guarded
from identigraph.judging.guards import CHANGING, CONTRADICTED, SURPLUS, TOGETHER, _safe, differing_together
from identigraph.matching import SelfTrained
from identigraph.matching.parameters import Parameters

TWO = ("differs", "equal")
NAMES = ("given", "born", "phone", "mail")
RARE = 0.001
SURE = 0.999


def model_of(names: tuple[str, ...] = NAMES, *, u: float = RARE, h: float | None = None, **arguments: Any) -> Any:
    """Return a model of comparators that are equal or differ, in which strangers are equal with probability `u`.

    The class of siblings is there where `h` is given, their probability of equality.
    """
    m, others = (((1 - equal, equal),) * len(names) for equal in (0.9, u))
    siblings = others if h is None else ((1 - h, h),) * len(names)
    priors = (0.01, 0.0, 0.99) if h is None else (0.01, 0.01, 0.98)
    found = Parameters(names, (TWO,) * len(names), m, siblings, others, *priors, 1, converged=True)
    return FellegiSunter(parameters=found, **arguments)


def patterns(rows: dict[tuple[int, ...], float], names: tuple[str, ...] = NAMES) -> Patterns:
    """Return patterns by their levels, counted."""
    layout = Layout(names, (TWO,) * len(names))
    packed, counts = layout.pack(list(rows)), np.array(list(rows.values()), dtype=np.float64)
    order = np.argsort(packed)
    return Patterns(packed[order], counts[order])


def independent(
    errors: tuple[float, ...], pairs: float = 10_000.0, others: float = 0.0
) -> dict[tuple[int, ...], float]:
    """Return pairs by their levels: errors independent of each other, and a share of others, who differ in all."""
    rows: dict[tuple[int, ...], float] = {}
    for levels in product((0, 1), repeat=len(errors)):
        chances = [error if level == 0 else 1 - error for level, error in zip(levels, errors, strict=True)]
        rows[levels] = (1 - others) * pairs * float(np.prod(chances))
    rows[(0,) * len(errors)] += others * pairs
    return rows


NOTHING_SEEN = Patterns.none()
FEW = (0.05, 0.05, 0.05, 0.05)


def of_entities(rows: dict[tuple[int, ...], float], model: Any = None) -> Guards:
    """Return what speaks against entities with these pairs."""
    return guarded(model or model_of(identity=("given", "born")), NOTHING_SEEN, patterns(rows))


def row(frame: pl.DataFrame, **where: str) -> dict[str, Any]:
    """Return the one row of a table that is asked for."""
    return frame.filter(**where).row(0, named=True)


# What is counted


@given(
    st.lists(st.tuples(*[st.integers(-1, 2)] * 3), min_size=1, max_size=12, unique=True).flatmap(
        lambda rows: st.tuples(st.just(rows), st.lists(st.integers(1, 9), min_size=len(rows), max_size=len(rows)))
    )
)
def test_differing_together_is_the_correlation_of_differing_among_pairs_with_both_values(
    made: tuple[list[tuple[int, int, int]], list[int]],
) -> None:
    rows, counts = made
    pairs, correlation, surplus = differing_together(np.array(rows, dtype=np.int8), np.array(counts, dtype=np.float64))
    each = [row for row, count in zip(rows, counts, strict=True) for _ in range(count)]
    for i, j in combinations(range(3), 2):
        known = [(row[i] == 0, row[j] == 0) for row in each if row[i] >= 0 and row[j] >= 0]
        assert pairs[i, j] == len(known)
        if known:
            one, other, both = (
                sum(k) / len(known) for k in ((a for a, _ in known), (b for _, b in known), map(all, known))
            )
            assert surplus[i, j] == pytest.approx(both - one * other)
            spread = (one * (1 - one) * other * (1 - other)) ** 0.5
            assert correlation[i, j] == pytest.approx((both - one * other) / spread if spread else 0.0, abs=1e-9)


def test_a_share_of_others_gives_its_surplus() -> None:
    """Others who differ in all: s (1 - s) (1 - a) (1 - b) above chance, with a and b the errors of matches."""
    found = row(of_entities(independent(FEW, others=0.1)).together, of="entities", one="given", other="born")
    assert found["surplus"] == pytest.approx(0.1 * 0.9 * 0.95**2)
    assert found["pairs"] == pytest.approx(10_000)


def test_tables_have_their_columns_and_the_largest_surplus_first() -> None:
    found = of_entities({**independent(FEW), (0, 1, 1, 0): 900.0})
    assert found.together.columns == list(TOGETHER)
    assert found.contradicted.columns == list(CONTRADICTED)
    assert found.together.row(0, named=True) | {"one": "given", "other": "mail"} == found.together.row(0, named=True)
    assert found.together.get_column("surplus").is_sorted(descending=True)


def test_pairs_of_the_model_count_by_their_probability() -> None:
    """Pairs that differ in all are no matches to the model, however many they are."""
    seen = patterns({(1, 1, 1, 1): 500.0, (0, 0, 0, 0): 100_000.0})
    model = model_of(identity=("given", "born"))
    found = guarded(model, seen, NOTHING_SEEN)
    assert row(found.together, of="model", one="given", other="born")["pairs"] == pytest.approx(500, abs=1)
    assert row(found.contradicted, of="model", comparator="given")["differing"] == pytest.approx(0.0, abs=1e-3)
    assert found.warnings == ()


def test_a_model_without_parameters_cannot_be_judged() -> None:
    with pytest.raises(NotFittedError):
        guarded(FellegiSunter(), NOTHING_SEEN, NOTHING_SEEN)


def test_nothing_at_all_gives_empty_tables_and_no_warning() -> None:
    found = guarded(model_of(), NOTHING_SEEN, NOTHING_SEEN)
    assert (len(found.together), found.warnings) == (0, ())


# Differing together


def test_independent_errors_speak_against_nothing_however_many_they_are() -> None:
    assert of_entities(independent((0.3, 0.3, 0.6, 0.6))).warnings == ()


@pytest.mark.parametrize(
    ("others", "alarm"), [(0.02, False), (0.033, False), (0.037, True), (0.3, True)], ids=["2%", "3.3%", "3.7%", "30%"]
)
def test_with_identity_three_percent_of_surplus_are_an_alarm(others: float, alarm: bool) -> None:
    found = of_entities(independent((0.05, 0.05, 0.9, 0.9), others=others))
    told = row(found.together, of="entities", one="given", other="born")
    assert (told["limit"], told["alarm"]) == (SURPLUS, alarm)
    assert row(found.together, of="entities", one="given", other="phone")["limit"] == SURPLUS
    assert (found.entities is not None) == alarm


@pytest.mark.parametrize(("both", "alarm"), [(1_000, False), (2_000, True)])
def test_without_identity_it_takes_ten_percent(both: int, alarm: bool) -> None:
    """Who moves has another phone and another address: that speaks against nothing."""
    moved = {(1, 1, 0, 0): float(both), (1, 1, 0, 1): 500.0, (1, 1, 1, 1): 9_500.0 - both}
    found = of_entities(moved)
    told = row(found.together, of="entities", one="phone", other="mail")
    assert (told["limit"], told["alarm"]) == (CHANGING, alarm)
    assert told["correlation"] > 0.7
    assert (found.entities is not None) == alarm


@pytest.mark.parametrize(
    ("apart", "both", "told"),
    [(0.0, 900.0, True), (0.0, 90.0, False), (15.0, 900.0, True), (25.0, 900.0, False)],
    ids=["always", "too few", "nearly always", "not always"],
)
def test_comparators_that_always_differ_together_are_copies(apart: float, both: float, told: bool) -> None:
    rows = {(0, 1, 0, 1): both, (0, 1, 1, 1): apart, (1, 1, 0, 1): apart, (1, 1, 1, 1): 10_000 - both - 2 * apart}
    copies = guarded(model_of(), patterns(rows), NOTHING_SEEN).copies
    assert (copies or "").startswith("'given' and 'phone' differ together in nearly all candidates") == told
    assert (copies is None) != told


def test_few_candidates_make_no_copies() -> None:
    assert guarded(model_of(), patterns({(0, 0, 1, 1): 49.0, (1, 1, 1, 1): 50.0}), NOTHING_SEEN).copies is None
    assert guarded(model_of(), patterns({(0, 0, 1, 1): 50.0, (1, 1, 1, 1): 50.0}), NOTHING_SEEN).copies is not None


def test_copies_are_no_alarm_and_what_differs_together_in_entities_alone_is_no_copy() -> None:
    inside = patterns({(0, 0, 1, 1): 400.0, (1, 1, 1, 1): 600.0})
    others = {(0, 1, 1, 1): 500.0, (1, 0, 1, 1): 500.0}
    model = model_of()
    copied = guarded(model, inside, inside)
    mixed = guarded(model, patterns({**others, (0, 0, 1, 1): 400.0, (1, 1, 1, 1): 600.0}), inside)
    assert (copied.entities, copied.model) == (None, None)
    assert copied.warnings == (copied.copies,)
    assert mixed.copies is None
    assert mixed.entities is not None


def test_comparators_of_one_field_are_no_copies_of_each_other() -> None:
    names = ("name.given", "name.family")
    rows = patterns({(0, 0): 500.0, (1, 1): 500.0}, names)
    assert guarded(model_of(names), rows, rows).copies is None


def test_three_copies_at_most_are_named() -> None:
    rows = patterns({(0, 0, 0, 0): 500.0, (1, 1, 1, 1): 500.0})
    copies = guarded(model_of(), rows, rows).copies
    assert copies is not None
    assert copies.split(" differ")[0] == "'given' and 'born', 'given' and 'phone', 'given' and 'mail'"


def test_a_surplus_with_little_correlation_is_no_alarm() -> None:
    """Where both differ half the time, a surplus of .05 is a correlation of .2."""
    rows = {(0, 0, 1, 1): 300.0, (1, 1, 1, 1): 300.0, (0, 1, 1, 1): 200.0, (1, 0, 1, 1): 200.0}
    told = row(of_entities(rows).together, of="entities", one="given", other="born")
    assert (told["surplus"], told["correlation"]) == (pytest.approx(0.05), pytest.approx(0.2))
    assert not told["alarm"]


@pytest.mark.parametrize(("known", "there"), [(99, False), (100, True)])
def test_few_pairs_with_both_values_tell_nothing(known: int, there: bool) -> None:
    found = of_entities({(0, 0, -1, 1): known / 2, (1, 1, -1, 1): known / 2, (-1, 1, 1, 1): 900.0})
    assert bool(len(found.together.filter(of="entities", one="given", other="born"))) == there


def test_a_small_part_of_the_pairs_tells_nothing() -> None:
    found = of_entities({(0, 0, 1, 1): 75.0, (1, 1, 1, 1): 75.0, (1, -1, 1, 1): 9_000.0})
    assert len(found.together.filter(one="given", other="born")) == 0
    assert len(found.together.filter(one="given", other="phone")) == 1


def test_comparators_of_one_field_are_not_held_against_each_other() -> None:
    names = ("name.given", "name.family", "born")
    rows = {(0, 0, 1): 300.0, (1, 1, 1): 700.0}
    found = guarded(model_of(names, identity=names), NOTHING_SEEN, patterns(rows, names))
    assert found.together.select("one", "other").rows() == [("name.given", "born"), ("name.family", "born")]


def test_the_field_is_that_of_the_feature_where_comparators_are_given() -> None:
    names = ("first", "last", "born")
    read = {"first": "name.given", "last": ig.soundex("name.family"), "born": "born"}
    comparators = [Graded(name, feature, frequency=False) for name, feature in read.items()]
    rows = patterns({(0, 0, 1): 300.0, (1, 1, 1): 700.0}, names)
    found = guarded(model_of(names, identity=names), NOTHING_SEEN, rows, comparators)
    assert found.together.select("one", "other").rows() == [("first", "born"), ("last", "born")]
    assert len(guarded(model_of(names, identity=names), NOTHING_SEEN, rows).together) == 3


# Contradicted


@pytest.mark.parametrize(("share", "alarm"), [(0.34, False), (0.36, True)])
def test_without_safe_pairs_identity_may_differ_in_35_percent(share: float, alarm: bool) -> None:
    found = of_entities(independent((share, 0.0, 0.0, 0.0)))
    told = row(found.contradicted, of="entities", comparator="given")
    assert (told["safe"], told["limit"], told["alarm"]) == (None, 0.35, alarm)
    assert (found.entities is not None) == alarm


@pytest.mark.parametrize(("known", "share"), [(99.0, None), (100.0, 1.0)])
def test_few_pairs_with_the_value_contradict_nothing(known: float, share: float | None) -> None:
    found = of_entities({(0, 1, 1, 1): known, (-1, 1, 1, 1): 900.0})
    assert row(found.contradicted, of="entities", comparator="given")["differing"] == share
    assert (found.entities is None) == (share is None)


def test_what_is_farthest_above_its_limit_is_named() -> None:
    found = of_entities(independent((0.4, 0.6, 0.0, 0.0)))
    assert found.entities is not None
    assert "differ in 'born' in 60.0% of cases" in found.entities
    assert "'given'" not in found.entities


def test_the_rest_of_a_name_makes_no_pair_safe() -> None:
    names = ("name.given", "name.family", "born")
    seen = patterns({(0, 1, 1): 10.0, (1, 1, 1): 9_990.0}, names)
    found = guarded(model_of(names, identity=names), seen, seen).contradicted.filter(of="model")
    assert found.select("comparator", "safe_pairs").rows()[:2] == [("name.given", 0.0), ("name.family", 0.0)]
    assert row(found, of="model", comparator="born")["safe_pairs"] == 0.0


def test_identity_that_siblings_share_makes_no_pair_safe() -> None:
    seen = patterns(independent((0.001, 0.0, 0.0, 0.0)))
    shared = model_of(identity=("given", "born"), household=("born",))
    found = [guarded(model, seen, seen) for model in (shared, attrs.evolve(shared, household=()))]
    assert [row(each.contradicted, of="entities", comparator="given")["safe"] for each in found] == [
        None,
        pytest.approx(0.001),
    ]


def test_other_comparators_may_differ_as_often_as_they_do() -> None:
    found = of_entities(independent((0.0, 0.0, 0.9, 0.9)))
    assert found.contradicted.get_column("comparator").unique().sort().to_list() == ["born", "given"]
    assert found.warnings == ()


def test_where_no_identity_is_named_the_telling_comparators_are_looked_at_with_safe_pairs_alone() -> None:
    model = model_of(household=("mail",))
    found = of_entities(independent((0.6, 0.0, 0.0, 0.0)), model)
    assert found.contradicted.filter(of="entities").get_column("comparator").to_list() == ["given", "born", "phone"]
    assert found.contradicted.get_column("limit").to_list() == [1.0] * 6
    dull = model_of(u=0.5)
    assert len(of_entities(independent(FEW), dull).contradicted) == 0


@pytest.mark.parametrize(
    ("errors", "entities", "limit", "alarm"),
    [
        (0.001, 0.05, 0.051, False),
        (0.001, 0.06, 0.051, True),
        (0.1, 0.29, 0.3, False),
        (0.1, 0.31, 0.3, True),
        (0.2, 0.34, 0.35, False),
        (0.2, 0.36, 0.35, True),
    ],
)
def test_three_times_and_five_percent_more_than_safe_pairs_are_an_alarm(
    errors: float, entities: float, limit: float, alarm: bool
) -> None:
    seen = patterns(independent((errors, 0.0, 0.0, 0.0)))
    inside = patterns(independent((entities, 0.0, 0.0, 0.0)))
    found = guarded(model_of(identity=("given", "born")), seen, inside)
    told = row(found.contradicted, of="entities", comparator="given")
    assert (told["safe"], told["limit"], told["safe_pairs"]) == (
        *map(pytest.approx, (errors, limit)),
        pytest.approx(1e4),
    )
    assert told["alarm"] == alarm


def safe(levels: tuple[int, ...], model: Any, fields: tuple[str, ...] = NAMES, own: tuple[int, ...] = (1,)) -> bool:
    """Tell whether a pattern is safe by all comparators but the first."""
    others = {place: fields[place] for place in range(1, len(fields))}
    return bool(_safe(model.fitted, np.array([levels], dtype=np.int8), others, list(own))[0])


def test_two_rare_agreements_are_safe_and_one_is_not() -> None:
    """Odds of 2 ** -6.6 and 10 bits for each agreement."""
    model = model_of()
    assert safe((0, 1, 1, 0), model)
    assert safe((0, 1, 1, -1), model)
    assert not safe((1, 1, 0, 0), model)
    assert not safe((0, 1, -1, 0), model)
    assert not safe((0, 1, 0, 0), model_of(u=0.00001))


def test_common_values_are_not_safe() -> None:
    """Equality of strangers in one of ten: 3.3 bits each, where 11.6 are needed."""
    assert not safe((0, 1, 1, 1), model_of(u=0.1))
    assert safe((0, 1, 1, 1), model_of(u=0.05))


def test_what_siblings_share_is_not_safe() -> None:
    assert not safe((0, 1, 1, 1), model_of(h=0.5))
    assert safe((0, 1, 1, 1), model_of(h=0.01))


def test_one_of_the_two_must_be_what_siblings_differ_in() -> None:
    assert not safe((0, 0, 1, 1), model_of())
    assert safe((0, 0, 1, 1), model_of(), own=(2,))


def test_a_field_counts_once() -> None:
    assert not safe((0, 1, 1, 0), model_of(), fields=("given", "born", "born", "mail"))
    assert safe((0, 1, 1, 1), model_of(), fields=("given", "born", "born", "mail"))
    assert not safe((0, 1, 1, 1), model_of(u=0.05), fields=("given", "born", "born", "mail"))


def test_the_first_level_of_equality_counts_and_none_below() -> None:
    labels = (TWO, ("differs", "near", "equal, common", "equal, rare"), TWO, ("differs", "shared", "contained"))
    flat = ((0.25, 0.25, 0.25, 0.25), (1 / 3, 1 / 3, 1 / 3))
    two, u = (0.1, 0.9), ((0.999, 0.001), (0.97, 0.01, 0.01, 0.01), (0.999, 0.001), (0.98, 0.01, 0.01))
    m = (two, flat[0], two, flat[1])
    model = FellegiSunter(parameters=Parameters(NAMES, labels, m, u, u, 0.01, 0.0, 0.99, 1, converged=True))
    assert [safe((0, level, 1, 0), model) for level in range(4)] == [False, False, True, True]
    assert [safe((0, 0, 1, level), model, own=(3,)) for level in range(3)] == [False, False, True]
    assert [safe((0, level, 1, 0), model, own=(2,)) for level in range(4)] == [False, False, True, True]


def test_m_is_not_asked_which_pairs_are_safe() -> None:
    model = model_of()
    wrong = attrs.evolve(model, parameters=attrs.evolve(model.fitted, m=((SURE, RARE),) * 4))
    for levels in product((-1, 0, 1), repeat=4):
        assert safe(levels, model) == safe(levels, wrong)


# In words


def test_words_name_the_comparators_the_figures_and_what_to_do() -> None:
    found = of_entities({(0, 0, 1, 1): 350.0, (0, 1, 1, 1): 50.0, (1, 1, 1, 1): 600.0})
    assert found.entities is not None
    assert found.entities.startswith(
        "pairs of one entity differ in 'given' and 'born' at once in 21.0% more cases than errors in each of them give "
        "(correlation 0.90) and differ in 'given' in 40.0% of cases, where errors explain 35.0% at most: some entities "
    )
    assert found.warnings == (found.entities,)


def test_what_only_the_model_shows_is_said_to_be_the_models() -> None:
    seen = patterns({(0, 0, 1, 1): 350.0, (0, 1, 1, 1): 50.0, (1, 1, 1, 1): 600.0})
    model = model_of(identity=("given", "born"))
    alone, both = guarded(model, seen, patterns({(1, 1, 1, 1): 600.0})), guarded(model, seen, seen)
    assert alone.entities is None
    assert alone.model is not None
    assert alone.model.startswith("pairs that the model takes for matches differ in 'given' and 'born' at once in ")
    assert alone.model.endswith("; pairs of one entity do not show it")
    assert both.model is not None
    assert both.warnings == (both.entities, both.model)
    assert not both.model.endswith("do not show it")


def test_safe_pairs_are_named_where_they_set_the_limit() -> None:
    seen, inside = (patterns(independent((share, 0.0, 0.0, 0.0))) for share in (0.02, 0.3))
    told = guarded(model_of(identity=("given", "born")), seen, inside).entities
    assert told is not None
    assert "differ in 'given' in 30.0% of cases, where pairs that surely match do in 2.0%: " in told


def test_reprs_leave_tables_out() -> None:
    assert "together" not in repr(of_entities(independent(FEW)))


# A fit made wrong


@pytest.fixture(scope="module")
def made() -> Any:
    """Return customers, many of whom live in households, with the resolver that is inferred and its model."""
    records = customers(600, seed=2).records
    resolver = ig.Resolver.infer(records, id="record_id", source="source")
    assert isinstance(resolver.matcher, FellegiSunter | SelfTrained)
    model = resolver.matcher.model if isinstance(resolver.matcher, SelfTrained) else resolver.matcher
    return records, attrs.evolve(resolver, matcher=model), model


def test_nothing_speaks_against_the_fit_that_is_inferred(made: Any) -> None:
    records, resolver, _ = made
    found = resolver.resolve(records, id="record_id", source="source")
    assert found.guards is not None
    assert (found.guards.warnings, len(found.guards.together) > 0) == ((), True)


@pytest.mark.parametrize("identity", [True, False], ids=["identity named", "no identity"])
def test_a_model_that_knows_no_households_is_noticed(made: Any, identity: bool) -> None:
    """It takes members of a household for one person; the estimate does not see it."""
    records, resolver, model = made
    wrong = attrs.evolve(model, household=(), identity=model.identity if identity else ())
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        found = attrs.evolve(resolver, matcher=wrong).resolve(records, id="record_id", source="source")
    assert found.estimated.f1 > 0.9
    assert found.guards.entities.startswith("pairs of one entity differ in 'birth_date' and 'name.given' at once")
    assert [(each.category, str(each.message)) for each in given] == [(FitWarning, found.guards.entities)]
    assert set(found.guards.warnings) <= set(found.notes)
