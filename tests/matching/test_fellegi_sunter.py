"""The model: weights by the plain formula, probabilities by the prior, plain data in and out."""

from __future__ import annotations

import json
import math
import warnings
from itertools import product

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_pairs import LAYOUT, M, U, made_pairs, population_of

from identigraph import FellegiSunter, IdentigraphError, Pairs, Records, when
from identigraph.comparing import Comparison, Comparisons, Layout, compare
from identigraph.comparing.building import exact, similar
from identigraph.errors import ColumnNotFoundError, ConfigurationError, FitWarning, NotFittedError, RangeError
from identigraph.matching import Fixed, Labeled, Parameters, Population
from identigraph.matching.expectation import Settings, estimate
from identigraph.odds import CERTAIN


@attrs.frozen
class Levels:
    """A comparator of so many levels, which is never asked for them."""

    name: str
    size: int

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the numbers of the levels."""
        return tuple(map(str, range(self.size)))

    def levels(self, records: Records, pairs: Pairs) -> np.ndarray:
        """Raise, as no test compares anything with it."""
        raise NotImplementedError


def model_of(
    sizes: tuple[int, ...], household_prior: float, seed: int, editions_prior: float = 0.0
) -> tuple[FellegiSunter, Layout]:
    """Return a model with random parameters, and the layout of its patterns."""
    layout = Comparison([Levels(f"c{i}", size) for i, size in enumerate(sizes)]).layout
    random = np.random.default_rng(seed)
    m, h, u, e = (tuple(tuple(random.dirichlet(np.ones(size)).tolist()) for size in sizes) for _ in range(4))
    rest = (1e-3, household_prior, 1 - 1e-3 - household_prior - editions_prior)
    told = {"iterations": 3, "converged": True, "e": e, "prior_editions": editions_prior}
    parameters = Parameters(layout.names, layout.labels, m, h, u, *rest, **told)
    return FellegiSunter(parameters=parameters), layout


def slow_weight(p: Parameters, levels: list[int]) -> float:
    """Return the match weight of one pattern by the formula."""
    same, household, editions, others = (
        math.prod(table[i][level] for i, level in enumerate(levels) if level >= 0) for table in (p.m, p.h, p.e, p.u)
    )
    mixed = household * p.prior_household + editions * p.prior_editions + others * p.prior_others
    return math.log2(same / (mixed / (p.prior_household + p.prior_editions + p.prior_others)))


@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=8).map(tuple),
    st.sampled_from([0.0, 1e-4, 0.1]),
    st.sampled_from([0.0, 0.01]),
    st.integers(0, 100),
    st.data(),
)
def test_weights_are_those_of_the_formula(sizes, household_prior, editions_prior, seed, data) -> None:
    model, layout = model_of(sizes, household_prior, seed, editions_prior)
    rows = data.draw(st.lists(st.tuples(*[st.integers(-1, size - 1) for size in sizes]), max_size=6))
    shifted = [sum((level + 1) << shift for level, shift in zip(row, layout.shifts, strict=True)) for row in rows]
    weights = model.score(Comparisons(layout, np.array(shifted, dtype=np.int64)))
    assert weights.tolist() == pytest.approx([slow_weight(model.parameters, row) for row in rows], abs=1e-9)


def test_comparators_may_have_up_to_127_levels() -> None:
    model, layout = model_of((3, 127, 100, 3), 0.0, 1)
    assert layout.bits == 2 + 7 + 7 + 2
    rows = list(product([-1, 2], [-1, 126], [-1, 99], [0, 1]))
    packed = [sum((level + 1) << shift for level, shift in zip(row, layout.shifts, strict=True)) for row in rows]
    expected = [slow_weight(model.parameters, row) for row in rows]
    weights = model.score(Comparisons(layout, np.array(packed, dtype=np.int64)))
    assert weights.tolist() == pytest.approx(expected)


@given(st.floats(1e-9, 1 - 1e-9))
def test_a_weight_and_its_probability_lead_to_each_other(probability) -> None:
    model, _ = model_of((2,), 0.0, 1)
    weight = model.weight_at(probability)
    assert model.probabilities(np.array([weight]))[0] == pytest.approx(probability)
    odds = 1e-3 / 0.999 * 2**weight
    assert odds / (1 + odds) == pytest.approx(probability)


def test_probabilities_keep_their_order_and_bounds_at_any_weight() -> None:
    model, _ = model_of((2,), 0.0, 1)
    got = model.probabilities(np.array([-np.inf, -1e6, -1e3, 0, 9.96, 50, 1e6, np.inf]))
    assert (np.diff(got) >= 0).all()
    assert (got[0] < 1e-300, got[-1]) == (True, 1.0)
    assert got[4] == pytest.approx(0.5, abs=0.01)


def test_certainty_lies_at_infinite_weights() -> None:
    model, _ = model_of((2,), 0.0, 1)
    assert [model.weight_at(p) for p in (-1, 0, 1, 2)] == [-math.inf, -math.inf, math.inf, math.inf]


RECORDS = Records.of(
    {
        "name": ["ann lee", "ann lee", "anne lee", "bob ray", "bob ray", "cy fox", "di roe", "ed poe"],
        "town": ["bath", "bath", "bath", "york", "york", "york", "leeds", None],
    }
)
COMPARISON = Comparison([similar("name"), exact("town")])
EVERYONE = compare(RECORDS, Pairs.of(*np.triu_indices(8, k=1)), COMPARISON)
POPULATION = Population.of(RECORDS, COMPARISON)


@pytest.mark.filterwarnings("ignore::identigraph.errors.FitWarning")
def test_fit_returns_a_new_model_and_leaves_the_old_one_alone() -> None:
    unfitted = FellegiSunter(identity=["name"], max_iterations=3)
    fitted = unfitted.fit(EVERYONE, population=POPULATION)
    assert fitted.is_fitted
    assert not unfitted.is_fitted
    assert attrs.evolve(fitted, parameters=None) == unfitted
    assert fitted.parameters.names == ("name", "town")
    assert fitted.parameters.iterations <= 3
    weights = fitted.score(EVERYONE)
    equal = EVERYONE.levels[:, 0] >= 3
    assert weights[equal].min() > weights[~equal].max()


def test_fitting_twice_gives_equal_models_which_survive_json() -> None:
    one, other = (
        FellegiSunter(household=("town",), identity=("name",), tolerance=0.01).fit(EVERYONE, population=POPULATION)
        for _ in range(2)
    )
    assert one == other
    assert hash(one) == hash(other)
    again = FellegiSunter.from_dict(json.loads(json.dumps(one.to_dict())))
    assert again == one
    assert again.score(EVERYONE).tolist() == one.score(EVERYONE).tolist()


def test_an_unfitted_model_survives_json() -> None:
    model = FellegiSunter(household=("town",), max_iterations=5)
    assert FellegiSunter.from_dict(json.loads(json.dumps(model.to_dict()))) == model


@pytest.mark.parametrize(
    "ask",
    [
        lambda model: model.score(EVERYONE),
        lambda model: model.probabilities(np.zeros(1)),
        lambda model: model.weight_at(0.5),
        lambda model: model.fitted,
        lambda model: model.explain(EVERYONE[0]),
    ],
)
def test_an_unfitted_model_says_how_to_fit_it(ask) -> None:
    message = r"FellegiSunter is not fitted; write matcher = matcher.fit\(...\)"
    with pytest.raises(NotFittedError, match=message) as caught:
        ask(FellegiSunter())
    assert isinstance(caught.value, IdentigraphError)


@pytest.mark.parametrize(
    "arguments",
    [
        {"household": ("name", "surname")},
        {"identity": ("name", "surname")},
        {"interactions": [("name", "surname")]},
        {"fixed": {"surname": {"u": (0.5, 0.5)}}},
        {"definite": [when(surname="equal")]},
        {"veto": [{"surname": "equal"}]},
    ],
    ids=lambda arguments: next(iter(arguments)),
)
def test_a_name_that_no_comparator_has_is_refused(arguments) -> None:
    model = FellegiSunter(**arguments)
    with pytest.raises(ColumnNotFoundError, match="no comparator 'surname'; did you mean 'name'"):
        model.fit(EVERYONE, population=POPULATION)


def test_a_population_without_pairs_trains_nothing() -> None:
    across = Population.of(RECORDS, COMPARISON, link="across")
    with pytest.raises(ConfigurationError, match="no two records may be linked"):
        FellegiSunter().fit(EVERYONE, population=across)


@pytest.mark.parametrize(
    "other", [[exact("town"), similar("name")], [similar("name", 0.9), exact("town")], [similar("name")]]
)
def test_a_model_weighs_the_comparators_that_it_was_fitted_to_and_no_others(other) -> None:
    fitted = FellegiSunter().fit(EVERYONE, population=POPULATION)
    with pytest.raises(ConfigurationError, match="it was fitted to name, town, and got"):
        fitted.score(compare(RECORDS, Pairs.of([0], [1]), other))


def test_two_records_are_enough_to_train_on() -> None:
    records = Records.of({"name": ["ann lee", "ann lee"], "town": ["bath", None]})
    both = compare(records, Pairs.of([0], [1]), COMPARISON)
    fitted = FellegiSunter().fit(both)
    assert np.isfinite(fitted.score(both)).all()
    assert fitted.score(both)[0] > 0


# What is given and not learned

MADE, TRUTH = made_pairs(20_000, 0.1, seed=1)
PEOPLE = population_of(MADE)
EVERY = Comparisons(LAYOUT, np.unique(MADE.packed))


def fitted(**arguments) -> FellegiSunter:
    """Return the model fitted to the made pairs."""
    return FellegiSunter(**arguments).fit(MADE, population=PEOPLE)


def test_a_model_that_did_not_come_to_rest_says_so() -> None:
    with pytest.warns(FitWarning, match="did not come to rest in 2 rounds.*raise max_iterations"):
        FellegiSunter(max_iterations=2).fit(MADE, population=population_of(MADE))
    with warnings.catch_warnings(action="error"):
        FellegiSunter().fit(MADE, population=population_of(MADE))


def test_made_pairs_are_told_apart() -> None:
    model = fitted()
    probability = model.probabilities(model.score(MADE))
    assert ((probability > 0.5) == TRUTH).mean() > 0.98
    assert probability.sum() == pytest.approx(TRUTH.sum(), rel=0.1)
    for found, truth in zip(model.fitted.m, M, strict=True):
        assert found == pytest.approx(truth, abs=0.05)


@pytest.mark.filterwarnings("ignore::identigraph.errors.FitWarning")
@given(st.sampled_from([1e-6, 0.003, 0.3, 0.9]), st.sampled_from([(), ("town",)]))
def test_a_given_prior_is_held(prior, household) -> None:
    model = fitted(prior=prior, household=household, max_iterations=5)
    p = model.fitted
    assert p.prior_same == prior
    assert p.prior_same + p.prior_household + p.prior_others == pytest.approx(1)
    assert (p.prior_household > 0) == bool(household)
    assert model.probabilities(np.zeros(1))[0] == pytest.approx(prior)


@pytest.mark.parametrize("value", [0, 1, -0.1, 1.5])
def test_a_prior_is_a_share_above_0_and_below_1(value) -> None:
    with pytest.raises(RangeError, match="prior must lie between 0 and 1"):
        FellegiSunter(prior=value)


@pytest.mark.parametrize("household", [(), ("town",)])
@pytest.mark.parametrize("labels", [None, TRUTH, Labeled(MADE.where(TRUTH), np.ones(TRUTH.sum()))])
def test_given_probabilities_are_held_and_all_others_learned(household, labels) -> None:
    given = {
        "mail": {"m": (0.3, 0.7), "u": (0.95, 0.05)},
        "town": Fixed("town", m=(0.4, 0.6)),
        "born": (0.85, 0.09, 0.06),
    }
    fixed = [Fixed("mail", **given["mail"]), given["town"], Fixed("born", u=given["born"])]
    arguments = {"household": household, "strength": 2.0}
    p = FellegiSunter(fixed=fixed, **arguments).fit(MADE, labels=labels, population=PEOPLE).fitted
    free = FellegiSunter(**arguments).fit(MADE, labels=labels, population=PEOPLE).fitted
    assert p.m[2] == pytest.approx((0.3, 0.7))
    assert p.u[2] == pytest.approx((0.95, 0.05))
    assert p.m[1] == pytest.approx((0.4, 0.6))
    assert p.u[3] == pytest.approx(given["born"])
    assert p.m[0] == pytest.approx(free.m[0], abs=0.1)
    assert (p.m[3] == pytest.approx(M[3], abs=0.1), p.u[1] == pytest.approx(U[1], abs=0.02)) == (True, True)
    for table in (p.m, p.h, p.u):
        assert [sum(levels) for levels in table] == pytest.approx([1] * 4)
    assert p.h[2] == pytest.approx(p.u[2], abs=0.005)


def test_given_probabilities_change_what_is_learned_beside_them() -> None:
    """Told that equal mail says nothing, training finds fewer matches."""
    assert fitted(fixed={"mail": {"m": (0.98, 0.02), "u": (0.98, 0.02)}}).fitted.m[0] != fitted().fitted.m[0]


@pytest.mark.parametrize("value", [0, -1, float("inf"), float("nan")])
def test_strength_is_a_number_above_0(value) -> None:
    with pytest.raises(RangeError, match="strength must lie between 0 and inf"):
        FellegiSunter(strength=value)


def test_strength_draws_m_towards_the_start() -> None:
    """Which is seven tenths of equality."""
    weak, strong = (fitted(strength=strength).fitted.m[0][3] for strength in (1, 1e7))
    assert (weak, strong) == (pytest.approx(M[0][3], abs=0.03), pytest.approx(0.7, abs=1e-3))


# Conditions


def test_definite_matches_and_vetoes_are_certain_and_a_veto_wins() -> None:
    model = fitted(definite=[when(mail="equal"), when(born="equal", name="equal")], veto=[when(town="differs")])
    levels = EVERY.levels
    definite = (levels[:, 2] == 1) | ((levels[:, 3] == 2) & (levels[:, 0] == 3))
    veto = levels[:, 1] == 0
    odds = model.score(EVERY) + model.fitted.prior_bits
    assert odds[veto] == pytest.approx(-CERTAIN)
    assert odds[definite & ~veto] == pytest.approx(CERTAIN)
    free = attrs.evolve(model, definite=(), veto=()).score(EVERY)
    rest = ~definite & ~veto
    assert (odds - model.fitted.prior_bits)[rest] == pytest.approx(free[rest], abs=1e-9)
    assert (np.abs(free + model.fitted.prior_bits) < CERTAIN - 1).all()


def test_training_takes_definite_matches_for_matches_and_vetoed_pairs_for_others() -> None:
    """Of the pairs that training may still call matches, all agree on the mail or none does."""
    assert fitted(veto=[when(mail="differs")]).fitted.m[2][1] > 0.99
    assert fitted(veto=[when(mail="equal")]).fitted.m[2][1] < 0.05
    definite = fitted(definite=[when(town="differs")])
    assert definite.fitted.prior_same == 0.2
    assert definite.fitted.m[1][0] > 0.9
    both = fitted(definite=[when(town="differs")], veto=[when(town="differs")])
    assert both.fitted.m[1][0] < 0.05


def test_conditions_may_be_written_as_mappings() -> None:
    assert FellegiSunter(veto=[{"mail": "differs"}]) == FellegiSunter(veto=[when(mail="differs")])


# Labels


def counted(compared: Comparisons, match: np.ndarray, place: int, strength: float) -> np.ndarray:
    """Return m of one comparator by counting, the start counted for `strength` pairs."""
    labels = LAYOUT.labels[place]
    seen = np.array([((compared.levels[:, place] == level) & match).sum() for level in range(len(labels))])
    below = len(labels) - 1
    start = np.append(0.3 * 0.5 ** np.arange(below, 0, -1) / sum(0.5**k for k in range(1, below + 1)), 0.7) + 1e-4
    total = seen + strength * start / start.sum()
    return total / total.sum()


@pytest.mark.parametrize("strength", [0.5, 4.0, 1_000.0])
def test_with_all_answers_m_and_the_prior_are_counted(strength) -> None:
    p = FellegiSunter(strength=strength).fit(MADE, labels=TRUTH, population=PEOPLE).fitted
    for place in range(4):
        assert p.m[place] == pytest.approx(counted(MADE, TRUTH, place, strength))
    assert p.prior_same == pytest.approx((TRUTH.sum() + 1) / 20_000)
    assert p.iterations == 2


def test_answers_for_counted_patterns_stand_for_all_their_pairs() -> None:
    """Some patterns are matches and others not, so that both ways of giving them say the same."""
    patterns = MADE.counted()
    grouped = Comparisons(LAYOUT, patterns.packed[::-1], patterns.counts[::-1])
    match = grouped.levels[:, 2] == 1
    one = FellegiSunter().fit(grouped, labels=match, population=PEOPLE)
    other = FellegiSunter().fit(MADE, labels=MADE.levels[:, 2] == 1, population=PEOPLE)
    assert one.fitted.m[0] == pytest.approx(other.fitted.m[0])
    assert one.fitted.prior_same == pytest.approx(other.fitted.prior_same)


def test_labels_of_other_pairs_correct_m_with_twenty_labels_of_doubt() -> None:
    few, answers = made_pairs(60, 0.5, seed=5)
    learned = fitted().fitted
    p = FellegiSunter().fit(MADE, labels=Labeled(few, answers), population=PEOPLE).fitted
    for place, m in enumerate(learned.m):
        levels = few.levels[answers, place]
        seen = np.array([(levels == level).sum() for level in range(len(m))])
        assert p.m[place] == pytest.approx((20 * np.array(m) + seen) / (20 + seen.sum()))
    assert (p.u, p.prior_same) == (learned.u, learned.prior_same)


def test_labels_correct_m_by_the_pairs_that_they_stand_for() -> None:
    """Those not drawn at random stand for none; in all they count for (sum w)**2 / sum w**2 labels."""
    few = MADE.where(np.arange(len(MADE)) < 60)
    answers, worth = np.arange(60) % 2 == 0, np.where(np.arange(60) % 3 == 0, 0.0, np.arange(60) + 1.0)
    p = FellegiSunter().fit(MADE, labels=Labeled(few, answers, stands_for=worth), population=PEOPLE).fitted
    levels, w = few.levels[answers], worth[answers]
    for place, m in enumerate(fitted().fitted.m):
        seen = np.array([w[levels[:, place] == level].sum() for level in range(len(m))]) * w.sum() / (w**2).sum()
        assert p.m[place] == pytest.approx((20 * np.array(m) + seen) / (20 + seen.sum()))


def test_labels_that_stand_for_nothing_correct_nothing() -> None:
    few = MADE.where(np.arange(len(MADE)) < 10)
    labels = Labeled(few, np.ones(10), stands_for=np.zeros(10))
    found = FellegiSunter().fit(MADE, labels=labels, population=PEOPLE).fitted
    for m, before in zip(found.m, fitted().fitted.m, strict=True):
        assert m == pytest.approx(before)


def test_labels_of_no_match_correct_nothing() -> None:
    few, _ = made_pairs(10)
    p, learned = FellegiSunter().fit(MADE, labels=Labeled(few, np.zeros(10)), population=PEOPLE).fitted, fitted().fitted
    assert [level for levels in p.m for level in levels] == pytest.approx([m for levels in learned.m for m in levels])
    assert attrs.evolve(p, m=learned.m) == learned


def test_labels_of_other_comparators_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="fitted to name, town, mail, born, and got name, town;"):
        FellegiSunter().fit(MADE, labels=Labeled(EVERYONE, np.ones(28)), population=PEOPLE)


def test_a_condition_overrules_an_answer() -> None:
    p = FellegiSunter(veto=[when(mail="equal")]).fit(MADE, labels=TRUTH, population=PEOPLE).fitted
    left = TRUTH & (MADE.levels[:, 2] != 1)
    assert p.m[0] == pytest.approx(counted(MADE, left, 0, 4.0))


def test_without_a_population_it_is_found_from_the_records() -> None:
    assert FellegiSunter().fit(EVERYONE) == FellegiSunter().fit(EVERYONE, population=POPULATION)
    with pytest.raises(ConfigurationError, match="training needs the records, for base rates"):
        FellegiSunter().fit(Comparisons(EVERYONE.layout, EVERYONE.packed))


# Explaining


@pytest.mark.parametrize(("household", "editions"), [((), ()), (("town", "mail"), ()), ((), ("name",))])
@pytest.mark.parametrize("interactions", [[], [("name", "mail", "born")]])
def test_evidence_adds_up_to_the_weight(household, editions, interactions) -> None:
    model = fitted(household=household, editions=editions, interactions=interactions)
    for place, weight in enumerate(model.score(EVERY)):
        told = model.explain(EVERY[place])
        assert told.match_weight == pytest.approx(weight)
        assert sum(e.weight for e in told.evidence) == pytest.approx(weight)
        assert told.match_probability == pytest.approx(model.probabilities(np.array([weight]))[0])
        assert told.reason == "weights add up"
    names = [*LAYOUT.names, *["born and mail", "born and name", "mail and name"] * bool(interactions)]
    assert [e.comparator for e in told.evidence] == [
        *names,
        *["household"] * bool(household),
        *["editions"] * bool(editions),
    ]
    assert [e.label for e in told.evidence][:4] == list(EVERY[len(EVERY) - 1].labels.values())


def test_without_households_each_level_says_its_own_weight() -> None:
    p = fitted().fitted
    told = fitted().explain(LAYOUT.pattern(LAYOUT.pack([[2, -1, 0, 2]])[0]))
    expected = [math.log2(p.m[0][2] / p.u[0][2]), 0, math.log2(p.m[2][0] / p.u[2][0]), math.log2(p.m[3][2] / p.u[3][2])]
    assert [e.weight for e in told.evidence] == pytest.approx(expected)


def test_with_households_a_level_is_weighed_against_who_is_likely_to_show_it() -> None:
    """What a household shares says little where the whole pattern looks like one, as much as ever where it does not."""
    p = Parameters(("mail", "town"), (("differs", "equal"),) * 2, ((0.1, 0.9),) * 2, ((0.9, 0.1), (0.1, 0.9)),
                   ((0.99, 0.01),) * 2, 0.01, 0.01, 0.98, 1, True)  # fmt: skip
    model = FellegiSunter(("town",), parameters=p)
    towns = [model.explain(p.layout.pattern(p.layout.pack([[mail, 1]])[0])).evidence[1].weight for mail in (0, 1)]
    share = [h * 0.9 * 0.01 / (h * 0.9 * 0.01 + u * 0.01 * 0.98) for h, u in ((0.9, 0.99), (0.1, 0.01))]
    against = [s * math.log2(0.9) + (1 - s) * math.log2(0.01) for s in share]
    assert towns == pytest.approx([math.log2(0.9) - each for each in against])


def test_a_condition_that_decides_is_the_reason() -> None:
    model = fitted(household=("town",), definite=[when(mail="equal")], veto=[when(name="differs")])
    reasons = [
        model.explain(LAYOUT.pattern(LAYOUT.pack([row])[0])).reason
        for row in ([0, 0, 1, 0], [1, 0, 1, 0], [1, 0, 0, 0])
    ]
    assert reasons == ["veto: when(name='differs')", "definite match: when(mail='equal')", "weights add up"]
    told = model.explain(LAYOUT.pattern(LAYOUT.pack([[0, 0, 1, 0]])[0]))
    assert told.match_probability < 1e-9
    assert "household" not in [e.comparator for e in told.evidence]


def test_everything_given_survives_json_and_its_repr() -> None:
    model = FellegiSunter(
        ("town",),
        ("name",),
        fixed={"mail": {"u": (0.75, 0.25)}},
        prior=0.01,
        strength=2.5,
        interactions=[("name", "mail")],
        definite=[when(mail="equal")],
        veto=[when(born="differs", name="differs")],
        max_iterations=7,
        tolerance=0.01,
    )
    names = {"FellegiSunter": FellegiSunter, "Fixed": Fixed, "when": when}
    assert eval(repr(model), names) == model  # noqa: S307
    for each in (model, model.fit(MADE, population=PEOPLE)):
        again = FellegiSunter.from_dict(json.loads(json.dumps(each.to_dict())))
        assert again == each
        assert hash(again) == hash(each)
    assert each.score(EVERY).tolist() == again.score(EVERY).tolist()
    assert each.fitted.iterations <= 7


def test_the_model_is_told_to_training_as_it_is() -> None:
    model = FellegiSunter(
        ("town",), ("name",), editions=("name",), prior=0.2, strength=3.0, max_iterations=4, tolerance=0.5
    )
    place = {name: tuple(name == each for each in LAYOUT.names) for name in ("town", "name")}
    settings = Settings(place["town"], place["name"], place["name"], 4, 0.5, 3.0, 0.2)
    counts = MADE.counted()
    found = estimate(LAYOUT.levels(counts.packed), counts.counts, PEOPLE, settings)
    assert model.fit(MADE, population=PEOPLE).fitted == Parameters.of(LAYOUT, found)
