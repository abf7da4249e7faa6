"""What a column is taken for, and the reasons that other columns may overrule."""

from __future__ import annotations

import attrs


@attrs.frozen
class Recognized:
    """What a column is taken for.

    Args:
        kind: a field kind, such as ``"person_name"``; ``None`` where the column is set aside.
        role: the role of the column in its kind.
        reason: why, in a few words.
    """

    kind: str | None
    role: str = "column"
    reason: str = ""


GENDER = "genders"
TEXT, FEW, WHOLE_NUMBERS, CODES, NUMBERS, KNOWN = (
    "text", "few distinct values", "whole numbers", "codes", "numbers", "known given names",
)  # fmt: skip
UNTOLD_NAMES = "names, few of them of people"
"""The reason for taking names for those of organisations that could as well be of people with rare given names."""
UNDECIDED = (TEXT, FEW, WHOLE_NUMBERS, CODES, NUMBERS, UNTOLD_NAMES, KNOWN)
"""Reasons that another column may overrule."""
