"""Identities that last: what people decided about records, whatever resolution comes next."""

from identigraph.identity.contradictions import Contradiction, contradictions
from identigraph.identity.judgement import Judgement, Revocation
from identigraph.identity.judgement_log import JudgementLog
from identigraph.identity.placing import Placed, place, place_few, place_on
from identigraph.identity.rulings import Rulings

__all__ = [
    "Contradiction",
    "Judgement",
    "JudgementLog",
    "Placed",
    "Revocation",
    "Rulings",
    "contradictions",
    "place",
    "place_few",
    "place_on",
]
