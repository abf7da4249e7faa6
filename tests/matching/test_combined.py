"""Rules before a model, and matchers as plain data."""

from __future__ import annotations

import json

import numpy as np
import pytest
from made_pairs import LAYOUT, made_pairs, population_of

from identigraph import Combined, FellegiSunter, Linear, Rules, Supervised, rule, when
from identigraph.comparing import Comparisons
from identigraph.errors import ColumnNotFoundError, ConfigurationError
from identigraph.matching import Labeled, matcher_from, parameters_of
from identigraph.matching.matcher import LogOdds
from identigraph.odds import CERTAIN

COMPARED, TRUTH = made_pairs(3_000, 0.2, seed=4)
PEOPLE = population_of(COMPARED)
EVERY = Comparisons(LAYOUT, np.unique(COMPARED.packed))
FIRST = Rules(
    [
        rule(when(name="equal", mail="equal"), "possible"),
        rule(when(mail="equal"), "match", name="same mail"),
        rule(when(born="differs"), "non-match"),
    ],
    otherwise="match",
)
LEVELS = EVERY.levels
OPEN = (LEVELS[:, 0] == 3) & (LEVELS[:, 2] == 1)
MATCH = ~OPEN & (LEVELS[:, 2] == 1)
NONE = ~OPEN & ~MATCH & (LEVELS[:, 3] == 0)
MODEL = FellegiSunter().fit(COMPARED, population=PEOPLE)
FITTED = Combined(FIRST, MODEL)


@pytest.mark.parametrize("model", [MODEL, Linear({"name": 2}, 1), Rules([rule(when(name="equal"), "match")])])
def test_what_rules_decide_is_certain_and_the_rest_is_left_to_the_model(model) -> None:
    """What the rules say where none holds means nothing."""
    matcher = Combined(FIRST, model)
    weights, alone = matcher.score(EVERY), model.score(EVERY)
    neutral = model.weight_at(0.5)
    assert weights[MATCH] == pytest.approx(neutral + CERTAIN)
    assert weights[NONE] == pytest.approx(neutral - CERTAIN)
    rest = ~MATCH & ~NONE
    assert weights[rest].tolist() == alone[rest].tolist()
    assert matcher.probabilities(weights).tolist() == model.probabilities(weights).tolist()
    assert matcher.weight_at(0.3) == model.weight_at(0.3)
    assert 0 < MATCH.sum() < len(EVERY) - NONE.sum()
    assert model.score(EVERY).tolist() == alone.tolist()


def test_fitting_fits_the_model_and_checks_the_rules() -> None:
    matcher = Combined(FIRST, FellegiSunter())
    fitted = matcher.fit(COMPARED, population=PEOPLE)
    assert fitted == FITTED
    assert (matcher.is_fitted, fitted.is_fitted) == (False, True)
    assert (matcher.layout, fitted.layout) == (None, LAYOUT)
    with pytest.raises(ColumnNotFoundError, match="no level 'like'"):
        Combined(Rules([rule(when(name="like"), "match")]), FellegiSunter()).fit(COMPARED, population=PEOPLE)


def test_the_model_learns_from_labels_of_the_pairs_that_are_left_to_it() -> None:
    few, answers = made_pairs(200, 0.5, seed=6)
    left = few.levels
    left = ~((left[:, 2] == 1) & (left[:, 0] != 3)) & ~((left[:, 3] == 0) & (left[:, 2] != 1))
    known = Labeled(few, answers)
    fitted = Combined(FIRST, FellegiSunter()).fit(COMPARED, labels=known, population=PEOPLE)
    assert fitted.model == FellegiSunter().fit(COMPARED, labels=known.where(left), population=PEOPLE)
    assert fitted.model != FellegiSunter().fit(COMPARED, labels=known, population=PEOPLE)
    assert fitted.rules == FIRST


def test_answers_for_all_pairs_are_handed_on_as_they_are() -> None:
    fitted = Combined(FIRST, FellegiSunter()).fit(COMPARED, labels=TRUTH, population=PEOPLE)
    assert fitted.model == FellegiSunter().fit(COMPARED, labels=TRUTH, population=PEOPLE)


