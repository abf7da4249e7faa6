"""identigraph: scattered records about people and organisations into single-customer views.

    >>> import identigraph as ig
    >>> names = ["Ann Lee", "Lee, Ann", "Bob Ray"]
    >>> ig.resolve({"name": names, "email": ["ann@x.com", "ANN@x.com", "bob@y.org"]})
    <Resolution: 3 records from 1 source -> 2 entities>

Every stage is a value and works alone: records, blocking, comparing, matching, clustering, profiles.
"""

from identigraph import blocking, comparing, errors, fields, graph, matching, metrics, profiles
from identigraph.blocking import all_pairs, block_on, no_pairs, words_of
from identigraph.comparing.building import date, email, exact, number, phone, similar, text, typos
from identigraph.errors import IdentigraphError, IdentigraphWarning
from identigraph.fields.derived import (
    cologne,
    daitch_mokotoff,
    derive,
    digits_suffix,
    double_metaphone,
    first_token,
    initials,
    last_token,
    match_rating,
    metaphone,
    nysiis,
    prefix,
    sorted_tokens,
    soundex,
    suffix,
    year,
)
from identigraph.graph import AverageLinkage, Components
from identigraph.matching import FellegiSunter
from identigraph.pairs import Pairs
from identigraph.records import Records
from identigraph.resolution import Resolution
from identigraph.resolver import Resolver, resolve

__version__ = "0.1.0"

__all__ = [
    "AverageLinkage",
    "Components",
    "FellegiSunter",
    "IdentigraphError",
    "IdentigraphWarning",
    "Pairs",
    "Records",
    "Resolution",
    "Resolver",
    "all_pairs",
    "block_on",
    "blocking",
    "cologne",
    "comparing",
    "daitch_mokotoff",
    "date",
    "derive",
    "digits_suffix",
    "double_metaphone",
    "email",
    "errors",
    "exact",
    "fields",
    "first_token",
    "graph",
    "initials",
    "last_token",
    "match_rating",
    "matching",
    "metaphone",
    "metrics",
    "no_pairs",
    "number",
    "nysiis",
    "phone",
    "prefix",
    "profiles",
    "resolve",
    "similar",
    "sorted_tokens",
    "soundex",
    "suffix",
    "text",
    "typos",
    "words_of",
    "year",
]
