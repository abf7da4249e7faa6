"""Blocking: which pairs of records are worth comparing."""

from identigraph.blocking.candidates import BlockReport, Candidates
from identigraph.blocking.keys import AllPairs, KeyBlocking, all_pairs, block_on, no_pairs
from identigraph.blocking.strategy import BlockingStrategy, Difference, Intersection, Union
from identigraph.blocking.words import WordBlocking, words_of

__all__ = [
    "AllPairs",
    "BlockReport",
    "BlockingStrategy",
    "Candidates",
    "Difference",
    "Intersection",
    "KeyBlocking",
    "Union",
    "WordBlocking",
    "all_pairs",
    "block_on",
    "no_pairs",
    "words_of",
]
