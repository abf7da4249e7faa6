"""Parameters: plain data with a table to look at."""

from __future__ import annotations

import json

import attrs
import numpy as np
import pytest

from identigraph.comparing.layout import Layout
from identigraph.matching import Parameters
from identigraph.matching.expectation import Estimate
from identigraph.matching.parameters import Interaction
from identigraph.plain import restored, written

PARAMETERS = Parameters(
    names=("name", "sex"),
    labels=(("differs", "similar", "equal"), ("differs", "equal")),
    m=((0.125, 0.125, 0.75), (0.25, 0.75)),
    h=((0.5, 0.25, 0.25), (0.5, 0.5)),
    u=((0.5, 0.25, 0.25), (0.5, 0.5)),
    prior_same=0.2,
    prior_household=0.0,
    prior_others=0.5,
    iterations=7,
    converged=True,
    e=((0.25, 0.25, 0.5), (0.5, 0.5)),
    prior_editions=0.3,
)


def test_what_training_found_becomes_plain_numbers() -> None:
    given = (PARAMETERS.m, PARAMETERS.h, PARAMETERS.e, PARAMETERS.u)
    tables = [[np.array(row) for row in table] for table in given]
    found = Estimate(*tables, (0.2, 0.0, 0.3, 0.5), 7, converged=True)
    made = Parameters.of(Layout(PARAMETERS.names, PARAMETERS.labels), found)
    assert made == PARAMETERS
    assert {type(p) for p in made.m[0]} == {float}


def test_the_prior_is_told_in_bits() -> None:
    assert PARAMETERS.prior_bits == -2


def test_the_table_has_a_row_for_each_level() -> None:
    table = PARAMETERS.table()
    assert table.columns == ["comparator", "level", "label", "m", "u", "household", "editions", "match_weight"]
    assert table.row(0) == ("name", 0, "differs", 0.125, 0.5, 0.5, 0.25, -2.0)
    assert table.row(4) == ("sex", 1, "equal", 0.75, 0.5, 0.5, 0.5, pytest.approx(0.585, abs=1e-3))
    assert table["level"].to_list() == [0, 1, 2, 0, 1]
    plain = attrs.evolve(PARAMETERS, e=(), prior_editions=0.0, prior_others=0.8).table()
    assert plain.equals(table.drop("editions"))


def test_parameters_survive_json() -> None:
    again = restored(json.loads(json.dumps(written(PARAMETERS))), Parameters)
    assert again == PARAMETERS
    assert hash(again) == hash(PARAMETERS)


def test_the_layout_is_that_of_what_training_saw() -> None:
    assert PARAMETERS.layout == Layout(PARAMETERS.names, PARAMETERS.labels)


def test_interactions_survive_json() -> None:
    joint = attrs.evolve(PARAMETERS, interactions=(Interaction("name", "sex", ((0.0, 0.0, 0.0), (0.0, -1.5, 2.0))),))
    again = restored(json.loads(json.dumps(written(joint))), Parameters)
    assert again == joint != PARAMETERS
    assert hash(again) == hash(joint)
    assert repr(again.interactions[0]) == "<Interaction: name and sex>"


def test_a_repr_tells_the_counts_and_the_prior() -> None:
    assert repr(PARAMETERS) == "<Parameters: 2 comparators, prior 0.2>"
