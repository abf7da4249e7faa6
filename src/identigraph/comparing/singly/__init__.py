"""Pairs of records one at a time, in microseconds: rows of texts instead of columns, plain Python instead of arrays.

What a comparator says of two rows is what it says of two records that have these texts. A comparator is turned into a
function of two rows once, and whatever it knows of the population is looked up then or kept by value.
"""

from identigraph.comparing.singly.comparer import PairComparer
from identigraph.comparing.singly.plan import Given, Grade, Plan, Row

__all__ = ["Given", "Grade", "PairComparer", "Plan", "Row"]
