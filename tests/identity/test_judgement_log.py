"""The log of judgements: appended to, never changed; what is in force when."""

from __future__ import annotations

from datetime import timedelta

import attrs
import pytest
from made_judgements import START, day, judgement

from identigraph.errors import ConfigurationError, JudgementConflictError, UnknownJudgementError, UnsupportedInputError
from identigraph.identity import JudgementLog, Revocation

HOUR = timedelta(hours=1)


def ids(judgements):
    """Return the ids of judgements."""
    return [each.id for each in judgements]


def test_each_method_adds_the_judgement_of_its_name_with_who_and_why() -> None:
    told = {"at": START, "author": "ann", "reason": "called them", "expires": day(9)}
    log = JudgementLog().must_link("b", "a", **told).cannot_link("a", "c", "e", **told).unsure("c", "d", **told)
    log = log.split(["a", "b"], ["f"], **told).pin(["d"], "C-1", **told).lock(["g", "h"], **told)
    assert log.entries == (
        judgement("must_link", "ab", id=1, expires=day(9), author="ann", reason="called them"),
        judgement("cannot_link", "a", "c", "e", id=2, expires=day(9), author="ann", reason="called them"),
        judgement("unsure", "c", "d", id=3, expires=day(9), author="ann", reason="called them"),
        judgement("split", "ab", "f", id=4, expires=day(9), author="ann", reason="called them"),
        judgement("pin", "d", id=5, entity_id="C-1", expires=day(9), author="ann", reason="called them"),
        judgement("lock", "gh", id=6, expires=day(9), author="ann", reason="called them"),
    )
    assert log.revoke(2, at=day(1), author="bob", reason="wrong").entries[6:] == (
        Revocation(7, 2, at=day(1), author="bob", reason="wrong"),
    )


def test_a_log_never_changes_and_two_may_go_on_from_one() -> None:
    log = JudgementLog().must_link("a", "b", at=START)
    one, other = log.cannot_link("c", "a", at=START), log.revoke(1, at=START)
    assert (len(log), len(one), len(other)) == (1, 2, 2)
    assert (ids(log.active(START)), ids(one.active(START)), ids(other.active(START))) == ([1], [1, 2], [])
    assert (ids(log.active(START, of=["c"])), ids(one.active(START, of=["c"]))) == ([], [2])
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        log.entries = ()


def test_logs_of_equal_entries_are_equal() -> None:
    one, other = (JudgementLog().must_link("a", "b", at=START) for _ in range(2))
    assert one == other == JudgementLog(one.entries)
    assert hash(one) == hash(other)
    assert one != one.revoke(1, at=START)


def test_a_judgement_is_in_force_from_when_it_was_made_until_it_expires_or_is_revoked() -> None:
    log = JudgementLog().must_link("a", "b", at=day(1), expires=day(5))
    for end, taken in ((5, log), (3, log.revoke(1, at=day(3))), (5, log.revoke(1, at=day(6)))):
        assert ids(taken.active(day(1) - HOUR)) == []
        assert ids(taken.active(day(1))) == ids(taken.active(day(end) - HOUR)) == [1]
        assert ids(taken.active(day(end))) == []
    endless = JudgementLog().must_link("a", "b", at=day(1))
    assert ids(endless.active(day(999))) == [1]
    assert ids(endless.revoke(1, at=day(4)).active(day(4))) == []
    assert ids(endless.revoke(1, at=day(4)).active(day(4) - HOUR)) == [1]


def test_what_is_in_force_can_be_asked_for_some_records() -> None:
    log = JudgementLog().must_link(("crm", 7), "a", at=START).lock(["b"], at=START).pin(["a"], "X", at=START)
    log = log.unsure("a", "b", at=START).revoke(2, at=day(1))
    assert ids(log.active(START, of=["a"])) == [1, 3, 4]
    assert ids(log.active(START, of=[("crm", "7"), "b"])) == [1, 2, 4]
    assert ids(log.active(day(1), of=["b"])) == [4]
    assert ids(log.active(START, of=["X", ("crm", 8)])) == []


def test_rulings_are_of_a_time_and_may_be_of_some_records() -> None:
    log = JudgementLog().must_link("a", "b", at=START, expires=day(1)).cannot_link("a", "c", at=START)
    assert ids(log.rulings(START).judgements) == [1, 2]
    assert ids(log.rulings(day(1)).judgements) == [2]
    assert ids(log.rulings(START, of=["b"]).judgements) == [1]
    assert ids(log.rulings(START, known={("records", "a"), ("records", "b")}).dormant) == [2]


