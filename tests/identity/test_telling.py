"""What happened is told in the words of the module: merges, splits, moves, revivals, and the rest."""

from __future__ import annotations

from typing import Any

import pytest
from made_histories import MONDAY, Diary, Key, factory

from identigraph.errors import ConfigurationError, UnknownIdError
from identigraph.identity import Redirect, Register, Retired, Split, assign, replay
from identigraph.identity.register import Issued


def day(**entities: str) -> dict[Key, str]:
    """Return a crosswalk from the letters of its records: ``day(A="abc")``."""
    return {("crm", letter): label for label, letters in entities.items() for letter in letters}


def began(**entities: str) -> Diary:
    """Return a diary that begins with entities of these ids; those made later are n1, n2 ..."""
    crosswalk = day(**entities)
    table = {
        "source": [source for source, _ in crosswalk],
        "record_id": [record_id for _, record_id in crosswalk],
        "entity_id": list(crosswalk.values()),
    }
    return Diary(make=factory(), first=Register.of(table))


def told(diary: Diary, **entities: str) -> list[tuple[Any, ...]]:
    """Return what happened on another day: kind, id, other ids, the letters of the records."""
    events = diary.add(day(**entities)).events
    assert replay(diary.events, register=diary.first) == diary.register
    return [(e.kind, e.entity_id, e.other_ids, "".join(key[1] for key in e.records)) for e in events]


def test_new_records_create_an_entity_or_make_one_grow() -> None:
    diary = began(A="a")
    assert told(diary, x="ab", y="cd") == [("created", "n1", (), "cd"), ("grew", "A", (), "b")]


def test_records_that_leave_make_an_entity_shrink_or_retire_it() -> None:
    diary = began(A="abc", B="d")
    assert told(diary, x="a") == [("shrank", "A", (), "bc"), ("retired", "B", (), "d")]
    assert diary.register.resolve("B") == Retired()


def test_a_merge_is_told_with_survivor_and_losers() -> None:
    diary = began(A="a", B="bc", C="d")
    assert told(diary, x="abcd") == [("merged", "B", ("A", "C"), "")]
    assert diary.register.present["crm", "a"] == ("A", "B")
    assert diary.register.resolve("A") == Redirect("B")


def test_the_older_id_survives_where_weights_are_equal() -> None:
    diary = began(B="b")
    told(diary, x="b", y="a")
    assert told(diary, x="ab") == [("merged", "B", ("n1",), "")]


def test_an_undone_merge_is_a_split_and_a_revival() -> None:
    diary = began(A="ab", B="c")
    told(diary, x="abc")
    assert told(diary, x="ab", y="c") == [("split", "A", ("A", "B"), ""), ("revived", "B", (), "c")]
    assert diary.register.present["crm", "c"] == ("B",)


def test_an_undone_merge_gives_each_side_its_id_even_where_the_absorbed_side_is_larger() -> None:
    diary = began(A="a", B="bcd")
    diary.add(day(x="abcd"), pins={("crm", "a"): "A"})
    told(diary, x="a", y="bcd")
    assert diary.register.entities == {"A": (("crm", "a"),), "B": tuple(("crm", letter) for letter in "bcd")}


def test_a_split_creates_an_entity_and_tells_the_shares_by_weight() -> None:
    diary = began(A="abcd")
    assert told(diary, x="abc", y="d") == [("split", "A", ("A", "n1"), ""), ("created", "n1", (), "d")]
    assert diary.events[0].shares == (0.75, 0.25)


def test_shares_of_records_that_weigh_nothing_go_by_their_number() -> None:
    diary = began(A="abcd")
    diary.weights = lambda *_: 0
    told(diary, x="abc", y="d")
    assert diary.events[0].shares == (0.75, 0.25)


def test_a_part_that_weighs_nothing_has_no_share() -> None:
    diary = began(A="abcd")
    diary.weights = lambda _, record_id: record_id != "d"
    told(diary, x="abc", y="d")
    assert diary.events[0].shares == (1.0, 0.0)


def test_records_that_join_an_entity_that_lived_before_have_moved() -> None:
    diary = began(A="abc", B="d")
    assert told(diary, x="ab", y="cd") == [("moved", "B", ("A",), "c")]
    assert diary.register.present["crm", "c"] == ("B",)


def test_an_id_most_of_whose_weight_is_elsewhere_is_merged_and_the_rest_has_moved() -> None:
    diary = began(A="abc", B="defg", C="hij")
    assert told(diary, x="abdefg", y="chij") == [("moved", "C", ("A",), "c"), ("merged", "B", ("A",), "")]
    assert diary.register.resolve("A") == Redirect("B")


