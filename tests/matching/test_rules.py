"""Rules: the first that holds decides."""

from __future__ import annotations

from itertools import product

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identigraph import Rules, rule, when
from identigraph.comparing import Comparisons, Layout
from identigraph.errors import ColumnNotFoundError, ConfigurationError, RangeError
from identigraph.matching import Labeled

LAYOUT = Layout(("mail", "name", "born"), (("differs", "equal"), ("differs", "similar", "equal"), ("differs", "equal")))
EVERY = list(product((-1, 0, 1), (-1, 0, 1, 2), (-1, 0, 1)))
COMPARED = Comparisons(LAYOUT, LAYOUT.pack(EVERY))
TABLE = Rules(
    [
        rule(when(born="differs", name="differs"), "non-match", name="other person"),
        rule(when(mail="equal", name=">= similar"), "match"),
        rule({"mail": "equal"}, "possible", probability=0.4),
    ],
    otherwise="possible",
)


def by_hand(mail: int, name: int, born: int) -> int:
    """Return which rule of `TABLE` decides."""
    if born == 0 and name == 0:
        return 0
    if mail == 1 and name >= 1:
        return 1
    return 2 if mail == 1 else 3


def test_the_first_rule_that_holds_decides() -> None:
    places = TABLE.places(LAYOUT, COMPARED.packed)
    assert places.tolist() == [by_hand(*row) for row in EVERY]
    assert set(places.tolist()) == {0, 1, 2, 3}


def test_decisions_name_their_rule() -> None:
    decided = TABLE.decide(LAYOUT, COMPARED.packed)
    told = [
        ("non-match", "other person"),
        ("match", "mail='equal', name='>= similar'"),
        ("possible", "mail='equal'"),
        ("possible", "no rule"),
    ]
    assert decided.columns == ["decision", "rule"]
    assert decided.rows() == [told[by_hand(*row)] for row in EVERY]
    assert TABLE.decide(LAYOUT, COMPARED.packed[:0]).rows() == []


def test_probabilities_are_those_of_the_deciding_rule() -> None:
    probability = [0.001, 0.99, 0.4, 0.3]
    found = TABLE.probabilities(TABLE.score(COMPARED))
    assert found.tolist() == pytest.approx([probability[by_hand(*row)] for row in EVERY])
    nothing = attrs.evolve(TABLE, otherwise="non-match")
    assert nothing.probabilities(nothing.score(COMPARED))[0] == pytest.approx(0.001)


@given(st.lists(st.tuples(st.sampled_from(range(len(EVERY))), st.booleans()), min_size=1, max_size=30), st.booleans())
def test_labels_give_each_rule_its_share_of_matches_with_two_labels_of_doubt(drawn, other) -> None:
    """Whether the labels answer for the pairs compared or for others."""
    rows = [EVERY[i] for i, _ in drawn]
    labeled = Comparisons(LAYOUT, LAYOUT.pack(rows))
    answers = [answer for _, answer in drawn]
    fitted = TABLE.fit(COMPARED, labels=Labeled(labeled, answers)) if other else TABLE.fit(labeled, labels=answers)
    for place, before in enumerate([0.001, 0.99, 0.4]):
        own = [answer for row, answer in zip(rows, answers, strict=True) if by_hand(*row) == place]
        assert fitted.rules[place].probability == pytest.approx((sum(own) + 2 * before) / (len(own) + 2))
    assert [attrs.evolve(r, probability=None) for r in fitted.rules] == [
        attrs.evolve(r, probability=None) for r in TABLE.rules
    ]


def test_without_labels_fitting_changes_nothing_but_checks_names() -> None:
    assert TABLE.fit(COMPARED) is TABLE
    assert (TABLE.is_fitted, TABLE.layout) == (True, None)
    with pytest.raises(ColumnNotFoundError, match="no level 'same' of comparator 'mail'"):
        Rules([rule(when(mail="same"), "match")]).fit(COMPARED)


def test_explaining_names_the_rule_and_what_it_looked_at() -> None:
    match = TABLE.explain(LAYOUT.pattern(LAYOUT.pack([[1, 2, -1]])[0]))
    assert match.reason == "match: mail='equal', name='>= similar'"
    assert [(e.comparator, e.label, e.weight) for e in match.evidence] == [("mail", "equal", 0), ("name", "equal", 0)]
    assert (match.match_probability, match.match_weight) == (0.99, pytest.approx(np.log2(99)))
    none = TABLE.explain(LAYOUT.pattern(LAYOUT.pack([[0, 2, -1]])[0]))
    assert (none.reason, none.evidence, none.match_probability) == ("possible: no rule holds", (), 0.3)


@pytest.mark.parametrize("certain", [0.0, 1.0])
def test_a_certain_rule_has_an_infinite_weight(certain) -> None:
    table = Rules([rule(when(mail="equal"), "match", probability=certain)])
    weights = table.score(Comparisons(LAYOUT, LAYOUT.pack([[1, 0, 0]])))
    assert weights.tolist() == [np.inf if certain else -np.inf]
    assert table.probabilities(weights)[0] == pytest.approx(certain)


@pytest.mark.parametrize(
    ("make", "error", "told"),
    [
        (
            lambda: rule(when(mail="equal"), "maybe"),
            ConfigurationError,
            "'match', 'possible', 'non-match'; got 'maybe'",
        ),
        (lambda: Rules([], otherwise="no"), ConfigurationError, "got 'no'"),
        (
            lambda: rule(when(mail="equal"), "match", probability=1.1),
            RangeError,
            "probability must lie between 0 and 1",
        ),
        (lambda: rule(when(mail="equal"), "match", probability=-0.1), RangeError, "probability"),
        (lambda: rule({}, "match"), ConfigurationError, "asks for something"),
    ],
)
def test_rules_that_make_no_sense_are_refused(make, error, told) -> None:
    with pytest.raises(error, match=told):
        make()


@pytest.mark.parametrize("table", [TABLE, Rules([]), Rules(TABLE.rules[:1]), Rules(TABLE.rules * 4)])
def test_the_repr_can_be_pasted(table) -> None:
    shown = repr(table)
    assert eval(shown, {"Rules": Rules, "rule": rule, "when": when}) == table  # noqa: S307
    assert max(map(len, shown.splitlines())) <= 120


def test_a_table_written_by_hand_is_read() -> None:
    rows = [{"when": {"mail": "equal"}, "then": "match", "name": "same mail", "probability": 0.9}]
    assert Rules.from_dict({"rules": rows, "otherwise": "possible"}) == Rules(
        [rule(when(mail="equal"), "match", name="same mail", probability=0.9)], "possible"
    )