def test_explaining_names_the_rule_or_what_the_model_says() -> None:
    decided = FITTED.explain(EVERY[int(np.flatnonzero(MATCH)[0])])
    assert decided.reason == "match: same mail"
    assert decided.match_weight == pytest.approx(MODEL.weight_at(0.5) + CERTAIN)
    assert decided.match_probability == pytest.approx(1)
    assert [e.comparator for e in decided.evidence] == ["mail"]
    assert FITTED.explain(EVERY[int(np.flatnonzero(NONE)[0])]).match_probability == pytest.approx(0)
    for open_one in (np.flatnonzero(OPEN)[0], np.flatnonzero(~OPEN & ~MATCH & ~NONE)[0]):
        assert FITTED.explain(EVERY[int(open_one)]) == MODEL.explain(EVERY[int(open_one)])


def test_rules_without_a_rule_leave_everything_to_the_model() -> None:
    assert Combined(Rules([]), MODEL).score(EVERY).tolist() == MODEL.score(EVERY).tolist()


MATCHERS = [
    FITTED,
    MODEL,
    FIRST,
    Linear({"name": 2}, 1),
    Supervised(),
    Combined(FIRST, Combined(FIRST, Linear({"name": 2}, 1))),
    Combined(FIRST, Supervised(None)),
]


@pytest.mark.parametrize("matcher", MATCHERS, ids=lambda matcher: type(matcher).__name__)
def test_a_matcher_comes_back_from_plain_data_whichever_it_is(matcher) -> None:
    data = json.loads(json.dumps(matcher.to_dict()))
    assert matcher_from(data) == matcher
    assert data["is"] == type(matcher).__name__


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "Matcher is expected, and the data describe a 'mapping'"),
        ({"is": None}, "Matcher is of class 'None', which this version of identigraph does not have"),
        ({"is": "Magic", "spell": 1}, "Matcher is of class 'Magic'.*may be of a later version"),
        ({"is": "Typos", "feature": "name"}, "Matcher is expected, and the data describe a 'Typos'"),
    ],
)
def test_data_of_no_matcher_is_refused(data, told) -> None:
    with pytest.raises(ConfigurationError, match=told):
        matcher_from(data)


class Half(LogOdds):
    """A matcher of one's own, which takes every pair for a match as likely as not."""

    is_fitted = True
    layout = None

    def fit(self, compared, *, labels=None, population=None):
        """Return itself."""
        del compared, labels, population
        return self

    def score(self, compared):
        """Return log odds of 0."""
        return np.zeros(len(compared))

    def explain(self, pattern):
        """Return nothing."""

    def to_dict(self):
        """Return nothing: there is nothing to say."""
        return {}

    @classmethod
    def from_dict(cls, data):
        """Return one."""
        assert data == {}
        return cls()


def test_a_matcher_of_ones_own_comes_back_by_its_class() -> None:
    data = json.loads(json.dumps(Combined(FIRST, Half()).to_dict()))
    again = matcher_from(data, classes=[Half])
    assert (again.rules, type(again.model)) == (FIRST, Half)
    with pytest.raises(ConfigurationError, match=r"Matcher.model is of class 'Half'.*give classes=\[Half\]"):
        matcher_from(data)


def test_parameters_are_those_of_the_model_inside() -> None:
    assert parameters_of(MODEL) is parameters_of(Combined(FIRST, FITTED)) is MODEL.parameters
    assert parameters_of(Supervised(MODEL)) is MODEL.parameters
    for matcher in (FellegiSunter(), FIRST, Linear({"name": 2}, 1), Supervised(None), Combined(FIRST, FIRST)):
        assert parameters_of(matcher) is None


def test_the_repr_can_be_pasted() -> None:
    names = {"Combined": Combined, "Rules": Rules, "rule": rule, "when": when, "Linear": Linear}
    names["Points"] = __import__("identigraph").Points
    matcher = Combined(FIRST, Linear({"name": 2}, 1))
    assert eval(repr(matcher), names) == matcher  # noqa: S307
