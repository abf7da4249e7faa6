"""identigraph: scattered records about people and organisations into single-customer views.

    >>> import identigraph as ig
    >>> names = ["Ann Lee", "Lee, Ann", "Bob Ray"]
    >>> ig.resolve({"name": names, "email": ["ann@x.com", "ANN@x.com", "bob@y.org"]})
    <Resolution: 3 records from 1 source -> 2 entities>

Every stage is a value and works alone: records, blocking, comparing, matching, clustering, profiles.
"""

from identigraph import blocking, comparing, errors, fields, graph, identity, kits, matching, metrics, plain, profiles
from identigraph.auditing import audit, audit_sample
from identigraph.blocking import all_pairs, block_on, no_pairs, top_k, words_of
from identigraph.comparing import Comparison, compare
from identigraph.comparing.building import date, exact, measured, number, similar, text, typos
from identigraph.comparing.contacts import profile_contacts
from identigraph.comparing.suited import email, phone
from identigraph.errors import IdentigraphError, IdentigraphWarning
from identigraph.evaluating import evaluate
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
from identigraph.graph import AverageLinkage, Components, ConstrainedComponents, IdentityGraph, Namespace
from identigraph.identity import JudgementLog, Register, assign_ids, diff
from identigraph.labeling import suggest_labels
from identigraph.matching import (
    Combined,
    FellegiSunter,
    Labels,
    Linear,
    Points,
    Rules,
    SelfTrained,
    Supervised,
    rule,
    when,
)
from identigraph.pairs import Pairs
from identigraph.records import Records
from identigraph.resolution import Resolution
from identigraph.resolver import Resolver, resolve
from identigraph.stores import Store

__version__ = "0.1.0"

__all__ = [
    "AverageLinkage",
    "Combined",
    "Comparison",
    "Components",
    "ConstrainedComponents",
    "FellegiSunter",
    "IdentigraphError",
    "IdentigraphWarning",
    "IdentityGraph",
    "JudgementLog",
    "Labels",
    "Linear",
    "Namespace",
    "Pairs",
    "Points",
    "Records",
    "Register",
    "Resolution",
    "Resolver",
    "Rules",
    "SelfTrained",
    "Store",
    "Supervised",
    "all_pairs",
    "assign_ids",
    "audit",
    "audit_sample",
    "block_on",
    "blocking",
    "cologne",
    "compare",
    "comparing",
    "daitch_mokotoff",
    "date",
    "derive",
    "diff",
    "digits_suffix",
    "double_metaphone",
    "email",
    "errors",
    "evaluate",
    "exact",
    "fields",
    "first_token",
    "graph",
    "identity",
    "initials",
    "kits",
    "last_token",
    "match_rating",
    "matching",
    "measured",
    "metaphone",
    "metrics",
    "no_pairs",
    "number",
    "nysiis",
    "phone",
    "plain",
    "prefix",
    "profile_contacts",
    "profiles",
    "resolve",
    "rule",
    "similar",
    "sorted_tokens",
    "soundex",
    "suffix",
    "suggest_labels",
    "text",
    "top_k",
    "typos",
    "when",
    "words_of",
    "year",
]
