"""Limits: where the links of an envelope must be cut so that no entity breaks a limit.

Each limit judges all links on its own. It takes them in order, the strongest first, and unites what they join as long
as the limit allows it; a link whose union would break it is **refused**, with the two values that do not go together as
its **witness**. An entity is what links join whose ends every limit leaves together.

A refused link **closes** both sides: from then on they take only what brings no new value and was refused nothing. That
is what makes raising a limit never split an entity: whatever is united under the lower limit is united, by the same
links, under the higher one. (Plain greedy merging splits: with two values allowed, A takes a second one early, which
forbids a later union that was possible when only one was allowed.)

**Ambiguity**: what has no value of its own and hangs on values no more clearly than on what it was refused for could
belong to either side, so it is cut off as well; a contested identifier value then links nobody. Whatever is ambiguous
under a higher limit is so under a lower one: more is refused there, and less is held.

The fast road is arrays: an envelope that no limit objects to as a whole is united at once, and so is, layer by layer,
every part of an envelope. Only parts that break a limit are walked link by link.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import numpy as np
import numpy.typing as npt

from identigraph.components import connected_components
from identigraph.graph.constraints import Rule
from identigraph.graph.links import Links
from identigraph.graph.walking import Walked
from identigraph.pairs import Mask

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@attrs.frozen(eq=False)
class Limit:
    """One thing that keeps records apart.

    Args:
        name: what it is: a namespace, ``cannot_link``, ``one_per_source``, ``most_records``, ``protected``,
            ``named_apart``.
        rule: what may not be united.
        rows: the records that carry values.
        codes: the value of each.
    """

    name: str
    rule: Rule
    rows: Ints
    codes: Ints


@attrs.frozen(eq=False)
class Verdict:
    """What one limit leaves together.

    Args:
        part: shape (nodes,): equal numbers mean together, as far as this limit goes.
        refused: link to its witness: two values that do not go together.
        cut: link to the refused link for whose sake it was cut, though its own union was allowed.
    """

    part: Ints
    refused: dict[int, tuple[int, int]]
    cut: dict[int, int]


def judge(links: Links, limit: Limit, start: Ints, envelope: Ints, *, margin: float | None, isolate: Mask) -> Verdict:
    """Return what a limit leaves together.

    Args:
        links: links in order.
        limit: the limit.
        start: shape (nodes,): the lowest node that must-links lead to.
        envelope: shape (nodes,): the lowest node that links and must-links lead to.
        margin: how many bits stronger than a refused link is clearly stronger; None: nothing is ambiguous.
        isolate: shape (links,): whether the policy of a link is to isolate what is contested.
    """
    suspects = limit.rule.suspects(envelope[limit.rows], limit.codes)
    if len(suspects) == 0:
        return Verdict(envelope, {}, {})
    concerned = np.zeros(links.nodes, dtype=bool)
    concerned[suspects] = True
    positions, nodes = np.flatnonzero(concerned[envelope[links.one]]), np.flatnonzero(concerned[envelope])
    number = np.full(links.nodes, -1, dtype=np.int64)
    number[nodes] = np.arange(len(nodes))
    carried = number[limit.rows] >= 0
    inner = attrs.evolve(limit, rows=number[limit.rows[carried]], codes=limit.codes[carried])
    walk = _Walk(inner, number[start[nodes]], margin)
    for place in _layers(links, positions):
        one, other = number[links.one[place]], number[links.other[place]]
        walk.take(place, one, other, links.strength[place], isolate[place])
    part = envelope.copy()
    part[nodes] = nodes[walk.parts()]
    return Verdict(part, walk.refused, walk.cut)


def _layers(links: Links, positions: Ints) -> Iterator[Ints]:
    """Yield the positions of the links of each layer."""
    return iter(np.split(positions, np.flatnonzero(np.diff(links.layer[positions])) + 1))


class _Walk:
    """The parts of some envelopes as links are taken layer by layer.

    A part is known by one of its nodes; `state` ignores cuts, so that what was cut off for one reason is not
    taken by another part for a weaker one.
    """

    def __init__(self, limit: Limit, start: Ints, margin: float | None) -> None:
        self.limit, self.margin = limit, margin
        self.state = start
        self.closed, self.contested = set[int](), set[int]()
        self.refused, self.cut = dict[int, tuple[int, int]](), dict[int, int]()
        self.united = [(np.arange(len(start)), start)]

    def take(self, positions: Ints, one: Ints, other: Ints, strength: Floats, isolate: Mask) -> None:
        """Take the links of one layer."""
        left, right = self.state[one], self.state[other]
        between = left != right
        part = connected_components(len(self.state), left[between], right[between])
        hard = self._breaking(part)[part[left]] & between
        easy = between & ~hard
        self.united.append((one[easy], other[easy]))
        state = part[self.state]
        if hard.any():
            state = self._walked(np.flatnonzero(hard), positions, one, other, strength, isolate, part)
        self.state = state

    def parts(self) -> Ints:
        """Return the part of each node after cuts."""
        one, other = (np.concatenate(ends) for ends in zip(*self.united, strict=True))
        return connected_components(len(self.state), one, other)

    def _breaking(self, part: Ints) -> Mask:
        """Return which parts of a layer break the limit, or hold something that was refused a link before."""
        breaking = np.zeros(len(part), dtype=bool)
        breaking[self.limit.rule.suspects(part[self.state[self.limit.rows]], self.limit.codes)] = True
        breaking[part[list(self.contested)]] = True
        return breaking

    def _walked(
        self, hard: Ints, positions: Ints, one: Ints, other: Ints, strength: Floats, isolate: Mask, part: Ints
    ) -> Ints:
        """Take the hard links of a layer one by one and return the state after it."""
        walked = Walked(self.limit.rule, self._values(part, hard, one), self.closed, self.margin)
        ends = list(zip(self.state[one[hard]].tolist(), self.state[other[hard]].tolist(), strict=True))
        walked.contested |= self.contested
        walked.take(ends, strength[hard].tolist(), isolate[hard].tolist())
        self.closed, self.contested = walked.closed, walked.contested
        place = positions[hard]
        self.refused |= {int(place[link]): witness for link, witness in walked.refused.items()}
        self.cut |= {int(place[link]): int(place[by]) for link, by in walked.cut.items()}
        kept = hard[[link for link in walked.united if link not in walked.cut]]
        self.united.append((one[kept], other[kept]))
        root = part.copy()
        labels = np.unique(np.concatenate([self.state[one[hard]], self.state[other[hard]]]))
        root[labels] = [walked.find(label) for label in labels.tolist()]
        return root[self.state]

    def _values(self, part: Ints, hard: Ints, one: Ints) -> dict[int, set[int]]:
        """Return the values of each part of the state that has some and stands where the limit is in the way."""
        concerned = np.zeros(len(part), dtype=bool)
        concerned[part[self.state[one[hard]]]] = True
        label = self.state[self.limit.rows]
        inside = concerned[part[label]]
        values: dict[int, set[int]] = {}
        for node, code in zip(label[inside].tolist(), self.limit.codes[inside].tolist(), strict=True):
            values.setdefault(node, set()).add(code)
        return values
