"""Where an id leads now follows from what became of each at the time."""

from __future__ import annotations

import polars as pl
import pytest

from identigraph.errors import ColumnNotFoundError, ConfigurationError
from identigraph.identity import Erased, Live, Redirect, Retired, Split, Status, Unknown
from identigraph.identity.issued import Issued, as_table, from_table, live_id, resolve


def ids(**statuses: Status) -> dict[str, Issued]:
    return {entity_id: Issued(1, 2, status) for entity_id, status in statuses.items()}


def test_a_chain_of_redirects_leads_to_its_end_in_one_step() -> None:
    issued = ids(A=Redirect("B"), B=Redirect("C"), C=Redirect("D"), D=Live())
    assert [resolve(issued, i) for i in "ABCD"] == [Redirect("D")] * 3 + [Live()]
    assert [live_id(issued, i) for i in "AD"] == ["D", "D"]


@pytest.mark.parametrize("status", [Retired(), Erased()])
def test_what_leads_to_an_id_without_records_has_its_fate(status) -> None:
    issued = ids(A=Redirect("B"), B=status)
    assert resolve(issued, "A") == resolve(issued, "B") == status
    assert live_id(issued, "A") is None


def test_an_id_that_was_never_issued_is_unknown() -> None:
    assert resolve({}, "A") == Unknown()
    assert live_id({}, "A") is None


def test_shares_are_those_of_what_is_live_and_add_up_where_parts_are_one_again() -> None:
    split = Split({"B": 0.5, "C": 0.3, "D": 0.2})
    assert resolve(ids(A=split, B=Live(), C=Live(), D=Retired()), "A") == Split({"B": 0.5, "C": 0.3})
    assert resolve(ids(A=split, B=Live(), C=Redirect("D"), D=Live()), "A") == Split({"B": 0.5, "D": 0.5})
    assert resolve(ids(A=split, B=Retired(), C=Redirect("D"), D=Live()), "A") == Redirect("D")
    assert resolve(ids(A=split, B=Retired(), C=Erased(), D=Retired()), "A") == Retired()


def test_a_part_that_was_split_in_turn_passes_its_share_on() -> None:
    issued = ids(A=Split({"B": 0.5, "C": 0.5}), B=Split({"D": 0.5, "E": 0.5}), C=Live(), D=Live(), E=Redirect("C"))
    assert resolve(issued, "A") == Split({"C": 0.75, "D": 0.25})
    assert live_id(issued, "A") is None


def test_ids_come_back_from_their_table() -> None:
    issued = ids(A=Live(), B=Redirect("A"), C=Split({"A": 0.5, "E": 0.5}), D=Retired(), E=Erased())
    table = as_table(issued)
    assert table.select("entity_id", "status", "to", "shares").rows() == [
        ("A", "live", [], []),
        ("B", "redirect", ["A"], [1.0]),
        ("C", "split", ["A", "E"], [0.5, 0.5]),
        ("D", "retired", [], []),
        ("E", "erased", [], []),
    ]
    assert from_table(table) == issued
    assert from_table(as_table({})) == {}


def test_a_table_of_ids_that_makes_no_sense_is_refused() -> None:
    table = as_table(ids(A=Live(), B=Redirect("A"), C=Split({"A": 0.5, "B": 0.5})))
    with pytest.raises(ConfigurationError, match="1 rows of the ids repeat an entity_id"):
        from_table(pl.concat([table, table[:1]]))
    with pytest.raises(ConfigurationError, match="got 'dead' to 0"):
        from_table(table[:1].with_columns(status=pl.lit("dead")))
    with pytest.raises(ConfigurationError, match="got 'redirect' to 0"):
        from_table(table[:1].with_columns(status=pl.lit("redirect")))
    with pytest.raises(ConfigurationError, match="got 'split' to 1"):
        from_table(table[1:2].with_columns(status=pl.lit("split")))
    with pytest.raises(ColumnNotFoundError, match="no column 'born' in the ids"):
        from_table(table.drop("born"))
    with pytest.raises(ConfigurationError, match="column 'to' of the ids holds no lists, but String; CSV has none"):
        from_table(table.with_columns(pl.col("to").list.join(";")))
