"""Matching: from agreement patterns to match weights and probabilities."""

from identigraph.matching.fellegi_sunter import FellegiSunter
from identigraph.matching.parameters import Parameters
from identigraph.matching.population import Link, Population

__all__ = ["FellegiSunter", "Link", "Parameters", "Population"]