def test_an_id_that_is_gone_without_a_majority_is_split() -> None:
    diary = began(A="ab", B="cd", C="ef")
    assert told(diary, x="acd", y="bef") == [
        ("split", "A", ("B", "C"), ""),
        ("moved", "B", ("A",), "a"),
        ("moved", "C", ("A",), "b"),
    ]
    assert diary.register.resolve("A") == Split({"B": 0.5, "C": 0.5})


def test_a_split_id_leads_on_with_its_parts_and_is_retired_with_them() -> None:
    diary = began(A="ab", B="cd", C="ef")
    told(diary, x="acd", y="bef")
    told(diary, x="acdbef")
    assert diary.register.resolve("A") == Redirect("B")
    told(diary)
    assert diary.register.resolve("A") == Retired()


def test_a_merged_id_whose_records_go_elsewhere_is_redirected() -> None:
    """B was merged into A; what it brought joins C, and so B leads there."""
    diary = began(A="ab", B="c", C="def")
    told(diary, x="abc", z="def")
    assert told(diary, x="ab", z="cdef") == [("moved", "C", ("A",), "c"), ("redirected", "C", ("B",), "")]
    assert diary.register.present["crm", "c"] == ("B", "C")
    assert diary.register.resolve("B") == Redirect("C")
    assert told(diary, x="ab", y="c", z="def")[-1] == ("revived", "B", (), "c")


def test_a_merged_id_whose_records_part_without_a_majority_is_split() -> None:
    """The records of B go to C and D, neither of which is of A."""
    diary = began(A="abc", B="de", C="fgh", D="ijk")
    told(diary, x="abcde", y="fgh", z="ijk")
    assert told(diary, x="abc", y="dfgh", z="eijk") == [
        ("split", "B", ("C", "D"), ""),
        ("moved", "C", ("A",), "d"),
        ("moved", "D", ("A",), "e"),
    ]
    assert diary.register.resolve("B") == Split({"C": 0.5, "D": 0.5})
    assert diary.register.present["crm", "d"] == ("C",)


def test_ids_follow_their_survivor_wherever_it_goes_in_one_step() -> None:
    diary = began(A="a", B="bc", C="defg")
    told(diary, x="abc", y="defg")
    told(diary, x="abcdefg")
    assert diary.register.resolve("A") == diary.register.resolve("B") == Redirect("C")
    assert diary.register.present["crm", "a"] == ("A", "B", "C")


def test_merges_of_merges_come_apart_in_any_order() -> None:
    diary = began(A="a", B="bc", C="defg")
    told(diary, x="abc", y="defg")
    told(diary, x="abcdefg")
    assert told(diary, x="bcdefg", y="a") == [("split", "C", ("C", "A"), ""), ("revived", "A", (), "a")]
    assert diary.register.present["crm", "b"] == ("B", "C")
    told(diary, x="bc", y="a", z="defg")
    assert set(diary.register.entities) == {"A", "B", "C"}


def test_an_entity_without_records_of_its_own_gives_back_what_it_acquired_last() -> None:
    """The records of A that it was made with left; B came before C."""
    diary = began(A="a", B="b", C="cd")
    told(diary, x="ab", z="cd")
    told(diary, x="b", z="cd")
    diary.add(day(x="bcd"), pins={("crm", "b"): "A"})
    told(diary, x="b", z="cd")
    assert diary.register.entities == {"A": (("crm", "b"),), "C": (("crm", "c"), ("crm", "d"))}


def test_the_id_that_ended_last_comes_back_where_several_would_do() -> None:
    """B was merged into A, whose own record left; then A into C. What comes apart again is A, not B."""
    diary = began(A="a", B="b", C="cd")
    told(diary, x="ab", z="cd")
    told(diary, x="b", z="cd")
    told(diary, z="bcd")
    told(diary, x="b", z="cd")
    assert set(diary.register.entities) == {"A", "C"}


def test_records_that_come_back_revive_their_retired_id() -> None:
    diary = began(A="ab", B="c")
    told(diary, y="c")
    assert told(diary, x="a", y="c") == [("revived", "A", (), "a")]
    assert told(diary, x="ab", y="c") == [("grew", "A", (), "b")]


def test_a_record_that_comes_back_alone_takes_no_live_id() -> None:
    diary = began(A="ab")
    told(diary, x="a")
    assert told(diary, x="a", y="b") == [("created", "n1", (), "b")]


def test_a_retired_id_whose_records_come_back_in_another_entity_leads_there() -> None:
    diary = began(A="a", B="b")
    told(diary, x="a")
    assert told(diary, x="ab") == [("redirected", "A", ("B",), ""), ("grew", "A", (), "b")]
    assert diary.register.resolve("B") == Redirect("A")
    assert told(diary, x="a", y="b")[-1] == ("revived", "B", (), "b")


