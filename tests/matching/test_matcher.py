"""What all matchers share: labeled comparisons, explanations, log odds."""

from __future__ import annotations

import numpy as np
import pytest
from made_pairs import made_pairs

from identigraph import Combined, FellegiSunter, Linear, Rules, Supervised
from identigraph.errors import ConfigurationError
from identigraph.matching import Evidence, Explanation, Labeled, Matcher, rule
from identigraph.matching.matcher import as_labeled

COMPARED, MATCH = made_pairs(8, 0.5)


@pytest.mark.parametrize(
    "matcher", [FellegiSunter(), Linear({"name": 1}, 0), Rules([]), Supervised(), Combined(Rules([]), FellegiSunter())]
)
def test_all_matchers_are_matchers_and_values(matcher) -> None:
    assert isinstance(matcher, Matcher)
    assert len({matcher, matcher}) == 1


def test_labels_have_an_answer_for_each_pair() -> None:
    with pytest.raises(ConfigurationError, match="got 7 labels for 8 pairs"):
        Labeled(COMPARED, MATCH[:7])
    with pytest.raises(ConfigurationError, match="got 8 labels for 8 pairs"):
        Labeled(COMPARED, MATCH[:, None])


def test_a_mask_keeps_answers_groups_and_fairness() -> None:
    mask = np.arange(8) % 3 == 0
    kept = Labeled(COMPARED, MATCH.tolist(), np.arange(8), ~mask).where(mask)
    assert kept.compared.packed.tolist() == COMPARED.packed[mask].tolist()
    assert (kept.match.tolist(), kept.groups.tolist()) == (MATCH[mask].tolist(), [0, 3, 6])
    assert kept.fair.tolist() == [False] * 3
    assert (len(kept), repr(kept)) == (3, f"<Labeled: 3 pairs, {MATCH[mask].sum()} matches>")
    bare = Labeled(COMPARED, MATCH).where(mask)
    assert (bare.groups, bare.fair) == (None, None)


def test_answers_become_labels_of_the_pairs_compared() -> None:
    assert as_labeled(COMPARED, None) is None
    known = Labeled(COMPARED, MATCH)
    assert as_labeled(made_pairs(3)[0], known) is known
    made = as_labeled(COMPARED, [1, 0] * 4)
    assert made.compared is COMPARED
    assert made.match.tolist() == [True, False] * 4


def test_an_explanation_is_read_from_the_weightiest_evidence_down() -> None:
    evidence = [Evidence("b", "differs", -2.0), Evidence("mail", "equal", 9.25), Evidence("a", "equal", 2.0)]
    told = Explanation(9.25, 0.98765, tuple(evidence), "weights add up")
    assert str(told).splitlines() == [
        "weights add up (weight +9.2, probability 0.988)",
        "    +9.2  mail: equal",
        "    +2.0  a: equal",
        "    -2.0  b: differs",
    ]


@pytest.mark.parametrize("matcher", [Linear({"name": 1}, 0), Rules([rule({"name": "present"}, "possible")])])
def test_labels_picked_unfairly_teach_rules_and_points_nothing(matcher) -> None:
    fair = np.arange(8) % 4 != 3
    unfair = Labeled(COMPARED, MATCH ^ ~fair, fair=fair)
    assert (unfair.calibrating == fair).all()
    assert matcher.fit(COMPARED, labels=unfair) == matcher.fit(COMPARED, labels=Labeled(COMPARED, MATCH).where(fair))
    assert matcher.fit(COMPARED, labels=unfair) != matcher.fit(COMPARED, labels=unfair.match)


def test_where_fair_labels_are_of_one_kind_all_may_set_probabilities() -> None:
    assert Labeled(COMPARED, MATCH, fair=MATCH).calibrating.all()
    assert Labeled(COMPARED, MATCH).calibrating.all()
