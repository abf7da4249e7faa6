"""Claims: which ids have a claim to which clusters, by the records they share, and which id each cluster gets.

An id has a claim to every cluster that holds one of its records. A record in the crosswalk is one of all ids of its
chain; a record that comes back is one of those of its ids that have no record any more.

The **weight** of a claim is the sum of the weights of the records shared. Where the records of an id went several ways,
only those count that came to it first: its **own**, those that were first given in it, if there are any; else those of
the merge that was the earliest. So an entity that is parted gives back what it acquired, the last first, and one that
stays whole keeps it all. An id none of whose records weighs anything goes by their number, and has a chance only at
clusters that no record of weight lays a claim to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import attrs

from identigraph.identity.events import Key
from identigraph.identity.reading import Weigh
from identigraph.identity.register import Register
from identigraph.identity.status import Live, Retired

Vote = tuple[int, int, float]
"""A record of an id: the number of its cluster, the change it came to the id in, and its weight."""

OWN = -1
"""When the own records of an id came to it."""


@attrs.frozen
class Claim:
    """The claim of an id.

    Attributes:
        weights: its weight by the number of the cluster; all are positive.
        has_weight: whether records weigh anything; else the weights are numbers of records.
        has_own: whether some of the records are its own.
    """

    weights: Mapping[int, float]
    has_weight: bool
    has_own: bool


def claims_of(register: Register, clusters: Mapping[int, Collection[Key]], weigh: Weigh) -> dict[str, Claim]:
    """Return the claim of each id that has one.

    Examples:
        >>> register = Register.of({"record_id": ["a", "b", "c"], "entity_id": ["C-1", "C-1", "C-2"]})
        >>> parts = {0: [("records", "a")], 1: [("records", "b"), ("records", "c")]}
        >>> {i: claim.weights for i, claim in claims_of(register, parts, lambda key: 1.0).items()}
        {'C-1': {0: 1.0, 1: 1.0}, 'C-2': {1: 1.0}}
    """
    votes: dict[str, list[Vote]] = {}
    for number, cluster in clusters.items():
        for key in cluster:
            for entity_id, came in _ids_of(register, key):
                votes.setdefault(entity_id, []).append((number, came, weigh(key)))
    return {entity_id: _claim(cast) for entity_id, cast in votes.items()}


def winners(claims: Mapping[str, Claim], register: Register, given: Mapping[int, str]) -> dict[int, str]:
    """Return the id that each cluster gets, one to one; clusters whose claims all went elsewhere are missing.

    In the order of: live ids, the heavier claim, of ids that are not live the one that ended last, the older id, the
    lower id, the first cluster.

    Args:
        claims: see `claims_of`.
        register: knows which ids are live, and which are older.
        given: the clusters that get an id whatever the claims.

    Examples:
        >>> register = Register.of({"record_id": ["a", "b", "c"], "entity_id": ["C-1", "C-1", "C-2"]})
        >>> claims = {"C-1": Claim({0: 1.0, 1: 1.0}, True, True), "C-2": Claim({1: 1.0}, True, True)}
        >>> winners(claims, register, {}), winners(claims, register, {0: "C-2"})
        ({0: 'C-1', 1: 'C-2'}, {0: 'C-2', 1: 'C-1'})
    """
    owners = dict(given)
    taken = set(given.values())
    for *_, entity_id, number in sorted(_ranked(claims, register)):
        if number not in owners and entity_id not in taken:
            owners[number] = entity_id
            taken.add(entity_id)
    return owners


def _ids_of(register: Register, key: Key) -> Iterator[tuple[str, int]]:
    """Yield the ids that a record is one of, and the change it came to each in."""
    chain = register.present.get(key)
    is_present = chain is not None
    came = OWN
    for entity_id in chain or register.left.get(key, ()):
        if is_present or isinstance(register.resolve(entity_id), Retired):
            yield entity_id, came
        came = register.issued[entity_id].changed


def _claim(votes: Sequence[Vote]) -> Claim:
    """Return the claim that follows from the records of an id."""
    has_weight = any(weight > 0 for *_, weight in votes)
    counted = [(number, came, weight if has_weight else 1.0) for number, came, weight in votes]
    counted = [vote for vote in counted if vote[2] > 0]
    if len({number for number, *_ in counted}) > 1:
        first = min(came for _, came, _ in counted)
        counted = [vote for vote in counted if vote[1] == first]
    weights: dict[int, float] = {}
    for number, _, weight in counted:
        weights[number] = weights.get(number, 0.0) + weight
    return Claim(weights, has_weight, any(came == OWN for _, came, _ in votes))


def _ranked(claims: Mapping[str, Claim], register: Register) -> Iterator[tuple[bool, float, int, int, str, int]]:
    """Yield the claims that count as what they are ordered by."""
    weighty = {number for claim in claims.values() if claim.has_weight for number in claim.weights}
    for entity_id, claim in claims.items():
        known = register.issued[entity_id]
        is_ended = not isinstance(known.status, Live)
        ended = -known.changed if is_ended else 0
        for number, weight in claim.weights.items():
            if claim.has_weight or number not in weighty:
                yield is_ended, -weight, ended, known.born, entity_id, number