def test_a_retired_id_stays_retired_while_only_what_it_acquired_is_back() -> None:
    diary = began(A="a", B="bc", C="d")
    told(diary, x="abc", y="d")
    told(diary, y="d")
    assert told(diary, y="ad") == [("redirected", "C", ("A",), ""), ("grew", "C", (), "a")]
    assert diary.register.resolve("B") == Retired()
    assert told(diary, x="bc", y="ad") == [("revived", "B", (), "bc")]


def test_a_retired_id_leads_where_some_of_its_own_records_are_and_takes_along_what_it_acquired() -> None:
    """A was merged into B, and goes where B goes: one event is enough."""
    diary = began(A="a", B="bc", C="d")
    told(diary, x="abc", y="d")
    told(diary, y="d")
    assert told(diary, y="abd") == [("redirected", "C", ("B",), ""), ("grew", "C", (), "ab")]
    assert diary.register.resolve("A") == Redirect("C")


def test_a_merged_entity_that_left_and_is_back_is_whole_again() -> None:
    diary = began(A="a", B="bc")
    told(diary, x="abc")
    told(diary)
    assert diary.register.resolve("A") == Retired()
    assert told(diary, x="abc") == [("revived", "B", (), "abc")]
    assert diary.register.resolve("A") == Redirect("B")


def test_an_entity_that_is_pinned_to_a_new_id_is_merged_into_it() -> None:
    diary = began(A="b", B="ce")
    found = diary.add(day(x="abcd", y="e"), pins={("crm", "b"): "C-1"})
    assert [(e.kind, e.entity_id, e.other_ids, "".join(key[1] for key in e.records)) for e in found.events] == [
        ("split", "B", ("B", "C-1"), ""),
        ("created", "C-1", (), "acd"),
        ("merged", "C-1", ("A",), ""),
    ]
    assert (found.jitter.records, found.jitter.otherwise) == (3, 2)
    assert diary.register.present["crm", "b"] == ("A", "C-1")


def test_an_id_that_is_pinned_away_from_its_records_leaves_them_a_new_one() -> None:
    diary = began(A="ab", B="c")
    found = diary.add(day(x="ab", y="c"), pins={("crm", "c"): "A"})
    assert [(e.kind, e.entity_id, e.other_ids, e.shares) for e in found.events] == [
        ("split", "A", ("A", "n1"), (0.0, 1.0)),
        ("created", "n1", (), ()),
        ("merged", "A", ("B",), ()),
    ]
    assert diary.register.present["crm", "a"] == ("n1",)


def test_an_entity_part_of_which_is_revived_while_the_rest_merges_is_both_split_and_merged() -> None:
    diary = began(A="ab", B="c", C="def")
    told(diary, x="abc", z="def")
    assert told(diary, x="c", z="abdef") == [
        ("split", "A", ("C", "B"), ""),
        ("revived", "B", (), "c"),
        ("merged", "C", ("A",), ""),
    ]
    assert diary.register.resolve("A") == Redirect("C")


def test_events_say_when_and_why_and_are_numbered_by_change() -> None:
    diary = began(A="a")
    found = diary.add(day(x="ab"), cause="records of Monday").events[0]
    assert (found.at, found.cause, found.change) == (MONDAY, "records of Monday", 1)
    assert diary.register.issued["A"] == Issued(0, 1, diary.register.resolve("A"))
    assert diary.add(day(x="abc")).events[0].change == 2


def areas_of(register: Register, *clusters: str, gone: str = "", pins: dict[Key, str] | None = None) -> Any:
    keys = [[("crm", letter) for letter in letters] for letters in clusters]
    return assign(register, keys, gone=[("crm", letter) for letter in gone], at=MONDAY, factory=factory(), pins=pins)


def test_an_area_holds_entities_whole() -> None:
    register = began(A="abc").first
    with pytest.raises(ConfigurationError, match="1 records of the entities concerned are in no cluster"):
        areas_of(register, "ab")
    assert areas_of(register, "ab", gone="c").counts == {"shrank": 1}


def test_a_record_that_left_was_there() -> None:
    with pytest.raises(UnknownIdError, match="1 of 2 ids name no record: 'crm:z'"):
        areas_of(began(A="a").first, gone="za")


def test_an_area_names_each_record_once() -> None:
    register = began(A="ab").first
    with pytest.raises(ConfigurationError, match="2 records are in two clusters, or left and are there"):
        areas_of(register, "ab", "b", gone="a")
    with pytest.raises(ConfigurationError, match="1 records are in two clusters"):
        areas_of(register, "x", "x")


def test_an_area_may_be_empty() -> None:
    assert len(areas_of(began(A="ab").first, "")) == 0
