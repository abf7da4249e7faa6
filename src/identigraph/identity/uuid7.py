"""UUIDs of version 7: ids that no two makers give twice, in the order of their making."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

RANDOM_BITS = 74
STEP_BYTES = 4
MILLISECOND = 1_000_000
"""In nanoseconds."""


def uuid7_factory(
    *, clock: Callable[[], int] = time.time_ns, random: Callable[[int], bytes] = os.urandom
) -> Callable[[], str]:
    """Return a maker of UUIDs of version 7, as text, each greater than the one before.

    48 bits are the time in milliseconds, 74 are random. Within a millisecond, or where the clock goes back, the random
    bits of the one before are raised by a random step, method 2 of RFC 9562, section 6.2.

    Args:
        clock: gives the time in nanoseconds since 1970.
        random: gives so many random bytes.

    Examples:
        >>> make = uuid7_factory(clock=lambda: 1_772_409_600_000_000_000, random=lambda n: b"7" * n)
        >>> make(), make()
        ('019cabd8-3800-7373-9cdc-dcdcdcdcdcdc', '019cabd8-3800-7373-9cdc-dcdd14141414')
    """
    last = (0, 0)

    def make() -> str:
        nonlocal last
        now, tail = clock() // MILLISECOND, 0
        if now > last[0]:
            tail = int.from_bytes(random(10)) >> (80 - RANDOM_BITS)
        else:
            raised = last[1] + 1 + int.from_bytes(random(STEP_BYTES))
            now, tail = last[0] + (raised >> RANDOM_BITS), raised & ((1 << RANDOM_BITS) - 1)
        last = (now, tail)
        return _text(now, tail)

    return make


def _text(milliseconds: int, tail: int) -> str:
    """Return the time and the random bits with version and variant between them.

    Examples:
        >>> _text(0x0123456789AB, 0xFFF << 62)
        '01234567-89ab-7fff-8000-000000000000'
    """
    head, rest = tail >> 62, tail & ((1 << 62) - 1)
    digits = f"{milliseconds << 80 | 7 << 76 | head << 64 | 2 << 62 | rest:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
