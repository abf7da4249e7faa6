"""Identities that last: ids, what happened to them, and what people decided, whatever resolution comes next.

New clusters come in, from whatever resolution, and entities with persistent ids go out. Invariant: one id per cluster
and one cluster per id; the outcome is a function of the clusters, the register of what was before, weights and pins.
"""

from identigraph.identity.assigning import assign
from identigraph.identity.assignment import Assignment, assign_ids
from identigraph.identity.contradictions import Contradiction, contradictions
from identigraph.identity.diff import Diff, diff
from identigraph.identity.events import Event, Events
from identigraph.identity.jitter import Jitter, jitter
from identigraph.identity.judgement import Judgement, Revocation
from identigraph.identity.judgement_log import JudgementLog
from identigraph.identity.placing import Placed, place, place_few, place_on
from identigraph.identity.register import Register, replay
from identigraph.identity.rulings import Rulings
from identigraph.identity.status import Erased, Live, Redirect, Retired, Split, Status, Unknown
from identigraph.identity.uuid7 import uuid7_factory

__all__ = [
    "Assignment",
    "Contradiction",
    "Diff",
    "Erased",
    "Event",
    "Events",
    "Jitter",
    "Judgement",
    "JudgementLog",
    "Live",
    "Placed",
    "Redirect",
    "Register",
    "Retired",
    "Revocation",
    "Rulings",
    "Split",
    "Status",
    "Unknown",
    "assign",
    "assign_ids",
    "contradictions",
    "diff",
    "jitter",
    "place",
    "place_few",
    "place_on",
    "replay",
    "uuid7_factory",
]
