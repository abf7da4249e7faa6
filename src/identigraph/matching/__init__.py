"""Matching: from agreement patterns to match weights and probabilities."""

from identigraph.matching.combined import Combined, matcher_from, model_of, parameters_of
from identigraph.matching.conditions import When, when
from identigraph.matching.fellegi_sunter import FellegiSunter
from identigraph.matching.fixed import Fixed
from identigraph.matching.labels import Labels
from identigraph.matching.linear import Linear, Points
from identigraph.matching.matcher import Evidence, Explanation, Labeled, Matcher
from identigraph.matching.parameters import Parameters
from identigraph.matching.population import Link, Population
from identigraph.matching.rules import Rule, Rules, rule
from identigraph.matching.self_trained import SelfTrained
from identigraph.matching.supervised import Supervised

__all__ = [
    "Combined",
    "Evidence",
    "Explanation",
    "FellegiSunter",
    "Fixed",
    "Labeled",
    "Labels",
    "Linear",
    "Link",
    "Matcher",
    "Parameters",
    "Points",
    "Population",
    "Rule",
    "Rules",
    "SelfTrained",
    "Supervised",
    "When",
    "matcher_from",
    "model_of",
    "parameters_of",
    "rule",
    "when",
]
