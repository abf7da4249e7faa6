"""Changes of records: what is wrong is told, and nothing is done."""

from __future__ import annotations

from typing import Any

import attrs
import polars as pl
import pytest

import identigraph as ig
from identigraph.changing import Named, changed
from identigraph.errors import ChangeError, ColumnNotFoundError, ConfigurationError, UnknownIdError
from identigraph.records import Records

ROWS = {"source": ["crm", "crm", "web"], "id": [1, 2, 1], "mail": ["a@x.com", None, "c@x.com"], "city": ["Bern"] * 3}
NAMED = Named("id", "source")
RECORDS = Records.of(ROWS, id="id", source="source")


def row(source: str, key: Any, mail: str | None = None, city: str | None = "Bern") -> dict[str, Any]:
    return {"source": source, "id": key, "mail": mail, "city": city}


def left_of(found: Any) -> set[tuple[str, int]]:
    return set(RECORDS.row_keys(found.left.nonzero()[0]).rows())


def came_to(found: Any) -> list[tuple[Any, ...]]:
    return list(zip(found.came.sources, found.came.ids, found.came.content["mail"], strict=True))


def test_what_comes_is_put_into_the_columns_that_are_there() -> None:
    found = changed(RECORDS, NAMED, add=[{"city": "Zug", "id": 9, "source": "crm"}])
    assert found.left.all()
    assert found.came.content.rows() == [(None, "Zug")]
    assert (found.came.content.columns, found.came.ids.dtype) == (["mail", "city"], pl.Int64)


def test_what_is_replaced_comes_anew() -> None:
    found = changed(RECORDS, NAMED, replace=[row("web", 1, "new@x.com")])
    assert left_of(found) == {("crm", 1), ("crm", 2)}
    assert came_to(found) == [("web", 1, "new@x.com")]


@pytest.mark.parametrize(
    "told", [[("crm", 1)], [("crm", "1")], {("crm", 1)}, {"source": ["crm"], "id": [1]}, [{"source": "crm", "id": 1}]]
)
def test_what_goes_is_told_by_keys_or_by_a_table(told: Any) -> None:
    assert left_of(changed(RECORDS, NAMED, delete=told)) == {("crm", 2), ("web", 1)}


def test_of_one_source_ids_alone_are_enough() -> None:
    alone = Records.of({"id": ["a", "b"], "city": ["Bern", "Zug"]}, id="id")
    assert changed(alone, Named("id"), delete=["b"]).left.sum() == 1


def test_ids_alone_are_ambiguous_where_there_are_several_sources() -> None:
    with pytest.raises(ConfigurationError, match=r"several sources: name records to delete as \(source, id\)"):
        changed(RECORDS, NAMED, delete=[1])


def test_a_record_that_is_there_with_the_same_content_does_not_come_again() -> None:
    found = changed(RECORDS, NAMED, add=[row("crm", 2), row("crm", 7)])
    assert (found.known, came_to(found)) == (1, [("crm", 7, None)])


def test_a_record_that_is_there_with_other_content_is_refused() -> None:
    with pytest.raises(
        ChangeError, match=r"1 record is there already with other content; give them as replace="
    ) as told:
        changed(RECORDS, NAMED, add=[row("crm", 2, "b@x.com"), row("crm", 7)])
    assert told.value.keys == (("crm", "2"),)


@pytest.mark.parametrize("how", ["replace", "delete"])
def test_a_record_that_is_not_there_is_unknown(how: str) -> None:
    with pytest.raises(UnknownIdError, match="1 of 2 ids name no record: '7'"):
        changed(RECORDS, NAMED, **{how: [row("crm", 1), row("crm", 7)]})


def test_a_record_is_told_of_once() -> None:
    with pytest.raises(ChangeError, match=r"1 record is told of more than once .*: 'crm:1'; nothing changed"):
        changed(RECORDS, NAMED, replace=[row("crm", 1)], delete=[("crm", 1)])


def test_a_new_column_is_refused() -> None:
    with pytest.raises(ColumnNotFoundError, match=r"'citty'.*of the records that are there"):
        changed(RECORDS, NAMED, add=[{"source": "crm", "id": 7, "citty": "Bern"}])


def test_ids_of_another_type_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="1 of 1 ids cannot be read as Int64"):
        changed(RECORDS, NAMED, add=[row("crm", "seven")])


def test_numbered_rows_cannot_change() -> None:
    with pytest.raises(ConfigurationError, match="records without ids cannot be told apart"):
        changed(Records.of({"city": ["Bern"]}), Named(), add=[{"city": "Zug"}])


def test_nothing_told_changes_nothing() -> None:
    found = changed(RECORDS, NAMED)
    assert found.left.all()
    assert len(found.came.ids) == found.known == 0


def test_only_the_resolver_of_a_resolution_updates_it() -> None:
    mails = {"id": [1, 2, 3], "mail": ["a@x.com", "a@x.com", "c@x.com"]}
    plain = ig.Resolver(ig.block_on("mail"), [ig.exact("mail")])
    found = plain.resolve(mails, id="id")
    with pytest.raises(ConfigurationError, match="update is for the resolver that learned"):
        plain.update(found)
    assert len(found.resolver.update(found, delete=[2])) == 2


def test_another_resolver_updates_a_resolution_if_it_learned_the_same() -> None:
    """And none of which that cannot be told."""
    mails = {"id": [1, 2, 3], "mail": ["a@x.com", "a@x.com", "c@x.com"]}
    plain = ig.Resolver(ig.block_on("mail"), [ig.exact("mail")])
    found = plain.resolve(mails, id="id")
    again = plain.resolve(mails, id="id").resolver
    assert again.settled is not found.resolver.settled
    assert len(again.update(found, delete=[2])) == 2
    own = attrs.evolve(again, blocking=ig.block_on(ig.derive(str.upper, "mail")))
    for other in (attrs.evolve(again, keep=0.1), own):
        with pytest.raises(ConfigurationError, match="update is for the resolver that learned"):
            other.update(found)
