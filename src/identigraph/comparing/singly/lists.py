"""Sets on two rows: what two records share of several values each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

import numpy as np

from identigraph.comparing.cutoffs import floors
from identigraph.comparing.lists import COEFFICIENTS, SharedElements
from identigraph.comparing.singly.plan import Given, Grade, Plan, Row, kept
from identigraph.comparing.singly.two_rows import columns_read, table_of
from identigraph.records import Records


def shared_elements(measure: SharedElements, plan: Plan) -> Grade | None:
    """Return how many cutoffs two sets reach, -1 where one is empty; None where several columns are to be split."""
    columns = columns_read(plan.records, measure.columns[0])
    reach, coefficient = floors(measure.cutoffs), COEFFICIENTS[measure.coefficient]
    if measure.separator is None and not plan.records.lists & set(columns):
        place, elements = plan.place(measure.feature), _one
    elif len(columns) == 1:
        place, elements = plan.place(Given(columns[0])), kept(_elements(measure, columns[0], plan.records))
    else:
        return None

    def level(left: Row, right: Row) -> int:
        one, other = elements(left[place]), elements(right[place])
        if not one or not other:
            return -1
        sizes = (np.array([len(each)]) for each in (one & other, one, other))
        similarity = float(coefficient(*sizes)[0])
        return bisect_right(reach, similarity) if similarity > 0 else 0

    return level


def _one(text: str | None) -> frozenset[str]:
    return frozenset(() if text is None else (text,))


def _elements(measure: SharedElements, column: str, records: Records) -> Callable[[str | None], frozenset[str]]:
    """Return what tells the elements of a column as it is given."""

    def elements(text: str | None) -> frozenset[str]:
        found = table_of(records, {column: [text]}).elements(measure.feature, separator=measure.separator)
        return frozenset(found.values.to_list())

    return elements
