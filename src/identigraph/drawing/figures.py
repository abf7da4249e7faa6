"""Figures as text: counts, shares, bits, probabilities and times, each with a dash where there is none."""

from __future__ import annotations

import math

NONE = "–"
"""What stands for a figure that is missing or not a number."""

IRREGULAR = {"entity": "entities"}
SHOWN_SHARE = 0.001
"""The smallest share that one decimal of a percentage shows."""


def is_finite(value: float | None) -> bool:
    """Return whether there is a figure at all, and a finite one.

    Examples:
        >>> is_finite(0), is_finite(None), is_finite(float("nan")), is_finite(float("inf"))
        (True, False, False, False)
    """
    return value is not None and math.isfinite(value)


def count(value: float | None) -> str:
    """Return a whole number with thousands separators.

    Examples:
        >>> count(61917), count(0), count(None)
        ('61,917', '0', '–')
    """
    return f"{value:,.0f}" if value is not None and is_finite(value) else NONE


def counted(value: int, noun: str) -> str:
    """Return a number and its noun, in the plural unless there is one.

    Examples:
        >>> counted(1, "entity"), counted(2, "entity"), counted(0, "record")
        ('1 entity', '2 entities', '0 records')
    """
    return f"{count(value)} {noun if value == 1 else IRREGULAR.get(noun, noun + 's')}"


def ratio(part: float | None, whole: float | None) -> float:
    """Return `part` of `whole`, not a number where either is missing or there is no whole.

    Examples:
        >>> ratio(1, 4), ratio(1, 0), ratio(None, 3)
        (0.25, nan, nan)
    """
    return part / whole if part is not None and whole else math.nan


def share(value: float) -> str:
    """Return a share as a percentage; what is not quite nothing or everything never reads 0.0% or 100.0%.

    Examples:
        >>> share(0.6802), share(0), share(0.0002), share(0.9999), share(1), share(float("nan"))
        ('68.0%', '0%', '<0.1%', '>99.9%', '100%', '–')
    """
    if not is_finite(value):
        return NONE
    if value in {0, 1}:
        return f"{value:.0%}"
    if 0 < value < SHOWN_SHARE:
        return "<0.1%"
    return ">99.9%" if 1 - SHOWN_SHARE < value < 1 else f"{value:.1%}"


def signed(value: float | None) -> str:
    """Return bits of evidence, with their sign.

    Examples:
        >>> signed(8.25), signed(-3), signed(0.01), signed(float("-inf")), signed(None)
        ('+8.2', '−3.0', '0.0', '−∞', '–')
    """
    if value is None or math.isnan(value):
        return NONE
    digits = "∞" if math.isinf(value) else f"{abs(value):.1f}"
    sign = "" if digits == "0.0" else "+" if value > 0 else "−"
    return sign + digits


def probability(value: float | None) -> str:
    """Return a probability to three digits.

    Examples:
        >>> probability(0.93127), probability(0.0000231), probability(None)
        ('0.931', '2.31e-05', '–')
    """
    return f"{value:.3g}" if value is not None and is_finite(value) else NONE


def duration(seconds: float) -> str:
    """Return a time in the unit that suits it.

    Examples:
        >>> duration(0.0042), duration(12.44), duration(200), duration(7384)
        ('4 ms', '12.4 s', '3 min 20 s', '2 h 3 min')
    """
    if not is_finite(seconds):
        return NONE
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 2:
        return f"{seconds:.1f} s"
    return f"{minutes} min {rest} s" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"
