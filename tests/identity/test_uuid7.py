"""New ids are UUIDs of version 7, in the order of their making."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from identigraph.identity import uuid7_factory

SECOND = 1_000_000_000


@given(st.lists(st.integers(0, 2**48 * 1_000_000 - 1), min_size=1, max_size=20), st.binary(min_size=1, max_size=1))
def test_ids_rise_whatever_the_clock_and_chance_do(times, byte) -> None:
    clock = iter(times)
    make = uuid7_factory(clock=lambda: next(clock), random=lambda size: byte * size)
    ids = [make() for _ in times]
    assert ids == sorted(set(ids))
    for made in map(UUID, ids):
        assert (made.version, made.variant) == (7, "specified in RFC 4122")


def test_the_time_stands_in_front() -> None:
    make = uuid7_factory(clock=lambda: 1_645_557_742_000_000_000)
    assert make().startswith("017f22e2-79b0-7")  # the example of RFC 9562, appendix A.6
    assert UUID(make()).int >> 80 == 1_645_557_742_000


def test_random_bits_that_run_over_raise_the_time() -> None:
    make = uuid7_factory(clock=lambda: SECOND, random=lambda size: b"\xff" * size)
    first, second = UUID(make()), UUID(make())
    assert (first.int >> 80, second.int >> 80) == (1000, 1001)
    assert make() > str(second)


def test_ids_differ_between_makers() -> None:
    assert len({uuid7_factory()() for _ in range(100)}) == 100