def test_a_time_without_a_zone_is_told() -> None:
    with pytest.raises(ConfigurationError, match="no time zone"):
        JudgementLog().active(START.replace(tzinfo=None))


def test_what_contradicts_a_judgement_in_force_is_refused_and_the_log_stays() -> None:
    log = JudgementLog().must_link("a", "b", at=START, author="ann").must_link("b", "c", at=START, author="bob")
    told = "cannot_link 3 by 'eve' keeps apart what must_link 1 by 'ann', must_link 2 by 'bob' join"
    with pytest.raises(JudgementConflictError, match=told) as caught:
        log.cannot_link("a", "c", at=START, author="eve")
    assert caught.value.judgements == ((3, 1, 2),)
    assert len(log) == 2
    assert len(log.revoke(1, at=day(1)).cannot_link("a", "c", at=day(1))) == 4


def test_a_judgement_that_is_not_in_force_contradicts_none() -> None:
    early = JudgementLog().must_link("a", "b", at=START, expires=day(2))
    assert len(early.cannot_link("a", "b", at=day(2))) == 2
    with pytest.raises(JudgementConflictError):
        early.cannot_link("a", "b", at=day(2) - HOUR)


def test_a_judgement_told_late_may_not_contradict_what_came_after_it_was_made() -> None:
    log = JudgementLog().must_link("a", "b", at=day(5))
    assert len(log.cannot_link("a", "b", at=START, expires=day(5))) == 2
    for expires in (None, day(5) + HOUR):
        with pytest.raises(JudgementConflictError):
            log.cannot_link("a", "b", at=START, expires=expires)


def test_one_id_is_told_apart_over_records_that_have_nothing_else_in_common() -> None:
    log = JudgementLog().pin(["a"], "X", at=START).must_link("b", "c", at=START).cannot_link("a", "c", at=START)
    with pytest.raises(JudgementConflictError, match="pin 1, pin 4 give one id to what cannot_link 3 with must_link 2"):
        log.pin(["b"], "X", at=START)
    assert len(log.pin(["b"], "Y", at=START)) == 4


@pytest.mark.parametrize("unknown", [0, 4, -1, "1", None])
def test_only_a_judgement_of_the_log_can_be_revoked(unknown) -> None:
    log = JudgementLog().must_link("a", "b", at=START).lock(["c"], at=START)
    with pytest.raises(UnknownJudgementError, match=f"no judgement {unknown!r} in a log of 2 entries"):
        log.revoke(unknown, at=START)


def test_a_revocation_cannot_be_revoked() -> None:
    log = JudgementLog().must_link("a", "b", at=START).revoke(1, at=START)
    with pytest.raises(
        UnknownJudgementError, match="revocations are not judgements: what was revoked can be judged anew"
    ):
        log.revoke(2, at=START)


def test_a_judgement_is_revoked_once() -> None:
    log = JudgementLog().must_link("a", "b", at=START).revoke(1, at=START)
    with pytest.raises(ConfigurationError, match="judgement 1 is revoked already, by entry 2"):
        log.revoke(1, at=day(1))


def test_what_is_no_judgement_is_refused_by_each_method() -> None:
    log = JudgementLog()
    for refused in (
        lambda: log.must_link("a", "a", at=START),
        lambda: log.must_link("a", at=START),
        lambda: log.must_link(at=START),
        lambda: log.cannot_link(at=START),
        lambda: log.unsure("a", at=START),
        lambda: log.split(["a"], [], at=START),
        lambda: log.lock([], at=START),
        lambda: log.pin(["a"], "", at=START),
        lambda: log.lock(["a"], at=START, expires=START),
        lambda: log.lock(["a"], at=START.replace(tzinfo=None)),
    ):
        with pytest.raises(ConfigurationError):
            refused()
    for refused in (lambda: log.lock("a", at=START), lambda: log.split("a", "b", at=START)):
        with pytest.raises(UnsupportedInputError):
            refused()


def test_entries_are_numbered_from_one_on() -> None:
    with pytest.raises(ConfigurationError, match="entries of a log are numbered from 1 on, got 2 in place 1"):
        JudgementLog((judgement("lock", "a", id=2),))


def test_a_repr_tells_counts_and_no_record() -> None:
    log = JudgementLog().must_link("a", "b", at=START)
    assert repr(log) == "<JudgementLog: 1 judgement, 0 revoked>"
    assert repr(log.lock(["c"], at=START).revoke(1, at=START)) == "<JudgementLog: 2 judgements, 1 revoked>"
