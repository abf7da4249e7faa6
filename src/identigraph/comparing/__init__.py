"""Comparing: how pairs of records agree, as levels and packed patterns."""

from identigraph.comparing import measures
from identigraph.comparing.comparator import Comparator, Graded, Grader
from identigraph.comparing.graders import (
    Abbreviated,
    Crossed,
    Different,
    JaroWinkler,
    Nickname,
    Same,
    SharedWord,
    Typos,
)
from identigraph.comparing.patterns import Comparison, Patterns
from identigraph.comparing.quantities import NearDate, NearNumber
from identigraph.comparing.tokens import TokenCosine

__all__ = [
    "Abbreviated",
    "Comparator",
    "Comparison",
    "Crossed",
    "Different",
    "Graded",
    "Grader",
    "JaroWinkler",
    "NearDate",
    "NearNumber",
    "Nickname",
    "Patterns",
    "Same",
    "SharedWord",
    "TokenCosine",
    "Typos",
    "measures",
]
