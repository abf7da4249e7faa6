"""Whether the sources hold duplicates, told from records that agree on two telling features at once."""

from __future__ import annotations

import attrs
import numpy as np
import pytest

from identigraph import Pairs, Records
from identigraph.comparing.building import exact, text
from identigraph.comparing.suited import model_numbers
from identigraph.fields import FreeText
from identigraph.matching.sources import infer_link

COMPARED = (exact("a"), exact("b"))


def rows(source: str, numbers, copy: str = "") -> list[dict[str, str]]:
    """Return one row per number: two telling features."""
    return [{"s": source, "a": f"a{i}", "b": f"b{i}", "c": f"c{i}{copy}"} for i in numbers]


def link_of(table, compared=COMPARED) -> str:
    """Return what is inferred from the rows."""
    return infer_link(Records.of(table, source="s"), compared)


@pytest.mark.parametrize(
    ("table", "link"),
    [
        (rows("crm", range(60)) + rows("web", range(60)), "across"),
        (rows("crm", range(60)) + rows("web", range(30, 90)), "across"),
        (rows("crm", range(60)) + rows("web", range(20)), "across"),
        (rows("crm", range(60)) + rows("web", range(19)), "both"),
        (rows("crm", range(60)) + rows("web", range(60, 120)), "both"),
        (rows("crm", range(60)) + rows("web", range(40)) + rows("shop", range(30, 60)), "across"),
        (rows("crm", range(60)) + rows("crm", range(60)), "both"),
        (rows("crm", range(60)) + rows("web", range(30)) + rows("crm", range(30, 60)), "both"),
        (rows("crm", range(60)) + rows("web", range(58)) + rows("crm", range(58, 60)), "across"),
    ],
)  # fmt: skip
def test_only_pairs_across_are_linked_where_couples_within_are_rare(table, link) -> None:
    assert link_of(table) == link


@pytest.mark.parametrize(("within", "link"), [(0, "across"), (4, "across"), (5, "both")])
def test_couples_within_are_rare_up_to_a_tenth_of_the_rate_across(within, link) -> None:
    """Of 10,000 pairs across 50 are couples, so of 9,900 within at the most 4."""
    crm = [*range(50), *range(100, 100 + within), *range(100, 100 + within), *range(200, 250 - 2 * within)]
    assert link_of(rows("crm", crm) + rows("web", [*range(50), *range(300, 350)])) == link


def titles(source: str, numbers) -> list[dict[str, str]]:
    """Return one title per number, worded as the source does it, with a model number."""
    return [{"s": source, "t": f"{source} lamp number {i} - LX-{i + 1000}"} for i in numbers]


def link_by_models(table) -> str:
    """Return what is inferred from titles and the model numbers in them."""
    records = Records.of(table, source="s", fields={"t": FreeText()})
    return infer_link(records, (text("t"), model_numbers("t")))


@pytest.mark.parametrize(
    ("table", "link"),
    [
        (titles("crm", range(40)) + titles("web", range(20)), "across"),
        (titles("crm", range(40)) + titles("web", range(19)), "both"),
        (titles("crm", range(40)) + titles("web", range(20)) + titles("web", range(30, 50)) * 2, "both"),
        (titles("crm", range(40)) + titles("web", range(20)) + titles("crm", range(40, 60)) * 2, "both"),
    ],
)
def test_couples_on_a_model_number_tell_as_much(table, link) -> None:
    assert link_by_models(table) == link


def test_a_couple_on_several_model_numbers_counts_once() -> None:
    table = [
        {**row, "t": f"{row['t']} LY{row['t'][-4:]}"} for row in titles("crm", range(40)) + titles("web", range(19))
    ]
    assert link_by_models(table) == "both"


def test_titles_repeated_in_a_source_are_no_duplicates() -> None:
    """Many records share a title, so that it is met within sources as well; with a second feature none is."""
    table = [{**row, "a": f"a{i % 20}"} for i, row in enumerate(rows("crm", range(60)) + rows("web", range(60)))]
    assert link_of(table) == "across"


def test_a_feature_alike_in_a_source_is_outvoted_by_two_others() -> None:
    """Rates are the median over all twos of features."""
    table = rows("crm", range(60)) + rows("web", range(60), "'")
    paired = [{**row, "c": f"{row['s']}{int(row['a'][1:]) // 2}"} for row in table]
    assert link_of(paired, (*COMPARED, exact("c"))) == "across"


def test_features_that_tell_little_are_not_looked_at() -> None:
    table = [{**row, "b": f"b{i % 2}"} for i, row in enumerate(rows("crm", range(60)) + rows("web", range(60)))]
    assert link_of(table) == "both"


def test_missing_values_make_no_couples() -> None:
    table = [{**row, "b": None} for row in rows("crm", range(60)) + rows("web", range(60))]
    assert link_of(table) == "both"
    assert link_of([{**row, "a": None} for row in table]) == "both"


def test_with_one_source_or_none_all_pairs_may_be_linked() -> None:
    table = rows("crm", range(60))
    assert link_of(table) == "both"
    alone = Records.of([{"a": row["a"], "b": row["b"]} for row in table])
    assert infer_link(alone, COMPARED) == "both"


def test_where_every_source_has_one_record_all_pairs_may_be_linked() -> None:
    assert link_of([{**row, "s": str(i)} for i, row in enumerate(rows("crm", range(60)))]) == "both"


def test_comparators_of_ones_own_are_passed_over() -> None:
    @attrs.frozen
    class Own:
        """A comparator without a feature."""

        name: str = "own"
        labels: tuple[str, ...] = ("differs", "equal")

        def levels(self, records: Records, pairs: Pairs) -> np.ndarray:
            """Return nothing known."""
            del records
            return np.full(len(pairs), -1, dtype=np.int8)

    table = rows("crm", range(60)) + rows("web", range(60))
    assert link_of(table, (Own(), *COMPARED)) == "across"
    assert link_of(table, (Own(), exact("a"))) == "both"
