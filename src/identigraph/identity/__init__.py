"""Ids that last: which entity goes on as which, what happened to the others, and what became of each id.

New clusters come in, from whatever resolution, and entities with persistent ids go out. Invariant: one id per cluster
and one cluster per id; the outcome is a function of the clusters, the register of what was before, weights and pins.
"""

from identigraph.identity.assigning import assign
from identigraph.identity.assignment import Assignment, assign_ids
from identigraph.identity.diff import Diff, diff
from identigraph.identity.events import Event, Events
from identigraph.identity.jitter import Jitter, jitter
from identigraph.identity.register import Register, replay
from identigraph.identity.status import Erased, Live, Redirect, Retired, Split, Status, Unknown
from identigraph.identity.uuid7 import uuid7_factory

__all__ = [
    "Assignment",
    "Diff",
    "Erased",
    "Event",
    "Events",
    "Jitter",
    "Live",
    "Redirect",
    "Register",
    "Retired",
    "Split",
    "Status",
    "Unknown",
    "assign",
    "assign_ids",
    "diff",
    "jitter",
    "replay",
    "uuid7_factory",
]
