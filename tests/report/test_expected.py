"""The section on what is expected of the entities and on the guards: its figures, its flags, and what is missing."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import attrs
import polars as pl
import pytest

from identigraph.judging import Estimated, Guards
from identigraph.judging.guards import CONTRADICTED, TOGETHER
from identigraph.report import Summary, render
from identigraph.report.expected import SHOWN, expected

NOTHING = pl.DataFrame()
ESTIMATED = Estimated(
    0.97,
    0.93,
    0.91,
    0.96,
    pl.DataFrame(
        [("birth_date", 0.99, 0.93, 0.96), ("name.given", 0.95, 0.88, 0.91)],
        schema=["comparator", "precision", "recall", "f1"],
        orient="row",
    ),
)
GUARDS = Guards(
    pl.DataFrame(
        [
            ("model", "birth_date", "name.given", 900.0, 0.2, 0.02, 0.03, False),
            ("model", "phone", "address", 700.0, 0.41, 0.25, 0.1, True),
            ("entities", "birth_date", "name.given", 800.0, 0.75, 0.11, 0.03, True),
            ("model", "email", "city", 500.0, 0.25, 0.4, 0.1, False),
            ("entities", "phone", "email", 600.0, -0.1, -0.02, 0.1, False),
        ],
        schema=TOGETHER,
        orient="row",
    ),
    pl.DataFrame(
        [
            ("model", "birth_date", 0.02, None, 12.0, 0.35, False),
            ("entities", "birth_date", 0.4, None, 12.0, 0.35, True),
            ("model", "name.given", 0.06, 0.01, 5_432.0, 0.06, False),
            ("entities", "name.given", None, 0.01, 5_432.0, 0.06, False),
        ],
        schema=CONTRADICTED,
        orient="row",
    ),
    "pairs of one entity differ",
    None,
)
CALM = Guards(pl.DataFrame(schema=TOGETHER), pl.DataFrame(schema=CONTRADICTED), None, None)
PLAIN = Summary(1_000, 1, 500, (), NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING)


def summary(**changes: Any) -> Summary:
    """Return a summary of nothing but what is expected."""
    return attrs.evolve(PLAIN, **changes)


def rows(html: str, caption: str) -> list[list[str]]:
    """Return the texts of the cells of one table, row by row, without its head."""
    table = html.split(f"<caption>{caption}</caption>")[1].split("</table>", maxsplit=1)[0].split("<tbody>")[1]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in table.split("<tr>")[1:]]
    return [[unescape(re.sub(r"<svg.*?</svg>|<[^>]*>", "", cell)) for cell in row] for row in cells]


def test_estimates_of_all_comparators_come_before_those_of_each() -> None:
    html = expected(summary(estimated=ESTIMATED))
    assert rows(html, "Expected precision, recall and F1") == [
        ["each in turn", "97.0%", "93.0%", "95.0%", ""],
        ["birth_date", "99.0%", "93.0%", "96.0%", ""],
        ["name.given", "95.0%", "88.0%", "91.0%", ""],
    ]
    assert "F1 between 91.0% and 96.0%, by one comparator alone." in html
    assert re.findall(r'class="bar (\w+)"', html) == ["strong", "soft", "soft"]
    assert "Guards" not in html


def test_twos_that_are_alarming_come_first_and_are_flagged() -> None:
    html = expected(summary(guards=GUARDS))
    assert rows(html, "Pairs that differ in two fields at once") == [
        ["phone and address", "–", "▲ 25.0% (0.41)"],
        ["birth_date and name.given", "▲ 11.0% (0.75)", "2.0% (0.20)"],
        ["email and city", "–", "40.0% (0.25)"],
        ["phone and email", "0% (−0.10)", "–"],
    ]
    assert rows(html, "Pairs that differ in what hardly changes") == [
        ["birth_date", "▲ 40.0%", "2.0%", "–", "12"],
        ["name.given", "–", "6.0%", "1.0%", "5,432"],
    ]
    assert html.count('class="flag"') == 3


def test_few_twos_are_shown() -> None:
    many = [("model", "a", f"b{i}", 900.0, 0.2, 0.02 - i / 1000, 0.03, False) for i in range(SHOWN + 2)]
    guards = attrs.evolve(GUARDS, together=pl.DataFrame(many, schema=TOGETHER, orient="row"))
    told = rows(expected(summary(guards=guards)), "Pairs that differ in two fields at once")
    assert [row[0] for row in told] == [f"a and b{i}" for i in range(SHOWN)]


@pytest.mark.parametrize(
    ("guards", "told"),
    [(GUARDS, "Something speaks against the fit: see the notes."), (CALM, "Nothing speaks against the fit.")],
)
def test_it_is_said_whether_anything_speaks_against_the_fit(guards: Guards, told: str) -> None:
    assert told in expected(summary(guards=guards))


def test_guards_without_figures_have_no_tables_and_no_estimate_is_said_to_be_missing() -> None:
    html = expected(summary(guards=CALM))
    assert "<table" not in html
    assert "Precision and recall could not be estimated: no comparator could be left out." in html
    assert "could not be estimated" not in expected(summary(guards=CALM, estimated=ESTIMATED))


def test_where_nothing_is_known_there_is_nothing_to_show() -> None:
    assert "Nothing to show." in expected(summary())
    assert "could not be estimated" not in expected(summary())


@pytest.mark.parametrize(("low", "high", "detail"), [(0.91, 0.96, "91.0% to 96.0%"), (0.95, 0.95, "95.0%")])
def test_a_tile_shows_the_expected_f1_and_its_bounds(low: float, high: float, detail: str) -> None:
    told = attrs.evolve(ESTIMATED, low=low, high=high)
    assert f"<dt>Expected F1</dt><dd>95.0%</dd><dd>{detail}</dd>" in render(summary(estimated=told))
    assert "Expected F1" not in render(summary())


def test_names_of_comparators_do_not_become_markup() -> None:
    evil = "<script>"
    table = ESTIMATED.table.with_columns(comparator=pl.lit(evil))
    together = GUARDS.together.with_columns(one=pl.lit(evil))
    contradicted = GUARDS.contradicted.with_columns(comparator=pl.lit(evil)).head(2)
    guards = attrs.evolve(GUARDS, together=together, contradicted=contradicted)
    html = render(summary(estimated=attrs.evolve(ESTIMATED, table=table), guards=guards))
    assert evil not in html
    assert html.count("&lt;script&gt;") == 2 + 4 + 1
