"""Judgements: values in one order, and what makes none."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import attrs
import numpy as np
import pytest
from made_judgements import day, judgement

from identigraph.errors import ConfigurationError, UnsupportedInputError
from identigraph.identity import Judgement, Revocation
from identigraph.identity.judgement import as_groups, as_key, as_utc


def test_a_record_is_named_by_its_source_and_id_or_by_its_id_where_there_are_no_sources() -> None:
    assert as_key(("crm", 7)) == as_key(("crm", "7")) == as_key(("crm", np.int64(7))) == ("crm", "7")
    assert as_key(7) == as_key("7") == ("records", "7")
    assert as_key(("", "a")) == ("", "a")


@pytest.mark.parametrize(
    "record", [None, 7.0, True, ("crm", None), ("crm", 1.5), (7, 8), ("crm", 7, 8), ["crm", 7], b"a"]
)
def test_what_names_no_record_is_told(record: Any) -> None:
    with pytest.raises(UnsupportedInputError, match="a record as its id, or as"):
        as_key(record)


@pytest.mark.parametrize("record", ["", "  ", ("crm", "")])
def test_a_blank_id_is_told(record: Any) -> None:
    with pytest.raises(ConfigurationError, match="a record is named by its id, got a blank one"):
        as_key(record)


@pytest.mark.parametrize("group", ["ab", ("crm", 7), ("a", "b"), 7, None, iter(["a"])])
def test_a_group_that_could_be_one_record_or_is_no_collection_is_told(group: Any) -> None:
    with pytest.raises(UnsupportedInputError, match="a group of records as a list"):
        as_groups([group])


def test_groups_may_be_sets_lists_and_tuples_of_keys() -> None:
    keys = (("crm", "1"), ("crm", "2"))
    assert (
        as_groups([{("crm", 2), ("crm", 1)}]) == as_groups([[("crm", 2), ("crm", 1)]]) == as_groups([keys]) == (keys,)
    )


def test_judgements_of_the_same_in_any_order_are_equal_and_hashable() -> None:
    one, other = judgement("split", "ab", "cd"), judgement("split", "dc", "ba")
    assert one == other
    assert hash(one) == hash(other)
    assert one.records == tuple(("records", letter) for letter in "abcd")
    assert one != judgement("split", "ab", "ce")


def test_what_a_judgement_is_in_words_names_its_author_where_there_is_one_and_no_record() -> None:
    assert judgement("lock", "a", id=1_200).told == "lock 1200"
    assert judgement("must_link", "ab", id=3, author="ann").told == "must_link 3 by 'ann'"


def test_times_are_those_of_any_zone_and_kept_in_utc() -> None:
    east = datetime(2026, 1, 1, 2, tzinfo=timezone(timedelta(hours=2)))
    assert as_utc(east) == east
    assert as_utc(east).tzinfo is UTC
    made = judgement("lock", "a", at=0, expires=east + timedelta(days=1))
    assert made.expires is not None
    assert made.expires.tzinfo is UTC
    assert Revocation(2, 1, at=east).at.tzinfo is UTC


@pytest.mark.parametrize("time", [datetime(2026, 1, 1), datetime.min])  # noqa: DTZ001, DTZ901
def test_a_time_without_a_zone_is_told(time: datetime) -> None:
    for made in (
        lambda: Judgement(1, "lock", [["a"]], at=time),
        lambda: judgement("lock", "a", expires=time),
        lambda: Revocation(2, 1, at=time),
    ):
        with pytest.raises(ConfigurationError, match=r"a time has no time zone; write datetime.now\(UTC\)"):
            made()


@pytest.mark.parametrize("time", [date(2026, 1, 1), "2026-01-01T00:00Z", 0])
def test_what_is_no_time_is_told(time: Any) -> None:
    with pytest.raises(UnsupportedInputError, match="a time as a datetime with a time zone"):
        Revocation(2, 1, at=time)


@pytest.mark.parametrize("expires", [day(0), day(-1)])
def test_a_judgement_expires_after_it_was_made(expires: datetime) -> None:
    with pytest.raises(ConfigurationError, match="a judgement expires after it was made, at 2026-01-01"):
        judgement("lock", "a", expires=expires)


def test_an_unknown_kind_is_told() -> None:
    with pytest.raises(ConfigurationError, match=r"a judgement is one of 'must_link', .* 'lock'; got 'maybe'"):
        judgement("maybe", "a", "b")


@pytest.mark.parametrize(
    ("kind", "groups", "told"),
    [
        ("must_link", [], "'must_link' is about one group of records, none of them empty"),
        ("must_link", [""], "one group of records, none of them empty"),
        ("must_link", ["a", "b"], r"one group of records, none of them empty; got \[1, 1\] records"),
        ("must_link", ["a"], r"'must_link' is about two or more records; got \[1\] records"),
        ("lock", [""], "'lock' is about one group of records"),
        ("pin", ["a", "b"], "'pin' is about one group of records"),
        ("cannot_link", [], "'cannot_link' is about two or more groups of records"),
        ("cannot_link", ["a"], "two or more groups of records"),
        ("cannot_link", ["a", "bc"], r"'cannot_link' is about single records; got \[1, 2\] records"),
        ("unsure", ["a", "bc"], "'unsure' is about single records"),
        ("split", ["ab"], "'split' is about two or more groups"),
        ("split", ["ab", ""], "none of them empty"),
        ("must_link", ["aa"], "a record cannot be judged against itself; 1 occur twice in 'must_link'"),
        ("must_link", ["abab"], "itself; 2 occur twice"),
        ("cannot_link", ["a", "a"], "itself"),
        ("unsure", ["a", "a"], "itself"),
        ("split", ["ab", "bc"], "itself"),
        ("lock", ["aa"], "itself"),
        ("pin", ["aa"], "itself"),
    ],
)
def test_each_kind_is_about_so_many_records(kind: str, groups: list[str], told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        judgement(kind, *groups)


@pytest.mark.parametrize(("kind", "entity_id"), [("pin", None), ("pin", " "), ("lock", "X"), ("must_link", "")])
def test_a_pin_alone_names_the_id_of_an_entity(kind: str, entity_id: str | None) -> None:
    told = "'pin' needs the id of an entity" if kind == "pin" else "names no entity"
    with pytest.raises(ConfigurationError, match=told):
        judgement(kind, "ab", entity_id=entity_id)


@pytest.mark.parametrize("told", [{"author": None}, {"reason": 7}])
def test_authors_and_reasons_are_texts(told: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedInputError, match="expected authors, reasons and ids of entities as text"):
        judgement("lock", "a", **told)
    with pytest.raises(UnsupportedInputError, match="as text"):
        Revocation(2, 1, at=day(0), **told)


def test_ids_of_entities_are_texts() -> None:
    with pytest.raises(UnsupportedInputError, match="as text"):
        judgement("pin", "a", entity_id=7)


def test_a_judgement_never_changes() -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        judgement("lock", "a").reason = "another"  # type: ignore[misc]
