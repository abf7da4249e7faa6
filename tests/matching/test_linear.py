"""Points of a table: added up, capped by group, and calibrated by labels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_pairs import made_pairs

from identigraph import Linear, Points
from identigraph.comparing import Comparisons, Layout
from identigraph.errors import ColumnNotFoundError, ConfigurationError, RangeError
from identigraph.matching import Labeled

LABELS = ("differs", "similar, 0.8", "similar, 0.92", "equal")
LAYOUT = Layout(("name", "town", "mail", "one"), (LABELS, ("differs", "equal"), ("differs", "equal"), ("all",)))
POINTS = st.integers(-9, 9)


@given(st.lists(POINTS, min_size=6, max_size=6), st.integers(0, 9), st.sampled_from([0.5, 2.0]), st.data())
def test_points_are_those_added_by_hand(numbers, cap, scale, data) -> None:
    agree, differ, middle, town, mail, threshold = numbers
    rows = [
        Points("name", agree, differ=differ, levels={"similar, 0.92": middle}, group="person"),
        Points("town", town, group="person"),
        Points("mail", mail, differ=-2),
    ]
    matcher = Linear(rows, threshold, scale, caps={"person": cap})
    levels = data.draw(st.lists(st.tuples(*[st.integers(-1, n - 1) for n in (4, 2, 2, 1)]), max_size=5))
    expected = []
    for one, two, three, _ in levels:
        name = {-1: 0, 0: differ, 1: agree / 3, 2: middle, 3: agree}[one]
        person = min(max(name + {-1: 0, 0: 0, 1: town}[two], -cap), cap)
        expected.append(person + {-1: 0, 0: -2, 1: mail}[three])
    packed = LAYOUT.pack(np.array(levels, dtype=np.int64).reshape(-1, 4))
    assert matcher.points(LAYOUT, packed).tolist() == pytest.approx(expected)
    weights = matcher.score(Comparisons(LAYOUT, packed))
    assert weights.tolist() == pytest.approx([scale * (points - threshold) for points in expected])
    half = matcher.probabilities(np.zeros(1))[0]
    assert (half, matcher.weight_at(0.5)) == (0.5, 0)


def test_weights_end_at_what_is_certain() -> None:
    matcher = Linear({"name": 1_000, "town": -3_000}, 0)
    weights = matcher.score(Comparisons(LAYOUT, LAYOUT.pack([[3, 0, 0, 0], [3, 1, 0, 0]])))
    assert weights.tolist() == [40, -40]
    assert matcher.explain(LAYOUT.pattern(LAYOUT.pack([[3, 0, 0, 0]])[0])).match_weight == 40


def test_a_mapping_gives_the_points_of_the_highest_level() -> None:
    assert Linear({"name": 3, "town": 2}, 4) == Linear([Points("name", 3), Points("town", 2)], 4)


def test_a_comparator_of_one_level_has_the_points_of_differing() -> None:
    assert Points("one", 5, differ=-1).by_level(LAYOUT).tolist() == [0, -1]


def test_labels_calibrate_threshold_and_scale_and_leave_the_points() -> None:
    compared, match = made_pairs(4_000, 0.5, seed=3)
    matcher = Linear({"name": 3, "mail": 5}, 100, 0.001)
    fitted = matcher.fit(compared, labels=match)
    assert fitted.table == matcher.table
    probability = fitted.probabilities(fitted.score(compared))
    assert probability.mean() == pytest.approx(match.mean(), abs=0.01)
    assert ((probability > 0.5) == match).mean() > 0.9
    assert fitted.scale > 0.5
    assert matcher.fit(made_pairs(9)[0], labels=Labeled(compared, match)) == fitted


def test_more_points_never_make_a_match_less_likely_whatever_labels_say() -> None:
    compared, match = made_pairs(500, 0.5)
    assert Linear({"name": 3}, 1).fit(compared, labels=~match).scale == 0.05


def test_without_labels_fitting_changes_nothing_but_checks_names() -> None:
    compared, match = made_pairs(20)
    matcher = Linear({"name": 3}, 1)
    assert matcher.fit(compared) is matcher
    assert (matcher.is_fitted, matcher.layout) == (True, None)
    for rows, told in (({"nam": 3}, "no comparator"), ([Points("name", 3, levels={"like": 1})], "no level 'like'")):
        with pytest.raises(ColumnNotFoundError, match=told):
            Linear(rows, 1).fit(compared)
    with pytest.raises(ConfigurationError, match="labels must hold matches and others"):
        matcher.fit(compared, labels=match & False)


def test_evidence_is_in_bits_and_adds_up_where_no_cap_is_met() -> None:
    matcher = Linear([Points("name", 3, group="g"), Points("mail", 4, differ=-1)], 2, 1.5, caps={"g": 5})
    told = matcher.explain(LAYOUT.pattern(LAYOUT.pack([[3, 1, 0, 0]])[0]))
    assert [(e.comparator, e.label, e.weight) for e in told.evidence] == [
        ("name", "equal", 4.5),
        ("mail", "differs", -1.5),
    ]
    assert told.match_weight == sum(e.weight for e in told.evidence) - 1.5 * 2 == 0
    assert told.match_probability == 0.5
    assert told.reason == "2 points, 2 make a match as likely as not"


@pytest.mark.parametrize(
    ("make", "error", "told"),
    [
        (lambda: Linear({}, 1), ConfigurationError, "it has no row"),
        (lambda: Linear([Points("a", 1), Points("a", 2)], 1), ConfigurationError, "'a' stands there more than once"),
        (lambda: Linear({"a": 1}, 1, 0), RangeError, "scale"),
        (lambda: Linear({"a": 1}, 1, float("nan")), RangeError, "scale"),
        (lambda: Linear({"a": 1}, 1, caps={"g": 2}), ConfigurationError, "a cap for group 'g'"),
        (lambda: Linear({"a": 1}, 1, caps={"": 2}), ConfigurationError, "a cap for group ''"),
        (lambda: Linear([Points("a", 1, group="g")], 1, caps={"g": -1}), RangeError, "cap of group 'g'"),
    ],
)
def test_tables_that_make_no_sense_are_refused(make, error, told) -> None:
    with pytest.raises(error, match=told):
        make()


def test_the_repr_can_be_pasted() -> None:
    matcher = Linear([Points("a", 1, differ=-2, levels={"b, c": 1}, group="g")], 1, 2.0, caps={"g": 1})
    assert eval(repr(matcher), {"Linear": Linear, "Points": Points}) == matcher  # noqa: S307
