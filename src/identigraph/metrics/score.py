"""Precision, recall and their harmonic mean, whatever is counted."""

from __future__ import annotations

from typing import Self

import attrs


@attrs.frozen(kw_only=True)
class Score:
    """Precision, recall and F1.

    Attributes:
        precision: share of what was predicted that is true, 0..1.
        recall: share of what is true that was predicted, 0..1.
        f1: their harmonic mean, 0 where both are 0.
        ignored: records left out because they have no true label.
    """

    precision: float
    recall: float
    f1: float
    ignored: int = 0

    @classmethod
    def of(cls, precision: float, recall: float, *, ignored: int = 0, **counts: int) -> Self:
        """Return the score with F1 worked out; `counts` are the further fields of a subclass.

        Examples:
            >>> Score.of(0.5, 1.0)
            Score(precision=0.5, recall=1.0, f1=0.6666666666666666, ignored=0)
        """
        return cls(precision=precision, recall=recall, f1=harmonic_mean(precision, recall), ignored=ignored, **counts)


def harmonic_mean(first: float, second: float) -> float:
    """Return ``2ab / (a + b)``, and 0 where both are 0.

    Examples:
        >>> harmonic_mean(0.5, 1.0), harmonic_mean(0.0, 0.0)
        (0.6666666666666666, 0.0)
    """
    return 2 * first * second / (first + second) if first + second else 0.0


def share(part: float, whole: float) -> float:
    """Return ``part / whole``, and 1 where there is nothing to have a share of: of nothing, nothing is wrong.

    Examples:
        >>> share(1, 4), share(0, 0)
        (0.25, 1.0)
    """
    return part / whole if whole else 1.0
