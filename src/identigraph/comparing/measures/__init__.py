"""Raw similarity measures: how alike two texts are, from 0 to 1.

Every measure is called in the same way, with two texts or with two columns of equal length, and options by keyword::

    jaro_winkler("smith", "smyth")                          # a float, None where either text is None
    jaro_winkler(frame["surname"], frame["maiden_name"])    # a polars Series of Float64, null where either side is null

A column is a polars or pandas Series, a list, a tuple or a numpy array of strings, None for null. Two equal texts score
1, also two empty ones; every measure is symmetric. Texts are compared as they are, case, accents and punctuation
included: clean them first where these mean nothing. Each distinct pair of a column is scored once.
"""

from identigraph.comparing.measures.addresses import address
from identigraph.comparing.measures.edits import (
    damerau_levenshtein,
    exact,
    hamming,
    indel,
    jaro,
    jaro_winkler,
    levenshtein,
    longest_common_subsequence,
    longest_common_substring,
    osa,
)
from identigraph.comparing.measures.frequencies import soft_tfidf, tfidf_cosine
from identigraph.comparing.measures.kernels import Measure, each_pair, measure
from identigraph.comparing.measures.names import given_name, person_name
from identigraph.comparing.measures.organisations import organisation_name
from identigraph.comparing.measures.qgrams import qgram_dice, qgram_jaccard, qgram_overlap
from identigraph.comparing.measures.sounds import same_sound
from identigraph.comparing.measures.tokens import monge_elkan, partial, token_jaccard, token_set, token_sort

__all__ = [
    "Measure",
    "address",
    "damerau_levenshtein",
    "each_pair",
    "exact",
    "given_name",
    "hamming",
    "indel",
    "jaro",
    "jaro_winkler",
    "levenshtein",
    "longest_common_subsequence",
    "longest_common_substring",
    "measure",
    "monge_elkan",
    "organisation_name",
    "osa",
    "partial",
    "person_name",
    "qgram_dice",
    "qgram_jaccard",
    "qgram_overlap",
    "same_sound",
    "soft_tfidf",
    "tfidf_cosine",
    "token_jaccard",
    "token_set",
    "token_sort",
]
