"""Blocking: which pairs of records are worth comparing."""

from identigraph.blocking.analysis import Analysis, analyze
from identigraph.blocking.candidates import BlockReport, Candidates
from identigraph.blocking.given import GivenPairs, given_pairs
from identigraph.blocking.hashing import MinHash, SimHash, minhash, simhash
from identigraph.blocking.hot import HotPolicy
from identigraph.blocking.keys import AllPairs, KeyBlocking, all_pairs, block_on, no_pairs
from identigraph.blocking.learning import learn_blocking
from identigraph.blocking.places import PlaceBlocking, within_distance
from identigraph.blocking.pruning import MetaBlocking, meta_blocking
from identigraph.blocking.sorting import (
    AdaptiveNeighborhood,
    SortedNeighborhood,
    TimeWindow,
    adaptive_neighborhood,
    sorted_neighborhood,
    within_time,
)
from identigraph.blocking.strategy import BlockingStrategy, Difference, Intersection, Union
from identigraph.blocking.texts import Canopies, TextNeighbors, canopies, top_k
from identigraph.blocking.vectors import VectorNeighbors, nearest
from identigraph.blocking.words import (
    ElementBlocking,
    PieceBlocking,
    any_shared,
    qgrams_of,
    suffixes_of,
    words_of,
)

__all__ = [
    "AdaptiveNeighborhood",
    "AllPairs",
    "Analysis",
    "BlockReport",
    "BlockingStrategy",
    "Candidates",
    "Canopies",
    "Difference",
    "ElementBlocking",
    "GivenPairs",
    "HotPolicy",
    "Intersection",
    "KeyBlocking",
    "MetaBlocking",
    "MinHash",
    "PieceBlocking",
    "PlaceBlocking",
    "SimHash",
    "SortedNeighborhood",
    "TextNeighbors",
    "TimeWindow",
    "Union",
    "VectorNeighbors",
    "adaptive_neighborhood",
    "all_pairs",
    "analyze",
    "any_shared",
    "block_on",
    "canopies",
    "given_pairs",
    "learn_blocking",
    "meta_blocking",
    "minhash",
    "nearest",
    "no_pairs",
    "qgrams_of",
    "simhash",
    "sorted_neighborhood",
    "suffixes_of",
    "top_k",
    "within_distance",
    "within_time",
    "words_of",
]
